//! Rust text to tokens, by hand: a whole service is cut at some 200 MB/s, so that only the few items that matter are
//! parsed by `syn` (6 MB/s).

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// An identifier or keyword; `r#type` too.
    Word,
    /// A string, byte string, character or number.
    Literal,
    /// `'a`.
    Lifetime,
    /// One character of punctuation.
    Mark(u8),
    /// `(`, `[` or `{`.
    Open(u8),
    /// `)`, `]` or `}`.
    Close(u8),
    /// `///` or `/** */`, documentation of what follows.
    Doc,
    /// `//!` or `/*! */`, documentation of what encloses it.
    InnerDoc,
}

/// A token and its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Token {
    /// The bytes as a range of indices.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Tokens of a text, and for each bracket its partner.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// In order.
    pub list: Vec<Token>,
    /// For an opening bracket the index of the closing one (or of the last token, where it is never closed).
    pub partner: Vec<u32>,
    /// The deepest nesting of brackets.
    pub depth: usize,
}

impl Tokens {
    /// The index behind a token, and behind all that is in its brackets if it opens some.
    pub fn after(&self, at: usize) -> usize {
        match (self.list.get(at).map(|token| token.kind), self.partner.get(at)) {
            (Some(TokenKind::Open(_)), Some(close)) => (*close as usize).max(at) + 1,
            _ => at + 1,
        }
    }
}

