//! Anchors and items that a quoted file does not have.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::FlawKind;

pub(super) static CHECK: Check = Check {
    code: code::INCLUDE_ANCHOR,
    group: Group::Broken,
    severity: None,
    title: "a quoted part of a file does not exist",
    doc: include_str!("include-anchor.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (id, page) in cx.pages() {
        for flaw in &page.doc.facts.flaws {
            if let FlawKind::IncludeLines { path, lines, count } = &flaw.kind {
                let found = findings.found(
                    &flaw.place,
                    format!("{path}:{lines}"),
                    format!("`{path}` ends at line {count}, before the lines {lines}"),
                );
                findings.push(found.help(
                    "line numbers move with every edit: mark the part with an anchor, or name an item",
                ));
                findings.claim(
                    (id, page),
                    ClaimKind::Include,
                    &flaw.place,
                    lines,
                    Verdict::Contradicted(CHECK.code),
                );
            }
            let (path, what, name, nearest) = match &flaw.kind {
                FlawKind::IncludeAnchor { path, anchor, nearest } => (path, "anchor", anchor, nearest),
                FlawKind::IncludeItem { path, item, nearest } => (path, "item", item, nearest),
                _ => continue,
            };
            let message = format!("`{path}` has no {what} `{name}`");
            let help = match nearest {
                Some(near) => format!("did you mean `{near}`?"),
                None if what == "anchor" => format!(
                    "mark the part with `ANCHOR: {name}` and `ANCHOR_END: {name}` in comments of that file"
                ),
                None => "items are named as in Rust: `Name`, `module::Name`, `Type::function`".to_owned(),
            };
            findings.push(findings.found(&flaw.place, format!("{path}:{name}"), message).help(help));
            findings.claim(
                (id, page),
                ClaimKind::Include,
                &flaw.place,
                name,
                Verdict::Contradicted(CHECK.code),
            );
        }
    }
}
