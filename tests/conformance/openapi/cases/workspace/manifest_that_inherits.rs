//! Version, licence and authors that come from the workspace, no description.
#[derive(utoipa::OpenApi)]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
