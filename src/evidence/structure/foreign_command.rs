//! Commands that a book names and nobody starts.

use crate::config::MistakeKind;
use crate::diag::{Group, Severity, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::FOREIGN_COMMAND,
    group: Group::Suspect,
    severity: Some(Severity::Note),
    title: "book.toml names a command, which is not started",
    doc: include_str!("foreign-command.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    crate::evidence::settings::configuration_key::report(cx, findings, MistakeKind::Command);
}
