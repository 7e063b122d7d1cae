//! A JSON value with a place for every part of it, keys in the order written.

use crate::base::percent_decode;
use crate::diag::Place;
use std::collections::HashMap;
use std::fmt::Write as _;

/// A value and where it is written.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Where: a scalar's text, or where a list or an object begins.
    pub place: Place,
}

/// A JSON value.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// Text.
    Text(Box<str>),
    /// An array.
    List(Vec<Node>),
    /// An object.
    Map(Map),
}

/// A number as its JSON text, so that nothing is lost of it.
#[derive(Clone, Debug)]
pub struct Number(Box<str>);

/// A key, where it is written, and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: Box<str>,
    /// The key's place.
    pub place: Place,
    /// The value.
    pub node: Node,
}

/// An object's entries in the order written, each key once.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<Entry>,
    /// Only of large objects: a scan of a few keys is faster than a hash.
    index: Option<Box<Index>>,
}

/// Keys and their positions.
#[derive(Clone, Debug)]
struct Index(HashMap<Box<str>, usize>);

/// From this many keys on an object has an index, so that 10,000 look-ups among 10,000 keys stay linear.
const INDEXED: usize = 24;

impl Number {
    /// A number from its JSON text, which the caller has read as one.
    pub(super) fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest floating-point number.
    pub fn as_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }

    /// The whole number, if it is written as one and fits.
    pub fn as_i128(&self) -> Option<i128> {
        self.0.parse().ok()
    }

    /// Whether it has no fraction: `1.0` and `1e3` are whole (JSON Schema 2020-12, §6.1.1).
    pub fn is_whole(&self) -> bool {
        self.as_i128().is_some() || self.decimal().is_some_and(|(_, exponent)| exponent >= 0)
    }

    /// Mantissa and power of ten, exactly, without trailing zeros; none beyond 38 digits.
    pub fn decimal(&self) -> Option<(i128, i32)> {
        let (head, exponent) = self.0.split_once(['e', 'E']).unwrap_or((&self.0, "0"));
        let (whole, fraction) = head.split_once('.').unwrap_or((head, ""));
        let fraction = fraction.trim_end_matches('0');
        let exponent = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        let mut mantissa: i128 = format!("{whole}{fraction}").parse().ok()?;
        if mantissa == 0 {
            return Some((0, 0));
        }
        let mut exponent = exponent;
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent = exponent.checked_add(1)?;
        }
        Some((mantissa, exponent))
    }
}

impl PartialEq for Number {
    /// By value: `1`, `1.0` and `10e-1` are one number.
    fn eq(&self, other: &Self) -> bool {
        if self.0 == other.0 {
            return true;
        }
        match (self.decimal(), other.decimal()) {
            (Some(a), Some(b)) => a == b,
            _ => self.as_f64().total_cmp(&other.as_f64()).is_eq(),
        }
    }
}

