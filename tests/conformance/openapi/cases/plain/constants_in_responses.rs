//! Constants in descriptions and types of bodies and responses.
const TEXT: &str = "From a constant";
const KIND: &str = "application/problem+json";

#[utoipa::path(
    post,
    path = "/a",
    request_body(content = String, description = TEXT, content_type = KIND),
    params(("id" = i32, Query, description = TEXT)),
    responses(
        (status = 200, description = TEXT, body = String, content_type = KIND),
        (status = 400, description = include_str!("texts/about.md")),
    )
)]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
