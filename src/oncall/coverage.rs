//! Whether somebody can be reached in every minute, and how the load is shared.

use super::roster::Roster;
use super::shifts::{Shift, shifts};
use jiff::Timestamp;
use jiff::civil::Weekday;

/// Minutes in which nobody can be reached at a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The level.
    pub level: i64,
    /// From this minute.
    pub from: i64,
    /// Until this minute.
    pub to: i64,
    /// Who is on call then and cannot be reached.
    pub away: Vec<usize>,
}

/// What a window comes to at one level: covered, meant to be open and open minutes are all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The level.
    pub level: i64,
    /// Minutes with somebody.
    pub covered: i64,
    /// Minutes without, on purpose.
    pub declared: i64,
    /// The rest.
    pub gaps: Vec<Gap>,
}

/// Spans in order, apart from one another.
pub(super) type Spans = Vec<(i64, i64)>;

pub(super) fn merged(mut spans: Spans) -> Spans {
    spans.sort_unstable();
    let mut out: Spans = Vec::new();
    for (from, to) in spans.into_iter().filter(|(from, to)| from < to) {
        match out.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => out.push((from, to)),
        }
    }
    out
}

/// What of `all` is not in `taken`; both are merged.
pub(super) fn minus(all: &Spans, taken: &Spans) -> Spans {
    let mut out = Vec::new();
    for (from, to) in all {
        let mut at = *from;
        for (start, end) in taken.iter().filter(|(start, end)| start < to && end > from) {
            out.push((at, *start.min(to)));
            at = at.max(*end);
        }
        out.push((at, *to));
    }
    out.retain(|(from, to)| from < to);
    out
}

fn minutes(spans: &Spans) -> i64 {
    spans.iter().map(|(from, to)| to - from).sum()
}

/// Minutes in which a person cannot be reached.
pub(super) fn away(roster: &Roster, person: usize, window: (i64, i64)) -> Spans {
    if roster.people.get(person).is_none_or(|person| person.contact.is_none()) {
        return vec![window];
    }
    let own = roster.absences.iter().filter(|absence| absence.person == person);
    merged(own.map(|absence| (absence.from.max(window.0), absence.to.min(window.1))).collect())
}

/// Every level of a roster over a window.
pub fn coverage(roster: &Roster, window: (i64, i64)) -> Vec<Coverage> {
    let all = shifts(roster, window);
    let away: Vec<Spans> = (0..roster.people.len()).map(|person| away(roster, person, window)).collect();
    let none = Spans::new();
    roster
        .levels()
        .into_iter()
        .map(|level| {
            let is_here =
                |shift: &&Shift| roster.layers.get(shift.layer).is_some_and(|layer| layer.level == level);
            let here: Vec<&Shift> = all.iter().filter(is_here).collect();
            let reachable = here.iter().flat_map(|shift| {
                minus(&vec![(shift.from, shift.to)], away.get(shift.person).unwrap_or(&none))
            });
            let covered = merged(reachable.collect());
            let open = minus(&vec![window], &covered);
            let meant = roster.gaps.iter().filter(|gap| gap.level == level).map(|gap| (gap.from, gap.to));
            let left = minus(&open, &merged(meant.collect()));
            let gap = |(from, to): &(i64, i64)| {
                let on_call = here.iter().filter(|shift| shift.from < *to && shift.to > *from);
                let mut away: Vec<usize> = on_call.map(|shift| shift.person).collect();
                away.sort_unstable();
                away.dedup();
                Gap { level, from: *from, to: *to, away }
            };
            let declared = minutes(&open) - minutes(&left);
            Coverage { level, covered: minutes(&covered), declared, gaps: left.iter().map(gap).collect() }
        })
        .collect()
}

/// The first minute in which a person is on call at two levels at once, for each person and pair of levels.
pub fn doubled(roster: &Roster, window: (i64, i64)) -> Vec<(usize, i64, i64, i64)> {
    let level = |shift: &Shift| roster.layers.get(shift.layer).map_or(0, |layer| layer.level);
    let mut all = shifts(roster, window);
    all.sort_unstable_by_key(|shift| (shift.person, shift.from));
    let mut out: Vec<(usize, i64, i64, i64)> = Vec::new();
    for (at, one) in all.iter().enumerate() {
        for other in
            all.iter().skip(at + 1).take_while(|other| other.person == one.person && other.from < one.to)
        {
            let (first, second) = (level(one).min(level(other)), level(one).max(level(other)));
            let known = out.iter().any(|known| (known.0, known.1, known.2) == (one.person, first, second));
            if first != second && !known {
                out.push((one.person, first, second, other.from));
            }
        }
    }
    out
}

/// What a window asks of one person, in hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// On call.
    pub hours: i64,
    /// Of these, from 22 to 6 o'clock where they live.
    pub nights: i64,
    /// Of these, on Saturday and Sunday where they live.
    pub weekends: i64,
    /// Nights of weekends, which are counted in both.
    pub both: i64,
}

