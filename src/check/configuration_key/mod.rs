//! Keys that have no effect.

use super::{Check, Findings, Subject};
use crate::config::MistakeKind;
use crate::diag::Group;

pub(super) static CHECK: Check = Check {
    code: "configuration-key",
    group: Group::Suspect,
    severity: None,
    title: "a key of book.toml has no effect",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    report(subject, findings, MistakeKind::Key);
}

/// Reports what reading the configuration said of one sort.
pub(super) fn report(subject: &Subject<'_>, findings: &mut Findings, kind: MistakeKind) {
    for mistake in subject.mistakes.iter().filter(|mistake| mistake.kind == kind) {
        let mut found = findings.found(&mistake.place, mistake.subject.clone(), mistake.message.clone());
        found.help.clone_from(&mistake.help);
        findings.push(found);
    }
}
