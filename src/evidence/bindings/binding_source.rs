//! Bindings to what is not there, or no longer there.

use crate::diag::{ClaimKind, Diagnostic, Edit, Group, Verdict, code};
use crate::evidence::bindings::Bindings;
use crate::evidence::bindings::{Binding, State, target_in};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::BINDING_SOURCE,
    group: Group::Broken,
    severity: None,
    title: "a page is bound to code that is not there",
    doc: include_str!("binding-source.md"),
    fix: Some("where it is sure"),
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for binding in &cx.of::<Bindings>().list {
        let Some(page) = cx.site().pages.get(binding.page) else { continue };
        let about = format!("{} -> {}", binding.key, binding.target);
        let Some((found, verdict)) = diagnose(findings, binding, &about) else { continue };
        findings.push(found);
        findings.claim((binding.page, page), ClaimKind::Binding, &binding.place, &about, verdict);
    }
}

fn diagnose(findings: &Findings, binding: &Binding, about: &str) -> Option<(Diagnostic, Verdict)> {
    let Binding { place, target, .. } = binding;
    let found = |message: String| findings.found(place, about.to_owned(), message);
    let gone = Verdict::Contradicted(CHECK.code);
    match &binding.state {
        State::Moved { to, line } => {
            let message = format!("`{target}` is `{to}` now");
            let mut found = found(message).fix("follow it", place.clone(), to.clone());
            // The line of the lock moves with it: what was seen is still seen.
            if let (Some(fix), Some(place)) = (&mut found.fix, target_in(line, &binding.key, target)) {
                fix.edits.push(Edit { place, replacement: to.clone() });
            }
            Some((found.help("`check --fix` follows it, in the page and in docs.lock"), gone))
        }
        State::Gone(near) => {
            let help = near.as_ref().map_or_else(
                || "bind the page to what does its work now, or remove the binding".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Some((found(format!("`{target}` is not in the repository")).help(help), gone))
        }
        State::GaveUp => {
            let message =
                format!("gave up looking for `{target}`: the bindings of all pages ask for too much");
            let found = found(message).help("bind pages to files and items instead of globs");
            Some((found, Verdict::NotJudged("it was not looked for to the end")))
        }
        _ => None,
    }
}
