//! Redirects that lead nowhere or in circles.

use crate::base::RelPath;
use crate::diag::{Diagnostic, Group, Place, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::model::{Redirect, Site};
use std::collections::HashMap;

pub(super) static CHECK: Check = Check {
    code: code::REDIRECT,
    group: Group::Broken,
    severity: None,
    title: "a redirect loops, leads nowhere, or hides a page",
    doc: include_str!("redirect.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut ends = Ends { site: cx.site(), known: HashMap::new() };
    for redirect in &cx.site().redirects {
        if let Some((message, help)) = wrong(&mut ends, redirect) {
            let place = redirect.place.clone().unwrap_or_else(|| Place::whole(RelPath::root()));
            let found: Diagnostic = findings.found(&place, redirect.from.clone(), message);
            findings.push(found.help(help));
        }
    }
}

fn wrong(ends: &mut Ends<'_>, redirect: &Redirect) -> Option<(String, &'static str)> {
    let site = ends.site;
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
    match ends.of(redirect) {
        End::Fine => None,
        End::NoId(next, fragment) => {
            Some((format!("`{next}` has no id `{fragment}`"), "correct the fragment, or leave it out"))
        }
        End::Nowhere(next) => Some((
            format!("the redirect of `{from}` leads to `{next}`, which does not exist"),
            "the target is relative to the old address, as a link on it would be",
        )),
        End::Circle => Some((
            format!("the redirect of `{from}` runs in a circle"),
            "readers' browsers give up: let one of the redirects lead to a page",
        )),
    }
}

/// Where a redirect ends, however many others it passes.
#[derive(Clone, Debug)]
enum End {
    /// On a page, or somewhere that is not known here.
    Fine,
    /// On a page that has no such id.
    NoId(String, String),
    /// On nothing.
    Nowhere(String),
    /// Where it began.
    Circle,
}

/// Ends by the old address: a chain is walked once, whoever enters it where.
struct Ends<'s> {
    site: &'s Site,
    known: HashMap<String, End>,
}

impl Ends<'_> {
    /// Goes where a reader would be sent.
    fn of(&mut self, redirect: &Redirect) -> End {
        let mut passed: Vec<String> = Vec::new();
        let mut at = redirect.from.clone();
        let mut to = redirect.to.as_str();
        let end = loop {
            match self.step(&at, to) {
                Ok(next) => {
                    if let Some(end) = self.known.get(&next) {
                        break end.clone();
                    }
                    let Some(further) = self.site.redirect_for(&next) else { break End::Nowhere(next) };
                    to = &further.to;
                    // Until its end is known, whoever comes back here runs in a circle.
                    self.known.insert(next.clone(), End::Circle);
                    passed.push(next.clone());
                    at = next;
                }
                Err(end) => break end,
            }
        };
        for address in passed {
            self.known.insert(address, end.clone());
        }
        end
    }

    /// The address that the target of a redirect at another means; an end if there is something there.
    fn step(&self, at: &str, to: &str) -> Result<String, End> {
        let site = self.site;
        if to.contains("://") || to.starts_with("//") || to.starts_with('/') {
            return Err(End::Fine);
        }
        let path = to.split(['#', '?']).next().unwrap_or("");
        let fragment =
            to.split_once('#').map(|(_, fragment)| fragment).filter(|fragment| !fragment.is_empty());
        let folder = RelPath::parse(at).map_or_else(|_| RelPath::root(), |path| path.parent());
        let next = if path.is_empty() { RelPath::parse(at) } else { folder.join(path) };
        // Above the site's root is somebody else's.
        let next = next.map_err(|_| End::Fine)?;
        let index = if next.is_root() { "index.html".to_owned() } else { format!("{next}/index.html") };
        let page = site.page_by_url(next.as_str()).or_else(|| site.page_by_url(&index));
        if let Some(page) = page {
            let page = &site.pages[page];
            let has = |fragment: &str| {
                fragment == "top" || site.moves_fragment(&page.url, fragment) || page.has_id(fragment)
            };
            let missing = fragment.filter(|fragment| !has(fragment));
            return Err(missing
                .map_or(End::Fine, |fragment| End::NoId(next.as_str().to_owned(), fragment.to_owned())));
        }
        if site.files.contains(&next) || site.is_made(next.as_str()) || site.is_made(&index) {
            return Err(End::Fine);
        }
        Ok(next.as_str().to_owned())
    }
}
