//! A schema forbids null where the code allows it.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-nullable",
    group: Group::Broken,
    severity: None,
    title: "a schema forbids null where the code allows it",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
