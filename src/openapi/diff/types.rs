//! Types and formats: whether one set of values holds the other.

use super::engine::{At, Engine, Thing};
use super::rules::{Side, Spot};
use crate::openapi::node::Node;
use crate::openapi::view::{is_null, parts};
use std::collections::VecDeque;

/// Formats of which each holds the values of those before it (OpenAPI format registry).
const WIDENING: &[&[&str]] =
    &[&["int8", "int16", "int32", "int64"], &["uint8", "uint16", "uint32", "uint64"], &["float", "double"]];

/// How the values after a change relate to those before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Same,
    Narrower,
    Wider,
    Different,
}

impl Relation {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Same, one) | (one, Self::Same) => one,
            (a, b) if a == b => a,
            _ => Self::Different,
        }
    }
}

/// Parts that are asked for a type.
const ASKED: usize = 200;

/// The types of a schema: its own, else those of the first part that says any.
fn all_types<'d>(root: &'d Node, node: &'d Node) -> Vec<&'d str> {
    let mut open = VecDeque::from([node]);
    for _ in 0..ASKED {
        let Some(node) = open.pop_front() else { break };
        let own = types(node);
        if !own.is_empty() {
            return own;
        }
        open.extend(parts(root, node).into_iter().map(|part| part.view.node).take(ASKED));
    }
    Vec::new()
}

/// The types of a schema without `null`; what `properties` or `items` imply where none is said.
fn types(node: &Node) -> Vec<&str> {
    if let Some(kind) = node.get("type") {
        let listed: Vec<&str> = match kind.text() {
            Some(one) => vec![one],
            None => kind.list().iter().filter_map(Node::text).collect(),
        };
        return listed.into_iter().filter(|kind| *kind != "null").collect();
    }
    if let Some(list) = bare_variants(node) {
        return list;
    }
    if ["properties", "additionalProperties", "required"].iter().any(|key| node.get(key).is_some()) {
        return vec!["object"];
    }
    if node.get("items").is_some() { vec!["array"] } else { Vec::new() }
}

/// The types of a choice between schemas that say nothing but a type.
pub(super) fn bare_variants(node: &Node) -> Option<Vec<&str>> {
    let variants = node.get("oneOf").or_else(|| node.get("anyOf"))?.list();
    let bare =
        |variant: &'_ Node| variant.map().is_some_and(|map| map.len() == 1 && map.get("type").is_some());
    let all = !variants.is_empty() && variants.iter().all(bare);
    all.then(|| {
        variants
            .iter()
            .filter_map(|variant| variant.get_text("type"))
            .filter(|kind| *kind != "null")
            .collect()
    })
}

/// Whether a schema itself allows null.
pub(super) fn allows_null(node: &Node) -> bool {
    let said = node.get("nullable").and_then(Node::bool) == Some(true);
    let listed =
        node.get("type").is_some_and(|kind| kind.list().iter().any(|kind| kind.text() == Some("null")));
    let variant = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|key| node.get(key))
        .any(|variants| variants.list().iter().any(is_null));
    said || listed || variant || is_null(node)
}

fn shown(types: &[&str], format: Option<&str>) -> String {
    let types = if types.is_empty() { "anything".to_owned() } else { types.join(" or ") };
    match format {
        Some(format) => format!("{types} ({format})"),
        None => types,
    }
}

/// Types of `list` that none of `known` holds.
fn beyond<'t>(list: &[&'t str], known: &[&str]) -> Vec<&'t str> {
    let held = |kind: &str| known.contains(&kind) || kind == "integer" && known.contains(&"number");
    list.iter().copied().filter(|kind| !held(kind)).collect()
}

fn of_types(base: &[&str], head: &[&str]) -> Relation {
    match (base.is_empty(), head.is_empty()) {
        (true, true) => return Relation::Same,
        (true, false) => return Relation::Narrower,
        (false, true) => return Relation::Wider,
        _ => {}
    }
    match (beyond(base, head).is_empty(), beyond(head, base).is_empty()) {
        (true, true) => Relation::Same,
        (true, false) => Relation::Wider,
        (false, true) => Relation::Narrower,
        (false, false) => Relation::Different,
    }
}

fn of_formats(base: Option<&str>, head: Option<&str>) -> Relation {
    let (base, head) = match (base, head) {
        (None, None) => return Relation::Same,
        (None, Some(_)) => return Relation::Narrower,
        (Some(_), None) => return Relation::Wider,
        (Some(base), Some(head)) if base == head => return Relation::Same,
        (Some(base), Some(head)) => (base, head),
    };
    let find = |format: &str| {
        WIDENING
            .iter()
            .enumerate()
            .find_map(|(at, chain)| Some((at, chain.iter().position(|one| *one == format)?)))
    };
    match (find(base), find(head)) {
        (Some((chain, before)), Some((other, after))) if chain == other => {
            if before < after {
                Relation::Wider
            } else {
                Relation::Narrower
            }
        }
        _ => Relation::Different,
    }
}

impl<'d> Engine<'d> {
    /// Compares types and formats; false if they have nothing in common, so that nothing else need be said.
    pub(super) fn types(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) -> bool {
        let (before, after) = (all_types(self.base, base), all_types(self.head, head));
        let (old, new) = (base.get_text("format"), head.get_text("format"));
        let by_type = of_types(&before, &after);
        let things = (thing(base), thing(head));
        if (before.len() > 1 || after.len() > 1) && !before.is_empty() && !after.is_empty() {
            for (aspect, list) in [
                ("list-of-types-narrowed", beyond(&before, &after)),
                ("list-of-types-widened", beyond(&after, &before)),
            ] {
                if !list.is_empty() {
                    self.aspect(at, aspect, things.0, things.1, &[list.join(" or ")]);
                }
            }
            return by_type != Relation::Different;
        }
        // A format of another type says nothing about this one.
        let relation =
            if by_type == Relation::Different { by_type } else { by_type.and(of_formats(old, new)) };
        if relation == Relation::Same {
            return true;
        }
        // Text in an address or a header: a string takes every scalar.
        let to_text = matches!(at.spot, Spot::Parameter | Spot::HeaderParameter)
            && after == ["string"]
            && new.is_none()
            && !before.iter().any(|kind| matches!(*kind, "object" | "array"));
        let aspect = match relation {
            Relation::Different if to_text && at.spot.side() == Side::Request => "type-generalized",
            Relation::Narrower => "type-specialized",
            Relation::Wider => "type-generalized",
            _ => "type-changed",
        };
        let format_alone = by_type == Relation::Same;
        let keep = |format| if format_alone || before == after { format } else { None };
        let (from, to) = (shown(&before, old.or(keep(old))), shown(&after, new.or(keep(new))));
        let values = [from, to];
        self.aspect(at, aspect, things.0, things.1, &values);
        by_type != Relation::Different && !(before.is_empty() || after.is_empty())
    }
}

fn thing(node: &Node) -> Thing<'_> {
    if node.get("type").is_some() { Thing::Key(node, "type") } else { Thing::Is(node) }
}
