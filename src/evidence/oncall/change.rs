//! What a change of the roster means for people: whose shifts move in the weeks to come.

use super::{Oncall, told};
use crate::base::RelPath;
use crate::diag::{Place, Problem, code};
use crate::evidence::context::Context;
use crate::oncall::foreign::{Foreign, differences};
use crate::oncall::{Roster, shifts, window};

/// Weeks that are looked at: who has planned further ahead reads the calendar.
const WEEKS: i64 = 8;

/// Spans that are told; a moved layer makes one for each shift.
const MOST: usize = 20;

/// Adds a note for each span in which somebody else is on call than before.
pub(super) fn changed(cx: &Context<'_>, file: &RelPath, out: &mut Oncall) {
    let Some(text) = cx.base.and_then(|base| base.world.text(file).ok()) else { return };
    let before = Roster::read(file, &text);
    let window = window(cx.today, WEEKS);
    let old = as_foreign(&before, &out.roster, window);
    let found = differences(&out.roster, &old, window);
    for one in found.iter().take(MOST) {
        let names = |people: &[usize]| {
            let names: Vec<&str> = people
                .iter()
                .filter_map(|person| out.roster.people.get(*person))
                .map(|one| one.name.as_str())
                .collect();
            if names.is_empty() { "nobody".to_owned() } else { names.join(" and ") }
        };
        let (now, was) = (names(&one.roster), names(&one.tool));
        let layer = out.roster.layers.iter().find(|layer| layer.level == one.level);
        let place = layer.map_or_else(|| Place::whole(file.clone()), |layer| layer.place.clone());
        let message = format!(
            "with this change {now} is on call at level {} from {} to {}, where it was {was}",
            one.level,
            told(one.from),
            told(one.to)
        );
        let subject = format!("level {} {}", one.level, told(one.from));
        out.problems.push(Problem::new(code::ONCALL_CHANGE, &place, subject, message).help("tell both"));
    }
    if let Some(more) = found.len().checked_sub(MOST).filter(|more| *more > 0) {
        let message =
            format!("with this change {more} more spans of {WEEKS} weeks have somebody else on call");
        out.problems.push(Problem::new(code::ONCALL_CHANGE, &Place::whole(file.clone()), "more", message));
    }
}

/// The old shifts, by the people of the new roster. Who is in it no more is somebody it does not know.
fn as_foreign(before: &Roster, now: &Roster, window: (i64, i64)) -> Foreign {
    let mut out = Foreign::default();
    for level in now.levels() {
        // A level without anybody before is told of, too.
        if let Some(first) =
            now.layers.iter().find(|layer| layer.level == level).and_then(|layer| layer.people.first())
        {
            out.shifts.entry((level, *first)).or_default();
        }
    }
    for shift in shifts(before, window) {
        let (Some(layer), Some(person)) = (before.layers.get(shift.layer), before.people.get(shift.person))
        else {
            continue;
        };
        match now.people.iter().position(|one| one.name == person.name) {
            Some(person) => out.shifts.entry((layer.level, person)).or_default().push((shift.from, shift.to)),
            None => {
                out.unknown.insert(person.name.clone());
            }
        }
    }
    out.shifts.values_mut().for_each(|spans| *spans = crate::oncall::foreign::joined(std::mem::take(spans)));
    out
}
