//! Links to pages that are not there.

use crate::base::RelPath;
use crate::diag::{ClaimKind, Diagnostic, Group, Verdict, code};
use crate::evidence::api::Apis;
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::external::Address;
use crate::markdown::{Link, LinkKind};
use crate::model::{Missing, Mode, Page, Target, is_readme, relative};

pub(super) static CHECK: Check = Check {
    code: code::PAGE_LINK,
    group: Group::Broken,
    severity: None,
    title: "a link leads to a page that does not exist",
    doc: include_str!("page-link.md"),
    fix: Some("where it is sure"),
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (id, page) in cx.pages() {
        for (link, target) in page.doc.facts.links.iter().zip(&page.targets) {
            if link.kind == LinkKind::Image {
                continue;
            }
            let (kind, verdict) = match target {
                Target::Page { page: to, .. } if link.target.starts_with('#') && *to == id => continue,
                Target::Page { page: to, .. } => (ClaimKind::Link, proven(cx, *to)),
                Target::Redirected(url) => {
                    (ClaimKind::Link, Verdict::Proven(format!("a redirect from {url}").into()))
                }
                Target::Made(url) => (ClaimKind::Link, Verdict::Proven(url.as_str().into())),
                Target::External if link.target.starts_with("api:") && !&cx.of::<Apis>().list.is_empty() => {
                    continue;
                }
                // `external-link` judges those that have a host.
                Target::External if Address::parse(&link.target).is_some() => continue,
                Target::External => (ClaimKind::External, Verdict::NotJudged("outside of the site")),
                Target::NotJudged(reason) => (ClaimKind::Link, Verdict::NotJudged(reason)),
                // `internal-page` tells it.
                Target::Missing(missing) if cx.site().hides(missing) => continue,
                Target::Missing(
                    missing @ (Missing::Page(_)
                    | Missing::Unlisted(_)
                    | Missing::NotPublished(_)
                    | Missing::Leaves),
                ) => {
                    findings.push(diagnose(cx, findings, page, link, missing));
                    (ClaimKind::Link, Verdict::Contradicted(CHECK.code))
                }
                Target::Missing(_) | Target::File(_) | Target::InRepository(_) => continue,
            };
            findings.claim((id, page), kind, &link.place, &link.target, verdict);
        }
    }
}

fn proven(cx: &Context<'_>, page: usize) -> Verdict {
    Verdict::Proven(cx.site().pages[page].source.shared())
}

fn diagnose(
    cx: &Context<'_>,
    findings: &Findings,
    page: &Page,
    link: &Link,
    missing: &Missing,
) -> Diagnostic {
    let place = link.target_place.as_ref().unwrap_or(&link.place);
    let found = |message: String| findings.found(place, link.target.clone(), message);
    match missing {
        Missing::Unlisted(file) => found(format!("`{}` is not part of the book", link.target))
            .help(format!("{file} exists, but SUMMARY.md does not list it, so no page is made of it: list it, or link elsewhere")),
        Missing::NotPublished(file) => found(format!("`{}` is not on the site", link.target))
            .help(format!("{file} exists in the repository, outside of the source folder: link to where it is published, or include it")),
        Missing::Leaves => found(format!("`{}` leads out of the repository", link.target)).help("readers cannot follow it: link to where the page is published"),
        Missing::Page(wanted) => {
            let diagnostic = found(format!("there is no page `{wanted}`"));
            suggest((cx, findings), page, link, wanted, diagnostic)
        }
        Missing::File(_) | Missing::Extension(_) => found("the link leads nowhere".into()),
    }
}

/// One page of the same file name is a sure mend; a near name a suggestion.
fn suggest(
    (cx, findings): (&Context<'_>, &Findings),
    page: &Page,
    link: &Link,
    wanted: &RelPath,
    diagnostic: Diagnostic,
) -> Diagnostic {
    let below = wanted.below(cx.site().src()).and_then(|below| cx.site().page_at(&below));
    if let Some(other) = below.map(|id| &cx.site().pages[id]).filter(|_| cx.site().mode == Mode::Book) {
        let path = relative(page.source.as_str(), other.source.as_str());
        let mut diagnostic =
            diagnostic.help(format!("on the site there is no source folder: link to `{path}`"));
        diagnostic.message = format!("`{}` leads out of the site", link.target);
        return diagnostic;
    }
    let source_name =
        if wanted.extension() == Some("html") { wanted.with_extension("md") } else { wanted.clone() };
    let telling = !is_readme(&source_name) && source_name.stem() != "index";
    let same = if telling { cx.site().pages_named(source_name.file_name()) } else { &[] };
    if let [only] = same {
        let only = &cx.site().pages[*only];
        let path = relative(page.source.as_str(), only.source.as_str());
        let path = if wanted.extension() == Some("html") && cx.site().mode == Mode::Book {
            relative(&page.url, &only.url)
        } else {
            path
        };
        let rest = link.target.find(['#', '?']).map_or("", |at| &link.target[at..]);
        let new = format!("{path}{rest}");
        let diagnostic = diagnostic.help(format!("did you mean `{new}`?"));
        return match &link.target_place {
            Some(place) if place.file == page.source => {
                diagnostic.fix(format!("link to `{new}`"), place.clone(), new)
            }
            _ => diagnostic,
        };
    }
    let near = findings.near.find(
        "",
        source_name.as_str(),
        cx.site().pages.iter().map(|other| other.source.as_str()),
    );
    match near {
        Some(near) => diagnostic.help(format!("did you mean `{}`?", relative(page.source.as_str(), &near))),
        None => diagnostic
            .help("write the page, correct the path (it is relative to this page), or remove the link"),
    }
}
