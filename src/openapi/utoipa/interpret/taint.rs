//! Code that may run or not: what it may have changed is not known any more.

use super::eval::Machine;
use super::nodes::Node;
use super::value::Val;
use crate::rust::token::{Token, TokenKind, tokens};
use proc_macro2::Span;
use std::collections::BTreeSet;
use syn::spanned::Spanned as _;
use syn::{Block, Expr};

/// Methods that change what they are called on.
const CHANGING: &[&str] = &[
    "push",
    "push_str",
    "extend",
    "insert",
    "append",
    "remove",
    "pop",
    "clear",
    "retain",
    "truncate",
    "sort",
    "dedup",
    "take",
    "replace",
    "swap",
    "reverse",
    "drain",
    "get_or_insert",
    "get_or_insert_with",
    "get_mut",
    "iter_mut",
];

impl Machine<'_, '_> {
    /// A variable is set in code that may run or not: what it holds is not known afterwards, and a document in it has a
    /// hole there.
    pub(super) fn taint(&mut self, span: Span, block: &Block) {
        let text = block.span().source_text().unwrap_or_default();
        self.taint_text(span, &text);
    }

    pub(super) fn taint_expression(&mut self, expression: &Expr) {
        let text = expression.span().source_text().unwrap_or_default();
        self.taint_text(expression.span(), &text);
    }

    fn taint_text(&mut self, span: Span, text: &str) {
        let documents: Vec<String> = self
            .names
            .iter()
            .filter(|(_, slot)| match self.slots.get(*slot) {
                Some(Val::Node(node)) => !matches!(**node, Node::Plain),
                Some(Val::Ref(_)) => true,
                _ => false,
            })
            .map(|(name, _)| name.clone())
            .collect();
        let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        if documents.iter().any(|name| words.contains(&name.as_str())) {
            let place = self.place(Some(span), None);
            self.session.hole("condition", place, "whether this runs is only known when the service runs");
        }
        for name in changed(text) {
            if let Some(slot) = self.slot(name).and_then(|slot| self.slots.get_mut(slot))
                && !matches!(slot, Val::Node(_) | Val::Ref(_))
            {
                *slot = Val::opaque("a variable that is set where it is not known whether that runs");
            }
        }
    }
}

/// The variables that a text may change: what stands before `=`, `+=` and their like, or before a method that changes, and
/// what is lent as `&mut`.
fn changed(text: &str) -> BTreeSet<&str> {
    let found = tokens(text).list;
    let word = |at: usize| found.get(at).and_then(|token| text.get(token.range())).unwrap_or("");
    let mut out = BTreeSet::new();
    for (at, token) in found.iter().enumerate() {
        if token.kind != TokenKind::Word || at > 0 && word(at - 1) == "." {
            continue;
        }
        let lent = at > 1 && word(at - 1) == "mut" && word(at - 2) == "&";
        if lent || is_changed(&found, at + 1, &word) {
            out.extend(text.get(token.range()));
        }
    }
    out
}

/// Whether what follows a name changes it: `.field[0].push(`, ` <<= `, ` = `.
fn is_changed<'t>(found: &[Token], mut at: usize, word: &dyn Fn(usize) -> &'t str) -> bool {
    loop {
        match (word(at), word(at + 1), word(at + 2)) {
            (".", name, "(") => return CHANGING.contains(&name),
            (".", ..) => at += 2,
            ("[", ..) => {
                // Only the end of the index matters.
                let mut depth = 0_usize;
                while let Some(token) = found.get(at) {
                    match token.kind {
                        TokenKind::Open(_) => depth += 1,
                        TokenKind::Close(_) => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    at += 1;
                    if depth == 0 {
                        break;
                    }
                }
            }
            ("=", next, _) => return !matches!(next, "=" | ">"),
            ("+" | "-" | "*" | "/" | "%" | "&" | "|" | "^", "=", _) | ("<", "<", "=") | (">", ">", "=") => {
                return true;
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn variables_that_are_set_are_told_from_those_that_are_read() {
        let text = "{ a = 1; b += c; d <<= 2; e.f[g(1)].h = i; j.push(k); l.len(); m(&mut n); if o == p || q <= r { s != t; } x => y, u.v }";
        let found: Vec<&str> = changed(text).into_iter().collect();
        assert_eq!(found, ["a", "b", "d", "e", "j", "n"]);
    }
}
