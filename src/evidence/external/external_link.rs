//! Links that leave the site, and what their hosts said.

use crate::diag::{ClaimKind, Diagnostic, Group, Severity, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::external::Links;
use crate::evidence::external::{self, Answer, External, Seen};

pub(super) static CHECK: Check = Check {
    code: code::EXTERNAL_LINK,
    group: Group::Suspect,
    severity: None,
    title: "a link that leaves the site leads nowhere",
    doc: include_str!("external-link.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for external in external::on_pages(cx.site(), cx.config) {
        let page = &cx.site().pages[external.page];
        let verdict = match (external.not_asked, cx.of::<Links>().record.get(&external.url)) {
            (Some(reason), _) => Verdict::NotJudged(reason),
            (None, None) => Verdict::NotJudged("outside of the site"),
            (None, Some(seen)) => judge(cx, findings, &external, seen),
        };
        let (kind, place) = (ClaimKind::External, &external.link.place);
        findings.claim((external.page, page), kind, place, &external.link.target, verdict);
    }
}

fn judge(cx: &Context<'_>, findings: &mut Findings, external: &External<'_>, seen: &Seen) -> Verdict {
    let said = match &seen.answer {
        Answer::Good(status, _) => {
            return Verdict::Proven(format!("the host's answer {status} of {}", seen.day).into());
        }
        Answer::Unknown(_) => return Verdict::NotJudged("the host does not say"),
        Answer::Bad(said) => said,
    };
    let (days, since) = seen.failed.unwrap_or((1, seen.day));
    let is_added = cx.of::<Links>().added.contains(&external.url);
    if !is_added && days < cx.config.linkcheck.fail_after {
        return Verdict::NotJudged("the host failed lately, not yet often enough to tell");
    }
    findings.push(diagnose(cx, findings, external, (said, days, since.to_string())));
    Verdict::Contradicted(CHECK.code)
}

fn diagnose(
    cx: &Context<'_>,
    findings: &Findings,
    external: &External<'_>,
    (said, days, since): (&str, u32, String),
) -> Diagnostic {
    let link = external.link;
    let place = link.target_place.as_ref().unwrap_or(&link.place);
    let is_added = cx.of::<Links>().added.contains(&external.url);
    let message = if is_added {
        format!("`{}` leads nowhere: {said}", external.url)
    } else {
        format!("`{}` has led nowhere on {days} days since {since}: {said}", external.url)
    };
    let help = if is_added {
        "correct the link that this change adds, or remove it"
    } else {
        "correct the link, link to a copy in an archive, or remove it"
    };
    let mut found = findings.found(place, external.url.clone(), message).help(help);
    if cx.of::<Links>().asked_now {
        found.severity = Severity::Error;
    }
    found
}
