//! Pages that this change deletes or moves without a redirect.

use super::{Check, Findings, Subject};
use crate::diag::{Group, Place};
use crate::model::Mode;

pub(super) static CHECK: Check = Check {
    code: "moved-page",
    group: Group::Broken,
    severity: None,
    title: "the change takes a page from its address and leaves no redirect",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let site = subject.site;
    if site.mode != Mode::Book {
        return;
    }
    for (lost, now) in subject.change.map(|change| change.lost_pages.as_slice()).unwrap_or_default() {
        let Some(path) = lost.below(site.src()).filter(|path| path.file_name() != "SUMMARY.md") else {
            continue;
        };
        let url = site.address_of(&path, subject.config);
        if site.page_by_url(&url).is_some() || site.redirect_for(&url).is_some() {
            continue;
        }
        let place = Place::whole(lost.clone());
        let moved = now.as_ref().and_then(|now| now.below(site.src()));
        let message = match &moved {
            Some(_) => format!(
                "this change moves the page at `/{url}`, and whoever follows an old link finds nothing"
            ),
            None => format!(
                "this change removes the page at `/{url}`, and whoever follows an old link finds nothing"
            ),
        };
        let to = moved.map_or_else(
            || "…".to_owned(),
            |path| crate::model::relative(&url, &site.address_of(&path, subject.config)),
        );
        let help = format!(
            "add `\"/{url}\" = \"{to}\"` to [output.html.redirect]; `oathbook mv` does it with the move"
        );
        findings.push(findings.found(&place, url, message).help(help));
    }
}
