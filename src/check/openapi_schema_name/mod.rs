//! Two types have one name in an API document.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-schema-name",
    group: Group::Broken,
    severity: None,
    title: "two types have one name in an API document",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
