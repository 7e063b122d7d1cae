//! Structs without fields.
use utoipa::ToSchema;

/// Nothing
#[derive(ToSchema)]
struct Unit;
#[derive(ToSchema)]
#[schema(title = "Titled", description = "Also nothing")]
struct Titled;
#[derive(ToSchema)]
struct Braces {}
#[derive(ToSchema)]
struct Holder {
    unit: Unit,
    maybe: Option<Unit>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Unit, Titled, Braces, Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
