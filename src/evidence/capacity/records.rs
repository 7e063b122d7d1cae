//! What was forecast in quarters before, and what came since.

use super::Capacity;
use super::forecasts::QUARTER;
use crate::base::RelPath;
use crate::capacity::{Plan, Recorded, held, recorded_month};
use crate::diag::{Problem, code};
use crate::evidence::Context;
use crate::openapi::notes::Notes;

/// Records that are read: one a quarter for a hundred years.
const MOST: usize = 400;

pub(super) fn read(cx: &Context<'_>, plan: &Plan, out: &mut Capacity) {
    let Ok(folder) = plan.file.parent().join(&plan.forecasts) else { return };
    let is_record = |path: &RelPath| path.parent() == folder && path.extension() == Some("json");
    let files: Vec<RelPath> = cx.world.files(&folder).into_iter().filter(is_record).take(MOST).collect();
    let mut notes = Notes::of(code::CAPACITY_FORECAST);
    for file in files {
        let text = cx.world.text(&file).unwrap_or_default();
        out.records.extend(Recorded::read(&file, &text, &mut notes));
    }
    out.problems.append(&mut notes.problems);
    out.records.sort_by(|one, other| (one.made, &one.name).cmp(&(other.made, &other.name)));
    if cx.due {
        left(plan, out);
        covered(plan, out);
        old(cx, out);
    }
}

/// Series that are outside of what the newest record that knows forecast.
fn left(plan: &Plan, out: &mut Capacity) {
    for series in &plan.series {
        let all = held(&out.records, series);
        let Some(last) = all.last() else { continue };
        if last.is_in(last.foretold.in_95) {
            continue;
        }
        let interval = last.foretold.in_95;
        let message = format!(
            "`{}` left its 95 % interval: in {} it was {} {}, and {} forecast {} to {}",
            series.name,
            recorded_month(last.foretold),
            crate::capacity::known(last.actual),
            series.unit,
            last.record.name,
            interval.low,
            interval.high
        );
        let place = series.last.as_ref().unwrap_or(&series.declared);
        let found = Problem::new(code::CAPACITY_FORECAST, place, format!("{} left", series.name), message);
        let found = found.related(&last.foretold.place, "what was forecast");
        out.problems.push(found.help(
            "find out what changed, and say so in the plan: what follows from the forecast may not hold",
        ));
    }
}

/// Values that must have come before a share of them says something.
const LEAST: usize = 10;

/// The share of values in their 95 % intervals below which these are not believed, in percent: of ten that are independent, fewer than
/// eight lie there by chance once in 90 times.
const COVERED: usize = 80;

/// Intervals that hold too little of what came.
fn covered(plan: &Plan, out: &mut Capacity) {
    let all = plan.series.iter().flat_map(|series| held(&out.records, series));
    let inside: Vec<bool> = all.map(|one| one.is_in(one.foretold.in_95)).collect();
    let (all, inside) = (inside.len(), inside.iter().filter(|is| **is).count());
    if all < LEAST || inside * 100 >= all * COVERED {
        return;
    }
    let Some(last) = out.records.last() else { return };
    let message = format!(
        "of {all} values that came since forecasts were recorded, {inside} lie in their 95 % interval"
    );
    let place = crate::diag::Place::whole(last.file.clone());
    let found = Problem::new(code::CAPACITY_FORECAST, &place, "coverage", message);
    out.problems.push(found.help("plan with more headroom, until forecasts hold again"));
}

/// Records that nobody made this quarter.
fn old(cx: &Context<'_>, out: &mut Capacity) {
    let Some(last) = out.records.last() else { return };
    let age = cx.today.days() - last.made.days();
    if age > QUARTER {
        let message = format!("forecasts were recorded last on {}, {age} days ago", last.made);
        let place = crate::diag::Place::whole(last.file.clone());
        let found = Problem::new(code::CAPACITY_FORECAST, &place, "record", message);
        out.problems.push(found.help("`oathbook capacity record` writes those of this quarter"));
    }
}
