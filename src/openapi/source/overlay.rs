//! OpenAPI Overlay 1.0: actions that update or remove what a JSONPath selects. What an action sets has the overlay's
//! place.

use super::jsonpath::Path;
use crate::diag::{Problem, code};
use crate::openapi::node::{Map, Node, Value, tokens};

const CODE: &str = code::OPENAPI_OVERLAY;

/// Applies an overlay's actions, in order.
pub fn apply(root: &mut Node, overlay: &Node, problems: &mut Vec<Problem>) {
    let version = overlay.get_text("overlay").unwrap_or("");
    if !(version == "1" || version.starts_with("1.")) {
        let place = overlay.place_of("overlay");
        let message = "an overlay begins with `overlay: 1.0.0`";
        problems.push(Problem::new(CODE, place, "overlay", message));
        return;
    }
    let Some(actions) = overlay.get("actions").filter(|actions| !actions.list().is_empty()) else {
        problems.push(Problem::new(
            CODE,
            overlay.place_of("actions"),
            "actions",
            "the overlay has no actions",
        ));
        return;
    };
    for action in actions.list() {
        act(root, action, problems);
    }
}

fn act(root: &mut Node, action: &Node, problems: &mut Vec<Problem>) {
    let mut say = |place, subject: &str, message: String, help: &str| {
        problems.push(Problem::new(CODE, place, subject, message).help(help));
    };
    let Some(target) = action.get_text("target") else {
        return say(
            &action.place,
            "target",
            "the action has no `target`".into(),
            "a JSONPath, as `$.paths['/pets'].get`",
        );
    };
    let place = action.get("target").map_or(&action.place, |node| &node.place);
    let path = match Path::parse(target) {
        Ok(path) => path,
        Err((message, at)) => {
            return say(
                place,
                target,
                format!("the path `{target}` is not understood at byte {at}: {message}"),
                "RFC 9535 without functions is understood",
            );
        }
    };
    let Some(selected) = path.select(root) else {
        return say(
            place,
            target,
            format!("`{target}` looks at too many values"),
            "name the values more narrowly",
        );
    };
    let mut pointers: Vec<String> = selected.into_iter().map(|selected| selected.pointer).collect();
    if pointers.is_empty() {
        return say(
            place,
            target,
            format!("`{target}` selects nothing"),
            "correct the path, or remove the action",
        );
    }
    if action.get("remove").and_then(Node::bool) == Some(true) {
        remove(root, &mut pointers);
        return;
    }
    let Some(change) = action.get("update") else {
        return say(
            &action.place,
            target,
            "the action has neither `update` nor `remove: true`".into(),
            "add one of them",
        );
    };
    for pointer in pointers {
        if let Some(node) = root.at_mut(&pointer) {
            update(node, change);
        }
    }
}

/// Later items first, so that the numbers of earlier ones hold.
fn remove(root: &mut Node, pointers: &mut Vec<String>) {
    let key = |pointer: &String| {
        let tokens = tokens(pointer).unwrap_or_default();
        tokens.into_iter().map(|token| (token.parse::<usize>().unwrap_or(0), token)).collect::<Vec<_>>()
    };
    pointers.sort_by_cached_key(key);
    pointers.dedup();
    for pointer in pointers.iter().rev() {
        let mut parts = tokens(pointer).unwrap_or_default();
        let Some(last) = parts.pop() else {
            root.value = Value::Map(Map::default());
            continue;
        };
        let above = parts.iter().fold(String::new(), |above, part| crate::openapi::node::join(&above, part));
        match root.at_mut(&above).map(|node| &mut node.value) {
            Some(Value::Map(map)) => drop(map.remove(&last)),
            Some(Value::List(list)) => {
                if let Some(at) = last.parse::<usize>().ok().filter(|at| *at < list.len()) {
                    list.remove(at);
                }
            }
            _ => {}
        }
    }
}

/// Objects are merged, what is set on an array is appended, anything else replaces (Overlay 1.0.0, Action Object).
pub fn update(node: &mut Node, change: &Node) {
    match (&mut node.value, &change.value) {
        (Value::Map(map), Value::Map(changes)) => {
            for entry in changes {
                match map.get_mut(&entry.key) {
                    Some(old)
                        if matches!(
                            (&old.value, &entry.node.value),
                            (Value::Map(_), Value::Map(_)) | (Value::List(_), Value::List(_))
                        ) =>
                    {
                        update(old, &entry.node);
                    }
                    _ => drop(map.insert(&entry.key, entry.place.clone(), entry.node.clone())),
                }
            }
        }
        (Value::List(list), Value::List(more)) => list.extend(more.iter().cloned()),
        (Value::List(list), _) => list.push(change.clone()),
        _ => *node = change.clone(),
    }
}
