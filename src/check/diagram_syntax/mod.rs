//! Diagrams that cannot be read in full.

use super::{Check, Findings, Subject};
use crate::diag::Group;
use crate::diagram::ProblemKind;

/// What a reader of the picture misses.
const KINDS: &[ProblemKind] = &[ProblemKind::Syntax, ProblemKind::Unknown];

pub(super) static CHECK: Check = Check {
    code: "diagram-syntax",
    group: Group::Broken,
    severity: None,
    title: "a diagram's text breaks its language's rules",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for problem in subject.diagrams.sources.iter().flat_map(|source| &source.problems) {
        if KINDS.contains(&problem.kind) {
            let mut diagnostic =
                findings.found(&problem.place, problem.subject.clone(), problem.message.clone());
            diagnostic.help = problem.help.clone();
            findings.push(diagnostic);
        }
    }
}
