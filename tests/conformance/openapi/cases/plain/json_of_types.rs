//! `json!` of values built in Rust.
use utoipa::ToSchema;

#[derive(ToSchema, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Book {
    first_title: String,
    pages: Option<u32>,
}
#[utoipa::path(get, path = "/a", responses(
    (status = 200, description = "ok", body = Book, example = json!(Book { first_title: "Emma".to_string(), pages: None })),
    (status = 201, description = "ok", body = Book, example = json!({"firstTitle": "x".to_uppercase()})),
))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
