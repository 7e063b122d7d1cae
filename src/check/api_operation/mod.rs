//! Operations that pages mention and that no API document has.

use super::{Check, Findings, Subject};
use crate::diag::{ClaimKind, Group, Verdict};

pub(super) static CHECK: Check = Check {
    code: "api-operation",
    group: Group::Suspect,
    severity: None,
    title: "a page mentions an operation that no API document has",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for mention in &subject.held.api_mentions {
        let Some(page) = subject.site.pages.get(mention.page) else { continue };
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
