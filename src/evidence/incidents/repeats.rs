//! What happens again and again: an alert or a factor behind three incidents in 90 days.

use super::Incidents;
use crate::base::Date;
use crate::diag::{Problem, code};
use crate::evidence::Context;
use crate::incident::{Postmortem, Record};
use std::collections::{BTreeMap, BTreeSet};

/// Days before the date of the run that are looked at, that date included.
const DAYS: i64 = 90;

/// How many incidents are a habit.
const MANY: usize = 3;

pub(super) fn check(cx: &Context<'_>, out: &mut Incidents) {
    let Some(plan) = out.plan.as_ref().filter(|_| cx.due) else { return };
    let first = Date::from_days(cx.today.days() - DAYS + 1);
    let mut pages: BTreeMap<&str, Vec<&Postmortem>> = BTreeMap::new();
    for (_, page) in &out.postmortems {
        if let Some((id, _)) = &page.incident {
            pages.entry(id).or_default().push(page);
        }
    }
    let mut named: BTreeMap<(&str, String), Vec<&Record>> = BTreeMap::new();
    for record in out.records.iter().filter(|record| record.duplicate_of().is_none()) {
        let Some(day) = record.times().opened.map(|opened| plan.day(opened)) else { continue };
        if day < first || day > cx.today {
            continue;
        }
        let own = pages.get(record.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let of_page = own.iter().flat_map(|page| page.factors.iter().map(|(factor, _)| factor.clone()));
        let of_log = record.factors().into_iter().map(|(factor, _)| factor);
        let factors: BTreeSet<String> = of_page.chain(of_log).collect();
        let alerts = record.alerts().into_iter().map(|alert| ("alert", alert.to_owned()));
        for key in alerts.chain(factors.into_iter().map(|factor| ("factor", factor))) {
            named.entry(key).or_default().push(record);
        }
    }
    let mut problems = Vec::new();
    for ((sort, name), records) in named.iter().filter(|(_, records)| records.len() >= MANY) {
        let Some((last, before)) = records.split_last() else { continue };
        let message = format!("the {sort} “{name}” stands behind {} incidents in {DAYS} days", records.len());
        let found = Problem::new(code::INCIDENT_REPEAT, &last.place, format!("{sort} {name}"), message);
        let found = before
            .iter()
            .rev()
            .take(MANY)
            .fold(found, |found, record| found.related(&record.place, "this one, too"));
        problems.push(found.help(
            "what was done after the first did not suffice: an action of the kind `prevent` is missing",
        ));
    }
    out.problems.extend(problems);
}
