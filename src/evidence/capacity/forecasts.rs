//! Whether series can be forecast, and are measured still.

use super::Capacity;
use crate::capacity::Plan;
use crate::diag::{Problem, code};
use crate::evidence::Context;

/// Days after which a forecast is due again: a quarter, and a few.
pub const QUARTER: i64 = 95;

pub(super) fn check(cx: &Context<'_>, plan: &Plan, out: &mut Capacity) {
    for (series, outlook) in plan.series.iter().zip(&out.outlooks) {
        if series.faulty {
            // Its rows say why.
            continue;
        }
        if let Err(why) = outlook {
            let message = format!("there is no ground for a forecast of `{}`: {why}", series.name);
            let found = Problem::new(code::CAPACITY_FORECAST, &series.declared, series.name.clone(), message);
            let help = "measure longer, or take a series out of the plan that says nothing about capacity";
            out.problems.push(found.help(help));
        }
        let age = cx.today.days() - series.until().days();
        if cx.due && age > QUARTER {
            let message =
                format!("`{}` was measured last until {}, {age} days ago", series.name, series.until());
            let place = series.last.as_ref().unwrap_or(&series.declared);
            let found = Problem::new(code::CAPACITY_FORECAST, place, format!("{} age", series.name), message);
            out.problems
                .push(found.help("add what was measured since: forecasts are made again each quarter"));
        }
    }
}
