//! Chapters that are listed and not there.

use crate::base::RelPath;
use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::StructureFlaw;

pub(super) static CHECK: Check = Check {
    code: code::MISSING_CHAPTER,
    group: Group::Broken,
    severity: None,
    title: "SUMMARY.md lists a chapter that does not exist",
    doc: include_str!("missing-chapter.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for flaw in &cx.site().flaws {
        match flaw {
            StructureFlaw::MissingChapter(target, place) => {
                let near = findings.near.find("", target, cx.site().unlisted.iter().map(RelPath::as_str));
                let help = near.map_or_else(
                    || "write the file, or make it a draft with an empty target: `[Title]()`; mdBook would create the file in the source folder".to_owned(),
                    |near| format!("did you mean `{near}`, which is not listed?"),
                );
                findings.push(
                    findings.found(place, target.clone(), format!("there is no file `{target}`")).help(help),
                );
            }
            StructureFlaw::ForeignChapter(target, why, place) => {
                let message = format!("`{target}` cannot be a chapter: {why}");
                findings.push(
                    findings.found(place, target.clone(), message).help(
                        "list a Markdown file of the source folder, and link to the rest from its text",
                    ),
                );
            }
            _ => {}
        }
    }
}
