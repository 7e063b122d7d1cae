//! Pages and files that only the team sees: `visibility: internal`, or a glob of `site.internal`.

use super::load::chapter_file;
use crate::base::{Glob, RelPath};
use crate::config::Config;
use crate::incident::Record;
use crate::markdown::{Doc, Front, Item, Summary, front_matter};
use crate::model::is_markdown;
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

fn says_so(front: &Front) -> bool {
    front.text("visibility") == Some("internal")
}

/// Takes hidden files out of a book's files and its summary.
pub(super) fn hide(
    config: &Config,
    hidden: &BTreeSet<RelPath>,
    files: &mut Vec<RelPath>,
    summary: Option<&mut (Summary, RelPath)>,
) {
    files.retain(|file| !hidden.contains(file));
    if let Some((summary, _)) = summary.filter(|_| !hidden.is_empty()) {
        prune(summary, config, hidden);
    }
}

fn by_glob(config: &Config, file: &RelPath) -> bool {
    !config.site.internal.is_empty()
        && file.below(&config.src).is_some_and(|below| {
            config.site.internal.iter().any(|glob| Glob::new(glob).matches(below.as_str()))
        })
}

/// Internal files among those that were read.
pub(super) fn of_docs(
    config: &Config,
    files: &[RelPath],
    docs: &BTreeMap<RelPath, Result<Arc<Doc>, String>>,
) -> BTreeSet<RelPath> {
    let pages = docs.iter().filter(|(_, doc)| doc.as_ref().is_ok_and(|doc| says_so(&doc.facts.front)));
    let globs = files.iter().chain(docs.keys()).filter(|file| by_glob(config, file));
    pages.map(|(file, _)| file).chain(globs).cloned().collect()
}

/// Internal files, before anything is made of them: what is hidden must not be quoted either.
pub(super) fn of_files(world: &dyn World, config: &Config, files: &[RelPath]) -> BTreeSet<RelPath> {
    let internal = |file: &&RelPath| {
        by_glob(config, file)
            || is_markdown(file)
                && world
                    .text(file)
                    .is_ok_and(|text| text.contains("visibility") && says_so(&front_matter(file, &text).0))
    };
    files.iter().filter(internal).cloned().collect()
}

/// Records of incidents that only the team sees; what cannot be read is one of them.
pub(super) fn of_records(world: &dyn World, config: &Config) -> BTreeSet<RelPath> {
    let folder = config.incidents.records.as_ref().and_then(|name| config.root.join(name).ok());
    let Some(folder) = folder else { return BTreeSet::new() };
    let internal = |file: &RelPath| {
        world.text(file).is_ok_and(|text| text.contains("visibility") && Record::read(file, &text).internal)
    };
    world.files(&folder).into_iter().filter(internal).collect()
}

/// Takes hidden chapters out of a summary; chapters below one that is hidden move up.
pub(super) fn prune(summary: &mut Summary, config: &Config, hidden: &BTreeSet<RelPath>) {
    let is_hidden = |entry: &crate::markdown::Entry| {
        chapter_file(config, entry).is_some_and(|file| hidden.contains(&file))
    };
    let mut items = Vec::new();
    for item in std::mem::take(&mut summary.items) {
        match item {
            Item::Entry(entry) => {
                items.extend(visible(entry, &is_hidden).into_iter().map(Item::Entry));
            }
            other => items.push(other),
        }
    }
    // A part of which nothing is left has no title.
    let is_part = |item: &Item| matches!(item, Item::Part(_));
    let empty = |at: usize| is_part(&items[at]) && items.get(at + 1).is_none_or(is_part);
    let keep: Vec<bool> = (0..items.len()).map(|at| !empty(at)).collect();
    summary.items = items.into_iter().zip(keep).filter_map(|(item, keep)| keep.then_some(item)).collect();
}

/// An entry, or what is left of it. Summaries are read at most 64 deep.
fn visible(
    mut entry: crate::markdown::Entry,
    is_hidden: &dyn Fn(&crate::markdown::Entry) -> bool,
) -> Vec<crate::markdown::Entry> {
    let children: Vec<_> =
        std::mem::take(&mut entry.children).into_iter().flat_map(|child| visible(child, is_hidden)).collect();
    if is_hidden(&entry) {
        return children;
    }
    entry.children = children;
    vec![entry]
}
