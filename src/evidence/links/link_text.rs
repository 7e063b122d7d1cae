//! Links whose text says nothing.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::LinkKind;

pub(super) static CHECK: Check = Check {
    code: code::LINK_TEXT,
    group: Group::Pedantic,
    severity: None,
    title: "a link's text does not say where it leads",
    doc: include_str!("link-text.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (_, page) in cx.pages() {
        for link in page.doc.facts.links.iter().filter(|link| link.kind == LinkKind::Link) {
            let Some(text) = &link.text else { continue };
            let words = text.trim().trim_end_matches(['.', '!', ':']).to_lowercase();
            if matches!(
                words.as_str(),
                "" | "here" | "click here" | "this" | "link" | "this link" | "this page"
            ) {
                let message = if words.is_empty() {
                    "the link has no text".to_owned()
                } else {
                    format!("the link's text is only `{}`", text.trim())
                };
                let found = findings.found(&link.place, format!("{words} {}", link.target), message);
                findings.push(found.help("screen readers list links by their text: let it name the target"));
            }
        }
    }
}
