//! Recorded forecasts: what was forecast in a quarter, held against what came since.

use super::{Outlook, Series, month, month_told};
use crate::base::{Date, RelPath};
use crate::diag::Place;
use crate::forecast::Interval;
use crate::openapi::node::{Node, Number};
use crate::openapi::notes::Notes;
use crate::openapi::{Format, read};
use serde_json::{Map, Value, json};

/// The forecasts of one quarter.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// As in `2026-q4`.
    pub name: String,
    /// Its file.
    pub file: RelPath,
    /// When they were made.
    pub made: Date,
    /// By series, in the order of the file.
    pub series: Vec<(String, Vec<Foretold>)>,
}

/// A value that was forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Foretold {
    /// The first day of its period.
    pub day: Date,
    /// The value.
    pub value: f64,
    /// Where it was to lie in 80 of 100 cases.
    pub in_80: Interval,
    /// Where it was to lie in 95 of 100 cases.
    pub in_95: Interval,
    /// Where that is written.
    pub place: Place,
}

/// A forecast against what came.
#[derive(Clone, Debug)]
pub struct Held<'r> {
    /// The record.
    pub record: &'r Recorded,
    /// What was forecast.
    pub foretold: &'r Foretold,
    /// What came.
    pub actual: f64,
}

impl Held<'_> {
    /// How far it was off, in percent of what came.
    pub fn error(&self) -> Option<f64> {
        (self.actual > 0.0).then(|| (self.foretold.value - self.actual) / self.actual * 100.0)
    }

    /// Whether it came to lie in an interval.
    pub fn is_in(&self, interval: Interval) -> bool {
        (interval.low..=interval.high).contains(&self.actual)
    }
}

/// Values of one series that are read: days of a year, and some.
const MOST: usize = 400;

/// The name of the quarter of a day.
pub fn quarter(day: Date) -> String {
    let number = month(day);
    format!("{:04}-q{}", number.div_euclid(12), number.rem_euclid(12) / 3 + 1)
}

/// The text of a record, as rounded as pages tell it: the same bytes on every machine.
pub fn write<'s>(made: Date, all: impl Iterator<Item = (&'s Series, &'s Outlook)>) -> String {
    let mut series = Map::new();
    for (one, outlook) in all {
        let values = outlook.ahead.iter().map(|ahead| {
            let told = |value: f64| ahead.grain.told(value).parse::<f64>().unwrap_or(0.0);
            let both = |interval: Interval| json!([told(interval.low), told(interval.high)]);
            json!({
                "day": one.period.first(ahead.number).to_string(),
                "value": told(ahead.value),
                "in80": both(ahead.in_80),
                "in95": both(ahead.in_95),
            })
        });
        let values: Vec<Value> = values.collect();
        series.insert(
            one.name.clone(),
            json!({"unit": one.unit, "method": outlook.method.name(), "ahead": values}),
        );
    }
    let record = json!({"made": made.to_string(), "series": series});
    // A value on each line, so that a difference can be read.
    let mut out = serde_json::to_string_pretty(&record).unwrap_or_default();
    out.push('\n');
    out
}

impl Recorded {
    /// Reads a record. What is wrong is left out and said.
    pub fn read(file: &RelPath, text: &str, notes: &mut Notes) -> Option<Self> {
        let tree = read(file, text, 0, Format::Json);
        let name = file.file_name().trim_end_matches(".json").to_owned();
        let made = tree.root.get_text("made").and_then(|day| day.parse::<Date>().ok());
        let (Some(made), true) = (made, tree.problems.is_empty()) else {
            let place = tree.problems.first().map_or(&tree.root.place, |problem| &problem.place);
            let message = format!("`{file}` is no record of forecasts");
            notes.say(place, &name, message, "`oathbook capacity record` writes them");
            return None;
        };
        let mut series = Vec::new();
        for entry in tree.root.get("series").map(Node::entries).into_iter().flatten() {
            let nodes = entry.node.get("ahead").map(Node::list).unwrap_or_default();
            let values: Vec<Foretold> = nodes.iter().take(MOST).filter_map(foretold).collect();
            if values.len() < nodes.len().min(MOST) {
                let message = format!("a forecast of `{}` cannot be read", entry.key);
                notes.say(&entry.place, &entry.key, message, "a record is never changed by hand");
            }
            series.push((entry.key.to_string(), values));
        }
        Some(Self { name, file: file.clone(), made, series })
    }
}

fn foretold(node: &Node) -> Option<Foretold> {
    let number = |node: &Node| node.number().map(Number::as_f64).filter(|number| number.is_finite());
    let both = |key: &str| match node.get(key)?.list() {
        [low, high] => Some(Interval { low: number(low)?, high: number(high)? }),
        _ => None,
    };
    Some(Foretold {
        day: node.get_text("day")?.parse().ok()?,
        value: number(node.get("value")?)?,
        in_80: both("in80")?,
        in_95: both("in95")?,
        place: node.place.clone(),
    })
}

/// What was forecast of a series and is known by now, the oldest record first.
pub fn held<'r>(records: &'r [Recorded], series: &Series) -> Vec<Held<'r>> {
    let mut out = Vec::new();
    for record in records {
        for (_, values) in record.series.iter().filter(|(name, _)| *name == series.name) {
            for foretold in values {
                if let Some(actual) = series.at(series.period.number(foretold.day)) {
                    out.push(Held { record, foretold, actual });
                }
            }
        }
    }
    out
}

/// A month of a record as it is read.
pub fn month_of(foretold: &Foretold) -> String {
    month_told(month(foretold.day))
}
