//! Names in Rust: items, variants, fields, and what clap's and serde's attributes make of them.
//!
//! clap: <https://docs.rs/clap/4/clap/_derive/>; serde: <https://serde.rs/attributes.html>.

use super::case::Case;
use super::tokens::Tokens;
use super::{Name, NameKind, calls};
use crate::base::Span;

/// Deeper modules are not looked into.
const DEEPEST: usize = 32;

/// The names of a file.
pub(super) fn names(source: &str) -> Vec<Name> {
    let tokens = Tokens::read(source);
    let mut reader = RustNameReader { tokens: &tokens, out: Vec::new(), tests: Vec::new() };
    reader.items(0, tokens.list.len(), 0);
    let RustNameReader { mut out, tests, .. } = reader;
    calls::read(&tokens, &tests, &mut out);
    out
}

/// The attributes of one item or member.
#[derive(Clone, Copy, Debug, Default)]
struct Attributes {
    /// Where the first one begins and the last one ends, as token indices.
    from: usize,
    to: usize,
}

/// One entry of an attribute's list: `rename = "x"`, `flatten`, `long("x")`.
struct Entry<'s> {
    key: &'s str,
    /// Its string literal, if it has one, and where.
    value: Option<(&'s str, Span)>,
    /// Whether it has any value at all.
    any: bool,
}

struct RustNameReader<'t, 's> {
    tokens: &'t Tokens<'s>,
    out: Vec<Name>,
    /// Ranges of tokens that only tests compile.
    tests: Vec<(usize, usize)>,
}

/// What the derives of a type make of its members.
#[expect(clippy::struct_excessive_bools, reason = "each derive is there or not, whatever the others")]
#[derive(Clone, Copy, Debug, Default)]
struct Derives {
    arguments: bool,
    subcommands: bool,
    choices: bool,
    serde: bool,
}

