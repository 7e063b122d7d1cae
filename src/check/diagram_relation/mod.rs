//! Relations that no code backs.

use super::{Check, Findings, Subject};
use crate::diag::{Group, Severity};

pub(super) static CHECK: Check = Check {
    code: "diagram-relation",
    group: Group::Suspect,
    severity: Some(Severity::Note),
    title: "the code does not back a relation of a diagram",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let relations = subject.diagrams.sources.iter().flat_map(|source| &source.relations);
    for relation in relations.filter(|relation| !relation.backed) {
        let (from, to) = (&relation.from, &relation.to);
        let message = format!("the code of `{from}` does not name `{to}`");
        let diagnostic = findings.found(&relation.place, format!("{from} -> {to}"), message);
        findings.push(
            diagnostic.help("remove the relation, or say by what it goes: `a -> b \"Asks\" \"HTTPS\"`"),
        );
    }
}
