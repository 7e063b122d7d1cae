//! Flattened structs, maps and values.
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;

#[derive(ToSchema, Serialize)]
struct Page {
    number: u32,
}
/// An enum
#[derive(ToSchema, Serialize)]
#[serde(tag = "kind")]
enum Kind {
    A { a: i32 },
    B { b: i32 },
}
#[derive(ToSchema, Serialize)]
struct One {
    id: i32,
    #[serde(flatten)]
    page: Page,
}
#[derive(ToSchema, Serialize)]
struct Two {
    #[serde(flatten)]
    page: Page,
    #[serde(flatten)]
    kind: Kind,
    name: String,
}
#[derive(ToSchema, Serialize)]
struct OnlyFlat {
    #[serde(flatten)]
    page: Page,
}
#[derive(ToSchema, Serialize)]
struct WithMap {
    id: i32,
    #[serde(flatten)]
    rest: HashMap<String, String>,
}
#[derive(ToSchema, Serialize)]
struct WithMapOfParts {
    #[serde(flatten)]
    rest: BTreeMap<String, Page>,
}
#[derive(ToSchema, Serialize)]
struct WithMapOfValues {
    a: i32,
    #[serde(flatten)]
    rest: HashMap<String, serde_json::Value>,
}
/// With a comment
#[derive(ToSchema, Serialize)]
#[schema(title = "Titled", example = json!({"a": 1}))]
struct Described {
    /// Its id
    id: i32,
    /// Its page
    #[serde(flatten)]
    page: Page,
}
#[derive(ToSchema, Serialize)]
struct Maybe {
    id: i32,
    #[serde(flatten)]
    page: Option<Page>,
}
#[derive(ToSchema, Serialize)]
struct Inline {
    id: i32,
    #[serde(flatten)]
    #[schema(inline)]
    page: Page,
}
#[derive(ToSchema, Serialize)]
#[serde(deny_unknown_fields)]
struct Closed {
    id: i32,
    #[serde(flatten)]
    page: Page,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(One, Two, OnlyFlat, WithMap, WithMapOfParts, WithMapOfValues, Described, Maybe, Inline, Closed)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
