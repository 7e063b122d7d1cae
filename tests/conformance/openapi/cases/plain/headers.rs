//! Headers of responses.
use utoipa::ToSchema;

#[derive(ToSchema)]
enum Kind {
    A,
}
#[utoipa::path(get, path = "/a", responses(
    (status = 200, description = "ok", body = String, headers(
        ("x-one"),
        ("x-two" = i64),
        ("x-three" = String, description = "Described"),
        ("x-four" = inline(Kind), description = "Inline"),
        ("x-five" = Option<i32>),
        ("x-six" = Vec<String>),
        ("x-seven", description = "No type")
    ))
))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a), components(schemas(Kind)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
