//! Pages that cannot be read.

use super::{Check, Findings, Subject};
use crate::diag::{Group, Place};
use crate::model::StructureTrouble;

pub(super) static CHECK: Check = Check {
    code: "unreadable-page",
    group: Group::Broken,
    severity: None,
    title: "a page cannot be read",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for trouble in &subject.site.troubles {
        if let StructureTrouble::Unreadable(path, why) = trouble {
            let found = findings.found(
                &Place::whole(path.clone()),
                path.as_str(),
                format!("`{path}` cannot be read: {why}"),
            );
            findings.push(found.help("it is left out of the site; save it as UTF-8"));
        }
    }
}
