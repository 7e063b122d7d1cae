//! Limits, lists of values, patterns and other keywords of one schema.

use super::engine::{At, Engine, Thing};
use super::rules::Side;
use super::types::allows_null;
use crate::openapi::node::Node;
use crate::openapi::view::View;
use std::collections::{BTreeMap, HashSet};

/// Keyword, name in rules, and what its absence means where that is a number.
const LIMITS: &[(&str, &str, Option<f64>)] = &[
    ("maxLength", "max-length", None),
    ("minLength", "min-length", Some(0.0)),
    ("maxItems", "max-items", None),
    ("minItems", "min-items", None),
    ("maxProperties", "max-properties", None),
    ("minProperties", "min-properties", Some(0.0)),
    ("minContains", "min-contains", Some(1.0)),
    ("maxContains", "max-contains", Some(f64::INFINITY)),
];

/// Keywords whose presence narrows and whose schema is not looked into.
const PRESENCE: &[(&str, &str)] = &[("not", "not"), ("if", "if")];

/// Keywords that hold a schema whose presence narrows.
const SUBSCHEMAS: &[(&str, &str)] = &[
    ("then", "then"),
    ("else", "else"),
    ("contains", "contains"),
    ("propertyNames", "property-names"),
    ("unevaluatedItems", "unevaluated-items"),
    ("unevaluatedProperties", "unevaluated-properties"),
    ("contentSchema", "content-schema"),
];

/// Keywords that hold schemas by name.
const NAMED: &[(&str, &str)] =
    &[("dependentSchemas", "dependent-schema"), ("patternProperties", "pattern-property")];

/// A value as a message shows it.
pub(super) fn shown(node: &Node) -> String {
    let mut line = node.to_line();
    if line.len() > 60 {
        let cut = (0..=56).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
        line.truncate(cut);
        line.push('…');
    }
    format!("`{line}`")
}

/// A bound and whether it is excluded: a number beside it (3.1) or `true` beside the bound (3.0).
fn bounds<'d>(node: &'d Node, plain: &str, exclusive: &str) -> (Option<&'d Node>, Option<&'d Node>) {
    let bound = node.get(plain).filter(|node| node.number().is_some());
    match node.get(exclusive) {
        Some(flag) if flag.bool() == Some(true) => (None, bound),
        Some(number) if number.number().is_some() => (bound, Some(number)),
        _ => (bound, None),
    }
}

fn number(node: &Node) -> Option<f64> {
    Some(node.number()?.as_f64()).filter(|number| !number.is_nan())
}

impl<'d> Engine<'d> {
    pub(super) fn nullability(&mut self, base: &View<'d>, head: &View<'d>, at: &At<'d>) {
        if base.node.map().is_none() || head.node.map().is_none() {
            return;
        }
        let (before, after) =
            (base.nullable || allows_null(base.node), head.nullable || allows_null(head.node));
        let aspect = match (before, after) {
            (false, true) => "became-nullable",
            (true, false) => "became-not-nullable",
            _ => return,
        };
        let outer = |view: &View<'d>| Thing::Is(view.wrappers.first().copied().unwrap_or(view.node));
        self.aspect(at, aspect, outer(base), outer(head), &[]);
    }

    pub(super) fn defaults(&mut self, base: &View<'d>, head: &View<'d>, at: &At<'d>) {
        self.value(("default", "default-value"), base.annotation("default"), head.annotation("default"), at);
    }

    /// A keyword that holds one value.
    fn value(&mut self, names: (&str, &str), base: Option<&'d Node>, head: Option<&'d Node>, at: &At<'d>) {
        let (aspect, values) = match (base, head) {
            (None, Some(head)) => ("added", vec![shown(head)]),
            (Some(base), None) => ("removed", vec![shown(base)]),
            (Some(base), Some(head)) if !base.same(head) => ("changed", vec![shown(base), shown(head)]),
            _ => return,
        };
        self.aspect(at, &format!("{}-{aspect}", names.1), Thing::of(base), Thing::of(head), &values);
    }

    pub(super) fn keywords(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        self.value(("const", "const"), base.get("const"), head.get("const"), at);
        self.values(("enum", "enum-value"), base, head, at);
        self.values(("x-extensible-enum", "x-extensible-enum-value"), base, head, at);
        for (plain, exclusive, name) in
            [("maximum", "exclusiveMaximum", "max"), ("minimum", "exclusiveMinimum", "min")]
        {
            let (before, after) = (bounds(base, plain, exclusive), bounds(head, plain, exclusive));
            self.limit(name, None, (before.0, after.0), at);
            self.limit(&format!("exclusive-{name}"), None, (before.1, after.1), at);
        }
        for (keyword, name, absent) in LIMITS {
            self.limit(name, *absent, (base.get(keyword), head.get(keyword)), at);
        }
        self.multiples(base.get("multipleOf"), head.get("multipleOf"), at);
        self.unique_items(base, head, at);
        self.pattern(base.get("pattern"), head.get("pattern"), at);
        self.contents(base, head, at);
        self.dependent_required(base, head, at);
        self.conditions(base, head, at);
    }

