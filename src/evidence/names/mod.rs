//! What a change does to the names that pages cite: the transition from a base revision to a head, never the state
//! of one of them. That a page cites a name which the code does not have is true of most pages that were ever
//! written (one in twenty such findings is right); that it cites a name which *this change* removed is a finding.
//!
//! Only files that differ are read on both sides. A text search over pages, then over the head's code, decides what
//! else is read.

pub(super) mod dead_name;
pub(super) mod moved_page;
pub(super) mod removed_name;

mod dead;
mod files;
pub mod gaps;
mod hints;
mod matching;
pub mod mutate;
mod page;
mod presence;
mod programs;
mod rename;

pub use super::check::Check;
use super::{Base, Evidence, Reads};
use crate::model::Page;
pub use dead::Dead;
pub use gaps::{FEWEST, Gap, MOST, PURE};
pub use hints::{Hint, hints};
pub use matching::Sureness;
pub use page::is_record;

use crate::base::{LineIndex, LinePairs, RelPath, Span, Steps, parallel_map};
use crate::code::{self, Name, NameKind};
use crate::diag::Place;
use crate::markdown::{Cited, cited};
use crate::world::{PathKind, World};
use aho_corasick::AhoCorasick;
use matching::{Context, LONGEST_PIECE};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// The two sides of a change.
#[derive(Clone, Copy)]
pub struct Sides<'w> {
    /// Before.
    pub base: &'w dyn World,
    /// After.
    pub head: &'w dyn World,
    /// The files that differ, sorted.
    pub changed: &'w [RelPath],
}

/// A name with its file.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The file that declares it.
    pub file: RelPath,
    /// The name.
    pub name: Name,
}

/// A name that the change removed, and where pages cite it.
#[derive(Clone, Debug)]
pub struct Removed {
    /// As it was declared at the base.
    pub declared: Declared,
    /// Where it stood, at the head.
    pub place: Place,
    /// What it is called now, where that is sure.
    pub renamed: Option<String>,
    /// Citations, by page and place.
    pub citations: Vec<Citation>,
}

/// A page that cites a name.
#[derive(Clone, Debug)]
pub struct Citation {
    /// Where, in the page.
    pub place: Place,
    /// The name as the page spells it, without what surrounds it.
    pub spelled: Span,
    /// How sure it is that this name is meant, and gone.
    pub sureness: Sureness,
}

/// What a change does.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Names that it removed and pages cite.
    pub removed: Vec<Removed>,
    /// Members that it added to sets which pages list.
    pub gaps: Vec<Gap>,
    /// Names on lines that it adds to pages, and that the head has nowhere.
    pub dead: Vec<Dead>,
    /// Markdown files that it took away, and where the same text is now.
    pub lost_pages: Vec<(RelPath, Option<RelPath>)>,
    /// How many names it removed in all, cited or not.
    pub removed_in_all: usize,
    /// Pages that were not looked through to the end, and files of code: the change takes away too much at once.
    pub gave_up: Vec<RelPath>,
}

/// The texts of files, each read once.
struct Texts<'w> {
    world: &'w dyn World,
    known: HashMap<RelPath, Option<Rc<str>>>,
}

impl<'w> Texts<'w> {
    fn new(world: &'w dyn World) -> Self {
        Self { world, known: HashMap::new() }
    }

    fn get(&mut self, file: &RelPath) -> Option<Rc<str>> {
        let world = self.world;
        let read = || world.text(file).ok().map(Rc::from);
        self.known.entry(file.clone()).or_insert_with(read).clone()
    }
}

/// Occurrences of names on one page or in one file, and pairs of a name and a piece of code that spells it: a page of
/// thousands of pieces may spell thousands of names that a change takes away.
const MOST_HITS: u64 = 1_000_000;

