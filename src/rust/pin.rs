//! Fingerprints of items: what callers and readers see of one, and how it is done.
//!
//! Both are taken from tokens, so that formatting and comments change neither. What is left out on purpose: the item's own
//! name (so that a rename can be recognised), documentation, lints and hints for the compiler, derives that no
//! serialised format or command line is made from, the order of fields and variants, items for tests.

use super::index::Items;
use super::members::{Member, is_type, members, words};
use super::outline::{ItemKind, OutlineAttribute, OutlineItem, outline};
use super::token::{TokenKind, tokens};
use crate::base::{Fingerprint, Span};
use std::fmt::Write as _;

/// What an item was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pin {
    /// Of what others see: names, types, attributes, the values of constants.
    pub signature: Fingerprint,
    /// Of everything else.
    pub body: Fingerprint,
}

/// Both texts that a pin is made of, before they are hashed.
#[derive(Default)]
struct Parts {
    signature: String,
    body: String,
}

impl Parts {
    fn pin(&self) -> Pin {
        let of = |text: &str| Fingerprint::of(text.as_bytes());
        Pin { signature: of(&self.signature), body: of(&self.body) }
    }
}

/// An item of a file, or a member of one of its types, as [`Items::find`] does; for a single question.
pub fn find(source: &str, name: &str) -> Option<Span> {
    Items::of(source).find(source, name)
}

/// The pin of an item that is found by [`find`].
pub fn pin(source: &str, name: &str) -> Option<Pin> {
    pin_of(source, find(source, name)?, name)
}

/// The pin of the item of that name that stands in a range.
pub fn pin_of(source: &str, span: Span, name: &str) -> Option<Pin> {
    let text = source.get(span.range())?;
    let mut parts = Parts::default();
    let found = outline(text);
    let own = name.rsplit([':', '.']).next().unwrap_or(name);
    match found.items.first().filter(|item| item.name == own) {
        Some(item) => write(text, item, &mut parts),
        // A field or a variant: all of it is seen.
        None => spell(text, Span::new(0, text.len()), Some(own), &mut parts.signature),
    }
    Some(parts.pin())
}

/// The pin of a whole file: its public items make the signature.
pub fn pin_file(source: &str) -> Pin {
    let mut parts = Parts::default();
    let outline = outline(source);
    for attribute in outline.attributes.iter().filter(|attribute| tells(attribute)) {
        spell(source, attribute.span, None, &mut parts.signature);
    }
    let items: Vec<&OutlineItem> = outline.items.iter().map(AsRef::as_ref).collect();
    write_items(source, &items, &mut parts);
    parts.pin()
}

/// The items of a file or a module, sorted: their order says nothing.
fn write_items(source: &str, items: &[&OutlineItem], parts: &mut Parts) {
    let (mut seen, mut hidden) = (Vec::new(), Vec::new());
    for item in items.iter().filter(|item| !is_for_tests(item)) {
        let mut own = Parts::default();
        write(source, item, &mut own);
        let name = format!("{:?} {}\n", item.kind, item.name);
        // An implementation is what its functions are.
        let shown = item.public || matches!(item.kind, ItemKind::Impl | ItemKind::MacroRules);
        if item.kind == ItemKind::Use {
            hidden.push(own.signature);
        } else if shown {
            seen.push(name.clone() + &own.signature);
            hidden.push(name + &own.body);
        } else {
            hidden.push(name + &own.signature + &own.body);
        }
    }
    seen.sort_unstable();
    hidden.sort_unstable();
    parts.signature.push_str(&seen.concat());
    parts.body.push_str(&hidden.concat());
}

