//! Front matter that cannot be read.

use super::{Check, Findings, Subject};
use crate::diag::{ClaimKind, Group, Verdict};
use crate::markdown::TroubleKind;

pub(super) static CHECK: Check = Check {
    code: "front-matter",
    group: Group::Broken,
    severity: None,
    title: "a page's front matter is not YAML",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for (id, page) in subject.pages() {
        for trouble in &page.doc.facts.troubles {
            let TroubleKind::FrontMatter(message) = &trouble.kind else { continue };
            // Templates of other generators (`{{ … }}`) are filled in before anybody reads the YAML.
            let found = findings.found(
                &trouble.place,
                "front matter",
                format!("the front matter cannot be read: {message}"),
            );
            findings.push(found.help(
                "none of it counts until it is YAML: quote values that hold `: `, `#`, `*` or begin with `@`",
            ));
            findings.claim(
                (id, page),
                ClaimKind::Structure,
                &trouble.place,
                "front matter",
                Verdict::Contradicted(CHECK.code),
            );
        }
    }
}
