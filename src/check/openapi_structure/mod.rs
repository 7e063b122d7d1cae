//! An API document is not as the specification wants it.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-structure",
    group: Group::Broken,
    severity: None,
    title: "an API document is not as the specification wants it",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
