//! An operation is routed at another path or method than its annotation says.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-route",
    group: Group::Broken,
    severity: None,
    title: "an operation is routed at another path or method than its annotation says",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
