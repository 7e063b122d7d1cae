//! Keys that have no effect.

use crate::config::MistakeKind;
use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::CONFIGURATION_KEY,
    group: Group::Suspect,
    severity: None,
    title: "a key of book.toml has no effect",
    doc: include_str!("configuration-key.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    report(cx, findings, MistakeKind::Key);
}

/// Reports what reading the configuration said of one sort.
pub(in crate::evidence) fn report(cx: &Context<'_>, findings: &mut Findings, kind: MistakeKind) {
    for mistake in cx.mistakes.iter().filter(|mistake| mistake.kind == kind) {
        let mut found = findings.found(&mistake.place, mistake.subject.clone(), mistake.message.clone());
        found.help.clone_from(&mistake.help);
        findings.push(found);
    }
}
