//! Two sources for one address.

use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::StructureTrouble;

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
    for trouble in &cx.site().troubles {
        if let StructureTrouble::TakesMadePage(url, place) = trouble {
            let found = findings.found(
                place,
                url.clone(),
                format!("`{}` takes the place of `{url}`, which oathbook makes itself", place.file),
            );
            findings.push(found.help("rename the page; its own file wins, and readers lose the other"));
        }
        if let StructureTrouble::Collision(url, place, other) = trouble {
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
