//! Pages that cannot be read.

use crate::diag::{Group, Place, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::StructureFlaw;

pub(super) static CHECK: Check = Check {
    code: code::UNREADABLE_PAGE,
    group: Group::Broken,
    severity: None,
    title: "a page cannot be read",
    doc: include_str!("unreadable-page.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for flaw in &cx.site().flaws {
        if let StructureFlaw::Unreadable(path, why) = flaw {
            let found = findings.found(
                &Place::whole(path.clone()),
                path.as_str(),
                format!("`{path}` cannot be read: {why}"),
            );
            findings.push(found.help("it is left out of the site; save it as UTF-8"));
        }
    }
}
