//! What stands in labels: escapes, the fields of records, HTML-like text and tables.

use crate::base::{Steps, beginning};
use crate::diagram::graph::Cell;

/// Bytes of names that escapes put into one label; further escapes stay as they are written.
const MOST_NAMES: u64 = 10_000;

/// Tables and fields nested deeper are read as flat.
const DEEPEST: usize = 30;

/// Replaces what `\N`, `\G`, `\E`, `\T`, `\H` and `\L` stand for, and splits into lines at `\n`, `\l` and `\r`.
pub(super) fn lines(text: &str, names: &[(char, &str)]) -> Vec<String> {
    let mut out = vec![String::new()];
    let names_put = Steps::new(MOST_NAMES);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\n' => out.push(String::new()),
            '\r' => {}
            '\\' => match chars.next() {
                Some('n' | 'l' | 'r') => out.push(String::new()),
                Some(other) => {
                    let name = names.iter().find(|(letter, _)| *letter == other);
                    let line = out.last_mut();
                    match (name, line) {
                        (Some((_, name)), Some(line)) if names_put.take(name.len() as u64) => {
                            line.push_str(name)
                        }
                        (Some(_), Some(line)) => line.extend(['\\', other]),
                        (None, Some(line)) => line.push(other),
                        _ => {}
                    }
                }
                None => {}
            },
            c => {
                if let Some(line) = out.last_mut() {
                    line.push(c);
                }
            }
        }
    }
    trimmed(out)
}

/// Lines without blanks around them, and without empty lines at the ends.
fn trimmed(lines: Vec<String>) -> Vec<String> {
    let lines: Vec<String> = lines.iter().map(|line| entities(line.trim())).collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !line.is_empty()).map_or(first, |last| last + 1);
    lines.get(first..last).map(<[String]>::to_vec).unwrap_or_default()
}

/// Reads `&amp;`, `&#38;`, `&#x26;` and the names that labels use; others stay as they are.
pub(super) fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let known = beginning(behind, 11).find(';').and_then(|end| {
            let name = &behind[..end];
            let c = match name.strip_prefix('#') {
                Some(number) => match number.strip_prefix(['x', 'X']) {
                    Some(hex) => char::from_u32(u32::from_str_radix(hex, 16).ok()?),
                    None => char::from_u32(number.parse().ok()?),
                },
                None => NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c),
            };
            Some((c.filter(|c| !c.is_control())?, end))
        });
        match known {
            Some((c, end)) => {
                out.push(c);
                rest = &behind[end + 1..];
            }
            None => {
                out.push('&');
                rest = behind;
            }
        }
    }
    out + rest
}

const NAMED: [(&str, char); 34] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", '\u{a0}'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("bull", '•'),
    ("middot", '·'),
    ("times", '×'),
    ("deg", '°'),
    ("euro", '€'),
    ("larr", '←'),
    ("rarr", '→'),
    ("uarr", '↑'),
    ("darr", '↓'),
    ("auml", 'ä'),
    ("ouml", 'ö'),
    ("uuml", 'ü'),
    ("Auml", 'Ä'),
    ("Ouml", 'Ö'),
    ("Uuml", 'Ü'),
    ("szlig", 'ß'),
    ("eacute", 'é'),
    ("egrave", 'è'),
    ("alpha", 'α'),
    ("beta", 'β'),
    ("lambda", 'λ'),
    ("micro", 'µ'),
];

/// Reads a record's label: `{a|<port> b|{c|d}}`. At the top its fields lie side by side, `{}` turns that.
pub(super) fn record(text: &str, beside: bool, names: &[(char, &str)]) -> Cell {
    let mut chars = text.chars().peekable();
    fields(&mut chars, beside, names, 0)
}

fn fields(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    beside: bool,
    names: &[(char, &str)],
    depth: usize,
) -> Cell {
    let mut out = Cell { beside, ..Cell::default() };
    let (mut text, mut port, mut nested) = (String::new(), None, None);
    let mut end = |text: &mut String, port: &mut Option<String>, nested: &mut Option<Cell>| {
        let cell = nested.take().unwrap_or_else(|| Cell { label: lines(text, names), ..Cell::default() });
        out.parts.push(Cell { port: port.take(), ..cell });
        text.clear();
    };
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                // An escaped sign of records is itself; others are for `lines`.
                match chars.next() {
                    Some(sign @ ('{' | '}' | '|' | '<' | '>' | ' ')) => text.push(sign),
                    Some(other) => {
                        text.push('\\');
                        text.push(other);
                    }
                    None => {}
                }
            }
            '|' => end(&mut text, &mut port, &mut nested),
            '{' if depth < DEEPEST => nested = Some(fields(chars, !beside, names, depth + 1)),
            '}' if depth > 0 => break,
            '<' => {
                let name: String = chars.by_ref().take_while(|c| *c != '>').collect();
                port = Some(name.trim().to_owned());
            }
            '{' | '}' => {}
            c => text.push(c),
        }
    }
    end(&mut text, &mut port, &mut nested);
    out
}

