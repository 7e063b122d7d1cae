//! Whether what is planned carries what is forecast.

use super::Capacity;
use crate::capacity::{Carried, Plan, Resource};
use crate::diag::{Problem, code};
use crate::evidence::Context;

pub(super) fn check(cx: &Context<'_>, plan: &Plan, out: &mut Capacity) {
    for (resource, carried) in plan.resources.iter().zip(&out.carried) {
        let Some(carried) = carried else { continue };
        let found = planned(resource, carried)
            .or_else(|| short(plan, resource, carried).filter(|_| resource.accepted.is_none()));
        out.problems.extend(found);
        if cx.due {
            due(cx, resource, carried, &mut out.problems);
        }
    }
}

/// A resource that has nothing now.
fn planned(resource: &Resource, carried: &Carried) -> Option<Problem> {
    if carried.capacity > 0.0 {
        return None;
    }
    let message = format!("`{}` has no nodes in the last period that was measured", resource.name);
    let found = Problem::new(code::CAPACITY_PLAN, &resource.place, resource.name.clone(), message);
    Some(found.help("begin `planned` with the nodes that there are"))
}

/// Planned capacity that is less than the upper end of the forecast.
fn short(plan: &Plan, resource: &Resource, carried: &Carried) -> Option<Problem> {
    let need = carried.short()?;
    let message = format!(
        "from {} on `{}` may need {} {}, and what is planned gives {}{}",
        carried.earliest?,
        resource.name,
        need.grain.told(need.upper),
        resource.unit,
        crate::capacity::known(need.usable),
        nodes(resource, need.nodes)
    );
    let place = resource.planned.iter().rev().find(|one| Some(one.from) <= carried.earliest);
    let place = place.map_or(&resource.place, |one| &one.place);
    let found = Problem::new(code::CAPACITY_PLAN, place, resource.name.clone(), message);
    Some(found.help(format!(
        "that is the upper end of the {} % interval: plan {} nodes by then, ordered by {}, or write `accepted` with a reason and an end",
        plan.carries,
        resource.asked(need.upper),
        carried.order_by?
    )))
}

/// What of its nodes may be used.
fn nodes(resource: &Resource, nodes: f64) -> String {
    let mut without = Vec::new();
    if resource.lost > 0.0 {
        without.push(format!("{} that may be lost", resource.lost));
    }
    if resource.headroom > 0.0 {
        without.push(format!("{} % headroom", resource.headroom));
    }
    let noun = if nodes > 1.0 { "nodes" } else { "node" };
    if without.is_empty() {
        format!(" with {nodes} {noun}")
    } else {
        format!(" with {nodes} {noun}, less {}", without.join(" and "))
    }
}

/// What only time turns wrong: an accepted risk whose end passed, an order that nobody gave.
fn due(cx: &Context<'_>, resource: &Resource, carried: &Carried, problems: &mut Vec<Problem>) {
    match &resource.accepted {
        Some(accepted) if accepted.until < cx.today => {
            let message =
                format!("that `{}` may run short was accepted until {}", resource.name, accepted.until);
            let subject = format!("{} accepted", resource.name);
            let found = Problem::new(code::CAPACITY_PLAN, &accepted.place, subject, message);
            problems.push(found.help("plan more, or accept it again with a reason that holds now"));
        }
        Some(_) => {}
        None => {
            let Some(day) = carried.order_by.filter(|day| *day < cx.today) else { return };
            let message = format!("more of `{}` was to be ordered by {day}", resource.name);
            let subject = format!("{} order", resource.name);
            let found = Problem::new(code::CAPACITY_PLAN, &resource.place, subject, message);
            problems.push(
                found.help("order it, and write it under `planned` with the day from which it can be used"),
            );
        }
    }
}
