//! Actions that nobody can follow up, and actions that are late.

use super::{Incidents, State};
use crate::diag::{Group, code};
use crate::evidence::check::{Check, Findings};
use crate::evidence::context::Context;

pub(super) static CHECK: Check = Check {
    code: code::INCIDENT_ACTION,
    group: Group::Broken,
    severity: None,
    title: "an action of a review has no owner, date or ticket, or is late",
    doc: include_str!("incident-action.md"),
    fix: None,
    seen_in: None,
    run,
};

fn run(cx: &Context<'_>, findings: &mut Findings) {
    for one in &cx.of::<Incidents>().actions {
        let action = &one.action;
        let owner = Some(action.owner.as_str()).filter(|owner| !owner.is_empty()).map(Into::into);
        let lacks = action.lacks();
        if !lacks.is_empty() {
            let message = format!("the action “{}” has {}", action.what, lacks.join(", "));
            let mut found = findings.found(&action.place, action.what.clone(), message);
            found.owner.clone_from(&owner);
            findings.push(found.help("say who does it, by when, and where its state is kept"));
        }
        if let Some(day) = action.day().filter(|day| cx.due && *day < cx.today && one.state != State::Closed)
        {
            let known =
                if one.state == State::Unknown { ", and no file of states knows its ticket" } else { "" };
            let message = format!("the action “{}” was due by {day}{known}", action.what);
            let mut found = findings.found(&action.place, format!("{} due", action.what), message);
            found.owner = owner;
            findings.push(found.help("do it, or give it another date, with a reason that a reader finds"));
        }
    }
}
