//! Headings that skip a level.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::HEADING_LEVEL,
    group: Group::Pedantic,
    severity: None,
    title: "a heading skips a level",
    doc: include_str!("heading-level.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (_, page) in cx.pages() {
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
