//! A tag of an API document is not declared, not described or not used.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-tag",
    group: Group::Pedantic,
    severity: None,
    title: "a tag of an API document is not declared, not described or not used",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
