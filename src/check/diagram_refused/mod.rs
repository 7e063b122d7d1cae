//! Diagrams that would run programs or reach the network.

use super::{Check, Findings, Subject};
use crate::diag::Group;
use crate::diagram::ProblemKind;

/// What is left out on purpose.
const KINDS: &[ProblemKind] = &[ProblemKind::Refused, ProblemKind::TooLarge];

pub(super) static CHECK: Check = Check {
    code: "diagram-refused",
    group: Group::Suspect,
    severity: None,
    title: "a diagram asks for something that is never done",
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
