//! Text that waits to be written.

use super::{Check, Findings, Subject};
use crate::diag::Group;
use crate::markdown::StyleKind;

pub(super) static CHECK: Check = Check {
    code: "placeholder",
    group: Group::Pedantic,
    severity: None,
    title: "text says TODO, FIXME, TBD or lorem ipsum",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, page) in subject.pages() {
        for fact in page.doc.facts.style.iter().filter(|fact| fact.kind == StyleKind::Placeholder) {
            let found = findings.found(
                &fact.place,
                fact.text.clone(),
                format!("`{}` is left in the text", fact.text),
            );
            findings.push(found.help("write what is missing, or move the note out of the page"));
        }
    }
}
