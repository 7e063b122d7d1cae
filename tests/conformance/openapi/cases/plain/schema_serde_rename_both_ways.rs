//! `rename_all(serialize = …, deserialize = …)` and `rename(…)`.
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(ToSchema, Serialize, Deserialize)]
#[serde(rename_all(serialize = "camelCase", deserialize = "UPPERCASE"))]
struct A {
    first_name: i32,
    #[serde(rename(serialize = "out"))]
    only_out: i32,
    #[serde(rename(deserialize = "in"))]
    only_in: i32,
}
#[derive(ToSchema, Serialize, Deserialize)]
#[serde(rename_all(deserialize = "kebab-case"))]
enum B {
    FirstName,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(A, B)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
