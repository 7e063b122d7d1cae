//! An error of an operation has no description or no schema.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-error-response",
    group: Group::Pedantic,
    severity: None,
    title: "an error of an operation has no description or no schema",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
