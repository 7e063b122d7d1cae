//! Commands that a book names and nobody starts.

use super::{Check, Findings, Subject};
use crate::config::MistakeKind;
use crate::diag::{Group, Severity};

pub(super) static CHECK: Check = Check {
    code: "foreign-command",
    group: Group::Suspect,
    severity: Some(Severity::Note),
    title: "book.toml names a command, which is not started",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    super::configuration_key::report(subject, findings, MistakeKind::Command);
}