    fn values(&mut self, names: (&'static str, &str), base: &'d Node, head: &'d Node, at: &At<'d>) {
        let (keyword, aspect) = names;
        let (before, after) = (base.get(keyword), head.get(keyword));
        let (before, after) = match (before, after) {
            (None, None) => return,
            (Some(before), Some(after)) => (before, after),
            (before, after) => {
                if keyword == "enum" {
                    let aspect = if after.is_some() { "became-enum" } else { "became-not-enum" };
                    self.aspect(at, aspect, Thing::of(before), Thing::of(after), &[]);
                }
                return;
            }
        };
        let lines = |list: &Node| -> HashSet<String> { list.list().iter().map(Node::to_line).collect() };
        let (old, new) = (lines(before), lines(after));
        // A list that opens a type to null says so once.
        let told = |value: &Node| value.type_name() == "null";
        for value in before.list().iter().filter(|value| !told(value) && !new.contains(&value.to_line())) {
            let values = [shown(value)];
            self.aspect(
                at,
                &format!("{aspect}-removed"),
                Thing::Is(value),
                Thing::Key(head, keyword),
                &values,
            );
        }
        for value in after.list().iter().filter(|value| !told(value) && !old.contains(&value.to_line())) {
            let values = [shown(value)];
            self.aspect(at, &format!("{aspect}-added"), Thing::Key(base, keyword), Thing::Is(value), &values);
        }
    }

    fn limit(
        &mut self,
        name: &str,
        absent: Option<f64>,
        (base, head): (Option<&'d Node>, Option<&'d Node>),
        at: &At<'d>,
    ) {
        let (before, after) = (base.and_then(number), head.and_then(number));
        let (change, values) = match (before.or(absent), after.or(absent)) {
            (None, Some(_)) => ("set", vec![said(head, None)]),
            (Some(_), None) => ("unset", vec![said(base, None)]),
            (Some(old), Some(new)) if new < old => {
                ("decreased", vec![said(base, absent), said(head, absent)])
            }
            (Some(old), Some(new)) if new > old => {
                ("increased", vec![said(base, absent), said(head, absent)])
            }
            _ => return,
        };
        let known = |node: Option<&'d Node>| Thing::of(node.filter(|node| node.number().is_some()));
        self.aspect(at, &format!("{name}-{change}"), known(base), known(head), &values);
    }

    fn multiples(&mut self, base: Option<&'d Node>, head: Option<&'d Node>, at: &At<'d>) {
        let (before, after) = (base.and_then(number), head.and_then(number));
        let (aspect, values) = match (before, after) {
            (None, Some(_)) => ("multiple-of-set", vec![said(head, None)]),
            (Some(_), None) => ("multiple-of-unset", vec![said(base, None)]),
            (Some(old), Some(new)) if old.total_cmp(&new).is_ne() => {
                ("multiple-of-changed", vec![said(base, None), said(head, None)])
            }
            _ => return,
        };
        self.aspect(at, aspect, Thing::of(base), Thing::of(head), &values);
    }

    fn unique_items(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        let unique = |node: &Node| node.get("uniqueItems").and_then(Node::bool) == Some(true);
        let aspect = match (unique(base), unique(head)) {
            (false, true) => "unique-items-set",
            (true, false) => "unique-items-unset",
            _ => return,
        };
        self.aspect(at, aspect, Thing::Key(base, "uniqueItems"), Thing::Key(head, "uniqueItems"), &[]);
    }

    fn pattern(&mut self, base: Option<&'d Node>, head: Option<&'d Node>, at: &At<'d>) {
        let everything = |node: &Node| matches!(node.text(), Some(".*" | "^.*$" | ""));
        let aspect = match (base, head) {
            (None, Some(_)) => "pattern-added",
            (Some(_), None) => "pattern-removed",
            (Some(base), Some(head)) if base.same(head) => return,
            (Some(_), Some(head)) if everything(head) => "pattern-generalized",
            (Some(_), Some(_)) => "pattern-changed",
            (None, None) => return,
        };
        let values: Vec<String> = base.into_iter().chain(head).map(shown).collect();
        self.aspect(at, aspect, Thing::of(base), Thing::of(head), &values);
    }

    fn contents(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        for (keyword, aspect) in [
            ("contentMediaType", "content-media-type-changed"),
            ("contentEncoding", "content-encoding-changed"),
        ] {
            let (before, after) = (base.get(keyword), head.get(keyword));
            let same = match (before, after) {
                (Some(before), Some(after)) => before.same(after),
                (None, None) => true,
                _ => false,
            };
            if !same {
                let values = [before, after].map(|node| node.map_or_else(|| "none".to_owned(), shown));
                self.aspect(at, aspect, Thing::of(before), Thing::of(after), &values);
            }
        }
    }

    fn dependent_required(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        let read = |node: &'d Node| -> BTreeMap<&'d str, &'d Node> {
            let entries = node.get("dependentRequired").map(Node::entries).into_iter().flatten();
            entries.map(|entry| (&*entry.key, &entry.node)).collect()
        };
        let names = |node: &Node| -> Vec<String> {
            let mut names: Vec<String> = node.list().iter().map(shown).collect();
            names.sort();
            names
        };
        let (before, after) = (read(base), read(head));
        for (name, list) in &before {
            let Some(now) = after.get(name) else {
                let values = [format!("`{name}`"), names(list).join(", ")];
                self.aspect(at, "dependent-required-removed", Thing::Is(list), Thing::Absent, &values);
                continue;
            };
            let (old, new) = (names(list), names(now));
            if old != new {
                let change = format!("{} before, {} now", old.join(", "), new.join(", "));
                let values = [format!("`{name}`"), change];
                self.aspect(at, "dependent-required-changed", Thing::Is(list), Thing::Is(now), &values);
            }
        }
        for (name, list) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
            let values = [format!("`{name}`"), names(list).join(", ")];
            self.aspect(at, "dependent-required-added", Thing::Absent, Thing::Is(list), &values);
        }
    }

    /// Keywords that hold schemas of their own.
    fn conditions(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        for (keyword, name) in PRESENCE {
            let (before, after) = (base.get(keyword), head.get(keyword));
            match (before, after) {
                (Some(before), Some(after)) if before.same(after) => {}
                (None, Some(_)) => self.presence(name, "added", before, after, at),
                // What it now says may be more or less: the worse of both for this side.
                (Some(_), Some(_)) if at.spot.side() == Side::Request => {
                    self.presence(name, "added", before, after, at);
                }
                (Some(_), _) => self.presence(name, "removed", before, after, at),
                (None, None) => {}
            }
        }
        for (keyword, name) in SUBSCHEMAS {
            // `true` says nothing.
            let said = |node: &'d Node| node.get(keyword).filter(|node| node.bool() != Some(true));
            match (said(base), said(head)) {
                (None, None) => {}
                (None, after) => self.presence(name, "added", None, after, at),
                (before, None) => self.presence(name, "removed", before, None, at),
                (before, after) => self.schemas(before, after, &at.step(&format!(".{{{keyword}}}"))),
            }
        }
        for (keyword, name) in NAMED {
            let (before, after) = (base.get(keyword), head.get(keyword));
            for entry in before.map(Node::entries).into_iter().flatten() {
                match after.and_then(|after| after.get(&entry.key)) {
                    Some(now) => {
                        self.schemas(Some(&entry.node), Some(now), &at.step(&format!(".{{{}}}", entry.key)))
                    }
                    None => {
                        let values = [format!("`{}`", entry.key)];
                        self.aspect(
                            at,
                            &format!("{name}-removed"),
                            Thing::Is(&entry.node),
                            Thing::Absent,
                            &values,
                        );
                    }
                }
            }
            for entry in after.map(Node::entries).into_iter().flatten() {
                if before.is_none_or(|before| before.get(&entry.key).is_none()) {
                    let values = [format!("`{}`", entry.key)];
                    self.aspect(at, &format!("{name}-added"), Thing::Absent, Thing::Is(&entry.node), &values);
                }
            }
        }
    }

    fn presence(
        &mut self,
        name: &str,
        change: &str,
        base: Option<&'d Node>,
        head: Option<&'d Node>,
        at: &At<'d>,
    ) {
        self.aspect(at, &format!("{name}-{change}"), Thing::of(base), Thing::of(head), &[]);
    }
}

/// A limit as written, or what its absence means.
fn said(node: Option<&Node>, absent: Option<f64>) -> String {
    match (node.and_then(Node::number), absent) {
        (Some(number), _) => number.as_str().to_owned(),
        (None, Some(number)) if number.is_infinite() => "any number".into(),
        (None, Some(number)) => number.to_string(),
        (None, None) => String::new(),
    }
}
