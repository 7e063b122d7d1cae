//! Runbooks that did not help, and have not changed since.

use super::Incidents;
use super::records::page_of;
use crate::base::Date;
use crate::diag::{Problem, code};
use crate::evidence::Context;
use crate::incident::EntryKind;
use crate::model::PageId;
use crate::world::Changes;
use std::collections::BTreeMap;

/// Only a nightly run fails: whoever logs at night that a page was no help has done enough for that night.
pub(super) fn check(cx: &Context<'_>, out: &mut Incidents) {
    let Some(plan) = out.plan.as_ref().filter(|_| cx.due) else { return };
    let mut failed: BTreeMap<PageId, (Date, Problem)> = BTreeMap::new();
    for record in &out.records {
        for entry in &record.log {
            let EntryKind::Runbook(name, false) = &entry.kind else { continue };
            let Some(page) = page_of(cx, name) else { continue };
            let day = plan.day(entry.at);
            let message =
                format!("`{name}` did not help in the incident of {day}, and has not changed since");
            let found = Problem::new(code::INCIDENT_RUNBOOK, &entry.place, name.clone(), message);
            if failed.get(&page).is_none_or(|(known, _)| day > *known) {
                failed.insert(page, (day, found));
            }
        }
    }
    if failed.is_empty() {
        return;
    }
    let pages = &cx.site().pages;
    let sources: Vec<_> =
        failed.keys().filter_map(|page| pages.get(*page).map(|page| page.source.clone())).collect();
    let changes = cx.world.changes(cx.site().src(), &sources);
    for (page, (day, found)) in failed {
        let Some(page) = pages.get(page) else { continue };
        let committed = match &changes {
            Changes::Known(days) => days.get(&page.source).copied(),
            Changes::Unknown(_) => None,
        };
        let reviewed = page.doc.facts.front.text("reviewed").and_then(|date| date.parse::<Date>().ok());
        if committed.into_iter().chain(reviewed).all(|changed| changed < day) {
            out.problems.push(found.related(&page.place(), "the page").help(
                "write into it what helped instead; if it is right as it is, set `reviewed` to the day on which somebody looked",
            ));
        }
    }
}
