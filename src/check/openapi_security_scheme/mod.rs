//! An operation names a security scheme that is not declared.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-security-scheme",
    group: Group::Broken,
    severity: None,
    title: "an operation names a security scheme that is not declared",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
