//! Relations that no code backs.

use crate::diag::{Group, Severity, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;

pub(super) static CHECK: Check = Check {
    code: code::DIAGRAM_RELATION,
    group: Group::Suspect,
    severity: Some(Severity::Note),
    title: "the code does not back a relation of a diagram",
    doc: include_str!("diagram-relation.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let relations = cx.of::<Diagrams>().sources.iter().flat_map(|source| &source.relations);
    for relation in relations.filter(|relation| !relation.backed) {
        let (from, to) = (&relation.from, &relation.to);
        let message = format!("the code of `{from}` does not name `{to}`");
        let diagnostic = findings.found(&relation.place, format!("{from} -> {to}"), message);
        findings.push(
            diagnostic.help("remove the relation, or say by what it goes: `a -> b \"Asks\" \"HTTPS\"`"),
        );
    }
}
