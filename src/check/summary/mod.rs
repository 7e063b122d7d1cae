//! Mistakes in `SUMMARY.md`.

use super::{Check, Findings, Subject};
use crate::diag::Group;
use crate::model::StructureTrouble;

pub(super) static CHECK: Check = Check {
    code: "summary",
    group: Group::Broken,
    severity: None,
    title: "SUMMARY.md does not follow its grammar",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for trouble in &subject.site.troubles {
        if let StructureTrouble::Summary(message, place) = trouble {
            let found = findings.found(place, message.clone(), message.clone());
            findings.push(found.help("mdBook refuses to build such a book; the rest of the list was read"));
        }
    }
}
