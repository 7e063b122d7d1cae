//! `oneOf`, `anyOf`, `allOf` and discriminators: which variant before is which after.

use super::engine::{At, Engine, Thing};
use super::keywords::shown;
use super::types::bare_variants;
use crate::openapi::node::Node;
use crate::openapi::view::{Part, View, is_annotation, is_null, parts, variant_name};
use std::collections::{HashMap, HashSet};

/// A variant and what tells it from its neighbours.
struct Variant<'d> {
    node: &'d Node,
    /// Without wrappers.
    inner: &'d Node,
    name: String,
    /// Whether the name is more than its type.
    telling: bool,
}

fn variant<'d>(root: &'d Node, node: &'d Node) -> Variant<'d> {
    let (name, telling) = variant_name(root, node);
    Variant { node, inner: View::of(root, node).node, name, telling }
}

/// Variants before with those after, and what is left over on each side.
struct Matched<'d> {
    pairs: Vec<(Variant<'d>, Variant<'d>)>,
    gone: Vec<Variant<'d>>,
    new: Vec<Variant<'d>>,
}

fn matched<'d>(before: Vec<Variant<'d>>, after: Vec<Variant<'d>>) -> Matched<'d> {
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, variant) in after.iter().enumerate().rev() {
        by_name.entry(variant.name.clone()).or_default().push(at);
    }
    let mut after: Vec<Option<Variant<'d>>> = after.into_iter().map(Some).collect();
    let (mut pairs, mut gone) = (Vec::new(), Vec::new());
    for old in before {
        let found = by_name.get_mut(&old.name).and_then(Vec::pop).and_then(|at| after[at].take());
        match found {
            Some(new) => pairs.push((old, new)),
            None => gone.push(old),
        }
    }
    let mut new: Vec<Variant<'d>> = after.into_iter().flatten().collect();
    // A component that moved or was renamed, or one variant that changed: not one gone and one new.
    if let ([old], [now]) = (&gone[..], &new[..])
        && (!(old.telling && now.telling) || old.inner.same(now.inner))
        && (old.telling == now.telling)
    {
        pairs.extend(gone.pop().zip(new.pop()));
    }
    Matched { pairs, gone, new }
}

impl<'d> Engine<'d> {
    /// Whether a schema became a choice of variants of which none is it.
    pub(super) fn wrapped(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) -> bool {
        let choice = |node: &'d Node| node.get("oneOf").filter(|_| bare_variants(node).is_none());
        match (choice(base), choice(head)) {
            (None, Some(variants))
                if base.get("properties").is_some() && head.get("properties").is_none() =>
            {
                if !self.widened(base, variants, ("one-of", "added"), at) {
                    self.aspect(at, "wrapped-in-one-of", Thing::Is(base), Thing::Key(head, "oneOf"), &[]);
                }
                true
            }
            (Some(variants), None)
                if head.get("properties").is_some() && base.get("properties").is_none() =>
            {
                self.narrowed(head, variants, at)
            }
            _ => false,
        }
    }

    /// A schema that became one of several variants: the others are new.
    fn widened(&mut self, base: &'d Node, variants: &'d Node, names: (&str, &str), at: &At<'d>) -> bool {
        let same = |variant: &&'d Node| View::of(self.head, variant).node.same(base);
        let Some(kept) = variants.list().iter().find(same) else { return false };
        for other in variants.list().iter().filter(|other| !std::ptr::eq(*other, kept) && !is_null(other)) {
            let name = variant(self.head, other).name;
            let values = [format!("`{name}`")];
            self.aspect(at, &format!("{}-{}", names.0, names.1), Thing::Is(base), Thing::Is(other), &values);
        }
        true
    }

    /// A choice that became one of its variants: the others are gone.
    fn narrowed(&mut self, head: &'d Node, variants: &'d Node, at: &At<'d>) -> bool {
        let same = |variant: &&'d Node| View::of(self.base, variant).node.same(head);
        let Some(kept) = variants.list().iter().find(same) else { return false };
        for other in variants.list().iter().filter(|other| !std::ptr::eq(*other, kept) && !is_null(other)) {
            let values = [format!("`{}`", variant(self.base, other).name)];
            self.aspect(at, "one-of-removed", Thing::Is(other), Thing::Is(head), &values);
        }
        true
    }

