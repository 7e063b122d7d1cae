//! `repr` means nothing without utoipa's feature.
use utoipa::ToSchema;

#[derive(ToSchema)]
#[repr(u8)]
enum Mode {
    One = 1,
    Two,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Mode)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
