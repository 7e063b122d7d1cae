//! `macro_rules!` at item position, by example: matching and transcription on tokens.

use super::cfg::Cfg;
use super::token::{Token, TokenKind, Tokens, tokens};
use super::tree::CrateId;
use crate::base::Steps;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Expansions inside expansions.
pub(super) const DEEPEST: usize = 32;

/// The longest text an expansion may make, in bytes.
const LONGEST: usize = 4 << 20;

/// The deepest nesting of brackets in a definition: matching and writing recurse along with it.
const DEEPEST_RULES: usize = 200;

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expansion {
    /// What it stands for.
    Made(String),
    /// No rule matches it.
    NoRule,
    /// Matching or writing would take too much.
    GaveUp,
}

/// What a macro variable stands for.
#[derive(Clone, Debug)]
enum Bound {
    Text(String),
    Many(Rc<Vec<Bindings>>),
}

type Bindings = BTreeMap<String, Bound>;

/// Expands a call of `macro_rules!` whose rules (the text between its braces, and its tokens) belong to a crate. Every
/// token of the rules and of the call that is looked at is a step.
pub fn macro_rules(
    rules: &str,
    definition: &Tokens,
    input: &str,
    krate: CrateId,
    steps: &Steps,
) -> Expansion {
    let input = &comments_as_attributes(input);
    let call = tokens(input);
    if definition.depth > DEEPEST_RULES || !steps.take(call.list.len() as u64) {
        return Expansion::GaveUp;
    }
    let mut at = 0;
    while at < definition.list.len() {
        let TokenKind::Open(_) = definition.list[at].kind else {
            at += 1;
            continue;
        };
        let pattern_end = definition.partner[at] as usize;
        let body = (pattern_end + 1..definition.list.len())
            .find(|at| matches!(definition.list[*at].kind, TokenKind::Open(_)));
        let Some(body) = body else { return Expansion::NoRule };
        let body_end = definition.partner[body] as usize;
        let mut matcher = Matcher { rules, definition, input, call: &call, steps };
        let mut bindings = Bindings::new();
        let end = call.list.len();
        let rest = matcher.sequence((at + 1, pattern_end), (0, end), &mut bindings);
        if steps.spent() {
            return Expansion::GaveUp;
        }
        if rest == Some(end) {
            let mut out = String::new();
            let writer = Writer { rules, definition, krate, steps };
            let layer = Layer { own: &bindings, only: None, outer: None };
            let whole = writer.write(body + 1, body_end, &layer, &mut out);
            let gave_up = out.len() > LONGEST || steps.spent();
            return match whole {
                Some(()) if !gave_up => Expansion::Made(out),
                None if !gave_up => Expansion::NoRule,
                _ => Expansion::GaveUp,
            };
        }
        at = body_end + 1;
    }
    Expansion::NoRule
}

/// Doc comments as the attributes that a macro sees.
fn comments_as_attributes(input: &str) -> String {
    let mut out = String::with_capacity(input.len());
    let mut last = 0;
    for token in tokens(input).list {
        let text = &input[token.range()];
        let inside = match token.kind {
            TokenKind::Doc if text.starts_with("///") => &text[3..],
            TokenKind::Doc => text[3..].strip_suffix("*/").unwrap_or(&text[3..]),
            _ => continue,
        };
        out.push_str(&input[last..token.start as usize]);
        out.push_str(&format!("#[doc = {inside:?}]"));
        last = token.end as usize;
    }
    out.push_str(&input[last..]);
    out
}

/// The branch of `cfg_if!` that holds.
pub(super) fn cfg_if(input: &str, cfg: &Cfg) -> String {
    let tokens = tokens(input);
    let text = |from: usize, to: usize| -> &str {
        match (tokens.list.get(from), tokens.list.get(to)) {
            (Some(open), Some(close)) => input.get(open.end as usize..close.start as usize).unwrap_or(""),
            _ => "",
        }
    };
    let mut at = 0;
    let mut holds = true;
    while at < tokens.list.len() {
        let token = tokens.list[at];
        let close = tokens.partner[at] as usize;
        match token.kind {
            TokenKind::Open(b'[') => {
                let inside = text(at, close).trim();
                let predicate = inside.strip_prefix("cfg").unwrap_or(inside).trim();
                let predicate = predicate.strip_prefix('(').and_then(|p| p.strip_suffix(')')).unwrap_or("");
                holds = cfg.holds(predicate);
                at = close;
            }
            TokenKind::Open(b'{') => {
                if holds {
                    return text(at, close).to_owned();
                }
                at = close;
                // An `else` without `if` holds.
                holds = true;
            }
            _ => {}
        }
        at += 1;
    }
    String::new()
}

