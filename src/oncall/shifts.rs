//! Shifts: who is on call in which minutes.

use super::roster::{Every, Layer, Roster, minute_of};
use crate::base::Date;
use jiff::ToSpan as _;

/// Somebody's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// From this minute.
    pub from: i64,
    /// Until this minute.
    pub to: i64,
    /// The layer's index.
    pub layer: usize,
    /// The person's index.
    pub person: usize,
}

const MINUTES_OF_A_DAY: i64 = 24 * 60;

/// The longest shift: a roster has none of more than a year.
const LONGEST: i64 = 366 * MINUTES_OF_A_DAY;

/// The minutes of some weeks from the beginning of a day.
pub fn window(from: Date, weeks: i64) -> (i64, i64) {
    let begin = from.days() * MINUTES_OF_A_DAY;
    (begin, begin + weeks * 7 * MINUTES_OF_A_DAY)
}

/// All shifts that touch a window, cut to it, overrides applied; by layer and time.
pub fn shifts(roster: &Roster, (from, to): (i64, i64)) -> Vec<Shift> {
    let mut out = Vec::new();
    for (number, layer) in roster.layers.iter().enumerate() {
        let mut own = turns(number, layer, (from, to));
        for one in roster.overrides.iter().filter(|one| one.layer == number) {
            let (start, end) = (one.from.max(from), one.to.min(to));
            if start < end {
                own = without(&own, start, end);
                own.push(Shift { from: start, to: end, layer: number, person: one.person });
            }
        }
        own.sort_unstable();
        out.append(&mut own);
    }
    out
}

/// As [`shifts`], and none is cut: a shift that only touches the window is whole.
pub fn whole_shifts(roster: &Roster, (from, to): (i64, i64)) -> Vec<Shift> {
    let around = (from - LONGEST, to + LONGEST);
    shifts(roster, around).into_iter().filter(|shift| shift.to > from && shift.from < to).collect()
}

/// Who is on call at a minute, by layer.
pub fn at(roster: &Roster, minute: i64) -> Vec<Shift> {
    shifts(roster, (minute, minute + 1))
}

/// The turns of a layer without overrides.
fn turns(number: usize, layer: &Layer, (from, to): (i64, i64)) -> Vec<Shift> {
    let mut out = Vec::new();
    let Some(first) = minute_of(layer.start, &layer.zone) else { return out };
    if layer.people.is_empty() || first >= to {
        return out;
    }
    let length = match layer.every {
        Every::Days(days) => days * MINUTES_OF_A_DAY,
        Every::Hours(hours) => hours * 60,
    };
    // Clocks move by an hour or two, so the turn before the one that is reckoned is early enough.
    let mut turn = ((from - first) / length - 1).max(0);
    let mut begin = hand_off(layer, first, turn);
    while let Some(start) = begin.filter(|start| *start < to) {
        let end = hand_off(layer, first, turn + 1);
        let until = end.unwrap_or(to).min(to);
        let person = usize::try_from(turn).unwrap_or(0) % layer.people.len();
        if until > from
            && let Some(person) = layer.people.get(person)
        {
            out.push(Shift { from: start.max(from), to: until, layer: number, person: *person });
        }
        turn += 1;
        begin = end;
    }
    out
}

/// When a turn begins: so many days later on the calendar, or so many hours later.
fn hand_off(layer: &Layer, first: i64, turn: i64) -> Option<i64> {
    match layer.every {
        Every::Hours(hours) => first.checked_add(turn.checked_mul(hours)?.checked_mul(60)?),
        Every::Days(days) => {
            let span = 0.days().try_days(turn.checked_mul(days)?).ok()?;
            minute_of(layer.start.checked_add(span).ok()?, &layer.zone)
        }
    }
}

/// Shifts without what lies in a span.
fn without(shifts: &[Shift], from: i64, to: i64) -> Vec<Shift> {
    let parts = |shift: &Shift| {
        [Shift { to: shift.to.min(from), ..*shift }, Shift { from: shift.from.max(to), ..*shift }]
    };
    shifts.iter().flat_map(parts).filter(|part| part.from < part.to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RelPath;

    pub fn roster(text: &str) -> Roster {
        Roster::read(&RelPath::parse("oncall.yaml").unwrap(), text)
    }

    #[test]
    fn a_weekly_hand_off_keeps_its_hour_over_both_changes_of_clocks_in_three_zones() {
        for (zone, spring, autumn) in [
            ("Europe/Berlin", "2026-03-29", "2026-10-25"),
            ("America/New_York", "2026-03-08", "2026-11-01"),
            ("Australia/Sydney", "2026-10-04", "2026-04-05"),
        ] {
            let text = format!(
                "zone: {zone}\npeople: {{a: {{contact: x}}, b: {{contact: y}}}}\nlayers:\n- {{name: l, people: [a, b], every: 1w, start: 2026-01-05T09:00}}\n"
            );
            let roster = roster(&text);
            assert!(roster.problems.is_empty(), "{:?}", roster.problems);
            let all = shifts(&roster, window(Date::new(2026, 1, 12).unwrap(), 50));
            let hours: Vec<i64> = all.iter().map(|shift| (shift.to - shift.from) / 60).collect();
            let whole = &hours[1..hours.len() - 1];
            assert_eq!(whole.iter().filter(|hours| **hours == 167).count(), 1, "{zone}: spring {spring}");
            assert_eq!(whole.iter().filter(|hours| **hours == 169).count(), 1, "{zone}: autumn {autumn}");
            assert!(whole.iter().all(|hours| (167..=169).contains(hours)));
            // Nobody is left out between two shifts.
            assert!(
                all.windows(2).all(|pair| pair[0].to == pair[1].from && pair[0].person != pair[1].person)
            );
        }
    }

    #[test]
    fn a_hand_off_at_a_minute_that_does_not_exist_is_later_by_what_clocks_skip() {
        let text = "zone: Europe/Berlin\npeople: {a: {contact: x}, b: {contact: y}}\nlayers:\n- {name: l, people: [a, b], every: 1d, start: 2026-03-28T02:30}\n";
        let all = shifts(&roster(text), window(Date::new(2026, 3, 28).unwrap(), 1));
        let lengths: Vec<i64> = all.iter().map(|shift| shift.to - shift.from).collect();
        // From 02:30 to 03:30 summer time is 24 hours; the next, from 03:30 to 02:30, is 23.
        assert_eq!(lengths[..3], [24 * 60, 23 * 60, 24 * 60]);
    }

    #[test]
    fn an_override_takes_its_minutes_and_no_others() {
        let text = "people: {a: {contact: x}, b: {contact: y}}\nlayers:\n- {name: l, people: [a], every: 1w, start: 2026-01-05}\noverrides:\n- {layer: l, person: b, from: 2026-01-06T10:00, to: 2026-01-06T12:00}\n";
        let roster = roster(text);
        assert!(roster.problems.is_empty(), "{:?}", roster.problems);
        let day = Date::new(2026, 1, 6).unwrap().days() * MINUTES_OF_A_DAY;
        let who = |minute: i64| at(&roster, day + minute)[0].person;
        assert_eq!([who(599), who(600), who(719), who(720)], [0, 1, 1, 0]);
    }
}
