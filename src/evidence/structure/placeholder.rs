//! Text that waits to be written.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::StyleKind;

pub(super) static CHECK: Check = Check {
    code: code::PLACEHOLDER,
    group: Group::Pedantic,
    severity: None,
    title: "text says `TODO`, `FIXME`, `TBD` or `lorem ipsum`",
    doc: include_str!("placeholder.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (_, page) in cx.pages() {
        for fact in page.doc.facts.style.iter().filter(|fact| fact.kind == StyleKind::Placeholder) {
            let found = findings.found(
                &fact.place,
                fact.text.clone(),
                format!("`{}` is left in the text", fact.text),
            );
            findings.push(found.help("write what is missing, or move the note out of the page"));
        }
    }
}
