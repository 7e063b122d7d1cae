//! Values held against schemas: JSON Schema 2020-12 as OpenAPI 3.1 and 3.2 use it, and the dialect of OpenAPI 3.0.
//!
//! Bounded: every schema that is applied to a value is a step, steps and nesting are limited, and what is met beyond
//! (or cannot be judged: a reference out of the document, a pattern of another regular-expression dialect) makes the
//! outcome say so instead of guessing.

mod format;
mod keywords;

pub use keywords::has_type;

use super::node::{self, Node, Value};
use super::{Document, Reference, Version};
use crate::base::Steps;
use crate::diag::Place;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

/// Schemas applied to values in one validation; a large example takes some thousand.
const MOST_STEPS: u64 = 200_000;

/// The same for all values that one validator holds against schemas: a document may have as many examples as schemas.
const MOST_IN_ALL: u64 = 20_000_000;

/// Letters of a text times letters of a pattern: that is what matching one against the other takes.
const MOST_MATCHED: usize = 10_000_000;

/// Schemas within schemas within values.
const DEEPEST: usize = 300;

/// Violations that are kept of one value: a reader mends the first few.
const MOST_VIOLATIONS: usize = 50;

/// Who sends the value: a field that is `readOnly` need not be in a request, one that is `writeOnly` not in a
/// response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Sent to the service.
    Request,
    /// Sent by the service.
    Response,
    /// A value of a schema as such: neither need be there.
    Either,
}

/// A way in which a value does not fit its schema.
#[derive(Clone, Debug)]
pub struct Violation {
    /// The part of the value, as a pointer from its root.
    pub pointer: String,
    /// Where that part is written.
    pub place: Place,
    /// What is wrong with it, one sentence without a full stop.
    pub message: String,
    /// The keyword of the schema.
    pub keyword: &'static str,
    /// Where the schema says it.
    pub rule: Place,
}

/// What a validation found.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// In the order of the value.
    pub violations: Vec<Violation>,
    /// Why a part of the schema could not be applied, if that was so; then no violation does not mean that it fits.
    pub not_judged: Option<String>,
}

impl Outcome {
    /// Judged as a whole, and it fits.
    pub fn fits(&self) -> bool {
        self.violations.is_empty() && self.not_judged.is_none()
    }
}

/// Validates values against the schemas of one document. References and patterns are remembered, so keep one for many
/// values.
pub struct Validator<'d> {
    document: &'d Document,
    /// Whether evaluated fields must be tracked, which only the `unevaluated` keywords need.
    tracks: bool,
    references: RefCell<HashMap<&'d str, Result<&'d Node, String>>>,
    patterns: RefCell<HashMap<&'d str, Option<regex_lite::Regex>>>,
    steps: Steps,
    gave_up: RefCell<Option<Place>>,
}

impl<'d> Validator<'d> {
    /// For the schemas of a document.
    pub fn new(document: &'d Document) -> Self {
        Self {
            document,
            tracks: document.version > Version::V3_0 && mentions_unevaluated(&document.root),
            references: RefCell::default(),
            patterns: RefCell::default(),
            steps: Steps::new(MOST_IN_ALL),
            gave_up: RefCell::default(),
        }
    }

    /// The first value that was not held against its schema, because the values before it took too much.
    pub fn gave_up(&self) -> Option<Place> {
        self.gave_up.borrow().clone()
    }

    /// Holds a value, which may come from anywhere, against a schema of the document.
    pub fn check(&self, schema: &'d Node, value: &Node, side: Side) -> Outcome {
        if self.steps.spent() {
            self.gave_up.borrow_mut().get_or_insert_with(|| value.place.clone());
            let why = Some("the values of the document take too much to be judged".to_owned());
            return Outcome { violations: Vec::new(), not_judged: why };
        }
        let mut run = Run {
            validator: self,
            side,
            steps: Steps::new(MOST_STEPS),
            depth: 0,
            active: Vec::new(),
            path: String::new(),
            not_judged: None,
        };
        let mut violations = Vec::new();
        run.apply(schema, value, &mut violations);
        self.steps.take(run.steps.taken());
        violations.truncate(MOST_VIOLATIONS);
        Outcome { violations, not_judged: run.not_judged }
    }

    fn reference(&self, reference: &'d str) -> Result<&'d Node, String> {
        let known = self.references.borrow().get(reference).cloned();
        known.unwrap_or_else(|| {
            let found = match self.document.reference(reference) {
                Reference::Found(at) => Ok(at.node),
                Reference::Missing(to) => Err(format!("`{to}` leads nowhere")),
                Reference::Remote(to) => Err(format!("`{to}` is not part of the document")),
                Reference::Circle(to) => Err(format!("`{to}` leads to itself")),
            };
            self.references.borrow_mut().insert(reference, found.clone());
            found
        })
    }

    /// Whether a text matches a pattern; none if the pattern is not of the dialect that is understood.
    fn matches(&self, pattern: &'d str, text: &str) -> Option<bool> {
        let mut patterns = self.patterns.borrow_mut();
        let compiled = patterns.entry(pattern).or_insert_with(|| compile(pattern));
        if text.len().saturating_mul(pattern.len()) > MOST_MATCHED {
            return None;
        }
        compiled.as_ref().map(|regex| regex.is_match(text))
    }
}

/// Whether a pattern is of the dialect that is understood.
pub fn pattern_is_known(pattern: &str) -> bool {
    compile(pattern).is_some()
}

/// A pattern of ECMA-262, as far as it means the same in `regex-lite` (linear time; no look-around, no
/// back-references, no Unicode classes).
fn compile(pattern: &str) -> Option<regex_lite::Regex> {
    regex_lite::RegexBuilder::new(pattern).size_limit(1 << 20).build().ok()
}

fn mentions_unevaluated(node: &Node) -> bool {
    let here = |key: &str| node.map().is_some_and(|map| map.get(key).is_some());
    here("unevaluatedProperties")
        || here("unevaluatedItems")
        || node.entries().map(|entry| &entry.node).chain(node.list()).any(mentions_unevaluated)
}

/// Fields and items of a value that a schema has looked at.
#[derive(Default)]
struct Seen<'i> {
    keys: BTreeSet<&'i str>,
    items: BTreeSet<usize>,
}

