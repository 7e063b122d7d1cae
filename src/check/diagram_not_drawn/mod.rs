//! Parts of diagrams that are read and not drawn.

use super::{Check, Findings, Subject};
use crate::diag::{Group, Severity};
use crate::diagram::ProblemKind;

/// What the picture lacks.
const KINDS: &[ProblemKind] = &[ProblemKind::NotDrawn];

pub(super) static CHECK: Check = Check {
    code: "diagram-not-drawn",
    group: Group::Suspect,
    severity: Some(Severity::Note),
    title: "a diagram says what the picture does not show",
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
