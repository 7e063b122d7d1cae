//! Bindings that nobody has recorded, and records of nothing.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::bindings::Bindings;
use crate::evidence::bindings::State;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::BINDING_RECORD,
    group: Group::Broken,
    severity: None,
    title: "docs.lock does not hold what the pages are bound to",
    doc: include_str!("binding-record.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for binding in &cx.of::<Bindings>().list {
        let (State::Never(_), Some(page)) = (&binding.state, cx.site().pages.get(binding.page)) else {
            continue;
        };
        let about = format!("{} -> {}", binding.key, binding.target);
        let message = format!("what `{}` is was never recorded", binding.target);
        findings.push(
            findings
                .found(&binding.place, about.clone(), message)
                .help("`oathbook update` records it in docs.lock"),
        );
        findings.claim(
            (binding.page, page),
            ClaimKind::Binding,
            &binding.place,
            &about,
            Verdict::Contradicted(CHECK.code),
        );
    }
    for (page, target, place) in &cx.of::<Bindings>().unused {
        let message = format!("`{page}` is not bound to `{target}`");
        let help = "`oathbook update` removes the line; where the heading changed, review the section again";
        findings.push(findings.found(place, format!("{page} -> {target}"), message).help(help));
    }
    for (message, place) in &cx.of::<Bindings>().problems {
        let help = "after a merge keep the lines of both sides, then run `oathbook update`";
        findings.push(findings.found(place, "line", message.clone()).help(help));
    }
}
