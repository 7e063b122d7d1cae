//! `default` without a value takes the field of the type's own default.
use utoipa::ToSchema;

#[derive(ToSchema)]
#[schema(default)]
struct Retries(u8);

impl Default for Retries {
    fn default() -> Self {
        Retries(5)
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Retries)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
