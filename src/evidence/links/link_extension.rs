//! Links that end almost like Markdown's.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::LinkKind;
use crate::model::{Missing, Target};

pub(super) static CHECK: Check = Check {
    code: code::LINK_EXTENSION,
    group: Group::Broken,
    severity: None,
    title: "a link ends in something like `.mdx`, of which no page is made",
    doc: include_str!("link-extension.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (id, page) in cx.pages() {
        for (link, target) in page.doc.facts.links.iter().zip(&page.targets) {
            let Target::Missing(Missing::Extension(path)) = target else { continue };
            if link.kind == LinkKind::Image {
                continue;
            }
            let place = link.target_place.as_ref().unwrap_or(&link.place);
            let extension = path.extension().unwrap_or("");
            let message = format!("`{}` ends in `.{extension}`, which is no page of a book", link.target);
            let end = link.target.rfind(".md").unwrap_or(link.target.len());
            let help = format!(
                "mdBook would silently link to `{}.html`; write `.md` if that page is meant",
                &link.target[..end]
            );
            findings.push(findings.found(place, link.target.clone(), message).help(help));
            findings.claim(
                (id, page),
                ClaimKind::Link,
                &link.place,
                &link.target,
                Verdict::Contradicted(CHECK.code),
            );
        }
    }
}
