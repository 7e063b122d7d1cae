//! Drills that were held, and who held them.

use super::declared::Declared;
use super::schedule::Schedule;
use crate::base::{Date, RelPath};
use crate::diag::{Place, Problem, code};
use crate::evidence::context::Context;
use crate::evidence::oncall::Oncall;
use crate::model::PageId;
use crate::openapi::node::Node;
use crate::runs::card::Card;
use crate::runs::drill::{Declared as Order, Drill};
use crate::runs::store;
use std::collections::BTreeMap;

/// A drill that was held.
#[derive(Clone, Debug)]
pub struct Held {
    /// Its bundle.
    pub file: RelPath,
    /// What it says.
    pub drill: Drill,
    /// The page that is made of the newest drill of that name, where there is one.
    pub summary: Option<PageId>,
    /// Whether it counts for its schedule: where people take turns to hold it, one of them did.
    pub counts: bool,
}

impl Held {
    /// The day on which it began.
    pub fn day(&self) -> Option<Date> {
        self.drill.started.get(..10)?.parse().ok()
    }
}

/// A drill as it is declared.
pub(super) struct Ordered {
    order: Order,
    place: Place,
}

/// The drills that are declared; one that cannot be read is a problem.
pub(super) fn ordered(cx: &Context<'_>, declared: &Declared, problems: &mut Vec<Problem>) -> Vec<Ordered> {
    let Ok(text) = cx.world.text(&declared.file) else { return Vec::new() };
    let mut out = Vec::new();
    for entry in declared.node("drills").map(Node::entries).into_iter().flatten() {
        match Order::read(&text, &entry.key) {
            Ok(order) => out.push(Ordered { order, place: entry.place.clone() }),
            Err(why) => {
                problems.push(Problem::new(code::RECOVERY_PLAN, &entry.place, &*entry.key, why));
            }
        }
    }
    out
}

/// What was held of these, by time.
pub(super) fn read(cx: &Context<'_>, ordered: &[Ordered]) -> Vec<Held> {
    let mut out = Vec::new();
    for Ordered { order, .. } in ordered {
        let Some(folder) = store::folder_of(cx.config, &format!("drills/{}", order.name)) else { continue };
        let summary = order
            .summary
            .as_ref()
            .and_then(|path| cx.pages().find(|(_, page)| page.source.as_str() == path).map(|(id, _)| id));
        out.extend(store::drills(cx.world, &folder, &order.name).into_iter().map(|(file, drill)| {
            let counts = order.operators.is_empty()
                || drill.operator.as_ref().is_some_and(|who| order.operators.contains(who));
            Held { file, drill, summary, counts }
        }));
    }
    out
}

/// Holds who held each drill against who may: a change of the list, or evidence that comes, is what is found, so no date
/// matters here.
pub(super) fn operators(
    cx: &Context<'_>,
    (ordered, held): (&[Ordered], &[Held]),
    problems: &mut Vec<Problem>,
) {
    let roster = cx.of::<Oncall>();
    for Ordered { order, place } in ordered.iter().filter(|one| !one.order.operators.is_empty()) {
        let mut found = |place: &Place, subject: &str, message: String, help: &str| {
            let subject = format!("{}.{subject}", order.name);
            problems.push(Problem::new(code::RECOVERY_OPERATOR, place, subject, message).help(help));
        };
        let free = order.operators.iter().filter(|one| !order.written_by.contains(one)).count();
        if free < 2 {
            let message =
                format!("{free} of its operators did not write its runbooks, so nobody can take turns");
            found(place, "operators", message, "name two people or more who follow pages that others wrote");
        }
        if roster.file.is_some() {
            let known = |who: &String| roster.roster.people.iter().any(|person| *person.name == **who);
            for who in order.operators.iter().filter(|who| !known(who)) {
                let help = "operators are the people who are on call";
                found(place, who, format!("the operator `{who}` is nobody of the roster"), help);
            }
        }
        let mut last: Option<&str> = None;
        for one in held.iter().filter(|one| one.drill.drill == order.name) {
            let Some(who) = one.drill.operator.as_deref() else { continue };
            if let Some(why) = order.refuses(who, last) {
                let help = "whoever wrote the pages or followed them last knows what they do not say";
                found(&Place::whole(one.file.clone()), who, why, help);
            }
            last = Some(who);
        }
    }
}

/// Operators who took part in nothing for so many days are due: twelve months.
const APART: i64 = 366;

/// Who took part in no drill, on machines or on paper, for twelve months; told at night alone.
pub(super) fn due(
    cx: &Context<'_>,
    (ordered, held, cards): (&[Ordered], &[Held], &[Card]),
    schedules: &[Schedule],
    problems: &mut Vec<Problem>,
) {
    if !cx.due {
        return;
    }
    let mut last: BTreeMap<&str, Date> = BTreeMap::new();
    let drills = held.iter().filter_map(|one| Some((one.drill.operator.as_deref()?, one.day()?)));
    let cards = cards.iter().filter_map(|card| Some((card.operator.as_str(), card.day()?)));
    for (who, day) in drills.chain(cards).filter(|(_, day)| day.days() <= cx.today.days() + 1) {
        let newest = last.entry(who).or_insert(day);
        *newest = (*newest).max(day);
    }
    for Ordered { order, place } in ordered {
        // Nobody is late before there was anything to take part in.
        let first = schedules.iter().find(|one| one.name == "drill" && one.subject == order.name);
        let Some(first) = first.and_then(|one| one.first) else { continue };
        for who in &order.operators {
            let newest = last.get(who.as_str()).copied();
            let since = newest.unwrap_or(first);
            if cx.today.days() - since.days() <= APART {
                continue;
            }
            let message = newest.map_or_else(
                || format!("`{who}` took part in no drill since {first}"),
                |day| format!("`{who}` took part in a drill last on {day}"),
            );
            let found = Problem::new(
                code::RECOVERY_OPERATOR,
                place,
                format!("{}.{who}.due", order.name),
                format!("{message}, and everybody does within twelve months"),
            );
            problems.push(found.help(format!(
                "`oathbook drill run {} --operator {who}`, or a card: `oathbook drill card --help`",
                order.name
            )));
        }
    }
}
