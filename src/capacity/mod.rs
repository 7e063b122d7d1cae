//! Capacity: what was measured, what will come of it, what resources need for that, what is planned and what it costs. All of this is
//! pure.
//!
//! A forecast follows from committed series alone, never from the date of the run.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "counts of periods and digits are far below 2^52, and what is read from files is bounded before"
)]

mod actuals;
mod carry;
mod digits;
mod import;
mod metrics;
mod outlook;
mod period;
mod plan;
mod prices;
mod record;
mod series;

pub use actuals::{Actual, actuals};
pub use carry::{Accepted, Carried, Event, Need, Planned, Resource, carry};
pub use digits::{Grain, known};
pub use import::import;
pub use metrics::{metrics, rules, tests as rules_tests};
pub use outlook::{Ahead, HORIZONS, Outlook, outlook};
pub use period::{Period, first_of, month, told as month_told};
pub use plan::Plan;
pub use prices::{Cost, Month, Price, Prices, budget};
pub use record::{
    Foretold, Held, Recorded, held, month_of as recorded_month, quarter, write as write_record,
};
pub use series::Series;
