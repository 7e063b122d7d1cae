//! `oathbook mutate`.

use super::{Context, Exit, print_bytes, push_line};
use crate::base::{Fingerprint, RelPath};
use crate::code::NameKind;
use crate::evidence::names::mutate::{self, Act, Neutral};
use crate::evidence::names::{self, Change, Documented, Sides};
use crate::model::is_markdown;
use crate::world::{Overlay, World};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook mutate                   rename or remove 200 documented names, one at a time, and see what is found
  oathbook mutate --unprotected     the citations that no check watches";

/// Arguments of `mutate`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct MutateArguments {
    /// Any folder of the repository.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// How many names are changed, and how many edits that change none are made.
    #[arg(long, default_value_t = 200)]
    count: usize,
    /// Print the code on pages that names something and that no check watches.
    #[arg(long)]
    unprotected: bool,
}

/// What one kind of act came to.
#[derive(Default)]
struct Score {
    made: usize,
    found: usize,
}

/// A repository and its pages.
struct Ground<'w> {
    world: &'w dyn World,
    files: Vec<RelPath>,
    pages: Vec<RelPath>,
}

pub(super) fn mutate(context: &Context, arguments: &MutateArguments) -> Exit {
    let (world, _) = match context.open(&arguments.dir) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let files = world.tracked(&RelPath::root());
    let pages = files.iter().filter(|file| is_markdown(file)).cloned().collect();
    let ground = Ground { world: &world, files, pages };
    let documented = names::documented(ground.world, &ground.pages);
    let mut out = String::new();
    if arguments.unprotected {
        unprotected(&ground, &documented, &mut out);
        return print_bytes(out.as_bytes());
    }
    let chosen = choose(&documented, arguments.count);
    let missed = acts(&ground, &chosen, &mut out);
    let false_alarms = neutral_edits(&ground, &documented, arguments.count, &mut out);
    let printed = print_bytes(out.as_bytes());
    if missed + false_alarms == 0 { printed } else { Exit::Findings.and(printed) }
}

/// Documented names of every kind in turn, each kind in an order of its own; names that are declared more than once
/// are left out, since removing one declaration leaves the page right.
fn choose(documented: &[Documented], count: usize) -> Vec<&Documented> {
    let mut times: BTreeMap<_, usize> = BTreeMap::new();
    for one in documented {
        *times.entry(one.declared.name.identity()).or_default() += 1;
    }
    let typed: BTreeSet<&str> = documented
        .iter()
        .filter(|one| one.declared.name.kind != NameKind::Literal)
        .map(|one| one.declared.name.text.trim_start_matches('-'))
        .collect();
    let only = |one: &&Documented| {
        let name = &one.declared.name;
        // A string that a field or a flag is called, too, is declared twice.
        let twice = name.kind == NameKind::Literal && typed.contains(name.text.trim_start_matches('-'));
        times[&name.identity()] == 1 && !twice
    };
    let mut by_kind: BTreeMap<_, Vec<&Documented>> = BTreeMap::new();
    for one in documented.iter().filter(only) {
        by_kind.entry(one.declared.name.kind).or_default().push(one);
    }
    for list in by_kind.values_mut() {
        list.sort_by_key(|one| Fingerprint::of(one.declared.name.qualified().as_bytes()));
    }
    let mut out = Vec::new();
    let mut at = 0;
    while out.len() < count && by_kind.values().any(|list| list.len() > at) {
        out.extend(by_kind.values().filter_map(|list| list.get(at)));
        at += 1;
    }
    out.truncate(count);
    out
}

fn judge(ground: &Ground<'_>, overlay: &Overlay<'_>) -> Change {
    let changed = overlay.changed();
    // A page inside a folder that was renamed stands elsewhere now.
    let moved = changed.iter().filter(|file| is_markdown(file) && !ground.pages.contains(file));
    let pages: Vec<RelPath> =
        ground.pages.iter().chain(moved).filter(|page| overlay.kind(page).is_some()).cloned().collect();
    names::read(Sides { base: ground.world, head: overlay, changed: &changed }, &pages)
}

