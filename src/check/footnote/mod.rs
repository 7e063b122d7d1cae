//! Footnotes without a partner.

use super::{Check, Findings, Subject};
use crate::diag::Group;
use crate::markdown::TroubleKind;

pub(super) static CHECK: Check = Check {
    code: "footnote",
    group: Group::Suspect,
    severity: None,
    title: "a footnote is not defined, not used, or defined twice",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, page) in subject.pages() {
        for trouble in &page.doc.facts.troubles {
            let (name, message, help) = match &trouble.kind {
                TroubleKind::FootnoteUndefined(name) => {
                    (name, format!("the footnote `{name}` is not defined"), "add a line `[^name]: text`")
                }
                TroubleKind::FootnoteUnused(name) => (
                    name,
                    format!("the footnote `{name}` is never referred to"),
                    "it is not shown: refer to it with `[^name]`, or remove it",
                ),
                TroubleKind::FootnoteRepeated(name) => (
                    name,
                    format!("the footnote `{name}` is defined before"),
                    "only the first definition is shown",
                ),
                _ => continue,
            };
            findings.push(findings.found(&trouble.place, name.clone(), message).help(help));
        }
    }
}
