//! `method(...)` makes one operation for several methods.
use utoipa::OpenApi;

/// Either way
#[utoipa::path(method(get, head), path = "/either", responses((status = 200, description = "there")))]
async fn either() {}

#[derive(OpenApi)]
#[openapi(paths(either))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
