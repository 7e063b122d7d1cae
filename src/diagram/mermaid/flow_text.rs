//! The smallest parts of a flowchart: names, quoted words, shapes' brackets, links.

use super::super::graph::{Head, Line, Shape};
use super::source::LONGEST;
use crate::base::beginning;

/// A place in a text that is being read.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    pub text: &'t str,
    pub at: usize,
}

/// The line of a link, its head, and the words in its middle with their place.
type Stroke = (Line, Head, Option<(String, usize)>);

/// A link between two nodes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    pub tail: Head,
    pub head: Head,
    pub line: Line,
    /// The words on it as written, and where.
    pub label: Option<(String, usize)>,
}

impl<'t> Cursor<'t> {
    pub fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Steps over `word` if it comes next.
    pub fn take(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// Steps over spaces and tabs.
    pub fn spaces(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\u{a0}']).len();
    }

    /// Steps over all white space.
    pub fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    /// The rest of the line, stepped over; ends at `;` outside of quotes as well.
    pub fn line(&mut self) -> (&'t str, usize) {
        let (start, mut quoted) = (self.at, false);
        let end = self.rest().char_indices().find(|(at, c)| {
            quoted ^= *c == '"';
            *c == '\n' || (*c == ';' && !quoted && !entity(&self.rest()[..*at]))
        });
        let length = end.map_or(self.rest().len(), |(at, _)| at);
        let line = &self.rest()[..length];
        self.at += length;
        (line.trim(), start + line.len() - line.trim_start().len())
    }

    /// The name of a node.
    pub fn name(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let mut chars = rest.char_indices().peekable();
        let mut end = 0;
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            let part = match c {
                '-' => {
                    next.is_some_and(|next| !matches!(next, '>' | '-' | '.') && !next.is_whitespace())
                        && at > 0
                }
                '=' => next != Some('=') && at > 0,
                '&' => at > 0 && next.is_some_and(char::is_alphanumeric),
                '_' | '.' | '!' | '$' | '%' | '\'' | '*' | '+' | '?' | '\\' | '/' | '#' | '`' => true,
                // `A:b` is a name; `A:::class` is not.
                ':' => next.is_some_and(char::is_alphanumeric) && at > 0 && !rest[..at].ends_with(':'),
                c => c.is_alphanumeric() || (!c.is_ascii() && !c.is_whitespace()),
            };
            if !part || (c == '%' && next == Some('%')) {
                break;
            }
            end = at + c.len_utf8();
        }
        (end > 0).then(|| {
            self.at += end;
            &rest[..end]
        })
    }

