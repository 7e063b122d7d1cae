//! How often incidents happen and how long they last: by month for people, as metrics for Prometheus.

use super::Plan;
use super::record::Record;
use crate::base::Date;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The incidents of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day, in the plan's zone.
    pub first: Date,
    /// By severity, in the plan's order; all of them.
    pub rows: Vec<(String, Numbers)>,
}

/// Incidents of a severity that were opened in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// How many.
    pub count: u32,
    /// The mean time from detection to acknowledgement, in seconds, of those that were acknowledged.
    pub acknowledge: Option<i64>,
    /// The mean time from opening to resolution, in seconds, of those that are resolved.
    pub resolve: Option<i64>,
}

/// The months between the first incident and the last, those without any, too; at most so many, the newest. Duplicates do not count.
pub fn months(records: &[Record], plan: &Plan, most: usize) -> Vec<Month> {
    let mut all: BTreeMap<i64, Vec<&Record>> = BTreeMap::new();
    for record in records.iter().filter(|record| record.duplicate_of().is_none()) {
        if let Some(opened) = record.times().opened {
            all.entry(number(plan.day(opened))).or_default().push(record);
        }
    }
    let (Some(first), Some(last)) = (all.keys().next().copied(), all.keys().last().copied()) else {
        return Vec::new();
    };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    (first.max(last - most + 1)..=last)
        .map(|month| {
            let own = all.get(&month).map(Vec::as_slice).unwrap_or_default();
            let rows = plan.severities.iter().map(|severity| {
                let of = own.iter().filter(|record| record.gravest(&plan.severities) == severity.name);
                (severity.name.clone(), numbers(of.copied()))
            });
            Month { first: first_of(month), rows: rows.collect() }
        })
        .collect()
}

fn numbers<'r>(records: impl Iterator<Item = &'r Record>) -> Numbers {
    let mut out = Numbers::default();
    let (mut acknowledge, mut resolve) = (Vec::new(), Vec::new());
    for record in records {
        let times = record.times();
        out.count += 1;
        acknowledge.extend(times.acknowledged.zip(times.detected).map(|(to, from)| to - from));
        resolve.extend(times.resolved.zip(times.opened).map(|(to, from)| to - from));
    }
    let mean = |list: &[i64]| {
        let length = i64::try_from(list.len()).ok().filter(|length| *length > 0)?;
        Some(list.iter().sum::<i64>() / length)
    };
    Numbers { acknowledge: mean(&acknowledge), resolve: mean(&resolve), ..out }
}

/// Months since the year 0.
fn number(day: Date) -> i64 {
    let text = day.to_string();
    let mut parts = text.rsplitn(3, '-').skip(1).map(|part| part.parse::<i64>().unwrap_or(0));
    let (month, year) = (parts.next().unwrap_or(1), parts.next().unwrap_or(0));
    year * 12 + month - 1
}

fn first_of(month: i64) -> Date {
    let year = i32::try_from(month.div_euclid(12)).unwrap_or(1970);
    let number = u8::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
    Date::new(year, number, 1).unwrap_or(Date::from_days(0))
}

/// Upper bounds of the histogram, in seconds: a quarter of an hour to a week.
const BOUNDS: &[i64] = &[900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 604_800];

/// `incidents_total` and `incident_resolution_time_seconds` in Prometheus' text form. Invented incidents and duplicates do not count;
/// a severity without incidents does, so that its first one is seen.
pub fn metrics(records: &[Record], plan: &Plan) -> String {
    let real: Vec<&Record> =
        records.iter().filter(|record| !record.synthetic && record.duplicate_of().is_none()).collect();
    let mut out = String::from(
        "# HELP incidents_total Incidents that were opened, by the gravest severity that each had.\n# TYPE incidents_total counter\n",
    );
    let mut by: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    for record in real {
        by.entry(record.gravest(&plan.severities)).or_default().push(record);
    }
    let of = |name: &str| by.get(name).map(Vec::as_slice).unwrap_or_default().iter();
    let names: Vec<(String, &str)> =
        plan.severities.iter().map(|one| (escaped(&one.name), one.name.as_str())).collect();
    for (label, name) in &names {
        let opened = of(name).filter(|record| record.times().opened.is_some()).count();
        let _ = writeln!(out, "incidents_total{{severity=\"{label}\"}} {opened}");
    }
    out.push_str(
        "# HELP incident_resolution_time_seconds From the opening of an incident to its resolution.\n# TYPE incident_resolution_time_seconds histogram\n",
    );
    for (label, name) in &names {
        let times: Vec<i64> = of(name)
            .filter_map(|record| record.times().resolved.zip(record.times().opened))
            .map(|(to, from)| to - from)
            .collect();
        for bound in BOUNDS {
            let below = times.iter().filter(|time| *time <= bound).count();
            let _ = writeln!(
                out,
                "incident_resolution_time_seconds_bucket{{severity=\"{label}\",le=\"{bound}\"}} {below}"
            );
        }
        let (count, sum) = (times.len(), times.iter().sum::<i64>());
        let _ = writeln!(
            out,
            "incident_resolution_time_seconds_bucket{{severity=\"{label}\",le=\"+Inf\"}} {count}"
        );
        let _ = writeln!(out, "incident_resolution_time_seconds_sum{{severity=\"{label}\"}} {sum}");
        let _ = writeln!(out, "incident_resolution_time_seconds_count{{severity=\"{label}\"}} {count}");
    }
    out
}

/// The value of a label, by the text format.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
