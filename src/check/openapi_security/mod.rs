//! An operation does not say who may call it, or what strangers are answered.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-security",
    group: Group::Pedantic,
    severity: None,
    title: "an operation does not say who may call it, or what strangers are answered",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
