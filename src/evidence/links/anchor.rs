//! Fragments without an element.

use crate::diag::{ClaimKind, Diagnostic, Group, Nearest, Place, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::Link;
use crate::model::{Mode, Page, PageId, Target};
use std::collections::HashMap;

pub(super) static CHECK: Check = Check {
    code: code::ANCHOR,
    group: Group::Broken,
    severity: None,
    title: "a link's `#fragment` names nothing on the page it leads to",
    doc: include_str!("anchor.md"),
    fix: Some("where it is sure"),
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let mut known: HashMap<PageId, Ids<'_>> = HashMap::new();
    for (id, page) in cx.pages() {
        for (link, target) in page.doc.facts.links.iter().zip(&page.targets) {
            let Target::Page { page: to, fragment: Some(fragment), found } = target else { continue };
            let there = &cx.site().pages[*to];
            let verdict = if *found {
                Verdict::Proven(format!("an id of {}", there.source).into())
            } else {
                let ids = known.entry(*to).or_insert_with(|| Ids::of(there));
                if let Some(reason) = unknowable(cx, (page, link), ids, fragment, &findings.near) {
                    Verdict::NotJudged(reason)
                } else {
                    findings.push(diagnose(findings, page, ids, link, fragment));
                    Verdict::Contradicted(CHECK.code)
                }
            };
            findings.claim((id, page), ClaimKind::Anchor, &link.place, &link.target, verdict);
        }
    }
}

/// A page that a fragment is not found on, taken apart once for all such fragments.
struct Ids<'p> {
    page: &'p Page,
    /// By what is left of them without case and separators.
    folded: HashMap<String, Vec<&'p str>>,
    /// The first heading that can be linked to.
    heading: Option<&'p Place>,
}

impl<'p> Ids<'p> {
    fn of(page: &'p Page) -> Self {
        let mut ids: HashMap<String, Vec<&str>> = HashMap::new();
        for id in page.ids() {
            ids.entry(folded(id)).or_default().push(id);
        }
        let heading = page.doc.facts.headings.iter().find(|heading| !heading.id.is_empty());
        Self { page, folded: ids, heading: heading.map(|heading| &heading.place) }
    }

    /// The ids alike but for case and separators.
    fn alike(&self, fragment: &str) -> &[&'p str] {
        self.folded.get(&folded(fragment)).map_or(&[], Vec::as_slice)
    }

    /// The id that may be meant: the only one alike, else the nearest.
    fn nearest(&self, fragment: &str, near: &Nearest) -> Option<String> {
        match self.alike(fragment) {
            [only] => Some((*only).to_owned()),
            _ => near.find(self.page.source.as_str(), fragment, self.page.ids()),
        }
    }
}

/// Why nobody here can say whether the fragment is there.
fn unknowable(
    cx: &Context<'_>,
    (page, link): (&Page, &Link),
    ids: &Ids<'_>,
    fragment: &str,
    near: &Nearest,
) -> Option<&'static str> {
    if fragment.contains("{{")
        || fragment.starts_with('L') && fragment[1..].starts_with(|c: char| c.is_ascii_digit())
    {
        return Some("no id of a page");
    }
    if fragment.contains('=') || fragment.starts_with('/') || fragment.starts_with('!') {
        return Some("a script of the page reads it");
    }
    if cx.site().mode == Mode::Forge && cx.site().is_generated(ids.page) {
        return Some("another generator gives the ids of this page");
    }
    // `spec` of the Rust reference makes ids like `r-items.fn`: nothing that a heading could ever have had.
    let made = || ids.nearest(fragment, near).is_none_or(|near| near.len() <= 3);
    if cx.config.has_unknown_preprocessors() && made() {
        return Some("a preprocessor that is not run may make the id");
    }
    if link.raw && page.doc.facts.all_contributors && fragment.contains('-') {
        return Some("a mark of the all-contributors bot");
    }
    None
}

fn folded(id: &str) -> String {
    id.to_lowercase().replace(['_', '-', '.', ':'], "")
}

fn diagnose(findings: &Findings, page: &Page, ids: &Ids<'_>, link: &Link, fragment: &str) -> Diagnostic {
    let place = link.target_place.as_ref().unwrap_or(&link.place);
    let there = &ids.page.source;
    let where_ = if *there == page.source { "this page".to_owned() } else { format!("`{there}`") };
    let message = format!("nothing on {where_} has the id `{fragment}`");
    let diagnostic = findings.found(place, link.target.clone(), message);
    let Some(near) = ids.nearest(fragment, &findings.near) else {
        return match ids.heading {
            Some(heading) => diagnostic
                .help("a heading was renamed or removed: link to one that is there")
                .related(heading.clone(), "the page's headings begin here"),
            None => diagnostic.help("the page has no ids: remove the fragment"),
        };
    };
    let diagnostic = diagnostic.help(format!("did you mean `#{near}`?"));
    match (&link.target_place, ids.alike(fragment)) {
        (Some(place), [only]) if place.file == page.source => {
            let path = link.target.split('#').next().unwrap_or("");
            diagnostic.fix(format!("link to `#{only}`"), place.clone(), format!("{path}#{only}"))
        }
        _ => diagnostic,
    }
}
