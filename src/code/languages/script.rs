//! TypeScript and JavaScript: exported items, members of interfaces and enums, unions of strings, commander and yargs,
//! the environment, Express and its kin, prom-client.

use super::{NameKind, QueryReader, around, child, is_variable, long_options, route};
use tree_sitter::Node;

/// Reads one node.
pub(super) fn read(reader: &mut QueryReader<'_>, node: Node<'_>) {
    match node.kind() {
        "function_declaration" | "generator_function_declaration" | "function_signature" => {
            item(reader, node, NameKind::Function);
        }
        "class_declaration" | "abstract_class_declaration" | "interface_declaration" | "enum_declaration" => {
            item(reader, node, NameKind::Type);
        }
        "type_alias_declaration" => {
            item(reader, node, NameKind::Type);
            union(reader, node);
        }
        "variable_declarator" => {
            let name = reader.field(node, "name");
            if let Some(at) =
                node.child_by_field_name("name").filter(|at| at.kind() == "identifier" && is_exported(node))
            {
                let kind = if is_variable(name) { NameKind::Constant } else { NameKind::Function };
                reader.push(kind, name, "", at, node);
            }
        }
        "method_definition" | "method_signature" => member(reader, node, NameKind::Function),
        "property_signature" | "public_field_definition" => member(reader, node, NameKind::Field),
        "enum_assignment" => member(reader, node, NameKind::Variant),
        "property_identifier" if node.parent().is_some_and(|parent| parent.kind() == "enum_body") => {
            let set = holder(reader, node);
            reader.push(NameKind::Variant, reader.text(node), set, node, node);
        }
        "member_expression" => {
            let (object, name) = (reader.field(node, "object"), reader.field(node, "property"));
            let env = matches!(object, "process.env" | "import.meta.env" | "Bun.env");
            if let Some(at) = node.child_by_field_name("property").filter(|_| env && is_variable(name)) {
                reader.push(NameKind::Variable, name, "", at, node);
            }
        }
        "call_expression" => call(reader, node),
        "new_expression" => metric(reader, node),
        "string" => reader.literal(node),
        _ => {}
    }
}

/// Whether a declaration is exported where it stands.
fn is_exported(node: Node<'_>) -> bool {
    around(node, &["export_statement", "ambient_declaration"], 3).is_some()
        && around(node, &["statement_block"], 3).is_none()
}

fn item(reader: &mut QueryReader<'_>, node: Node<'_>, kind: NameKind) {
    if let Some(at) = node.child_by_field_name("name").filter(|_| is_exported(node)) {
        reader.push(kind, reader.text(at), "", at, node);
    }
}

/// The named type that a member stands in.
fn holder<'s>(reader: &QueryReader<'s>, node: Node<'_>) -> &'s str {
    let kinds = [
        "interface_declaration",
        "class_declaration",
        "abstract_class_declaration",
        "enum_declaration",
        "type_alias_declaration",
    ];
    around(node, &kinds, 3).map_or("", |holder| reader.field(holder, "name"))
}

fn member(reader: &mut QueryReader<'_>, node: Node<'_>, kind: NameKind) {
    let Some(at) = node.child_by_field_name("name") else { return };
    let (name, set) = (reader.text(at).trim_matches(['"', '\'']), holder(reader, node));
    let private = name.starts_with(['#', '_']) || reader.text(node).starts_with("private ");
    if set.is_empty() || private || name == "constructor" {
        return;
    }
    if kind == NameKind::Variant
        && let Some(value) = node.child_by_field_name("value")
        && let Some(text) = reader.string(value).filter(|text| !text.is_empty() && !text.contains(' '))
    {
        reader.push(NameKind::Choice, text, set, value, node);
    }
    reader.push(kind, name, set, at, node);
}

/// `type Level = "low" | "high"`.
fn union(reader: &mut QueryReader<'_>, node: Node<'_>) {
    let set = reader.field(node, "name");
    let mut open: Vec<Node<'_>> = node.child_by_field_name("value").into_iter().collect();
    // A union is a chain to the left; longer ones than this are generated.
    let mut steps = 0;
    while let Some(at) = open.pop() {
        steps += 1;
        if steps > 2_000 {
            return;
        }
        match at.kind() {
            "union_type" => open.extend((0..at.named_child_count()).filter_map(|n| child(at, n))),
            "literal_type" => {
                if let Some(literal) = child(at, 0)
                    && let Some(text) = reader.string(literal).filter(|text| !text.is_empty())
                {
                    reader.push(NameKind::Choice, text, set, literal, at);
                }
            }
            _ => {}
        }
    }
}

fn call(reader: &mut QueryReader<'_>, node: Node<'_>) {
    let function = reader.field(node, "function");
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let last = function.rsplit('.').next().unwrap_or(function);
    let Some((at, text)) =
        reader.strings(arguments).first().copied().filter(|(at, _)| child(arguments, 0) == Some(*at))
    else {
        return;
    };
    match last {
        "option" | "requiredOption" | "addOption" => {
            for flag in long_options(text) {
                reader.push(NameKind::Flag, flag, "", at, node);
            }
            let plain = text.len() > 1 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
            if plain && child(arguments, 1).is_some_and(|second| second.kind() == "object") {
                reader.push(NameKind::Flag, &format!("--{}", text.trim_start_matches('-')), "", at, node);
            }
        }
        "command" => {
            let word = text.split([' ', '[', '<']).next().unwrap_or("");
            if word.len() > 1 && !word.starts_with('$') {
                reader.push(NameKind::Command, word, "", at, node);
            }
        }
        "get" | "post" | "put" | "delete" | "patch" | "use" | "route" | "all" | "head" => {
            if let Some(path) = route(text) {
                reader.push(NameKind::Route, path, "", at, node);
            }
        }
        _ => {}
    }
}

/// `new Counter({ name: "requests_total" })`.
fn metric(reader: &mut QueryReader<'_>, node: Node<'_>) {
    let of = reader.field(node, "constructor");
    if !["Counter", "Gauge", "Histogram", "Summary"].iter().any(|kind| of.ends_with(kind)) {
        return;
    }
    let Some(object) = node.child_by_field_name("arguments").and_then(|arguments| child(arguments, 0)) else {
        return;
    };
    for at in 0..object.named_child_count().min(32) {
        let Some(pair) = child(object, at).filter(|pair| reader.field(*pair, "key") == "name") else {
            continue;
        };
        if let Some(value) = pair.child_by_field_name("value")
            && let Some(text) = reader.string(value)
        {
            reader.push(NameKind::Metric, text, "", value, node);
        }
    }
}
