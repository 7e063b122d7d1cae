//! Headings that a page's kind requires.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::kind;
use crate::model::Mode;

pub(super) static CHECK: Check = Check {
    code: code::REQUIRED_HEADING,
    group: Group::Broken,
    severity: None,
    title: "a page lacks headings that its kind requires",
    doc: include_str!("required-heading.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    if cx.site().mode == Mode::Forge {
        return;
    }
    for (id, page) in cx.pages() {
        let Some(kind) = page.kind.as_deref().and_then(kind::find) else { continue };
        if kind.headings.is_empty() {
            continue;
        }
        let has = |wanted: &str| {
            page.doc.facts.headings.iter().any(|heading| heading.text.trim().eq_ignore_ascii_case(wanted))
        };
        let missing =
            |set: &[&'static str]| set.iter().copied().filter(|wanted| !has(wanted)).collect::<Vec<_>>();
        // Held against the set that the page comes nearest to.
        let Some(nearest) = kind.headings.iter().map(|set| missing(set)).min_by_key(Vec::len) else {
            continue;
        };
        let place =
            page.doc.facts.headings.first().map_or_else(|| page.place(), |heading| heading.place.clone());
        let verdict = if nearest.is_empty() {
            Verdict::Proven(format!("the kind {}", kind.name).into())
        } else {
            let quoted: Vec<String> = nearest.iter().map(|heading| format!("`{heading}`")).collect();
            let plural = if quoted.len() == 1 { "heading" } else { "headings" };
            let message = format!("a {} needs the {plural} {}", kind.name, quoted.join(", "));
            let help = format!(
                "readers look for the same headings each time; `oathbook new {}` writes a page with all of them",
                kind.name
            );
            findings.push(findings.found(&place, nearest.join(","), message).help(help));
            Verdict::Contradicted(CHECK.code)
        };
        findings.claim((id, page), ClaimKind::Structure, &place, "headings", verdict);
    }
}
