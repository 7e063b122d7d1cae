//! Types of the standard library and of serde_json wherever a type may stand.
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;

#[derive(ToSchema)]
struct All {
    value: Value,
    values: Vec<Value>,
    maybe: Option<Value>,
    map: HashMap<String, Value>,
    path: serde_json::Value,
    #[schema(value_type = Object)]
    object: serde_json::Map<String, Value>,
    #[schema(value_type = String)]
    duration: std::time::Duration,
    #[schema(value_type = String, format = "ip")]
    address: std::net::IpAddr,
    text: std::borrow::Cow<'static, str>,
    letter: char,
    maps: Vec<BTreeMap<String, Vec<i32>>>,
}
#[utoipa::path(post, path = "/a", request_body = Value, responses(
    (status = 200, body = Value), (status = 201, body = serde_json::Value), (status = 202, body = HashMap<String, i32>),
    (status = 203, body = ()), (status = 206, body = Object)
))]
fn a() {}
struct Object;

#[derive(utoipa::OpenApi)]
#[openapi(paths(a), components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
