//! Nothing uses a component of an API document.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-unused-component",
    group: Group::Suspect,
    severity: None,
    title: "nothing uses a component of an API document",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