/// Reads a change, as far as these pages are concerned.
pub fn read(sides: Sides<'_>, pages: &[RelPath]) -> Change {
    let delta = Delta::read(sides);
    let gaps = gaps::gaps(sides, &delta, pages);
    let (mut found, mut gave_up) =
        if delta.removed.is_empty() { Default::default() } else { cite(sides, &delta.removed, true, pages) };
    if !found.is_empty() {
        gave_up.extend(presence::drop_what_is_still_there(sides.head, &delta, &mut found));
        // What a string spells and a field or a flag declares is one name.
        let typed: HashSet<String> = found
            .iter()
            .filter(|found| found.declared.name.kind != NameKind::Literal)
            .map(|found| found.declared.name.text.trim_start_matches('-').to_owned())
            .collect();
        found.retain(|found| {
            found.declared.name.kind != NameKind::Literal
                || !typed.contains(matching::field_of(&found.declared.name.text))
        });
    }
    let mut finisher = Finisher::of(sides, &delta);
    let removed = found.into_iter().map(|found| finisher.finish(found)).collect();
    let dead = dead::dead(sides, pages);
    let lost_pages = files::lost_pages(sides);
    Change { removed, gaps, dead, lost_pages, removed_in_all: delta.removed.len(), gave_up }
}

/// A name that is there, and where pages cite it.
#[derive(Clone, Debug)]
pub struct Documented {
    /// The name.
    pub declared: Declared,
    /// Citations, by page and place.
    pub citations: Vec<Citation>,
}

/// Every name of a repository's code, and its files, that a page cites.
pub fn documented(world: &dyn World, pages: &[RelPath]) -> Vec<Documented> {
    let mut names = mutate::declared(world);
    names.extend(files::all(world));
    let sides = Sides { base: world, head: world, changed: &[] };
    let found = cite(sides, &names, false, pages).0.into_iter();
    found.map(|Found { declared, citations }| Documented { declared: declared.clone(), citations }).collect()
}

/// The names that the changed files gain and lose, taken together: what moved from one to another is neither.
struct Delta {
    removed: Vec<Declared>,
    added: Vec<Declared>,
    /// All names of the changed files, on either side.
    before: Vec<Declared>,
    after: Vec<Declared>,
}

impl Delta {
    fn read(sides: Sides<'_>) -> Self {
        let side = |world: &dyn World| -> Vec<Declared> {
            let names = |file: &RelPath| -> Vec<Declared> {
                if !code::is_read(file) || !page::is_own_code(file) {
                    return Vec::new();
                }
                let Ok(text) = world.text(file) else { return Vec::new() };
                let declare = |name| Declared { file: file.clone(), name };
                code::names(file, &text).into_iter().map(declare).collect()
            };
            parallel_map(sides.changed, names).concat()
        };
        let (before, after) = (side(sides.base), side(sides.head));
        let (mut removed, mut added) = (before.clone(), after.clone());
        removed.extend(files::gone(sides.base, sides.head, sides.changed));
        added.extend(files::gone(sides.head, sides.base, sides.changed));
        let key = |declared: &Declared| declared.name.identity();
        let there: HashSet<_> = removed.iter().map(key).collect();
        let here: HashSet<_> = added.iter().map(key).collect();
        removed.retain(|declared| !here.contains(&key(declared)));
        added.retain(|declared| !there.contains(&key(declared)));
        // A string that became a field, a flag or a variant of the same spelling is still what pages call it.
        let typed = after.iter().filter(|declared| declared.name.kind != NameKind::Literal);
        let spelled: HashSet<&str> =
            typed.map(|declared| declared.name.text.trim_start_matches('-')).collect();
        removed.retain(|declared| {
            declared.name.kind != NameKind::Literal
                || !spelled.contains(matching::field_of(&declared.name.text))
        });
        Self { removed, added, before, after }
    }
}

/// A removed name with its citations.
struct Found<'d> {
    declared: &'d Declared,
    citations: Vec<Citation>,
}

