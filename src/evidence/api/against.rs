//! A document that was read from source, held against one that utoipa wrote: which operations and components are alike,
//! which have a hole, and which differ.

use super::{Difference, differences};
use crate::openapi::node::{self, Node, Value};
use std::collections::BTreeSet;

/// How many parts of a document came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The same value in both.
    pub equal: usize,
    /// Alike but for what could not be read.
    pub holes: usize,
    /// Different, missing or too much.
    pub different: usize,
}

impl Tally {
    /// All parts.
    pub fn all(self) -> usize {
        self.equal + self.holes + self.different
    }
}

/// What a comparison found.
#[derive(Debug, Default)]
pub struct Agreement {
    /// Operations, by path and method.
    pub operations: Tally,
    /// `components/schemas`.
    pub schemas: Tally,
    /// Everything else: other components, and the fields at the top.
    pub rest: Tally,
    /// What differs and is no hole, in the order of the document.
    pub differences: Vec<Difference>,
}

/// Methods of a path item (OpenAPI 3.2 adds `query`).
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// What could not be read.
#[derive(Clone, Copy, Debug)]
pub struct Unread<'h> {
    /// Pointers to it.
    pub pointers: &'h [String],
    /// Whether operations may be missing altogether, and nobody knows which.
    pub elsewhere: bool,
}

/// Holds `now` against `recorded`. Keys of `ignored` do not count, wherever they stand: what a service strips from its
/// document before it serves it.
pub fn agreement(recorded: &Node, now: &Node, unread: Unread<'_>, ignored: &[String]) -> Agreement {
    let (mut recorded, mut now) = (recorded.clone(), now.clone());
    strip(&mut recorded, ignored);
    strip(&mut now, ignored);
    let mut out = Agreement::default();
    for pointer in parts(&recorded).into_iter().chain(parts(&now)).collect::<BTreeSet<_>>() {
        let (old, new) = (recorded.at(&pointer), now.at(&pointer));
        let mut found = match (old, new) {
            (Some(old), Some(new)) => differences(old, new),
            _ => vec![alone(&pointer, &recorded, &now)],
        };
        let is_hole = is_unread(&pointer, unread.pointers) || (new.is_none() && unread.elsewhere);
        if old.is_some() && new.is_some() {
            for difference in &mut found {
                difference.pointer.insert_str(0, &pointer);
            }
        }
        found.retain(|one| !inside(&one.pointer, unread.pointers));
        if new.is_none() && unread.elsewhere {
            found.clear();
        }
        let tally = tally(&mut out, &pointer);
        match (found.is_empty(), is_hole) {
            (true, false) => tally.equal += 1,
            (true, true) => tally.holes += 1,
            (false, _) => tally.different += 1,
        }
        out.differences.append(&mut found);
    }
    out
}

fn tally<'a>(out: &'a mut Agreement, pointer: &str) -> &'a mut Tally {
    if pointer.starts_with("/paths/") {
        &mut out.operations
    } else if pointer.starts_with("/components/schemas/") {
        &mut out.schemas
    } else {
        &mut out.rest
    }
}

/// A part that only one side has.
fn alone(pointer: &str, recorded: &Node, now: &Node) -> Difference {
    let side = |root: &Node| Some(("there".to_owned(), root.place_at(pointer)?.clone()));
    Difference { pointer: pointer.to_owned(), recorded: side(recorded), now: side(now) }
}

/// Whether a part of the value at a pointer, or something around it, could not be read.
fn is_unread(pointer: &str, holes: &[String]) -> bool {
    let below =
        |a: &str, b: &str| b.strip_prefix(a).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    holes.iter().any(|hole| below(pointer, hole) || below(hole, pointer))
}

/// Whether a pointer leads to a hole or into one.
fn inside(pointer: &str, holes: &[String]) -> bool {
    holes.iter().any(|hole| {
        pointer.strip_prefix(hole.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Pointers to the parts that are told apart.
fn parts(root: &Node) -> Vec<String> {
    let mut out = Vec::new();
    for top in root.entries() {
        let at = node::join("", &top.key);
        let depth = match &*top.key {
            "paths" | "components" => 2,
            _ => 0,
        };
        descend(&top.node, &at, depth, &mut out);
    }
    out
}

fn descend(node: &Node, at: &str, depth: usize, out: &mut Vec<String>) {
    let is_operation = |key: &str| !at.starts_with("/paths/") || METHODS.contains(&key);
    if depth == 0 || node.map().is_none() {
        out.push(at.to_owned());
        return;
    }
    for entry in node.entries() {
        let below = node::join(at, &entry.key);
        if is_operation(&entry.key) {
            descend(&entry.node, &below, depth - 1, out);
        } else {
            out.push(below);
        }
    }
}

fn strip(node: &mut Node, ignored: &[String]) {
    if ignored.is_empty() {
        return;
    }
    match &mut node.value {
        Value::Map(map) => {
            map.retain(|entry| !ignored.iter().any(|key| **key == *entry.key));
            map.values_mut().for_each(|inner| strip(inner, ignored));
        }
        Value::List(list) => list.iter_mut().for_each(|inner| strip(inner, ignored)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RelPath;
    use crate::openapi::Document;

    fn document(text: &str) -> Document {
        Document::parse(&RelPath::parse("a.json").unwrap(), text)
    }

    #[test]
    fn parts_are_equal_holes_or_different() {
        let old = document(
            r#"{"info":{"title":"a"},"paths":{"/a":{"get":{"x":1},"put":{"x":1}},"/b":{"get":{"y":1,"x-i":2}}},
            "components":{"schemas":{"A":{"type":"string"},"B":{}},"responses":{"R":{}}}}"#,
        );
        let new = document(
            r#"{"info":{"title":"a"},"paths":{"/a":{"get":{"x":2},"put":{"x":1}},"/b":{"get":{"y":1}}},
            "components":{"schemas":{"A":{"type":"number"},"C":{}},"responses":{"R":{}}}}"#,
        );
        let pointers = ["/paths/~1a/get/x".to_owned()];
        let unread = Unread { pointers: &pointers, elsewhere: false };
        let found = agreement(&old.root, &new.root, unread, &["x-i".to_owned()]);
        assert_eq!(found.operations, Tally { equal: 2, holes: 1, different: 0 });
        assert_eq!(found.schemas, Tally { equal: 0, holes: 0, different: 3 });
        assert_eq!(found.rest, Tally { equal: 2, holes: 0, different: 0 });
        let at: Vec<&str> = found.differences.iter().map(|one| one.pointer.as_str()).collect();
        assert_eq!(at, ["/components/schemas/A/type", "/components/schemas/B", "/components/schemas/C"]);
    }
}
