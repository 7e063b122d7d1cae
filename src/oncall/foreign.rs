//! What another tool says about who is on call: its calendar (RFC 5545), or PagerDuty's list of on-calls. It is held against a roster.

use super::coverage::{Spans, merged, minus};
use super::roster::Roster;
use super::shifts::shifts;
#[cfg(feature = "calendars")]
use crate::base::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Shifts of another tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foreign {
    /// When each person, by index, is on call at a level.
    pub shifts: BTreeMap<(i64, usize), Spans>,
    /// Names that the roster does not have, each once.
    pub unknown: BTreeSet<String>,
    /// What could not be read.
    pub unread: Vec<String>,
}

/// A span in which the roster and the other tool do not call the same people at a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The level.
    pub level: i64,
    /// From this minute.
    pub from: i64,
    /// Until this minute.
    pub to: i64,
    /// Whom the roster calls, by index.
    pub roster: Vec<usize>,
    /// Whom the tool calls.
    pub tool: Vec<usize>,
}

/// Events that are read of one calendar; forty people with a shift a day make 14,600 in a year.
#[cfg(feature = "calendars")]
const MOST_EVENTS: usize = 200_000;

impl Foreign {
    fn add(&mut self, roster: &Roster, told: &str, (level, from, to): (i64, i64, i64)) {
        match person(roster, told) {
            Some(person) => self.shifts.entry((level, person)).or_default().push((from, to)),
            None => {
                self.unknown.insert(told.chars().filter(|sign| !sign.is_control()).take(200).collect());
            }
        }
    }

    fn finished(mut self, window: (i64, i64)) -> Self {
        for spans in self.shifts.values_mut() {
            let cut = spans.iter().map(|(from, to)| ((*from).max(window.0), (*to).min(window.1)));
            *spans = merged(cut.collect());
        }
        self.shifts.retain(|_, spans| !spans.is_empty());
        self
    }
}

/// Spans in order, those that touch made one.
pub fn joined(spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    merged(spans)
}

/// Whom a text of another tool names: a handle or one of its aliases, or a text in which one of them alone stands as a word.
fn person(roster: &Roster, told: &str) -> Option<usize> {
    let told = told.trim().to_lowercase();
    let names = |number: usize| {
        let person = roster.people.get(number);
        person
            .into_iter()
            .flat_map(|person| person.aliases.iter().chain([&person.name]))
            .map(|name| name.to_lowercase())
    };
    let all = || 0..roster.people.len();
    if let Some(found) = all().find(|number| names(*number).any(|name| name == told)) {
        return Some(found);
    }
    let mut found = all().filter(|number| names(*number).any(|name| stands_in(&told, &name)));
    found.next().filter(|_| found.next().is_none())
}

/// Whether a name stands in a text as a word, or as words.
fn stands_in(text: &str, name: &str) -> bool {
    let part = |sign: char| sign.is_alphanumeric() || sign == '-' || sign == '_';
    !name.is_empty()
        && text.match_indices(name).any(|(at, _)| {
            let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + name.len()..).unwrap_or(""));
            !before.ends_with(part) && !after.starts_with(part)
        })
}

/// Reads PagerDuty's answer to `GET /oncalls` (REST API v2). An entry without times is for ever.
///
/// # Errors
/// When that is no such list.
pub fn pagerduty(roster: &Roster, text: &str, window: (i64, i64)) -> Result<Foreign, String> {
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| format!("this is no JSON: {error}"))?;
    let list = value.get("oncalls").and_then(serde_json::Value::as_array);
    let list = list.ok_or("there is no list `oncalls`, as PagerDuty's `GET /oncalls` answers")?;
    let mut out = Foreign::default();
    for (number, entry) in list.iter().enumerate() {
        let time = |key: &str, otherwise: i64| match entry.get(key) {
            None | Some(serde_json::Value::Null) => Some(otherwise),
            Some(value) => {
                let instant = value.as_str()?.parse::<jiff::Timestamp>().ok()?;
                Some(instant.as_second().div_euclid(60))
            }
        };
        let user = entry.get("user").and_then(|user| user.get("summary").or(user.get("name")));
        let level = entry.get("escalation_level").and_then(serde_json::Value::as_i64);
        match (
            user.and_then(serde_json::Value::as_str),
            level,
            time("start", window.0),
            time("end", window.1),
        ) {
            (Some(user), Some(level), Some(from), Some(to)) => out.add(roster, user, (level, from, to)),
            _ => out.unread.push(format!("entry {} has no `user`, `escalation_level` or times", number + 1)),
        }
    }
    Ok(out.finished(window))
}

