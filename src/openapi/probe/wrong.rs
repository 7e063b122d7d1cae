//! Values that break one thing that a schema states, made of a value that fits it.

use crate::diag::Place;
use crate::openapi::node::{self, Map, Node, Number, Value};
use crate::openapi::view::{Properties, View, types};
use crate::openapi::{Parameter, Side, Validator};

/// A value that does not fit.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    /// The keyword that it breaks.
    pub keyword: &'static str,
    /// Where the document states it.
    pub rule: Place,
    /// What is wrong, a few words.
    pub what: String,
    /// The whole value; none where it is left out.
    pub value: Option<Node>,
}

/// Letters of a made text: what a query can hold, and what a body can.
const LONGEST_IN_QUERY: usize = 4_000;
const LONGEST: usize = 200_000;
/// Items of a made list.
const MOST_ITEMS: usize = 5_000;
/// Levels of a body that are looked at.
const DEEPEST: usize = 4;

/// Wrong values of a parameter of a query or a header.
pub(super) fn of_parameter<'d>(
    validator: &Validator<'d>,
    root: &'d Node,
    schema: &'d Node,
    value: &Node,
    parameter: &Parameter<'d>,
) -> Vec<Wrong> {
    let mut maker = Maker { root, out: Vec::new(), longest: LONGEST_IN_QUERY, in_text: true };
    maker.scalar(schema, value, "");
    let mut out = settle(validator, schema, value, maker.out);
    for wrong in &mut out {
        wrong.what = format!("`{}` {}", parameter.name, wrong.what);
    }
    if parameter.at.node.get("required").and_then(Node::bool) == Some(true) {
        let what = format!("without `{}`", parameter.name);
        let rule = parameter.at.node.place_of("required").clone();
        out.push(Wrong { keyword: "required", rule, what, value: None });
    }
    out
}

/// Wrong values of a JSON body.
pub(super) fn of_body<'d>(
    validator: &Validator<'d>,
    root: &'d Node,
    schema: &'d Node,
    value: &Node,
) -> Vec<Wrong> {
    let mut maker = Maker { root, out: Vec::new(), longest: LONGEST, in_text: false };
    maker.any(schema, value, "", 0);
    settle(validator, schema, value, maker.out)
}

/// Keeps what does break the schema, with the change made to the whole value.
fn settle<'d>(validator: &Validator<'d>, schema: &'d Node, value: &Node, made: Vec<Made>) -> Vec<Wrong> {
    let mut out = Vec::new();
    let mut broken = std::collections::HashSet::new();
    for Made { pointer, keyword, rule, what, change } in made {
        // Several texts are tried against a pattern: one that does not match is enough.
        if keyword == "pattern" && broken.contains(&pointer) {
            continue;
        }
        let Some(whole) = changed(value, &pointer, change) else { continue };
        let judged = validator.check(schema, &whole, Side::Request);
        if judged.not_judged.is_none() && !judged.violations.is_empty() {
            if keyword == "pattern" {
                broken.insert(pointer);
            }
            out.push(Wrong { keyword, rule, what, value: Some(whole) });
        }
    }
    out
}

enum Change {
    Replace(Node),
    Remove(String),
    Add(String),
}

struct Made {
    pointer: String,
    keyword: &'static str,
    rule: Place,
    what: String,
    change: Change,
}

fn changed(value: &Node, pointer: &str, change: Change) -> Option<Node> {
    let mut whole = value.clone();
    let part = whole.at_mut(pointer)?;
    match change {
        Change::Replace(node) => *part = node,
        Change::Remove(key) => drop(part.map_mut()?.remove(&key)?),
        Change::Add(key) => {
            let place = part.place.clone();
            let node = Node { value: Value::Bool(true), place: place.clone() };
            part.map_mut()?.insert(&key, place, node);
        }
    }
    Some(whole)
}

struct Maker<'d> {
    root: &'d Node,
    out: Vec<Made>,
    longest: usize,
    /// Whether every value is sent as text, so that text is never of a wrong type.
    in_text: bool,
}

impl<'d> Maker<'d> {
    fn make(&mut self, schema: &Node, keyword: &'static str, pointer: &str, what: &str, change: Change) {
        let rule = schema.place_of(keyword).clone();
        let what = if pointer.is_empty() { what.to_owned() } else { format!("`{pointer}` {what}") };
        self.out.push(Made { pointer: pointer.to_owned(), keyword, rule, what, change });
    }

    fn any(&mut self, schema: &'d Node, value: &Node, pointer: &str, depth: usize) {
        let view = View::of(self.root, schema);
        match &value.value {
            Value::Map(map) => self.object(view.node, map, value, pointer, depth),
            Value::List(list) => {
                self.lengths(view.node, list, value, pointer);
                if let (Some(items), Some(first), true) =
                    (view.node.get("items"), list.first(), depth < DEEPEST)
                {
                    self.any(items, first, &format!("{pointer}/0"), depth + 1);
                }
            }
            _ => self.scalar(schema, value, pointer),
        }
    }