/// Which pages cite which of these names: ones that are gone, or ones that are there; and the pages that were not looked
/// through to the end.
fn cite<'d>(
    sides: Sides<'_>,
    names: &'d [Declared],
    gone: bool,
    pages: &[RelPath],
) -> (Vec<Found<'d>>, Vec<RelPath>) {
    // Names of one spelling share a needle.
    let mut by_needle: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, declared) in names.iter().enumerate() {
        let needle = matching::needle(declared);
        if needle.len() > 1 {
            by_needle.entry(needle).or_default().push(at);
        }
    }
    let needles: Vec<&str> = by_needle.keys().copied().collect();
    let Ok(search) = AhoCorasick::new(&needles) else { return (Vec::new(), pages.to_vec()) };
    let groups: Vec<&Vec<usize>> = by_needle.values().collect();
    let programs = std::sync::OnceLock::new();
    let moved = std::sync::OnceLock::new();
    let on_page = |page: &RelPath| -> (Vec<(usize, Citation)>, bool) {
        let nothing = (Vec::new(), false);
        if is_record(page) {
            return nothing;
        }
        let Ok(text) = sides.head.text(page) else { return nothing };
        if !search.is_match(&text) {
            return nothing;
        }
        let pieces = cited(&text);
        let steps = Steps::new(MOST_HITS);
        let hits = spelled_in(&search, &pieces, &steps);
        if hits.is_empty() {
            return (Vec::new(), steps.spent());
        }
        let programs = programs.get_or_init(|| programs::of(sides));
        let past = matching::past(&text, &pieces);
        let ours = RefCell::default();
        let context = Context { page, pieces: &pieces, programs, head: sides.head, gone, past, ours };
        let moved = moved.get_or_init(|| moved_pages(sides));
        let written = Written::of(sides, page, moved.get(page).unwrap_or(page), &text);
        let mut out = Vec::new();
        let named = hits.iter().filter_map(|(hit, pieces)| Some((groups.get(*hit)?, pieces)));
        for (at, pieces) in named.flat_map(|(group, pieces)| group.iter().map(move |at| (at, pieces))) {
            if !steps.take(pieces.len() as u64) {
                break;
            }
            for (spelled, sureness) in matching::citations(&names[*at], &context, pieces) {
                if !written.is_new(spelled) {
                    let place = Place { file: page.clone(), span: spelled };
                    out.push((*at, Citation { place, spelled, sureness }));
                }
            }
        }
        (out, steps.spent())
    };
    let mut by_name: BTreeMap<usize, Vec<Citation>> = BTreeMap::new();
    let mut gave_up = Vec::new();
    for (page, (citations, spent)) in pages.iter().zip(parallel_map(pages, on_page)) {
        gave_up.extend(spent.then(|| page.clone()));
        for (at, citation) in citations {
            by_name.entry(at).or_default().push(citation);
        }
    }
    let found = |(at, citations): (usize, Vec<Citation>)| Found { declared: &names[at], citations };
    (by_name.into_iter().map(found).collect(), gave_up)
}

/// The pieces that hold each needle, as long as the steps last.
fn spelled_in(search: &AhoCorasick, pieces: &[Cited], steps: &Steps) -> BTreeMap<usize, Vec<usize>> {
    let mut hits: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, piece) in pieces.iter().enumerate().filter(|(_, piece)| piece.text.len() <= LONGEST_PIECE) {
        for hit in search.find_overlapping_iter(&piece.text) {
            if !steps.take(1) {
                return hits;
            }
            let list = hits.entry(hit.pattern().as_usize()).or_default();
            if list.last() != Some(&at) {
                list.push(at);
            }
        }
    }
    hits
}

/// Where pages that the change moved stood before, by where they stand now.
fn moved_pages(sides: Sides<'_>) -> BTreeMap<RelPath, RelPath> {
    files::lost_pages(sides).into_iter().filter_map(|(old, new)| Some((new?, old))).collect()
}

/// Which lines of a page the change wrote: their author has seen it.
struct Written {
    index: LineIndex,
    pairs: Option<LinePairs>,
    text: String,
}

