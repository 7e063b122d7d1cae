//! Links to files that are not there.

use crate::base::RelPath;
use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::markdown::LinkKind;
use crate::model::{Missing, Target};

pub(super) static CHECK: Check = Check {
    code: code::FILE_LINK,
    group: Group::Broken,
    severity: None,
    title: "a link leads to a file that does not exist",
    doc: include_str!("file-link.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for (id, page) in cx.pages() {
        for (link, target) in page.doc.facts.links.iter().zip(&page.targets) {
            if link.kind == LinkKind::Image {
                continue;
            }
            let verdict = match target {
                Target::File(path) | Target::InRepository(path) => Verdict::Proven(path.as_str().into()),
                Target::Missing(missing) if cx.site().hides(missing) => continue,
                Target::Missing(Missing::File(path)) => {
                    let place = link.target_place.as_ref().unwrap_or(&link.place);
                    let near =
                        findings.near.find("", path.as_str(), cx.site().files.iter().map(RelPath::as_str));
                    let help = near.map_or_else(
                        || {
                            "add the file, correct the path (it is relative to this page), or remove the link"
                                .to_owned()
                        },
                        |near| format!("did you mean `{near}`?"),
                    );
                    findings.push(
                        findings
                            .found(place, link.target.clone(), format!("there is no file `{path}`"))
                            .help(help),
                    );
                    Verdict::Contradicted(CHECK.code)
                }
                _ => continue,
            };
            findings.claim((id, page), ClaimKind::Link, &link.place, &link.target, verdict);
        }
    }
}
