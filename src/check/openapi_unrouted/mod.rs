//! An operation of an API document is routed nowhere.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-unrouted",
    group: Group::Suspect,
    severity: None,
    title: "an operation of an API document is routed nowhere",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
