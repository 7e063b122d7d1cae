//! Recorded positions of a diagram's elements that are not those of its source.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;

pub(super) static CHECK: Check = Check {
    code: code::DIAGRAM_LAYOUT,
    group: Group::Broken,
    severity: None,
    title: "recorded positions are not those of a diagram's elements",
    doc: include_str!("diagram-layout.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let recorded = cx.of::<Diagrams>().sources.iter().filter_map(|source| source.recorded.as_ref());
    for (about, message, place) in recorded.flat_map(|recorded| &recorded.disagreements) {
        let diagnostic = findings.found(place, about.clone(), message.clone());
        findings.push(diagnostic.help("run `oathbook update`, and look at the picture"));
    }
}
