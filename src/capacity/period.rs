//! How far apart the values of a series lie: months, weeks, days, numbered one after the other.

use crate::base::Date;

/// The distance of two values of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// A calendar month.
    Month,
    /// A week from Monday to Sunday (ISO 8601).
    Week,
    /// A day in UTC.
    Day,
}

/// Days from Monday, 1969-12-29, to 1970-01-01.
const MONDAY: i64 = 3;

impl Period {
    /// By its name in a file.
    pub fn find(name: &str) -> Option<Self> {
        [Self::Month, Self::Week, Self::Day].into_iter().find(|one| one.name() == name)
    }

    /// As files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
        }
    }

    /// The number of the period that a day is in.
    pub fn number(self, day: Date) -> i64 {
        match self {
            Self::Month => month(day),
            Self::Week => (day.days() + MONDAY).div_euclid(7),
            Self::Day => day.days(),
        }
    }

    /// The first day of a period.
    pub fn first(self, number: i64) -> Date {
        match self {
            Self::Month => first_of(number),
            Self::Week => Date::from_days(number * 7 - MONDAY),
            Self::Day => Date::from_days(number),
        }
    }

    /// How many periods a number of months is, rounded.
    pub fn in_months(self, months: usize) -> usize {
        match self {
            Self::Month => months,
            // 365.2425 days a year.
            Self::Week => (months * 52 + 6) / 12,
            Self::Day => (months * 365 + 6) / 12,
        }
    }
}

/// The number of a day's month, from the year 0.
pub fn month(day: Date) -> i64 {
    let (year, month) = parts(day);
    year * 12 + month - 1
}

/// The first day of the month with that number.
pub fn first_of(number: i64) -> Date {
    let year = i32::try_from(number.div_euclid(12)).unwrap_or(9_999);
    let month = u8::try_from(number.rem_euclid(12) + 1).unwrap_or(1);
    Date::new(year, month, 1).unwrap_or_else(|| Date::from_days(0))
}

/// A month as it is read: `2026-11`.
pub fn told(number: i64) -> String {
    format!("{:04}-{:02}", number.div_euclid(12), number.rem_euclid(12) + 1)
}

/// Year and month of a day.
fn parts(day: Date) -> (i64, i64) {
    let (year, month, _) = day.parts();
    (i64::from(year), i64::from(month))
}
