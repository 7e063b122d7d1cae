//! Examples: the document's own, else made from a schema.

use super::Document;
use super::node::{Map, Node, Number, Value};
use super::view::{Properties, View, is_null, types, variants};
use serde_json::json;

/// Levels of a made example; deeper values are left empty.
const DEEPEST: usize = 6;
/// Values of a made example: what a reader takes in at a glance.
const MOST: usize = 80;

/// Who writes the example's value, which decides on fields that are only read or only written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Callers send it.
    Sent,
    /// Callers receive it.
    Received,
}

/// An example and what the document calls it.
pub struct Example {
    /// Its summary or key.
    pub title: Option<String>,
    /// Its value; text of other media types as text.
    pub value: Node,
    /// Whether it was made from the schema.
    pub made: bool,
}

/// The examples of a media type or parameter; one made from the schema if there are none.
pub fn examples(document: &Document, holder: &Node, way: Way) -> Vec<Example> {
    let mut out = Vec::new();
    if let Some(value) = holder.get("example") {
        out.push(Example { title: None, value: value.clone(), made: false });
    }
    for entry in holder.get("examples").map(Node::entries).into_iter().flatten() {
        let node = super::view::resolve(&document.root, &entry.node);
        // `dataValue` is 3.2's name for the value that is not yet written as text.
        if let Some(value) =
            node.get("value").or_else(|| node.get("dataValue")).or_else(|| node.get("serializedValue"))
        {
            let title = node.get_text("summary").unwrap_or(&entry.key);
            out.push(Example { title: Some(title.to_owned()), value: value.clone(), made: false });
        }
    }
    if out.is_empty()
        && let Some(schema) = holder.get("schema").or_else(|| holder.get("itemSchema"))
    {
        let given = own(&document.root, schema);
        let made = given.is_none();
        let value =
            given.cloned().unwrap_or_else(|| Maker { root: &document.root, way, left: MOST }.make(schema, 0));
        out.push(Example { title: None, value, made });
    }
    out
}

/// The example that a schema has itself.
pub fn own<'d>(root: &'d Node, schema: &'d Node) -> Option<&'d Node> {
    let view = View::of(root, schema);
    view.annotation("example").or_else(|| view.annotation("examples").and_then(|list| list.list().first()))
}

/// A value that a schema allows, as far as types, lists of values and lengths say.
pub fn of_schema(root: &Node, schema: &Node, way: Way) -> Node {
    match own(root, schema) {
        Some(value) => value.clone(),
        None => Maker { root, way, left: MOST }.make(schema, 0),
    }
}

struct Maker<'d> {
    root: &'d Node,
    way: Way,
    left: usize,
}

impl<'d> Maker<'d> {
    fn make(&mut self, schema: &'d Node, depth: usize) -> Node {
        let view = View::of(self.root, schema);
        let node = view.node;
        let at = |value| Node { value, place: node.place.clone() };
        if let Some(value) = own(self.root, schema).filter(|_| depth > 0) {
            return value.clone();
        }
        if let Some(value) =
            view.annotation("const").or_else(|| node.get("enum").and_then(|list| list.list().first()))
        {
            return value.clone();
        }
        if let Some(value) = view.annotation("default").filter(|value| value.type_name() != "null") {
            return value.clone();
        }
        self.left = self.left.saturating_sub(1);
        let named = types(node).into_iter().find(|kind| *kind != "null");
        let properties = Properties::of(self.root, node);
        let has_fields = properties.iter().next().is_some();
        if !has_fields
            && let Some((_, list)) = variants(node)
            && depth < DEEPEST
            && let Some(first) = list.iter().find(|node| !is_null(node))
        {
            return self.make(first, depth + 1);
        }
        match named {
            Some("object") | None if has_fields => self.object(&properties, node, depth),
            Some("object") => self.map(node, depth),
            Some("array") => {
                let item = node.get("items").filter(|items| items.map().is_some());
                match item.filter(|_| depth < DEEPEST && self.left > 0) {
                    Some(item) => at(Value::List(vec![self.make(item, depth + 1)])),
                    None => at(Value::List(Vec::new())),
                }
            }
            Some("integer") => number(node, &json!(1)),
            Some("number") => number(node, &json!(1.5)),
            Some("boolean") => at(Value::Bool(true)),
            Some("string") => Node::of_text(&word(node), node.place.clone()),
            _ => match node.get("allOf").and_then(|list| list.list().first()) {
                Some(first) if depth < DEEPEST => self.make(first, depth + 1),
                _ => at(Value::Null),
            },
        }
    }

