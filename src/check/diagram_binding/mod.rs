//! Bindings of elements to what is gone.

use super::{Check, Findings, Subject};
use crate::diag::{ClaimKind, Group, Verdict};
use crate::record::diagrams::Standing;

pub(super) static CHECK: Check = Check {
    code: "diagram-binding",
    group: Group::Broken,
    severity: None,
    title: "an element of a diagram stands for what is not there",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for source in &subject.diagrams.sources {
        let page = source.page.and_then(|id| Some((id, subject.site.pages.get(id)?)));
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
