//! Diagrams that would run programs or reach the network.

use crate::diag::{Group, code};
use crate::diagram::ProblemKind;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;

/// What is left out on purpose.
const KINDS: &[ProblemKind] = &[ProblemKind::Refused, ProblemKind::TooLarge];

pub(super) static CHECK: Check = Check {
    code: code::DIAGRAM_REFUSED,
    group: Group::Suspect,
    severity: None,
    title: "a diagram asks for something that is never done",
    doc: include_str!("diagram-refused.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for problem in cx.of::<Diagrams>().sources.iter().flat_map(|source| &source.problems) {
        if KINDS.contains(&problem.kind) {
            let mut diagnostic =
                findings.found(&problem.place, problem.subject.clone(), problem.message.clone());
            diagnostic.help = problem.help.clone();
            findings.push(diagnostic);
        }
    }
}
