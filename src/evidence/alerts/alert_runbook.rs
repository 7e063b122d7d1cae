//! Alerts without a runbook.

use super::Alerts;
use crate::diag::{ClaimKind, Group, Verdict, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::ALERT_RUNBOOK,
    group: Group::Broken,
    severity: None,
    title: "an alert leads to no runbook",
    doc: include_str!("alert-runbook.md"),
    fix: None,
    seen_in: Some("src/evidence/alerts/runbooks.rs"),
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let alerts = cx.of::<Alerts>();
    findings.hand_on(&alerts.problems);
    for led in &alerts.led {
        let Some(page) = cx.site().pages.get(led.page) else { continue };
        let rule = alerts.get(&led.alert).map_or("", |alert| alert.place.file.as_str());
        let place = page.doc.facts.front.place_of("alerts").cloned().unwrap_or_else(|| page.place());
        let verdict = Verdict::Proven(format!("the rule in {rule}").into());
        findings.claim((led.page, page), ClaimKind::Alert, &place, &led.alert, verdict);
    }
}