/// Renames and removes; how many were missed.
fn acts(ground: &Ground<'_>, chosen: &[&Documented], out: &mut String) -> usize {
    let mut scores: BTreeMap<_, Score> = BTreeMap::new();
    let mut missed = Vec::new();
    for (at, one) in chosen.iter().enumerate() {
        let act = if at % 2 == 0 { Act::Rename } else { Act::Remove };
        let Some(overlay) = mutate::after(ground.world, &ground.files, &one.declared, act) else { continue };
        // Who removes a folder with the only pages that cite it leaves nothing untrue.
        if act == Act::Remove && one.citations.iter().all(|cited| overlay.kind(&cited.place.file).is_none()) {
            continue;
        }
        let key = one.declared.name.identity();
        let found = judge(ground, &overlay).removed.iter().any(|removed| {
            removed.declared.name.identity() == key
                || one.declared.file.below(&removed.declared.file).is_some()
        });
        let score = scores.entry(one.declared.name.kind).or_default();
        score.made += 1;
        score.found += usize::from(found);
        if !found {
            missed.push((act, *one));
        }
    }
    // Writing to a string cannot fail.
    let _ = writeln!(out, "| documented | changed | found |\n|---|---|---|");
    for (kind, Score { made, found }) in &scores {
        let _ = writeln!(out, "| {} | {made} | {found} |", kind.name());
    }
    let all = scores.values().fold((0, 0), |(made, found), score| (made + score.made, found + score.found));
    let _ = writeln!(out, "| all | {} | {} |\n", all.0, all.1);
    for (act, one) in &missed {
        let place =
            one.citations.first().map_or_else(String::new, |citation| citation.place.file.to_string());
        let name = &one.declared.name;
        let what = format!("{act:?} {} `{}` of {}", name.kind.name(), name.qualified(), one.declared.file);
        push_line(out, &format!("missed: {what}, cited in {place}"));
    }
    missed.len()
}

/// Edits that change no documented name; how many raised a finding.
fn neutral_edits(ground: &Ground<'_>, documented: &[Documented], count: usize, out: &mut String) -> usize {
    let mut scores: BTreeMap<Neutral, Score> = BTreeMap::new();
    let mut alarms = 0;
    let mut seen = BTreeSet::new();
    let mut places: Vec<_> = documented.iter().map(|one| &one.declared).collect();
    places.sort_by_key(|declared| Fingerprint::of(declared.name.qualified().as_bytes()));
    // Pages cite a few names; neighbours that none cites are edited where those are used up.
    let all = mutate::declared(ground.world);
    for declared in places.into_iter().chain(&all) {
        for edit in Neutral::ALL {
            let score = scores.entry(edit).or_default();
            if score.made >= count.div_ceil(Neutral::ALL.len())
                || !seen.insert((edit, declared.file.clone(), declared.name.whole))
            {
                continue;
            }
            let Some(overlay) = mutate::neutral(ground.world, declared, edit) else { continue };
            let change = judge(ground, &overlay);
            let alarm = !change.removed.is_empty() || !change.gaps.is_empty();
            score.made += 1;
            score.found += usize::from(alarm);
            alarms += usize::from(alarm);
            if alarm {
                push_line(out, &format!("false: {} in {}", edit.name(), declared.file));
            }
        }
        if scores.len() == Neutral::ALL.len()
            && scores.values().all(|score| score.made >= count.div_ceil(Neutral::ALL.len()))
        {
            break;
        }
    }
    let _ = writeln!(out, "| edits that change no name | made | findings |\n|---|---|---|");
    for (edit, Score { made, found }) in &scores {
        let _ = writeln!(out, "| {} | {made} | {found} |", edit.name());
    }
    alarms
}

/// The inline code that no check watches, by page, and how much is watched.
fn unprotected(ground: &Ground<'_>, documented: &[Documented], out: &mut String) {
    let mut watched: BTreeMap<&RelPath, Vec<crate::base::Span>> = BTreeMap::new();
    for citation in documented.iter().flat_map(|one| &one.citations) {
        watched.entry(&citation.place.file).or_default().push(citation.spelled);
    }
    let (mut all, mut protected) = (0, 0);
    for page in ground.pages.iter().filter(|page| !names::is_record(page)) {
        let Ok(text) = ground.world.text(page) else { continue };
        let index = crate::base::LineIndex::new(&text);
        for piece in crate::markdown::cited(&text).iter().filter(|piece| piece.block.is_none()) {
            all += 1;
            let inside =
                |span: &crate::base::Span| piece.span.start <= span.start && span.end <= piece.span.end;
            if watched.get(page).is_some_and(|spans| spans.iter().any(inside)) {
                protected += 1;
                continue;
            }
            let line = index.position(&text, piece.span.start).line;
            push_line(out, &format!("{page}:{line}: `{}`", piece.text));
        }
    }
    let _ = writeln!(out, "{protected} of {all} pieces of inline code are watched");
}
