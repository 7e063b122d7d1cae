//! The members of a struct, an enum or a union, by their tokens alone.

use super::outline::{ItemKind, outline};
use super::token::{Token, TokenKind, Tokens, tokens};
use crate::base::Span;

/// A field or a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// All of it, attributes included, without the comma.
    pub span: Span,
    /// Its attributes, from `#` to `]`; documentation is none.
    pub attributes: Vec<Span>,
    /// Whether it is declared `pub` in any form.
    pub public: bool,
    /// What follows the name: a field's `: Type`, a variant's fields or value.
    pub rest: Span,
}

/// The members of the type whose whole text this is, in order; none of a tuple struct or another item.
pub fn members(item: &str) -> Vec<Member> {
    let outline = outline(item);
    let Some(first) = outline.items.first() else { return Vec::new() };
    let Some(body) = first.body.filter(|_| is_type(first.kind)) else { return Vec::new() };
    let text = &item[body.range()];
    let tokens = tokens(text);
    let reader = MemberReader { text, tokens: &tokens, by: body.start };
    reader.members()
}

pub(super) fn is_type(kind: ItemKind) -> bool {
    matches!(kind, ItemKind::Struct | ItemKind::Enum | ItemKind::Union)
}

struct MemberReader<'t> {
    text: &'t str,
    tokens: &'t Tokens,
    /// Where the text begins in the item.
    by: u32,
}

impl MemberReader<'_> {
    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.list.get(at).map(|token| token.kind)
    }

    fn word(&self, at: usize) -> &str {
        match self.tokens.list.get(at) {
            Some(token) if token.kind == TokenKind::Word => &self.text[token.range()],
            _ => "",
        }
    }

    fn after(&self, at: usize) -> usize {
        match self.kind(at) {
            Some(TokenKind::Open(_)) => (self.tokens.partner[at] as usize).max(at) + 1,
            _ => at + 1,
        }
    }

    fn span(&self, from: usize, to: usize) -> Span {
        let get = |at: usize| self.tokens.list.get(at).copied();
        match (get(from), to.checked_sub(1).and_then(get)) {
            (Some(first), Some(last)) => {
                Span { start: first.start + self.by, end: last.end.max(first.start) + self.by }
            }
            _ => Span { start: self.by, end: self.by },
        }
    }

    fn members(&self) -> Vec<Member> {
        let mut out = Vec::new();
        let end = self.tokens.list.len();
        let mut at = 0;
        while at < end {
            let (next, member) = self.member(at, end);
            out.extend(member);
            at = next.max(at + 1);
        }
        out
    }

    /// The member that begins at a token, and what follows its comma.
    fn member(&self, from: usize, end: usize) -> (usize, Option<Member>) {
        let mut at = from;
        let mut attributes = Vec::new();
        loop {
            match self.kind(at) {
                Some(TokenKind::Doc) => at += 1,
                Some(TokenKind::Mark(b'#')) if self.kind(at + 1) == Some(TokenKind::Open(b'[')) => {
                    let next = self.after(at + 1);
                    attributes.push(self.span(at, next));
                    at = next;
                }
                _ => break,
            }
        }
        let public = self.word(at) == "pub";
        if public {
            at += 1;
            if self.kind(at) == Some(TokenKind::Open(b'(')) {
                at = self.after(at);
            }
        }
        let name_at = at;
        let stop = self.comma(at, end);
        let name = self.word(name_at).trim_start_matches("r#").to_owned();
        let member = Member {
            span: self.span(from, stop),
            rest: if name_at + 1 < stop { self.span(name_at + 1, stop) } else { self.span(stop, stop) },
            name,
            attributes,
            public,
        };
        (stop + 1, Some(member).filter(|member| !member.name.is_empty()))
    }

    /// The comma that ends a member; those between angle brackets do not.
    fn comma(&self, from: usize, end: usize) -> usize {
        let mut angle = 0_i32;
        let mut at = from;
        while at < end {
            let before = at.checked_sub(1).and_then(|before| self.kind(before));
            match self.kind(at) {
                Some(TokenKind::Mark(b',')) if angle <= 0 => return at,
                Some(TokenKind::Mark(b'<')) => angle += 1,
                Some(TokenKind::Mark(b'>')) if !matches!(before, Some(TokenKind::Mark(b'-' | b'='))) => {
                    angle -= 1;
                }
                _ => {}
            }
            at = self.after(at);
        }
        end
    }
}

/// The words of a text's tokens, with what says nothing about meaning left out: white space, comments, commas before a
/// closing bracket, `_` in numbers.
pub(super) fn words<'t>(text: &'t str, list: &'t [Token]) -> impl Iterator<Item = std::borrow::Cow<'t, str>> {
    list.iter().enumerate().filter_map(move |(at, token)| {
        let word = &text[token.range()];
        let next = list.get(at + 1).map(|token| token.kind);
        match token.kind {
            TokenKind::Doc | TokenKind::InnerDoc => None,
            TokenKind::Mark(b',') if matches!(next, Some(TokenKind::Close(_)) | None) => None,
            TokenKind::Literal if word.starts_with(|c: char| c.is_ascii_digit()) => {
                Some(word.replace('_', "").into())
            }
            _ => Some(word.into()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_variants_come_with_attributes_and_types() {
        let source = "/// D\n#[derive(A)]\npub struct L {\n  /// How many.\n  #[serde(default = \"n\")]\n  pub max: HashMap<u8, Vec<u8>>,\n  r#type: fn(u8) -> u8,\n}";
        let found = members(source);
        let names: Vec<(&str, bool, &str)> = found
            .iter()
            .map(|member| (member.name.as_str(), member.public, &source[member.rest.range()]))
            .collect();
        assert_eq!(names, [("max", true, ": HashMap<u8, Vec<u8>>"), ("type", false, ": fn(u8) -> u8")]);
        assert_eq!(&source[found[0].attributes[0].range()], "#[serde(default = \"n\")]");
        let names = |text: &str| members(text).into_iter().map(|member| member.name).collect::<Vec<_>>();
        assert_eq!(names("enum E { A, B(u8, u8), C { x: u8, y: u8 }, D = 4 }"), ["A", "B", "C", "D"]);
        assert!(names("struct T(u8);").is_empty() && names("fn f() { a, b }").is_empty());
        for broken in ["enum E {", "struct S { a: <", "enum E { #[ }", "struct", "enum E { pub( }"] {
            members(broken);
        }
    }
}
