//! An action of an overlay has no effect.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-overlay",
    group: Group::Suspect,
    severity: None,
    title: "an action of an overlay has no effect",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
