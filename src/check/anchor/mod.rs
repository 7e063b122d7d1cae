//! Fragments without an element.

use super::{Check, Findings, Subject};
use crate::diag::{ClaimKind, Diagnostic, Group, Verdict, nearest};
use crate::markdown::Link;
use crate::model::{Mode, Page, Target};

pub(super) static CHECK: Check = Check {
    code: "anchor",
    group: Group::Broken,
    severity: None,
    title: "a link's `#fragment` names nothing on the page it leads to",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for (id, page) in subject.pages() {
        for (link, target) in page.doc.facts.links.iter().zip(&page.targets) {
            let Target::Page { page: to, fragment: Some(fragment), found } = target else { continue };
            let there = &subject.site.pages[*to];
            let verdict = if *found {
                Verdict::Proven(format!("an id of {}", there.source).into())
            } else if let Some(reason) = unknowable(subject, (page, link), there, fragment) {
                Verdict::NotJudged(reason)
            } else {
                findings.push(diagnose(findings, page, there, link, fragment));
                Verdict::Contradicted(CHECK.code)
            };
            findings.claim((id, page), ClaimKind::Anchor, &link.place, &link.target, verdict);
        }
    }
}

/// Why nobody here can say whether the fragment is there.
fn unknowable(
    subject: &Subject<'_>,
    (page, link): (&Page, &Link),
    there: &Page,
    fragment: &str,
) -> Option<&'static str> {
    if fragment.contains("{{")
        || fragment.starts_with('L') && fragment[1..].starts_with(|c: char| c.is_ascii_digit())
    {
        return Some("no id of a page");
    }
    if fragment.contains('=') || fragment.starts_with('/') || fragment.starts_with('!') {
        return Some("a script of the page reads it");
    }
    if subject.site.mode == Mode::Forge && subject.site.is_generated(there) {
        return Some("another generator gives the ids of this page");
    }
    // `spec` of the Rust reference makes ids like `r-items.fn`: nothing that a heading could ever have had.
    let made = nearest_id(there, fragment).is_none_or(|near| near.len() <= 3);
    if subject.config.has_unknown_preprocessors() && made {
        return Some("a preprocessor that is not run may make the id");
    }
    if link.raw && page.doc.facts.all_contributors && fragment.contains('-') {
        return Some("a mark of the all-contributors bot");
    }
    None
}

/// The id that may be meant: the only one alike but for case and separators, else the nearest.
fn nearest_id<'p>(there: &'p Page, fragment: &str) -> Option<&'p str> {
    let wanted = folded(fragment);
    let mut alike = there.ids.iter().filter(|id| folded(id) == wanted);
    match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only.as_str()),
        _ => nearest(fragment, there.ids.iter().map(String::as_str)),
    }
}

fn folded(id: &str) -> String {
    id.to_lowercase().replace(['_', '-', '.', ':'], "")
}

fn diagnose(findings: &Findings, page: &Page, there: &Page, link: &Link, fragment: &str) -> Diagnostic {
    let place = link.target_place.as_ref().unwrap_or(&link.place);
    let where_ =
        if there.source == page.source { "this page".to_owned() } else { format!("`{}`", there.source) };
    let diagnostic =
        findings.found(place, link.target.clone(), format!("nothing on {where_} has the id `{fragment}`"));
    let alike: Vec<&String> = there.ids.iter().filter(|id| folded(id) == folded(fragment)).collect();
    let near = nearest_id(there, fragment);
    let Some(near) = near else {
        return match there.doc.facts.headings.iter().find(|heading| !heading.id.is_empty()) {
            Some(heading) => diagnostic
                .help("a heading was renamed or removed: link to one that is there")
                .related(heading.place.clone(), "the page's headings begin here"),
            None => diagnostic.help("the page has no ids: remove the fragment"),
        };
    };
    let diagnostic = diagnostic.help(format!("did you mean `#{near}`?"));
    match (&link.target_place, alike.as_slice()) {
        (Some(place), [only]) if place.file == page.source => {
            let path = link.target.split('#').next().unwrap_or("");
            diagnostic.fix(format!("link to `#{only}`"), place.clone(), format!("{path}#{only}"))
        }
        _ => diagnostic,
    }
}
