//! Business days: Monday to Friday, without holidays.

use crate::base::Date;
use std::collections::BTreeSet;

/// The last of so many business days behind a day.
pub fn after(day: Date, number: u32, holidays: &BTreeSet<Date>) -> Date {
    let mut at = day.days();
    let mut left = number;
    // A calendar of nothing but holidays has an end here, too.
    let last = at + i64::from(number) * 7 + 366;
    while left > 0 && at < last {
        at += 1;
        // 1970-01-01 was a Thursday, so Monday is 0 here.
        let is_weekend = (at + 3).rem_euclid(7) >= 5;
        if !is_weekend && !holidays.contains(&Date::from_days(at)) {
            left -= 1;
        }
    }
    Date::from_days(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_and_holidays_do_not_count() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let none = BTreeSet::new();
        // 2026-11-03 is a Tuesday, 2026-12-24 a Thursday.
        assert_eq!(after(day("2026-11-03"), 5, &none), day("2026-11-10"));
        assert_eq!(after(day("2026-11-07"), 1, &none), day("2026-11-09"));
        assert_eq!(after(day("2026-11-03"), 0, &none), day("2026-11-03"));
        let holidays = BTreeSet::from([day("2026-12-25"), day("2027-01-01")]);
        assert_eq!(after(day("2026-12-24"), 5, &holidays), day("2027-01-04"));
        let all: BTreeSet<Date> = (0..2_000).map(|n| Date::from_days(day("2026-01-01").days() + n)).collect();
        assert!(after(day("2026-01-01"), 5, &all) > day("2026-12-31"));
    }
}
