//! Rules that a change makes say something else than pages do.

use super::rules::{Alert, Rules};
use super::{Alerts, files};
use crate::diag::{Group, Place, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;
use crate::evidence::facts::{Facts, Outcome};

pub(super) static CHECK: Check = Check {
    code: code::ALERT_CHANGE,
    group: Group::Broken,
    severity: None,
    title: "a change of a rule makes a page untrue",
    doc: include_str!("alert-change.md"),
    fix: None,
    seen_in: None,
    run,
};

/// What pages can state of an alert, and where the rule says it.
fn said<'a>(alert: &'a Alert, field: &str) -> Option<(&'a str, &'a Place)> {
    match field {
        "threshold" => {
            let threshold = alert.expression.as_ref()?.threshold.as_deref()?;
            Some((threshold, &alert.threshold_at))
        }
        "for" => alert.lasting.as_ref().map(|(text, place)| (text.as_str(), place)),
        "severity" => alert.severity.as_ref().map(|(text, place)| (text.as_str(), place)),
        _ => None,
    }
}

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let Some(base) = cx.base else { return };
    let alerts = cx.of::<Alerts>();
    if alerts.list.is_empty() {
        return;
    }
    let mut before = Rules::default();
    for file in files(cx, &cx.config.alerts.rules) {
        before.add(&file, &base.world.text(&file).unwrap_or_default());
    }
    for fact in &cx.of::<Facts>().list {
        if !matches!(fact.outcome, Outcome::Differs { .. }) {
            continue;
        }
        let Some((name, field)) = fact.name.strip_prefix("alert:").and_then(|rest| rest.rsplit_once('.'))
        else {
            continue;
        };
        let field = field.split(" as ").next().unwrap_or(field);
        let was = before.alerts.iter().find(|alert| alert.name == name).and_then(|alert| said(alert, field));
        let now = alerts.get(name).and_then(|alert| said(alert, field));
        let (Some((was, _)), Some((now, place))) = (was, now) else { continue };
        if was == now {
            continue;
        }
        let message = format!("the {field} of `{name}` was {was} and is {now} now, and a page states it");
        let found = findings.found(place, format!("{name}.{field}"), message);
        findings.push(
            found.related(fact.place.clone(), "stated here").help("`oathbook update` writes the new value"),
        );
    }
}
