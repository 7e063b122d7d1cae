//! Pages that show nothing.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::Mode;

pub(super) static CHECK: Check = Check {
    code: code::EMPTY_PAGE,
    group: Group::Suspect,
    severity: None,
    title: "a page has no content",
    doc: include_str!("empty-page.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (_, page) in cx.pages() {
        // On a forge a file of comments is a template; on a site it is an empty page.
        let empty = if cx.site().mode == Mode::Forge { page.doc.facts.blank } else { page.doc.facts.empty };
        if empty && page.doc.facts.front.place.is_none() {
            let found = findings.found(&page.place(), page.source.as_str(), "the page is empty");
            let help = if cx.site().mode == Mode::Forge {
                "write it, or remove it"
            } else {
                "write it, or list it as a draft: `[Title]()`"
            };
            findings.push(found.help(help));
        }
    }
}
