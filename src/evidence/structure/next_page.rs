//! Where a runbook goes on when it does not help.

use crate::diag::{ClaimKind, Group, Place, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::{Page, PageId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) static CHECK: Check = Check {
    code: code::NEXT_PAGE,
    group: Group::Broken,
    severity: None,
    title: "a page's `next` leads nowhere, or in a circle",
    doc: include_str!("next-page.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let pages: HashMap<&str, PageId> = cx.pages().map(|(id, page)| (page.source.as_str(), id)).collect();
    let mut arrows: BTreeMap<PageId, Vec<PageId>> = BTreeMap::new();
    for (id, page) in cx.pages() {
        let front = &page.doc.facts.front;
        let place = front.place_of("next").cloned().unwrap_or_else(|| page.place());
        for name in front.texts("next") {
            let verdict = match target(cx, &pages, page, name) {
                Ok(to) => {
                    arrows.entry(id).or_default().push(to);
                    Verdict::Proven(cx.site().pages.get(to).map_or("", |page| page.source.as_str()).into())
                }
                Err(message) => {
                    let near = findings.near.find("next", name, pages.keys().copied());
                    let help = near.map_or_else(
                        || "the path is relative to this page".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    findings.push(findings.found(&place, name, message).help(help));
                    Verdict::Contradicted(CHECK.code)
                }
            };
            findings.claim((id, page), ClaimKind::Link, &place, name, verdict);
        }
    }
    circles(cx, &arrows, findings);
}

/// The page that a name leads to.
fn target(
    cx: &Context<'_>,
    pages: &HashMap<&str, PageId>,
    page: &Page,
    name: &str,
) -> Result<PageId, String> {
    let (path, fragment) =
        name.split_once('#').map_or((name, None), |(path, fragment)| (path, Some(fragment)));
    let file = page.source.parent().join(path).ok();
    let found = file.and_then(|file| pages.get(file.as_str()).copied());
    let Some(to) = found else { return Err(format!("`next` names `{name}`, and there is no such page")) };
    let there = cx.site().pages.get(to);
    match (fragment, there) {
        (Some(fragment), Some(there)) if !there.has_id(fragment) => {
            Err(format!("`next` names `{name}`, and {} has no such id", there.source))
        }
        _ => Ok(to),
    }
}

/// A person who follows a circle ends where they began; each circle is told once, at its first page.
fn circles(cx: &Context<'_>, arrows: &BTreeMap<PageId, Vec<PageId>>, findings: &mut Findings) {
    let mut done: BTreeSet<PageId> = BTreeSet::new();
    for start in arrows.keys() {
        // One walk for each page that no walk has passed: all of them together pass each page once.
        let (mut path, mut left) = (Vec::new(), vec![(*start, 0)]);
        while let Some((at, next)) = left.pop() {
            if next == 0 {
                if done.contains(&at) {
                    continue;
                }
                path.push(at);
            }
            let Some(to) = arrows.get(&at).and_then(|all| all.get(next)).copied() else {
                done.insert(at);
                path.pop();
                continue;
            };
            left.push((at, next + 1));
            match path.iter().position(|on| *on == to) {
                Some(from) => told(cx, path.get(from..).unwrap_or_default(), findings),
                None => left.push((to, 0)),
            }
        }
    }
}

fn told(cx: &Context<'_>, circle: &[PageId], findings: &mut Findings) {
    let pages: Vec<&Page> = circle.iter().filter_map(|id| cx.site().pages.get(*id)).collect();
    let Some(first) = pages.iter().min_by_key(|page| &page.source) else { return };
    let names: Vec<&str> = pages.iter().map(|page| page.source.as_str()).collect();
    let place: Place = first.doc.facts.front.place_of("next").cloned().unwrap_or_else(|| first.place());
    let message = format!("`next` leads in a circle: {}", names.join(", "));
    let found = findings.found(&place, format!("circle {}", names.len()), message);
    findings.push(found.help("let the last of them say whom to call"));
}
