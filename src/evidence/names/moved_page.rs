//! Pages that this change deletes or moves without a redirect.

use crate::diag::{Group, Place, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::names::Names;
use crate::model::Mode;

pub(super) static CHECK: Check = Check {
    code: code::MOVED_PAGE,
    group: Group::Broken,
    severity: None,
    title: "the change takes a page from its address and leaves no redirect",
    doc: include_str!("moved-page.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let site = cx.site();
    if site.mode != Mode::Book {
        return;
    }
    for (lost, now) in
        cx.of::<Names>().change.as_ref().map(|change| change.lost_pages.as_slice()).unwrap_or_default()
    {
        let Some(path) = lost.below(site.src()).filter(|path| path.file_name() != "SUMMARY.md") else {
            continue;
        };
        let url = site.address_of(&path, cx.config);
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
            |path| crate::model::relative(&url, &site.address_of(&path, cx.config)),
        );
        let help = format!(
            "add `\"/{url}\" = \"{to}\"` to [output.html.redirect]; `oathbook mv` does it with the move"
        );
        findings.push(findings.found(&place, url, message).help(help));
    }
}
