//! What Prometheus answers to `query_range`, as a series by period.

use super::{Period, Series, known};
use crate::base::Date;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Samples that are read: eleven thousand are the most that one answer holds.
const MOST: usize = 1_000_000;

/// The text of a series with what an answer adds to it, and how many periods that is. Periods that stand there stay as they are, and
/// so does one that the answer does not hold to its end.
///
/// # Errors
/// What is wrong with the answer.
pub fn import(series: &Series, before: &str, answer: &str) -> Result<(String, usize), String> {
    let samples = samples(answer)?;
    let mut out = if before.trim().is_empty() { "time,value\n".to_owned() } else { before.to_owned() };
    if !out.ends_with('\n') {
        out.push('\n');
    }
    let last = last(before, series.period);
    let mut added = 0;
    for (number, value) in by_period(series, &samples) {
        if last.is_some_and(|last| number <= last) {
            continue;
        }
        let day = series.period.first(number).to_string();
        let time = if series.period == Period::Month { day.get(..7).unwrap_or(&day) } else { &day };
        let _ = writeln!(out, "{time},{}", exact(value));
        added += 1;
    }
    Ok((out, added))
}

/// A value as it is written: the shortest text that is read as the same number.
fn exact(value: f64) -> String {
    if value.is_finite() { format!("{value}") } else { known(0.0) }
}

/// The period of the last row.
fn last(text: &str, period: Period) -> Option<i64> {
    let row = text.lines().rev().find(|line| !line.trim().is_empty() && !line.starts_with('#'))?;
    let time = row.split(',').next()?.trim();
    let day = if time.len() == 7 { format!("{time}-01") } else { time.to_owned() };
    Some(period.number(day.get(..10)?.parse::<Date>().ok()?))
}

/// Instants in seconds, with their values; those that are no numbers are left out, as a gap is.
fn samples(answer: &str) -> Result<Vec<(i64, f64)>, String> {
    let answer: Value = serde_json::from_str(answer).map_err(|why| format!("this is no JSON: {why}"))?;
    if answer.get("status").and_then(Value::as_str) != Some("success") {
        let why = answer.get("error").and_then(Value::as_str).unwrap_or("it has no status `success`");
        return Err(format!("this is no answer of Prometheus: {why}"));
    }
    let data = answer.get("data");
    if data.and_then(|data| data.get("resultType")).and_then(Value::as_str) != Some("matrix") {
        return Err("this is no answer to `query_range`: its type is not `matrix`".into());
    }
    let result = data.and_then(|data| data.get("result")).and_then(Value::as_array);
    let one = match result.map(Vec::as_slice).unwrap_or_default() {
        [one] => one,
        [] => return Err("the answer holds no series".into()),
        all => return Err(format!("the answer holds {} series: sum them in the query", all.len())),
    };
    let values = one.get("values").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut out = Vec::new();
    for value in values.iter().take(MOST) {
        let at = value.get(0).and_then(Value::as_f64);
        let number = value.get(1).and_then(Value::as_str).and_then(|text| text.parse::<f64>().ok());
        let (Some(at), Some(number)) = (at, number) else {
            return Err(format!("`{value}` is no sample: an instant and a text"));
        };
        if number.is_finite() && at.abs() < 1e11 {
            out.push((at as i64, number));
        }
    }
    out.sort_by_key(|(at, _)| *at);
    Ok(out)
}

/// The peak or the mean of each period that was measured to its end.
fn by_period(series: &Series, samples: &[(i64, f64)]) -> Vec<(i64, f64)> {
    let gaps = samples.iter().zip(samples.iter().skip(1)).map(|(one, other)| other.0 - one.0);
    let step = gaps.filter(|gap| *gap > 0).min().unwrap_or(0);
    let until = samples.last().map_or(i64::MIN, |(at, _)| at.saturating_add(step));
    let mut all: BTreeMap<i64, (f64, f64, f64)> = BTreeMap::new();
    for (at, value) in samples {
        let (most, sum, count) =
            all.entry(series.period.number(Date::from_unix(*at))).or_insert((f64::NEG_INFINITY, 0.0, 0.0));
        (*most, *sum, *count) = (most.max(*value), *sum + value, *count + 1.0);
    }
    let whole = |number: &i64| series.period.first(number + 1).days() * 86_400 <= until;
    let of = |(most, sum, count): (f64, f64, f64)| if series.mean { sum / count } else { most };
    all.into_iter().filter(|(number, _)| whole(number)).map(|(number, all)| (number, of(all))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RelPath;
    use crate::capacity::Plan;

    fn series(statistic: &str) -> Series {
        let text = format!(
            "series:\n  a: {{metric: m, unit: GB, period: day, source: a.csv, statistic: {statistic}}}\n"
        );
        Plan::read(&RelPath::parse("c.yaml").unwrap(), &text).series.remove(0)
    }

    const ANSWER: &str = r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[0,"1"],[43200,"3"],[86400,"NaN"],[129600,"5.5"],[172800,"7"]]}]}}"#;

    #[test]
    fn whole_periods_are_added_once() {
        let (text, added) = import(&series("peak"), "", ANSWER).unwrap();
        assert_eq!((text.as_str(), added), ("time,value\n1970-01-01,3\n1970-01-02,5.5\n", 2));
        assert_eq!(import(&series("peak"), &text, ANSWER).unwrap(), (text, 0));
        let (mean, _) = import(&series("mean"), "# c\ntime,value\n1970-01-01,9", ANSWER).unwrap();
        assert_eq!(mean, "# c\ntime,value\n1970-01-01,9\n1970-01-02,5.5\n");
    }

    #[test]
    fn what_is_no_answer_is_told() {
        for (text, wanted) in [
            ("", "no JSON"),
            (r#"{"status":"error","error":"bad query"}"#, "bad query"),
            (r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#, "`matrix`"),
            (r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#, "no series"),
            (r#"{"status":"success","data":{"resultType":"matrix","result":[{},{}]}}"#, "2 series"),
            (
                r#"{"status":"success","data":{"resultType":"matrix","result":[{"values":[[1]]}]}}"#,
                "no sample",
            ),
        ] {
            let why = import(&series("peak"), "", text).unwrap_err();
            assert!(why.contains(wanted), "{why}");
        }
    }
}
