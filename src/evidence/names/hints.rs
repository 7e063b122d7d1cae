//! Pages that mention rare names which a change touches: worth a look, and no finding. Measured on public histories such
//! hints are right too seldom (a seventh of all commits would have one), so they stand in the summary alone.

use super::{Declared, Delta, Sides, cite, is_record, matching};
use crate::base::{LineIndex, LinePairs, RelPath};
use crate::code::NameKind;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// A page that is worth a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The page.
    pub page: RelPath,
    /// The touched names that it mentions, and the files that declare them.
    pub names: Vec<(String, RelPath)>,
}

/// How rare the names are that a page mentions, and which they are.
type Score = (usize, Vec<(String, RelPath)>);

/// Pages that are named.
const MOST: usize = 3;
/// A name that more pages mention says little about any of them.
const RARE: usize = 3;
/// Names shown for a page.
const SHOWN: usize = 4;
/// Touched names that are looked for; whoever touches more changes everything at once.
const MOST_NAMES: usize = 2_000;

/// The pages most worth a look, best first, at most three.
pub fn hints(sides: Sides<'_>, pages: &[RelPath]) -> Vec<Hint> {
    let delta = Delta::read(sides);
    let mut touched: BTreeMap<(NameKind, String), Declared> = BTreeMap::new();
    for (world, other, names) in
        [(sides.head, sides.base, &delta.after), (sides.base, sides.head, &delta.before)]
    {
        for declared in in_changed_lines(world, other, names) {
            touched.entry(declared.name.identity()).or_insert_with(|| declared.clone());
        }
    }
    // What is gone is a finding of its own.
    let gone: BTreeSet<_> = delta.removed.iter().map(|declared| declared.name.identity()).collect();
    let names: Vec<Declared> = touched
        .into_iter()
        .filter(|(key, _)| !gone.contains(key))
        .map(|(_, declared)| declared)
        .take(MOST_NAMES)
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let unchanged: Vec<RelPath> = pages
        .iter()
        .filter(|page| sides.changed.binary_search(page).is_err() && !is_record(page))
        .cloned()
        .collect();
    let mut scores: BTreeMap<RelPath, Score> = BTreeMap::new();
    for found in cite(sides, &names, false, &unchanged).0 {
        let on: BTreeSet<&RelPath> = found.citations.iter().map(|citation| &citation.place.file).collect();
        if on.len() > RARE {
            continue;
        }
        for page in &on {
            let (score, names) = scores.entry((*page).clone()).or_default();
            *score += 60 / on.len();
            names.push((found.declared.name.text.clone(), found.declared.file.clone()));
        }
    }
    let mut ranked: Vec<(RelPath, Score)> = scores.into_iter().collect();
    ranked.sort_by(|(a, (x, _)), (b, (y, _))| y.cmp(x).then_with(|| a.cmp(b)));
    let hint = |(page, (_, mut names)): (RelPath, Score)| {
        names.truncate(SHOWN);
        Hint { page, names }
    };
    ranked.into_iter().take(MOST).map(hint).collect()
}

/// The names whose declarations hold a line that the other side does not have.
fn in_changed_lines<'d>(world: &dyn World, other: &dyn World, names: &'d [Declared]) -> Vec<&'d Declared> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < names.len() {
        let file = &names[at].file;
        let end = at + names[at..].iter().take_while(|declared| declared.file == *file).count();
        let of_file = &names[at..end];
        at = end;
        let Ok(text) = world.text(file) else { continue };
        let Ok(before) = other.text(file) else { continue };
        let pairs = LinePairs::of(&before, &text);
        let index = LineIndex::new(&text);
        let line = |offset: u32| index.position(&text, offset).line;
        let is_rare = |declared: &Declared| {
            let name = matching::needle(declared);
            name.len() > 5
                && matching::is_compound(name)
                && !matches!(declared.name.kind, NameKind::Literal | NameKind::File | NameKind::Dependency)
        };
        out.extend(of_file.iter().filter(|declared| {
            let whole = declared.name.whole;
            is_rare(declared) && pairs.adds_within(line(whole.start), line(whole.end))
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::MemoryWorld;

    #[test]
    fn pages_that_mention_a_touched_name_are_hinted_at_and_others_are_not() {
        let code = "pub fn rank_results(a: u8) -> u8 { a + 1 }\npub fn other_thing() { 1 }\n";
        let base = MemoryWorld::new()
            .with("src/a.rs", code)
            .with("a.md", "# A\n\nSee `rank_results`.\n")
            .with("b.md", "# B\n\nSee `other_thing`.\n");
        let mut head = base.clone();
        head.set("src/a.rs", code.replace("a + 1", "a + 2"));
        let changed = [RelPath::parse("src/a.rs").unwrap()];
        let pages = ["a.md", "b.md"].map(|page| RelPath::parse(page).unwrap());
        let found = hints(Sides { base: &base, head: &head, changed: &changed }, &pages);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].page.as_str(), found[0].names[0].0.as_str()), ("a.md", "rank_results"));
    }
}
