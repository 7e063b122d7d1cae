//! A source of an API document is missing or wrong.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-source",
    group: Group::Broken,
    severity: None,
    title: "a source of an API document is missing or wrong",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
