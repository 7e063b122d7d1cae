//! Images and media that are not there.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;
use crate::evidence::external::Address;
use crate::markdown::LinkKind;
use crate::model::{Missing, Target};

pub(super) static CHECK: Check = Check {
    code: code::IMAGE,
    group: Group::Broken,
    severity: None,
    title: "an image does not exist",
    doc: include_str!("image.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (id, page) in cx.pages() {
        for (link, target) in page.doc.facts.links.iter().zip(&page.targets) {
            // Views of diagrams are judged by `diagram-view`.
            if link.kind != LinkKind::Image || cx.of::<Diagrams>().wanted(id, link) {
                continue;
            }
            let verdict = match target {
                Target::File(path) | Target::InRepository(path) => Verdict::Proven(path.as_str().into()),
                Target::Made(_) | Target::Redirected(_) | Target::Page { .. } => {
                    let place = link.target_place.as_ref().unwrap_or(&link.place);
                    let found = findings.found(
                        place,
                        link.target.clone(),
                        format!("`{}` is a page, no image", link.target),
                    );
                    findings
                        .push(found.help("link to it with `[text](target)`, without the exclamation mark"));
                    Verdict::Contradicted(CHECK.code)
                }
                Target::External if Address::parse(&link.target).is_some() => continue,
                Target::External => Verdict::NotJudged("outside of the site"),
                Target::NotJudged(reason) => Verdict::NotJudged(reason),
                Target::Missing(missing) if cx.site().hides(missing) => continue,
                Target::Missing(missing) => {
                    let place = link.target_place.as_ref().unwrap_or(&link.place);
                    let (message, help) = match missing {
                        Missing::NotPublished(file) => (
                            format!("the image `{}` is not on the site", link.target),
                            format!("{file} lies outside of the source folder, which alone is published: move or copy it into it"),
                        ),
                        Missing::Leaves => (format!("the image `{}` lies outside of the repository", link.target), "move it into the repository".into()),
                        Missing::Page(path) | Missing::Unlisted(path) | Missing::File(path) | Missing::Extension(path) => {
                            (format!("there is no image `{path}`"), "readers see a broken picture: add the file or correct the path (it is relative to this page)".into())
                        }
                    };
                    findings.push(findings.found(place, link.target.clone(), message).help(help));
                    Verdict::Contradicted(CHECK.code)
                }
            };
            findings.claim((id, page), ClaimKind::Image, &link.place, &link.target, verdict);
        }
    }
}