/// Cuts a text into tokens; what is not Rust comes out as marks. Comments and white space are dropped.
pub fn tokens(source: &str) -> Tokens {
    let bytes = source.as_bytes();
    let mut list = Vec::with_capacity(bytes.len() / 5);
    let mut at = skip_head(source);
    while at < bytes.len() {
        let (end, kind) = next(source, at);
        let mut end = end.clamp(at + 1, bytes.len());
        while !source.is_char_boundary(end) {
            end += 1;
        }
        if let Some(kind) = kind {
            list.push(Token { kind, start: offset(at), end: offset(end) });
        }
        at = end;
    }
    pair(list)
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The count of an opening bracket's kind.
fn count_of([round, square, curly]: &mut [usize; 3], byte: u8) -> &mut usize {
    match byte {
        b'(' => round,
        b'[' => square,
        _ => curly,
    }
}

fn pair(list: Vec<Token>) -> Tokens {
    let last = offset(list.len().saturating_sub(1));
    let mut partner = vec![0; list.len()];
    let mut open: Vec<(usize, u8)> = Vec::new();
    // How many brackets of each kind are open: a closing one that has no partner is not looked for.
    let mut counts = [0_usize; 3];
    let mut depth = 0;
    for (at, token) in list.iter().enumerate() {
        match token.kind {
            TokenKind::Open(byte) => {
                partner[at] = last;
                open.push((at, byte));
                *count_of(&mut counts, byte) += 1;
                depth = depth.max(open.len());
            }
            TokenKind::Close(byte) => {
                let wanted = match byte {
                    b')' => b'(',
                    b']' => b'[',
                    _ => b'{',
                };
                // A missing bracket ends with the next outer one that closes.
                while *count_of(&mut counts, wanted) > 0
                    && let Some((unclosed, byte)) = open.pop()
                {
                    partner[unclosed] = offset(at);
                    *count_of(&mut counts, byte) -= 1;
                    if byte == wanted {
                        break;
                    }
                }
            }
            _ => {}
        }
    }
    Tokens { list, partner, depth }
}

/// A byte-order mark and a `#!` line that is not an attribute.
fn skip_head(source: &str) -> usize {
    let at = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = &source[at..];
    if rest.starts_with("#!") && !rest[2..].trim_start().starts_with('[') {
        return at + rest.find('\n').unwrap_or(rest.len());
    }
    at
}

fn next(source: &str, at: usize) -> (usize, Option<TokenKind>) {
    let bytes = source.as_bytes();
    let rest = &bytes[at..];
    match bytes[at] {
        byte if byte.is_ascii_whitespace() => (at + 1, None),
        b'/' if rest.starts_with(b"//") => (line_end(bytes, at), comment(rest)),
        b'/' if rest.starts_with(b"/*") => (block_end(bytes, at), comment(rest)),
        b'"' => (quote_end(bytes, at + 1, b'"'), Some(TokenKind::Literal)),
        b'\'' => quote(source, at),
        b'r' | b'b' | b'c' => prefixed(source, at).map_or_else(
            || (word_end(bytes, at), Some(TokenKind::Word)),
            |end| (end, Some(TokenKind::Literal)),
        ),
        byte @ (b'(' | b'[' | b'{') => (at + 1, Some(TokenKind::Open(byte))),
        byte @ (b')' | b']' | b'}') => (at + 1, Some(TokenKind::Close(byte))),
        byte if byte.is_ascii_digit() => (number_end(bytes, at), Some(TokenKind::Literal)),
        byte if is_word(byte) => (word_end(bytes, at), Some(TokenKind::Word)),
        byte if byte.is_ascii_punctuation() => (at + 1, Some(TokenKind::Mark(byte))),
        _ => (at + 1, None),
    }
}

fn comment(rest: &[u8]) -> Option<TokenKind> {
    let is = |prefix: &[u8]| rest.starts_with(prefix);
    if is(b"//!") || is(b"/*!") {
        Some(TokenKind::InnerDoc)
    } else if (is(b"///") && !is(b"////")) || (is(b"/**") && !is(b"/***") && !is(b"/**/")) {
        Some(TokenKind::Doc)
    } else {
        None
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn word_end(bytes: &[u8], from: usize) -> usize {
    let from = if bytes[from..].starts_with(b"r#") && bytes.get(from + 2).is_some_and(|b| is_word(*b)) {
        from + 2
    } else {
        from
    };
    bytes[from..].iter().position(|b| !is_word(*b)).map_or(bytes.len(), |n| from + n)
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    bytes[from..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| from + n)
}

fn block_end(bytes: &[u8], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0_usize);
    while at < bytes.len() {
        if bytes[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if bytes[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    bytes.len()
}

fn quote_end(bytes: &[u8], from: usize, quote: u8) -> usize {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// A character literal or a lifetime.
fn quote(source: &str, at: usize) -> (usize, Option<TokenKind>) {
    let mut chars = source[at + 1..].char_indices();
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => (quote_end(source.as_bytes(), at + 1, b'\''), Some(TokenKind::Literal)),
        (Some(_), Some((n, '\''))) => (at + 1 + n + 1, Some(TokenKind::Literal)),
        (Some((_, first)), _) if first == '_' || first.is_alphabetic() => {
            (word_end(source.as_bytes(), at + 1), Some(TokenKind::Lifetime))
        }
        _ => (at + 1, Some(TokenKind::Mark(b'\''))),
    }
}

/// The end of `r"…"`, `br#"…"#`, `b"…"`, `c"…"`, `b'…'`.
fn prefixed(source: &str, at: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut from = at;
    if matches!(bytes[from], b'b' | b'c') {
        from += 1;
    }
    let raw = bytes.get(from) == Some(&b'r');
    from += usize::from(raw);
    let hashes = bytes.get(from..)?.iter().take_while(|b| **b == b'#').count();
    match bytes.get(from + hashes)? {
        b'"' if raw => {
            let begin = from + hashes + 1;
            let mut search = begin;
            loop {
                let Some(n) = source[search..].find('"') else { return Some(source.len()) };
                let after = search + n + 1;
                let closing = bytes[after..].iter().take(hashes).take_while(|b| **b == b'#').count();
                if closing == hashes {
                    return Some(after + hashes);
                }
                search = after;
            }
        }
        b'"' if hashes == 0 && from > at => Some(quote_end(bytes, from + 1, b'"')),
        b'\'' if hashes == 0 && from == at + 1 && bytes[at] == b'b' => {
            Some(quote_end(bytes, from + 1, b'\''))
        }
        _ => None,
    }
}

fn number_end(bytes: &[u8], from: usize) -> usize {
    let mut at = word_end(bytes, from);
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    if bytes.get(at) == Some(&b'.') && digit(at + 1) {
        at = word_end(bytes, at + 1);
    } else if bytes.get(at) == Some(&b'.') && !bytes.get(at + 1).is_some_and(|b| *b == b'.' || is_word(*b)) {
        return at + 1;
    }
    let exponent = matches!(bytes.get(at.wrapping_sub(1)), Some(b'e' | b'E'));
    if exponent
        && matches!(bytes.get(at), Some(b'+' | b'-'))
        && digit(at + 1)
        && !bytes[from..].starts_with(b"0x")
    {
        at = word_end(bytes, at + 1);
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_comments_and_lifetimes_are_told_apart() {
        let source = "fn a<'x>(c: char) { let _ = ('\\'', 'b', r#\"}\"#, b\"{\", 1.0, 1..2, 0x1e+1); } // {\n/// doc\n";
        let found = tokens(source);
        let text: Vec<&str> = found.list.iter().map(|token| &source[token.range()]).collect();
        for one in ["'x", "'\\''", "'b'", "r#\"}\"#", "b\"{\"", "1.0", "0x1e", "/// doc"] {
            assert!(text.contains(&one), "{one} in {text:?}");
        }
        assert_eq!(text.iter().filter(|one| **one == ".").count(), 2);
    }

    #[test]
    fn brackets_find_their_partners_even_when_one_is_missing() {
        let found = tokens("{ ( ] } x");
        assert_eq!(found.partner[0], 3);
        assert_eq!(found.partner[1], 3);
    }
}
