//! Images without a description.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::LinkKind;

pub(super) static CHECK: Check = Check {
    code: code::IMAGE_ALT,
    group: Group::Pedantic,
    severity: None,
    title: "an image has no alternative text",
    doc: include_str!("image-alt.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (_, page) in cx.pages() {
        for link in page.doc.facts.links.iter().filter(|link| link.kind == LinkKind::Image) {
            // In HTML, `alt=""` says that the image is decoration.
            let missing = match &link.text {
                None => true,
                Some(text) => text.trim().is_empty() && !link.raw,
            };
            if missing {
                let found =
                    findings.found(&link.place, link.target.clone(), "the image has no alternative text");
                findings.push(
                    found.help("say what it shows, for readers who cannot see it: `![what it shows](…)`"),
                );
            }
        }
    }
}
