//! Addresses that would run a program in the reader's browser.

use super::{Check, Findings, Subject};
use crate::base::ADDRESS_HELP;
use crate::config::MistakeKind;
use crate::diag::Group;
use crate::markdown::TroubleKind;

pub(super) static CHECK: Check = Check {
    code: "unsafe-address",
    group: Group::Broken,
    severity: None,
    title: "an address would run a script in the reader's browser",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, page) in subject.pages() {
        for trouble in &page.doc.facts.troubles {
            let TroubleKind::UnsafeAddress { scheme, address } = &trouble.kind else { continue };
            let message = format!("an address of `{scheme}:` stands on no page; it is left out");
            findings.push(findings.found(&trouble.place, address.clone(), message).help(ADDRESS_HELP));
        }
    }
    super::configuration_key::report(subject, findings, MistakeKind::Address);
    findings.of_apis(subject);
}
