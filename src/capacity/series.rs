//! Series: what was measured, period by period, with the line of whatever is wrong with it.

use super::Period;
use crate::base::{Date, RelPath, Span};
use crate::diag::{Place, Problem, code};

/// A series.
#[derive(Clone, Debug)]
pub struct Series {
    /// As in `storage`.
    pub name: String,
    /// What is measured, as the monitoring calls it.
    pub metric: String,
    /// The unit of its values.
    pub unit: String,
    /// How far apart they lie.
    pub period: Period,
    /// Whether its values are means, and not peaks.
    pub mean: bool,
    /// Periods of a season; 1 where there is none.
    pub season: usize,
    /// The file of its values, beside the plan.
    pub source: String,
    /// Where that is named.
    pub place: Place,
    /// Where it is declared.
    pub declared: Place,
    /// Whether its values are made up.
    pub synthetic: bool,
    /// The number of the first period.
    pub first: i64,
    /// A value for each period from there, where nothing is wrong.
    pub values: Vec<f64>,
    /// The last row of its file.
    pub last: Option<Place>,
    /// Whether something is wrong with its file, so that nothing follows from it.
    pub faulty: bool,
}

/// Rows of a file that are read: days of 27 years are 10,000.
const MOST: usize = 100_000;

/// Findings of one file: a file of another sort has one on each line.
const TOLD: usize = 20;

/// What a level changes by where the unit did and the name did not: powers of 1,000 and 1,024, bits to bytes with them, seconds.
const FACTORS: [f64; 6] = [1_000.0, 1_024.0, 1_000_000.0, 1_048_576.0, 8_000.0, 3_600.0];

/// How near the ratio of levels is to such a factor, as a share.
const NEAR: f64 = 0.1;

/// Values on both sides of a change that tell a level.
const AROUND: usize = 3;

/// A row of a file.
struct Row<'t> {
    time: &'t str,
    value: &'t str,
    unit: Option<&'t str>,
    place: Place,
}

impl Series {
    /// The number of the period after the last value.
    pub fn end(&self) -> i64 {
        self.first + i64::try_from(self.values.len()).unwrap_or(0)
    }

    /// The first day after what was measured.
    pub fn until(&self) -> Date {
        self.period.first(self.end())
    }

    /// The value of a period.
    pub fn at(&self, number: i64) -> Option<f64> {
        self.values.get(usize::try_from(number - self.first).ok()?).copied()
    }

    /// Reads its values from a text `time,value`, or `time,value,unit`; says what is wrong.
    pub fn read(&mut self, file: &RelPath, text: &str) -> Vec<Problem> {
        let mut told = Told { name: self.name.clone(), problems: Vec::new() };
        let mut known: Vec<(i64, f64, Place)> = Vec::new();
        let mut before: Option<(i64, Place)> = None;
        for (number, row) in rows(file, text).into_iter().enumerate() {
            if number == 0 {
                header(&row, &mut told);
                continue;
            }
            let read = (self.time(&row, &mut told), self.value(&row, &mut told));
            if let Some(unit) = row.unit.filter(|unit| *unit != self.unit) {
                let message = format!("this is in `{unit}`, and `{}` in `{}`", self.name, self.unit);
                told.say(&row.place, message, "convert it, so that one series has one unit");
            }
            let Some(at) = read.0 else { continue };
            // A row whose value is wrong is no gap.
            self.follow(at, &row.place, before.as_ref(), &mut told);
            before = Some((at, row.place.clone()));
            known.extend(read.1.map(|value| (at, value, row.place)));
        }
        if known.is_empty() && told.problems.is_empty() {
            let message = format!("`{}` has no values", self.name);
            told.say(&Place::whole(file.clone()), message, "write `time,value` and a row for each period");
        }
        self.levels(&known, &mut told);
        self.first = known.first().map_or(0, |(at, ..)| *at);
        self.last = known.last().map(|(.., place)| place.clone());
        self.faulty = !told.problems.is_empty();
        self.values =
            if self.faulty { Vec::new() } else { known.into_iter().map(|(_, value, _)| value).collect() };
        told.problems
    }

    fn time(&self, row: &Row<'_>, told: &mut Told) -> Option<i64> {
        // `2026-11`, `2026-11-01`, or an instant, whose day in UTC counts.
        let text = if row.time.len() == 7 { format!("{}-01", row.time) } else { row.time.to_owned() };
        let day = text.split_once('T').map_or(text.as_str(), |(day, _)| day).parse::<Date>();
        if day.is_err() {
            let message = format!("`{}` is no day", row.time);
            told.say(&row.place, message, "write it as 2026-11-23; of a month, 2026-11 will do");
        }
        day.ok().map(|day| self.period.number(day))
    }

