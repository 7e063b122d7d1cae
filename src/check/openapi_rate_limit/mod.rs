//! An operation does not say how often it may be called.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-rate-limit",
    group: Group::Pedantic,
    severity: None,
    title: "an operation does not say how often it may be called",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
