//! One document of several. Sources may each hold some paths, components and tags; what two of them say, they must say
//! alike.

use crate::diag::{Problem, code};
use crate::openapi::node::{self, Node, Value};

/// Adds what `other` holds to `base`. Objects that collect things by name are united; anything else that both hold
/// must be equal, or it is a conflict, and `base` keeps its own.
pub fn merge(base: &mut Node, other: Node, problems: &mut Vec<Problem>) {
    unite(base, other, &mut Vec::new(), problems);
}

/// Whether an object at this path collects things by name.
fn collects(path: &[String]) -> bool {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    matches!(
        names.as_slice(),
        [] | ["info" | "paths" | "webhooks" | "components"] | ["paths" | "webhooks" | "components", _]
    )
}

fn unite(base: &mut Node, other: Node, path: &mut Vec<String>, problems: &mut Vec<Problem>) {
    let collecting = collects(path);
    match (&mut base.value, other.value) {
        (Value::Map(map), Value::Map(more)) if collecting => {
            for entry in &more {
                match map.get_mut(&entry.key) {
                    Some(old) => {
                        path.push(entry.key.to_string());
                        unite(old, entry.node.clone(), path, problems);
                        path.pop();
                    }
                    None => drop(map.insert(&entry.key, entry.place.clone(), entry.node.clone())),
                }
            }
        }
        (Value::List(list), Value::List(more)) if path.len() == 1 && path[0] != "security" => {
            for item in more {
                let name = |node: &Node| node.get_text("name").or(node.get_text("url")).map(str::to_owned);
                match list.iter().find(|known| name(known).is_some() && name(known) == name(&item)) {
                    Some(known) if !known.same(&item) => conflict(known, &item, path, problems),
                    Some(_) => {}
                    None => list.push(item),
                }
            }
        }
        (_, value) => {
            let other = Node { value, place: other.place };
            if !base.same(&other) {
                conflict(base, &other, path, problems);
            }
        }
    }
}

fn conflict(base: &Node, other: &Node, path: &[String], problems: &mut Vec<Problem>) {
    let pointer = path.iter().fold(String::new(), |pointer, token| node::join(&pointer, token));
    let message = format!("two sources say different things at `{pointer}`");
    problems.push(
        Problem::new(code::OPENAPI_CONFLICT, &other.place, pointer, message)
            .related(&base.place, "said here first, and kept")
            .help("let one source say it, or make both say the same"),
    );
}
