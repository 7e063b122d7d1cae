//! Markdown files that no summary lists.

use crate::diag::{Group, Place, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::{Mode, is_readme};

pub(super) static CHECK: Check = Check {
    code: code::UNLISTED_PAGE,
    group: Group::Suspect,
    severity: None,
    title: "a Markdown file is not listed in SUMMARY.md",
    doc: include_str!("unlisted-page.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let site = cx.site();
    if site.mode == Mode::Forge || site.nav.from_folders {
        return;
    }
    let quoted: std::collections::HashSet<_> =
        site.pages.iter().flat_map(|page| &page.doc.facts.includes).map(|include| &include.target).collect();
    for path in &site.unlisted {
        let Ok(source) = site.src().join(path.as_str()) else { continue };
        // Quoted by a page: a part, no page of its own. The repository's README beside the book is no page, either.
        if quoted.contains(&source) || (is_readme(path) && path.depth() == 0) {
            continue;
        }
        let found = findings.found(
            &Place::whole(source),
            path.as_str(),
            format!("`{path}` is not listed in SUMMARY.md"),
        );
        findings.push(found.help(
            "no page is made of it: list it, quote it from a page, or move it out of the source folder",
        ));
    }
}
