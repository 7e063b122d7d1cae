//! Elements of models that nobody sees or reaches.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;

pub(super) static CHECK: Check = Check {
    code: code::DIAGRAM_ELEMENT,
    group: Group::Suspect,
    severity: None,
    title: "an element of a model is in no view, unrelated or there twice",
    doc: include_str!("diagram-element.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let sources = cx.of::<Diagrams>().sources.iter();
    for element in sources.flat_map(|source| &source.elements).filter(|element| element.modelled) {
        let name = &element.name;
        let found =
            |what: &str, message: String| findings.found(&element.place, format!("{name} {what}"), message);
        let diagnostic = if let Some(first) = &element.twin {
            let diagnostic = found("twin", format!("`{name}` is there twice"));
            diagnostic.related(first.clone(), "the first is here").help("remove one, or give it another name")
        } else if !element.related {
            let diagnostic = found("unrelated", format!("no relation leads to or from `{name}`"));
            diagnostic.help("say what it has to do with the others, or remove it")
        } else if !element.drawn {
            let diagnostic = found("view", format!("`{name}` is in no view"));
            diagnostic.help("include it in a view, or remove it from the model")
        } else {
            continue;
        };
        findings.push(diagnostic);
    }
}
