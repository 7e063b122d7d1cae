//! Bindings of elements to what is gone.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;
use crate::evidence::diagrams::Standing;

pub(super) static CHECK: Check = Check {
    code: code::DIAGRAM_BINDING,
    group: Group::Broken,
    severity: None,
    title: "an element of a diagram stands for what is not there",
    doc: include_str!("diagram-binding.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for source in &cx.of::<Diagrams>().sources {
        let page = source.page.and_then(|id| Some((id, cx.site().pages.get(id)?)));
        for element in &source.elements {
            for (binding, standing) in &element.bindings {
                let name = format!("{} {} {}", element.name, binding.key, binding.value);
                let verdict = match standing {
                    Standing::There(proof) => Verdict::Proven(proof.as_str().into()),
                    Standing::NotJudged(why) => Verdict::NotJudged(why),
                    Standing::Gone(message, help) => {
                        let diagnostic = findings.found(&binding.place, name.clone(), message.clone());
                        let about = format!("`{}` is bound to it", element.name);
                        findings.push(diagnostic.related(element.place.clone(), about).help(help.clone()));
                        Verdict::Contradicted(CHECK.code)
                    }
                };
                if let Some(page) = page {
                    findings.claim(page, ClaimKind::Diagram, &binding.place, &name, verdict);
                }
            }
        }
    }
}
