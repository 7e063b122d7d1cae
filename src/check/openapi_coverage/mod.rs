//! An API is documented less completely than its page states.

use super::{Check, Findings, Subject};
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "openapi-coverage",
    group: Group::Broken,
    severity: None,
    title: "an API is documented less completely than its page states",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    findings.of_apis(subject);
}
