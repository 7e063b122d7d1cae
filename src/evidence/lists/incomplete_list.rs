//! Members that this change adds to a set which a page lists.

use crate::diag::{Diagnostic, Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::names::Gap;
use crate::evidence::names::Names;

pub(super) static CHECK: Check = Check {
    code: code::INCOMPLETE_LIST,
    group: Group::Suspect,
    severity: None,
    title: "the change adds a member to a set that a page lists, and the page does not name it",
    doc: include_str!("incomplete-list.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for gap in cx.of::<Names>().change.as_ref().map(|change| change.gaps.as_slice()).unwrap_or_default() {
        let diagnostic = diagnose(findings, gap);
        findings.push(diagnostic);
    }
}

fn diagnose(findings: &Findings, gap: &Gap) -> Diagnostic {
    let Gap { member, place, list, named: (named, all) } = gap;
    let (what, name, page) = (member.name.kind.name(), &member.name.text, &list.file);
    let of = if member.name.set.is_empty() { String::new() } else { format!(" of `{}`", member.name.set) };
    let message = format!(
        "this change adds the {what} `{name}`{of}; `{page}` lists {named} of the other {all}, and not this one"
    );
    findings
        .found(place, format!("{what} {name} in {page}"), message)
        .related(list.clone(), "the list ends about here")
        .help("name it there, or accept the finding on the page if the list is a choice of a few")
}