    /// A quoted text, with its quotes; `"` must come next.
    pub fn quoted(&mut self) -> Option<&'t str> {
        let rest = self.rest();
        let inner = beginning(rest.strip_prefix('"')?, LONGEST);
        let end = if inner.starts_with('`') { inner.find("`\"").map(|at| at + 1) } else { inner.find('"') }?;
        self.at += end + 2;
        Some(&rest[..end + 2])
    }

    /// The shape that a node's brackets draw and the words in them; an unclosed one is an error with what would close it.
    pub fn brackets(&mut self) -> Option<Result<(Shape, &'t str, usize), &'static str>> {
        /// What opens, what closes, the shape, what closes another shape with the same opening.
        type Bracket = (&'static str, &'static str, Shape, Option<(&'static str, Shape)>);
        const BRACKETS: &[Bracket] = &[
            ("(((", ")))", Shape::DoubleCircle, None),
            ("((", "))", Shape::Circle, None),
            ("([", "])", Shape::Pill, None),
            ("(-", "-)", Shape::Ellipse, None),
            ("(", ")", Shape::Box, None),
            ("[[", "]]", Shape::Subroutine, None),
            ("[(", ")]", Shape::Cylinder, None),
            ("[/", "/]", Shape::Parallelogram, Some(("\\]", Shape::Trapezoid))),
            ("[\\", "\\]", Shape::ParallelogramLeft, Some(("/]", Shape::TrapezoidDown))),
            ("[", "]", Shape::Rectangle, None),
            ("{{", "}}", Shape::Hexagon, None),
            ("{", "}", Shape::Diamond, None),
            (">", "]", Shape::Flag, None),
        ];
        let (open, close, shape, other) = BRACKETS.iter().find(|(open, ..)| self.rest().starts_with(open))?;
        let mut inner = Cursor { text: self.text, at: self.at + open.len() };
        inner.blanks();
        let start = inner.at;
        if inner.peek() == Some('"') {
            let Some(words) = inner.quoted() else { return Some(Err("\"")) };
            inner.blanks();
            for (close, shape) in std::iter::once((*close, *shape)).chain(*other) {
                if inner.take(close) {
                    self.at = inner.at;
                    return Some(Ok((shape, words, start)));
                }
            }
            return Some(Err(close));
        }
        let first = |close: &str| beginning(inner.rest(), LONGEST).find(close);
        let found = std::iter::once((*close, *shape))
            .chain(*other)
            .filter_map(|(close, shape)| Some((first(close)?, close, shape)))
            .min_by_key(|(at, ..)| *at);
        let Some((length, close, shape)) =
            found.filter(|(length, ..)| !inner.rest()[..*length].contains('\n') || *length < 2_000)
        else {
            return Some(Err(close));
        };
        let words = &inner.rest()[..length];
        self.at = inner.at + length + close.len();
        Some(Ok((shape, words, start)))
    }

    /// A link; nothing is stepped over if there is none.
    pub fn link(&mut self) -> Option<Link> {
        let mut cursor = *self;
        cursor.spaces();
        let rest = cursor.rest();
        let tail = match rest.chars().next()? {
            'x' if is_stroke(&rest[1..]) => Head::Cross,
            'o' if is_stroke(&rest[1..]) => Head::Dot,
            '<' => Head::Arrow,
            _ => Head::None,
        };
        cursor.at += usize::from(tail != Head::None);
        let (line, head, words) = cursor.stroke()?;
        let mut label = words;
        let mut after = cursor;
        after.spaces();
        if label.is_none() && after.take("|") {
            after.spaces();
            let start = after.at;
            let words = match after.quoted() {
                Some(words) => words,
                None => after.rest().split('|').next().unwrap_or(""),
            };
            after.at = start + words.len();
            after.blanks();
            if after.take("|") {
                label = Some((words.to_owned(), start));
                cursor = after;
            }
        }
        *self = cursor;
        Some(Link { tail, head, line, label })
    }

    /// The stroke of a link with its head, and words that stand in its middle.
    fn stroke(&mut self) -> Option<Stroke> {
        let rest = self.rest();
        if rest.starts_with("~~~") {
            self.at += rest.len() - rest.trim_start_matches('~').len();
            return Some((Line::Hidden, Head::None, None));
        }
        let (line, mark) = match rest.as_bytes() {
            [b'-', b'-', ..] => (Line::Solid, '-'),
            [b'=', b'=', ..] => (Line::Thick, '='),
            [b'-', b'.', ..] | [b'.', b'-', ..] => (Line::Dotted, '.'),
            _ => return None,
        };
        if let Some((length, head)) = closing(rest, mark, true) {
            self.at += length;
            return Some((line, head, None));
        }
        // `-- words -->`
        self.at += 2;
        self.spaces();
        let start = self.at;
        if self.peek() == Some('"')
            && let Some(words) = self.quoted()
        {
            self.blanks();
            let (length, head) = closing(self.rest(), mark, false)?;
            self.at += length;
            return Some((line, head, Some((words.to_owned(), start))));
        }
        let rest = self.rest();
        let all = rest.lines().next().unwrap_or_default();
        let mut before = None;
        for (at, c) in all.char_indices() {
            // A run of dots is looked at once.
            if before.replace(c) == Some(mark) && c == mark {
                continue;
            }
            if let Some((length, head)) = closing(&rest[at..], mark, false) {
                self.at += at + length;
                return Some((line, head, Some((rest[..at].trim_end().to_owned(), start))));
            }
        }
        None
    }
}

/// Whether a link's line begins here.
fn is_stroke(text: &str) -> bool {
    ["--", "==", "-."].iter().any(|stroke| text.starts_with(stroke))
}

/// The end of a link's line: how long it is and what head it has. `whole` when the line begins here, too.
fn closing(text: &str, mark: char, whole: bool) -> Option<(usize, Head)> {
    let run = |text: &str, c: char| text.len() - text.trim_start_matches(c).len();
    let length = if mark == '.' {
        let lead = usize::from(text.starts_with('-') && whole);
        let dots = run(&text[lead..], '.');
        if dots == 0 || !text[lead + dots..].starts_with('-') {
            return None;
        }
        lead + dots + 1
    } else {
        run(text, mark)
    };
    let head = match text[length..].chars().next() {
        Some('>') => Head::Arrow,
        Some('x') => Head::Cross,
        Some('o') => Head::Dot,
        _ => Head::None,
    };
    let least = if mark == '.' { 1 } else { 2 };
    match head {
        Head::None => (length > least || (mark == '.' && length >= 2)).then_some((length, head)),
        _ => (length >= least).then_some((length + 1, head)),
    }
}

/// Whether what stands before a `;` makes an entity with it.
fn entity(before: &str) -> bool {
    before.rfind('#').is_some_and(|hash| {
        let name = &before[hash + 1..];
        !name.is_empty() && name.len() < 10 && name.chars().all(|c| c.is_ascii_alphanumeric())
    })
}
