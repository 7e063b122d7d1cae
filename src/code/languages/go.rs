//! Go: exported items, struct tags, flag, pflag, cobra and urfave/cli, the environment, routers, prometheus.

use super::{NameKind, QueryReader, around, child, is_variable, route};
use tree_sitter::Node;

/// Reads one node.
pub(super) fn read(reader: &mut QueryReader<'_>, node: Node<'_>) {
    match node.kind() {
        "function_declaration" => item(reader, node, NameKind::Function, ""),
        "method_declaration" => {
            let receiver = reader.field(node, "receiver");
            let set = receiver.rsplit(['*', ' ', '(']).find(|part| !part.is_empty()).unwrap_or("");
            let set = set.split(['[', ')']).next().unwrap_or("").to_owned();
            item(reader, node, NameKind::Function, &set);
        }
        "type_spec" | "type_alias" => item(reader, node, NameKind::Type, ""),
        "const_spec" => {
            let set = constant_type(reader, node);
            item(reader, node, NameKind::Constant, &set);
        }
        "field_declaration" => field(reader, node),
        "call_expression" => call(reader, node),
        "composite_literal" => composite(reader, node),
        "interpreted_string_literal" | "raw_string_literal" => reader.literal(node),
        _ => {}
    }
}

fn is_exported(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

fn item(reader: &mut QueryReader<'_>, node: Node<'_>, kind: NameKind, set: &str) {
    let name = reader.field(node, "name");
    if let Some(at) = node.child_by_field_name("name").filter(|_| is_exported(name)) {
        reader.push(kind, name, set, at, node);
    }
}

/// The type of a constant: its own, or that of the first one of its group (`iota`).
fn constant_type(reader: &QueryReader<'_>, node: Node<'_>) -> String {
    let own = reader.field(node, "type");
    let group = node.parent().filter(|group| own.is_empty() && group.kind() == "const_declaration");
    let first = group.and_then(|group| child(group, 0)).map_or("", |first| reader.field(first, "type"));
    if own.is_empty() { first } else { own }.to_owned()
}

/// The type whose struct a field stands in.
fn holder<'s>(reader: &QueryReader<'s>, node: Node<'_>) -> &'s str {
    around(node, &["type_spec"], 4).map_or("", |spec| reader.field(spec, "name"))
}

fn field(reader: &mut QueryReader<'_>, node: Node<'_>) {
    let set = holder(reader, node);
    let (name, tag) = (reader.field(node, "name"), reader.field(node, "tag"));
    if let Some(at) = node.child_by_field_name("name").filter(|_| is_exported(name) && is_exported(set)) {
        reader.push(NameKind::Field, name, set, at, node);
    }
    let Some(at) = node.child_by_field_name("tag") else { return };
    for (format, value) in tags(tag) {
        let value = value.split(',').next().unwrap_or("");
        match format {
            "json" | "yaml" | "toml" | "mapstructure" | "koanf" | "hcl" if !matches!(value, "" | "-") => {
                reader.push(NameKind::Key, value, set, at, node);
            }
            "env" | "envconfig" if is_variable(value) => {
                reader.push(NameKind::Variable, value, set, at, node)
            }
            _ => {}
        }
    }
}

/// `json:"name,omitempty" yaml:"name"`.
fn tags(tag: &str) -> Vec<(&str, &str)> {
    let mut out = Vec::new();
    let mut rest = tag.trim_matches('`');
    while let Some((format, after)) = rest.split_once(":\"") {
        let Some((value, after)) = after.split_once('"') else { break };
        out.push((format.trim(), value));
        rest = after;
    }
    out
}

fn call(reader: &mut QueryReader<'_>, node: Node<'_>) {
    let function = reader.field(node, "function");
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let (receiver, last) = function.rsplit_once('.').unwrap_or(("", function));
    let strings = reader.strings(arguments);
    let Some((at, text)) = strings.first().copied() else { return };
    let flags = receiver.ends_with("lags()")
        || receiver.ends_with("lags")
        || matches!(receiver, "flag" | "pflag" | "fs" | "f" | "flagSet" | "flagset");
    match last {
        "Getenv" | "LookupEnv" if is_variable(text) => reader.push(NameKind::Variable, text, "", at, node),
        "BindEnv" => {
            for (at, text) in strings.iter().filter(|(_, text)| is_variable(text)) {
                reader.push(NameKind::Variable, text, "", *at, node);
            }
        }
        "HandleFunc" | "Handle" | "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "Get" | "Post" | "Put"
        | "Delete" | "Patch" | "Group" | "Route" | "Mount" => {
            if let Some(path) = route(text) {
                reader.push(NameKind::Route, path, "", at, node);
            }
        }
        _ if flags && is_flag_kind(last) && is_plain(text) => {
            reader.push(NameKind::Flag, &format!("--{text}"), "", at, node);
            if matches!(receiver, "flag" | "fs") {
                reader.push(NameKind::Flag, &format!("-{text}"), "", at, node);
            }
        }
        _ => {}
    }
}

fn is_flag_kind(function: &str) -> bool {
    ["String", "Bool", "Int", "Uint", "Float", "Duration", "Var", "Count", "Text", "IP", "Func"]
        .iter()
        .any(|kind| function.starts_with(kind))
}

fn is_plain(text: &str) -> bool {
    text.len() > 1 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

/// `cobra.Command{Use: "serve"}`, `cli.StringFlag{Name: "port"}`, `prometheus.CounterOpts{Name: "x"}`.
fn composite(reader: &mut QueryReader<'_>, node: Node<'_>) {
    let of = reader.field(node, "type");
    let last = of.rsplit('.').next().unwrap_or(of);
    let Some(body) = node.child_by_field_name("body") else { return };
    let mut parts: Vec<(&str, Node<'_>, &str)> = Vec::new();
    for at in 0..body.named_child_count().min(64) {
        let Some(element) = child(body, at).filter(|element| element.kind() == "keyed_element") else {
            continue;
        };
        let (Some(key), Some(value)) = (child(element, 0), child(element, 1)) else { continue };
        let value = child(value, 0).unwrap_or(value);
        if let Some(text) = reader.string(value) {
            parts.push((reader.text(key), value, text));
        } else if matches!(reader.text(key), "EnvVars" | "Sources") {
            let found = reader
                .text(value)
                .split('"')
                .filter(|part| is_variable(part))
                .map(str::to_owned)
                .collect::<Vec<_>>();
            for name in found {
                reader.push(NameKind::Variable, &name, "", value, node);
            }
        }
    }
    let find = |wanted: &str| parts.iter().find(|(key, ..)| *key == wanted).map(|(_, at, text)| (*at, *text));
    match last {
        "Command" => {
            if let Some((at, text)) = find("Use").or_else(|| find("Name")) {
                let word = text.split([' ', '[', '<']).next().unwrap_or("").to_owned();
                reader.push(NameKind::Command, &word, "", at, node);
            }
        }
        _ if last.ends_with("Flag") => {
            if let Some((at, text)) = find("Name").filter(|(_, text)| is_plain(text)) {
                reader.push(NameKind::Flag, &format!("--{text}"), "", at, node);
            }
            if let Some((at, text)) = find("EnvVar").filter(|(_, text)| is_variable(text)) {
                reader.push(NameKind::Variable, text, "", at, node);
            }
        }
        _ if last.ends_with("Opts") => {
            if let Some((at, name)) = find("Name") {
                let before =
                    ["Namespace", "Subsystem"].into_iter().filter_map(|key| find(key).map(|(_, text)| text));
                let name = before.chain([name]).collect::<Vec<_>>().join("_");
                reader.push(NameKind::Metric, &name, "", at, node);
            }
        }
        _ => {}
    }
}
