//! Capacity: whether series are in order, whether there is ground for a forecast, and whether what is planned will do.

mod budgets;
mod carried;
mod forecasts;
mod records;
mod stated;

use super::check::Check;
use super::{Context, Evidence, Reads};
use crate::base::{RelPath, parallel_map};
use crate::capacity::{Actual, Carried, Month, Outlook, Plan, Prices, Recorded, Series, carry, outlook};
use crate::diag::{Group, Place, Problem, code};
pub use stated::{Field, Stated};

/// What capacity is planned from, and what follows from it.
#[derive(Debug, Default)]
pub struct Capacity {
    /// The plan with its series, where book.toml names one.
    pub plan: Option<Plan>,
    /// What will come of each series, in their order, or why nobody can say.
    pub outlooks: Vec<Result<Outlook, &'static str>>,
    /// How long each resource will do, in their order.
    pub carried: Vec<Option<Carried>>,
    /// Forecasts of quarters before, the oldest first.
    pub records: Vec<Recorded>,
    /// What it costs, where the plan names prices.
    pub prices: Option<Prices>,
    /// What the months to come cost.
    pub budget: Vec<Month>,
    /// What was spent, against its budget.
    pub actuals: Vec<Actual>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Evidence for Capacity {
    const NAME: &'static str = "capacity";
    const READS: &'static [Reads] = &[Reads::Sources];
    const BROUGHT_BY: Option<&'static str> = Some("capacity");
    const CHECKS: &'static [&'static Check] = &[
        &Check::seen::<Self>(
            code::CAPACITY_SERIES,
            Group::Broken,
            "a series of measurements is not in order",
            include_str!("capacity-series.md"),
            "src/capacity",
        ),
        &Check::seen::<Self>(
            code::CAPACITY_PLAN,
            Group::Broken,
            "the capacity plan cannot be read, or does not carry the forecast",
            include_str!("capacity-plan.md"),
            "src/evidence/capacity",
        ),
        &Check::seen::<Self>(
            code::CAPACITY_PRICE,
            Group::Broken,
            "a price or what was spent cannot be read, does not fit, or is old",
            include_str!("capacity-price.md"),
            "src/capacity",
        ),
        &Check::seen::<Self>(
            code::CAPACITY_FORECAST,
            Group::Suspect,
            "a series has no ground for a forecast, or left what was forecast",
            include_str!("capacity-forecast.md"),
            "src/evidence/capacity/forecasts.rs",
        ),
    ];

    fn problems<'c>(cx: &'c Context<'_>) -> Vec<&'c Problem> {
        cx.of::<Self>().problems.iter().collect()
    }

    fn read(cx: &Context<'_>) -> Self {
        let mut out = Self::default();
        let Some(mut plan) = plan(cx, &mut out.problems) else { return out };
        out.problems.append(&mut plan.problems);
        for series in &mut plan.series {
            measured(cx, &plan.file, series, &mut out.problems);
        }
        out.outlooks = parallel_map(&plan.series, outlook);
        out.carried = plan
            .resources
            .iter()
            .map(|resource| {
                let at = plan.series.iter().position(|series| series.name == resource.driver)?;
                let outlook = out.outlooks.get(at).and_then(|outlook| outlook.as_ref().ok());
                carry(&plan, resource, plan.series.get(at)?, outlook)
            })
            .collect();
        forecasts::check(cx, &plan, &mut out);
        records::read(cx, &plan, &mut out);
        budgets::read(cx, &plan, &mut out);
        carried::check(cx, &plan, &mut out);
        out.plan = Some(plan);
        out
    }
}

impl Capacity {
    /// A series with what will come of it.
    pub fn series(&self, name: &str) -> Option<(&Series, &Result<Outlook, &'static str>)> {
        let plan = self.plan.as_ref()?;
        plan.series.iter().zip(&self.outlooks).find(|(series, _)| series.name == name)
    }

    /// The plan with its series, each with what will come of it.
    pub fn all(&self) -> impl Iterator<Item = (&Series, &Result<Outlook, &'static str>)> {
        self.plan.iter().flat_map(|plan| &plan.series).zip(&self.outlooks)
    }
}

/// The plan that book.toml names.
fn plan(cx: &Context<'_>, problems: &mut Vec<Problem>) -> Option<Plan> {
    let name = cx.config.capacity.plan.as_ref()?;
    let read = cx.config.root.join(name).ok().and_then(|file| Some((cx.world.text(&file).ok()?, file)));
    let Some((text, file)) = read else {
        let book = Place::whole(cx.config.file.clone().unwrap_or_else(RelPath::root));
        let message = format!("`capacity.plan` names `{name}`, which cannot be read");
        problems.push(Problem::new(code::CAPACITY_PLAN, &book, &**name, message));
        return None;
    };
    Some(Plan::read(&file, &text))
}

/// The values of a series.
fn measured(cx: &Context<'_>, plan: &RelPath, series: &mut Series, problems: &mut Vec<Problem>) {
    let file = plan.parent().join(&series.source).ok();
    let read = file.and_then(|file| Some((cx.world.text(&file).ok()?, file)));
    let Some((text, file)) = read else {
        let message =
            format!("`{}`, which the series `{}` names, cannot be read", series.source, series.name);
        let found = Problem::new(code::CAPACITY_SERIES, &series.place, series.name.clone(), message);
        problems.push(found.help("files are named from the folder of the plan"));
        return;
    };
    problems.extend(series.read(&file, &text));
}
