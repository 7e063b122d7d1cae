//! An API document lacks its licence, contact, servers or description.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-metadata",
    group: Group::Pedantic,
    severity: None,
    title: "an API document lacks its licence, contact, servers or description",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
