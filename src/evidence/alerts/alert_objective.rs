//! Alerts that wake somebody, and no objective says that they should.

use super::burn_rate::{Rule, groups};
use super::objectives::{Objective, names};
use super::rules::Alert;
use super::{Alerts, Context};
use crate::diag::{Group, Nearest, Place, code};
use crate::evidence::check::{Check, Findings};
use crate::markdown::{Front, Value};
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    code: code::ALERT_OBJECTIVE,
    group: Group::Suspect,
    severity: None,
    title: "an alert that wakes somebody serves no objective",
    doc: include_str!("alert-objective.md"),
    fix: None,
    seen_in: None,
    run,
};

/// The objective that sloth's label `sloth_id` within an expression names.
fn selected(expression: &str) -> Option<&str> {
    let (_, rest) = expression.split_once("sloth_id=\"")?;
    rest.split_once('"').map(|(id, _)| id)
}

/// What an alert, or its runbook, says of objectives.
struct Said {
    /// The objective that it serves, and where that is said.
    serves: Option<(String, Place)>,
    /// Whether it says why it serves none.
    is_excused: bool,
}

fn said(cx: &Context<'_>, alerts: &Alerts, alert: &Alert) -> Said {
    let led = alerts.led.iter().find(|led| led.alert == alert.name);
    let front = led.and_then(|led| cx.site().pages.get(led.page)).map(|page| &page.doc.facts.front);
    let by_page = |front: &Front| {
        let name = front.text("objective")?.to_owned();
        Some((name, front.place_of("objective").cloned()?))
    };
    let is_told = |text: &str| !text.trim().is_empty();
    let excused_by_page = front
        .is_some_and(|front| matches!(front.get("no-objective"), Some(Value::Text(text)) if is_told(text)));
    Said {
        serves: alert.objective.clone().or_else(|| front.and_then(by_page)),
        is_excused: excused_by_page || alert.no_objective.as_deref().is_some_and(is_told),
    }
}

fn run(cx: &Context<'_>, findings: &mut Findings) {
    let alerts = cx.of::<Alerts>();
    if cx.config.alerts.objectives.is_empty() {
        return;
    }
    let near = Nearest::default();
    let known: BTreeSet<String> = names(&alerts.objectives);
    let given = given(&alerts.objectives);
    for alert in &alerts.list {
        let said = said(cx, alerts, alert);
        if let Some(id) = selected(&alert.text) {
            generated(alerts, alert, given.get(id).map(Vec::as_slice), findings);
            continue;
        }
        if let Some((name, place)) = &said.serves {
            if alerts.objective(name).is_none() {
                let message = format!("`{}` serves the objective `{name}`, and there is none", alert.name);
                let near = near.find("objectives", name, known.iter().map(String::as_str));
                let help = near.map_or_else(
                    || "name one of `alerts.objectives`".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                findings.push(findings.found(place, &*alert.name, message).help(help));
            }
            continue;
        }
        let wakes = alert.severity.as_ref().is_some_and(|(severity, _)| severity == "page");
        if wakes && !said.is_excused {
            let message = format!("`{}` wakes somebody, and serves no objective", alert.name);
            let help = "name the objective in its annotation `objective`, or say why there is none in `no_objective`";
            findings.push(findings.found(&alert.place, &*alert.name, message).help(help));
        }
    }
}

/// The alerts that each objective gives, by its id.
fn given(list: &[Objective]) -> BTreeMap<String, Vec<Rule>> {
    let alerts = |one: &Objective| {
        groups(one).into_iter().flat_map(|group| group.rules).filter(|rule| rule.is_alert).collect()
    };
    list.iter().map(|one| (one.id(), alerts(one))).collect()
}

/// Holds an alert that was made of an objective against what that gives now.
fn generated(alerts: &Alerts, alert: &Alert, given: Option<&[Rule]>, findings: &mut Findings) {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some(given) = given else {
        let message = format!("`{}` is made of an objective that is not there", alert.name);
        let help = "take the rule out, or bring the objective back: `oathbook slo generate` writes the rules";
        findings.push(findings.found(&alert.at, &*alert.name, message).help(help));
        return;
    };
    let is_given =
        given.iter().any(|rule| rule.name == alert.name && words(&rule.expression) == words(&alert.text));
    if !is_given {
        let message = format!("`{}` is not what its objective gives", alert.name);
        let mut found = findings.found(&alert.at, &*alert.name, message);
        let objective = selected(&alert.text).and_then(|id| alerts.objective(id));
        if let Some(objective) = objective {
            found = found.related(objective.place.clone(), "the objective");
        }
        findings.push(found.help("`oathbook slo generate` writes the rules of objectives"));
    }
}
