//! Descriptions through `include_str!` and `concat!`.
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(info(title = concat!("Lending ", 2, '!'), description = include_str!("texts/about.md")))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