impl Map {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(self.position(key)?)
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let at = self.position(key)?;
        self.entries.get_mut(at).map(|entry| &mut entry.node)
    }

    fn position(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.0.get(key).copied(),
            None => self.entries.iter().position(|entry| &*entry.key == key),
        }
    }

    /// Sets a key: in its old place if it was there (the old entry is returned), else last.
    pub fn insert(&mut self, key: &str, place: Place, node: Node) -> Option<Entry> {
        let entry = Entry { key: key.into(), place, node };
        if let Some(at) = self.position(key) {
            return Some(std::mem::replace(&mut self.entries[at], entry));
        }
        let at = self.entries.len();
        self.entries.push(entry);
        match &mut self.index {
            Some(index) => drop(index.0.insert(key.into(), at)),
            None if at + 1 >= INDEXED => self.reindex(),
            None => {}
        }
        None
    }

    /// Removes a key.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        let at = self.position(key)?;
        let entry = self.entries.remove(at);
        self.reindex();
        Some(entry)
    }

    fn reindex(&mut self) {
        let index = || self.entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
        self.index = (self.entries.len() >= INDEXED).then(|| Box::new(Index(index())));
    }

    /// Keeps the entries that `keep` says.
    pub fn retain(&mut self, keep: impl FnMut(&Entry) -> bool) {
        self.entries.retain(keep);
        self.reindex();
    }

    /// The entries in the order written.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }

    /// The entries, to change their values.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Node> {
        self.entries.iter_mut().map(|entry| &mut entry.node)
    }

    /// How many keys.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<'m> IntoIterator for &'m Map {
    type Item = &'m Entry;
    type IntoIter = std::slice::Iter<'m, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Node {
    /// Nothing, at a place.
    pub fn null(place: Place) -> Self {
        Self { value: Value::Null, place }
    }

    /// Text, at a place.
    pub fn of_text(text: &str, place: Place) -> Self {
        Self { value: Value::Text(text.into()), place }
    }

    /// A value all of whose parts have one place. Keys come in the order of `value`.
    pub fn from_json(value: &serde_json::Value, place: &Place) -> Self {
        use serde_json::Value as Json;
        let inner = match value {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(*value),
            Json::Number(number) => Value::Number(Number::new(number.to_string())),
            Json::String(text) => Value::Text(text.as_str().into()),
            Json::Array(list) => Value::List(list.iter().map(|item| Self::from_json(item, place)).collect()),
            Json::Object(object) => {
                let mut map = Map::default();
                for (key, value) in object {
                    map.insert(key, place.clone(), Self::from_json(value, place));
                }
                Value::Map(map)
            }
        };
        Self { value: inner, place: place.clone() }
    }

    /// The object, if it is one.
    pub fn map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The object, to change it.
    pub fn map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items of an array; none if it is no array.
    pub fn list(&self) -> &[Node] {
        match &self.value {
            Value::List(list) => list,
            _ => &[],
        }
    }

    /// The text, if it is text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<&Number> {
        match &self.value {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    pub fn bool(&self) -> Option<bool> {
        match &self.value {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The value of a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.map()?.get(key)
    }

    /// The text of a key, if this is an object that has it as text.
    pub fn get_text(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// The entries of an object; none if it is no object.
    pub fn entries(&self) -> std::slice::Iter<'_, Entry> {
        self.map().map_or_else(|| [].iter(), Map::iter)
    }

    /// Where a key is written, or this value if it has no such key.
    pub fn place_of(&self, key: &str) -> &Place {
        self.map().and_then(|map| map.entry(key)).map_or(&self.place, |entry| &entry.place)
    }

    /// What it is, for messages.
    pub fn type_name(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "an object",
        }
    }

    /// Whether both are the same JSON value: places and the order of keys do not count, numbers count by value.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => a == b,
            (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Value::Map(a), Value::Map(b)) => {
                let has = |entry: &Entry| b.get(&entry.key).is_some_and(|node| entry.node.same(node));
                a.len() == b.len() && a.iter().all(has)
            }
            _ => false,
        }
    }

    /// What an RFC 6901 pointer leads to.
    pub fn at(&self, pointer: &str) -> Option<&Node> {
        tokens(pointer)?.iter().try_fold(self, |node, token| node.child(token))
    }

    /// As [`Node::at`], to change it.
    pub fn at_mut(&mut self, pointer: &str) -> Option<&mut Node> {
        tokens(pointer)?.iter().try_fold(self, |node, token| match &mut node.value {
            Value::Map(map) => map.get_mut(token),
            Value::List(list) => list.get_mut(list_index(token)?),
            _ => None,
        })
    }

    /// The value of a key of an object, or the item of a number of an array.
    pub fn child(&self, token: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(map) => map.get(token),
            Value::List(list) => list.get(list_index(token)?),
            _ => None,
        }
    }

    /// Where what a pointer leads to is written: its key, if it has one.
    pub fn place_at(&self, pointer: &str) -> Option<&Place> {
        let tokens = tokens(pointer)?;
        let Some((last, above)) = tokens.split_last() else { return Some(&self.place) };
        let above = above.iter().try_fold(self, |node, token| node.child(token))?;
        match &above.value {
            Value::Map(map) => map.entry(last).map(|entry| &entry.place),
            _ => above.child(last).map(|node| &node.place),
        }
    }

    /// Gives every part the place that `place` knows for its pointer, else its parent's.
    pub fn replace(&mut self, place: &dyn Fn(&str) -> Option<Place>) {
        fn visit(node: &mut Node, pointer: &mut String, place: &dyn Fn(&str) -> Option<Place>) {
            let here = node.place.clone();
            let down = |node: &mut Node, pointer: &mut String, token: &str| {
                let length = pointer.len();
                push_token(pointer, token);
                node.place = place(pointer).unwrap_or_else(|| here.clone());
                visit(node, pointer, place);
                pointer.truncate(length);
            };
            match &mut node.value {
                Value::Map(map) => {
                    for entry in &mut map.entries {
                        let key = entry.key.clone();
                        down(&mut entry.node, pointer, &key);
                        entry.place = entry.node.place.clone();
                    }
                }
                Value::List(list) => {
                    for (at, node) in list.iter_mut().enumerate() {
                        down(node, pointer, &at.to_string());
                    }
                }
                _ => {}
            }
        }
        if let Some(root) = place("") {
            self.place = root;
        }
        visit(self, &mut String::new(), place);
    }

    /// JSON with two blanks a level, as serde_json's pretty printer writes it, without a final newline.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, Some(0));
        out
    }

    /// JSON on one line.
    pub fn to_line(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, None);
        out
    }

    fn write(&self, out: &mut String, indent: Option<usize>) {
        let fresh = |out: &mut String, extra: usize| {
            if let Some(level) = indent {
                out.push('\n');
                out.extend(std::iter::repeat_n("  ", level + extra));
            }
        };
        let next = indent.map(|level| level + 1);
        match &self.value {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => out.push_str(number.as_str()),
            Value::Text(text) => write_text(text, out),
            Value::List(list) if list.is_empty() => out.push_str("[]"),
            Value::Map(map) if map.is_empty() => out.push_str("{}"),
            Value::List(list) => {
                for (at, node) in list.iter().enumerate() {
                    out.push(if at == 0 { '[' } else { ',' });
                    fresh(out, 1);
                    node.write(out, next);
                }
                fresh(out, 0);
                out.push(']');
            }
            Value::Map(map) => {
                for (at, entry) in map.iter().enumerate() {
                    out.push(if at == 0 { '{' } else { ',' });
                    fresh(out, 1);
                    write_text(&entry.key, out);
                    out.push_str(if indent.is_some() { ": " } else { ":" });
                    entry.node.write(out, next);
                }
                fresh(out, 0);
                out.push('}');
            }
        }
    }
}

