//! What pages state of capacity: the values behind `<!-- fact: capacity:NAME.FIELD -->`.

use super::Capacity;
use crate::base::Date;
use crate::capacity::{Carried, Outlook, Resource, Series, known};

/// A value that a page states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// The series or the resource.
    pub name: String,
    /// What of it.
    pub field: Field,
}

/// What of capacity a page states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Of a series: its last value.
    Now,
    /// Of a series: what is forecast so many months after it.
    Forecast(usize),
    /// Of a series: the growth by month that is forecast, in percent.
    Growth,
    /// Of a series: how it is forecast.
    Method,
    /// Of a resource: how much of all there is was used, in percent.
    Utilization,
    /// Of a resource: what it needs at the end of the forecast.
    Need,
    /// Of a resource: the day from which the forecast needs more than may be used.
    Exhausted,
    /// Of a resource: the same by the upper end of the interval that the plan must carry.
    Earliest,
    /// Of a resource: the last day to order more.
    OrderBy,
}

const FIELDS: &[(&str, Field)] = &[
    ("now", Field::Now),
    ("forecast-3m", Field::Forecast(3)),
    ("forecast-6m", Field::Forecast(6)),
    ("forecast-12m", Field::Forecast(12)),
    ("growth", Field::Growth),
    ("method", Field::Method),
    ("utilization", Field::Utilization),
    ("need", Field::Need),
    ("exhausted", Field::Exhausted),
    ("earliest", Field::Earliest),
    ("order-by", Field::OrderBy),
];

/// A message, and what to do.
type Unclear = (String, String);

impl Stated {
    /// Reads `NAME.FIELD`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, field) = text.rsplit_once('.').unwrap_or((text, ""));
        let known = FIELDS.iter().find(|(known, _)| *known == field);
        let Some((_, field)) = known.filter(|_| !name.is_empty()) else {
            let all: Vec<String> = FIELDS.iter().map(|(name, _)| format!("`.{name}`")).collect();
            return Err(format!(
                "`capacity:{text}` asks for nothing; write `capacity:NAME` with {}",
                all.join(", ")
            ));
        };
        Ok(Self { name: name.to_owned(), field: *field })
    }
}

impl Field {
    /// Whether it is one of a series, and not of a resource.
    fn is_of_series(self) -> bool {
        matches!(self, Self::Now | Self::Forecast(_) | Self::Growth | Self::Method)
    }
}

impl Capacity {
    /// The value, and what it follows from.
    ///
    /// # Errors
    /// Why there is none.
    pub fn answer(&self, stated: &Stated) -> Result<(String, String), Unclear> {
        let Some(plan) = &self.plan else {
            return Err((
                "there is no capacity plan".into(),
                "`capacity.plan` in book.toml names its file".into(),
            ));
        };
        let name = stated.name.as_str();
        let missing = |what: &str, all: Vec<&str>| {
            let near = crate::diag::nearest(name, all.iter().copied());
            let help = near.map_or_else(
                || format!("there are {}", all.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            (format!("the capacity plan has no {what} `{name}`"), help)
        };
        let by = |what: &str| format!("the {what} `{name}` of {}", plan.file);
        if stated.field.is_of_series() {
            let (series, outlook) = self.series(name).ok_or_else(|| {
                missing("series", plan.series.iter().map(|one| one.name.as_str()).collect())
            })?;
            return Ok((of_series(stated.field, series, outlook)?, by("series")));
        }
        let found = plan.resources.iter().zip(&self.carried).find(|(resource, _)| resource.name == name);
        let (resource, carried) = found.ok_or_else(|| {
            missing("resource", plan.resources.iter().map(|one| one.name.as_str()).collect())
        })?;
        Ok((of_resource(stated.field, resource, carried.as_ref())?, by("resource")))
    }
}

fn of_series(
    field: Field,
    series: &Series,
    outlook: &Result<Outlook, &'static str>,
) -> Result<String, Unclear> {
    let ground = || format!("there is no ground for a forecast of `{}`", series.name);
    if field == Field::Now {
        let last = series.values.last().copied();
        return last
            .map(known)
            .ok_or_else(|| (format!("`{}` has no values", series.name), "measure it first".into()));
    }
    let outlook = outlook
        .as_ref()
        .map_err(|why| (format!("{}: {why}", ground()), "say in words what is known".into()))?;
    let value = match field {
        Field::Forecast(months) => outlook.at(series, months).map(|ahead| ahead.grain.told(ahead.value)),
        Field::Growth => outlook.growth(series).map(|[_, middle, _]| format!("{middle:.1}")),
        _ => Some(outlook.method.name().to_owned()),
    };
    value.ok_or_else(|| (format!("{} that far", ground()), "ask for a nearer horizon".into()))
}

fn of_resource(field: Field, resource: &Resource, carried: Option<&Carried>) -> Result<String, Unclear> {
    let unclear = |why: &str| (format!("`{}` {why}", resource.name), "say in words what is known".into());
    let carried = carried.ok_or_else(|| unclear("grows with a series without values"))?;
    if field == Field::Utilization {
        let share = carried.utilization().ok_or_else(|| unclear("has no nodes"))?;
        return Ok(format!("{share:.0}"));
    }
    let last = carried.needs.last().ok_or_else(|| unclear("grows with a series that cannot be forecast"))?;
    let day = |day: Option<Date>| {
        day.map_or_else(|| Ok("not within the forecast".to_owned()), |day| Ok(day.to_string()))
    };
    match field {
        Field::Need => Ok(last.grain.told(last.middle)),
        Field::Exhausted => day(carried.exhausted),
        Field::Earliest => day(carried.earliest),
        _ => day(carried.order_by),
    }
}
