//! Mistakes in `SUMMARY.md`.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::StructureFlaw;

pub(super) static CHECK: Check = Check {
    code: code::SUMMARY,
    group: Group::Broken,
    severity: None,
    title: "SUMMARY.md does not follow its grammar",
    doc: include_str!("summary.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for flaw in &cx.site().flaws {
        if let StructureFlaw::Summary(message, place) = flaw {
            let found = findings.found(place, message.clone(), message.clone());
            findings.push(found.help("mdBook refuses to build such a book; the rest of the list was read"));
        }
    }
}
