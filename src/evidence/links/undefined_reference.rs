//! `[text][label]` without a definition of the label.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::FlawKind;

pub(super) static CHECK: Check = Check {
    code: code::UNDEFINED_REFERENCE,
    group: Group::Broken,
    severity: None,
    title: "a reference link has no definition, so its brackets are shown",
    doc: include_str!("undefined-reference.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (id, page) in cx.pages() {
        for flaw in &page.doc.facts.flaws {
            let FlawKind::UndefinedReference(label) = &flaw.kind else { continue };
            // A preprocessor that is not run may add definitions.
            let verdict = if label.contains("::") {
                Verdict::NotJudged("an item's name, which a documentation generator resolves")
            } else if cx.site().is_generated(page) {
                Verdict::NotJudged("another generator may add the definition")
            } else if !cx.config.has_unknown_preprocessors() {
                let message = format!("`[{label}]` is not defined on this page");
                let help = format!(
                    "readers see the brackets: add a line `[{label}]: target`, or escape them as `\\[`"
                );
                findings.push(findings.found(&flaw.place, label.clone(), message).help(help));
                Verdict::Contradicted(CHECK.code)
            } else {
                Verdict::NotJudged("a preprocessor that is not run may define it")
            };
            findings.claim((id, page), ClaimKind::Reference, &flaw.place, label, verdict);
        }
    }
}
