//! Pages that list the members of one typed set, and the members that they lack.
//!
//! A page claims to list a set when one of its lists, tables, blocks or runs of code names most of the set's members
//! and hardly anything else. The thresholds below were found on public histories; the benchmarks page has the
//! figures.

use super::{Declared, Delta, Sides, is_record, matching, page};
use crate::base::{RelPath, Span, Steps, parallel_map};
use crate::code::{self, LISTED, Name, NameKind};
use crate::diag::Place;
use crate::markdown::{ListEntry, Listing, listings};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A set of fewer members is named in passing.
pub const FEWEST: usize = 3;
/// The share of a set's members, in percent, that makes a list of it.
pub const MOST: usize = 70;
/// The share of a list's entries, in percent, that must be members.
pub const PURE: usize = 60;

/// A member that a list lacks.
#[derive(Clone, Debug)]
pub struct Gap {
    /// The member, as the head declares it.
    pub member: Declared,
    /// Where it is declared.
    pub place: Place,
    /// The last entry of the list that names a member of the set.
    pub list: Place,
    /// How many other members the list names, and how many there are.
    pub named: (usize, usize),
}

/// The members of one set: before the change, and those that it adds.
struct Set<'d> {
    before: Vec<&'d Name>,
    added: Vec<&'d Declared>,
}

/// The gaps that a change opens.
pub(super) fn gaps(sides: Sides<'_>, delta: &Delta, pages: &[RelPath]) -> Vec<Gap> {
    let sets = sets(delta);
    if sets.is_empty() {
        return Vec::new();
    }
    let members = Members::of(&sets);
    let on_page = |page: &RelPath| -> Vec<Gap> {
        if is_record(page) {
            return Vec::new();
        }
        let Ok(text) = sides.head.text(page) else { return Vec::new() };
        // Cheap first: most pages name next to nothing of the few sets that a change adds to.
        let near: Vec<&Set<'_>> =
            members.mostly_on(&text).into_iter().filter_map(|at| sets.get(at)).collect();
        if near.is_empty() {
            return Vec::new();
        }
        let whole: HashSet<&str> = whole_words(&text).collect();
        let lists = listings(&text);
        let lists: Vec<Words<'_>> = lists.iter().map(Words::of).collect();
        let mut out: Vec<Gap> = Vec::new();
        for set in near {
            let missing: Vec<&&Declared> =
                set.added.iter().filter(|added| !spelled_anywhere(&text, &whole, &added.name)).collect();
            let Some((list, named)) = best(&lists, &set.before).filter(|_| !missing.is_empty()) else {
                continue;
            };
            for member in missing {
                let list = Place { file: page.clone(), span: list };
                let place = Place { file: member.file.clone(), span: member.name.span };
                out.push(Gap { member: (*member).clone(), place, list, named: (named, set.before.len()) });
            }
        }
        // One member of two kinds (a field that is a flag) is one gap.
        let order = |gap: &Gap| LISTED.iter().position(|kind| *kind == gap.member.name.kind);
        out.sort_by_key(|gap| (gap.member.name.whole, order(gap)));
        out.dedup_by(|a, b| a.place.file == b.place.file && a.member.name.whole == b.member.name.whole);
        out
    };
    parallel_map(pages, on_page).concat()
}

fn sets(delta: &Delta) -> Vec<Set<'_>> {
    let group = |names: &'_ [Declared]| -> BTreeMap<(RelPath, NameKind, String), Vec<usize>> {
        let mut out: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, declared) in names.iter().enumerate() {
            let Declared { file, name } = declared;
            if LISTED.contains(&name.kind) && !name.hidden && page::is_source_or_manifest(file) {
                out.entry((file.clone(), name.kind, name.set.clone())).or_default().push(at);
            }
        }
        out
    };
    let (before, after) = (group(&delta.before), group(&delta.after));
    let known: BTreeSet<(NameKind, &str)> =
        delta.before.iter().map(|declared| (declared.name.kind, declared.name.text.as_str())).collect();
    let mut out = Vec::new();
    for (key, now) in &after {
        let Some(then) = before.get(key).filter(|then| then.len() >= FEWEST) else { continue };
        let then: Vec<&Name> = then.iter().map(|at| &delta.before[*at].name).collect();
        let left: BTreeSet<&str> = now.iter().map(|at| delta.after[*at].name.text.as_str()).collect();
        // What took the place of a removed member is a rename, which has its own finding.
        let removed = then.iter().filter(|name| !left.contains(name.text.as_str())).count();
        let added: Vec<&Declared> = now
            .iter()
            .map(|at| &delta.after[*at])
            .filter(|declared| !known.contains(&(key.1, declared.name.text.as_str())))
            .collect();
        let before: Vec<&Name> = then.into_iter().filter(|name| left.contains(name.text.as_str())).collect();
        if added.len() > removed && before.len() >= FEWEST {
            out.push(Set { before, added });
        }
    }
    out
}

/// The spellings under which a page may list a member.
fn spellings(name: &Name) -> Vec<String> {
    match name.kind {
        NameKind::Variant | NameKind::Choice | NameKind::Field => code::spellings(&name.text),
        _ => vec![name.text.clone()],
    }
}

/// The members of sets by the longest word of each of their spellings, so that a page is read once for all of them.
struct Members {
    by_word: HashMap<String, Vec<(usize, usize)>>,
    sizes: Vec<usize>,
}

/// Members that the words of one page are held against.
const MOST_HELD: u64 = 1_000_000;

