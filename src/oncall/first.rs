//! Who an alert wakes first, minute by minute: what a tool needs that knows times and no rosters.

use super::coverage::{Spans, away, merged, minus};
use super::escalation::{Policy, Target};
use super::roster::Roster;
use super::shifts::shifts;
use std::collections::BTreeMap;

/// When each person is the first whom a policy reaches, and when nobody is; in minutes, in order, apart from one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct First {
    /// By the person's index.
    pub people: BTreeMap<usize, Spans>,
    /// The rest.
    pub nobody: Spans,
}

/// Walks the levels of a policy: where nobody can be reached at one, the next counts.
pub fn first(roster: &Roster, policy: &Policy, window: (i64, i64)) -> First {
    let mut out = First { people: BTreeMap::new(), nobody: vec![window] };
    let all = shifts(roster, window);
    for step in roster.steps(policy) {
        let Target::Level(level) = step.target else { continue };
        let mut here = Spans::new();
        for shift in &all {
            if roster.layers.get(shift.layer).is_none_or(|layer| layer.level != level) {
                continue;
            }
            let there = minus(&vec![(shift.from, shift.to)], &away(roster, shift.person, window));
            let open = common(&out.nobody, &there);
            here.extend(&open);
            out.people.entry(shift.person).or_default().extend(open);
        }
        out.nobody = minus(&out.nobody, &merged(here));
    }
    for spans in out.people.values_mut() {
        *spans = merged(std::mem::take(spans));
    }
    out.people.retain(|_, spans| !spans.is_empty());
    out
}

/// What lies in both; both are merged.
fn common(one: &Spans, other: &Spans) -> Spans {
    minus(one, &minus(one, other))
}