struct Matcher<'m> {
    rules: &'m str,
    definition: &'m Tokens,
    input: &'m str,
    call: &'m Tokens,
    steps: &'m Steps,
}

impl Matcher<'_> {
    fn pattern(&self, at: usize) -> &str {
        self.definition.list.get(at).map_or("", |token| &self.rules[token.range()])
    }

    fn text(&self, at: usize) -> &str {
        self.call.list.get(at).map_or("", |token| &self.input[token.range()])
    }

    fn kind(&self, at: usize) -> Option<TokenKind> {
        self.call.list.get(at).map(|token| token.kind)
    }

    /// Matches a piece of the pattern against the input from a token on; where the input goes on, if it fits.
    fn sequence(
        &mut self,
        (mut at, end): (usize, usize),
        (mut input, input_end): (usize, usize),
        out: &mut Bindings,
    ) -> Option<usize> {
        while at < end {
            if !self.steps.take(1) {
                return None;
            }
            let token = self.definition.list[at];
            let variable = token.kind == TokenKind::Mark(b'$');
            if variable && self.pattern(at + 1) == "(" {
                let (next, rest) = self.repetition(at + 1, end, (input, input_end), out)?;
                at = next;
                input = rest;
            } else if variable && self.definition.list.get(at + 1).is_some_and(|t| t.kind == TokenKind::Word)
            {
                let name = self.pattern(at + 1).to_owned();
                let fragment = self.pattern(at + 3).to_owned();
                let rest = self.fragment(&fragment, input, input_end)?;
                out.insert(name, Bound::Text(self.slice(input, rest)));
                input = rest;
                at += 4;
            } else if let TokenKind::Open(open) = token.kind {
                if input >= input_end || self.kind(input) != Some(TokenKind::Open(open)) {
                    return None;
                }
                let inner = (at + 1, self.definition.partner[at] as usize);
                let close = self.call.partner[input] as usize;
                let rest = self.sequence(inner, (input + 1, close), out)?;
                if rest != close {
                    return None;
                }
                input = close + 1;
                at = inner.1 + 1;
            } else {
                if input >= input_end || self.text(input) != self.pattern(at) {
                    return None;
                }
                input += 1;
                at += 1;
            }
        }
        Some(input)
    }

    /// `$( … ) sep op`: the token after it in the pattern, and in the input.
    fn repetition(
        &mut self,
        open: usize,
        end: usize,
        (mut input, input_end): (usize, usize),
        out: &mut Bindings,
    ) -> Option<(usize, usize)> {
        let close = self.definition.partner[open] as usize;
        let (separator, operator, next) = operator(self.rules, self.definition, close, end)?;
        let mut rounds: Vec<Bindings> = Vec::new();
        loop {
            let mut from = input;
            if !rounds.is_empty()
                && let Some(separator) = &separator
            {
                if from >= input_end || self.text(from) != separator {
                    break;
                }
                from += 1;
            }
            if from >= input_end && !rounds.is_empty() {
                break;
            }
            let mut round = Bindings::new();
            match self.sequence((open + 1, close), (from, input_end), &mut round) {
                Some(rest) if rest > from => {
                    input = rest;
                    rounds.push(round);
                }
                _ => break,
            }
            if operator == b'?' {
                break;
            }
        }
        if operator == b'+' && rounds.is_empty() {
            return None;
        }
        let rounds = Rc::new(rounds);
        for name in variables(self.rules, self.definition, open + 1, close) {
            out.insert(name, Bound::Many(Rc::clone(&rounds)));
        }
        Some((next, input))
    }

    fn slice(&self, from: usize, to: usize) -> String {
        match (self.call.list.get(from), to.checked_sub(1).and_then(|last| self.call.list.get(last))) {
            (Some(first), Some(last)) if to > from => {
                self.input.get(first.start as usize..last.end as usize).unwrap_or("").to_owned()
            }
            _ => String::new(),
        }
    }

    /// The token after a fragment.
    fn fragment(&self, kind: &str, from: usize, end: usize) -> Option<usize> {
        let some = |to: usize| (to > from && to <= end).then_some(to);
        match kind {
            "ident" => (from < end && self.kind(from) == Some(TokenKind::Word)).then_some(from + 1),
            "lifetime" => (from < end && self.kind(from) == Some(TokenKind::Lifetime)).then_some(from + 1),
            "literal" => {
                let at = if self.text(from) == "-" { from + 1 } else { from };
                let literal =
                    self.kind(at) == Some(TokenKind::Literal) || matches!(self.text(at), "true" | "false");
                (at < end && literal).then_some(at + 1)
            }
            "tt" => (from < end).then(|| match self.kind(from) {
                Some(TokenKind::Open(_)) => self.call.partner[from] as usize + 1,
                _ => from + 1,
            }),
            "block" => (self.text(from) == "{").then(|| self.call.partner[from] as usize + 1),
            "vis" => Some(self.visibility(from, end)),
            "ty" | "path" => some(self.type_end(from, end)),
            "meta" | "expr" | "expr_2021" | "pat" | "pat_param" | "stmt" => some(self.until(from, end)),
            "item" => some(self.item_end(from, end)),
            _ => None,
        }
    }

    fn visibility(&self, from: usize, end: usize) -> usize {
        if from >= end || self.text(from) != "pub" {
            return from;
        }
        let scoped =
            self.text(from + 1) == "(" && matches!(self.text(from + 2), "crate" | "super" | "self" | "in");
        if scoped { self.call.partner[from + 1] as usize + 1 } else { from + 1 }
    }

    /// Up to a comma, semicolon or fat arrow outside of brackets.
    fn until(&self, from: usize, end: usize) -> usize {
        let mut at = from;
        while at < end {
            match self.kind(at) {
                Some(TokenKind::Mark(b',' | b';')) => break,
                Some(TokenKind::Mark(b'=')) if self.text(at + 1) == ">" => break,
                Some(TokenKind::Open(_)) => at = self.call.partner[at] as usize,
                _ => {}
            }
            at += 1;
        }
        self.steps.take((at - from) as u64);
        at.min(end)
    }

    /// Paths with generics, references, tuples, arrays, `dyn` and `impl`.
    fn type_end(&self, from: usize, end: usize) -> usize {
        let mut at = from;
        let mut angle = 0_usize;
        while at < end {
            match self.kind(at) {
                Some(TokenKind::Mark(b'<')) => angle += 1,
                Some(TokenKind::Mark(b'>')) if self.text(at.wrapping_sub(1)) == "-" => {}
                Some(TokenKind::Mark(b'>')) if angle > 0 => {
                    angle -= 1;
                    if angle == 0 && self.text(at + 1) != ":" && self.text(at + 1) != "+" {
                        return at + 1;
                    }
                }
                Some(TokenKind::Mark(b',' | b';' | b'=' | b'|' | b'>') | TokenKind::Open(b'{'))
                    if angle == 0 =>
                {
                    break;
                }
                Some(TokenKind::Open(_)) => {
                    at = self.call.partner[at] as usize;
                    if angle == 0 && self.text(at + 1) != "-" {
                        return at + 1;
                    }
                }
                Some(TokenKind::Word) if angle == 0 => {
                    let go_on = matches!(self.text(at), "dyn" | "impl" | "mut" | "const" | "as" | "where");
                    let next = self.text(at + 1);
                    if !go_on && !matches!(next, ":" | "<" | "(" | "+") {
                        return at + 1;
                    }
                    if !go_on && next == ":" && self.text(at + 2) != ":" {
                        return at + 1;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        at.min(end)
    }

    fn item_end(&self, from: usize, end: usize) -> usize {
        super::outline::item_end(self.input, self.call, from, end).unwrap_or(from)
    }
}

/// Separator, operator and the token after a repetition that closes at `close`.
fn operator(
    rules: &str,
    definition: &Tokens,
    close: usize,
    end: usize,
) -> Option<(Option<String>, u8, usize)> {
    let word = |at: usize| definition.list.get(at).map_or("", |token| &rules[token.range()]);
    let is = |text: &str| matches!(text, "*" | "+" | "?");
    let next = word(close + 1);
    if close + 2 < end + 1
        && is(next)
        && !(is(word(close + 2)) && next != "?" && adjacent(definition, close + 1))
    {
        return Some((None, next.bytes().next()?, close + 2));
    }
    let mut separator = next.to_owned();
    let mut at = close + 2;
    while at < end && !is(word(at)) && separator.len() < 4 {
        separator.push_str(word(at));
        at += 1;
    }
    Some((Some(separator), word(at).bytes().next()?, at + 1))
}

fn adjacent(definition: &Tokens, at: usize) -> bool {
    let ends = definition.list.get(at).map(|token| token.end);
    ends.is_some() && ends == definition.list.get(at + 1).map(|token| token.start)
}

/// Variables that a piece of a pattern binds.
fn variables(rules: &str, definition: &Tokens, from: usize, to: usize) -> Vec<String> {
    let word = |at: usize| definition.list.get(at).map_or("", |token| &rules[token.range()]);
    (from..to)
        .filter(|at| {
            word(*at) == "$" && definition.list.get(at + 1).is_some_and(|t| t.kind == TokenKind::Word)
        })
        .map(|at| word(at + 1).to_owned())
        .collect()
}

/// What variables stand for in one round of a repetition, over what they stand for around it. Nothing is copied: a
/// call of many tokens has as many rounds.
struct Layer<'b> {
    own: &'b Bindings,
    /// Of a round the variables that it binds, sorted, and where.
    only: Option<&'b [(&'b str, &'b Bindings)]>,
    outer: Option<&'b Layer<'b>>,
}

impl Layer<'_> {
    fn get(&self, name: &str) -> Option<&Bound> {
        let round = || {
            let only = self.only?;
            let at = only.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
            only[at].1.get(name)
        };
        self.own.get(name).or_else(round).or_else(|| self.outer?.get(name))
    }
}

struct Writer<'m> {
    rules: &'m str,
    definition: &'m Tokens,
    krate: CrateId,
    steps: &'m Steps,
}