    fn object(&mut self, schema: &'d Node, map: &Map, value: &Node, pointer: &str, depth: usize) {
        let properties = Properties::of(self.root, schema);
        for entry in map {
            let name = &*entry.key;
            let Some(property) = properties.get(name) else { continue };
            if View::of(self.root, property.node).flag("readOnly") {
                continue;
            }
            if properties.requires(name) {
                let below = node::join(pointer, name);
                // The field's own line says that it must be there: in Rust, by its type.
                let rule = property.node.place.clone();
                let change = Change::Remove(name.to_owned());
                let what = format!("without `{below}`");
                self.out.push(Made { pointer: pointer.to_owned(), keyword: "required", rule, what, change });
            }
            if depth < DEEPEST {
                self.any(property.node, &entry.node, &node::join(pointer, name), depth + 1);
            }
        }
        if schema.get("additionalProperties").and_then(Node::bool) == Some(false) {
            let change = Change::Add("oathbook-unknown".into());
            self.make(schema, "additionalProperties", pointer, "with a field that is not documented", change);
        }
        if depth == 0 && types(schema) == ["object"] {
            let text = Node::of_text("oathbook", value.place.clone());
            self.make(schema, "type", pointer, "is text instead of an object", Change::Replace(text));
        }
    }

    fn lengths(&mut self, schema: &'d Node, list: &[Node], value: &Node, pointer: &str) {
        let of = |items: Vec<Node>| {
            Change::Replace(Node { value: Value::List(items), place: value.place.clone() })
        };
        if whole(schema, "minItems").is_some_and(|least| least > 0) {
            self.make(schema, "minItems", pointer, "is an empty list", of(Vec::new()));
        }
        if let (Some(most), Some(first)) =
            (whole(schema, "maxItems").filter(|most| *most < MOST_ITEMS), list.first())
        {
            let what = format!("has {} items", most + 1);
            self.make(schema, "maxItems", pointer, &what, of(vec![first.clone(); most + 1]));
        }
    }

    fn scalar(&mut self, schema: &'d Node, value: &Node, pointer: &str) {
        let view = View::of(self.root, schema);
        let node = view.node;
        let at = |value| Change::Replace(Node { value, place: view.node.place.clone() });
        let text = |text: String| at(Value::Text(text.as_str().into()));
        if node.get("enum").is_some() {
            let what = "is a value that is not listed";
            self.make(node, "enum", pointer, what, text("oathbook-unknown".into()));
            return;
        }
        match &value.value {
            Value::Number(_) => {
                for (keyword, by) in
                    [("minimum", -1), ("exclusiveMinimum", -1), ("maximum", 1), ("exclusiveMaximum", 1)]
                {
                    if let Some(number) =
                        node.get(keyword).and_then(Node::number).and_then(|bound| beyond(bound, by))
                    {
                        let what = format!("is {}", number.as_str());
                        self.make(node, keyword, pointer, &what, at(Value::Number(number)));
                    }
                }
                self.make(node, "type", pointer, "is text instead of a number", text("oathbook".into()));
            }
            Value::Bool(_) => {
                self.make(node, "type", pointer, "is text instead of true or false", text("oathbook".into()));
            }
            Value::Text(_) => {
                if let Some(least) = whole(node, "minLength").filter(|least| *least > 0) {
                    let what = format!("has {} characters", least - 1);
                    self.make(
                        node,
                        "minLength",
                        pointer,
                        &what,
                        text("x".repeat(least.min(self.longest) - 1)),
                    );
                }
                if let Some(most) = whole(node, "maxLength").filter(|most| *most < self.longest) {
                    let what = format!("has {} characters", most + 1);
                    self.make(node, "maxLength", pointer, &what, text("x".repeat(most + 1)));
                }
                if node.get("pattern").is_some() {
                    for sample in ["!", " ~Ü ", "oathbook", "0"] {
                        let what = format!("is `{sample}`");
                        self.make(node, "pattern", pointer, &what, text(sample.to_owned()));
                    }
                }
                if !self.in_text {
                    let what = "is an object instead of text";
                    self.make(node, "type", pointer, what, at(Value::Map(Map::default())));
                }
            }
            _ => {}
        }
    }
}

fn whole(schema: &Node, key: &str) -> Option<usize> {
    usize::try_from(schema.get(key)?.number()?.as_i128()?).ok()
}

/// A number on the wrong side of a bound.
fn beyond(bound: &Number, by: i32) -> Option<Number> {
    if let Some(whole) = bound.as_i128() {
        return Some(Number::new(whole.checked_add(i128::from(by))?.to_string()));
    }
    let value = bound.as_f64() + f64::from(by);
    value.is_finite().then(|| Number::new(value.to_string()))
}
