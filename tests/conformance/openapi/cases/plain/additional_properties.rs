//! Free maps.
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;

#[derive(ToSchema)]
struct All {
    #[schema(additional_properties)]
    free: HashMap<String, String>,
    #[schema(additional_properties = true)]
    free_too: BTreeMap<String, i32>,
    #[schema(additional_properties = false)]
    closed: HashMap<String, i32>,
    #[schema(value_type = HashMap<String, Object>)]
    objects: HashMap<String, String>,
    values: HashMap<String, serde_json::Value>,
    value: serde_json::Value,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
