//! Views that no page shows.

use crate::diag::{ClaimKind, Group, Severity, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;
use crate::evidence::diagrams::Spot;

pub(super) static CHECK: Check = Check {
    code: code::DIAGRAM_VIEW,
    group: Group::Suspect,
    severity: Some(Severity::Note),
    title: "no page shows a view of a diagram",
    doc: include_str!("diagram-view.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for wish in &cx.of::<Diagrams>().unknown {
        let link = &cx.site().pages[wish.page].doc.facts.links[wish.link];
        let place = link.target_place.as_ref().unwrap_or(&link.place);
        let message = match wish.key.as_str() {
            "" => format!("`{}` is no diagram that could be shown", wish.file),
            key => format!("`{}` has no view `{key}`", wish.file),
        };
        let help = wish.near.as_ref().map_or_else(
            || "correct the path, or name a view behind a `#`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        let mut diagnostic = findings.found(place, link.target.clone(), message).help(help);
        diagnostic.severity = Severity::Error;
        findings.push(diagnostic);
        let page = (wish.page, &cx.site().pages[wish.page]);
        findings.claim(page, ClaimKind::Image, &link.place, &link.target, Verdict::Contradicted(CHECK.code));
    }
    for (id, drawings) in &cx.of::<Diagrams>().drawings {
        let page = &cx.site().pages[*id];
        for drawing in drawings {
            let Spot::Image(index) = drawing.spot else { continue };
            let link = &page.doc.facts.links[index];
            let verdict = Verdict::Proven(drawing.file.as_str().into());
            findings.claim((*id, page), ClaimKind::Image, &link.place, &link.target, verdict);
        }
    }
    for source in &cx.of::<Diagrams>().sources {
        for view in source.views.iter().filter(|view| !view.shown) {
            let (message, address) = if view.key.is_empty() {
                (format!("no page shows the diagram `{}`", source.file), source.file.to_string())
            } else {
                (format!("no page shows the view `{}`", view.key), format!("{}#{}", source.file, view.key))
            };
            let help = format!(
                "show it as an image whose address is `{address}`, as seen from the page; or remove it"
            );
            let diagnostic = findings.found(&view.place, format!("{} {}", source.file, view.key), message);
            findings.push(diagnostic.help(help));
        }
    }
}
