//! Images without a description.

use super::{Check, Findings, Subject};
use crate::diag::Group;
use crate::markdown::LinkKind;

pub(super) static CHECK: Check = Check {
    code: "image-alt",
    group: Group::Pedantic,
    severity: None,
    title: "an image has no alternative text",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, page) in subject.pages() {
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
