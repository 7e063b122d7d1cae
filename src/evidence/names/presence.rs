//! What of the removed names is still there: declared in a file that did not change, or spelled somewhere in code.

use super::matching::{Sureness, field_of, is_compound, needle};
use super::{Declared, Delta, Found, MOST_HITS, page};
use crate::base::{RelPath, Steps, parallel_map};
use crate::code::{self, NameKind};
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

/// Drops what is still declared or used, and makes what is still spelled less sure. Files that were not looked through to
/// the end count as using whatever they may spell; they are returned.
pub(super) fn drop_what_is_still_there(
    head: &dyn World,
    delta: &Delta,
    found: &mut Vec<Found<'_>>,
) -> Vec<RelPath> {
    let wanted: Vec<&Declared> = found
        .iter()
        .map(|found| found.declared)
        .filter(|declared| declared.name.kind != NameKind::File)
        .collect();
    let (presence, gave_up) = look(head, delta, &wanted);
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
    gave_up
}

type Key = (NameKind, String);

fn key(declared: &Declared) -> Key {
    declared.name.identity()
}

/// Spellings that a declaration of the name may have in source: a flag comes from a field or a string without dashes.
fn spellings(declared: &Declared) -> BTreeSet<String> {
    let text = declared.name.text.as_str();
    let mut out = BTreeSet::from([needle(declared).to_owned()]);
    if matches!(
        declared.name.kind,
        NameKind::Flag | NameKind::Command | NameKind::Choice | NameKind::Key | NameKind::Variable
    ) {
        out.extend(code::spellings(text));
    }
    if declared.name.kind == NameKind::Literal {
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
    let hits = parallel_map(&files, |file| -> BTreeSet<usize> {
        let Ok(bytes) = head.read(file) else { return BTreeSet::new() };
        let steps = Steps::new(MOST_HITS);
        let hits = search
            .find_overlapping_iter(&bytes)
            .take_while(|_| steps.take(1))
            .filter(|hit| stands_alone(&bytes, hit.start(), hit.end()))
            .map(|hit| hit.pattern().as_usize())
            .collect();
        // What was not looked for to the end may be there.
        if steps.spent() { (0..texts.len()).collect() } else { hits }
    });
    hits.into_iter().flatten().flat_map(|hit| texts[hit].iter().map(|text| (*text).to_owned())).collect()
}

/// What a file says of a name.
type Seen = (usize, Presence);

/// Names by the spellings that their declarations may have.
struct Wanted<'d> {
    list: &'d [&'d Declared],
    search: AhoCorasick,
    spellings: Vec<String>,
    groups: Vec<Vec<usize>>,
}

impl<'d> Wanted<'d> {
    fn of(list: &'d [&'d Declared]) -> Option<Self> {
        let mut by_spelling: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, declared) in list.iter().enumerate() {
            for spelling in spellings(declared) {
                by_spelling.entry(spelling).or_default().push(at);
            }
        }
        let (spellings, groups): (Vec<String>, Vec<Vec<usize>>) = by_spelling.into_iter().unzip();
        let search = AhoCorasick::new(&spellings).ok()?;
        Some(Self { list, search, spellings, groups })
    }

    /// What a file says of the names; nothing where looking to its end would take too much.
    fn look(&self, head: &dyn World, file: &RelPath) -> Option<Vec<Seen>> {
        let nothing = Some(Vec::new());
        // Places count from behind a byte-order mark, as they do wherever the text is looked at.
        let Ok(text) = head.read(file).and_then(decode) else { return nothing };
        let bytes = text.as_bytes();
        let steps = Steps::new(MOST_HITS);
        let mut places: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for hit in self.search.find_overlapping_iter(bytes) {
            if !steps.take(1) {
                return None;
            }
            if stands_alone(bytes, hit.start(), hit.end()) {
                places.entry(hit.pattern().as_usize()).or_default().push(hit.start());
            }
        }
        if places.is_empty() {
            return nothing;
        }
        let names = if page::is_own_code(file) { code::names(file, &text) } else { Vec::new() };
        let declared: HashSet<Key> = names.iter().map(code::Name::identity).collect();
        let typed = names.iter().filter(|name| name.kind != NameKind::Literal);
        let spelled_by: HashSet<&str> = typed.map(|name| name.text.trim_start_matches('-')).collect();
        let shown = code::without_comments(file, &text);
        let mut out = Vec::new();
        for (pattern, places) in &places {
            // Names of one spelling and kind occur alike.
            let mut known: BTreeMap<NameKind, (bool, bool)> = BTreeMap::new();
            for at in self.groups[*pattern].iter().copied() {
                let wanted = self.list[at];
                let is_declared = declared.contains(&key(wanted))
                    || wanted.name.kind == NameKind::Literal
                        && spelled_by.contains(field_of(&wanted.name.text));
                let needle = needle(wanted) == self.spellings[*pattern];
                let (source, elsewhere) = *known.entry(wanted.name.kind).or_insert_with(|| {
                    let occurs =
                        |text: &str| needle && places.iter().any(|from| occurs_at(text, wanted, *from));
                    let source = page::is_source(file) && occurs(&shown);
                    (source, !source && occurs(&text))
                });
                out.push((at, Presence { declared: is_declared, source, elsewhere }));
            }
        }
        Some(out)
    }
}