/// What an HTML-like label holds.
pub(super) struct Html {
    /// Its lines, where it holds no table.
    pub lines: Vec<String>,
    /// Its table.
    pub table: Option<Cell>,
    /// Tags and attributes that are not drawn.
    pub not_drawn: Vec<String>,
}

/// Reads an HTML-like label. Tags are matched loosely: a missing end tag ends with its parent.
pub(super) fn html(text: &str) -> Html {
    let mut reader = HtmlReader { rest: text, not_drawn: Vec::new() };
    let mut cell = reader.content(&[], 0);
    let table = (!cell.parts.is_empty()).then(|| {
        if cell.parts.len() == 1 && cell.label.is_empty() {
            cell.parts.remove(0)
        } else {
            Cell { label: Vec::new(), ..cell.clone() }
        }
    });
    let mut not_drawn = reader.not_drawn;
    not_drawn.sort_unstable();
    not_drawn.dedup();
    Html { lines: if table.is_some() { Vec::new() } else { cell.label }, table, not_drawn }
}

struct HtmlReader<'t> {
    rest: &'t str,
    not_drawn: Vec<String>,
}

/// A tag: its name in lower case, its attributes, whether it ends an element.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    closing: bool,
    empty: bool,
}

impl HtmlReader<'_> {
    /// Reads up to the end tag of `parent`, whose last word names the element we are in.
    fn content(&mut self, parents: &[&str], depth: usize) -> Cell {
        let mut cell = Cell::default();
        let mut out = vec![String::new()];
        loop {
            let text_end = self.rest.find('<').unwrap_or(self.rest.len());
            if let Some(line) = out.last_mut() {
                push_words(line, &self.rest[..text_end]);
            }
            self.rest = &self.rest[text_end..];
            let before = self.rest;
            let Some(tag) = self.tag() else { break };
            if tag.closing {
                if parents.contains(&tag.name.as_str()) {
                    if parents.last() != Some(&tag.name.as_str()) {
                        self.rest = before;
                    }
                    break;
                }
                continue;
            }
            match tag.name.as_str() {
                "br" => out.push(String::new()),
                "table" | "tr" | "td" if depth < DEEPEST && !tag.empty => {
                    // A new row or cell ends the one before it, should that lack its end.
                    if parents.last() == Some(&tag.name.as_str()) && tag.name != "table" {
                        self.rest = before;
                        break;
                    }
                    self.attributes(&tag);
                    let mut inside: Vec<&str> = parents.to_vec();
                    inside.push(&tag.name);
                    let mut part = self.content(&inside, depth + 1);
                    part.port =
                        tag.attributes.iter().find(|(key, _)| key == "port").map(|(_, value)| value.clone());
                    part.beside = tag.name == "tr";
                    if tag.name == "td" && part.parts.len() == 1 && part.label.is_empty() {
                        let table = part.parts.remove(0);
                        part = Cell { port: part.port.or(table.port.clone()), ..table };
                    }
                    cell.parts.push(part);
                }
                "td" => cell.parts.push(Cell::default()),
                "b" | "i" | "u" | "o" | "s" | "sub" | "sup" | "font" | "img" | "hr" | "vr" => {
                    self.not_drawn.push(format!("<{}>", tag.name));
                }
                _ => {}
            }
        }
        cell.label = trimmed(out);
        cell
    }

    fn attributes(&mut self, tag: &Tag) {
        for (key, _) in &tag.attributes {
            if matches!(key.as_str(), "colspan" | "rowspan" | "href" | "style" | "sides") {
                self.not_drawn.push(key.clone());
            }
        }
    }

    /// Reads a tag or skips a comment.
    fn tag(&mut self) -> Option<Tag> {
        loop {
            let rest = self.rest.strip_prefix('<')?;
            if let Some(comment) = rest.strip_prefix("!--") {
                self.rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
                let next = self.rest.find('<').unwrap_or(self.rest.len());
                self.rest = &self.rest[next..];
                continue;
            }
            let end = rest.find('>').unwrap_or(rest.len());
            let (inside, behind) = (&rest[..end], rest.get(end + 1..).unwrap_or(""));
            self.rest = behind;
            let closing = inside.starts_with('/');
            let empty = inside.ends_with('/');
            let inside = inside.trim_matches('/').trim();
            let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
            return Some(Tag {
                name: name.to_ascii_lowercase(),
                attributes: tag_attributes(attributes),
                closing,
                empty,
            });
        }
    }
}

fn tag_attributes(mut text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    while let Some((key, rest)) = text.split_once('=') {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, behind) = match quote {
            Some(quote) => rest[1..].split_once(quote).unwrap_or((&rest[1..], "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        out.push((key.trim().to_ascii_lowercase(), entities(value)));
        text = behind;
    }
    out
}

/// Adds text as HTML does: runs of blanks are one.
fn push_words(line: &mut String, text: &str) {
    for (at, word) in text.split(['\n', '\r', '\t', ' ']).enumerate() {
        if at > 0 && !line.ends_with(' ') {
            line.push(' ');
        }
        line.push_str(word);
    }
}