/// A JSON string, with the escapes that serde_json writes.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// The parts of a pointer, unescaped (RFC 6901); none if it does not begin with `/` and is not empty.
pub fn tokens(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let rest = pointer.strip_prefix('/')?;
    Some(rest.split('/').map(|token| token.replace("~1", "/").replace("~0", "~")).collect())
}

/// Adds a part to a pointer, escaped.
pub fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for c in token.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// A pointer one part longer.
pub fn join(pointer: &str, token: &str) -> String {
    let mut out = pointer.to_owned();
    push_token(&mut out, token);
    out
}

/// The pointer that a reference's fragment holds: `#/a%20b` is `/a b`.
pub fn pointer_of_fragment(fragment: &str) -> String {
    percent_decode(fragment).into_owned()
}

fn list_index(token: &str) -> Option<usize> {
    (token == "0" || !token.starts_with(['0', '+'])).then(|| token.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RelPath;

    fn number(text: &str) -> Number {
        Number::new(text)
    }

    #[test]
    fn numbers_are_compared_by_value_and_kept_as_written() {
        assert_eq!(number("1.0"), number("1"));
        assert_eq!(number("1e2"), number("100"));
        assert_ne!(number("0.1"), number("0.10000000000000001"));
        assert_ne!(number("9007199254740993"), number("9007199254740992"));
        assert!(number("1.50e1").is_whole() && !number("1.5").is_whole());
        assert_eq!(number("-0.0"), number("0"));
    }

    #[test]
    fn large_objects_keep_their_order_and_find_their_keys() {
        let place = Place::whole(RelPath::root());
        let mut map = Map::default();
        for n in (0..100).rev() {
            map.insert(&format!("k{n}"), place.clone(), Node::null(place.clone()));
        }
        map.remove("k50");
        assert!(map.get("k50").is_none() && map.get("k0").is_some() && map.get("k99").is_some());
        assert_eq!(map.iter().next().map(|entry| &*entry.key), Some("k99"));
        assert_eq!(map.len(), 99);
    }

    #[test]
    fn pointers_escape_and_unescape() {
        let pointer = join("/paths", "/a~b/{id}");
        assert_eq!(pointer, "/paths/~1a~0b~1{id}");
        assert_eq!(tokens(&pointer).unwrap(), ["paths", "/a~b/{id}"]);
        assert_eq!(tokens("no"), None);
        assert_eq!(list_index("01"), None);
    }
}