    fn object(&mut self, properties: &Properties<'d>, node: &'d Node, depth: usize) -> Node {
        let mut map = Map::default();
        for property in properties.iter() {
            let view = View::of(self.root, property.node);
            let unseen = if self.way == Way::Sent { "readOnly" } else { "writeOnly" };
            if view.flag(unseen) || view.flag("deprecated") && !properties.requires(property.name) {
                continue;
            }
            if depth >= DEEPEST || self.left == 0 {
                break;
            }
            let value = self.make(property.node, depth + 1);
            map.insert(property.name, property.node.place.clone(), value);
        }
        Node { value: Value::Map(map), place: node.place.clone() }
    }

    fn map(&mut self, node: &'d Node, depth: usize) -> Node {
        let mut map = Map::default();
        let values =
            node.get("additionalProperties").filter(|values| values.map().is_some_and(|map| !map.is_empty()));
        if let Some(values) = values.filter(|_| depth < DEEPEST && self.left > 0) {
            let value = self.make(values, depth + 1);
            map.insert("key", node.place.clone(), value);
        }
        Node { value: Value::Map(map), place: node.place.clone() }
    }
}

/// A number within a schema's bounds.
fn number(node: &Node, usual: &serde_json::Value) -> Node {
    let bound = |key: &str| node.get(key).filter(|node| node.number().is_some());
    let value = |node: &Node| node.number().map_or(0.0, Number::as_f64);
    let usual_value = usual.as_f64().unwrap_or(1.0);
    let fits = bound("minimum").is_none_or(|low| value(low) <= usual_value)
        && bound("maximum").is_none_or(|high| usual_value <= value(high));
    match bound("minimum").or_else(|| bound("maximum")).filter(|_| !fits) {
        Some(bound) => bound.clone(),
        None => Node::from_json(usual, &node.place),
    }
}

/// Text of a schema's format, at least as long as it must be.
fn word(node: &Node) -> String {
    let sample = match node.get_text("format") {
        Some("date-time") => "2026-01-31T12:00:00Z",
        Some("date") => "2026-01-31",
        Some("time") => "12:00:00Z",
        Some("duration") => "PT1H",
        Some("uuid") => "7f9c24e8-3b12-4d5f-9a67-0c1b2d3e4f50",
        Some("ulid") => "01J0000000000000000000000A",
        Some("email" | "idn-email") => "user@example.com",
        Some("uri" | "url" | "iri" | "uri-reference") => "https://example.com",
        Some("hostname" | "idn-hostname") => "example.com",
        Some("ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        Some("byte") => "dGV4dA==",
        Some("binary") => "(bytes)",
        Some("password") => "secret",
        _ => "text",
    };
    let length = |key: &str| {
        let said = node.get(key).and_then(Node::number).and_then(Number::as_i128);
        said.map(|length| usize::try_from(length).unwrap_or(usize::MAX))
    };
    let mut out = sample.to_owned();
    // A made value of thousands of letters tells nobody anything.
    while out.chars().count() < length("minLength").unwrap_or(0) && out.len() < 64 {
        out.push('t');
    }
    while out.chars().count() > length("maxLength").unwrap_or(usize::MAX) {
        out.pop();
    }
    out
}
