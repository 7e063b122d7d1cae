//! The items of a file with their attributes, found without parsing what is inside them.
//!
//! One broken item does no harm to the others, function bodies cost nothing, and what matters is parsed from its own
//! text later.

use super::token::{Token, TokenKind, Tokens, tokens};
use crate::base::Span;
use std::sync::Arc;

/// What an item declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// `mod x { … }` or `mod x;`.
    Module,
    /// `struct`.
    Struct,
    /// `enum`.
    Enum,
    /// `union`.
    Union,
    /// `trait`.
    Trait,
    /// `impl`.
    Impl,
    /// `fn`.
    Function,
    /// `const`.
    Const,
    /// `static`.
    Static,
    /// `type`.
    Alias,
    /// `use`.
    Use,
    /// `extern crate`.
    ExternCrate,
    /// `macro_rules!`.
    MacroRules,
    /// `name! { … }` at item position.
    MacroCall,
}

/// One attribute, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineAttribute {
    /// From `#` to `]`, or the doc comment.
    pub span: Span,
    /// Its path without spaces (`utoipa::path`); `doc` for a comment.
    pub path: String,
    /// What follows the path, brackets included.
    pub arguments: Span,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineItem {
    /// What it declares.
    pub kind: ItemKind,
    /// Its name; of an `impl` nothing, of a macro call the macro's path.
    pub name: String,
    /// All of it, attributes included.
    pub span: Span,
    /// Its outer attributes (and, of a module or function with a body, the inner ones).
    pub attributes: Vec<OutlineAttribute>,
    /// Whether it is declared `pub` in any form.
    pub public: bool,
    /// What is between its braces (of a macro call: its brackets).
    pub body: Option<Span>,
    /// Items inside a module, `impl` or `trait`.
    pub children: Vec<Arc<OutlineItem>>,
    /// Brackets nest no deeper than this in it, nor anywhere in the text that it was read from.
    pub nesting: usize,
}

impl OutlineItem {
    /// Whether an attribute of this path is on the item.
    pub fn has_attribute(&self, path: &str) -> bool {
        self.attributes.iter().any(|attribute| attribute.path == path)
    }
}

/// A file's items and its inner attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// `#![…]` of the file.
    pub attributes: Vec<OutlineAttribute>,
    /// In order.
    pub items: Vec<Arc<OutlineItem>>,
}

/// Modules deeper than this are not looked into; people nest a handful deep.
const DEEPEST: usize = 64;

/// The items of a file.
pub fn outline(source: &str) -> Outline {
    let tokens = tokens(source);
    let reader = OutlineReader { source, tokens: &tokens };
    let end = tokens.list.len();
    let (attributes, items) = reader.items(0, end, 0);
    Outline { attributes, items }
}

/// The token after the item that begins at a token of a text.
pub(super) fn item_end(source: &str, tokens: &Tokens, from: usize, end: usize) -> Option<usize> {
    // What is inside of it does not matter.
    OutlineReader { source, tokens }.item(from, end, DEEPEST).ok().map(|(_, next)| next.min(end))
}

/// Items declared among the statements of a function's body, whose text is `source[body]`; spans are those of
/// `source`.
pub fn block_items(source: &str, body: Span) -> Vec<OutlineItem> {
    let Some(text) = source.get(body.range()) else { return Vec::new() };
    let tokens = tokens(text);
    let reader = OutlineReader { source: text, tokens: &tokens };
    let mut found = Vec::new();
    let mut at = 0;
    let mut fresh = true;
    while at < tokens.list.len() {
        if fresh && let Ok((item, next)) = reader.item(at, tokens.list.len(), 0) {
            if item.kind != ItemKind::MacroCall {
                found.push(item);
            }
            at = next.max(at + 1);
            continue;
        }
        fresh = match tokens.list[at].kind {
            TokenKind::Mark(b';') => true,
            TokenKind::Open(byte) => {
                at = tokens.partner[at] as usize;
                byte == b'{'
            }
            _ => false,
        };
        at += 1;
    }
    for item in &mut found {
        shift(item, body.start);
    }
    found
}

