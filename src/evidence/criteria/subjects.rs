//! What a check had to judge. A check that finds nothing because nothing is there, or because it was not told where to look,
//! proves nothing.

use crate::diag::code;
use crate::evidence::alerts::Alerts;
use crate::evidence::api::Apis;
use crate::evidence::capacity::Capacity;
use crate::evidence::check;
use crate::evidence::context::Context;
use crate::evidence::diagrams::Diagrams;
use crate::evidence::incidents::Incidents;
use crate::evidence::oncall::Oncall;
use crate::evidence::recovery::Recovery;
use crate::evidence::reviews::Reviews;
use crate::evidence::runs::Runs;

/// How many things a check judges beside what it makes claims of; none for a check that judges only what it makes claims of.
pub(super) fn judged(cx: &Context<'_>, check: &str) -> Option<usize> {
    alerts(cx, check)
        .or_else(|| people(cx, check))
        .or_else(|| incidents(cx, check))
        .or_else(|| recovery(cx, check))
        .or_else(|| capacity(cx, check))
        .or_else(|| documents(cx, check))
}

fn alerts(cx: &Context<'_>, check: &str) -> Option<usize> {
    let table = &cx.config.alerts;
    // A check that needs to be told where to look judges nothing until it is.
    let told = match check {
        code::ALERT_RULE | code::ALERT_RUNBOOK => true,
        code::ALERT_SEVERITY => !table.severities.is_empty(),
        code::ALERT_METRIC => !table.metrics.is_empty(),
        code::ALERT_TEST => !table.tests.is_empty(),
        code::ALERT_OBJECTIVE => !table.objectives.is_empty(),
        code::RUNBOOK_ALERT => return Some(cx.of::<Alerts>().led.len()),
        code::SLO_SPEC => return Some(cx.of::<Alerts>().objectives.len()),
        _ => return None,
    };
    Some(if told { cx.of::<Alerts>().list.len() } else { 0 })
}

fn people(cx: &Context<'_>, check: &str) -> Option<usize> {
    let roster = || &cx.of::<Oncall>().roster;
    Some(match check {
        code::ONCALL_ROSTER | code::ONCALL_TWICE => roster().layers.len(),
        code::ONCALL_CONTACT => roster().people.len(),
        code::ONCALL_ESCALATION => roster().escalation.len(),
        code::ONCALL_TEST if cx.config.oncall.test_every.is_some() => roster().people.len(),
        code::ONCALL_TEST => 0,
        _ => return None,
    })
}

fn incidents(cx: &Context<'_>, check: &str) -> Option<usize> {
    let incidents = || cx.of::<Incidents>();
    Some(match check {
        code::INCIDENT_PLAN => incidents().plan.iter().map(|plan| plan.severities.len()).sum(),
        code::INCIDENT_RECORD | code::INCIDENT_REPEAT | code::INCIDENT_RUNBOOK => incidents().records.len(),
        code::INCIDENT_ACTION => incidents().actions.len(),
        code::INCIDENT_LOAD => incidents().fired.len(),
        _ => return None,
    })
}

fn recovery(cx: &Context<'_>, check: &str) -> Option<usize> {
    let plan = || cx.of::<Recovery>().plan.as_ref();
    Some(match check {
        code::RECOVERY_PLAN => plan().map_or(0, |plan| plan.rows.len()),
        code::RECOVERY_OBJECTIVE => plan().map_or(0, |plan| plan.rto.iter().chain(&plan.rpo).count()),
        code::RECOVERY_LESSON | code::RECOVERY_OPERATOR => plan().map_or(0, |plan| plan.held.len()),
        code::RECOVERY_DRIFT => shipped(cx),
        code::RECOVERY_DUE => plan().map_or(0, |plan| plan.schedules.len()),
        _ => return None,
    })
}

fn capacity(cx: &Context<'_>, check: &str) -> Option<usize> {
    let capacity = || cx.of::<Capacity>();
    Some(match check {
        code::CAPACITY_SERIES => capacity().plan.as_ref().map_or(0, |plan| plan.series.len()),
        code::CAPACITY_PLAN => capacity().carried.iter().flatten().count(),
        code::CAPACITY_FORECAST => capacity().records.len(),
        code::CAPACITY_PRICE => capacity().budget.len(),
        _ => return None,
    })
}

/// Whether files that ship were held against what is declared.
fn shipped(cx: &Context<'_>) -> usize {
    let Some(check) = check::find(code::RECOVERY_PLAN) else { return 0 };
    check::alone(cx, check).1.iter().filter(|claim| &*claim.subject == "shipped").count()
}

/// A rule of documentation counts what it looked at; the others look at all that a document holds.
fn operations(cx: &Context<'_>, check: &str) -> usize {
    let apis = || cx.of::<Apis>().list.iter();
    let mut counted = apis().flat_map(|api| &api.scores).filter(|score| score.code == check).peekable();
    if counted.peek().is_some() {
        return counted.map(|score| score.total).sum();
    }
    apis().map(|api| api.document.operations().len()).sum()
}

fn documents(cx: &Context<'_>, check: &str) -> Option<usize> {
    Some(match check {
        code::REVIEW_DUE => cx.of::<Reviews>().duties.len(),
        code::RUN_CONVENTION => cx.of::<Runs>().list.len(),
        _ if check.starts_with("openapi-") => operations(cx, check),
        _ if check.starts_with("diagram-") => cx.of::<Diagrams>().drawings.values().map(Vec::len).sum(),
        _ => return None,
    })
}
