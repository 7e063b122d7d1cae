//! Pages that show nothing.

use super::{Check, Findings, Subject};
use crate::diag::Group;
use crate::model::Mode;

pub(super) static CHECK: Check = Check {
    code: "empty-page",
    group: Group::Suspect,
    severity: None,
    title: "a page has no content",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, page) in subject.pages() {
        // On a forge a file of comments is a template; on a site it is an empty page.
        let empty =
            if subject.site.mode == Mode::Forge { page.doc.facts.blank } else { page.doc.facts.empty };
        if empty && page.doc.facts.front.place.is_none() {
            let found = findings.found(&page.place(), page.source.as_str(), "the page is empty");
            let help = if subject.site.mode == Mode::Forge {
                "write it, or remove it"
            } else {
                "write it, or list it as a draft: `[Title]()`"
            };
            findings.push(found.help(help));
        }
    }
}
