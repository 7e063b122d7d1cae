//! Two elements of one page with one id.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::Mode;
use std::collections::HashMap;

pub(super) static CHECK: Check = Check {
    code: code::DUPLICATE_ID,
    group: Group::Broken,
    severity: None,
    title: "two elements of a page have the same id",
    doc: include_str!("duplicate-id.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    // A forge writes its own ids; only on a site are these the ones that readers meet.
    if cx.site().mode == Mode::Forge {
        return;
    }
    for (_, page) in cx.pages() {
        let mut first = HashMap::new();
        for id in &page.doc.facts.ids {
            let before: &crate::markdown::Id = first.entry(id.name.as_str()).or_insert(id);
            // `<a id="x" name="x">` is one element.
            // `<a id="x"></a>` right before the heading that gets the id `x`: both are the same place to a reader.
            let gap = id.place.span.start.saturating_sub(before.place.span.end);
            let beside = before.mark
                && before.place.file == id.place.file
                && before.place.span.end <= id.place.span.start
                && gap <= 8;
            if before.place == id.place || id.name.is_empty() || beside {
                continue;
            }
            let message = format!("the id `{}` is already taken on this page", id.name);
            let help = "a link to it reaches only the first: choose another with `{#id}` behind the heading";
            let found = findings
                .found(&id.place, id.name.clone(), message)
                .help(help)
                .related(before.place.clone(), "first used here");
            findings.push(found);
        }
    }
}
