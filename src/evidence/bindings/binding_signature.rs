//! Pages that have not seen what their code looks like now.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::bindings::Bindings;
use crate::evidence::bindings::State;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::BINDING_SIGNATURE,
    group: Group::Broken,
    severity: None,
    title: "the code that a page is bound to looks otherwise since somebody read the page",
    doc: include_str!("binding-signature.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for binding in &cx.of::<Bindings>().list {
        let Some(page) = cx.site().pages.get(binding.page) else { continue };
        let subject = format!("{} -> {}", binding.key, binding.target);
        let verdict = match &binding.state {
            State::Holds => Verdict::Proven(binding.target.as_str().into()),
            State::Signature(_) => {
                let message = format!("`{}` has another signature since this was read last", binding.target);
                let help =
                    format!("`oathbook review {}` shows the change and records your answer", page.source);
                findings.push(findings.found(&binding.place, subject.clone(), message).help(help));
                Verdict::Contradicted(CHECK.code)
            }
            // Other checks judge these.
            _ => continue,
        };
        findings.claim((binding.page, page), ClaimKind::Binding, &binding.place, &subject, verdict);
    }
}
