//! Rust source as a flat list of tokens with matched brackets: total on any text, old editions and half-written
//! files included, and without recursion, so that hostile nesting costs memory in proportion and no stack.

use crate::base::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// An identifier or keyword, or a number.
    Word,
    /// A string literal, with its quotes.
    Text,
    /// One character of punctuation.
    Mark(u8),
    /// An opening bracket.
    Open(u8),
    /// A closing bracket.
    Close,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub start: u32,
    pub end: u32,
    /// For an opening bracket the index of the closing one, or of the list's end.
    pub partner: u32,
}

/// A file's tokens.
pub(super) struct Tokens<'s> {
    pub source: &'s str,
    pub list: Vec<Token>,
}

impl<'s> Tokens<'s> {
    /// Reads a source; files of 4 GiB and more are left out.
    pub fn read(source: &'s str) -> Self {
        let mut list = Vec::new();
        if u32::try_from(source.len()).is_ok() {
            lex(source, &mut list);
        }
        let mut open: Vec<usize> = Vec::new();
        let end = index(list.len());
        for at in 0..list.len() {
            match list[at].kind {
                TokenKind::Open(_) => {
                    list[at].partner = end;
                    open.push(at);
                }
                TokenKind::Close => {
                    if let Some(from) = open.pop() {
                        list[from].partner = index(at);
                    }
                }
                _ => {}
            }
        }
        Self { source, list }
    }

    /// The word at an index, or nothing.
    pub fn word(&self, at: usize) -> &'s str {
        match self.list.get(at) {
            Some(token) if token.kind == TokenKind::Word => {
                &self.source[token.start as usize..token.end as usize]
            }
            _ => "",
        }
    }

    /// The punctuation at an index, or 0.
    pub fn mark(&self, at: usize) -> u8 {
        match self.list.get(at).map(|token| token.kind) {
            Some(TokenKind::Mark(byte)) => byte,
            _ => 0,
        }
    }

    /// The opening bracket at an index, or 0.
    pub fn open(&self, at: usize) -> u8 {
        match self.list.get(at).map(|token| token.kind) {
            Some(TokenKind::Open(byte)) => byte,
            _ => 0,
        }
    }

    /// What follows a token: for an opening bracket, what follows its closing one.
    pub fn after(&self, at: usize) -> usize {
        match self.list.get(at) {
            Some(token) if matches!(token.kind, TokenKind::Open(_)) => (token.partner as usize).max(at) + 1,
            _ => at + 1,
        }
    }

    /// The index of the bracket that closes the one at `at`, at most `end`.
    pub fn close(&self, at: usize, end: usize) -> usize {
        self.list.get(at).map_or(end, |token| (token.partner as usize).min(end)).max(at)
    }

    /// The value of the string literal at an index; escapes other than quotes and line ends are left as written.
    pub fn text(&self, at: usize) -> Option<&'s str> {
        let token = self.list.get(at).filter(|token| token.kind == TokenKind::Text)?;
        let written = &self.source[token.start as usize..token.end as usize];
        let from = written.find('"')? + 1;
        let to = written.rfind('"').filter(|to| *to >= from)?;
        Some(&written[from..to])
    }

    /// The source with a blank for whatever is no token.
    pub fn without_comments(&self) -> String {
        let mut out = String::with_capacity(self.source.len());
        let mut last = 0;
        for token in &self.list {
            if token.start > last {
                out.push(' ');
            }
            out.push_str(&self.source[token.start as usize..token.end as usize]);
            last = token.end;
        }
        out
    }

    /// The bytes of a token.
    pub fn span(&self, at: usize) -> Span {
        self.list.get(at).map_or(Span::default(), |token| Span { start: token.start, end: token.end })
    }

    /// The bytes from one token to before another.
    pub fn range(&self, from: usize, to: usize) -> Span {
        let start = self.span(from).start;
        let last = to.checked_sub(1).map_or(start, |last| self.span(last).end);
        Span { start, end: last.max(start) }
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn lex(source: &str, out: &mut Vec<Token>) {
    let bytes = source.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        let (kind, end) = match byte {
            b'/' if next == b'/' => (None, line_end(bytes, at)),
            b'/' if next == b'*' => (None, comment_end(bytes, at)),
            b'"' => (Some(TokenKind::Text), quote_end(bytes, at + 1)),
            b'\'' => (None, character_end(source, at)),
            b'r' | b'b' | b'c' => match literal_end(source, at) {
                Some(end) => (Some(TokenKind::Text), end),
                None => (Some(TokenKind::Word), word_end(bytes, at)),
            },
            _ if is_word(byte) => (Some(TokenKind::Word), word_end(bytes, at)),
            b'{' | b'(' | b'[' => (Some(TokenKind::Open(byte)), at + 1),
            b'}' | b')' | b']' => (Some(TokenKind::Close), at + 1),
            _ if byte.is_ascii_punctuation() => (Some(TokenKind::Mark(byte)), at + 1),
            _ => (None, at + 1),
        };
        let end = end.max(at + 1).min(bytes.len());
        if let Some(kind) = kind {
            out.push(Token { kind, start: index(at), end: index(end), partner: 0 });
        }
        at = end;
    }
}

/// Whether a byte belongs to a word.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn word_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|b| !is_word(*b)).map_or(bytes.len(), |n| from + n)
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| from + n)
}

fn comment_end(bytes: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'/', Some(b'*')) => {
                depth += 1;
                at += 2;
            }
            (b'*', Some(b'/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}

fn quote_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A character literal, or a lifetime's quote alone.
fn character_end(source: &str, at: usize) -> usize {
    let mut chars = source[at + 1..].char_indices();
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((n, escaped))) => {
            let from = at + 1 + n + escaped.len_utf8();
            source[from..].find('\'').map_or(source.len(), |n| from + n + 1)
        }
        (Some(_), Some((n, '\''))) => at + 1 + n + 1,
        _ => at + 1,
    }
}

/// `r"…"`, `br#"…"#`, `b"…"`, `b'…'`; none for a plain word.
fn literal_end(source: &str, at: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    let from = at + usize::from(matches!(bytes[at], b'b' | b'c'));
    let raw = bytes.get(from) == Some(&b'r');
    let from = from + usize::from(raw);
    let hashes = bytes[from..].iter().take_while(|b| **b == b'#').count();
    match bytes.get(from + hashes)? {
        b'"' if raw => {
            let close = format!("\"{}", "#".repeat(hashes));
            let begin = from + hashes + 1;
            Some(source[begin..].find(&close).map_or(source.len(), |n| begin + n + close.len()))
        }
        b'"' if hashes == 0 => Some(quote_end(bytes, from + 1)),
        b'\'' if hashes == 0 && from == at + 1 && !raw => Some(character_end(source, from)),
        _ => None,
    }
}
