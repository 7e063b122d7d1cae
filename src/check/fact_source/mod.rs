//! Facts that ask for what is not there.

use super::{Check, Findings, Subject};
use crate::diag::{ClaimKind, Group, Verdict};
use crate::record::facts::Outcome;

pub(super) static CHECK: Check = Check {
    code: "fact-source",
    group: Group::Broken,
    severity: None,
    title: "a fact asks for something that the repository does not say",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for fact in &subject.held.facts.list {
        let (Outcome::Unclear(trouble), Some(page)) = (&fact.outcome, subject.site.pages.get(fact.page))
        else {
            continue;
        };
        let found = findings
            .found(&fact.place, fact.name.clone(), trouble.message.clone())
            .help(trouble.help.clone());
        findings.push(found);
        findings.claim(
            (fact.page, page),
            ClaimKind::Fact,
            &fact.place,
            &fact.name,
            Verdict::Contradicted(CHECK.code),
        );
    }
    for lonely in &subject.held.facts.unpaired {
        let message = if lonely.end { "no fact begins before this `/fact`" } else { "this fact has no end" };
        let help = if lonely.end { "remove it" } else { "write `<!-- /fact -->` behind the value" };
        findings.push(findings.found(&lonely.place, "unpaired", message).help(help));
    }
}
