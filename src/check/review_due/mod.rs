//! Pages that somebody has to read again.

use super::{Check, Findings, Subject};
use crate::diag::{ClaimKind, Group, Severity, Verdict};
use crate::record::owners::Due;

pub(super) static CHECK: Check = Check {
    code: "review-due",
    group: Group::Suspect,
    severity: None,
    title: "a page was to be read again by now",
    doc: include_str!("doc.md"),
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for duty in &subject.held.duties {
        let Some(page) = subject.site.pages.get(duty.page) else { continue };
        let late = match &duty.due {
            Due::Unclear(why) => {
                let help = "until it can be read, nobody is told when the page is due";
                findings.push(findings.found(&duty.place, "unclear", why.clone()).help(help));
                continue;
            }
            Due::On(date) if *date >= subject.today => None,
            Due::On(date) => Some(format!("this page was to be read again by {date}")),
            Due::Now => Some("this page was never read again since it was written".to_owned()),
        };
        let verdict = match (&late, subject.due) {
            (None, _) => Verdict::Proven(
                duty.reviewed.map_or_else(String::new, |date| format!("read on {date}")).into(),
            ),
            (Some(_), true) => Verdict::Contradicted(CHECK.code),
            (Some(_), false) => Verdict::NotJudged("`oathbook check --due` judges review dates"),
        };
        if let (Some(message), true) = (late, subject.due) {
            let who = duty
                .owner
                .as_ref()
                .map_or_else(|| "whoever knows the matter".to_owned(), |owner| format!("`{owner}`"));
            let help = format!("{who} reads it, mends what is wrong, and sets `reviewed: {}`", subject.today);
            let mut found = findings.found(&duty.place, "due", message).help(help);
            found.severity = Severity::Error;
            findings.push(found);
        }
        findings.claim((duty.page, page), ClaimKind::Review, &duty.place, "review-every", verdict);
    }
}
