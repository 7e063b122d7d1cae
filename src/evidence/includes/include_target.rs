//! Quoted files that cannot be read.

use crate::diag::{ClaimKind, Group, Severity, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::FlawKind;

pub(super) static CHECK: Check = Check {
    code: code::INCLUDE_TARGET,
    group: Group::Broken,
    severity: None,
    title: "a quoted file cannot be read",
    doc: include_str!("include-target.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (id, page) in cx.pages() {
        for include in &page.doc.facts.includes {
            let subject = format!(
                "{}{}{}",
                include.target,
                if include.part.is_empty() { "" } else { ":" },
                include.part
            );
            findings.claim(
                (id, page),
                ClaimKind::Include,
                &include.place,
                &subject,
                Verdict::Proven(include.target.as_str().into()),
            );
        }
        for flaw in &page.doc.facts.flaws {
            if let FlawKind::IncludeSubmodule(path, folder) = &flaw.kind {
                let message =
                    format!("`{path}` is quoted from the submodule `{folder}`, which is not cloned here");
                let mut found = findings.found(&flaw.place, path.clone(), message);
                found.severity = Severity::Note;
                findings.push(
                    found.help(
                        "run `git submodule update --init`; until then the directive stays in the text",
                    ),
                );
                let verdict = Verdict::NotJudged("its submodule is not cloned");
                findings.claim((id, page), ClaimKind::Include, &flaw.place, path, verdict);
            }
            let (subject, message, help) = match &flaw.kind {
                FlawKind::IncludeUnreadable(path, error) => {
                    (path.clone(), format!("cannot quote `{path}`: {error}"), "the directive stays in the text; the path is relative to the file that it stands in".to_owned())
                }
                FlawKind::IncludeLeaves(path) => (
                    path.clone(),
                    format!("`{path}` lies outside of the repository"),
                    "a page can quote files of its own repository only; for a book outside of git, `--root` names a wider folder".to_owned(),
                ),
                FlawKind::IncludeCycle(path) => (path.clone(), format!("`{path}` quotes itself"), "quoting stops after ten rounds; remove one of the directives".to_owned()),
                FlawKind::IncludeTooDeep(path) => (path.clone(), format!("`{path}` is quoted more than ten levels deep"), "it is left out; quote it from a file nearer to the page".to_owned()),
                FlawKind::IncludeTooMany => ("many".to_owned(), "gave up here: the page quotes more than 5,000 times, or more than 64 MiB".to_owned(), "the rest of the page is shown as it is written: quote less".to_owned()),
                _ => continue,
            };
            findings.push(findings.found(&flaw.place, subject.clone(), message).help(help));
            findings.claim(
                (id, page),
                ClaimKind::Include,
                &flaw.place,
                &subject,
                Verdict::Contradicted(CHECK.code),
            );
        }
    }
}
