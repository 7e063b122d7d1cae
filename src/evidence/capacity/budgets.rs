//! What capacity costs, and whether what was spent is near it.

use super::Capacity;
use super::forecasts::QUARTER;
use crate::base::RelPath;
use crate::capacity::{Actual, Plan, Prices, Resource, Series, actuals, budget};
use crate::diag::{Place, Problem, code};
use crate::evidence::Context;

pub(super) fn read(cx: &Context<'_>, plan: &Plan, out: &mut Capacity) {
    let Some((file, text)) = beside(cx, plan, plan.prices.as_ref(), &mut out.problems) else { return };
    let mut prices = Prices::read(&file, &text);
    out.problems.append(&mut prices.problems);
    out.problems.extend(prices.fit(plan));
    if cx.due {
        for price in prices.list.iter().chain(&prices.costs) {
            let age = cx.today.days() - price.as_of.days();
            if age > QUARTER {
                let message = format!("the price `{}` is of {}, {age} days ago", price.name, price.as_of);
                let subject = format!("{} age", price.name);
                let found = Problem::new(code::CAPACITY_PRICE, &price.place, subject, message);
                out.problems.push(found.help("look it up again, and write the new day"));
            }
        }
    }
    let carried =
        plan.resources.iter().zip(&out.carried).filter_map(|(resource, carried)| {
            Some((resource, plan.find(&resource.driver)?, carried.as_ref()?))
        });
    out.budget = budget(&prices, carried);
    out.actuals = spent(cx, plan, &prices, &mut out.problems);
    out.prices = Some(prices);
}

/// What was spent, where the plan names a file of it.
fn spent(cx: &Context<'_>, plan: &Plan, prices: &Prices, problems: &mut Vec<Problem>) -> Vec<Actual> {
    let Some((file, text)) = beside(cx, plan, plan.actuals.as_ref(), problems) else { return Vec::new() };
    let of = |name: &str| {
        let resource: &Resource = plan.resources.iter().find(|one| one.name == name)?;
        let series: &Series = plan.find(&resource.driver)?;
        Some((resource, series))
    };
    let (all, found) = actuals(&file, &text, prices, &of);
    problems.extend(found);
    all
}

/// The text of a file beside the plan, or a problem with what names it.
fn beside(
    cx: &Context<'_>,
    plan: &Plan,
    named: Option<&(String, Place)>,
    problems: &mut Vec<Problem>,
) -> Option<(RelPath, String)> {
    let (name, place) = named?;
    let file = plan.file.parent().join(name).ok();
    let read = file.and_then(|file| Some((file.clone(), cx.world.text(&file).ok()?)));
    if read.is_none() {
        let message = format!("`{name}`, which the plan names, cannot be read");
        let found = Problem::new(code::CAPACITY_PRICE, place, name.clone(), message);
        problems.push(found.help("files are named from the folder of the plan"));
    }
    read
}