impl Writer<'_> {
    fn word(&self, at: usize) -> &str {
        self.definition.list.get(at).map_or("", |token| &self.rules[token.range()])
    }

    fn write(&self, mut at: usize, end: usize, bindings: &Layer<'_>, out: &mut String) -> Option<()> {
        while at < end {
            if out.len() > LONGEST || !self.steps.take(1) {
                return None;
            }
            let token = self.definition.list[at];
            let variable = token.kind == TokenKind::Mark(b'$');
            if variable && self.word(at + 1) == "(" {
                at = self.repeat(at + 1, end, bindings, out)?;
                continue;
            }
            if variable && self.word(at + 1) == "crate" {
                out.push_str(&format!(" __crate_{} ", self.krate.0));
                at += 2;
                continue;
            }
            if variable && let Some(Bound::Text(text)) = bindings.get(self.word(at + 1)) {
                separate(out);
                out.push_str(text);
                separate(out);
                at += 2;
                continue;
            }
            self.plain(&token, at, out);
            at += 1;
        }
        Some(())
    }

    /// A token as it stands; glued to the one before where the author glued it, so that `::` and `->` stay whole.
    fn plain(&self, token: &Token, at: usize, out: &mut String) {
        let glued = at > 0 && self.definition.list[at - 1].end == token.start;
        if !glued {
            separate(out);
        }
        out.push_str(&self.rules[token.range()]);
        if matches!(token.kind, TokenKind::Doc | TokenKind::InnerDoc) {
            out.push('\n');
        }
    }

    fn repeat(&self, open: usize, end: usize, bindings: &Layer<'_>, out: &mut String) -> Option<usize> {
        let close = self.definition.partner[open] as usize;
        let (separator, _, next) = operator(self.rules, self.definition, close, end)?;
        let mut names = variables(self.rules, self.definition, open + 1, close);
        names.sort_unstable();
        names.dedup();
        self.steps.take((close - open) as u64);
        let many = names.iter().find_map(|name| match bindings.get(name) {
            Some(Bound::Many(rounds)) => Some(rounds.len()),
            _ => None,
        })?;
        let nothing = Bindings::new();
        for round in 0..many {
            if !self.steps.take(names.len() as u64) {
                return None;
            }
            let mut inner = Vec::new();
            for name in &names {
                if let Some(Bound::Many(all)) = bindings.get(name)
                    && let Some(one) = all.get(round)
                {
                    inner.push((name.as_str(), one));
                }
            }
            if round > 0
                && let Some(separator) = &separator
            {
                out.push_str(separator);
            }
            let layer = Layer { own: &nothing, only: Some(&inner), outer: Some(bindings) };
            self.write(open + 1, close, &layer, out)?;
        }
        Some(next)
    }
}

