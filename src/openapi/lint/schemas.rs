//! Schemas that contradict themselves, or that the version of the document reads otherwise than meant.

use super::{Role, Score, Survey};
use crate::diag::{Nearest, Problem, code};
use crate::openapi::node::{Node, Value};
use crate::openapi::view::{PARTS, has_too_many_parts};
use crate::openapi::{At, Document, Version, has_type, pattern_is_known};

const CODE: &str = code::OPENAPI_SCHEMA;

pub(super) fn schemas(document: &Document, survey: &Survey<'_>) -> Score {
    let mut score = Score::new(CODE, "schemas without contradictions");
    let near = Nearest::default();
    for at in survey.of(Role::Schema) {
        let mut gaps = Vec::new();
        let mut say = |key: &str, message: String, help: &str| {
            let problem = Problem::new(CODE, at.node.place_of(key), format!("{} {key}", at.pointer), message);
            gaps.push(if help.is_empty() { problem } else { problem.help(help) });
        };
        values(at.node, &mut say);
        ranges(at.node, &mut say);
        shape(document, at, &near, &mut say);
        if ["allOf", "$ref"].iter().any(|key| at.node.get(key).is_some())
            && has_too_many_parts(&document.root, at.node)
        {
            let message = format!("gave up laying the parts of this schema together after {PARTS}");
            say(
                "allOf",
                message,
                "the site and comparisons leave the rest out; let schemas inherit from fewer",
            );
        }
        score.count(gaps);
    }
    if document.version == Version::V3_0 {
        for (_, at, _) in survey.references.iter().filter(|(role, ..)| *role == Role::Schema) {
            let beside: Vec<&str> =
                at.node.entries().map(|entry| &*entry.key).filter(|key| *key != "$ref").collect();
            let gap = beside.first().map(|key| {
                let message = format!("`{key}` stands beside a `$ref` and has no meaning in 3.0");
                Problem::new(CODE, at.node.place_of(key), format!("{} {key}", at.pointer), message)
                    .help("put the reference into an `allOf` of one")
            });
            score.count(gap);
        }
    }
    score
}

type Say<'s> = dyn FnMut(&str, String, &str) + 's;

fn types(schema: &Node) -> Vec<&str> {
    match schema.get("type") {
        Some(node) if node.text().is_some() => node.text().into_iter().collect(),
        Some(node) => node.list().iter().filter_map(Node::text).collect(),
        None => Vec::new(),
    }
}

/// Those of the names that are types, each once: a list of names may be as long as the values that are held against it.
fn known(types: Vec<&str>) -> Vec<&str> {
    if types.len() <= TYPES.len() {
        return types;
    }
    TYPES.iter().copied().filter(|name| types.contains(name)).collect()
}

const TYPES: &[&str] = &["null", "boolean", "object", "array", "number", "string", "integer"];

fn values(schema: &Node, say: &mut Say<'_>) {
    let types = types(schema);
    for name in types.iter().filter(|name| !TYPES.contains(name)) {
        say(
            "type",
            format!("there is no type `{name}`"),
            "the types are null, boolean, object, array, number, string, integer",
        );
    }
    let types = known(types);
    let nullable = schema.get("nullable").and_then(Node::bool) == Some(true);
    let Some(list) = schema.get("enum") else { return };
    if !matches!(list.value, Value::List(_)) {
        return say("enum", format!("`enum` must be a list, not {}", list.type_name()), "");
    }
    if list.list().is_empty() {
        say("enum", "`enum` allows no value at all".into(), "");
    }
    let mut seen = std::collections::HashSet::new();
    for value in list.list() {
        if !seen.insert(value.to_line()) {
            say("enum", format!("`enum` has {} twice", value.to_line()), "remove one");
        }
        let null = nullable && matches!(value.value, Value::Null);
        if !types.is_empty() && !null && !types.iter().any(|name| has_type(value, name)) {
            say(
                "enum",
                format!("`enum` allows {}, which is not of type {}", value.to_line(), types.join(" or ")),
                "",
            );
        }
    }
}

fn ranges(schema: &Node, say: &mut Say<'_>) {
    for (least, most) in [
        ("minimum", "maximum"),
        ("minLength", "maxLength"),
        ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
    ] {
        let number = |key: &str| schema.get(key).and_then(Node::number);
        if let (Some(low), Some(high)) = (number(least), number(most))
            && low.as_f64() > high.as_f64()
        {
            say(
                least,
                format!("`{least}` {} is more than `{most}` {}", low.as_str(), high.as_str()),
                "no value fits",
            );
        }
    }
    let types = known(types(schema));
    for (key, of) in [
        ("minLength", "string"),
        ("maxLength", "string"),
        ("pattern", "string"),
        ("minItems", "array"),
        ("maxItems", "array"),
        ("uniqueItems", "array"),
        ("items", "array"),
        ("properties", "object"),
        ("required", "object"),
    ] {
        if schema.get(key).is_some() && !types.is_empty() && !types.contains(&of) {
            say(key, format!("`{key}` has no meaning for the type {}", types.join(" or ")), "");
        }
    }
    if let Some(pattern) = schema.get_text("pattern").filter(|pattern| !pattern_is_known(pattern)) {
        let dialect = ["(?=", "(?!", "(?<", "\\p", "\\P", "\\k", "\\1", "\\c", "[^]"]
            .iter()
            .any(|sign| pattern.contains(sign));
        if !dialect {
            say("pattern", format!("`{pattern}` is no regular expression"), "");
        }
    }
}

fn shape(document: &Document, at: &At<'_>, near: &Nearest, say: &mut Say<'_>) {
    let schema = at.node;
    let old = document.version == Version::V3_0;
    let types = types(schema);
    if old && types.contains(&"array") && schema.get("items").is_none() {
        say("type", "an array in 3.0 has no `items`".into(), "say what it holds; `items: {}` for anything");
    }
    if old && types.contains(&"null") {
        say("type", "3.0 knows no type `null`".into(), "write `nullable: true`");
    }
    if !old && schema.get("nullable").is_some() {
        let help = "write `type: [string, \"null\"]`, or an `anyOf` with `type: \"null\"`";
        say("nullable", format!("`nullable` has no meaning in {}", document.version.name()), help);
    }
    let composed = ["allOf", "anyOf", "oneOf", "$ref"].iter().any(|key| schema.get(key).is_some());
    if let Some(fields) = schema.get("properties").and_then(Node::map).filter(|_| !composed) {
        for name in schema.get("required").map(Node::list).unwrap_or_default().iter().filter_map(Node::text) {
            if fields.get(name).is_none() {
                let near = near.find(&at.pointer, name, fields.iter().map(|entry| &*entry.key));
                let help = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
                say("required", format!("the required field `{name}` is not described"), &help);
            }
        }
    }
    if let Some(discriminator) = schema.get("discriminator") {
        let alternatives = ["oneOf", "anyOf"].iter().find_map(|key| at.get(key));
        let name = discriminator.get_text("propertyName").unwrap_or("");
        for part in alternatives.iter().flat_map(At::items) {
            let target = document.resolve(part.clone());
            let plain = target.node.get("properties").is_some()
                && ["allOf", "anyOf", "oneOf"].iter().all(|key| target.node.get(key).is_none());
            if plain && target.node.get("properties").and_then(|fields| fields.get(name)).is_none() {
                let which = part.node.get_text("$ref").unwrap_or("an alternative");
                say(
                    "discriminator",
                    format!("`{which}` has no field `{name}`, by which alternatives are told apart"),
                    "",
                );
            }
        }
    }
}