impl Written {
    /// Of a page that stood at `before` at the base.
    fn of(sides: Sides<'_>, page: &RelPath, before: &RelPath, text: &str) -> Self {
        let pairs = sides.changed.binary_search(page).is_ok().then(|| {
            let before = sides.base.text(before).unwrap_or_default();
            LinePairs::of(&before, text)
        });
        Self { index: LineIndex::new(text), pairs, text: text.to_owned() }
    }

    fn is_new(&self, span: Span) -> bool {
        let line = self.index.position(&self.text, span.start).line;
        self.pairs.as_ref().is_some_and(|pairs| pairs.is_added(line))
    }
}

/// Finds the places at the head and the new names.
struct Finisher<'w> {
    sides: Sides<'w>,
    renames: rename::Renames<'w>,
    /// How the lines of files moved.
    files: HashMap<RelPath, Option<Rc<Moved>>>,
}

/// A file of the head, and how its lines moved.
struct Moved {
    before: (String, LineIndex),
    after: (String, LineIndex),
    pairs: LinePairs,
}

impl<'w> Finisher<'w> {
    fn of(sides: Sides<'w>, delta: &Delta) -> Self {
        Self { sides, renames: rename::Renames::of(sides, &delta.added), files: HashMap::new() }
    }

    fn finish(&mut self, found: Found<'_>) -> Removed {
        let Found { declared, mut citations } = found;
        citations.sort_by(|a, b| a.place.cmp(&b.place));
        citations.dedup_by(|a, b| a.place == b.place);
        let renamed = self.renames.new_name(declared);
        Removed { declared: declared.clone(), place: self.place_now(declared), renamed, citations }
    }

    fn moved(&mut self, file: &RelPath) -> Option<Rc<Moved>> {
        let sides = self.sides;
        let read = || {
            let (before, after) = (sides.base.text(file).ok()?, sides.head.text(file).ok()?);
            let pairs = LinePairs::of(&before, &after);
            let indexed = |text: String| {
                let index = LineIndex::new(&text);
                (text, index)
            };
            Some(Rc::new(Moved { before: indexed(before), after: indexed(after), pairs }))
        };
        self.files.entry(file.clone()).or_insert_with(read).clone()
    }

    /// The line of the head where a declaration of the base stood.
    fn place_now(&mut self, declared: &Declared) -> Place {
        let file = declared.file.clone();
        let whole = Place::whole(file.clone());
        if declared.name.kind == NameKind::File || self.sides.head.kind(&file) != Some(PathKind::File) {
            return whole;
        }
        let Some(moved) = self.moved(&file) else { return whole };
        let (before, index) = &moved.before;
        let line = moved.pairs.position(index.position(before, declared.name.span.start).line);
        let (after, index) = &moved.after;
        let start = index.start_of(line).unwrap_or(0) as usize;
        let shown = index.line(after, line);
        let indent = shown.len() - shown.trim_start().len();
        Place { file, span: Span::new(start + indent, start + shown.len()) }
    }
}

/// What the change under review does to names that pages cite.
pub struct Names {
    /// None without a base.
    pub change: Option<Change>,
}

/// Decisions and postmortems tell of their own time.
fn what_changed(cx: &super::Context<'_>, base: Base<'_>) -> Change {
    let told = |page: &&Page| !matches!(page.kind.as_deref(), Some("decision" | "postmortem"));
    let pages: Vec<RelPath> = cx.site().pages.iter().filter(told).map(|page| page.source.clone()).collect();
    read(Sides { base: base.world, head: cx.world, changed: base.changed }, &pages)
}

impl Evidence for Names {
    const NAME: &'static str = "names";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Base];
    const CHECKS: &'static [&'static Check] = &[&removed_name::CHECK, &dead_name::CHECK, &moved_page::CHECK];

    fn read(cx: &super::Context<'_>) -> Self {
        let sides = |base: Base<'_>| what_changed(cx, base);
        Self { change: cx.base.map(sides) }
    }
}
