//! Skipped fields and variants.
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(ToSchema, Serialize)]
struct A {
    #[serde(skip)]
    a: i32,
    #[serde(skip_serializing)]
    b: i32,
    #[serde(skip_deserializing)]
    c: i32,
    d: i32,
}
#[derive(ToSchema, Serialize)]
enum B {
    #[serde(skip)]
    A,
    #[serde(skip_serializing)]
    B,
    C,
    #[serde(skip)]
    D(i32),
    E(String),
}
#[derive(ToSchema, Serialize)]
enum C {
    #[serde(skip)]
    A,
    B,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(A, B, C)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
