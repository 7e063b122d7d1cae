//! A handler that is annotated and routed is in no API document.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-unregistered",
    group: Group::Suspect,
    severity: None,
    title: "a handler that is annotated and routed is in no API document",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