    pub(super) fn variants(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        // A choice between bare types is a list of types.
        let told = |node: &'d Node| {
            bare_variants(node).is_some() || node.get("oneOf").or(node.get("anyOf")).is_none()
        };
        if told(base) && told(head) {
            return self.discriminator(base.get("discriminator"), head.get("discriminator"), at);
        }
        for (keyword, name) in [("oneOf", "one-of"), ("anyOf", "any-of")] {
            let list = |root: &'d Node, node: &'d Node| -> Vec<Variant<'d>> {
                let listed = node.get(keyword).map(Node::list).unwrap_or_default();
                listed.iter().filter(|node| !is_null(node)).map(|node| variant(root, node)).collect()
            };
            let (before, after) = (list(self.base, base), list(self.head, head));
            if before.is_empty() && after.is_empty() {
                continue;
            }
            let Matched { pairs, gone, new } = matched(before, after);
            for (old, new) in pairs {
                let at = at.variant(&new.name);
                self.schemas(Some(old.node), Some(new.node), &at);
            }
            for old in gone {
                let values = [format!("`{}`", old.name)];
                self.aspect(at, &format!("{name}-removed"), Thing::Is(old.node), Thing::Absent, &values);
            }
            for new in new {
                let values = [format!("`{}`", new.name)];
                self.aspect(at, &format!("{name}-added"), Thing::Absent, Thing::Is(new.node), &values);
            }
        }
        self.discriminator(base.get("discriminator"), head.get("discriminator"), at);
    }

    fn discriminator(&mut self, base: Option<&'d Node>, head: Option<&'d Node>, at: &At<'d>) {
        let name = |node: &Node| node.get("propertyName").map_or_else(|| "without a name".to_owned(), shown);
        let (before, after) = match (base, head) {
            (None, None) => return,
            (None, Some(head)) => {
                self.aspect(at, "discriminator-added", Thing::Absent, Thing::Is(head), &[name(head)]);
                return;
            }
            (Some(base), None) => {
                self.aspect(at, "discriminator-removed", Thing::Is(base), Thing::Absent, &[name(base)]);
                return;
            }
            (Some(base), Some(head)) => (base, head),
        };
        if name(before) != name(after) {
            let values = [name(before), name(after)];
            let things = (Thing::Is(before), Thing::Is(after));
            self.aspect(at, "discriminator-property-name-changed", things.0, things.1, &values);
        }
        let (old, new) = (before.get("mapping"), after.get("mapping"));
        for entry in old.map(Node::entries).into_iter().flatten() {
            let values = [format!("`{}`", entry.key)];
            let is = Thing::Is(&entry.node);
            match new.and_then(|new| new.get(&entry.key)) {
                None => self.aspect(at, "discriminator-mapping-deleted", is, Thing::Is(after), &values),
                Some(now) if !now.same(&entry.node) => {
                    self.aspect(at, "discriminator-mapping-changed", is, Thing::Is(now), &values);
                }
                Some(_) => {}
            }
        }
        for entry in new.map(Node::entries).into_iter().flatten() {
            if old.is_none_or(|old| old.get(&entry.key).is_none()) {
                let values = [format!("`{}`", entry.key)];
                let things = (Thing::Is(before), Thing::Is(&entry.node));
                self.aspect(at, "discriminator-mapping-added", things.0, things.1, &values);
            }
        }
    }

    /// `allOf`. Properties of parts are compared with the schema's own; here is what parts say beyond them.
    pub(super) fn parts(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        self.parts_within(base, head, at, &mut HashSet::new());
    }

    /// As [`Engine::parts`]; `seen` ends circles of `allOf`.
    fn parts_within(
        &mut self,
        base: &'d Node,
        head: &'d Node,
        at: &At<'d>,
        seen: &mut HashSet<(*const Node, *const Node)>,
    ) {
        if !seen.insert((std::ptr::from_ref(base), std::ptr::from_ref(head))) {
            return;
        }
        let (before, after) = (parts(self.base, base), parts(self.head, head));
        if before.is_empty() && after.is_empty() {
            return;
        }
        let named = |root: &'d Node, parts: &[Part<'d>]| -> Vec<Variant<'d>> {
            parts.iter().map(|part| variant(root, part.node)).collect()
        };
        let Matched { pairs, gone, new } = matched(named(self.base, &before), named(self.head, &after));
        for (old, new) in pairs {
            let (was, is) = (View::of(self.base, old.node).node, View::of(self.head, new.node).node);
            if self.types(was, is, at) {
                self.keywords(was, is, at);
                self.variants(was, is, at);
                self.parts_within(was, is, at, seen);
            }
        }
        for (list, root, change) in [(gone, self.base, "removed"), (new, self.head, "added")] {
            for part in list {
                let Some(kind) = says(View::of(root, part.node).node) else { continue };
                let (was, is) = match change {
                    "removed" => (Thing::Is(part.node), Thing::Absent),
                    _ => (Thing::Absent, Thing::Is(part.node)),
                };
                self.aspect(at, &format!("all-of-{change}{kind}"), was, is, &[format!("`{}`", part.name)]);
            }
        }
    }
}

/// What a part says beyond properties: a constraint, or nothing; none if properties are all it has.
fn says(node: &Node) -> Option<&'static str> {
    let covered = |key: &str| matches!(key, "type" | "properties" | "required" | "allOf" | "$ref");
    let beyond = node.entries().any(|entry| !covered(&entry.key) && !is_annotation(&entry.key));
    let has_properties =
        ["properties", "required", "allOf", "$ref"].iter().any(|key| node.get(key).is_some());
    match (beyond, has_properties) {
        (true, _) => Some(""),
        (false, true) => None,
        (false, false) if node.get("type").is_some() => Some(""),
        (false, false) => Some("-annotation-only"),
    }
}