fn write(source: &str, item: &OutlineItem, parts: &mut Parts) {
    let own = (!item.name.is_empty()).then_some(item.name.as_str());
    let mut attributes: Vec<String> = Vec::new();
    let mut serialised = false;
    for attribute in item.attributes.iter().filter(|attribute| tells(attribute)) {
        let text = &source[attribute.span.range()];
        let mut out = String::new();
        if attribute.path == "derive" {
            out.extend(derives(text));
            serialised |= !out.is_empty();
        } else {
            spell(source, attribute.span, None, &mut out);
        }
        attributes.push(out);
    }
    attributes.sort_unstable();
    attributes.retain(|attribute| !attribute.is_empty());
    parts.signature.push_str(&attributes.concat());
    let body = item.body.unwrap_or_default();
    let after =
        item.attributes.iter().map(|attribute| attribute.span.end).filter(|end| *end <= body.start.max(1));
    let from = after.max().unwrap_or(item.span.start).max(item.span.start);
    if item.body.is_none() || matches!(item.kind, ItemKind::MacroCall) {
        return spell(source, Span { start: from, end: item.span.end }, own, &mut parts.signature);
    }
    spell(source, Span { start: from, end: body.start }, own, &mut parts.signature);
    match item.kind {
        kind if is_type(kind) => write_members(&source[item.span.range()], kind, serialised, own, parts),
        ItemKind::Module | ItemKind::Trait | ItemKind::Impl => {
            let children: Vec<OutlineItem> = item
                .children
                .iter()
                // What a trait declares, and what implements one, is public without saying so.
                .map(|child| OutlineItem {
                    public: child.public || item.kind != ItemKind::Module && of_trait(source, item),
                    ..(**child).clone()
                })
                .collect();
            write_items(source, &children.iter().collect::<Vec<_>>(), parts);
        }
        ItemKind::MacroRules => write_rules(&source[body.range()], own, parts),
        _ => spell(source, body, own, &mut parts.body),
    }
}

fn of_trait(source: &str, item: &OutlineItem) -> bool {
    let head = item.span.start as usize..item.body.map_or(item.span.end, |body| body.start) as usize;
    item.kind == ItemKind::Trait || source[head].split_whitespace().any(|word| word == "for")
}

/// The members of a type; those that nobody outside sees belong to the body.
fn write_members(text: &str, kind: ItemKind, serialised: bool, own: Option<&str>, parts: &mut Parts) {
    let (mut seen, mut hidden) = (Vec::new(), Vec::new());
    for member in members(text) {
        let Member { name, attributes, public, rest, .. } = &member;
        let mut out = String::new();
        for span in attributes {
            let path = text[span.range()].trim_start_matches(['#', '[', ' ']);
            let path =
                path.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).next().unwrap_or("");
            if tells_by_path(path) {
                spell(text, *span, None, &mut out);
            }
        }
        let _ = writeln!(out, "{name}");
        spell(text, *rest, own, &mut out);
        let shown = *public || serialised || kind == ItemKind::Enum;
        if shown { seen.push(out) } else { hidden.push(out) }
    }
    seen.sort_unstable();
    hidden.sort_unstable();
    parts.signature.push_str(&seen.concat());
    parts.body.push_str(&hidden.concat());
}

/// What a macro matches is seen, what it writes is not.
fn write_rules(body: &str, own: Option<&str>, parts: &mut Parts) {
    let found = tokens(body);
    let mut at = 0;
    let mut matcher = true;
    while let Some(token) = found.list.get(at) {
        if let TokenKind::Open(_) = token.kind {
            let close = found.partner[at] as usize;
            let end = found.list.get(close).map_or(body.len(), |token| token.end as usize);
            let out = if matcher { &mut parts.signature } else { &mut parts.body };
            spell(body, Span::new(token.start as usize, end), own, out);
            matcher = !matcher;
            at = close.max(at);
        }
        at += 1;
    }
}

/// Appends the words of a range, one a line; the item's own name becomes a mark.
fn spell(source: &str, span: Span, own: Option<&str>, out: &mut String) {
    let Some(text) = source.get(span.range()) else { return };
    for word in words(text, &tokens(text).list) {
        out.push_str(if own == Some(&*word) { "\u{1}" } else { &word });
        out.push('\n');
    }
}

/// Derives that change what readers and callers see, sorted.
fn derives(attribute: &str) -> Vec<String> {
    const SEEN: &[&str] = &[
        "Serialize",
        "Deserialize",
        "Parser",
        "Args",
        "Subcommand",
        "ValueEnum",
        "ToSchema",
        "Default",
        "IntoParams",
    ];
    let mut out: Vec<String> = attribute
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| SEEN.contains(word))
        .map(|word| format!("{word}\n"))
        .collect();
    out.sort_unstable();
    out
}

fn tells(attribute: &OutlineAttribute) -> bool {
    tells_by_path(&attribute.path)
}

/// Whether an attribute says something to readers: not documentation, a lint or a hint.
fn tells_by_path(path: &str) -> bool {
    const SILENT: &[&str] = &[
        "doc",
        "inline",
        "must_use",
        "allow",
        "expect",
        "warn",
        "deny",
        "forbid",
        "cold",
        "track_caller",
        "instrument",
        "automatically_derived",
        "rustfmt",
        "clippy",
        "diagnostic",
        "feature",
        "test",
        "ignore",
    ];
    let first = path.split("::").next().unwrap_or(path);
    let last = path.rsplit("::").next().unwrap_or(path);
    !SILENT.contains(&first) && !SILENT.contains(&last)
}

