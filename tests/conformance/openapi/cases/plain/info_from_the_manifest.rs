//! Without `info(...)` the document takes name, version, description, first author and licence of the package.
#[derive(utoipa::OpenApi)]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
