//! Pages that show nothing.

use super::{Check, Findings, Subject};
use crate::diag::Group;

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
        if page.doc.facts.empty && page.doc.facts.front.place.is_none() {
            let found = findings.found(&page.place(), page.source.as_str(), "the page is empty");
            findings.push(found.help("write it, or list it as a draft: `[Title]()`"));
        }
    }
}
