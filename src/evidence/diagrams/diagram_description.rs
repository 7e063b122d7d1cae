//! Elements that do not say what they are for.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;

pub(super) static CHECK: Check = Check {
    code: code::DIAGRAM_DESCRIPTION,
    group: Group::Pedantic,
    severity: None,
    title: "an element of a model has no description",
    doc: include_str!("diagram-description.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let sources = cx.of::<Diagrams>().sources.iter();
    for element in sources.flat_map(|source| &source.elements).filter(|element| element.modelled) {
        if !element.described {
            let message = format!("nothing says what `{}` is for", element.name);
            let diagnostic = findings.found(&element.place, element.name.clone(), message);
            findings.push(diagnostic.help("write a sentence after its name"));
        }
    }
}
