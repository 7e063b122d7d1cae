//! A `$ref` of an API document leads nowhere.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-reference",
    group: Group::Broken,
    severity: None,
    title: "a `$ref` of an API document leads nowhere",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
