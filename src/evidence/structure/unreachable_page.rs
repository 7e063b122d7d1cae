//! Pages that an index forgot.

use crate::base::RelPath;
use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::{Mode, Page, Target, is_readme};
use std::collections::{BTreeMap, HashSet};

pub(super) static CHECK: Check = Check {
    code: code::UNREACHABLE_PAGE,
    group: Group::Suspect,
    severity: None,
    title: "no page leads to this one, though an index lists the others of its folder",
    doc: include_str!("unreachable-page.md"),
    fix: None,
    seen_in: None,
    run,
};

/// Fewer neighbours are no list.
const FEWEST: usize = 4;

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let site = cx.site();
    // In a book, every page is in the navigation.
    if site.mode == Mode::Book {
        return;
    }
    let mut reached: HashSet<usize> = HashSet::new();
    for (id, page) in cx.pages() {
        for target in &page.targets {
            match target {
                Target::Page { page, .. } if *page != id => drop(reached.insert(*page)),
                // A link to a folder shows its files.
                Target::InRepository(folder) => {
                    reached.extend(site.pages_in(folder));
                }
                _ => {}
            }
        }
    }
    let mut folders: BTreeMap<RelPath, Vec<(usize, &Page)>> = BTreeMap::new();
    for (id, page) in cx.pages() {
        folders.entry(page.source.parent()).or_default().push((id, page));
    }
    for (folder, pages) in folders.iter().filter(|(folder, _)| !folder.is_root()) {
        let front = pages.iter().find(|(_, page)| is_readme(&page.source) || page.source.stem() == "index");
        let generated = site.is_generated_folder(folder);
        let Some((front_id, front)) = front.filter(|_| !generated) else { continue };
        let listed: HashSet<usize> = front
            .targets
            .iter()
            .filter_map(|target| if let Target::Page { page, .. } = target { Some(*page) } else { None })
            .collect();
        let others: Vec<_> = pages.iter().filter(|(id, _)| id != front_id).collect();
        let named = others.iter().filter(|(id, _)| listed.contains(id)).count();
        if others.len() < FEWEST || named * 5 < others.len() * 4 {
            continue;
        }
        for (_, page) in others.into_iter().filter(|(id, _)| !reached.contains(id)) {
            let message = format!("nothing leads to `{}`", page.source);
            let found = findings.found(&page.place(), page.source.as_str(), message);
            findings.push(
                found
                    .help(format!(
                        "`{}` lists the other pages of the folder: list this one, too",
                        front.source
                    ))
                    .related(front.place(), "the index"),
            );
        }
    }
}