    fn value(&self, row: &Row<'_>, told: &mut Told) -> Option<f64> {
        let value = row.value.parse::<f64>().ok().filter(|value| value.is_finite());
        let Some(value) = value else {
            let message = format!("`{}` is no number", row.value);
            told.say(&row.place, message, "leave out what was not measured, and say in the plan why");
            return None;
        };
        if value < 0.0 {
            let message = format!("`{}` is {value} here, which is less than nothing", self.name);
            told.say(&row.place, message, "a counter that began again is no measurement: use its rate");
            return None;
        }
        Some(value)
    }

    /// Whether a period comes right after the one before.
    fn follow(&self, at: i64, place: &Place, before: Option<&(i64, Place)>, told: &mut Told) {
        let Some((before, other)) = before else { return };
        let unit = self.period.name();
        let message = match at - before {
            1 => return,
            0 => format!("this {unit} stands in the row before, too"),
            gap if gap < 0 => {
                format!("this row is older than the one before, of {}", self.period.first(*before))
            }
            gap => format!("{} missing before this row", missing(gap - 1, unit)),
        };
        let help = match at - before {
            0 => "keep one of the two",
            gap if gap < 0 => "sort the rows by time",
            _ => "measure again, or begin the series after the gap: a forecast over it would be a guess",
        };
        let found = Problem::new(code::CAPACITY_SERIES, place, told.name.clone(), message);
        told.push(found.related(other, "the row before").help(help));
    }

    /// Whether the level jumps as it does when the unit changed.
    fn levels(&self, known: &[(i64, f64, Place)], told: &mut Told) {
        let values: Vec<f64> = known.iter().map(|(_, value, _)| *value).collect();
        for at in AROUND..values.len().saturating_sub(AROUND - 1) {
            let (before, after) = values.split_at(at);
            let before = middle(before.get(at - AROUND..).unwrap_or_default());
            let after = middle(after.get(..AROUND).unwrap_or_default());
            // The step is where the values beside it lie on both sides of it, too.
            let (one, other) = (values.get(at - 1).copied(), values.get(at).copied());
            let ratio =
                |before: f64, after: f64| if after > before { after / before } else { before / after };
            let is_factor = |ratio: f64| FACTORS.iter().any(|factor| (ratio / factor - 1.0).abs() <= NEAR);
            let steps = one.zip(other).is_some_and(|(one, other)| ratio(one, other) > 100.0);
            if before > 0.0 && after > 0.0 && steps && is_factor(ratio(before, after)) {
                let Some((.., place)) = known.get(at) else { continue };
                let message = format!(
                    "from here on the values are about {:.0} times {}, as if the unit were another than `{}`",
                    ratio(before, after),
                    if after > before { "greater" } else { "smaller" },
                    self.unit
                );
                told.say(place, message, "convert one of both parts");
            }
        }
    }
}

fn missing(count: i64, unit: &str) -> String {
    let are = if count == 1 { "is" } else { "are" };
    format!("{} {are}", crate::base::count(usize::try_from(count).unwrap_or(0), unit))
}

fn middle(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

fn header(row: &Row<'_>, told: &mut Told) {
    if (row.time, row.value) != ("time", "value") || row.unit.is_some_and(|unit| unit != "unit") {
        let message = "the first row is not `time,value`".to_owned();
        told.say(&row.place, message, "name the columns: `time,value`, or `time,value,unit`");
    }
}

/// Problems of one file.
struct Told {
    name: String,
    problems: Vec<Problem>,
}

impl Told {
    fn say(&mut self, place: &Place, message: String, help: &str) {
        self.push(Problem::new(code::CAPACITY_SERIES, place, self.name.clone(), message).help(help));
    }

    fn push(&mut self, problem: Problem) {
        if self.problems.len() < TOLD {
            self.problems.push(problem);
        }
    }
}

/// The rows of a text, without comments and what is empty.
fn rows<'t>(file: &RelPath, text: &'t str) -> Vec<Row<'t>> {
    let (mut out, mut start) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        let from = start;
        start += line.len();
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut cells = line.splitn(3, ',').map(str::trim);
        let (time, value) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""));
        let place = Place { file: file.clone(), span: Span::new(from, from + line.len()) };
        out.push(Row { time, value, unit: cells.next(), place });
        if out.len() > MOST {
            break;
        }
    }
    out
}
