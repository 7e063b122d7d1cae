//! What those on call carried, against what is planned.

use super::{Incidents, beside};
use crate::base::{Date, count};
use crate::diag::{Place, Problem, code};
use crate::evidence::Context;
use crate::evidence::oncall::Oncall;
use crate::incident::{Plan, history, load};

pub(super) fn read(cx: &Context<'_>, plan: &Plan, out: &mut Incidents) {
    let Some(named) = &plan.history else { return };
    let Some((file, text)) = beside(cx, plan, named, &mut out.problems) else { return };
    let (fired, problems) = history(&file, &text);
    out.problems.extend(problems);
    out.load = load(&fired, &cx.of::<Oncall>().roster, &out.records, &plan.limits, cx.today);
    out.fired = fired;
    if !cx.due {
        return;
    }
    let mut say = |place: &Place, subject: String, message: String, help: &str| {
        out.problems.push(Problem::new(code::INCIDENT_LOAD, place, subject, message).help(help));
    };
    let limits = &plan.limits;
    for shift in &out.load.shifts {
        let Some(place) = &shift.last else { continue };
        let whose = format!("the shift of `{}` that began on {}", shift.person, Date::from_unix(shift.from));
        for (is, limit, what) in
            [(shift.pages, limits.pages, "page"), (shift.nights, limits.nights, "page at night")]
        {
            if is > limit {
                let message = format!("{whose} had {}, and the plan allows {limit}", plural(is, what));
                let help = "raise thresholds, mend what fires, or share the shift: whoever is woken too often stops looking";
                say(place, format!("{} {what}", shift.person), message, help);
            }
        }
    }
    for noise in out.load.noise.iter().filter(|noise| noise.times >= limits.idle) {
        let message = format!(
            "`{}` woke somebody {} in {} without an incident that names it",
            noise.alert,
            if noise.times == 1 { "once".to_owned() } else { format!("{} times", noise.times) },
            count(limits.weeks as usize, "week")
        );
        say(
            &noise.last,
            noise.alert.clone(),
            message,
            "nobody has to act on it: make it a ticket, or remove it",
        );
    }
}

fn plural(number: u32, what: &str) -> String {
    match what.split_once(' ') {
        Some((noun, rest)) => format!("{} {rest}", count(number as usize, noun)),
        None => count(number as usize, what),
    }
}
