//! Pages whose code does its work in another way than when they were read.

use crate::diag::{ClaimKind, Group, Severity, Verdict, code};
use crate::evidence::bindings::Bindings;
use crate::evidence::bindings::State;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::BINDING_BODY,
    group: Group::Suspect,
    severity: Some(Severity::Note),
    title: "the code that a page is bound to works otherwise since somebody read the page",
    doc: include_str!("binding-body.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for binding in &cx.of::<Bindings>().list {
        let (State::Body(_), Some(page)) = (&binding.state, cx.site().pages.get(binding.page)) else {
            continue;
        };
        let about = format!("{} -> {}", binding.key, binding.target);
        let message =
            format!("`{}` looks the same and works otherwise since this was read last", binding.target);
        let help = format!("`oathbook review {}` shows the change", page.source);
        findings.push(findings.found(&binding.place, about.clone(), message).help(help));
        let verdict =
            Verdict::NotJudged("the code does its work in another way since somebody read the page");
        findings.claim((binding.page, page), ClaimKind::Binding, &binding.place, &about, verdict);
    }
}
