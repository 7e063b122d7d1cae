//! File names that some system cannot have.

use crate::diag::{Group, Place, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::StructureFlaw;

pub(super) static CHECK: Check = Check {
    code: code::RESERVED_NAME,
    group: Group::Suspect,
    severity: None,
    title: "a file's name cannot exist on every system",
    doc: include_str!("reserved-name.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for flaw in &cx.site().flaws {
        if let StructureFlaw::ReservedName(path, why) = flaw {
            let found = findings.found(
                &Place::whole(path.clone()),
                path.as_str(),
                format!("`{path}` cannot be checked out everywhere: {why}"),
            );
            findings.push(found.help("rename it, and add a redirect if it was published"));
        }
    }
}
