//! Two sources for one address.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::StructureFlaw;

pub(super) static CHECK: Check = Check {
    code: code::COLLISION,
    group: Group::Broken,
    severity: None,
    title: "two files want the same place on the site",
    doc: include_str!("collision.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for flaw in &cx.site().flaws {
        if let StructureFlaw::TakesMadePage(url, place) = flaw {
            let found = findings.found(
                place,
                url.clone(),
                format!("`{}` takes the place of `{url}`, which oathbook makes itself", place.file),
            );
            findings.push(found.help("rename the page; its own file wins, and readers lose the other"));
        }
        if let StructureFlaw::Collision(url, place, other) = flaw {
            let found = findings.found(
                place,
                url.clone(),
                format!("`{}` and `{}` both become `{url}`", place.file, other.file),
            );
            let help = "only one of them is written; names that differ in case alone are one file on Windows and macOS: rename one";
            findings.push(found.help(help).related(other.clone(), "the other one"));
        }
    }
}