/// Reads a calendar: the events of a level, whoever their summary names; rules of recurrence and time zones are followed.
///
/// # Errors
/// When that is no calendar.
#[cfg(feature = "calendars")]
pub fn ics(roster: &Roster, text: &str, level: i64, window: (i64, i64)) -> Result<Foreign, String> {
    use calcard::common::timezone::Tz;
    use calcard::icalendar::{ICalendar, ICalendarProperty};
    let mut calendar = ICalendar::parse(text).map_err(
        |_| "this is no calendar: it does not begin with BEGIN:VCALENDAR and end with END:VCALENDAR",
    )?;
    let zone =
        roster.zone.as_ref().and_then(|zone| zone.iana_name()).and_then(|name| name.parse::<Tz>().ok());
    let last = Date::from_unix(window.1.saturating_mul(60).saturating_add(2 * 86_400));
    calendar.components.iter_mut().flat_map(|one| &mut one.entries).for_each(|entry| end(entry, last));
    let expanded = calendar.expand_dates(zone.unwrap_or(Tz::Floating), MOST_EVENTS);
    let mut out = Foreign::default();
    for error in &expanded.errors {
        out.unread.push(format!("event {}: {}", error.comp_id, error.error));
    }
    if expanded.events.len() >= MOST_EVENTS {
        out.unread.push(format!("there are more than {MOST_EVENTS} events; the rest is left out"));
    }
    for event in expanded.events {
        let component = usize::try_from(event.comp_id).ok().and_then(|at| calendar.components.get(at));
        let summary = component.and_then(|component| component.property(&ICalendarProperty::Summary));
        let summary = summary.and_then(|entry| entry.values.first()).and_then(|value| value.as_text());
        // A shift ends when clocks say so, not so many hours later.
        let (from, exact) = event.timestamps();
        let to = event.try_into_date_time().map_or(exact, |event| event.end.timestamp());
        let (from, to) = (from.div_euclid(60), to.div_euclid(60));
        if from < to && to > window.0 && from < window.1 {
            out.add(roster, summary.unwrap_or(""), (level, from, to));
        }
    }
    Ok(out.finished(window))
}

/// Gives a rule without an end one: it would take all events that are read, and leave none to the others.
#[cfg(feature = "calendars")]
fn end(entry: &mut calcard::icalendar::ICalendarEntry, last: Date) {
    use calcard::common::PartialDateTime;
    use calcard::icalendar::ICalendarValue;
    let parts: Vec<u16> = last.to_string().split('-').filter_map(|part| part.parse().ok()).collect();
    let &[year, month, day] = parts.as_slice() else { return };
    let small = |part: u16| u8::try_from(part).ok();
    for value in &mut entry.values {
        if let ICalendarValue::RecurrenceRule(rule) = value
            && rule.until.is_none()
            && rule.count.is_none()
        {
            rule.until = Some(PartialDateTime {
                year: Some(year),
                month: small(month),
                day: small(day),
                hour: Some(0),
                minute: Some(0),
                second: Some(0),
                ..PartialDateTime::default()
            });
        }
    }
}

/// As the other, in a build without calendars.
///
/// # Errors
/// Always.
#[cfg(not(feature = "calendars"))]
pub fn ics(_: &Roster, _: &str, _: i64, _: (i64, i64)) -> Result<Foreign, String> {
    Err("this oathbook is built without the feature `calendars`".into())
}

/// Where the roster and the tool differ within a window, at the levels that the tool tells of.
pub fn differences(roster: &Roster, tool: &Foreign, window: (i64, i64)) -> Vec<Difference> {
    let mut ours: BTreeMap<(i64, usize), Spans> = BTreeMap::new();
    for shift in shifts(roster, window) {
        let level = roster.layers.get(shift.layer).map_or(0, |layer| layer.level);
        ours.entry((level, shift.person)).or_default().push((shift.from, shift.to));
    }
    for spans in ours.values_mut() {
        *spans = merged(std::mem::take(spans));
    }
    let levels: BTreeSet<i64> = tool.shifts.keys().map(|key| key.0).collect();
    levels.into_iter().flat_map(|level| of_level(level, &ours, &tool.shifts)).collect()
}

type Shifts = BTreeMap<(i64, usize), Spans>;