fn shift(item: &mut OutlineItem, by: u32) {
    let moved = |span: Span| Span { start: span.start + by, end: span.end + by };
    item.span = moved(item.span);
    item.body = item.body.map(moved);
    for attribute in &mut item.attributes {
        attribute.span = moved(attribute.span);
        attribute.arguments = moved(attribute.arguments);
    }
    for child in &mut item.children {
        shift(Arc::make_mut(child), by);
    }
}

struct OutlineReader<'s> {
    source: &'s str,
    tokens: &'s Tokens,
}

impl<'s> OutlineReader<'s> {
    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.list.get(at)
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.token(at).map(|token| token.kind)
    }

    fn word(&self, at: usize) -> &'s str {
        match self.token(at) {
            Some(token) if token.kind == TokenKind::Word => &self.source[token.range()],
            _ => "",
        }
    }

    fn is(&self, at: usize, mark: u8) -> bool {
        self.kind(at) == Some(TokenKind::Mark(mark))
    }

    fn partner(&self, at: usize) -> usize {
        self.tokens.partner.get(at).map_or(at, |n| *n as usize)
    }

    fn span(&self, from: usize, to: usize) -> Span {
        match (self.token(from), self.token(to)) {
            (Some(first), Some(last)) => Span { start: first.start, end: last.end.max(first.start) },
            _ => Span::default(),
        }
    }

    fn items(
        &self,
        mut at: usize,
        end: usize,
        depth: usize,
    ) -> (Vec<OutlineAttribute>, Vec<Arc<OutlineItem>>) {
        let mut inner = Vec::new();
        let mut found = Vec::new();
        while at < end {
            if self.kind(at) == Some(TokenKind::InnerDoc) {
                inner.push(self.doc(at));
                at += 1;
            } else if let Some((attribute, next)) = self.inner_attribute(at) {
                inner.push(attribute);
                at = next;
            } else {
                match self.item(at, end, depth) {
                    Ok((item, next)) => {
                        found.push(Arc::new(item));
                        at = next.max(at + 1);
                    }
                    // Attributes of nothing are passed over together.
                    Err(after) if after > at => at = after,
                    Err(_) => {
                        at = match self.kind(at) {
                            Some(TokenKind::Open(_)) => self.partner(at).max(at) + 1,
                            _ => at + 1,
                        };
                    }
                }
            }
        }
        (inner, found)
    }

    fn doc(&self, at: usize) -> OutlineAttribute {
        let span = self.span(at, at);
        OutlineAttribute { span, path: "doc".to_owned(), arguments: span }
    }

    fn inner_attribute(&self, at: usize) -> Option<(OutlineAttribute, usize)> {
        let inner = self.is(at, b'#') && self.is(at + 1, b'!');
        (inner && self.kind(at + 2) == Some(TokenKind::Open(b'['))).then(|| self.attribute(at, at + 2))
    }

    fn attribute(&self, from: usize, open: usize) -> (OutlineAttribute, usize) {
        let close = self.partner(open);
        let mut at = open + 1;
        let mut path = String::new();
        while at < close {
            match self.kind(at) {
                Some(TokenKind::Word) => path.push_str(self.word(at)),
                Some(TokenKind::Mark(b':')) => path.push(':'),
                _ => break,
            }
            at += 1;
        }
        let arguments = if at < close { self.span(at, close - 1) } else { Span { start: 0, end: 0 } };
        (OutlineAttribute { span: self.span(from, close), path, arguments }, close + 1)
    }

    fn attributes(&self, mut at: usize, end: usize) -> (Vec<OutlineAttribute>, usize) {
        let mut found = Vec::new();
        while at < end {
            if self.kind(at) == Some(TokenKind::Doc) {
                found.push(self.doc(at));
                at += 1;
            } else if self.is(at, b'#') && self.kind(at + 1) == Some(TokenKind::Open(b'[')) {
                let (attribute, next) = self.attribute(at, at + 1);
                found.push(attribute);
                at = next;
            } else {
                break;
            }
        }
        (found, at)
    }

    /// The item that begins at a token, and the token after it; else the token after the attributes that begin there.
    fn item(&self, from: usize, end: usize, depth: usize) -> Result<(OutlineItem, usize), usize> {
        let (attributes, mut at) = self.attributes(from, end);
        let after = at;
        let public = self.word(at) == "pub";
        if public {
            at += 1;
            if self.kind(at) == Some(TokenKind::Open(b'(')) {
                at = self.partner(at) + 1;
            }
        }
        let (kind, name, at) = self.declared(at, end).ok_or(after)?;
        let (last, body) = self.extent(kind, at, end);
        let mut item = OutlineItem {
            kind,
            name,
            span: self.span(from, last),
            attributes,
            public,
            body: body.map(|(open, close)| self.inside(open, close)),
            children: Vec::new(),
            nesting: self.tokens.depth,
        };
        if let Some((open, close)) = body
            && depth < DEEPEST
            && matches!(kind, ItemKind::Module | ItemKind::Impl | ItemKind::Trait)
        {
            let (inner, children) = self.items(open + 1, close, depth + 1);
            item.attributes.extend(inner);
            item.children = children;
        }
        Ok((item, last + 1))
    }

    fn inside(&self, open: usize, close: usize) -> Span {
        match (self.token(open), self.token(close)) {
            (Some(open), Some(close)) => Span { start: open.end, end: close.start.max(open.end) },
            _ => Span::default(),
        }
    }

    /// The keyword's meaning, the name, and the token from which to look for the end.
    fn declared(&self, mut at: usize, end: usize) -> Option<(ItemKind, String, usize)> {
        let mut constant = false;
        while at < end {
            let word = self.word(at);
            match word {
                "unsafe" | "async" | "default" | "auto" | "safe" if self.word_or_quote(at + 1) => at += 1,
                "extern" if self.word(at + 1) == "crate" => {
                    return Some((ItemKind::ExternCrate, self.plain(at + 2), at + 2));
                }
                "extern" => at += if self.kind(at + 1) == Some(TokenKind::Literal) { 2 } else { 1 },
                "const" if matches!(self.word(at + 1), "fn" | "unsafe" | "async" | "extern") => {
                    constant = true;
                    at += 1;
                }
                _ => break,
            }
        }
        let _ = constant;
        let simple = |kind: ItemKind| {
            let name = self.plain(at + 1);
            (!name.is_empty()).then_some((kind, name, at + 1))
        };
        match self.word(at) {
            "mod" => simple(ItemKind::Module),
            "struct" => simple(ItemKind::Struct),
            "enum" => simple(ItemKind::Enum),
            "union" if !self.word(at + 1).is_empty() => simple(ItemKind::Union),
            "trait" => simple(ItemKind::Trait),
            "fn" => simple(ItemKind::Function),
            "type" => simple(ItemKind::Alias),
            "const" => simple(ItemKind::Const),
            "static" if self.word(at + 1) == "mut" => Some((ItemKind::Static, self.plain(at + 2), at + 2)),
            "static" => simple(ItemKind::Static),
            "impl" => Some((ItemKind::Impl, String::new(), at)),
            "use" => Some((ItemKind::Use, String::new(), at)),
            // Without brackets it has no end of its own.
            "macro_rules" if self.is(at + 1, b'!') && self.opens(at + 3, end) => {
                Some((ItemKind::MacroRules, self.plain(at + 2), at + 3))
            }
            _ => self.macro_call(at, end),
        }
    }

    /// Whether a token before `end` is a bracket that opens.
    fn opens(&self, at: usize, end: usize) -> bool {
        at < end && matches!(self.kind(at), Some(TokenKind::Open(_)))
    }

    fn word_or_quote(&self, at: usize) -> bool {
        matches!(self.kind(at), Some(TokenKind::Word | TokenKind::Literal))
    }

    fn plain(&self, at: usize) -> String {
        let word = self.word(at);
        word.strip_prefix("r#").unwrap_or(word).to_owned()
    }

    fn macro_call(&self, from: usize, end: usize) -> Option<(ItemKind, String, usize)> {
        let mut at = from;
        let mut path = String::new();
        while at < end {
            match self.kind(at) {
                Some(TokenKind::Word) => path.push_str(self.word(at)),
                Some(TokenKind::Mark(b':')) => path.push(':'),
                Some(TokenKind::Mark(b'!')) if at > from => break,
                _ => return None,
            }
            at += 1;
        }
        let open = if self.kind(at + 1) == Some(TokenKind::Word) { at + 2 } else { at + 1 };
        self.opens(open, end).then_some((ItemKind::MacroCall, path, open))
    }

    /// The last token of an item and its braces.
    fn extent(&self, kind: ItemKind, from: usize, end: usize) -> (usize, Option<(usize, usize)>) {
        let last = end.saturating_sub(1);
        if matches!(kind, ItemKind::MacroCall | ItemKind::MacroRules) {
            let close = self.partner(from).min(last);
            let semicolon = self.is(close + 1, b';') && close + 1 < end;
            return (close + usize::from(semicolon), Some((from, close)));
        }
        let braces_end = !matches!(
            kind,
            ItemKind::Use | ItemKind::Const | ItemKind::Static | ItemKind::Alias | ItemKind::ExternCrate
        );
        let mut at = from;
        while at < end {
            match self.kind(at) {
                Some(TokenKind::Mark(b';')) => return (at, None),
                Some(TokenKind::Open(b'{')) if braces_end && !self.is(at - 1, b'<') => {
                    let close = self.partner(at).min(last);
                    return (close, Some((at, close)));
                }
                Some(TokenKind::Open(_)) => at = self.partner(at),
                _ => {}
            }
            at += 1;
        }
        (last, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_come_with_attributes_names_and_bodies() {
        let source = "#![allow(x)]\nuse a::{b, c};\n/// Doc\n#[utoipa::path(get, path = \"/a\")]\npub(crate) async fn a(x: [u8; 3]) -> Result<(), ()> { if x { } }\nmod m { struct S(u8); impl S { const fn f() {} } }\nid!(Name);\npub const X: &str = \"}\";\nmacro_rules! id { ($n:ident) => { struct $n; } }\n";
        let found = outline(source);
        assert_eq!(found.attributes[0].path, "allow");
        let kinds: Vec<(ItemKind, &str)> =
            found.items.iter().map(|item| (item.kind, item.name.as_str())).collect();
        assert_eq!(
            kinds,
            [
                (ItemKind::Use, ""),
                (ItemKind::Function, "a"),
                (ItemKind::Module, "m"),
                (ItemKind::MacroCall, "id"),
                (ItemKind::Const, "X"),
                (ItemKind::MacroRules, "id"),
            ]
        );
        assert_eq!(found.items[1].attributes[1].path, "utoipa::path");
        assert_eq!(&source[found.items[1].body.unwrap().range()], " if x { } ");
        assert_eq!(found.items[2].children[1].children[0].name, "f");
        assert_eq!(&source[found.items[3].body.unwrap().range()], "Name");
    }

    #[test]
    fn macros_without_brackets_are_no_items_and_reading_goes_on() {
        for source in
            ["a; macro_rules!d:T", "a; macro_rules! d) x", "macro_rules!", "x! y", "{ macro_rules! } (a)"]
        {
            assert!(block_items(source, Span::new(0, source.len())).is_empty(), "{source}");
            assert!(outline(source).items.is_empty(), "{source}");
        }
        // What follows the brackets around is not inside of them.
        assert!(outline("mod m { a! } (b)").items[0].children.is_empty());
        let after = outline("macro_rules!d:T; struct A;");
        assert_eq!(after.items.iter().map(|item| item.name.as_str()).collect::<Vec<_>>(), ["A"]);
    }

    #[test]
    fn items_inside_a_function_are_found_on_demand() {
        let source = "fn f() { let a = 1; #[derive(OpenApi)] struct Api; Api::openapi() }";
        let body = outline(source).items[0].body.unwrap();
        let inner = block_items(source, body);
        assert_eq!(inner.len(), 1);
        assert_eq!(&source[inner[0].span.range()], "#[derive(OpenApi)] struct Api;");
    }
}
