//! What those on call carry: pages by shift, pages at night, alerts that wake somebody and lead to nothing.

use super::Limits;
use super::reading::instant;
use super::record::{EntryKind, Record};
use crate::base::{Date, RelPath, Span};
use crate::diag::{Place, Problem, code};
use crate::oncall::{Person, Roster, Shift, shifts};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;

/// An alert that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fired {
    /// When it began to.
    pub at: i64,
    /// Its name.
    pub alert: String,
    /// Its label `severity`.
    pub severity: String,
    /// Where it is written.
    pub place: Place,
}

/// A shift, and how often it was interrupted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftLoad {
    /// From this second.
    pub from: i64,
    /// Until this second.
    pub to: i64,
    /// Who.
    pub person: String,
    /// Pages.
    pub pages: u32,
    /// Of these, from 22 to 6 o'clock where they live.
    pub nights: u32,
    /// The last of them.
    pub last: Option<Place>,
}

/// An alert that woke somebody and led to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noise {
    /// Its name.
    pub alert: String,
    /// How often.
    pub times: u32,
    /// The last time.
    pub last: Place,
}

/// What some weeks were like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// The shifts of the first level, by time.
    pub shifts: Vec<ShiftLoad>,
    /// Alerts without an incident that names them.
    pub noise: Vec<Noise>,
    /// Everybody of the roster, in its order.
    pub people: Vec<Carried>,
}

/// What some weeks asked of one person, at all levels; pages at the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Who.
    pub person: String,
    /// Hours on call.
    pub hours: i64,
    /// Of these, at night.
    pub nights: i64,
    /// Of these, on weekends.
    pub weekends: i64,
    /// Pages.
    pub pages: u32,
    /// Of these, at night.
    pub woken: u32,
}

/// Lines of a history that are read: an alert every minute for a year.
const MOST: usize = 600_000;

/// What wakes somebody, as elsewhere.
const PAGE: &str = "page";

/// Seconds between an alert and the line of a log that names it: those who are woken write later.
const NEAR: i64 = 3_600;

const DAY: i64 = 86_400;

/// Days before the weeks in which a shift that reaches into them may have begun.
const BEFORE: i64 = 62;

/// Reads a history, a line of JSON for each alert that fired: `at`, `alert`, `severity`.
pub fn history(file: &RelPath, text: &str) -> (Vec<Fired>, Vec<Problem>) {
    let (mut out, mut problems, mut start) = (Vec::new(), Vec::new(), 0);
    for line in text.split_inclusive('\n').take(MOST) {
        let place = Place { file: file.clone(), span: Span::new(start, start + line.trim_end().len()) };
        start += line.len();
        if line.trim().is_empty() {
            continue;
        }
        let value = serde_json::from_str::<Value>(line).unwrap_or(Value::Null);
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        match (text("at").and_then(instant), text("alert"), text("severity")) {
            (Some(at), Some(alert), Some(severity)) => {
                out.push(Fired { at, alert: alert.to_owned(), severity: severity.to_owned(), place });
            }
            _ if problems.len() < 20 => {
                let message = "this line is no alert that fired: it needs `at`, `alert` and `severity`";
                let help = "`oathbook incident import --history FILE` writes them";
                problems.push(Problem::new(code::INCIDENT_PLAN, &place, "history", message).help(help));
            }
            _ => {}
        }
    }
    out.sort_by(|one, other| (one.at, &one.alert).cmp(&(other.at, &other.alert)));
    (out, problems)
}

/// The load of the weeks before a day, that day included.
pub fn load(fired: &[Fired], roster: &Roster, records: &[Record], limits: &Limits, today: Date) -> Load {
    let to = (today.days() + 1) * DAY;
    let from = to - i64::from(limits.weeks) * 7 * DAY;
    // A shift that began earlier is looked at whole.
    let early = from - BEFORE * DAY;
    let pages: Vec<&Fired> =
        fired.iter().filter(|one| one.severity == PAGE && (early..to).contains(&one.at)).collect();
    let first = roster.levels().first().copied();
    let level = |shift: &&Shift| roster.layers.get(shift.layer).map(|layer| layer.level) == first;
    let mut out: Vec<ShiftLoad> = Vec::new();
    let mut own: Vec<Shift> = shifts(roster, (early / 60, to / 60)).iter().filter(level).copied().collect();
    own.sort_unstable();
    for shift in own.into_iter().filter(|shift| shift.to * 60 > from) {
        let Some(person) = roster.people.get(shift.person) else { continue };
        let (from, to) = (shift.from * 60, shift.to * 60);
        let (begin, end) =
            (pages.partition_point(|one| one.at < from), pages.partition_point(|one| one.at < to));
        let within = pages.get(begin..end).unwrap_or_default();
        let at_night = |one: &&&Fired| {
            let stamp = Timestamp::from_second(one.at).unwrap_or(Timestamp::UNIX_EPOCH);
            let hour = person.zone.to_datetime(stamp).hour();
            !(6..22).contains(&hour)
        };
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        out.push(ShiftLoad {
            from,
            to,
            person: person.name.clone(),
            pages: count(within.len()),
            nights: count(within.iter().filter(at_night).count()),
            last: within.last().map(|one| one.place.clone()),
        });
    }
    let people = carried(roster, &out, (from, to));
    Load { shifts: out, people, noise: noise(pages.iter().filter(|one| one.at >= from).copied(), records) }
}

fn carried(roster: &Roster, shifts: &[ShiftLoad], (from, to): (i64, i64)) -> Vec<Carried> {
    let hours = crate::oncall::load(roster, (from / 60, to / 60));
    let of = |(person, load): (&Person, crate::oncall::Load)| {
        let own = || shifts.iter().filter(|shift| shift.person == person.name);
        Carried {
            person: person.name.clone(),
            hours: load.hours,
            nights: load.nights,
            weekends: load.weekends,
            pages: own().map(|shift| shift.pages).sum(),
            woken: own().map(|shift| shift.nights).sum(),
        }
    };
    roster.people.iter().zip(hours).map(of).collect()
}

fn noise<'f>(pages: impl Iterator<Item = &'f Fired>, records: &[Record]) -> Vec<Noise> {
    let mut named: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    for record in records {
        let end = record.times().resolved;
        for entry in &record.log {
            if let EntryKind::Alert(name) = &entry.kind {
                let until = end.unwrap_or(entry.at).max(entry.at) + NEAR;
                named.entry(name).or_default().push((entry.at - NEAR, until));
            }
        }
    }
    let mut out: BTreeMap<&str, Noise> = BTreeMap::new();
    for one in pages {
        let known = named.get(one.alert.as_str());
        if known.is_some_and(|spans| spans.iter().any(|(from, to)| (*from..=*to).contains(&one.at))) {
            continue;
        }
        let entry = out.entry(&one.alert).or_insert_with(|| Noise {
            alert: one.alert.clone(),
            times: 0,
            last: one.place.clone(),
        });
        entry.times += 1;
        entry.last = one.place.clone();
    }
    out.into_values().collect()
}
