//! DOT text to tokens (the language's own page, graphviz.org/doc/info/lang.html, and the scanner of Graphviz).

use crate::base::Span;

/// A word or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// An id as written: a name, a numeral, a quoted string (unquoted here, other escapes kept), a keyword.
    Id(Id),
    /// One of `{ } [ ] ; , : =`.
    Sign(char),
    /// `->` or `--`.
    Arrow {
        /// `->`.
        directed: bool,
    },
    /// The end of the text.
    End,
}

/// An id and how it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Id {
    pub text: String,
    pub form: Form,
}

/// How an id is written, which decides whether it may be a keyword and how a label reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    #[default]
    Plain,
    Quoted,
    Html,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// A sign that DOT does not have, or a string without an end.
pub(super) struct Fault {
    pub message: String,
    pub help: &'static str,
    pub span: Span,
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    faults: Vec<Fault>,
}

/// Splits a text; total: what is no token is a fault and left out.
pub(super) fn tokens(text: &str) -> (Vec<Token>, Vec<Fault>) {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), faults: Vec::new() };
    while lexer.step() {}
    lexer.push(TokenKind::End, text.len());
    (lexer.tokens, lexer.faults)
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii()
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// A token from `start` to where we are.
    fn push(&mut self, kind: TokenKind, start: usize) {
        self.tokens.push(Token { kind, span: Span::new(start, self.at) });
    }

    fn fault(&mut self, message: String, help: &'static str, start: usize) {
        // A binary file has a fault at each byte; the first hundred say enough.
        if self.faults.len() < 100 {
            self.faults.push(Fault { message, help, span: Span::new(start, self.at) });
        }
    }

    /// Reads one token or one piece of what is between them.
    fn step(&mut self) -> bool {
        let start = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return false };
        let line_start = self.text[..start].ends_with('\n') || start == 0;
        if first.is_whitespace() || first == '\u{feff}' {
            self.at += first.len_utf8();
        } else if rest.starts_with("//") || (first == '#' && line_start) {
            self.at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            match rest.find("*/") {
                Some(end) => self.at += end + 2,
                None => {
                    self.at = self.text.len();
                    self.fault("the comment has no end".into(), "close it with `*/`", start);
                }
            }
        } else if first == '"' {
            self.quoted();
        } else if first == '<' {
            self.html();
        } else if rest.starts_with("->") || rest.starts_with("--") {
            let directed = rest.starts_with("->");
            self.at += 2;
            self.push(TokenKind::Arrow { directed }, start);
        } else if "{}[];,:=".contains(first) {
            self.at += 1;
            self.push(TokenKind::Sign(first), start);
        } else if first == '+' {
            self.at += 1;
            self.concatenate(start);
        } else if first.is_ascii_digit() || first == '.' || first == '-' {
            self.numeral();
        } else if is_word(first) {
            let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let text = rest[..length].to_owned();
            self.at += length;
            self.push(TokenKind::Id(Id { text, form: Form::Plain }), start);
        } else {
            self.at += first.len_utf8();
            self.fault(
                format!("`{}` is no sign of DOT", first.escape_default()),
                "names with other signs than letters, digits and _ stand in quotation marks",
                start,
            );
        }
        true
    }

    /// `-?(.digits | digits(.digits)?)`; what follows at once is the next token, as in Graphviz.
    fn numeral(&mut self) {
        let start = self.at;
        let rest = self.rest();
        let sign = usize::from(rest.starts_with('-'));
        let mut point = false;
        let length = rest[sign..]
            .find(|c: char| {
                let first_point = c == '.' && !point;
                point |= c == '.';
                !(c.is_ascii_digit() || first_point)
            })
            .unwrap_or(rest.len() - sign);
        let text = rest[..sign + length].to_owned();
        if text.bytes().any(|byte| byte.is_ascii_digit()) {
            self.at += text.len();
            self.push(TokenKind::Id(Id { text, form: Form::Plain }), start);
        } else {
            self.at += text.len().max(1);
            self.fault(format!("`{text}` is no number"), "write `->` or `--` between two nodes", start);
        }
    }

    fn quoted(&mut self) {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.text[start + 1..].char_indices();
        let mut closed = None;
        while let Some((offset, c)) = chars.next() {
            match c {
                '"' => {
                    closed = Some(start + 1 + offset + 1);
                    break;
                }
                '\\' => match chars.next() {
                    Some((_, '"')) => text.push('"'),
                    Some((_, '\n')) => {}
                    Some((_, '\r')) => {
                        if chars.as_str().starts_with('\n') {
                            chars.next();
                        }
                    }
                    // Other escapes mean something in labels only, so they stay.
                    Some((_, other)) => {
                        text.push('\\');
                        text.push(other);
                    }
                    None => text.push('\\'),
                },
                c => text.push(c),
            }
        }
        self.at = closed.unwrap_or(self.text.len());
        if closed.is_none() {
            self.fault("the string has no end".into(), "close it with `\"`", start);
        }
        self.push(TokenKind::Id(Id { text, form: Form::Quoted }), start);
    }

    /// `<` to its `>`, inner pairs counted; comments inside are skipped.
    fn html(&mut self) {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let (mut depth, mut at) = (0_usize, start);
        while at < bytes.len() {
            match bytes[at] {
                b'<' if self.text[at..].starts_with("<!--") => {
                    at += self.text[at..].find("-->").map_or(bytes.len() - at, |end| end + 2);
                }
                b'<' => depth += 1,
                b'>' => depth -= 1,
                _ => {}
            }
            at += 1;
            if depth == 0 {
                break;
            }
        }
        let at = at.min(bytes.len());
        self.at = at;
        if depth > 0 {
            self.fault("the HTML-like string has no end".into(), "each `<` in it needs its `>`", start);
        }
        let inner = self.text.get(start + 1..if depth > 0 { at } else { at - 1 }).unwrap_or("");
        let text = inner.to_owned();
        self.push(TokenKind::Id(Id { text, form: Form::Html }), start);
    }

    /// `"a" + "b"` is one string.
    fn concatenate(&mut self, start: usize) {
        let before = self.tokens.len();
        let quoted = |token: Option<&Token>| {
            matches!(token, Some(Token { kind: TokenKind::Id(Id { form: Form::Quoted, .. }), .. }))
        };
        if quoted(self.tokens.last()) {
            while self.tokens.len() == before && self.step_to_operand() {}
            if self.tokens.len() == before + 1 && quoted(self.tokens.last()) {
                let (Some(second), Some(first)) = (self.tokens.pop(), self.tokens.last_mut()) else { return };
                if let (TokenKind::Id(a), TokenKind::Id(b)) = (&mut first.kind, second.kind) {
                    a.text.push_str(&b.text);
                }
                first.span.end = second.span.end;
                return;
            }
        }
        self.fault("`+` joins nothing here".into(), "it joins two strings in quotation marks", start);
    }

    /// Skips what is between tokens and reads the string that follows; false if something else does.
    fn step_to_operand(&mut self) -> bool {
        let rest = self.rest();
        let blank = rest.starts_with(|c: char| c.is_whitespace() || c == '#' || c == '/');
        (blank || rest.starts_with('"')) && self.step()
    }
}
