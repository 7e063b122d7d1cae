//! Elements that do not say what they are for.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "diagram-description",
    group: Group::Pedantic,
    severity: None,
    title: "an element of a model has no description",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let sources = subject.diagrams.sources.iter();
    for element in sources.flat_map(|source| &source.elements).filter(|element| element.modelled) {
        if !element.described {
            let message = format!("nothing says what `{}` is for", element.name);
            let diagnostic = findings.found(&element.place, element.name.clone(), message);
            findings.push(diagnostic.help("write a sentence after its name"));
        }
    }
}
