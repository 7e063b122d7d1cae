//! YAML text to a tree: events of granit-parser (the parser below serde-saphyr), so that every value has its bytes
//! and aliases are counted as they are followed. Core schema of YAML 1.2 (§10.3), and the merge key of YAML 1.1,
//! which writers of API documents use.

use super::{
    DEEPEST, LONGEST_POINTER, MOST_ALIASED, MOST_VALUES, Tree, broken, place, pointer_too_long, repeated,
};
use crate::base::RelPath;
use crate::diag::{Place, Problem};
use crate::openapi::node::{Map, Node, Number, Value};
use granit_parser::{Event, Parser, ScalarStyle, Span};
use std::collections::HashMap;

struct YamlReader<'t> {
    file: &'t RelPath,
    text: &'t str,
    at: &'t dyn Fn(usize) -> usize,
    values: usize,
    aliased: usize,
    anchors: HashMap<usize, (Node, usize)>,
    stack: Vec<Open>,
    root: Option<Node>,
    problems: Vec<Problem>,
}

/// A collection that is being read.
struct Open {
    node: Node,
    anchor: usize,
    /// Values before it.
    before: usize,
    /// The key whose value comes next, in an object.
    key: Option<(String, Place)>,
    /// Bytes of the keys around it.
    keys: usize,
    /// What `<<` names, applied at the end, as the object's own keys win.
    merged: Vec<Node>,
    is_map: bool,
}

/// What is wrong, and where; nothing after it is read.
type Wrong = (String, Place);

pub(super) fn read(file: &RelPath, text: &str, at: &dyn Fn(usize) -> usize) -> Tree {
    let mut reader = YamlReader {
        file,
        text,
        at,
        values: 0,
        aliased: 0,
        anchors: HashMap::new(),
        stack: Vec::new(),
        root: None,
        problems: Vec::new(),
    };
    let options = granit_parser::options! {
        flow_nesting_limit: DEEPEST,
        block_nesting_limit: DEEPEST,
        emit_comments: false,
    };
    let mut documents = 0;
    for next in Parser::new_from_str_with_options(text, options) {
        let outcome = match next {
            Ok((Event::DocumentStart(..), span)) => {
                documents += 1;
                let second = documents > 1;
                if second {
                    let place = reader.place(span);
                    Err(("a second document begins here; one is read".to_owned(), place))
                } else {
                    Ok(())
                }
            }
            Ok((event, span)) => reader.event(event, span),
            Err(error) => {
                let start = error.marker().byte_offset().unwrap_or(0).min(text.len());
                let end = text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
                Err((format!("not YAML: {}", error.info()), reader.range(start, end)))
            }
        };
        if let Err((message, place)) = outcome {
            reader.problems.push(broken(message, place.clone()));
            if documents < 2 {
                reader.root = Some(Node::null(place));
            }
            break;
        }
    }
    let root = reader.root.take().unwrap_or_else(|| Node::null(reader.range(0, 0)));
    Tree { root, problems: reader.problems }
}

