//! A part of an API document could not be read from its source.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-hole",
    group: Group::Suspect,
    severity: None,
    title: "a part of an API document could not be read from its source",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