fn is_for_tests(item: &OutlineItem) -> bool {
    item.attributes.iter().any(|attribute| attribute.path == "test" || attribute.path.ends_with("::test"))
        || (item.kind == ItemKind::Module && item.name == "tests")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What changes between two versions of an item: signature, body.
    fn changes(before: &str, after: &str, name: &str) -> (bool, bool) {
        let (a, b) = (pin(before, name).unwrap(), pin(after, name).unwrap());
        (a.signature != b.signature, a.body != b.body)
    }

    #[test]
    fn formatting_comments_and_hints_change_nothing() {
        let before = "pub fn f(a: u8, b: u8) -> u8 { a + b }\n#[derive(Clone, Serialize)]\npub struct L { pub a: u8, pub b: u8 }";
        let after = "/// New words.\n#[inline]\n#[must_use]\npub fn f(\n    a: u8,\n    b: u8, // why\n) -> u8 {\n    a + b\n}\n#[derive(Serialize, Debug)]\npub struct L {\n  /// B\n  pub b: u8,\n  pub a: u8,\n}";
        assert_eq!(changes(before, after, "f"), (false, false));
        assert_eq!(changes(before, after, "L"), (false, false));
        let (a, b) = (pin_file(before), pin_file(after));
        assert_eq!(a, b);
        let moved = pin_file(
            "#[derive(Serialize)] pub struct L { pub a: u8, pub b: u8 }\npub fn f(a: u8, b: u8) -> u8 { a + b }\n#[cfg(test)] mod tests { fn x() {} }",
        );
        assert_eq!(a, moved);
    }

    #[test]
    fn a_signature_and_a_body_change_apart() {
        let function = "pub fn f(a: u8) -> u8 { a + 1 }";
        assert_eq!(changes(function, "pub fn f(a: u8) -> u8 { a + 2 }", "f"), (false, true));
        assert_eq!(changes(function, "pub fn f(a: u16) -> u8 { a + 1 }", "f"), (true, false));
        let limits = "pub struct L { pub a: u8, b: u8 }";
        assert_eq!(changes(limits, "pub struct L { pub a: u8, b: u16 }", "L"), (false, true));
        assert_eq!(changes(limits, "pub struct L { pub a: u16, b: u8 }", "L"), (true, false));
        assert!(changes(limits, "#[derive(Deserialize)] pub struct L { pub a: u8, b: u8 }", "L").0);
        assert_eq!(changes("const A: u8 = 20;", "const A: u8 = 2_1;", "A"), (true, false));
        assert_eq!(changes("const A: u32 = 2000;", "const A: u32 = 2_000;", "A"), (false, false));
        let variants = "enum E { A, B }";
        assert_eq!(changes(variants, "enum E { A, B, C }", "E"), (true, false));
        let rules = "macro_rules! m { ($a:expr) => { $a + 1 }; }";
        assert_eq!(changes(rules, "macro_rules! m { ($a:expr) => { $a + 2 }; }", "m"), (false, true));
        assert_eq!(changes(rules, "macro_rules! m { ($a:ident) => { $a + 1 }; }", "m"), (true, false));
        let interface = "pub trait T { fn a(&self); fn b(&self) { 1 } }";
        assert_eq!(changes(interface, "pub trait T { fn a(&self); fn b(&self) { 2 } }", "T"), (false, true));
        assert!(changes(interface, "pub trait T { fn a(&mut self); fn b(&self) { 1 } }", "T").0);
    }

    #[test]
    fn a_rename_keeps_both_and_members_have_pins_of_their_own() {
        let a = pin("pub struct Limits { pub max: Option<Box<Limits>> }", "Limits").unwrap();
        let b = pin("pub struct Bounds { pub max: Option<Box<Bounds>> }", "Bounds").unwrap();
        assert_eq!(a, b);
        let field = |text: &str| pin(text, "L::a").unwrap();
        assert_eq!(field("struct L { a: u8, b: u8 }"), field("struct L { b: u16, a: u8 }"));
        assert_ne!(field("struct L { a: u8 }"), field("struct L { #[serde(default)] a: u8 }"));
        let method = "impl L { pub fn new() -> Self { Self } }";
        assert!(pin(method, "L::new").is_some() && pin(method, "L::old").is_none());
        for broken in ["fn", "struct L {", "impl L { fn a(", "macro_rules! m { (", "enum E { A(", "trait"] {
            pin_file(broken);
            pin(broken, "L");
            pin(broken, "m");
        }
    }
}
