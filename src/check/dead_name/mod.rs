//! Names on new lines of pages that the code has nowhere.

use super::{Check, Findings, Subject};
use crate::change::Dead;
use crate::diag::{ClaimKind, Diagnostic, Group, Verdict};
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    code: "dead-name",
    group: Group::Suspect,
    severity: None,
    title: "a line that the change adds to a page names a flag, a variable or a file that is not there",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let ids: BTreeMap<_, _> = subject.pages().map(|(id, page)| (&page.source, (id, page))).collect();
    for dead in subject.change.map(|change| change.dead.as_slice()).unwrap_or_default() {
        let Some(page) = ids.get(&dead.place.file) else { continue };
        let verdict = Verdict::Contradicted(CHECK.code);
        findings.claim(*page, ClaimKind::Name, &dead.place, &dead.text, verdict);
        let diagnostic = diagnose(findings, dead);
        findings.push(diagnostic);
    }
}

fn diagnose(findings: &Findings, dead: &Dead) -> Diagnostic {
    let Dead { kind, text, place, elsewhere } = dead;
    let message = format!("no {} `{text}` is anywhere in the repository", kind.name());
    let found = findings.found(place, format!("{} {text}", kind.name()), message);
    match elsewhere {
        Some(file) => found.help(format!("did you mean `{file}`?")).fix(
            format!("write `{file}`"),
            place.clone(),
            file.as_str(),
        ),
        None => found.help("check the spelling; if it comes with a later change, add the line with that"),
    }
}
