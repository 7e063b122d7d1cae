//! Every `rename_all` rule on fields, and names of one field, serde's before schema's.
use serde::Serialize;
use utoipa::ToSchema;

#[derive(ToSchema, Serialize)]
#[serde(rename_all = "lowercase")]
struct A {
    first_name: i32,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "UPPERCASE")]
struct B {
    first_name: i32,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "PascalCase")]
struct C {
    first_name: i32,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "camelCase")]
struct D {
    first_name: i32,
    _private: i32,
    a1_b2: i32,
    x: i32,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "snake_case")]
struct E {
    first_name: i32,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct F {
    first_name: i32,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
struct G {
    first_name: i32,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
struct H {
    first_name: i32,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schema(rename_all = "UPPERCASE")]
struct I {
    first_name: i32,
    #[serde(rename = "by serde")]
    #[schema(rename = "by schema")]
    second_name: i32,
    #[schema(rename = "by schema")]
    third_name: i32,
    r#type: i32,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(A, B, C, D, E, F, G, H, I)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