fn separate(out: &mut String) {
    if !out.ends_with(|c: char| c.is_whitespace()) {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(rules: &str, input: &str, steps: u64) -> Expansion {
        macro_rules(rules, &tokens(rules), input, CrateId(0), &Steps::new(steps))
    }

    fn expand(rules: &str, input: &str) -> String {
        let Expansion::Made(text) = expanded(rules, input, 1_000_000) else { return "no rule".to_owned() };
        tokens(&text).list.iter().map(|token| &text[token.range()]).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rules_match_and_write_what_they_bound() {
        let rules = "($(#[$m:meta])* $v:vis struct $n:ident($t:ty);) => { $(#[$m])* $v struct $n(pub $t); };
            ($n:ident => $($k:ident : $t:ty),* $(,)?) => { struct $n { $($k: $t,)* } };
            ($($x:tt)*) => { mod rest { $($x)* } }";
        assert_eq!(
            expand(rules, "/// a\n#[derive(A)] pub(crate) struct X(Vec<u8>);"),
            "# [ doc = \" a\" ] # [ derive ( A ) ] pub ( crate ) struct X ( pub Vec < u8 > ) ;"
        );
        assert_eq!(
            expand(rules, "#[derive(A)] pub(crate) struct X(Vec<u8>);"),
            "# [ derive ( A ) ] pub ( crate ) struct X ( pub Vec < u8 > ) ;"
        );
        assert_eq!(
            expand(rules, "P => a: HashMap<String, u8>, b: [u8; 3],"),
            "struct P { a : HashMap < String , u8 > , b : [ u8 ; 3 ] , }"
        );
    }

    #[test]
    fn a_call_of_many_tokens_costs_as_much_as_it_is_long() {
        let steps = |rules: &str, input: &str| -> u64 {
            let steps = Steps::new(10_000_000);
            let made = macro_rules(rules, &tokens(rules), input, CrateId(0), &steps);
            assert!(matches!(made, Expansion::Made(_)), "{made:?}");
            steps.taken()
        };
        for (rules, piece) in [
            ("($($t:tt)*) => { d! { $($t)* $($t)* } }", "a "),
            ("($($i:item)*) => { $($i)* }", "#[a] pub struct X { a: u8 } "),
            ("($($e:expr),* $(,)?) => { [$($e),*] }", "a + b(c, d), "),
            ("($($a:ident $(: $b:ty)?;)*) => { $(fn $a() $(-> $b)? {})* }", "x; y: Vec<u8>; "),
        ] {
            let (once, twice) = (steps(rules, &piece.repeat(4_000)), steps(rules, &piece.repeat(8_000)));
            assert!(twice * 10 < once * 21, "{rules}: {once} {twice}");
        }
    }

    #[test]
    fn a_call_that_makes_or_takes_too_much_is_given_up_which_is_not_to_match_no_rule() {
        let many = "a ".repeat(10_000);
        let tower = format!("($($t:tt)*) => {{ {} }}", "$($t)* ".repeat(1_000));
        assert_eq!(expanded(&tower, &many, 100_000_000), Expansion::GaveUp);
        assert_eq!(expanded("($($t:tt)*) => { $($t)* }", &many, 1_000), Expansion::GaveUp);
        let deep = format!("({}) => {{ }}", "(".repeat(300) + &")".repeat(300));
        assert_eq!(expanded(&deep, "a", 1_000), Expansion::GaveUp);
        assert_eq!(expanded("(b) => { }", "a", 1_000), Expansion::NoRule);
    }

    #[test]
    fn the_branch_of_cfg_if_that_holds_is_taken() {
        let text = "if #[cfg(windows)] { struct A; } else if #[cfg(unix)] { struct B; } else { struct C; }";
        assert_eq!(cfg_if(text, &Cfg::default()).trim(), "struct B;");
    }
}
