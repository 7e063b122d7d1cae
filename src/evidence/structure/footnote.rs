//! Footnotes without a partner.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::FlawKind;

pub(super) static CHECK: Check = Check {
    code: code::FOOTNOTE,
    group: Group::Suspect,
    severity: None,
    title: "a footnote is not defined, not used, or defined twice",
    doc: include_str!("footnote.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (_, page) in cx.pages() {
        for flaw in &page.doc.facts.flaws {
            let (name, message, help) = match &flaw.kind {
                FlawKind::FootnoteUndefined(name) => {
                    (name, format!("the footnote `{name}` is not defined"), "add a line `[^name]: text`")
                }
                FlawKind::FootnoteUnused(name) => (
                    name,
                    format!("the footnote `{name}` is never referred to"),
                    "it is not shown: refer to it with `[^name]`, or remove it",
                ),
                FlawKind::FootnoteRepeated(name) => (
                    name,
                    format!("the footnote `{name}` is defined before"),
                    "only the first definition is shown",
                ),
                _ => continue,
            };
            findings.push(findings.found(&flaw.place, name.clone(), message).help(help));
        }
    }
}
