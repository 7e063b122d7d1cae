//! File names that some system cannot have.

use super::{Check, Findings, Subject};
use crate::diag::{Group, Place};
use crate::model::StructureTrouble;

pub(super) static CHECK: Check = Check {
    code: "reserved-name",
    group: Group::Suspect,
    severity: None,
    title: "a file's name cannot exist on every system",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for trouble in &subject.site.troubles {
        if let StructureTrouble::ReservedName(path, why) = trouble {
            let found = findings.found(
                &Place::whole(path.clone()),
                path.as_str(),
                format!("`{path}` cannot be checked out everywhere: {why}"),
            );
            findings.push(found.help("rename it, and add a redirect if it was published"));
        }
    }
}
