//! Test pages: whether each person on call has acknowledged one lately.

use super::Oncall;
use crate::base::{Date, RelPath, lasting};
use crate::diag::{Place, Problem, code};
use crate::evidence::context::Context;

/// Adds a problem for each person of a layer whose last acknowledged test page is too long ago; only `--due` asks.
pub(super) fn tested(cx: &Context<'_>, out: &mut Oncall) {
    let Some(every) = &cx.config.oncall.test_every else { return };
    let Some(days) = lasting::days(every) else {
        let place = Place::whole(cx.config.file.clone().unwrap_or_else(RelPath::root));
        let message = format!("`oncall.test-every` is `{every}`, which is no time span");
        let found = Problem::new(code::ONCALL_TEST, &place, &**every, message);
        out.problems.push(found.help("write it as `90 days` or `3 months`"));
        return;
    };
    if !cx.due {
        return;
    }
    for (number, person) in out.roster.people.iter().enumerate() {
        if !out.roster.layers.iter().any(|layer| layer.people.contains(&number)) {
            continue;
        }
        let message = match person.answered {
            None => format!("`{}` never acknowledged a test page", person.name),
            Some(day) if day.days() + days < cx.today.days() => {
                let last = Date::from_days(day.days() + days);
                format!("`{}` acknowledged a test page on {day}; the next was due by {last}", person.name)
            }
            Some(_) => continue,
        };
        let found = Problem::new(code::ONCALL_TEST, &person.place, &*person.name, message);
        out.problems.push(found.help("send one; once it is acknowledged, write the day as `answered`"));
    }
}
