//! Values that a page states and the code does not.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::facts::Facts;
use crate::evidence::facts::Outcome;

pub(super) static CHECK: Check = Check {
    code: code::FACT,
    group: Group::Broken,
    severity: None,
    title: "a page states a value that is not the code's",
    doc: include_str!("fact.md"),
    fix: Some("yes"),
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for fact in &cx.of::<Facts>().list {
        let Some(page) = cx.site().pages.get(fact.page) else { continue };
        let verdict = match &fact.outcome {
            Outcome::Holds(by) => Verdict::Proven(by.as_str().into()),
            Outcome::Differs { said, answer, now } => {
                let message = if answer.language.is_some() {
                    format!("this is not what `{}` holds", answer.by)
                } else if said.is_empty() {
                    format!("the fact is empty; {} says {}", answer.by, code(&answer.text))
                } else {
                    format!(
                        "the page says {}, and {} says {}",
                        code(&shown(said)),
                        answer.by,
                        code(&answer.text)
                    )
                };
                let found = findings
                    .found(&fact.value, fact.name.clone(), message)
                    .help("`oathbook update` or `check --fix` writes it; look at the words around it")
                    .fix("write what the code says", fact.value.clone(), now.clone());
                findings.push(found);
                Verdict::Contradicted(CHECK.code)
            }
            // Other checks judge these.
            Outcome::Captured(_) | Outcome::Unclear(_) => continue,
        };
        findings.claim((fact.page, page), ClaimKind::Fact, &fact.place, &fact.name, verdict);
    }
}

/// In backticks, unless it has some of its own.
fn code(text: &str) -> String {
    if text.contains('`') { text.to_owned() } else { format!("`{text}`") }
}

/// The beginning of a text, on one line.
fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    let short: String = line.chars().take(60).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}
