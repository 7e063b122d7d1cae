//! A request or an answer of success has no schema.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-body-schema",
    group: Group::Pedantic,
    severity: None,
    title: "a request or an answer of success has no schema",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
