//! Options of everything.
use std::collections::HashMap;
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}

#[derive(ToSchema)]
struct All {
    a: Option<i32>,
    b: Option<String>,
    c: Option<Part>,
    d: Option<Vec<Part>>,
    e: Option<Vec<String>>,
    f: Vec<Option<Part>>,
    g: Vec<Option<i32>>,
    h: Option<HashMap<String, Part>>,
    j: Option<Box<Part>>,
    k: Box<Option<Part>>,
    l: Option<Option<Part>>,
    m: Option<Option<i32>>,
    n: std::option::Option<u8>,
    o: Option<()>,
    p: Option<[u8; 3]>,
    q: Option<(i32, String)>,
    r: Option<serde_json::Value>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
