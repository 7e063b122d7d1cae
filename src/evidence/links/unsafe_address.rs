//! Addresses that would run a program in the reader's browser.

use crate::base::ADDRESS_HELP;
use crate::diag::{Group, code};
use crate::evidence::api::Apis;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::{Context, Evidence as _};
use crate::evidence::settings::Settings;
use crate::markdown::FlawKind;

pub(super) static CHECK: Check = Check {
    code: code::UNSAFE_ADDRESS,
    group: Group::Broken,
    severity: None,
    title: "an address would run a script in the reader's browser",
    doc: include_str!("unsafe-address.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (_, page) in cx.pages() {
        for flaw in &page.doc.facts.flaws {
            let FlawKind::UnsafeAddress { scheme, address } = &flaw.kind else { continue };
            let message = format!("an address of `{scheme}:` stands on no page; it is left out");
            findings.push(findings.found(&flaw.place, address.clone(), message).help(ADDRESS_HELP));
        }
    }
    findings.hand_on(Settings::problems(cx));
    findings.hand_on(Apis::problems(cx));
}
