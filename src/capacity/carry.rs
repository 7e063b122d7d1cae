//! What resources need, what is planned for them, and until when that will do.

use super::digits::Grain;
use super::outlook::{Ahead, Outlook};
use super::{Plan, Series};
use crate::base::Date;
use crate::diag::Place;

/// Something that a service uses up.
#[derive(Clone, Debug)]
pub struct Resource {
    /// As in `disk`.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// The unit of what it needs.
    pub unit: String,
    /// The series that it grows with.
    pub driver: String,
    /// How much of it each unit of the driver needs.
    pub demand: f64,
    /// What is needed in any case.
    pub base: f64,
    /// Where the demand comes from.
    pub source: String,
    /// How far the peak lies above what the driver tells, as a factor.
    pub peak: f64,
    /// How much of it one node has.
    pub each: f64,
    /// Nodes that may be lost without harm.
    pub lost: f64,
    /// What must stay free, in percent.
    pub headroom: f64,
    /// Nodes by date, in order.
    pub planned: Vec<Planned>,
    /// What comes beside growth.
    pub events: Vec<Event>,
    /// The most nodes that the provider gives.
    pub quota: Option<f64>,
    /// Days from an order until it can be used.
    pub lead_days: i64,
    /// The utilization at which it is scaled, in percent.
    pub trigger: Option<f64>,
    /// How it is scaled.
    pub scaling: Option<String>,
    /// The name of its price.
    pub price: Option<(String, Place)>,
    /// That it may run short, and why.
    pub accepted: Option<Accepted>,
}

/// Nodes from a day on.
#[derive(Clone, Debug)]
pub struct Planned {
    /// From this day.
    pub from: Date,
    /// All of them, not those that are added.
    pub nodes: f64,
    /// Where that is written.
    pub place: Place,
}

/// Something that adds load from a day on: a launch, a large customer.
#[derive(Clone, Debug)]
pub struct Event {
    /// From this day.
    pub from: Date,
    /// What.
    pub what: String,
    /// So many units of the driver.
    pub adds: f64,
    /// Who expects that.
    pub source: String,
}

/// A risk that somebody accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Why.
    pub reason: String,
    /// The last day on which that holds.
    pub until: Date,
    /// Where that is written.
    pub place: Place,
}

/// What a resource needs in one period, and what it may use.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Need {
    /// The period.
    pub number: i64,
    /// By the lower end of the driver's 80 % interval.
    pub low: f64,
    /// By the forecast.
    pub middle: f64,
    /// By the upper end of the driver's 80 % interval.
    pub high: f64,
    /// By the upper end of the interval that the plan must carry.
    pub upper: f64,
    /// What may be used then: without lost nodes, and without headroom.
    pub usable: f64,
    /// Planned nodes.
    pub nodes: f64,
    /// To what needs are rounded.
    pub grain: Grain,
}

/// How long a resource will do.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// What was needed in the last period that was measured.
    pub now: f64,
    /// What may be used then.
    pub usable: f64,
    /// What all nodes have together then.
    pub capacity: f64,
    /// What comes, period by period; none where the driver has no forecast.
    pub needs: Vec<Need>,
    /// The first day of the period in which the forecast needs more than may be used.
    pub exhausted: Option<Date>,
    /// The same by the upper end of the interval that the plan must carry.
    pub earliest: Option<Date>,
    /// The last day to order more, so that it is there when the upper end needs it.
    pub order_by: Option<Date>,
}

impl Carried {
    /// How much of all there is was used in the last period, in percent.
    pub fn utilization(&self) -> Option<f64> {
        (self.capacity > 0.0).then(|| self.now / self.capacity * 100.0)
    }

    /// The first period in which planned capacity is less than the upper end.
    pub fn short(&self) -> Option<&Need> {
        self.needs.iter().find(|need| need.upper > need.usable)
    }
}

impl Resource {
    /// The nodes that are planned for a day.
    pub fn nodes(&self, day: Date) -> f64 {
        self.planned.iter().rev().find(|one| one.from <= day).map_or(0.0, |one| one.nodes)
    }

    /// What may be used of so many nodes.
    pub fn usable(&self, nodes: f64) -> f64 {
        (nodes - self.lost).max(0.0) * self.each * (1.0 - self.headroom / 100.0)
    }

    /// The nodes that a need asks for.
    pub fn asked(&self, need: f64) -> f64 {
        let each = self.each * (1.0 - self.headroom / 100.0);
        // A hair above a whole number is none of it.
        libm::ceil(need / each - 1e-9).max(0.0) + self.lost
    }

    /// What a load of the driver asks for on a day; what was measured until a day holds what events before it brought.
    fn need(&self, driver: f64, (until, day): (Date, Date)) -> f64 {
        let to_come = self.events.iter().filter(|event| (until..=day).contains(&event.from));
        let added: f64 = to_come.map(|event| event.adds).sum();
        self.base + (driver * self.peak + added) * self.demand
    }
}

/// How long a resource will do.
pub fn carry(
    plan: &Plan,
    resource: &Resource,
    series: &Series,
    outlook: Option<&Outlook>,
) -> Option<Carried> {
    let last = *series.values.last()?;
    let today = series.period.first(series.end() - 1);
    let nodes = resource.nodes(today);
    let needs: Vec<Need> = outlook
        .into_iter()
        .flat_map(|outlook| &outlook.ahead)
        .map(|ahead| need(resource, series, ahead, plan.carries))
        .collect();
    let first = |of: fn(&Need) -> f64| {
        let found = needs.iter().find(|need| of(need) > need.usable);
        found.map(|need| series.period.first(need.number))
    };
    let (exhausted, earliest) = (first(|need| need.middle), first(|need| need.upper));
    let order_by = earliest.map(|day| Date::from_days(day.days() - resource.lead_days));
    let now = resource.base + last * resource.peak * resource.demand;
    Some(Carried {
        now,
        usable: resource.usable(nodes),
        capacity: nodes * resource.each,
        needs,
        exhausted,
        earliest,
        order_by,
    })
}

fn need(resource: &Resource, series: &Series, ahead: &Ahead, carries: u8) -> Need {
    let day = series.period.first(ahead.number);
    let of = |driver: f64| resource.need(driver, (series.until(), day));
    let upper = if carries == 80 { ahead.in_80.high } else { ahead.in_95.high };
    let (middle, upper) = (of(ahead.value), of(upper));
    let nodes = resource.nodes(day);
    Need {
        number: ahead.number,
        low: of(ahead.in_80.low),
        middle,
        high: of(ahead.in_80.high),
        upper,
        usable: resource.usable(nodes),
        nodes,
        grain: Grain::of(middle, of(ahead.in_95.low), of(ahead.in_95.high)),
    }
}
