//! Types and limits in words.

use super::html::{code, text};
use crate::openapi::node::Node;
use crate::openapi::view::{View, is_null, types, variants};

/// Whether null is allowed, by the schema or what wraps it.
pub(super) fn nullable(view: &View<'_>) -> bool {
    view.nullable
        || view.node.get("nullable").and_then(Node::bool) == Some(true)
        || types(view.node).contains(&"null")
        || variants(view.node).is_some_and(|(_, list)| list.iter().any(is_null))
}

/// A schema's type as HTML; `link` says where a component stands.
pub(super) fn kind(root: &Node, node: &Node, link: &dyn Fn(&str) -> Option<String>) -> String {
    kind_at(root, node, link, 4)
}

fn kind_at(root: &Node, node: &Node, link: &dyn Fn(&str) -> Option<String>, depth: u8) -> String {
    let view = View::of(root, node);
    let or_null = if nullable(&view) { " or null" } else { "" };
    if let Some(name) = view.component {
        return match link(name) {
            Some(address) => format!("<a href=\"{address}\">{}</a>{or_null}", text(name)),
            None => format!("{}{or_null}", text(name)),
        };
    }
    let inner = view.node;
    let named: Vec<&str> = types(inner).into_iter().filter(|kind| *kind != "null").collect();
    let base = match named.as_slice() {
        ["array"] if depth > 0 => match inner.get("items") {
            Some(items) => format!("list of {}", kind_at(root, items, link, depth - 1)),
            None => "list".into(),
        },
        ["object"] if depth > 0 && inner.get("properties").is_none() => {
            match inner.get("additionalProperties") {
                Some(values) if values.map().is_some_and(|map| !map.is_empty()) => {
                    format!("map of {}", kind_at(root, values, link, depth - 1))
                }
                _ => "object".into(),
            }
        }
        [] => match variants(inner) {
            Some((_, list)) => {
                let count = list.iter().filter(|node| !is_null(node)).count();
                format!("one of {count}")
            }
            None if inner.get("allOf").is_some() => "object".into(),
            None if inner.get("enum").is_some() || inner.get("const").is_some() => "value".into(),
            None => "any value".into(),
        },
        some => text(&some.join(" or ")),
    };
    let format = inner
        .get_text("format")
        .map(|format| format!(" <small>{}</small>", text(format)))
        .unwrap_or_default();
    format!("{base}{format}{or_null}")
}

/// Limits of a schema, each a few words of HTML.
pub(super) fn limits(node: &Node) -> Vec<String> {
    let mut out = Vec::new();
    let number = |key: &str| node.get(key).and_then(Node::number).map(|number| number.as_str().to_owned());
    let unit = |count: &str, noun: &str| format!("{count} {noun}{}", if count == "1" { "" } else { "s" });
    for (low, high, noun) in [
        ("minLength", "maxLength", "character"),
        ("minItems", "maxItems", "item"),
        ("minProperties", "maxProperties", "field"),
    ] {
        match (number(low).filter(|low| low != "0"), number(high)) {
            (Some(low), Some(high)) if low == high => out.push(format!("exactly {}", unit(&low, noun))),
            (Some(low), Some(high)) => out.push(format!("{low} to {}", unit(&high, noun))),
            (Some(low), None) => out.push(format!("at least {}", unit(&low, noun))),
            (None, Some(high)) => out.push(format!("at most {}", unit(&high, noun))),
            (None, None) => {}
        }
    }
    out.extend(range(node));
    if let Some(step) = number("multipleOf") {
        out.push(format!("a multiple of {step}"));
    }
    if node.get("uniqueItems").and_then(Node::bool) == Some(true) {
        out.push("no item twice".into());
    }
    if let Some(pattern) = node.get_text("pattern") {
        out.push(format!("matches {}", code(pattern)));
    }
    for (key, words) in [("contentMediaType", "holds"), ("contentEncoding", "encoded as")] {
        if let Some(value) = node.get_text(key) {
            out.push(format!("{words} {}", text(value)));
        }
    }
    if node.get("additionalProperties").and_then(Node::bool) == Some(false) {
        out.push("no other fields".into());
    }
    out
}

/// `minimum` and its kin: 3.0 says with `true` beside a bound that it is excluded, 3.1 with a bound of its own.
fn range(node: &Node) -> Option<String> {
    let number = |key: &str| node.get(key).and_then(Node::number).map(|number| number.as_str().to_owned());
    let excluded = |key: &str| node.get(key).and_then(Node::bool) == Some(true);
    let (low, high) = (number("minimum"), number("maximum"));
    let above = number("exclusiveMinimum").or_else(|| low.clone().filter(|_| excluded("exclusiveMinimum")));
    let below = number("exclusiveMaximum").or_else(|| high.clone().filter(|_| excluded("exclusiveMaximum")));
    let (low, high) = (low.filter(|_| above.is_none()), high.filter(|_| below.is_none()));
    Some(match (low, above, high, below) {
        (Some(low), _, Some(high), _) => format!("{low} to {high}"),
        (Some(low), _, None, Some(below)) => format!("from {low}, less than {below}"),
        (Some(low), _, None, None) => format!("at least {low}"),
        (None, Some(above), Some(high), _) => format!("more than {above}, at most {high}"),
        (None, Some(above), None, Some(below)) => format!("between {above} and {below}, both excluded"),
        (None, Some(above), None, None) => format!("more than {above}"),
        (None, None, Some(high), _) => format!("at most {high}"),
        (None, None, None, Some(below)) => format!("less than {below}"),
        (None, None, None, None) => return None,
    })
}

/// A value as readers write it: text without quotes.
pub(super) fn value(node: &Node) -> String {
    match node.text() {
        Some("") | None => node.to_line(),
        Some(text) => text.to_owned(),
    }
}

/// Words for a method's colour class.
pub(super) fn method_class(method: &str) -> &'static str {
    match method.to_ascii_lowercase().as_str() {
        "get" | "head" | "query" => "get",
        "post" => "post",
        "put" => "put",
        "patch" => "patch",
        "delete" => "delete",
        _ => "other",
    }
}
