//! What of the removed names is still there: declared in a file that did not change, or spelled somewhere in code.

use super::matching::{Sureness, field_of, is_compound, needle};
use super::{Declared, Delta, Found, page};
use crate::base::{RelPath, parallel_map};
use crate::code::{self, Kind};
use crate::world::{World, decode};
use aho_corasick::AhoCorasick;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Where a name still occurs in the head.
#[derive(Clone, Copy, Debug, Default)]
struct Presence {
    /// Some file declares it.
    declared: bool,
    /// Source code spells it, comments aside.
    source: bool,
    /// Something else spells it: a script, data, a comment.
    elsewhere: bool,
}

/// Drops what is still declared or used, and makes what is still spelled less sure.
pub(super) fn drop_what_is_still_there(head: &dyn World, delta: &Delta, found: &mut Vec<Found<'_>>) {
    let wanted: Vec<&Declared> = found
        .iter()
        .map(|found| found.declared)
        .filter(|declared| declared.name.kind != Kind::File)
        .collect();
    let presence = look(head, delta, &wanted);
    found.retain_mut(|found| {
        let Some(presence) = presence.get(&key(found.declared)) else { return true };
        if presence.declared || presence.source {
            return false;
        }
        if presence.elsewhere {
            for citation in &mut found.citations {
                citation.sureness = Sureness::Likely;
            }
        }
        true
    });
}

type Key = (Kind, String);

fn key(declared: &Declared) -> Key {
    declared.name.identity()
}

/// Spellings that a declaration of the name may have in source: a flag comes from a field or a string without dashes.
fn spellings(declared: &Declared) -> BTreeSet<String> {
    let text = declared.name.text.as_str();
    let mut out = BTreeSet::from([needle(declared).to_owned()]);
    if matches!(declared.name.kind, Kind::Flag | Kind::Command | Kind::Choice | Kind::Key | Kind::Variable) {
        out.extend(code::spellings(text));
    }
    if declared.name.kind == Kind::Literal {
        out.extend(code::spellings(field_of(text)));
    }
    out.retain(|spelling| spelling.len() > 1);
    out
}

/// Which of these names any file that is not prose spells, in one spelling or another.
pub(super) fn spelled_anywhere(head: &dyn World, names: &[Declared]) -> HashSet<String> {
    let mut by_spelling: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for declared in names {
        let text = declared.name.text.as_str();
        let without_no = text.strip_prefix("--no-").map(code::spellings).unwrap_or_default();
        for spelling in spellings(declared).into_iter().chain(without_no) {
            by_spelling.entry(spelling).or_default().insert(text);
        }
    }
    let spelled: Vec<&str> = by_spelling.keys().map(String::as_str).collect();
    let Ok(search) = AhoCorasick::new(&spelled) else { return HashSet::new() };
    let texts: Vec<&BTreeSet<&str>> = by_spelling.values().collect();
    let mut files = head.tracked(&RelPath::root());
    files.retain(|file| !page::is_prose(file));
    let hits = parallel_map(&files, |file| -> Vec<usize> {
        let Ok(bytes) = head.read(file) else { return Vec::new() };
        search
            .find_overlapping_iter(&bytes)
            .filter(|hit| stands_alone(&bytes, hit.start(), hit.end()))
            .map(|hit| hit.pattern().as_usize())
            .collect()
    });
    hits.into_iter().flatten().flat_map(|hit| texts[hit].iter().map(|text| (*text).to_owned())).collect()
}

