//! Raw HTML that does not close.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::FlawKind;

pub(super) static CHECK: Check = Check {
    code: code::RAW_HTML,
    group: Group::Suspect,
    severity: None,
    title: "raw HTML is not closed, or closes what was not open",
    doc: include_str!("raw-html.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (_, page) in cx.pages().filter(|(_, page)| !cx.site().is_generated(page)) {
        for flaw in &page.doc.facts.flaws {
            let (name, message, help) = match &flaw.kind {
                FlawKind::UnclosedTag(name) => (
                    name,
                    format!("`<{name}>` is not closed before the text around it ends"),
                    format!(
                        "readers may lose what follows: close it with `</{name}>`, or, if it is no HTML, write `` `<{name}>` ``"
                    ),
                ),
                FlawKind::StrayEndTag(name) => (
                    name,
                    format!("`</{name}>` closes nothing"),
                    "remove it, or open the element before it".to_owned(),
                ),
                _ => continue,
            };
            findings.push(findings.found(&flaw.place, name.clone(), message).help(help));
        }
    }
}