fn look(head: &dyn World, delta: &Delta, wanted: &[&Declared]) -> (BTreeMap<Key, Presence>, Vec<RelPath>) {
    let mut files = head.tracked(&RelPath::root());
    files.retain(|file| !page::is_prose(file));
    let Some(names) = Wanted::of(wanted) else { return (BTreeMap::new(), files) };
    let mut out: BTreeMap<Key, Presence> = BTreeMap::new();
    let mut gave_up = Vec::new();
    for (file, seen) in files.iter().zip(parallel_map(&files, |file| names.look(head, file))) {
        let seen = seen.unwrap_or_else(|| {
            gave_up.push(file.clone());
            let used = Presence { declared: false, source: true, elsewhere: true };
            (0..wanted.len()).map(|at| (at, used)).collect()
        });
        for (at, seen) in seen {
            let all = out.entry(key(wanted[at])).or_default();
            all.declared |= seen.declared;
            all.source |= seen.source;
            all.elsewhere |= seen.elsewhere;
        }
    }
    for added in &delta.added {
        if let Some(presence) = out.get_mut(&key(added)) {
            presence.declared = true;
        }
    }
    (out, gave_up)
}

/// Whether a text spells a name at a place, in a way that could be it. A single common word is not enough: a subcommand
/// must stand between quotes, a method behind its type or a dot.
fn occurs_at(text: &str, declared: &Declared, from: usize) -> bool {
    let name = needle(declared);
    if text.get(from..from + name.len()) != Some(name) {
        return false;
    }
    let common = !is_compound(name);
    // `no-fail-fast` spells no `fail-fast`, but a flag is spelled behind its dashes.
    let of_another = |from: usize| {
        declared.name.kind != NameKind::Flag
            && name.starts_with(char::is_alphanumeric)
            && text[..from].ends_with('-')
    };
    let fits = |from: usize| match declared.name.kind {
        NameKind::Command | NameKind::Choice | NameKind::Task | NameKind::Feature if common => {
            text[..from].ends_with(['"', '\'', '`'])
                && text[from + name.len()..].starts_with(['"', '\'', '`'])
        }
        NameKind::Function | NameKind::Field | NameKind::Variant | NameKind::Constant | NameKind::Type
            if common =>
        {
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
    stands_alone(text.as_bytes(), from, from + name.len()) && !of_another(from) && fits(from)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::MemoryWorld;

    #[test]
    fn a_name_is_seen_where_it_stands_also_behind_a_byte_order_mark() {
        let declared = code::names(&RelPath::parse("a.rs").unwrap(), "pub struct RowLimit;");
        let declared: Vec<Declared> = declared
            .into_iter()
            .map(|name| Declared { file: RelPath::parse("a.rs").unwrap(), name })
            .collect();
        let list: Vec<&Declared> = declared.iter().collect();
        let wanted = Wanted::of(&list).unwrap();
        let spelled = "fn f() -> RowLimit { RowLimit }";
        let world = MemoryWorld::new().with("b.rs", spelled).with("c.rs", format!("\u{feff}{spelled}"));
        for file in ["b.rs", "c.rs"] {
            let seen = wanted.look(&world, &RelPath::parse(file).unwrap()).unwrap();
            assert!(seen.iter().any(|(_, presence)| presence.source), "{file}");
        }
    }
}
