//! Front matter: YAML between `---` lines at the top, or in a comment `<!-- oathbook: … -->` for books that are
//! still built by mdBook, which would print the former.

use super::{Facts, Flaw, FlawKind};
use crate::base::{RelPath, Span};
use crate::diag::Place;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::HashMap;
use std::fmt;

/// A page's metadata, in the order written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Front {
    /// Key, value and the key's place.
    pub fields: Vec<(String, Value, Place)>,
    /// Where the block stands, if there is one.
    pub place: Option<Place>,
}

impl Front {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.fields.iter().find(|(name, ..)| name == key).map(|(_, value, _)| value)
    }

    /// The value of a key, if it is text.
    pub fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The texts of a key: one, or those of a list; what is none of a list is passed over.
    pub fn texts(&self, key: &str) -> Vec<&str> {
        let list = match self.get(key) {
            Some(Value::List(list)) => list.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        let texts = list.iter().filter_map(|value| match value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect()
    }

    /// Where a key stands.
    pub fn place_of(&self, key: &str) -> Option<&Place> {
        self.fields.iter().find(|(name, ..)| name == key).map(|(.., place)| place)
    }
}

/// A YAML value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A sequence.
    List(Vec<Value>),
    /// A mapping, in the order written.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// What it is, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(i64::try_from(value).map_or(Value::Text(value.to_string()), Value::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = access.next_element()? {
            list.push(value);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some((key, value)) = access.next_entry::<Value, Value>()? {
            let key = match key {
                Value::Text(text) => text,
                Value::Bool(value) => value.to_string(),
                Value::Integer(value) => value.to_string(),
                Value::Float(value) => value.to_string(),
                _ => return Err(serde::de::Error::custom("a key must be text or a number")),
            };
            map.push((key, value));
        }
        Ok(Value::Map(map))
    }
}

/// Why text is not YAML, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// The parser's words.
    pub message: String,
    /// Byte offset in the text.
    pub offset: usize,
}

/// Parses YAML with limits on nesting, aliases and size (the parser's default budget), so that no text can make it
/// take long.
///
/// # Errors
/// [`YamlError`] says what is wrong and where.
pub fn parse_yaml(text: &str) -> Result<Value, YamlError> {
    serde_saphyr::from_str::<Value>(text).map_err(|error| {
        let location = error.location();
        let line = location.map_or(1, |at| at.line());
        let start: usize = text
            .split_inclusive('\n')
            .take(usize::try_from(line).unwrap_or(1).saturating_sub(1))
            .map(str::len)
            .sum();
        let column = location.map_or(0, |at| at.column().saturating_sub(1));
        let rest = text.get(start..).unwrap_or("");
        let inside = rest.char_indices().nth(usize::try_from(column).unwrap_or(0)).map_or(0, |(at, _)| at);
        let rendered = error.without_snippet().to_string();
        let message = rendered.lines().next().unwrap_or("not YAML").trim_start_matches("error: ");
        // The place is told apart, in the file's own lines; advice about the parser's options is not for writers.
        let message = message
            .split(" at line ")
            .next()
            .unwrap_or(message)
            .split("; set ")
            .next()
            .unwrap_or(message)
            .split(", set ")
            .next()
            .unwrap_or(message);
        let message = message.split(" (set ").next().unwrap_or(message).to_owned();
        YamlError { message, offset: start + inside }
    })
}

/// Reads the front matter of `text` into `facts`; returns how many bytes of it the page's Markdown begins after.
pub(super) fn take(text: &str, file: &RelPath, facts: &mut Facts) -> usize {
    match fenced(text).or_else(|| comment(text)) {
        Some(block) => {
            let Block { yaml, at, end } = block;
            let place = Place { file: file.clone(), span: Span::new(0, end) };
            match parse_yaml(yaml) {
                Ok(Value::Map(fields)) => {
                    let offsets = key_offsets(yaml);
                    let placed = |(key, value): (String, Value)| {
                        let offset = at + offsets.get(key.as_str()).copied().unwrap_or(0);
                        let place = Place { file: file.clone(), span: Span::new(offset, offset + key.len()) };
                        (key, value, place)
                    };
                    facts.front =
                        Front { fields: fields.into_iter().map(placed).collect(), place: Some(place) };
                }
                Ok(Value::Null) => facts.front.place = Some(place),
                Ok(other) => {
                    let kind = FlawKind::FrontMatter(format!(
                        "expected `key: value` lines, found {}",
                        other.type_name()
                    ));
                    facts.flaws.push(Flaw { kind, place });
                }
                // Templates of other generators are filled in before anybody reads the YAML.
                Err(_) if yaml.contains("{{") || yaml.contains("{%") => {}
                Err(error) => {
                    let offset = at + error.offset;
                    let place = Place { file: file.clone(), span: Span::new(offset, offset + 1) };
                    facts.flaws.push(Flaw { kind: FlawKind::FrontMatter(error.message), place });
                }
            }
            end
        }
        None => 0,
    }
}

