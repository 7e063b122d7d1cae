//! Two sources of an API document contradict each other.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-conflict",
    group: Group::Broken,
    severity: None,
    title: "two sources of an API document contradict each other",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