impl Members {
    fn of(sets: &[Set<'_>]) -> Self {
        let mut by_word: HashMap<String, Vec<(usize, usize)>> = HashMap::new();
        for (number, set) in sets.iter().enumerate() {
            for (at, name) in set.before.iter().enumerate() {
                for form in spellings(name) {
                    let Some(word) = words(&form).max_by_key(|word| word.len()) else { continue };
                    let list = by_word.entry(word.to_owned()).or_default();
                    if list.last() != Some(&(number, at)) {
                        list.push((number, at));
                    }
                }
            }
        }
        Self { by_word, sizes: sets.iter().map(|set| set.before.len()).collect() }
    }

    /// The sets of which a page has, somewhere, enough members to list them. A page of which this would take too long to
    /// say may list any.
    fn mostly_on(&self, text: &str) -> Vec<usize> {
        let steps = Steps::new(MOST_HELD);
        let on_page: HashSet<&str> = words(text).collect();
        let mut found: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut asked: Vec<&str> =
            on_page.into_iter().filter(|word| self.by_word.contains_key(*word)).collect();
        asked.sort_unstable();
        for list in asked.into_iter().filter_map(|word| self.by_word.get(word)) {
            if !steps.take(list.len() as u64) {
                return (0..self.sizes.len()).collect();
            }
            found.extend(list);
        }
        let mut named = vec![0; self.sizes.len()];
        for (set, _) in found {
            if let Some(named) = named.get_mut(set) {
                *named += 1;
            }
        }
        let counts = named.into_iter().zip(&self.sizes).enumerate();
        counts.filter(|(_, (named, all))| is_most(*named, **all)).map(|(set, _)| set).collect()
    }
}

fn is_most(named: usize, all: usize) -> bool {
    named >= FEWEST && named * 100 >= all * MOST
}

/// Pieces of a text between which nothing touches: letters, digits, `_` and `-`. Placeholders, which stand between angle
/// brackets, are none.
fn whole_words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
    words.filter(|word| !word.is_empty()).filter(|word| {
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        !(text[..at].ends_with('<') && text[at + word.len()..].starts_with('>'))
    })
}

/// Whether the page spells a name at all, whatever it says of it; `whole` are the page's words.
fn spelled_anywhere(text: &str, whole: &HashSet<&str>, name: &Name) -> bool {
    spellings(name).iter().any(|form| {
        let mut parts = whole_words(form);
        if parts.next() == Some(form) && parts.next().is_none() {
            return whole.contains(form.as_str());
        }
        matching::word(text, form).is_some()
    })
}

/// The list that names most members: its last such entry, and how many.
fn best(lists: &[Words<'_>], members: &[&Name]) -> Option<(Span, usize)> {
    let mut best: Option<(Span, usize)> = None;
    for list in lists {
        let (mut named, mut about) = (0, BTreeSet::new());
        for member in members {
            let here: Vec<usize> = list.about(member).collect();
            named += usize::from(!here.is_empty());
            about.extend(here);
        }
        let entries = &list.listing.entries;
        let enough = is_most(named, members.len()) && about.len() * 100 >= entries.len() * PURE;
        if let Some(last) = about.last().filter(|_| enough && best.is_none_or(|(_, most)| named > most)) {
            best = Some((entries[*last].span, named));
        }
    }
    best
}

/// A list, and which of its entries hold a word: a list of thousands may be held against as many names.
struct Words<'l> {
    listing: &'l Listing,
    by_word: HashMap<&'l str, Vec<usize>>,
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

impl<'l> Words<'l> {
    fn of(listing: &'l Listing) -> Self {
        let mut by_word: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, entry) in listing.entries.iter().enumerate() {
            for word in std::iter::once(&entry.text).chain(&entry.marked).flat_map(|text| words(text)) {
                let list = by_word.entry(word).or_default();
                if list.last() != Some(&at) {
                    list.push(at);
                }
            }
        }
        Self { listing, by_word }
    }

    /// The entries that can spell a form: those that hold the rarest of its words.
    fn spelling(&self, form: &str) -> Vec<usize> {
        let entries = |word| self.by_word.get(word).map_or(&[] as &[usize], Vec::as_slice);
        match words(form).map(entries).min_by_key(|entries| entries.len()) {
            Some(rarest) => rarest.to_vec(),
            None => (0..self.listing.entries.len()).collect(),
        }
    }

    /// The entries that are about a member.
    fn about(&self, name: &Name) -> impl Iterator<Item = usize> {
        spellings(name).into_iter().flat_map(move |form| {
            let here = self.spelling(&form);
            here.into_iter()
                .filter(move |at| self.listing.entries.get(*at).is_some_and(|entry| names(entry, &form)))
        })
    }
}

/// Whether an entry is about what is spelled so: it is in what is marked as code or strong, or it begins the entry.
fn names(entry: &ListEntry, form: &str) -> bool {
    let begins = || {
        let head = entry.text.trim_start_matches(['"', '\'', '`', '[', '*', '-', ' ']);
        head.strip_prefix(form.trim_start_matches('-'))
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-')))
    };
    begins() || entry.marked.iter().any(|marked| marked.len() < 200 && matching::word(marked, form).is_some())
}

/// The members that a list does not name.
pub(in crate::evidence) fn missing<'n>(list: &Listing, members: &[&'n Name]) -> Vec<&'n Name> {
    let list = Words::of(list);
    members.iter().copied().filter(|name| list.about(name).next().is_none()).collect()
}
