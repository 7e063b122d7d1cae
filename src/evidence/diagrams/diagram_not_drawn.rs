//! Parts of diagrams that are read and not drawn.

use crate::diag::{Group, Severity, code};
use crate::diagram::ProblemKind;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;

/// What the picture lacks.
const KINDS: &[ProblemKind] = &[ProblemKind::NotDrawn];

pub(super) static CHECK: Check = Check {
    code: code::DIAGRAM_NOT_DRAWN,
    group: Group::Suspect,
    severity: Some(Severity::Note),
    title: "a diagram says what the picture does not show",
    doc: include_str!("diagram-not-drawn.md"),
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
