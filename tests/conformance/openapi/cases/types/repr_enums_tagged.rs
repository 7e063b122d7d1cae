//! Tagged enums by their numbers.
use utoipa::ToSchema;

#[derive(ToSchema, serde::Serialize)]
#[repr(i8)]
#[serde(tag = "code")]
enum Exit {
    Error = -1,
    #[serde(skip)]
    Unknown = 0,
    Ok = 1,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Exit)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
