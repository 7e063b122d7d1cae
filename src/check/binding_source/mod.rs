//! Bindings to what is not there, or no longer there.

use super::{Check, Findings, Subject};
use crate::diag::{ClaimKind, Edit, Group, Verdict};
use crate::record::bindings::{State, target_in};

pub(super) static CHECK: Check = Check {
    code: "binding-source",
    group: Group::Broken,
    severity: None,
    title: "a page is bound to code that is not there",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for binding in &subject.held.bindings.list {
        let Some(page) = subject.site.pages.get(binding.page) else { continue };
        let about = format!("{} -> {}", binding.key, binding.target);
        let found = match &binding.state {
            State::Moved { to, line } => {
                let message = format!("`{}` is `{to}` now", binding.target);
                let mut found = findings.found(&binding.place, about.clone(), message).fix(
                    "follow it",
                    binding.place.clone(),
                    to.clone(),
                );
                // The line of the lock moves with it: what was seen is still seen.
                if let (Some(fix), Some(place)) =
                    (&mut found.fix, target_in(line, &binding.key, &binding.target))
                {
                    fix.edits.push(Edit { place, replacement: to.clone() });
                }
                found.help("`check --fix` follows it, in the page and in docs.lock")
            }
            State::Gone(near) => {
                let help = near.as_ref().map_or_else(
                    || "bind the page to what does its work now, or remove the binding".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                findings
                    .found(
                        &binding.place,
                        about.clone(),
                        format!("`{}` is not in the repository", binding.target),
                    )
                    .help(help)
            }
            _ => continue,
        };
        findings.push(found);
        findings.claim(
            (binding.page, page),
            ClaimKind::Binding,
            &binding.place,
            &about,
            Verdict::Contradicted(CHECK.code),
        );
    }
}
