//! The items of one file, found by their keywords and balanced brackets.
//!
//! Comments, strings and character literals are skipped, so a brace inside them does no harm. Enough to quote an
//! item by name; it resolves nothing.

use crate::base::Span;

/// One declared item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Names of the enclosing modules and types and its own, joined by `::`.
    pub path: String,
    /// All of it, with its doc comments and attributes.
    pub span: Span,
}

impl Item {
    /// Its own name.
    pub fn name(&self) -> &str {
        self.path.rsplit("::").next().unwrap_or(&self.path)
    }
}

/// The items of `source`, in order, nested ones after the one that holds them.
pub fn items(source: &str) -> Vec<Item> {
    let tokens = tokens(source);
    let mut reader = ItemReader { source, tokens, found: Vec::new() };
    let end = reader.tokens.len();
    reader.scan(0, end, "", 0);
    reader.found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WordKind {
    Word,
    Open,
    Close,
    Mark(u8),
    Attribute,
    Doc,
}

#[derive(Clone, Copy)]
struct Token {
    kind: WordKind,
    start: usize,
    end: usize,
}

/// Deeper nesting is not looked into; items nest a handful deep.
const DEEPEST: usize = 64;

struct ItemReader<'s> {
    source: &'s str,
    tokens: Vec<Token>,
    found: Vec<Item>,
}

impl ItemReader<'_> {
    fn word(&self, at: usize) -> &str {
        match self.tokens.get(at) {
            Some(token) if token.kind == WordKind::Word => &self.source[token.start..token.end],
            _ => "",
        }
    }

    fn mark(&self, at: usize) -> u8 {
        match self.tokens.get(at).map(|token| token.kind) {
            Some(WordKind::Mark(byte)) => byte,
            _ => 0,
        }
    }

    /// Items between two tokens.
    fn scan(&mut self, mut at: usize, end: usize, prefix: &str, depth: usize) {
        let mut start = None;
        while at < end {
            let token = self.tokens[at];
            if matches!(token.kind, WordKind::Attribute | WordKind::Doc) {
                start.get_or_insert(token.start);
                at += 1;
                continue;
            }
            let begin = *start.get_or_insert(token.start);
            let (name, keyword) = self.declared(at, end);
            if !name.is_empty() {
                at = self.item(at, end, begin, &name, keyword, prefix, depth);
                start = None;
            } else if matches!(token.kind, WordKind::Open) {
                // `pub(crate)` belongs to what follows.
                let visibility = at > 0 && self.word(at - 1) == "pub";
                at = self.close(at, end) + 1;
                if !visibility {
                    start = None;
                }
            } else {
                if matches!(token.kind, WordKind::Mark(b';' | b',')) {
                    start = None;
                }
                at += 1;
            }
        }
    }

    /// The name that the declaration beginning at a token gives, or nothing.
    fn declared(&self, at: usize, end: usize) -> (String, &'static str) {
        let nothing = (String::new(), "");
        if at >= end {
            return nothing;
        }
        let next = self.word(at + 1);
        match self.word(at) {
            word @ ("struct" | "enum" | "trait" | "type" | "mod" | "union") if !next.is_empty() => {
                let keyword = if word == "mod" || word == "trait" { "nest" } else { "item" };
                (next.to_owned(), keyword)
            }
            "fn" if !next.is_empty() => (next.to_owned(), "item"),
            "const" | "static" => match (next, self.word(at + 2)) {
                ("mut", name) if !name.is_empty() => (name.to_owned(), "item"),
                ("fn" | "unsafe" | "extern" | "async", _) => nothing,
                (name, _) if self.mark(at + 2) == b':' => (name.to_owned(), "item"),
                _ => nothing,
            },
            "macro_rules" if self.mark(at + 1) == b'!' => (self.word(at + 2).to_owned(), "item"),
            "impl" => (self.implemented(at, end), "impl"),
            _ => nothing,
        }
    }

    /// The type of an `impl` block: the last plain word before its brace, generics left out.
    fn implemented(&self, at: usize, end: usize) -> String {
        let mut angle = 0_i32;
        let mut name = "";
        for at in at + 1..end {
            match self.tokens[at].kind {
                WordKind::Mark(b'<') => angle += 1,
                WordKind::Mark(b'>') if self.mark(at - 1) != b'-' => angle -= 1,
                WordKind::Open if angle <= 0 => break,
                WordKind::Word if angle <= 0 => match self.word(at) {
                    "where" => break,
                    "for" | "dyn" | "mut" | "const" => {}
                    word => name = word,
                },
                _ => {}
            }
        }
        name.to_owned()
    }

    #[expect(clippy::too_many_arguments, reason = "one call site; the arguments are the scanner's state")]
    fn item(
        &mut self,
        at: usize,
        end: usize,
        begin: usize,
        name: &str,
        keyword: &str,
        prefix: &str,
        depth: usize,
    ) -> usize {
        let mut last = at;
        let mut body = None;
        while last < end {
            match self.tokens[last].kind {
                WordKind::Mark(b';') => break,
                WordKind::Open => {
                    let brace = self.source.as_bytes().get(self.tokens[last].start) == Some(&b'{');
                    let close = self.close(last, end);
                    if brace {
                        body = Some((last + 1, close));
                        last = close;
                        break;
                    }
                    last = close;
                }
                _ => {}
            }
            last += 1;
        }
        let stop =
            self.tokens.get(last.min(end.saturating_sub(1))).map_or(self.source.len(), |token| token.end);
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}::{name}") };
        if keyword != "impl" {
            self.found.push(Item { path: path.clone(), span: Span::new(begin, stop) });
        }
        if let Some((from, to)) = body.filter(|_| keyword != "item" && depth < DEEPEST) {
            self.scan(from, to, &path, depth + 1);
        }
        last + 1
    }

    /// The token that closes the bracket opened at a token, or the last one before `end`.
    fn close(&self, open: usize, end: usize) -> usize {
        let mut depth = 0_usize;
        for at in open..end {
            match self.tokens[at].kind {
                WordKind::Open => depth += 1,
                WordKind::Close => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at;
                    }
                }
                _ => {}
            }
        }
        end.saturating_sub(1)
    }
}

