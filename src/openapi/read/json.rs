//! JSON text (RFC 8259) to a tree. Strict, and total: what follows a mistake is not read.

use super::{DEEPEST, LONGEST_POINTER, MOST_VALUES, Tree, broken, place, pointer_too_long, repeated};
use crate::base::RelPath;
use crate::diag::Problem;
use crate::openapi::node::{Map, Node, Number, Value};

struct JsonReader<'t> {
    file: &'t RelPath,
    text: &'t str,
    base: usize,
    at: usize,
    values: usize,
    /// Bytes of the keys around.
    keys: usize,
    problems: Vec<Problem>,
}

/// What is wrong, from where to where.
type Wrong = (String, usize, usize);

pub(super) fn read(file: &RelPath, text: &str, base: usize) -> Tree {
    let mut reader = JsonReader { file, text, base, at: 0, values: 0, keys: 0, problems: Vec::new() };
    let outcome = reader.value(0).and_then(|node| {
        reader.blank();
        if reader.at < text.len() { Err(reader.wrong("the document ends before this")) } else { Ok(node) }
    });
    let root = outcome.unwrap_or_else(|(message, start, end)| {
        let place = place(file, base + start, base + end);
        reader.problems.push(broken(message, place.clone()));
        Node::null(place)
    });
    Tree { root, problems: reader.problems }
}

impl JsonReader<'_> {
    fn wrong(&self, message: &str) -> Wrong {
        let next = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        (format!("not JSON: {message}"), self.at, self.at + next.map_or(0, char::len_utf8))
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.byte(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn node(&self, value: Value, start: usize, end: usize) -> Node {
        Node { value, place: place(self.file, self.base + start, self.base + end) }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Wrong> {
        self.blank();
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err((format!("more than {MOST_VALUES} values"), self.at, self.at + 1));
        }
        if depth > DEEPEST {
            return Err((format!("nested deeper than {DEEPEST} levels"), self.at, self.at + 1));
        }
        let start = self.at;
        match self.byte() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => {
                let text = self.string()?;
                Ok(self.node(Value::Text(text.into()), start, self.at))
            }
            Some(b'-' | b'0'..=b'9') => {
                let number = self.number()?;
                Ok(self.node(Value::Number(number), start, self.at))
            }
            _ => {
                for (word, value) in
                    [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
                {
                    if self.text[self.at..].starts_with(word) {
                        self.at += word.len();
                        return Ok(self.node(value, start, self.at));
                    }
                }
                let end = self.byte().is_none();
                Err(self.wrong(if end { "it ends where a value should be" } else { "expected a value" }))
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Node, Wrong> {
        let open = self.at;
        self.at += 1;
        let mut map = Map::default();
        self.blank();
        if self.byte() == Some(b'}') {
            self.at += 1;
            return Ok(self.node(Value::Map(map), open, open + 1));
        }
        loop {
            self.blank();
            let start = self.at;
            if self.byte() != Some(b'"') {
                return Err(self.wrong("expected a key in double quotes"));
            }
            let key = self.string()?;
            let key_place = place(self.file, self.base + start, self.base + self.at);
            self.blank();
            if self.byte() != Some(b':') {
                return Err(self.wrong("expected `:` after a key"));
            }
            self.at += 1;
            self.keys += key.len() + 1;
            if self.keys > LONGEST_POINTER {
                return Err((pointer_too_long(), start, start + 1));
            }
            let node = self.value(depth + 1)?;
            self.keys -= key.len() + 1;
            if let Some(before) = map.insert(&key, key_place.clone(), node) {
                self.problems.push(repeated(&key, key_place, before.place));
            }
            self.blank();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(self.node(Value::Map(map), open, open + 1));
                }
                _ => return Err(self.wrong("expected `,` or `}`")),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Node, Wrong> {
        let open = self.at;
        self.at += 1;
        let mut list = Vec::new();
        self.blank();
        if self.byte() == Some(b']') {
            self.at += 1;
            return Ok(self.node(Value::List(list), open, open + 1));
        }
        loop {
            list.push(self.value(depth + 1)?);
            self.blank();
            match self.byte() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(self.node(Value::List(list), open, open + 1));
                }
                _ => return Err(self.wrong("expected `,` or `]`")),
            }
        }
    }

    fn number(&mut self) -> Result<Number, Wrong> {
        let start = self.at;
        let digits = |reader: &mut Self| {
            let from = reader.at;
            while matches!(reader.byte(), Some(b'0'..=b'9')) {
                reader.at += 1;
            }
            reader.at - from
        };
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        let zero = self.byte() == Some(b'0');
        let whole = digits(self);
        if whole == 0 || zero && whole > 1 {
            return Err(self.wrong("this is no number"));
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            if digits(self) == 0 {
                return Err(self.wrong("expected a digit after the point"));
            }
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.byte(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if digits(self) == 0 {
                return Err(self.wrong("expected a digit in the exponent"));
            }
        }
        Ok(Number::new(&self.text[start..self.at]))
    }

    /// From the opening quote to behind the closing one.
    fn string(&mut self) -> Result<String, Wrong> {
        let open = self.at;
        self.at += 1;
        let mut out = String::new();
        let mut from = self.at;
        loop {
            match self.byte() {
                None => return Err(("not JSON: this text has no closing quote".into(), open, open + 1)),
                Some(b'"') => {
                    out.push_str(&self.text[from..self.at]);
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    out.push_str(&self.text[from..self.at]);
                    self.escape(&mut out)?;
                    from = self.at;
                }
                Some(0..=0x1f) => return Err(self.wrong("a control character must be escaped")),
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), Wrong> {
        let next = self.text.as_bytes().get(self.at + 1).copied();
        let simple = match next {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let Some(first) = self.unit(self.at) else {
                    return Err(self.wrong("expected four hexadecimal digits after `\\u`"));
                };
                // A pair of surrogates is one character beyond the first plane (RFC 8259 §7).
                let second = (0xd800..0xdc00).contains(&first).then(|| self.unit(self.at + 6)).flatten();
                let pair = second.filter(|low| (0xdc00..0xe000).contains(low));
                let code = pair.map_or(first, |low| 0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00));
                out.push(char::from_u32(code).unwrap_or('\u{fffd}'));
                self.at += if pair.is_some() { 12 } else { 6 };
                return Ok(());
            }
            _ => return Err(self.wrong("there is no such escape")),
        };
        out.push(simple);
        self.at += 2;
        Ok(())
    }

    /// The `\uXXXX` at an offset.
    fn unit(&self, at: usize) -> Option<u32> {
        let digits = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }
}
