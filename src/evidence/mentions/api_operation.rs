//! Operations that pages mention and that no API document has.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::mentions::Mentions;

pub(super) static CHECK: Check = Check {
    code: code::API_OPERATION,
    group: Group::Suspect,
    severity: None,
    title: "a page mentions an operation that no API document has",
    doc: include_str!("api-operation.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for mention in &cx.of::<Mentions>().list {
        let Some(page) = cx.site().pages.get(mention.page) else { continue };
        let verdict = match &mention.found {
            Ok(document) => Verdict::Proven(document.as_str().into()),
            Err(help) => {
                let message = format!("no API document has `{}`", mention.subject);
                let found = findings.found(&mention.place, mention.subject.clone(), message);
                findings.push(found.help(help.clone()));
                Verdict::Contradicted(CHECK.code)
            }
        };
        findings.claim((mention.page, page), ClaimKind::Api, &mention.place, &mention.subject, verdict);
    }
}
