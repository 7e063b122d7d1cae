//! A schema contradicts itself, or says what its version cannot say.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-schema",
    group: Group::Suspect,
    severity: None,
    title: "a schema contradicts itself, or says what its version cannot say",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
