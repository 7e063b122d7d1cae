//! Whether each role has somebody on every day of the weeks to come.

use crate::diag::{Place, Problem, code, nearest};
use crate::evidence::Context;
use crate::evidence::oncall::{Oncall, told};
use crate::incident::{Holder, Plan, Role};
use crate::oncall::{Roster, at, shifts};

/// Who has the roles at a minute: role, primary, deputy.
pub fn holders(plan: &Plan, roster: &Roster, minute: i64) -> Vec<(String, Option<String>, Option<String>)> {
    let here = at(roster, minute);
    let person = |holder: &Holder| match holder {
        Holder::Person(name) => Some(name.clone()),
        Holder::Layer(name) => here
            .iter()
            .find(|shift| roster.layers.get(shift.layer).is_some_and(|layer| layer.name == *name))
            .and_then(|shift| roster.people.get(shift.person))
            .map(|person| person.name.clone()),
    };
    let of = |role: &Role| {
        let [primary, deputy] =
            [&role.primary, &role.deputy].map(|one| one.as_ref().and_then(|(holder, _)| person(holder)));
        (role.name.clone(), primary, deputy)
    };
    plan.roles.iter().map(of).collect()
}

pub(super) fn check(cx: &Context<'_>, plan: &Plan, problems: &mut Vec<Problem>) {
    let oncall = cx.of::<Oncall>();
    for role in &plan.roles {
        let spans: Vec<Option<Vec<Span>>> = [&role.primary, &role.deputy]
            .into_iter()
            .map(|one| one.as_ref().and_then(|(holder, place)| held(oncall, role, holder, place, problems)))
            .collect();
        if let [Some(primary), Some(deputy)] = spans.as_slice()
            && let Some((minute, person)) = both(primary, deputy)
        {
            let message = format!(
                "`{person}` is primary and deputy of `{}` at once, first on {}",
                role.name,
                told(minute)
            );
            let found = Problem::new(code::INCIDENT_PLAN, &role.place, role.name.clone(), message);
            problems.push(found.help("whoever cannot take a role needs somebody else behind them"));
        }
    }
}

/// A person, from a minute until another.
type Span = (i64, i64, String);

/// Who has a role when, or a problem where nobody has.
fn held(
    oncall: &Oncall,
    role: &Role,
    holder: &Holder,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Span>> {
    let roster = &oncall.roster;
    let (from, to) = oncall.window;
    let mut refuse = |message: String, help: &str| {
        let found = Problem::new(code::INCIDENT_PLAN, place, role.name.clone(), message);
        problems.push(found.help(help));
    };
    if oncall.file.is_none() {
        refuse(
            format!("who has the role `{}` is not known without a roster", role.name),
            "`oncall.roster` of book.toml names one",
        );
        return None;
    }
    let name = match holder {
        Holder::Person(name) => {
            if roster.people.iter().any(|person| person.name == *name) {
                return Some(vec![(from, to, name.clone())]);
            }
            let near = nearest(name, roster.people.iter().map(|person| person.name.as_str()));
            let help = near.map_or_else(
                || "write `layer NAME` for whoever is on call there".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            refuse(format!("`{name}` is nobody of the roster"), &help);
            return None;
        }
        Holder::Layer(name) => name,
    };
    let Some(layer) = roster.layers.iter().position(|layer| layer.name == *name) else {
        let near = nearest(name, roster.layers.iter().map(|layer| layer.name.as_str()));
        let help = near.map_or_else(String::new, |near| format!("did you mean `{near}`?"));
        refuse(format!("the roster has no layer `{name}`"), &help);
        return None;
    };
    let mut spans: Vec<Span> = shifts(roster, (from, to))
        .iter()
        .filter(|shift| shift.layer == layer)
        .filter_map(|shift| Some((shift.from, shift.to, roster.people.get(shift.person)?.name.clone())))
        .collect();
    spans.sort();
    let open = spans
        .iter()
        .try_fold(from, |at, (begin, end, _)| if *begin > at { Err(at) } else { Ok(at.max(*end)) });
    let open = match open {
        Err(at) => Some(at),
        Ok(at) => (at < to).then_some(at),
    };
    if let Some(minute) = open {
        refuse(
            format!("nobody has the role `{}` on {}", role.name, told(minute)),
            "the layer has nobody then",
        );
    }
    Some(spans)
}

/// The first minute in which one person stands in two lists.
fn both(one: &[Span], other: &[Span]) -> Option<(i64, String)> {
    let (mut at, mut against) = (one.iter().peekable(), other.iter().peekable());
    while let (Some((from, to, person)), Some((begin, end, second))) = (at.peek(), against.peek()) {
        let first = from.max(begin);
        if person == second && first < to.min(end) {
            return Some((*first, person.clone()));
        }
        let _ = if to <= end { at.next() } else { against.next() };
    }
    None
}
