//! A routed handler has no annotation.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-unannotated",
    group: Group::Pedantic,
    severity: None,
    title: "a routed handler has no annotation",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
