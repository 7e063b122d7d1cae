//! `#[cfg(…)]`: which items a build of this platform has.

use super::token::{TokenKind, Tokens, tokens};
use std::collections::BTreeSet;

/// What a build has set. The platform is that of most servers, x86-64 Linux, without `test`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cfg {
    /// Features of the crate.
    pub features: BTreeSet<String>,
}

/// Deeper nesting counts as false.
const DEEPEST: usize = 32;

impl Cfg {
    /// With these features.
    pub fn new(features: BTreeSet<String>) -> Self {
        Self { features }
    }

    /// Whether the text between the parentheses of `cfg(…)` holds.
    pub fn holds(&self, predicate: &str) -> bool {
        let tokens = tokens(predicate);
        let end = tokens.list.len();
        self.one(predicate, &tokens, 0, end, 0)
    }

    fn one(&self, text: &str, tokens: &Tokens, from: usize, end: usize, depth: usize) -> bool {
        let word = |at: usize| tokens.list.get(at).map_or("", |token| &text[token.range()]);
        if depth > DEEPEST || from >= end {
            return false;
        }
        let group = tokens.list.get(from + 1).filter(|token| token.kind == TokenKind::Open(b'('));
        if group.is_some() {
            let close = (tokens.partner[from + 1] as usize).min(end);
            let parts = split(tokens, from + 2, close);
            let mut each = parts.iter().map(|(a, b)| self.one(text, tokens, *a, *b, depth + 1));
            return match word(from) {
                "all" => each.all(|holds| holds),
                "any" => each.any(|holds| holds),
                "not" => !each.any(|holds| holds),
                _ => false,
            };
        }
        if word(from + 1) == "=" {
            return self.is(word(from), word(from + 2).trim_matches('"'));
        }
        matches!(word(from), "unix" | "debug_assertions" | "true" | "panic")
    }

    fn is(&self, key: &str, value: &str) -> bool {
        match key {
            "feature" => self.features.contains(value),
            "target_os" => value == "linux",
            "target_arch" => value == "x86_64",
            "target_family" => value == "unix",
            "target_pointer_width" => value == "64",
            "target_endian" => value == "little",
            "target_env" => value == "gnu",
            "target_vendor" => value == "unknown",
            "panic" => value == "unwind",
            _ => false,
        }
    }
}

/// The ranges between commas.
fn split(tokens: &Tokens, from: usize, end: usize) -> Vec<(usize, usize)> {
    let mut parts = Vec::new();
    let (mut at, mut begin) = (from, from);
    while at < end {
        match tokens.list[at].kind {
            TokenKind::Mark(b',') => {
                parts.push((begin, at));
                begin = at + 1;
            }
            TokenKind::Open(_) => at = (tokens.partner[at] as usize).max(at),
            _ => {}
        }
        at += 1;
    }
    parts.push((begin, end));
    parts.retain(|(a, b)| a < b);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_hold_for_a_linux_build_with_its_features() {
        let cfg = Cfg::new(["docs".to_owned()].into());
        for (text, holds) in [
            ("feature = \"docs\"", true),
            ("not(feature = \"docs\")", false),
            ("all(unix, any(feature = \"x\", target_os = \"linux\"),)", true),
            ("test", false),
            ("not(test)", true),
            ("windows", false),
            ("any()", false),
            ("all()", true),
        ] {
            assert_eq!(cfg.holds(text), holds, "{text}");
        }
    }
}
