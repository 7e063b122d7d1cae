//! Raw HTML that does not close.

use super::{Check, Findings, Subject};
use crate::diag::Group;
use crate::markdown::TroubleKind;

pub(super) static CHECK: Check = Check {
    code: "raw-html",
    group: Group::Suspect,
    severity: None,
    title: "raw HTML is not closed, or closes what was not open",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, page) in subject.pages().filter(|(_, page)| !subject.site.is_generated(page)) {
        for trouble in &page.doc.facts.troubles {
            let (name, message, help) = match &trouble.kind {
                TroubleKind::UnclosedTag(name) => (
                    name,
                    format!("`<{name}>` is not closed before the text around it ends"),
                    format!(
                        "readers may lose what follows: close it with `</{name}>`, or, if it is no HTML, write `` `<{name}>` ``"
                    ),
                ),
                TroubleKind::StrayEndTag(name) => (
                    name,
                    format!("`</{name}>` closes nothing"),
                    "remove it, or open the element before it".to_owned(),
                ),
                _ => continue,
            };
            findings.push(findings.found(&trouble.place, name.clone(), message).help(help));
        }
    }
}
