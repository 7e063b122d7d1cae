//! `deny_unknown_fields` closes the object.
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct A {
    id: i32,
}
#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
enum B {
    First,
    Second { some_id: i32 },
}
#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(A, B, Empty)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