/// YAML, where it begins, and where the block ends.
struct Block<'t> {
    yaml: &'t str,
    at: usize,
    end: usize,
}

/// `---` on the first line, up to the next `---` or `...`; only if it looks like a mapping, so that a page which
/// begins with a thematic break keeps it.
fn fenced(text: &str) -> Option<Block<'_>> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| line.trim_end() == "---")?;
    let mut end = first.len();
    for line in lines {
        let bare = line.trim_end();
        if bare == "---" || bare == "..." {
            let yaml = &text[first.len()..end];
            let begin =
                yaml.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
            let mapping = begin.is_none_or(|line| {
                let key = line.split(':').next().unwrap_or("");
                key.len() < line.len()
                    && !key.is_empty()
                    && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\''))
            });
            return mapping.then_some(Block { yaml, at: first.len(), end: end + line.len() });
        }
        end += line.len();
    }
    None
}

/// `<!-- oathbook:` newline or blank, YAML, `-->`, as the first thing on the page.
fn comment(text: &str) -> Option<Block<'_>> {
    let lead = text.len() - text.trim_start().len();
    let rest = text[lead..].strip_prefix("<!--")?;
    let inner = rest.trim_start();
    let inner = inner.strip_prefix("oathbook:")?;
    let at = text.len() - inner.len();
    let close = inner.find("-->")?;
    let yaml = &inner[..close];
    let head = yaml.trim_start();
    // Remarks to a check (`allow`) share the marker and stand anywhere; they are no metadata.
    if head.starts_with("allow") {
        return None;
    }
    let blank = yaml.len() - head.len();
    let one_line = !yaml.trim().contains('\n');
    let (yaml, at) = if one_line { (head, at + blank) } else { (yaml, at) };
    Some(Block { yaml, at, end: text.len() - inner.len() + close + 3 })
}

/// Where top-level keys stand: what begins a line, up to a colon. A key may hold colons itself (`http://a: 1`), so the first
/// one and the first before a blank both count.
fn key_offsets(yaml: &str) -> HashMap<&str, usize> {
    let mut found = HashMap::new();
    let mut offset = 0;
    for line in yaml.split_inclusive('\n') {
        let bare = line.trim_start_matches(['"', '\'']);
        let begin = offset + line.len() - bare.len();
        offset += line.len();
        let ends = [bare.find(':'), bare.find(": "), bare.trim_end().strip_suffix(':').map(str::len)];
        for key in ends.into_iter().flatten().filter_map(|end| bare.get(..end)) {
            found.entry(key.trim_end_matches(['"', '\'', ' '])).or_insert(begin);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take_from(text: &str) -> (usize, Facts) {
        let mut facts = Facts::default();
        let end = take(text, &RelPath::parse("p.md").unwrap(), &mut facts);
        (end, facts)
    }

    #[test]
    fn front_matter_is_read_from_both_places_and_keys_have_places() {
        let (end, facts) = take_from("---\ntitle: A\nowner: team-x\n---\n# A\n");
        assert_eq!(end, 31);
        assert_eq!(facts.front.text("owner"), Some("team-x"));
        assert_eq!(facts.front.place_of("owner").unwrap().span, Span::new(13, 18));
        let (_, facts) = take_from("---\nx: y\n\"a:b\" : 1\nhttp://c: 2\nd:\n  x: 1\n---\n");
        for (key, at) in [("x", 4), ("a:b", 10), ("http://c", 19), ("d", 31)] {
            assert_eq!(facts.front.place_of(key).unwrap().span.start, at, "{key}");
        }
        let (end, facts) = take_from("<!-- oathbook:\nkind: runbook\ntags: [a, 2]\n-->\n\n# A\n");
        assert_eq!(end, 45);
        assert_eq!(
            facts.front.get("tags"),
            Some(&Value::List(vec![Value::Text("a".into()), Value::Integer(2)]))
        );
    }

    #[test]
    fn a_thematic_break_is_not_front_matter_and_bad_yaml_is_trouble() {
        assert_eq!(take_from("---\n\nSome text\n\n---\n").0, 0);
        assert_eq!(take_from("---\nno end: here\n").0, 0);
        let (_, facts) = take_from("---\na: b\nc: [d\n---\n");
        assert!(matches!(facts.flaws[0].kind, FlawKind::FrontMatter(_)));
    }
}
