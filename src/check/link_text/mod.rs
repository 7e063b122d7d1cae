//! Links whose text says nothing.

use super::{Check, Findings, Subject};
use crate::diag::Group;
use crate::markdown::LinkKind;

pub(super) static CHECK: Check = Check {
    code: "link-text",
    group: Group::Pedantic,
    severity: None,
    title: "a link's text does not say where it leads",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, page) in subject.pages() {
        for link in page.doc.facts.links.iter().filter(|link| link.kind == LinkKind::Link) {
            let Some(text) = &link.text else { continue };
            let words = text.trim().trim_end_matches(['.', '!', ':']).to_lowercase();
            if matches!(
                words.as_str(),
                "" | "here" | "click here" | "this" | "link" | "this link" | "this page"
            ) {
                let message = if words.is_empty() {
                    "the link has no text".to_owned()
                } else {
                    format!("the link's text is only `{}`", text.trim())
                };
                let found = findings.found(&link.place, format!("{words} {}", link.target), message);
                findings.push(found.help("screen readers list links by their text: let it name the target"));
            }
        }
    }
}
