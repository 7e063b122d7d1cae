//! A path of an API document does not fit its parameters, or is there twice.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-path",
    group: Group::Broken,
    severity: None,
    title: "a path of an API document does not fit its parameters, or is there twice",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
