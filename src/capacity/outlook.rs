//! What will come of a series, at 3, 6 and 12 months, or why nobody can say.

use super::Series;
use super::digits::Grain;
use crate::forecast::{Backtest, Interval, Method, choose};

/// Months at which a series is forecast.
pub const HORIZONS: [usize; 3] = [3, 6, 12];

/// Earlier ends of a series that a method must have been held against: what is true of one or two may be chance.
const LEAST_ENDS: usize = 3;

/// The newest values that are looked at: days of four years. What is older says little, and takes long.
const NEWEST: usize = 1_461;

/// A value to come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ahead {
    /// The period.
    pub number: i64,
    /// The value.
    pub value: f64,
    /// Where it lies in 80 of 100 cases.
    pub in_80: Interval,
    /// Where it lies in 95 of 100 cases.
    pub in_95: Interval,
    /// To what it is rounded.
    pub grain: Grain,
}

/// What will come of a series.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlook {
    /// How it is forecast.
    pub method: Method,
    /// Period by period.
    pub ahead: Vec<Ahead>,
    /// How methods would have done.
    pub backtest: Backtest,
    /// The longest horizon with ground, in months.
    pub months: usize,
}

impl Outlook {
    /// What is forecast for so many months after the last value.
    pub fn at(&self, series: &Series, months: usize) -> Option<&Ahead> {
        self.ahead.get(series.period.in_months(months).checked_sub(1)?)
    }

    /// The growth by month over the longest horizon, in percent: low, forecast, high of the 95 % interval.
    pub fn growth(&self, series: &Series) -> Option<[f64; 3]> {
        let now = *series.values.last()?;
        let then = self.ahead.last()?;
        if now <= 0.0 {
            return None;
        }
        let by_month = |value: f64| (libm::pow(value / now, 1.0 / self.months as f64) - 1.0) * 100.0;
        Some([by_month(then.in_95.low), by_month(then.value), by_month(then.in_95.high)])
    }
}

/// The forecast of a series.
///
/// # Errors
/// Why there is no ground for one.
pub fn outlook(series: &Series) -> Result<Outlook, &'static str> {
    if series.faulty {
        return Err("its values are not in order");
    }
    let newest = series.values.get(series.values.len().saturating_sub(NEWEST)..).unwrap_or_default();
    let mut why =
        "it is too short: a forecast is held against earlier ends of the series, and there are fewer than 3";
    for months in HORIZONS.into_iter().rev() {
        match choose(newest, series.season, series.period.in_months(months)) {
            Err(reason) => why = reason,
            Ok(chosen) if chosen.backtest.origins >= LEAST_ENDS => {
                let all = chosen.ahead.iter().zip(chosen.in_80.iter().zip(&chosen.in_95));
                let ahead = (series.end()..).zip(all).map(|(number, (value, (in_80, in_95)))| {
                    let (value, in_80, in_95) = (value.max(0.0), above_0(*in_80), above_0(*in_95));
                    let grain = Grain::of(value, in_95.low, in_95.high);
                    Ahead { number, value, in_80, in_95, grain }
                });
                let (method, ahead, backtest) = (chosen.method, ahead.collect(), chosen.backtest.clone());
                return Ok(Outlook { method, ahead, backtest, months });
            }
            Ok(_) => {}
        }
    }
    Err(why)
}

/// No value of a series is less than nothing.
fn above_0(interval: Interval) -> Interval {
    Interval { low: interval.low.max(0.0), high: interval.high.max(0.0) }
}
