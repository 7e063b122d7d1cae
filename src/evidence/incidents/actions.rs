//! The register of actions: what reviews promise, and what trackers say has become of it.

use super::{Incidents, beside};
use crate::diag::{Problem, code};
use crate::evidence::Context;
use crate::incident::{Action, EntryKind, Plan};
use crate::model::PageId;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// An action of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// What is done.
    pub action: Action,
    /// The incident.
    pub incident: String,
    /// The post-mortem, where it stands in one.
    pub page: Option<PageId>,
    /// Whether only the team sees it.
    pub internal: bool,
    /// What became of it.
    pub state: State,
}

/// What a tracker says of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is open.
    Open,
    /// It is closed.
    Closed,
    /// No file of states knows it.
    Unknown,
}

pub(super) fn read(cx: &Context<'_>, plan: &Plan, out: &mut Incidents) {
    let states = states(cx, plan, &mut out.problems);
    let state =
        |action: &Action| states.get(action.tracker.trim_end_matches('/')).copied().unwrap_or(State::Unknown);
    let hidden: BTreeSet<&str> =
        out.records.iter().filter(|record| record.internal).map(|record| record.id.as_str()).collect();
    let mut all = Vec::new();
    for (page, postmortem) in &out.postmortems {
        let Some((incident, _)) = &postmortem.incident else { continue };
        for action in &postmortem.actions {
            let (internal, state) = (hidden.contains(incident.as_str()), state(action));
            all.push(Registered {
                action: action.clone(),
                incident: incident.clone(),
                page: Some(*page),
                internal,
                state,
            });
        }
    }
    for record in &out.records {
        let reviews = record.log.iter().filter_map(|entry| match &entry.kind {
            EntryKind::Review(review) => Some(review),
            _ => None,
        });
        for action in reviews.flat_map(|review| &review.actions) {
            let (incident, internal, state) = (record.id.clone(), record.internal, state(action));
            all.push(Registered { action: action.clone(), incident, page: None, internal, state });
        }
    }
    out.actions = all;
}

/// States of tickets by their address: what `gh issue list --json url,state` or GitLab's API print.
fn states(cx: &Context<'_>, plan: &Plan, problems: &mut Vec<Problem>) -> BTreeMap<String, State> {
    let mut out = BTreeMap::new();
    for named in &plan.trackers {
        let Some((_, text)) = beside(cx, plan, named, problems) else { continue };
        let value = serde_json::from_str::<Value>(&text).unwrap_or(Value::Null);
        let Some(list) = value.as_array() else {
            let message = format!("`{}` is no list of tickets in JSON", named.0);
            let found = Problem::new(code::INCIDENT_PLAN, &named.1, named.0.clone(), message);
            problems.push(found.help("`gh issue list --state all --json url,state` prints one"));
            continue;
        };
        for ticket in list {
            let text = |key: &str| ticket.get(key).and_then(Value::as_str);
            let Some(address) = text("url").or_else(|| text("web_url")) else { continue };
            let closed = text("state").is_some_and(|state| state.eq_ignore_ascii_case("closed"));
            out.insert(
                address.trim_end_matches('/').to_owned(),
                if closed { State::Closed } else { State::Open },
            );
        }
    }
    out
}
