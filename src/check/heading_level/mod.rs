//! Headings that skip a level.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "heading-level",
    group: Group::Pedantic,
    severity: None,
    title: "a heading skips a level",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, page) in subject.pages() {
        let mut last = 0;
        for heading in &page.doc.facts.headings {
            if last > 0 && heading.level > last + 1 {
                let message = format!("a heading of level {} follows one of level {last}", heading.level);
                let help = format!("screen readers announce the gap: make it level {}", last + 1);
                findings.push(findings.found(&heading.place, heading.text.clone(), message).help(help));
            }
            last = heading.level;
        }
    }
}