/// Words, brackets and marks; attributes and doc comments as single tokens.
fn tokens(source: &str) -> Vec<Token> {
    let bytes = source.as_bytes();
    let mut out = Vec::with_capacity(bytes.len() / 4);
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let rest = &bytes[at..];
        let end = match byte {
            b'/' if rest.starts_with(b"//") => line_end(bytes, at),
            b'/' if rest.starts_with(b"/*") => block_end(bytes, at),
            b'"' => quote_end(bytes, at + 1),
            b'\'' => char_end(source, at),
            b'r' | b'b' | b'c' => raw_end(source, at).unwrap_or_else(|| word_end(bytes, at)),
            b'#' if rest.starts_with(b"#[") => attribute_end(bytes, at),
            _ if is_word(byte) => word_end(bytes, at),
            _ => at + 1,
        };
        let end = end.max(at + 1).min(bytes.len());
        let kind = match byte {
            b'/' if rest.starts_with(b"///") && !rest.starts_with(b"////") => Some(WordKind::Doc),
            b'/' if rest.starts_with(b"/**") => Some(WordKind::Doc),
            b'/' if rest.starts_with(b"//") || rest.starts_with(b"/*") => None,
            b'#' if rest.starts_with(b"#[") => Some(WordKind::Attribute),
            b'{' | b'(' | b'[' => Some(WordKind::Open),
            b'}' | b')' | b']' => Some(WordKind::Close),
            _ if is_word(byte) && source[at..end].bytes().all(is_word) => Some(WordKind::Word),
            b'"' | b'\'' => None,
            _ if byte.is_ascii_punctuation() => Some(WordKind::Mark(byte)),
            _ => None,
        };
        if let Some(kind) = kind {
            out.push(Token { kind, start: at, end });
        }
        at = end;
    }
    out
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn word_end(bytes: &[u8], from: usize) -> usize {
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
fn char_end(source: &str, at: usize) -> usize {
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

/// `r"…"`, `br#"…"#`, `b"…"`, `b'…'`.
fn raw_end(source: &str, at: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    let mut from = at;
    if matches!(bytes[from], b'b' | b'c') {
        from += 1;
    }
    let raw = bytes.get(from) == Some(&b'r');
    from += usize::from(raw);
    let hashes = bytes[from..].iter().take_while(|b| **b == b'#').count();
    match bytes.get(from + hashes)? {
        b'"' if raw => {
            let close = format!("\"{}", "#".repeat(hashes));
            let begin = from + hashes + 1;
            Some(source[begin..].find(&close).map_or(source.len(), |n| begin + n + close.len()))
        }
        b'"' if hashes == 0 => Some(quote_end(bytes, from + 1)),
        b'\'' if hashes == 0 && from == at + 1 && !raw => Some(char_end(source, from)),
        _ => None,
    }
}

fn attribute_end(bytes: &[u8], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at = quote_end(bytes, at + 1);
                continue;
            }
            b'[' => depth += 1,
            b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_found_with_their_comments_and_inside_their_parents() {
        let source = "use a::b;\n\n/// Docs {\n#[derive(A, B)]\npub struct Limits { a: &'static str }\n\nimpl<T: Into<u8>> Thing for Limits<T> {\n    pub(crate) const fn new() -> Self { let c = '{'; Self }\n    const N: usize = 3;\n}\nmod inner { pub static X: &str = \"}\"; fn r() { r#\"}\"# } }\nmacro_rules! m { () => {} }\n";
        let found = items(source);
        let names: Vec<&str> = found.iter().map(|item| item.path.as_str()).collect();
        assert_eq!(names, ["Limits", "Limits::new", "Limits::N", "inner", "inner::X", "inner::r", "m"]);
        assert_eq!(
            &source[found[0].span.range()],
            "/// Docs {\n#[derive(A, B)]\npub struct Limits { a: &'static str }"
        );
        assert_eq!(&source[found[1].span.range()], "pub(crate) const fn new() -> Self { let c = '{'; Self }");
        assert!(source[found[3].span.range()].ends_with("r#\"}\"# } }"));
    }

    #[test]
    fn broken_source_is_read_as_far_as_it_goes() {
        for source in [
            "fn",
            "fn a(",
            "struct {",
            "impl",
            "impl<",
            "'",
            "b'",
            "r#\"",
            "#[",
            "/*",
            "const",
            "macro_rules!",
            "}}}}",
            "mod a { mod b {",
        ] {
            items(source);
        }
    }
}
