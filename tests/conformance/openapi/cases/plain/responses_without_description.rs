//! What stands where no description is written, and a response written twice.
#[utoipa::path(get, path = "/a", responses(
    (status = 200),
    (status = 201, body = String),
    (status = 200, description = "again"),
))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
