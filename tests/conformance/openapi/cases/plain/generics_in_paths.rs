//! Generic types as bodies, responses and parameters.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
struct Page<T> {
    items: Vec<T>,
}
#[utoipa::path(post, path = "/a", request_body = Page<Part>, responses(
    (status = 200, description = "a", body = Page<Part>),
    (status = 201, description = "b", body = inline(Page<Part>)),
    (status = 202, description = "c", body = Page<Vec<Part>>),
    (status = 203, description = "d", body = Page<Option<Part>>),
))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
