//! The error codes of an API: the values of the schema that holds them.

use super::Document;
use super::node::Node;
use super::view::{View, constant};

/// An error code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// As answers say it.
    pub name: String,
    /// What is said of it.
    pub about: Option<String>,
}

/// The values of a component's schema: an `enum`, or variants of one value each, which can have descriptions.
pub fn codes(document: &Document, schema: &str) -> Vec<Code> {
    let all = document.root.at("/components/schemas");
    let Some(node) = all.and_then(|all| all.get(schema)) else { return Vec::new() };
    let node = View::of(&document.root, node).node;
    if let Some(list) = node.get("enum") {
        let said = |at: usize, value: &Node| {
            let by = ["x-enum-descriptions", "x-enumDescriptions"].iter().find_map(|key| node.get(key))?;
            by.list().get(at).or_else(|| by.get(value.text()?))?.text().map(str::to_owned)
        };
        let values = list.list().iter().enumerate();
        return values
            .filter_map(|(at, value)| Some(Code { name: value.text()?.to_owned(), about: said(at, value) }))
            .collect();
    }
    let variants =
        ["oneOf", "anyOf"].iter().find_map(|key| node.get(key)).map(Node::list).unwrap_or_default();
    let read = |variant: &Node| {
        Some(Code { name: constant(variant)?, about: variant.get_text("description").map(str::to_owned) })
    };
    variants.iter().filter_map(read).collect()
}