impl Seen<'_> {
    fn add(&mut self, other: Self) {
        self.keys.extend(other.keys);
        self.items.extend(other.items);
    }
}

struct Run<'v, 'd> {
    validator: &'v Validator<'d>,
    side: Side,
    steps: Steps,
    depth: usize,
    /// Schemas that are being applied, and to what: meeting one again means a reference that leads to itself.
    active: Vec<(*const Node, *const Node)>,
    path: String,
    not_judged: Option<String>,
}

impl<'d> Run<'_, 'd> {
    fn give_up(&mut self, why: impl Into<String>) {
        self.not_judged.get_or_insert(why.into());
    }

    /// Applies a schema to a value; violations are added to `out`.
    fn apply<'i>(&mut self, schema: &'d Node, value: &'i Node, out: &mut Vec<Violation>) -> Seen<'i> {
        if !self.steps.take(1) || self.depth > DEEPEST || out.len() > MOST_VIOLATIONS {
            if out.is_empty() {
                self.give_up("the value or its schema is too large");
            }
            return Seen::default();
        }
        match &schema.value {
            Value::Bool(true) => return Seen::default(),
            Value::Bool(false) => {
                self.violation(out, schema, "false", value, "nothing may be here".into());
                return Seen::default();
            }
            Value::Map(_) => {}
            _ => {
                self.give_up("a schema is no object");
                return Seen::default();
            }
        }
        let pair = (std::ptr::from_ref(schema), std::ptr::from_ref(value));
        if self.active.contains(&pair) {
            return Seen::default();
        }
        self.active.push(pair);
        self.depth += 1;
        let seen = self.schema(schema, value, out);
        self.depth -= 1;
        self.active.pop();
        seen
    }

    fn schema<'i>(&mut self, schema: &'d Node, value: &'i Node, out: &mut Vec<Violation>) -> Seen<'i> {
        let mut seen = Seen::default();
        let old = self.validator.document.version == Version::V3_0;
        for key in ["$ref", "$dynamicRef"] {
            let Some(reference) = schema.get_text(key) else { continue };
            match self.validator.reference(reference) {
                Ok(target) => seen.add(self.apply(target, value, out)),
                Err(why) => self.give_up(why),
            }
            // 3.0: a reference stands alone, what is beside it has no meaning (OpenAPI 3.0.3, Reference Object).
            if old {
                return seen;
            }
        }
        if old
            && matches!(value.value, Value::Null)
            && schema.get("nullable").and_then(Node::bool) == Some(true)
        {
            return seen;
        }
        self.type_and_values(schema, value, out);
        match &value.value {
            Value::Number(number) => self.number(schema, number, value, out),
            Value::Text(text) => self.text(schema, text, value, out),
            Value::List(items) => self.list(schema, items, value, out, &mut seen),
            Value::Map(_) => self.object(schema, value, out, &mut seen),
            _ => {}
        }
        self.combine(schema, value, out, &mut seen);
        self.unevaluated(schema, value, out, &mut seen);
        seen
    }

    /// Applies a schema to a part of the value, one token further down.
    fn apply_to_part<'i>(&mut self, schema: &'d Node, part: &'i Node, token: &str, out: &mut Vec<Violation>) {
        let length = self.path.len();
        node::push_token(&mut self.path, token);
        self.apply(schema, part, out);
        self.path.truncate(length);
    }

    /// What a schema says of a value, without reporting it.
    fn try_schema<'i>(&mut self, schema: &'d Node, value: &'i Node) -> (Vec<Violation>, Seen<'i>) {
        let mut out = Vec::new();
        let seen = self.apply(schema, value, &mut out);
        (out, seen)
    }

    fn violation(
        &self,
        out: &mut Vec<Violation>,
        schema: &Node,
        keyword: &'static str,
        value: &Node,
        message: String,
    ) {
        out.push(Violation {
            pointer: self.path.clone(),
            place: value.place.clone(),
            message,
            keyword,
            rule: schema.place_of(keyword).clone(),
        });
    }
}

/// A value for a message, cut short.
fn show(value: &Node) -> String {
    let line = match &value.value {
        Value::Map(_) => return "this object".into(),
        Value::List(_) => return "this list".into(),
        _ => value.to_line(),
    };
    if line.chars().count() <= 60 {
        return format!("`{line}`");
    }
    format!("`{}…`", line.chars().take(59).collect::<String>())
}

/// A text that equal values share: keys sorted, numbers by value.
fn canonical(value: &Node, out: &mut String) {
    match &value.value {
        Value::Number(number) => match number.decimal() {
            Some((mantissa, exponent)) => out.push_str(&format!("{mantissa}e{exponent}")),
            None => out.push_str(number.as_str()),
        },
        Value::List(list) => {
            out.push('[');
            for item in list {
                canonical(item, out);
                out.push(',');
            }
            out.push(']');
        }
        Value::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by(|a, b| a.key.cmp(&b.key));
            out.push('{');
            for entry in entries {
                out.push_str(&format!("{:?}:", entry.key));
                canonical(&entry.node, out);
                out.push(',');
            }
            out.push('}');
        }
        _ => out.push_str(&value.to_line()),
    }
}
