//! Public pages that lead to, or quote, what only the team sees.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::Target;

pub(super) static CHECK: Check = Check {
    code: code::INTERNAL_PAGE,
    group: Group::Broken,
    severity: None,
    title: "a public page leads to an internal one",
    doc: include_str!("internal-page.md"),
    fix: None,
    seen_in: None,
    run,
};

const HELP: &str = "on the public site it does not exist: remove the link, make this page internal, or make the other one public";

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let site = cx.site();
    if site.internal.is_empty() {
        return;
    }
    for (id, page) in cx.pages().filter(|(_, page)| !site.is_internal(page)) {
        for (link, target) in page.doc.facts.links.iter().zip(&page.targets) {
            let to = match target {
                Target::Page { page: to, .. } => Some(site.pages[*to].source.clone()),
                Target::File(below) => site.src().join(below.as_str()).ok(),
                Target::Missing(missing) => missing.file().cloned(),
                _ => None,
            };
            let Some(to) = to.filter(|to| site.internal.contains(to)) else { continue };
            let place = link.target_place.as_ref().unwrap_or(&link.place);
            findings
                .push(findings.found(place, link.target.clone(), format!("`{to}` is internal")).help(HELP));
            if matches!(target, Target::Missing(_)) {
                findings.claim(
                    (id, page),
                    ClaimKind::Link,
                    &link.place,
                    &link.target,
                    Verdict::Contradicted(CHECK.code),
                );
            }
        }
        for include in
            page.doc.facts.includes.iter().filter(|include| site.internal.contains(&include.target))
        {
            let message = format!("the page quotes `{}`, which is internal", include.target);
            findings.push(findings.found(&include.place, include.target.as_str(), message).help(HELP));
        }
    }
}
