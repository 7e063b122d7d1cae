//! The finished document as JSON: marks taken out, and what version 5 writes otherwise than version 6.

use super::dialect::Dialect;
use super::mark::{Found, Marks, take};
use serde_json::{Map, Value};
use utoipa::openapi::OpenApi;

/// Serialises a document as the service's utoipa would.
pub(super) fn write(mut document: OpenApi, dialect: &Dialect, marks: &Marks) -> (Value, Found) {
    if !dialect.has("preserve_path_order") {
        document.paths.paths.sort_keys();
    }
    let mut value = serde_json::to_value(&document).unwrap_or(Value::Null);
    let found = take(&mut value, marks);
    if dialect.major < 6 {
        older(&mut value);
    }
    (value, found)
}

/// Version 5 always writes a response's description, and a link's fields in snake case.
fn older(document: &mut Value) {
    if let Some(responses) = document.pointer_mut("/components/responses").and_then(Value::as_object_mut) {
        responses.values_mut().for_each(older_response);
    }
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        for operation in item.values_mut() {
            if let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) {
                responses.values_mut().for_each(older_response);
            }
        }
    }
}

fn older_response(response: &mut Value) {
    let Some(map) = response.as_object_mut().filter(|map| !map.contains_key("$ref")) else { return };
    if !map.contains_key("description") {
        let rest = std::mem::take(map);
        map.insert("description".to_owned(), Value::String(String::new()));
        map.extend(rest);
    }
    let Some(links) = map.get_mut("links").and_then(Value::as_object_mut) else { return };
    for link in links.values_mut().filter_map(Value::as_object_mut) {
        let old = std::mem::take(link);
        *link = old.into_iter().map(|(key, value)| (snake(&key).to_owned(), value)).collect::<Map<_, _>>();
    }
}

fn snake(key: &str) -> &str {
    match key {
        "operationRef" => "operation_ref",
        "operationId" => "operation_id",
        "requestBody" => "request_body",
        other => other,
    }
}
