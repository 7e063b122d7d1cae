//! Captured outputs that are no longer what the program writes.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::facts::Facts;
use crate::evidence::facts::{Outcome, State};

pub(super) static CHECK: Check = Check {
    code: code::CAPTURED_OUTPUT,
    group: Group::Broken,
    severity: None,
    title: "a captured output was made by another state of the program",
    doc: include_str!("captured-output.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for fact in &cx.of::<Facts>().list {
        let (Outcome::Captured(capture), Some(page)) = (&fact.outcome, cx.site().pages.get(fact.page)) else {
            continue;
        };
        let command = &capture.output.command;
        let message = match capture.state {
            State::Holds => None,
            State::Never => Some(format!("what `{command}` writes was never recorded")),
            State::Edited => Some(format!("this is not what `{command}` wrote when it was recorded")),
            State::Outdated => {
                Some(format!("what `{command}` is made from has changed since it was recorded"))
            }
        };
        let verdict = match message {
            None => Verdict::Proven("recorded in docs.lock; what it is made from is the same".into()),
            Some(message) => {
                let help = "`oathbook update --exec` runs it and records what it writes";
                findings.push(findings.found(&fact.place, fact.name.clone(), message).help(help));
                Verdict::Contradicted(CHECK.code)
            }
        };
        findings.claim((fact.page, page), ClaimKind::Fact, &fact.place, &fact.name, verdict);
    }
}
