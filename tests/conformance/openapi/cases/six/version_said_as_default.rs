//! `version = "3.1.0"`.
#[derive(utoipa::OpenApi)]
#[openapi(version = "3.1.0")]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
