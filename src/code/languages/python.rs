//! Python: classes and their fields, functions, argparse, click and typer, the environment, Flask, FastAPI and Django,
//! prometheus_client.

use super::{NameKind, QueryReader, around, child, is_variable, long_options, route};
use tree_sitter::Node;

/// Reads one node.
pub(super) fn read(reader: &mut QueryReader<'_>, node: Node<'_>) {
    match node.kind() {
        "class_definition" => {
            let name = reader.field(node, "name");
            if let Some(at) = node.child_by_field_name("name").filter(|_| !name.starts_with('_')) {
                reader.push(NameKind::Type, name, "", at, node);
            }
        }
        "function_definition" => function(reader, node),
        "assignment" => assignment(reader, node),
        "call" => call(reader, node),
        "subscript" => {
            let value = reader.field(node, "value");
            if let Some(at) = node.child_by_field_name("subscript").filter(|_| value.ends_with("environ"))
                && let Some(text) = reader.string(at).filter(|text| is_variable(text))
            {
                reader.push(NameKind::Variable, text, "", at, node);
            }
        }
        "string" => reader.literal(node),
        _ => {}
    }
}

/// The class whose body a statement stands in directly.
fn class(node: Node<'_>) -> Option<Node<'_>> {
    let block = around(node, &["block", "module"], 2).filter(|block| block.kind() == "block")?;
    block.parent().filter(|class| class.kind() == "class_definition")
}

fn function(reader: &mut QueryReader<'_>, node: Node<'_>) {
    let name = reader.field(node, "name");
    let outer = node.parent().filter(|parent| parent.kind() == "decorated_definition").unwrap_or(node);
    let top = outer.parent().is_some_and(|parent| parent.kind() == "module");
    let class = class(outer).or_else(|| class(node));
    if name.starts_with('_') || !(top || class.is_some()) {
        return;
    }
    let set = class.map_or("", |class| reader.field(class, "name"));
    if let Some(at) = node.child_by_field_name("name").filter(|_| !set.starts_with('_')) {
        reader.push(NameKind::Function, name, set, at, outer);
    }
}

fn assignment(reader: &mut QueryReader<'_>, node: Node<'_>) {
    let Some(at) = node.child_by_field_name("left").filter(|left| left.kind() == "identifier") else {
        return;
    };
    let name = reader.text(at);
    if name.starts_with('_') {
        return;
    }
    if let Some(class) = class(node) {
        let (set, bases) = (reader.field(class, "name"), reader.field(class, "superclasses"));
        let kind = if bases.contains("Enum") || bases.contains("Flag") {
            NameKind::Variant
        } else {
            NameKind::Field
        };
        if kind == NameKind::Variant {
            // What an enum's member is worth is what people write.
            if let Some(value) = node.child_by_field_name("right")
                && let Some(text) =
                    reader.string(value).filter(|text| !text.is_empty() && !text.contains(' '))
            {
                reader.push(NameKind::Choice, text, set, value, node);
            }
        }
        if kind == NameKind::Variant || node.child_by_field_name("type").is_some() {
            reader.push(kind, name, set, at, node);
        }
    } else if around(node, &["module"], 2).is_some() && is_variable(name) && name.contains('_') {
        reader.push(NameKind::Constant, name, "", at, node);
    }
}

fn call(reader: &mut QueryReader<'_>, node: Node<'_>) {
    let function = reader.field(node, "function");
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let last = function.rsplit('.').next().unwrap_or(function);
    let strings = reader.strings(arguments);
    let first = strings.first().copied().filter(|(at, _)| child(arguments, 0) == Some(*at));
    match last {
        "add_argument" | "option" | "Option" | "add_option" => {
            for (at, text) in &strings {
                for flag in long_options(text) {
                    reader.push(NameKind::Flag, flag, "", *at, node);
                }
            }
        }
        "getenv" | "get" | "pop" | "setdefault" if last == "getenv" || function.contains("environ") => {
            if let Some((at, text)) = first.filter(|(_, text)| is_variable(text)) {
                reader.push(NameKind::Variable, text, "", at, node);
            }
        }
        "add_parser" | "command" => {
            if let Some((at, text)) = first.filter(|(_, text)| !text.is_empty() && !text.contains(' ')) {
                reader.push(NameKind::Command, text, "", at, node);
            }
        }
        "route" | "get" | "post" | "put" | "delete" | "patch" | "api_route" | "websocket" => {
            if let Some((at, text)) = first.and_then(|(at, text)| Some((at, route(text)?))) {
                reader.push(NameKind::Route, text, "", at, node);
            }
        }
        "path" | "re_path" => {
            if let Some((at, text)) = first
                .filter(|(_, text)| text.len() > 1 && text.contains('/') && arguments.named_child_count() > 1)
            {
                reader.push(
                    NameKind::Route,
                    &format!("/{}", text.trim_start_matches(['^', '/'])),
                    "",
                    at,
                    node,
                );
            }
        }
        "Counter" | "Gauge" | "Histogram" | "Summary" => {
            if let Some((at, text)) = first.filter(|(_, text)| text.contains('_')) {
                reader.push(NameKind::Metric, text, "", at, node);
            }
        }
        _ => {}
    }
}
