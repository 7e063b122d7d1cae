//! Addresses that are no links.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::StyleKind;
use crate::model::Mode;

pub(super) static CHECK: Check = Check {
    code: code::BARE_URL,
    group: Group::Pedantic,
    severity: None,
    title: "an address stands in the text and is no link",
    doc: include_str!("bare-url.md"),
    fix: Some("yes"),
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    // Forges make links of addresses by themselves.
    if cx.site().mode == Mode::Forge {
        return;
    }
    for (_, page) in cx.pages() {
        for fact in page.doc.facts.style.iter().filter(|fact| fact.kind == StyleKind::BareUrl) {
            let (address, place) = (&fact.text, &fact.place);
            let found = findings.found(place, address.as_str(), format!("`{address}` cannot be clicked"));
            let found = found.help("put it in angle brackets, or give it a text: `[text](address)`");
            findings.push(found.fix("put it in angle brackets", place.clone(), format!("<{address}>")));
        }
    }
}
