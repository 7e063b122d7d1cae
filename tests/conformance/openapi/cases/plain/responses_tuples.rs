//! Responses: every form of status and body.
use utoipa::OpenApi;

#[derive(utoipa::ToSchema)]
struct Book {
    title: String,
}
mod http {
    pub struct StatusCode;
}

#[utoipa::path(
    get,
    path = "/a",
    responses(
        (status = 200, description = "one", body = Book),
        (status = 201, description = "many", body = Vec<Book>),
        (status = 202, description = "slice", body = [Book]),
        (status = 203, description = "maybe", body = Option<Book>),
        (status = 206, description = "inline", body = inline(Book)),
        (status = 302),
        (status = 400, description = "text", body = String),
        (status = 401, description = "number", body = i64),
        (status = "4XX", description = "range"),
        (status = "default", description = "else", body = Book),
        (status = NOT_FOUND, description = "name"),
        (status = StatusCode::CONFLICT, description = "path"),
        (status = http::StatusCode::IM_A_TEAPOT, description = "long path"),
        (status = 500, description = "type", body = String, content_type = "text/html"),
        (status = 501, description = "away", body = ref("https://example.org/e.json")),
        (status = 502, description = "map", body = std::collections::BTreeMap<String, i32>),
        (status = 503, description = "bytes", body = Vec<u8>),
        (status = 504, description = "only a type", content_type = "text/plain"),
    )
)]
fn a() {}

#[derive(OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