impl YamlReader<'_> {
    fn range(&self, start: usize, end: usize) -> Place {
        let begin = (self.at)(start);
        // A range within one line is moved as a whole; longer ones are shown by where they begin.
        let length = self.text.get(start..end).and_then(|text| text.find('\n')).unwrap_or(end - start);
        place(self.file, begin, begin + length)
    }

    fn place(&self, span: Span) -> Place {
        let range = span.byte_range().unwrap_or(0..0);
        self.range(range.start.min(self.text.len()), range.end.min(self.text.len()).max(range.start))
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Wrong> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let place = self.place(span);
                let tag = tag.as_deref().and_then(|tag| tag.core_suffix()).map(str::to_owned);
                if self.expects_key() {
                    if anchor > 0 {
                        self.anchors.insert(anchor, (Node::of_text(&text, place.clone()), 1));
                    }
                    return self.key(&text, place);
                }
                let value = match (tag.as_deref(), style) {
                    (Some("str"), _) => Value::Text(text.as_ref().into()),
                    (_, ScalarStyle::Plain) => plain(&text),
                    _ => Value::Text(text.as_ref().into()),
                };
                self.values += 1;
                self.done(Node { value, place }, anchor, 1)
            }
            Event::MappingStart(_, anchor, _) => self.open(Value::Map(Map::default()), anchor, span),
            Event::SequenceStart(_, anchor, _) => self.open(Value::List(Vec::new()), anchor, span),
            Event::MappingEnd | Event::SequenceEnd => self.close(),
            Event::Alias(anchor) => self.alias(anchor, span),
            _ => Ok(()),
        }
    }

    fn expects_key(&self) -> bool {
        self.stack.last().is_some_and(|open| open.is_map && open.key.is_none())
    }

    fn key(&mut self, text: &str, place: Place) -> Result<(), Wrong> {
        if let Some(open) = self.stack.last_mut() {
            if open.keys + text.len() + 1 > LONGEST_POINTER {
                return Err((pointer_too_long(), place));
            }
            open.key = Some((text.to_owned(), place));
        }
        Ok(())
    }

    /// Bytes of the keys around the next value.
    fn keys(&self) -> usize {
        let own = |open: &Open| open.key.as_ref().map_or(0, |(key, _)| key.len() + 1);
        self.stack.last().map_or(0, |open| open.keys + own(open))
    }

    fn open(&mut self, value: Value, anchor: usize, span: Span) -> Result<(), Wrong> {
        let place = self.place(span);
        if self.expects_key() {
            return Err(("a key must be text".into(), place));
        }
        if self.stack.len() >= DEEPEST {
            return Err((format!("nested deeper than {DEEPEST} levels"), place));
        }
        let before = self.values;
        self.values += 1;
        let is_map = matches!(value, Value::Map(_));
        let place = Place {
            span: crate::base::Span { end: place.span.end.min(place.span.start + 1), ..place.span },
            ..place
        };
        let node = Node { value, place };
        let keys = self.keys();
        self.stack.push(Open { node, anchor, before, key: None, keys, merged: Vec::new(), is_map });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Wrong> {
        let Some(mut open) = self.stack.pop() else { return Ok(()) };
        if let Some(map) = open.node.map_mut() {
            for node in &open.merged {
                for entry in node.entries().chain(node.list().iter().flat_map(Node::entries)) {
                    if map.get(&entry.key).is_none() {
                        map.insert(&entry.key, entry.place.clone(), entry.node.clone());
                    }
                }
            }
        }
        let size = self.values - open.before;
        self.done(open.node, open.anchor, size)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Wrong> {
        let place = self.place(span);
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(("this alias stands inside what it names".into(), place));
        };
        if self.expects_key() {
            return match node.text().map(str::to_owned) {
                Some(text) => self.key(&text, place),
                None => Err(("a key must be text".into(), place)),
            };
        }
        let size = *size;
        self.aliased = self.aliased.saturating_add(size + weight(node));
        if self.aliased > MOST_ALIASED {
            return Err((format!("aliases stand for more than {MOST_ALIASED} values"), place));
        }
        let node = node.clone();
        if depth(&node) + self.stack.len() > DEEPEST {
            return Err((format!("nested deeper than {DEEPEST} levels"), place));
        }
        if longest(&node) + self.keys() > LONGEST_POINTER {
            return Err((pointer_too_long(), place));
        }
        self.values += size;
        self.done(node, 0, size)
    }

    /// A finished value takes its place in what is open.
    fn done(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), Wrong> {
        if self.values > MOST_VALUES {
            return Err((format!("more than {MOST_VALUES} values"), node.place));
        }
        if anchor > 0 {
            // What is remembered counts as well: an anchor within an anchor within an anchor is memory, too.
            self.aliased = self.aliased.saturating_add(size + weight(&node));
            if self.aliased > MOST_ALIASED {
                return Err((
                    format!("anchors and aliases stand for more than {MOST_ALIASED} values"),
                    node.place,
                ));
            }
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.value, open.key.take()) {
            (Value::List(list), _) => list.push(node),
            (Value::Map(_), Some((key, _))) if key == "<<" => open.merged.push(node),
            (Value::Map(map), Some((key, place))) => {
                if let Some(before) = map.insert(&key, place.clone(), node) {
                    self.problems.push(repeated(&key, place, before.place));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn depth(node: &Node) -> usize {
    let below = node.entries().map(|entry| &entry.node).chain(node.list());
    below.map(depth).max().map_or(0, |deepest| deepest + 1)
}

/// What texts and keys add to the number of values: one for each 64 bytes.
fn weight(node: &Node) -> usize {
    let own = node.text().map_or(0, str::len) / 64;
    let fields = node.entries().map(|entry| entry.key.len() / 64 + weight(&entry.node));
    own + fields.chain(node.list().iter().map(weight)).sum::<usize>()
}

/// Bytes of the keys that lead to the value furthest inside.
fn longest(node: &Node) -> usize {
    let fields = node.entries().map(|entry| entry.key.len() + 1 + longest(&entry.node));
    fields.chain(node.list().iter().map(longest)).max().unwrap_or(0)
}

/// A plain scalar by the core schema (YAML 1.2.2 §10.3.2).
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let number = number(text);
    number.map_or_else(|| Value::Text(text.into()), Value::Number)
}

fn number(text: &str) -> Option<Number> {
    let radix = |prefix: &str, radix| {
        let digits = text.strip_prefix(prefix)?;
        let fit = digits.starts_with(|c: char| c.is_ascii_alphanumeric());
        fit.then(|| u128::from_str_radix(digits, radix).ok()).flatten()
    };
    if let Some(value) = radix("0x", 16).or_else(|| radix("0o", 8)) {
        return Some(Number::new(value.to_string()));
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (head, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], &rest[at..]),
        None => (rest, ""),
    };
    let (whole, fraction) = head.split_once('.').map_or((head, None), |(whole, part)| (whole, Some(part)));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let power = exponent.get(1..).unwrap_or("");
    let bare = power.strip_prefix(['+', '-']).unwrap_or(power);
    let fits = digits(whole)
        && fraction.is_none_or(digits)
        && !(whole.is_empty() && fraction.is_none_or(str::is_empty))
        && (exponent.is_empty() || !bare.is_empty() && digits(bare));
    if !fits {
        return None;
    }
    // JSON has neither leading zeros nor a bare point.
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = match fraction {
        None => String::new(),
        Some("") => ".0".to_owned(),
        Some(digits) => format!(".{digits}"),
    };
    Some(Number::new(format!("{sign}{whole}{fraction}{exponent}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let show = |text: &str| Node { value: plain(text), place: Place::whole(RelPath::root()) }.to_line();
        for (yaml, json) in [
            ("12", "12"),
            ("+12", "12"),
            ("0o14", "12"),
            ("0xC", "12"),
            ("012", "12"),
            ("1.", "1.0"),
            (".5", "0.5"),
            ("-1e3", "-1e3"),
            ("1e", "\"1e\""),
            ("2026-01-01", "\"2026-01-01\""),
            ("1.2.3", "\"1.2.3\""),
            ("yes", "\"yes\""),
            (".", "\".\""),
            ("-", "\"-\""),
            ("0x", "\"0x\""),
            ("~", "null"),
            ("True", "true"),
        ] {
            assert_eq!(show(yaml), json, "{yaml}");
        }
    }
}
