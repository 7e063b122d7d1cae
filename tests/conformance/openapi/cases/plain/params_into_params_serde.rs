//! serde's attributes on parameters.
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

#[derive(Serialize, Deserialize, IntoParams, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Filter {
    first_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing)]
    a: i32,
    #[serde(skip_deserializing)]
    b: i32,
}
#[derive(Serialize, Deserialize, IntoParams)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[into_params(rename_all = "camelCase")]
struct Both {
    first_name: String,
    #[serde(default = "five")]
    five: i32,
}
fn five() -> i32 {
    5
}
#[utoipa::path(get, path = "/a", params(Filter, Both))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
