//! Every `rename_all` rule on variants.
use serde::Serialize;
use utoipa::ToSchema;

#[derive(ToSchema, Serialize)]
#[serde(rename_all = "lowercase")]
enum A {
    FirstName,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum B {
    FirstName,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "PascalCase")]
enum C {
    FirstName,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "camelCase")]
enum D {
    FirstName,
    HTTPError,
    X1,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "snake_case")]
enum E {
    FirstName,
    HTTPError,
    X1,
    Utf8Text,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum F {
    FirstName,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "kebab-case")]
enum G {
    FirstName,
}
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
enum H {
    FirstName,
    #[serde(rename = "second")]
    SecondName,
    #[schema(rename = "third")]
    ThirdName,
    #[serde(rename(serialize = "out", deserialize = "in"))]
    FourthName,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(A, B, C, D, E, F, G, H)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