impl<'s> RustNameReader<'_, 's> {
    fn items(&mut self, from: usize, to: usize, depth: usize) {
        let mut at = from;
        while at < to {
            let (attributes, begin) = self.attributes(at, to);
            let start = if attributes.to > attributes.from { attributes.from } else { at };
            let (public, begin) = self.visibility(begin);
            let next = self.item(attributes, start, begin, to, public, depth);
            if self.is_for_tests(attributes) {
                self.tests.push((start, next));
                self.out.retain(|name| name.span.start < self.tokens.span(start).start);
            }
            at = next.max(at + 1);
        }
    }

    /// Attributes from an index on, and what follows them.
    fn attributes(&self, from: usize, to: usize) -> (Attributes, usize) {
        let mut at = from;
        while at < to && self.tokens.mark(at) == b'#' {
            let bracket = at + 1 + usize::from(self.tokens.mark(at + 1) == b'!');
            if self.tokens.open(bracket) != b'[' {
                break;
            }
            at = self.tokens.after(bracket);
        }
        (Attributes { from, to: at.min(to) }, at.min(to))
    }

    /// Whether `pub` without a restriction stands here, and what follows.
    fn visibility(&self, at: usize) -> (bool, usize) {
        if self.tokens.word(at) != "pub" {
            return (false, at);
        }
        if self.tokens.open(at + 1) == b'(' {
            return (false, self.tokens.after(at + 1));
        }
        (true, at + 1)
    }

    /// Past `unsafe`, `async`, `const fn` and the like.
    fn qualifiers(&self, mut at: usize) -> usize {
        let word = |at: usize| self.tokens.word(at);
        while matches!(word(at), "unsafe" | "async" | "extern" | "default" | "auto")
            || word(at) == "const" && matches!(word(at + 1), "fn" | "unsafe" | "async" | "extern")
        {
            at += 1 + usize::from(self.tokens.text(at + 1).is_some());
        }
        at
    }

    /// One item; what follows it.
    fn item(
        &mut self,
        attributes: Attributes,
        start: usize,
        begin: usize,
        to: usize,
        public: bool,
        depth: usize,
    ) -> usize {
        let tokens = self.tokens;
        let mut at = begin;
        at = self.qualifiers(at);
        let name = tokens.word(at + 1);
        let end = self.item_end(at, to);
        let whole = tokens.range(start, end);
        let mut push = |kind, at: usize| {
            if public {
                self.out.push(Name {
                    kind,
                    text: tokens.word(at).to_owned(),
                    set: String::new(),
                    span: tokens.span(at),
                    whole,
                    hidden: false,
                });
            }
        };
        match tokens.word(at) {
            "struct" | "enum" | "union" if !name.is_empty() => {
                push(NameKind::Type, at + 1);
                self.members(attributes, at, end, name, public);
            }
            "trait" if !name.is_empty() => {
                push(NameKind::Type, at + 1);
                if let Some((from, to)) = self.body(at, end).filter(|_| public) {
                    self.methods(from, to, name, true);
                }
            }
            "type" if !name.is_empty() => push(NameKind::Type, at + 1),
            "fn" if !name.is_empty() => push(NameKind::Function, at + 1),
            "const" | "static" => {
                let at = at + 1 + usize::from(tokens.word(at + 1) == "mut");
                if !tokens.word(at).is_empty() && tokens.word(at) != "_" {
                    push(NameKind::Constant, at);
                }
            }
            "mod" => {
                if let Some((from, to)) = self.body(at, end).filter(|_| depth < DEEPEST) {
                    self.items(from, to, depth + 1);
                }
            }
            "impl" => self.implementation(at, end),
            "macro_rules" if self.has(attributes, "macro_export") => {
                let (text, span) = (tokens.word(at + 2).to_owned(), tokens.span(at + 2));
                self.out.push(Name {
                    kind: NameKind::Function,
                    text,
                    set: String::new(),
                    span,
                    whole,
                    hidden: false,
                });
            }
            _ => {}
        }
        end
    }

    /// What follows the item that begins at a token: its braces, or its semicolon.
    fn item_end(&self, at: usize, to: usize) -> usize {
        let value = matches!(self.tokens.word(at), "const" | "static" | "type" | "use" | "let");
        let mut end = at;
        while end < to {
            match (self.tokens.mark(end), self.tokens.open(end)) {
                (b';', _) => return end + 1,
                (_, b'{') if !value => return self.tokens.after(end).min(to),
                _ => end = self.tokens.after(end),
            }
        }
        to
    }

    /// The tokens between the braces of an item.
    fn body(&self, at: usize, end: usize) -> Option<(usize, usize)> {
        let mut at = at;
        while at < end {
            if self.tokens.open(at) == b'{' {
                return Some((at + 1, self.tokens.close(at, end)));
            }
            at = self.tokens.after(at);
        }
        None
    }

    /// `impl Type { … }` declares its public functions; of a trait's implementation nothing is new.
    fn implementation(&mut self, at: usize, end: usize) {
        let Some((from, to)) = self.body(at, end) else { return };
        let mut angle = 0_i32;
        let mut owner = "";
        for at in at + 1..from {
            match (self.tokens.mark(at), self.tokens.word(at)) {
                (b'<', _) => angle += 1,
                (b'>', _) if self.tokens.mark(at - 1) != b'-' => angle -= 1,
                (_, "for") if angle == 0 => return,
                (_, "where") if angle == 0 => break,
                (_, "" | "dyn" | "mut" | "const") => {}
                (_, word) if angle == 0 => owner = word,
                _ => {}
            }
        }
        self.methods(from, to, owner, false);
    }

    fn methods(&mut self, from: usize, to: usize, owner: &str, all: bool) {
        let mut at = from;
        while at < to {
            let (attributes, begin) = self.attributes(at, to);
            let (public, mut here) = self.visibility(begin);
            here = self.qualifiers(here);
            let kind = match self.tokens.word(here) {
                "fn" => Some(NameKind::Function),
                "const" => Some(NameKind::Constant),
                "type" if all => Some(NameKind::Type),
                _ => None,
            };
            let end = self.item_end(here, to).max(at + 1);
            if let Some(kind) = kind.filter(|_| (public || all) && !self.is_for_tests(attributes)) {
                self.out.push(Name {
                    kind,
                    text: self.tokens.word(here + 1).to_owned(),
                    set: owner.to_owned(),
                    span: self.tokens.span(here + 1),
                    whole: self.tokens.range(at, end),
                    hidden: false,
                });
            }
            at = end;
        }
    }

    /// Fields and variants.
    fn members(&mut self, attributes: Attributes, at: usize, end: usize, owner: &str, public: bool) {
        let derives = self.derives(attributes);
        let clap_case = self.clap_case(attributes).unwrap_or(Case::Kebab);
        let serde_case = self.serde_case(attributes);
        let Some((from, to)) = self.body(at, end) else { return };
        let variants = self.tokens.word(at) == "enum";
        let mut at = from;
        while at < to {
            let (own, begin) = self.attributes(at, to);
            let (visible, name_at) = self.visibility(begin);
            let mut end = name_at;
            // A field's type may hold commas between angle brackets.
            let mut angle = 0_i32;
            while end < to && !(self.tokens.mark(end) == b',' && angle <= 0) {
                match self.tokens.mark(end) {
                    b'<' => angle += 1,
                    b'>' if !matches!(self.tokens.mark(end.wrapping_sub(1)), b'-' | b'=') => angle -= 1,
                    _ => {}
                }
                end = self.tokens.after(end);
            }
            let end = end.min(to);
            let name = self.tokens.word(name_at);
            let member = Member {
                owner,
                name,
                at: name_at,
                whole: self.tokens.range(at, end),
                own,
                visible: public && (visible || variants),
            };
            if !name.is_empty() && !self.is_for_tests(own) {
                if variants {
                    self.variant(&member, derives, clap_case, serde_case);
                    if let Some((from, to)) = self.body(name_at, end) {
                        let inner = (derives, clap_case, self.serde_case(own));
                        self.variant_fields(from, to, owner, inner);
                    }
                } else {
                    self.field(&member, derives, clap_case, serde_case);
                }
            }
            at = end + 1;
        }
    }

    /// The fields of `Variant { a: A }`: of a subcommand its flags.
    fn variant_fields(
        &mut self,
        from: usize,
        to: usize,
        owner: &str,
        (derives, clap, serde): (Derives, Case, Option<Case>),
    ) {
        let derives = Derives { arguments: derives.subcommands, ..derives };
        let mut at = from;
        while at < to {
            let (own, begin) = self.attributes(at, to);
            let mut end = begin;
            while end < to && self.tokens.mark(end) != b',' {
                end = self.tokens.after(end);
            }
            let end = end.min(to);
            let name = self.tokens.word(begin);
            if !name.is_empty() {
                let whole = self.tokens.range(at, end);
                let member = Member { owner, name, at: begin, whole, own, visible: false };
                self.field(&member, derives, clap, serde);
            }
            at = end + 1;
        }
    }

    fn push(&mut self, member: &Member<'_>, kind: NameKind, text: String, span: Option<Span>) {
        let span = span.unwrap_or_else(|| self.tokens.span(member.at));
        let hidden = self.is_hidden(member.own);
        self.out.push(Name { kind, text, set: member.owner.to_owned(), span, whole: member.whole, hidden });
    }

    fn variant(&mut self, member: &Member<'_>, derives: Derives, clap: Case, serde: Option<Case>) {
        if member.visible {
            self.push(member, NameKind::Variant, member.name.to_owned(), None);
        }
        if derives.subcommands || derives.choices {
            let entries = self.entries(member.own, CLAP);
            if !entries
                .iter()
                .any(|entry| matches!(entry.key, "skip" | "flatten" | "external_subcommand" | "hide"))
            {
                let kind = if derives.choices { NameKind::Choice } else { NameKind::Command };
                let named = entries.iter().find(|entry| entry.key == "name").and_then(|entry| entry.value);
                let text = named.map_or_else(|| clap.apply(member.name), |(text, _)| text.to_owned());
                self.push(member, kind, text, named.map(|(_, span)| span));
            }
        }
        if derives.serde && !derives.choices {
            self.serialised(member, NameKind::Choice, serde);
        }
    }

    fn field(&mut self, member: &Member<'_>, derives: Derives, clap: Case, serde: Option<Case>) {
        if member.visible {
            self.push(member, NameKind::Field, member.name.to_owned(), None);
        }
        if derives.arguments {
            self.option(member, clap);
        }
        if derives.serde {
            self.serialised(member, NameKind::Key, serde);
        }
    }

    /// What serde calls a member.
    fn serialised(&mut self, member: &Member<'_>, kind: NameKind, case: Option<Case>) {
        let entries = self.entries(member.own, &["serde"]);
        if entries.iter().any(|entry| {
            matches!(entry.key, "skip" | "flatten" | "skip_deserializing" | "other" | "untagged")
        }) {
            return;
        }
        let renamed = entries.iter().find(|entry| entry.key == "rename").and_then(|entry| entry.value);
        let text = match renamed {
            Some((text, _)) => text.to_owned(),
            None => case.unwrap_or(Case::Same).apply(member.name),
        };
        self.push(member, kind, text, renamed.map(|(_, span)| span));
        for alias in entries.iter().filter(|entry| entry.key == "alias") {
            if let Some((text, span)) = alias.value {
                self.push(member, kind, text.to_owned(), Some(span));
            }
        }
    }

    /// The long option and the environment variable of a clap field.
    fn option(&mut self, member: &Member<'_>, case: Case) {
        let entries = self.entries(member.own, CLAP);
        let find = |key: &str| entries.iter().find(|entry| entry.key == key);
        if let Some(long) = find("long") {
            let (text, span) = match long.value {
                Some((text, span)) => (text.to_owned(), Some(span)),
                None => (case.apply(member.name), None),
            };
            self.push(member, NameKind::Flag, format!("--{}", text.trim_start_matches('-')), span);
        }
        let aliases = ["alias", "visible_alias", "aliases", "visible_aliases"];
        for alias in entries.iter().filter(|entry| aliases.contains(&entry.key)) {
            if let Some((text, span)) = alias.value.filter(|_| find("long").is_some()) {
                self.push(member, NameKind::Flag, format!("--{text}"), Some(span));
            }
        }
        if let Some(env) = find("env").or_else(|| find("environment")) {
            match env.value {
                Some((text, span)) => self.push(member, NameKind::Variable, text.to_owned(), Some(span)),
                None if !env.any => {
                    self.push(member, NameKind::Variable, Case::Screaming.apply(member.name), None);
                }
                None => {}
            }
        }
    }

    fn derives(&self, attributes: Attributes) -> Derives {
        let mut out = Derives::default();
        for at in attributes.from..attributes.to {
            // `cfg_attr(feature = "serde", derive(Serialize))` derives as well.
            if self.tokens.word(at) != "derive" || self.tokens.open(at + 1) != b'(' {
                continue;
            }
            for at in at + 2..self.tokens.close(at + 1, attributes.to) {
                match self.tokens.word(at) {
                    "Parser" | "Args" | "StructOpt" | "Clap" => out.arguments = true,
                    "Subcommand" => out.subcommands = true,
                    "ValueEnum" | "ArgEnum" => out.choices = true,
                    "Serialize" | "Deserialize" => out.serde = true,
                    _ => {}
                }
            }
        }
        // Of an enum these two make subcommands; a struct has none.
        out.subcommands |= out.arguments;
        out
    }

    fn clap_case(&self, attributes: Attributes) -> Option<Case> {
        let entries = self.entries(attributes, CLAP);
        let entry = entries.iter().find(|entry| entry.key == "rename_all")?;
        Case::parse(entry.value?.0)
    }

    fn serde_case(&self, attributes: Attributes) -> Option<Case> {
        let entries = self.entries(attributes, &["serde"]);
        let entry = entries.iter().find(|entry| entry.key == "rename_all")?;
        Case::parse(entry.value?.0)
    }

    /// The entries of all attributes of these names, inside `cfg_attr` too.
    fn entries(&self, attributes: Attributes, names: &[&str]) -> Vec<Entry<'s>> {
        let mut out = Vec::new();
        for at in attributes.from..attributes.to {
            if !names.contains(&self.tokens.word(at)) || self.tokens.open(at + 1) != b'(' {
                continue;
            }
            let end = self.tokens.close(at + 1, attributes.to);
            let mut at = at + 2;
            while at < end {
                let key = self.tokens.word(at);
                let mut stop = at;
                let mut value = None;
                let mut depth_value = None;
                while stop < end && self.tokens.mark(stop) != b',' {
                    value =
                        value.or_else(|| self.tokens.text(stop).map(|text| (text, self.tokens.span(stop))));
                    if self.tokens.open(stop) != 0 {
                        let close = self.tokens.close(stop, end);
                        // `rename(deserialize = "x")`, `visible_aliases(["a", "b"])`: the first literal.
                        depth_value = depth_value.or_else(|| {
                            (stop..close)
                                .find_map(|at| self.tokens.text(at).map(|text| (text, self.tokens.span(at))))
                        });
                    }
                    stop = self.tokens.after(stop);
                }
                if !key.is_empty() {
                    out.push(Entry { key, value: value.or(depth_value), any: stop > at + 1 });
                }
                at = stop + 1;
            }
        }
        out
    }

    /// `hide = true`, `hidden`, `hide`, `#[doc(hidden)]`.
    fn is_hidden(&self, attributes: Attributes) -> bool {
        (attributes.from..attributes.to).any(|at| {
            matches!(self.tokens.word(at), "hide" | "hidden")
                && !(self.tokens.mark(at + 1) == b'=' && self.tokens.word(at + 2) == "false")
        })
    }

    fn has(&self, attributes: Attributes, word: &str) -> bool {
        (attributes.from..attributes.to).any(|at| self.tokens.word(at) == word)
    }

    /// `#[test]`, `#[cfg(test)]`, `#[tokio::test]`.
    fn is_for_tests(&self, attributes: Attributes) -> bool {
        (attributes.from..attributes.to)
            .any(|at| self.tokens.word(at) == "test" && self.tokens.word(at.wrapping_sub(2)) != "not")
    }
}

/// Attributes of clap 3 and 4, and of structopt.
const CLAP: &[&str] = &["arg", "clap", "command", "structopt", "value"];

struct Member<'m> {
    owner: &'m str,
    name: &'m str,
    /// The token of its name.
    at: usize,
    whole: Span,
    own: Attributes,
    /// Whether other crates see it.
    visible: bool,
}
