//! Lengths of time as people write them: `90 days`, `6 months`; `500ms`, `10m`, `1h`.

use std::time::Duration;

/// Days of `90 days`, `90d`, `12 weeks`, `6 months` (of 30 days), `1 year` (of 365); 36,500 at most.
pub fn days(text: &str) -> Option<i64> {
    let (number, unit) = parts(text)?;
    let unit = match unit.trim_end_matches('s') {
        "" | "d" | "day" => 1,
        "w" | "week" => 7,
        "m" | "month" | "mo" => 30,
        "y" | "year" => 365,
        _ => return None,
    };
    i64::try_from(number).ok()?.checked_mul(unit).filter(|days| (1..=36_500).contains(days))
}

/// A time of work: `500ms`, `30s`, `10m` (minutes), `1h`, `2d`; more than nothing, 36,500 days at most.
pub fn work(text: &str) -> Option<Duration> {
    let (number, unit) = parts(text)?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    let all = number.checked_mul(milliseconds)?;
    (1..=36_500 * 86_400_000).contains(&all).then(|| Duration::from_millis(all))
}

fn parts(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    Some((number.parse().ok()?, unit.trim()))
}

/// A time of work as it is read: `940 ms`, `38.2 s`, `4 min 12 s`, `1 h 5 min`.
pub fn told(time: Duration) -> String {
    let (seconds, milliseconds) = (time.as_secs(), time.as_millis());
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, 0) => format!("{milliseconds} ms"),
        (0, 0, _) => format!("{}.{} s", seconds, milliseconds / 100 % 10),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_and_told() {
        assert_eq!(
            (days("90 days"), days("31d"), days("6 months"), days("1 year")),
            (Some(90), Some(31), Some(180), Some(365))
        );
        assert_eq!(
            (days("often"), days("0d"), days("9 fortnights"), days("99999y")),
            (None, None, None, None)
        );
        let seconds = |text| work(text).map(|time| time.as_secs_f64());
        assert_eq!(
            (seconds("500ms"), seconds("10m"), seconds(" 1 h ")),
            (Some(0.5), Some(600.0), Some(3600.0))
        );
        for text in ["", "10", "0s", "-1s", "1.5h", "99999999999999999999s", "9999999999999999d", "m"] {
            assert_eq!(work(text), None, "{text}");
        }
        let of = |milliseconds| told(Duration::from_millis(milliseconds));
        assert_eq!(
            [of(3), of(38_250), of(252_000), of(60_000), of(3_900_000), of(7_200_000)],
            ["3 ms", "38.2 s", "4 min 12 s", "1 min", "1 h 5 min", "2 h"]
        );
    }
}
