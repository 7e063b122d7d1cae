//! Diagrams that cannot be read in full.

use crate::diag::{Group, code};
use crate::diagram::ProblemKind;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;

/// What a reader of the picture misses.
const KINDS: &[ProblemKind] = &[ProblemKind::Syntax, ProblemKind::Unknown];

pub(super) static CHECK: Check = Check {
    code: code::DIAGRAM_SYNTAX,
    group: Group::Broken,
    severity: None,
    title: "a diagram's text breaks its language's rules",
    doc: include_str!("diagram-syntax.md"),
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