/// Differences at one level: its time is cut wherever one of both changes.
fn of_level(level: i64, ours: &Shifts, tool: &Shifts) -> Vec<Difference> {
    let none = Spans::new();
    let of = |all: &Shifts, person: usize| all.get(&(level, person)).unwrap_or(&none).clone();
    let people: BTreeSet<usize> =
        ours.keys().chain(tool.keys()).filter(|key| key.0 == level).map(|key| key.1).collect();
    let mut differ = Spans::new();
    for person in &people {
        let (one, other) = (of(ours, *person), of(tool, *person));
        differ.extend(minus(&one, &other));
        differ.extend(minus(&other, &one));
    }
    let differ = merged(differ);
    let mut borders: BTreeSet<i64> = differ.iter().flat_map(|span| [span.0, span.1]).collect();
    borders.extend(
        people
            .iter()
            .flat_map(|person| [of(ours, *person), of(tool, *person)])
            .flatten()
            .flat_map(|span| [span.0, span.1]),
    );
    let borders: Vec<i64> = borders.into_iter().collect();
    let mut out: Vec<Difference> = Vec::new();
    for pair in borders.windows(2) {
        let [from, to] = *pair else { continue };
        if !differ.iter().any(|span| span.0 <= from && to <= span.1) {
            continue;
        }
        let here = |all: &Shifts| -> Vec<usize> {
            let is_here =
                |person: &&usize| of(all, **person).iter().any(|span| span.0 <= from && to <= span.1);
            people.iter().filter(is_here).copied().collect()
        };
        let one = Difference { level, from, to, roster: here(ours), tool: here(tool) };
        match out.last_mut() {
            Some(last) if last.to == from && last.roster == one.roster && last.tool == one.tool => {
                last.to = to
            }
            _ => out.push(one),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Date, RelPath};
    use crate::oncall::window;

    fn roster() -> Roster {
        let text = "zone: Europe/Berlin\npeople: {primary-1: {contact: x, aliases: [Someone Else]}, primary-2: {contact: y}}\nlayers:\n- {name: one, people: [primary-1, primary-2], every: 1w, start: 2026-03-02T09:00}\n";
        let roster = Roster::read(&RelPath::parse("oncall.yaml").unwrap(), text);
        assert!(roster.problems.is_empty(), "{:?}", roster.problems);
        roster
    }

    fn span() -> (i64, i64) {
        window(Date::new(2026, 3, 2).unwrap(), 6)
    }

    #[test]
    fn who_is_meant_is_a_handle_an_alias_or_the_only_name_among_words() {
        let roster = roster();
        let who = |told: &str| person(&roster, told);
        assert_eq!([who("primary-2"), who("PRIMARY-2"), who("someone else")], [Some(1), Some(1), Some(0)]);
        assert_eq!(
            [who("On call: primary-1 (first)"), who("primary-1, primary-2"), who("primary")],
            [Some(0), None, None]
        );
    }

    #[test]
    #[cfg(feature = "calendars")]
    fn a_calendar_with_rules_and_zones_is_read_to_the_same_shifts_over_a_change_of_clocks() {
        let event = |who: &str, begin: &str, end: &str| {
            format!(
                "BEGIN:VEVENT\r\nUID:{who}\r\nSUMMARY:{who}\r\nDTSTART;TZID=Europe/Berlin:{begin}T090000\r\nDTEND;TZID=Europe/Berlin:{end}T090000\r\nRRULE:FREQ=WEEKLY;INTERVAL=2\r\nEND:VEVENT\r\n"
            )
        };
        let text = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}{}END:VCALENDAR\r\n",
            event("primary-1", "20260302", "20260309"),
            event("primary-2", "20260309", "20260316")
        );
        let roster = roster();
        let read = ics(&roster, &text, 1, span()).unwrap();
        assert!(read.unknown.is_empty() && read.unread.is_empty(), "{read:?}");
        // The roster's first shift begins at nine o'clock of the first day, as does the calendar's.
        assert_eq!(differences(&roster, &read, span()), []);
        let moved = text.replace("20260309T090000\r\nDTEND", "20260309T100000\r\nDTEND");
        let read = ics(&roster, &moved, 1, span()).unwrap();
        let found = differences(&roster, &read, span());
        assert_eq!(found.len(), 3);
        assert_eq!(
            (found[0].to - found[0].from, found[0].roster.clone(), found[0].tool.clone()),
            (60, vec![1], vec![])
        );
    }

    #[test]
    fn pagerduty_s_list_is_read_and_what_differs_is_told() {
        let roster = roster();
        let entry = |who: &str, from: &str, to: &str| {
            format!(
                "{{\"user\":{{\"summary\":\"{who}\"}},\"escalation_level\":1,\"start\":{from},\"end\":{to}}}"
            )
        };
        let text = format!(
            "{{\"oncalls\":[{},{},{},{{\"user\":null}}]}}",
            entry("primary-1", "\"2026-03-02T08:00:00Z\"", "\"2026-03-09T08:00:00Z\""),
            entry("primary-1", "\"2026-03-09T08:00:00Z\"", "\"2026-03-10T08:00:00Z\""),
            entry("stranger", "null", "null")
        );
        let span = (span().0, span().0 + 8 * 24 * 60);
        let read = pagerduty(&roster, &text, span).unwrap();
        assert_eq!((read.unknown.len(), read.unread.len()), (1, 1));
        let found = differences(&roster, &read, span);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].roster.clone(), found[0].tool.clone()), (vec![1], vec![0]));
        assert!(pagerduty(&roster, "[]", span).is_err() && pagerduty(&roster, "{", span).is_err());
    }

    #[test]
    #[cfg(feature = "calendars")]
    fn hostile_calendars_end() {
        let roster = roster();
        let event = |rule: &str| {
            format!(
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:primary-1\r\nDTSTART:20260101T000000Z\r\nDTEND:20260101T000001Z\r\nRRULE:{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            )
        };
        for text in [
            event("FREQ=SECONDLY"),
            event("FREQ=SECONDLY;COUNT=4000000000"),
            event("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
            event("FREQ=DAILY;INTERVAL=0"),
            "BEGIN:VCALENDAR".to_owned(),
            "BEGIN:VCALENDAR\r\n".repeat(2_000),
            String::new(),
        ] {
            let begin = std::time::Instant::now();
            let _ = ics(&roster, &text, 1, span());
            assert!(begin.elapsed().as_secs() < 5, "{text:.80}");
        }
    }
}
