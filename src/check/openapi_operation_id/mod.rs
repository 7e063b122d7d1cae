//! An operation has no id, or not one of its own.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-operation-id",
    group: Group::Suspect,
    severity: None,
    title: "an operation has no id, or not one of its own",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
