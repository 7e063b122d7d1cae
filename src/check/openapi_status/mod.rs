//! A handler answers with a status that no response documents.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-status",
    group: Group::Suspect,
    severity: None,
    title: "a handler answers with a status that no response documents",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