fn look(head: &dyn World, delta: &Delta, wanted: &[&Declared]) -> BTreeMap<Key, Presence> {
    let mut by_spelling: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, declared) in wanted.iter().enumerate() {
        for spelling in spellings(declared) {
            by_spelling.entry(spelling).or_default().push(at);
        }
    }
    let spelled: Vec<&str> = by_spelling.keys().map(String::as_str).collect();
    let Ok(search) = AhoCorasick::new(&spelled) else { return BTreeMap::new() };
    let groups: Vec<&Vec<usize>> = by_spelling.values().collect();
    let mut files = head.tracked(&RelPath::root());
    files.retain(|file| !page::is_prose(file));
    let look = |file: &RelPath| -> Vec<(usize, Presence)> {
        let Ok(bytes) = head.read(file) else { return Vec::new() };
        let hits: BTreeSet<usize> = search
            .find_overlapping_iter(&bytes)
            .filter(|hit| stands_alone(&bytes, hit.start(), hit.end()))
            .map(|hit| hit.pattern().as_usize())
            .collect();
        if hits.is_empty() {
            return Vec::new();
        }
        let Ok(text) = decode(bytes) else { return Vec::new() };
        let names = if page::is_own_code(file) { code::names(file, &text) } else { Vec::new() };
        let declared: HashSet<Key> = names.iter().map(code::Name::identity).collect();
        let typed = names.iter().filter(|name| name.kind != Kind::Literal);
        let spelled_by: HashSet<&str> = typed.map(|name| name.text.trim_start_matches('-')).collect();
        let shown = code::without_comments(file, &text);
        let mut out = Vec::new();
        for at in hits.iter().filter_map(|hit| groups.get(*hit)).flat_map(|list| list.iter().copied()) {
            let spelled = |text: &str| occurs(text, wanted[at]);
            let is_declared = declared.contains(&key(wanted[at]))
                || wanted[at].name.kind == Kind::Literal
                    && spelled_by.contains(field_of(&wanted[at].name.text));
            let in_source = page::is_source(file) && spelled(&shown);
            let presence = Presence {
                declared: is_declared,
                source: in_source,
                elsewhere: !in_source && spelled(&text),
            };
            out.push((at, presence));
        }
        out
    };
    let mut out: BTreeMap<Key, Presence> = BTreeMap::new();
    for (at, seen) in parallel_map(&files, look).into_iter().flatten() {
        let all = out.entry(key(wanted[at])).or_default();
        all.declared |= seen.declared;
        all.source |= seen.source;
        all.elsewhere |= seen.elsewhere;
    }
    for added in &delta.added {
        if let Some(presence) = out.get_mut(&key(added)) {
            presence.declared = true;
        }
    }
    out
}

/// Whether a text spells a name in a way that could be it. A single common word is not enough: a subcommand must stand
/// between quotes, a method behind its type or a dot.
fn occurs(text: &str, declared: &Declared) -> bool {
    let name = needle(declared);
    let common = !is_compound(name);
    // `no-fail-fast` spells no `fail-fast`, but a flag is spelled behind its dashes.
    let of_another = |from: usize| {
        declared.name.kind != Kind::Flag
            && name.starts_with(char::is_alphanumeric)
            && text[..from].ends_with('-')
    };
    let fits = |from: usize| match declared.name.kind {
        Kind::Command | Kind::Choice | Kind::Task | Kind::Feature if common => {
            text[..from].ends_with(['"', '\'', '`'])
                && text[from + name.len()..].starts_with(['"', '\'', '`'])
        }
        Kind::Function | Kind::Field | Kind::Variant | Kind::Constant | Kind::Type if common => {
            const BEFORE: &[&str] = &[
                "::",
                ".",
                "fn ",
                "def ",
                "func ",
                "function ",
                "const ",
                "struct ",
                "enum ",
                "type ",
                "class ",
            ];
            BEFORE.iter().any(|before| text[..from].ends_with(before))
        }
        _ => true,
    };
    text.match_indices(name).any(|(from, _)| {
        stands_alone(text.as_bytes(), from, from + name.len()) && !of_another(from) && fits(from)
    })
}

/// Whether no letter, digit or `_` touches a range, and no `-` stands behind it; a name that begins with a dot, such as
/// `.config`, is none where something has a field of that name.
fn stands_alone(bytes: &[u8], from: usize, to: usize) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let before = from.checked_sub(1).and_then(|at| bytes.get(at));
    let attached = match bytes.get(from) {
        Some(b'.') => word(before) || matches!(before, Some(b')' | b']' | b'?')),
        first => word(first) && word(before),
    };
    let after = bytes.get(to);
    !(attached || word(after) || after == Some(&b'-'))
}