/// The load of each person, in the order of the roster. Whole hours are counted, by how they begin.
pub fn load(roster: &Roster, window: (i64, i64)) -> Vec<Load> {
    let mut out = vec![Load::default(); roster.people.len()];
    for shift in shifts(roster, window) {
        let (Some(load), Some(person)) = (out.get_mut(shift.person), roster.people.get(shift.person)) else {
            continue;
        };
        let mut minute = shift.from;
        while minute < shift.to {
            let Ok(instant) = Timestamp::from_second(minute * 60) else { break };
            let local = person.zone.to_datetime(instant);
            load.hours += 1;
            let is_night = local.hour() >= 22 || local.hour() < 6;
            let is_weekend = matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday);
            load.nights += i64::from(is_night);
            load.weekends += i64::from(is_weekend);
            load.both += i64::from(is_night && is_weekend);
            minute += 60;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Date, RelPath};
    use crate::oncall::window;
    use proptest::prelude::*;

    fn roster(text: &str) -> Roster {
        Roster::read(&RelPath::parse("oncall.yaml").unwrap(), text)
    }

    #[test]
    fn nobody_is_a_gap_of_all_minutes_and_so_is_who_has_no_contact() {
        for people in ["[]", "[a]"] {
            let text = format!(
                "people: {{a: {{}}}}\nlayers:\n- {{name: l, people: {people}, every: 1w, start: 2026-01-01}}\n"
            );
            let span = window(Date::new(2026, 1, 5).unwrap(), 52);
            let [one] = coverage(&roster(&text), span).try_into().unwrap();
            assert_eq!((one.covered, one.declared, one.gaps.len()), (0, 0, 1));
            assert_eq!((one.gaps[0].from, one.gaps[0].to), span);
        }
    }

    #[test]
    fn an_absence_of_days_is_a_gap_that_names_who_is_away_unless_somebody_stands_in() {
        let text = "people: {a: {contact: x}, b: {contact: y}}\nlayers:\n- {name: l, people: [a], every: 1w, start: 2026-01-01}\nabsences:\n- {person: a, from: 2026-01-06, to: 2026-01-08}\n";
        let span = window(Date::new(2026, 1, 5).unwrap(), 1);
        let [one] = coverage(&roster(text), span).try_into().unwrap();
        assert_eq!((one.gaps.len(), one.gaps[0].to - one.gaps[0].from), (1, 2 * 24 * 60));
        assert_eq!(one.gaps[0].away, [0]);
        let stands_in =
            format!("{text}overrides:\n- {{layer: l, person: b, from: 2026-01-06, to: 2026-01-08}}\n");
        assert!(coverage(&roster(&stands_in), span)[0].gaps.is_empty());
        let meant =
            format!("{text}gaps:\n- {{level: 1, from: 2026-01-06, to: 2026-01-08, reason: a holiday}}\n");
        let [one] = coverage(&roster(&meant), span).try_into().unwrap();
        assert_eq!((one.gaps.len(), one.declared), (0, 2 * 24 * 60));
    }

    #[test]
    fn a_person_at_two_levels_at_once_is_seen_and_load_is_shared() {
        let text = "people: {a: {contact: x}, b: {contact: y}}\nlayers:\n- {name: one, people: [a, b], every: 1w, start: 2026-01-05}\n- {name: two, level: 2, people: [b, a, b], every: 1w, start: 2026-01-05}\n";
        let roster = roster(text);
        let span = window(Date::new(2026, 1, 5).unwrap(), 6);
        assert_eq!(
            doubled(&roster, span).iter().map(|one| (one.0, one.1, one.2)).collect::<Vec<_>>(),
            [(0, 1, 2), (1, 1, 2)]
        );
        let load = load(&roster, span);
        assert_eq!(load.iter().map(|load| load.hours).sum::<i64>(), 2 * 6 * 168);
        assert_eq!(load[0].nights, load[0].hours / 3);
        assert_eq!(load[0].weekends, load[0].hours * 2 / 7);
    }

    proptest! {
        #[test]
        fn covered_declared_and_open_minutes_are_all_minutes(
            absences in proptest::collection::vec((0..3_usize, 0..20_i64, 1..9_i64), 0..6),
            gaps in proptest::collection::vec((0..20_i64, 1..5_i64), 0..4),
            overrides in proptest::collection::vec((0..3_usize, 0..25_i64, 1..6_i64), 0..5),
            days in 1..9_i64,
        ) {
            let day = |n: i64| Date::from_days(Date::new(2026, 3, 20).unwrap().days() + n).to_string();
            let mut text = format!("zone: Europe/Berlin\npeople: {{p0: {{contact: x}}, p1: {{contact: x}}, p2: {{}}}}\nlayers:\n- {{name: l, people: [p0, p1, p2], every: {days}d, start: 2026-03-01T02:30}}\nabsences:\n");
            for (person, from, long) in absences {
                text += &format!("- {{person: p{person}, from: {}, to: {}}}\n", day(from), day(from + long));
            }
            text += "gaps:\n";
            for (from, long) in gaps {
                text += &format!("- {{level: 1, from: {}, to: {}, reason: r}}\n", day(from), day(from + long));
            }
            text += "overrides:\n";
            for (person, from, long) in overrides {
                text += &format!("- {{layer: l, person: p{person}, from: {}, to: {}}}\n", day(from), day(from + long));
            }
            let span = window(Date::new(2026, 3, 20).unwrap(), 4);
            for one in coverage(&roster(&text), span) {
                let open: i64 = one.gaps.iter().map(|gap| gap.to - gap.from).sum();
                prop_assert_eq!(one.covered + one.declared + open, span.1 - span.0);
            }
        }
    }
}
