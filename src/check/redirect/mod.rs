//! Redirects that lead nowhere or in circles.

use super::{Check, Findings, Subject};
use crate::base::RelPath;
use crate::diag::{Diagnostic, Group, Place};
use crate::model::{Redirect, Site};

pub(super) static CHECK: Check = Check {
    code: "redirect",
    group: Group::Broken,
    severity: None,
    title: "a redirect loops, leads nowhere, or hides a page",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for redirect in &subject.site.redirects {
        if let Some((message, help)) = wrong(subject.site, redirect) {
            let place = redirect.place.clone().unwrap_or_else(|| Place::whole(RelPath::root()));
            let found: Diagnostic = findings.found(&place, redirect.from.clone(), message);
            findings.push(found.help(help));
        }
    }
}

fn wrong(site: &Site, redirect: &Redirect) -> Option<(String, &'static str)> {
    let from = &redirect.from;
    if RelPath::parse(from).is_err() || from.is_empty() {
        return Some((
            format!("`{from}` is no address of the site"),
            "write it from the site's root, as in `/old.html`",
        ));
    }
    let is_page = site.page_by_url(from).is_some();
    if redirect.fragment.is_none() && is_page {
        return Some((
            format!("`{from}` is a page, so the redirect never happens"),
            "remove the redirect, or the page",
        ));
    }
    if redirect.fragment.is_some() && !is_page && site.redirect_for(from).is_none() {
        return Some((
            format!("only sections of `{from}` are redirected, and there is no such page"),
            "add a redirect for the page itself, without a fragment",
        ));
    }
    follow(site, redirect)
}

/// Whether the page itself sends readers of that section elsewhere.
fn moved_on(site: &Site, page: crate::model::PageId, fragment: &str) -> bool {
    let from = &site.pages[page].url;
    site.redirects
        .iter()
        .any(|redirect| redirect.from == *from && redirect.fragment.as_deref() == Some(fragment))
}

/// Goes where a reader would be sent.
fn follow(site: &Site, redirect: &Redirect) -> Option<(String, &'static str)> {
    let mut at = redirect.from.clone();
    let mut to = redirect.to.clone();
    for _ in 0..=site.redirects.len() {
        if to.contains("://") || to.starts_with("//") || to.starts_with('/') {
            return None;
        }
        let path = to.split(['#', '?']).next().unwrap_or("");
        let fragment = to
            .split_once('#')
            .map(|(_, fragment)| fragment.to_owned())
            .filter(|fragment| !fragment.is_empty());
        let folder = RelPath::parse(&at).map_or_else(|_| RelPath::root(), |path| path.parent());
        let next = if path.is_empty() { RelPath::parse(&at) } else { folder.join(path) };
        // Above the site's root is somebody else's.
        let next = next.ok()?;
        let index = if next.is_root() { "index.html".to_owned() } else { format!("{next}/index.html") };
        let page = site.page_by_url(next.as_str()).or_else(|| site.page_by_url(&index));
        if let Some(page) = page {
            let missing = fragment.filter(|fragment| {
                fragment != "top" && !moved_on(site, page, fragment) && !site.pages[page].has_id(fragment)
            });
            return missing.map(|fragment| {
                (format!("`{next}` has no id `{fragment}`"), "correct the fragment, or leave it out")
            });
        }
        if site.files.contains(&next) || site.is_made(next.as_str()) || site.is_made(&index) {
            return None;
        }
        match site.redirect_for(next.as_str()) {
            Some(further) => {
                at = next.as_str().to_owned();
                to.clone_from(&further.to);
            }
            None => {
                return Some((
                    format!("the redirect of `{}` leads to `{next}`, which does not exist", redirect.from),
                    "the target is relative to the old address, as a link on it would be",
                ));
            }
        }
    }
    Some((
        format!("the redirect of `{}` runs in a circle", redirect.from),
        "readers' browsers give up: let one of the redirects lead to a page",
    ))
}
