//! Marks: where a value comes from, or that it could not be evaluated, carried inside the document itself.
//!
//! Schemas and operations are cloned, inlined, nested and merged on their way into the document. A mark goes with them: in
//! objects as an extension, in texts as a suffix. When the document is finished the marks are taken out again, and where
//! each was found is the JSON pointer.

use crate::diag::Place;
use crate::rust::tree::ItemId;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::{RefOr, Schema};

/// Index of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark(pub u32);

/// The extension that holds marks while a document is built.
pub(super) const KEY: &str = "x-oathbook-marks";

/// What surrounds a mark inside a text; no text of a service holds it.
const FENCE: char = '\u{0}';

/// A value that could not be evaluated.
#[derive(Clone, Debug)]
pub(super) struct Missing {
    pub reason: &'static str,
    pub place: Place,
    pub message: String,
    pub owner: Option<ItemId>,
}

/// What a mark stands for.
#[derive(Clone, Debug)]
pub(super) enum Note {
    Origin(Place),
    Hole(usize),
}

/// All marks of a reading.
#[derive(Clone, Debug, Default)]
pub(super) struct Marks {
    pub notes: Vec<Note>,
    pub holes: Vec<Missing>,
}

impl Marks {
    fn add(&mut self, note: Note) -> Mark {
        self.notes.push(note);
        Mark(u32::try_from(self.notes.len() - 1).unwrap_or(u32::MAX))
    }

    /// A new origin.
    pub fn origin(&mut self, place: Place) -> Mark {
        self.add(Note::Origin(place))
    }

    /// A hole; the same one again has the same mark.
    pub fn hole(
        &mut self,
        reason: &'static str,
        place: Place,
        message: String,
        owner: Option<ItemId>,
    ) -> Mark {
        let same = |hole: &Missing| hole.reason == reason && hole.place == place && hole.message == message;
        let index = self.holes.iter().position(same).unwrap_or_else(|| {
            self.holes.push(Missing { reason, place, message, owner });
            self.holes.len() - 1
        });
        self.add(Note::Hole(index))
    }
}

impl Mark {
    /// As a suffix of a text.
    pub fn text(self) -> String {
        format!("{FENCE}{}{FENCE}", self.0)
    }

    /// Onto an object with extensions.
    pub fn extend(self, extensions: &mut Option<Extensions>) {
        let extensions = extensions.get_or_insert_with(Extensions::default);
        let list = extensions.entry(KEY.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(list) = list {
            list.push(Value::from(self.0));
        }
    }

    /// Onto a schema.
    pub fn schema(self, schema: &mut RefOr<Schema>) {
        match schema {
            RefOr::Ref(reference) => reference.ref_location.push_str(&self.text()),
            RefOr::T(Schema::Object(object)) => self.extend(&mut object.extensions),
            RefOr::T(Schema::Array(array)) => self.extend(&mut array.extensions),
            RefOr::T(Schema::OneOf(one)) => self.extend(&mut one.extensions),
            RefOr::T(Schema::AllOf(all)) => self.extend(&mut all.extensions),
            RefOr::T(Schema::AnyOf(any)) => self.extend(&mut any.extensions),
            RefOr::T(_) => {}
        }
    }
}

/// A text without its marks, and the marks.
pub(super) fn clean(text: &str) -> (String, Vec<Mark>) {
    if !text.contains(FENCE) {
        return (text.to_owned(), Vec::new());
    }
    let mut out = String::with_capacity(text.len());
    let mut marks = Vec::new();
    for (at, part) in text.split(FENCE).enumerate() {
        if at % 2 == 0 {
            out.push_str(part);
        } else if let Ok(number) = part.parse() {
            marks.push(Mark(number));
        }
    }
    (out, marks)
}

/// A text as the author wrote it must not look like a mark.
pub(super) fn is_clean(text: &str) -> bool {
    !text.contains(FENCE)
}

/// Where marks were found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub origins: BTreeMap<String, Place>,
    /// For each hole the pointers at which it shows.
    pub holes: BTreeMap<usize, Vec<String>>,
}

/// Takes all marks out of a finished document and says where they were.
pub(super) fn take(document: &mut Value, marks: &Marks) -> Found {
    let mut found = Found::default();
    walk(document, &mut String::new(), marks, &mut found);
    found
}

