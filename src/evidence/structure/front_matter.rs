//! Front matter that cannot be read.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::FlawKind;

pub(super) static CHECK: Check = Check {
    code: code::FRONT_MATTER,
    group: Group::Broken,
    severity: None,
    title: "a page's front matter is not YAML",
    doc: include_str!("front-matter.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (id, page) in cx.pages() {
        for flaw in &page.doc.facts.flaws {
            let FlawKind::FrontMatter(message) = &flaw.kind else { continue };
            // Templates of other generators (`{{ … }}`) are filled in before anybody reads the YAML.
            let found = findings.found(
                &flaw.place,
                "front matter",
                format!("the front matter cannot be read: {message}"),
            );
            findings.push(found.help(
                "none of it counts until it is YAML: quote values that hold `: `, `#`, `*` or begin with `@`",
            ));
            findings.claim(
                (id, page),
                ClaimKind::Structure,
                &flaw.place,
                "front matter",
                Verdict::Contradicted(CHECK.code),
            );
        }
    }
}
