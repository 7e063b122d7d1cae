//! Facts that ask for what is not there.

use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::facts::Facts;
use crate::evidence::facts::Outcome;

pub(super) static CHECK: Check = Check {
    code: code::FACT_SOURCE,
    group: Group::Broken,
    severity: None,
    title: "a fact asks for something that the repository does not say",
    doc: include_str!("fact-source.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for fact in &cx.of::<Facts>().list {
        let (Outcome::Unclear(no_answer), Some(page)) = (&fact.outcome, cx.site().pages.get(fact.page))
        else {
            continue;
        };
        let found = findings
            .found(&fact.place, fact.name.clone(), no_answer.message.clone())
            .help(no_answer.help.clone());
        findings.push(found);
        findings.claim(
            (fact.page, page),
            ClaimKind::Fact,
            &fact.place,
            &fact.name,
            Verdict::Contradicted(CHECK.code),
        );
    }
    for lonely in &cx.of::<Facts>().unpaired {
        let message = if lonely.end { "no fact begins before this `/fact`" } else { "this fact has no end" };
        let help = if lonely.end { "remove it" } else { "write `<!-- /fact -->` behind the value" };
        findings.push(findings.found(&lonely.place, "unpaired", message).help(help));
    }
}
