//! Names on new lines of pages that the code has nowhere.

use crate::diag::{Diagnostic, Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::names::Dead;
use crate::evidence::names::Names;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    code: code::DEAD_NAME,
    group: Group::Suspect,
    severity: None,
    title: "a line that the change adds to a page names a flag, a variable or a file that is not there",
    doc: include_str!("dead-name.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let pages: BTreeSet<_> = cx.pages().map(|(_, page)| &page.source).collect();
    for dead in cx.of::<Names>().change.as_ref().map(|change| change.dead.as_slice()).unwrap_or_default() {
        if !pages.contains(&dead.place.file) {
            continue;
        }
        let diagnostic = diagnose(findings, dead);
        findings.hint(diagnostic);
    }
}

fn diagnose(findings: &Findings, dead: &Dead) -> Diagnostic {
    let Dead { kind, text, place, elsewhere } = dead;
    let message = format!("no {} `{text}` is anywhere in the repository", kind.name());
    let found = findings.found(place, format!("{} {text}", kind.name()), message);
    match elsewhere {
        Some(file) => found.help(format!("did you mean `{file}`?")),
        None => found.help("check the spelling; if it comes with a later change, add the line with that"),
    }
}
