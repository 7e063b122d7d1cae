//! Addresses that are no links.

use super::{Check, Findings, Subject};
use crate::diag::Group;
use crate::markdown::StyleKind;

pub(super) static CHECK: Check = Check {
    code: "bare-url",
    group: Group::Pedantic,
    severity: None,
    title: "an address stands in the text and is no link",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for (_, page) in subject.pages() {
        for fact in page.doc.facts.style.iter().filter(|fact| fact.kind == StyleKind::BareUrl) {
            let address = fact.text.trim_end_matches(['.', ',', ';', ':', '!', '?']);
            let mut place = fact.place.clone();
            place.span.end = place.span.start + u32::try_from(address.len()).unwrap_or(0);
            let found = findings.found(&place, address, format!("`{address}` cannot be clicked"));
            let found = found.help("put it in angle brackets, or give it a text: `[text](address)`");
            findings.push(found.fix("put it in angle brackets", place, format!("<{address}>")));
        }
    }
}
