//! Recorded positions of a diagram's elements that are not those of its source.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "diagram-layout",
    group: Group::Broken,
    severity: None,
    title: "recorded positions are not those of a diagram's elements",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let recorded = subject.diagrams.sources.iter().filter_map(|source| source.recorded.as_ref());
    for (about, message, place) in recorded.flat_map(|recorded| &recorded.disagreements) {
        let diagnostic = findings.found(place, about.clone(), message.clone());
        findings.push(diagnostic.help("run `oathbook update`, and look at the picture"));
    }
}
