//! Pages that somebody has to read again.

use crate::diag::{ClaimKind, Group, Qualifier, Qualifiers, Severity, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::reviews::Reviews;
use crate::evidence::reviews::owners::Due;

pub(super) static CHECK: Check = Check {
    code: code::REVIEW_DUE,
    group: Group::Suspect,
    severity: None,
    title: "a page was to be read again by now",
    doc: include_str!("review-due.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for duty in &cx.of::<Reviews>().duties {
        let Some(page) = cx.site().pages.get(duty.page) else { continue };
        let late = match &duty.due {
            Due::Unclear(why) => {
                let help = "until it can be read, nobody is told when the page is due";
                let mut found = findings.found(&duty.place, "unclear", why.clone()).help(help);
                found.owner = duty.owner.as_deref().map(Into::into);
                findings.push(found);
                continue;
            }
            Due::On(date) if *date >= cx.today => None,
            Due::On(date) => Some(format!("this page was to be read again by {date}")),
            Due::Now => Some("this page was never read again since it was written".to_owned()),
        };
        let is_late = late.is_some();
        let verdict = match (&late, cx.due) {
            (None, _) => Verdict::Proven(
                duty.reviewed.map_or_else(String::new, |date| format!("read on {date}")).into(),
            ),
            (Some(_), true) => Verdict::Contradicted(CHECK.code),
            (Some(_), false) => Verdict::NotJudged("`oathbook check --due` judges review dates"),
        };
        if let (Some(message), true) = (late, cx.due) {
            let who = duty
                .owner
                .as_ref()
                .map_or_else(|| "whoever knows the matter".to_owned(), |owner| format!("`{owner}`"));
            let help = format!("{who} reads it, mends what is wrong, and sets `reviewed: {}`", cx.today);
            let mut found = findings.found(&duty.place, "due", message).help(help);
            found.severity = Severity::Error;
            found.owner = duty.owner.as_deref().map(Into::into);
            findings.push(found);
        }
        let kind = ClaimKind::Review;
        let judged = (verdict, kind.strength(), Qualifiers::default().with_if(is_late, Qualifier::Due));
        findings.claim_by((duty.page, page), kind, &duty.place, "review-every", judged);
    }
}