fn note(found: &mut Found, marks: &Marks, mark: Mark, pointer: &str) {
    match marks.notes.get(mark.0 as usize) {
        Some(Note::Origin(place)) => {
            found.origins.insert(pointer.to_owned(), place.clone());
        }
        Some(Note::Hole(index)) => found.holes.entry(*index).or_default().push(pointer.to_owned()),
        None => {}
    }
}

/// A part of a JSON pointer (RFC 6901).
pub(super) fn escape(part: &str) -> String {
    part.replace('~', "~0").replace('/', "~1")
}

fn walk(value: &mut Value, pointer: &mut String, marks: &Marks, found: &mut Found) {
    let length = pointer.len();
    match value {
        Value::String(text) => {
            let (cleaned, list) = clean(text);
            for mark in list {
                note(found, marks, mark, pointer);
            }
            if cleaned.len() != text.len() {
                *text = cleaned;
            }
        }
        Value::Array(list) => {
            drop_unknown(list, pointer, marks, found);
            for (at, one) in list.iter_mut().enumerate() {
                pointer.push_str(&format!("/{at}"));
                walk(one, pointer, marks, found);
                pointer.truncate(length);
            }
        }
        Value::Object(map) => {
            if let Some(Value::Array(list)) = map.shift_remove(KEY) {
                for number in list.iter().filter_map(Value::as_u64) {
                    note(found, marks, Mark(u32::try_from(number).unwrap_or(u32::MAX)), pointer);
                }
            }
            sort_extensions(map);
            let marked = map.keys().any(|key| key.contains(FENCE));
            if marked {
                clean_keys(map, pointer, marks, found);
            }
            for (key, one) in map.iter_mut() {
                pointer.push('/');
                pointer.push_str(&escape(key));
                walk(one, pointer, marks, found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}

/// Whether a name stands for entries that are not known at all: what holds them has the hole, and no entry.
fn is_unknown(cleaned: &str, list: &[Mark], marks: &Marks) -> bool {
    let hole = |mark: &Mark| matches!(marks.notes.get(mark.0 as usize), Some(Note::Hole(_)));
    matches!(cleaned, "" | "?") && list.iter().any(hole)
}

/// Takes out the parameters that stand for ones that are not known.
fn drop_unknown(values: &mut Vec<Value>, pointer: &str, marks: &Marks, found: &mut Found) {
    values.retain(|one| {
        let Some(name) = one.get("name").and_then(Value::as_str).filter(|name| name.contains(FENCE)) else {
            return true;
        };
        let (cleaned, list) = clean(name);
        let unknown = is_unknown(&cleaned, &list, marks);
        if unknown {
            for mark in list {
                note(found, marks, mark, pointer);
            }
        }
        !unknown
    });
}

fn clean_keys(map: &mut serde_json::Map<String, Value>, pointer: &str, marks: &Marks, found: &mut Found) {
    let old = std::mem::take(map);
    for (key, value) in old {
        let (cleaned, list) = clean(&key);
        let unknown = is_unknown(&cleaned, &list, marks);
        let at = if unknown { pointer.to_owned() } else { format!("{pointer}/{}", escape(&cleaned)) };
        for mark in list {
            note(found, marks, mark, &at);
        }
        if !unknown {
            map.insert(cleaned, value);
        }
    }
}

/// Extensions come out of a hash map: neighbours are brought into one order.
fn sort_extensions(map: &mut serde_json::Map<String, Value>) {
    let keys: Vec<String> = map.keys().cloned().collect();
    let is = |key: &String| key.starts_with("x-");
    let Some(first) = keys.iter().position(is) else { return };
    let count = keys[first..].iter().take_while(|key| is(key)).count();
    let mut sorted = keys[first..first + count].to_vec();
    sorted.sort();
    if sorted == keys[first..first + count] {
        return;
    }
    let order: Vec<String> =
        keys[..first].iter().chain(&sorted).chain(&keys[first + count..]).cloned().collect();
    let mut old = std::mem::take(map);
    for key in order {
        if let Some(value) = old.remove(&key) {
            map.insert(key, value);
        }
    }
}
