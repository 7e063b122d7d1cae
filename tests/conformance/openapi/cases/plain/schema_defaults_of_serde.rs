//! `serde(default)` on fields and types takes the field from the required ones.
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(ToSchema, Deserialize, Default)]
#[serde(default)]
struct Whole {
    a: String,
    b: Option<i32>,
    #[schema(required)]
    c: i32,
}
#[derive(ToSchema, Deserialize)]
struct Fields {
    #[serde(default)]
    a: String,
    #[serde(default = "ten")]
    b: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    c: Option<i32>,
    #[serde(skip_serializing_if = "String::is_empty", default)]
    d: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    e: Vec<Whole>,
}
fn ten() -> i32 {
    10
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Whole, Fields)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
