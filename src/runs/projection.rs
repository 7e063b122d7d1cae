//! How long a run would take with as much data as production has, from runs with less: a straight line through what was
//! measured, with an interval. It is a figure for people who plan, and meets no objective.
//!
//! The time is taken to be a fixed part, a part for each byte that is moved and, where runs captured `log_bytes`, a part for
//! each byte of log that is replayed. The line is that of least squares; the interval is the one in which a further run lies
//! in 95 of 100 cases (Montgomery, Peck, Vining, Introduction to Linear Regression Analysis, section 3.5).

use super::convention::{Objective, Runbook, Source};
use super::evidence::{Evidence, Run, Status, fingerprint};
use super::standing::File;
use crate::base::{amount, lasting};
use std::fmt;
use std::time::Duration;

/// How far apart the sizes must lie: from two sizes that are nearly the same nobody learns what grows.
const APART: u64 = 10;

/// The unit of sizes in here, so that figures are of like magnitude.
const UNIT: f64 = 1e9;

/// One run: how much it moved, and how long it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Bytes that it moved.
    pub bytes: u64,
    /// Bytes of log that it replayed, where it says so.
    pub log_bytes: Option<u64>,
    /// Milliseconds.
    pub ms: u64,
}

/// What a run with more data would take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    /// The size that it is about.
    pub to: u64,
    /// The interval, in milliseconds.
    pub low_ms: u64,
    /// See [`Projection::low_ms`].
    pub high_ms: u64,
    /// What it is made of: runs, and the smallest and largest of their sizes.
    pub runs: usize,
    /// See [`Projection::runs`].
    pub smallest: u64,
    /// See [`Projection::runs`].
    pub largest: u64,
    /// Milliseconds that every run takes.
    pub fixed_ms: u64,
    /// Milliseconds for a gigabyte.
    pub ms_per_gb: u64,
    /// Milliseconds for a gigabyte of log, and how much of it is assumed: the most that a run had. None where the runs do
    /// not tell the two apart.
    pub log: Option<(u64, u64)>,
}

/// Why nothing is projected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotProjected {
    /// No run says how much it moved.
    NoSize,
    /// All are of about one size: the smallest and the largest.
    OneSize(u64, u64),
    /// So many more are needed before it is known how far figures lie apart.
    TooFew(usize),
    /// Larger runs took no longer.
    NoGrowth,
}

impl fmt::Display for NotProjected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not projected: ")?;
        match self {
            Self::NoSize => f.write_str("no run captured `bytes`"),
            Self::OneSize(smallest, largest) => {
                let (one, other) = (amount::told(*smallest), amount::told(*largest));
                if one == other {
                    write!(f, "all runs moved {one}")
                } else {
                    write!(f, "runs moved {one} to {other}")
                }?;
                f.write_str(", and sizes a factor of ten apart are needed")
            }
            Self::TooFew(more) => {
                write!(f, "{} more needed", crate::base::count(*more, "run"))
            }
            Self::NoGrowth => f.write_str("larger runs took no longer"),
        }
    }
}

impl fmt::Display for Projection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |ms: u64| lasting::told(Duration::from_millis(ms));
        write!(f, "projected to {}: {} to {}", amount::told(self.to), time(self.low_ms), time(self.high_ms))?;
        let (smallest, largest) = (amount::told(self.smallest), amount::told(self.largest));
        write!(f, " (95 %, from {} of {smallest} to {largest}: ", crate::base::count(self.runs, "run"))?;
        write!(f, "{} fixed, {} for 1 GB", time(self.fixed_ms), time(self.ms_per_gb))?;
        match self.log {
            Some((ms, bytes)) => {
                write!(f, ", {} for 1 GB of log with {} of it)", time(ms), amount::told(bytes))
            }
            None => f.write_str("; log replay is not told apart)"),
        }
    }
}

/// What the runs of a runbook say of an objective that is a time between steps; none where the page names no size, and for
/// objectives that a step captures.
pub fn of_objective(
    runbook: &Runbook,
    files: &[File],
    objective: &Objective,
) -> Option<Result<Projection, NotProjected>> {
    let to = runbook.project_to?;
    if matches!(objective.source, Source::Captured(_)) {
        return None;
    }
    let now = fingerprint(runbook);
    let told = files.iter().filter_map(|file| file.evidence.as_ref().ok());
    let runs = told.filter(|one| one.fingerprint() == now).map(Evidence::run);
    let passed = runs.filter(|run| run.status == Status::Passed);
    let figures: Vec<Figure> = passed.filter_map(|run| figure(run, objective)).collect();
    Some(project(&figures, to))
}

fn figure(run: &Run, objective: &Objective) -> Option<Figure> {
    let measured = run.objectives.iter().find(|one| one.name == objective.name && one.of == objective.of)?;
    let plain = |text: &String| text.replace([',', '_'], "").parse().ok();
    let log_bytes = run.captures.get("log_bytes").and_then(plain);
    Some(Figure { bytes: run.bytes?, log_bytes, ms: measured.measured_ms? })
}

/// What a run of a size would take.
///
/// # Errors
/// Why the figures do not say.
pub fn project(figures: &[Figure], to: u64) -> Result<Projection, NotProjected> {
    let sizes = || figures.iter().map(|figure| figure.bytes);
    let (Some(smallest), Some(largest)) = (sizes().min(), sizes().max()) else {
        return Err(NotProjected::NoSize);
    };
    if largest < smallest.max(1).saturating_mul(APART) {
        return Err(NotProjected::OneSize(smallest, largest));
    }
    let logs: Option<Vec<u64>> = figures.iter().map(|figure| figure.log_bytes).collect();
    let most_log = logs.and_then(|logs| logs.into_iter().max());
    let (line, log) = chosen(figures, most_log)?;
    let Parts { fixed, size, log: replay } = line.parts();
    let (middle, half) = line.at(1.0, scaled(to), log.map_or(0.0, scaled));
    Ok(Projection {
        to,
        low_ms: whole(middle - half),
        high_ms: whole(middle + half),
        runs: figures.len(),
        smallest,
        largest,
        fixed_ms: whole(fixed),
        ms_per_gb: whole(size),
        log: log.map(|bytes| (whole(replay), bytes)),
    })
}

/// The richest line whose parts the figures tell, none of which is less than nothing.
fn chosen(figures: &[Figure], most_log: Option<u64>) -> Result<(Line, Option<u64>), NotProjected> {
    let line = |fixed: bool, log: bool| Line::through(figures, Shape { fixed, log });
    if let Some(rich) = most_log.and_then(|_| line(true, true)) {
        let Parts { fixed, size, log } = rich.parts();
        if fixed >= 0.0 && size > 0.0 && log >= 0.0 {
            return Ok((rich, most_log));
        }
    }
    let Some(plain) = line(true, false) else {
        return Err(NotProjected::TooFew(3_usize.saturating_sub(figures.len()).max(1)));
    };
    let Parts { fixed, size, .. } = plain.parts();
    if size <= 0.0 {
        return Err(NotProjected::NoGrowth);
    }
    if fixed >= 0.0 {
        return Ok((plain, None));
    }
    line(false, false).map(|through| (through, None)).ok_or(NotProjected::NoGrowth)
}

#[expect(clippy::cast_precision_loss, reason = "sizes below 9 PB are exact")]
fn scaled(bytes: u64) -> f64 {
    bytes as f64 / UNIT
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of what is too large or negative ends at the border"
)]
fn whole(ms: f64) -> u64 {
    ms.round() as u64
}

/// Which parts a line has beside the one for each byte.
#[derive(Clone, Copy)]
struct Shape {
    fixed: bool,
    log: bool,
}

impl Shape {
    fn point(self, fixed: f64, size: f64, log: f64) -> Vec<f64> {
        let fixed = self.fixed.then_some(fixed);
        fixed.into_iter().chain([size]).chain(self.log.then_some(log)).collect()
    }
}

/// What the parts of a line come to, in milliseconds: all of the fixed one, a gigabyte of the others.
struct Parts {
    fixed: f64,
    size: f64,
    log: f64,
}

/// A line of least squares, in coordinates that are at right angles (Gram and Schmidt), one for each part.
struct Line {
    shape: Shape,
    axes: Vec<Axis>,
    /// The variance of what is left of the times.
    variance: f64,
    /// Figures beyond those that the line takes.
    free: usize,
}

struct Axis {
    /// How much of each axis before is in this part.
    before: Vec<f64>,
    /// The square of its length.
    square: f64,
    /// The line's slope along it.
    slope: f64,
}

fn product(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

fn without(from: &mut [f64], what: &[f64], times: f64) {
    from.iter_mut().zip(what).for_each(|(from, what)| *from -= times * what);
}

impl Line {
    /// None where a part is told by the others, or there are no more figures than parts.
    fn through(figures: &[Figure], shape: Shape) -> Option<Self> {
        let points: Vec<Vec<f64>> = figures
            .iter()
            .map(|one| shape.point(1.0, scaled(one.bytes), one.log_bytes.map_or(0.0, scaled)))
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "285,000 years are exact")]
        let mut rest: Vec<f64> = figures.iter().map(|figure| figure.ms as f64).collect();
        let parts = points.first()?.len();
        let (mut axes, mut columns): (Vec<Axis>, Vec<Vec<f64>>) = (Vec::new(), Vec::new());
        for part in 0..parts {
            let mut column: Vec<f64> = points.iter().filter_map(|point| point.get(part).copied()).collect();
            let all = product(&column, &column);
            let mut before = Vec::new();
            for (axis, known) in axes.iter().zip(&columns) {
                let share = product(&column, known) / axis.square;
                without(&mut column, known, share);
                before.push(share);
            }
            let square = product(&column, &column);
            if square <= 1e-9 * all {
                return None;
            }
            let slope = product(&rest, &column) / square;
            without(&mut rest, &column, slope);
            axes.push(Axis { before, square, slope });
            columns.push(column);
        }
        let free = figures.len().checked_sub(parts).filter(|free| *free > 0)?;
        #[expect(clippy::cast_precision_loss, reason = "nobody has that many runs")]
        let variance = product(&rest, &rest) / free as f64;
        Some(Self { shape, axes, variance, free })
    }

    fn parts(&self) -> Parts {
        let value = |fixed, size, log| self.at(fixed, size, log).0;
        Parts { fixed: value(1.0, 0.0, 0.0), size: value(0.0, 1.0, 0.0), log: value(0.0, 0.0, 1.0) }
    }

    /// The value at a point, and half the width of the interval around it.
    fn at(&self, fixed: f64, size: f64, log: f64) -> (f64, f64) {
        let mut along: Vec<f64> = Vec::new();
        let (mut value, mut leverage) = (0.0, 0.0);
        for (axis, wanted) in self.axes.iter().zip(self.shape.point(fixed, size, log)) {
            let here = wanted - product(&axis.before, &along);
            value += axis.slope * here;
            leverage += here * here / axis.square;
            along.push(here);
        }
        (value, student(self.free) * (self.variance * (1.0 + leverage)).sqrt())
    }
}

/// The 97.5th percentile of Student's distribution, by degrees of freedom from 1.
const STUDENT: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/// That of more is between the last of the table and 1.960; the wider is taken.
fn student(free: usize) -> f64 {
    free.checked_sub(1).and_then(|at| STUDENT.get(at)).copied().unwrap_or(2.042)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1_000_000_000;

    fn figure(gb: u64, seconds: u64) -> Figure {
        Figure { bytes: gb * GB, log_bytes: None, ms: seconds * 1_000 }
    }

    fn with_log(gb: u64, log: u64, seconds: u64) -> Figure {
        Figure { log_bytes: Some(log * GB), ..figure(gb, seconds) }
    }

    #[test]
    fn a_line_with_its_interval_is_the_one_worked_out_by_hand() {
        // Mean size 5.5, mean time 22; squares of sizes 81, products 162: 2 s for 1 GB, 11 s fixed. What is left is
        // 1, -1, 1, -1: 4 over 2 degrees of freedom. At 100 GB: 211 s, leverage 1/4 + 94.5² / 81 = 110.5, so half the
        // interval is 4.303 × √(2 × 111.5) = 64.257 s.
        let four = [figure(1, 12), figure(1, 14), figure(10, 30), figure(10, 32)];
        let found = project(&four, 100 * GB).unwrap();
        assert_eq!((found.fixed_ms, found.ms_per_gb, found.log), (11_000, 2_000, None));
        assert_eq!((found.low_ms, found.high_ms), (146_743, 275_257));
        assert_eq!(
            found.to_string(),
            "projected to 100 GB: 2 min 26 s to 4 min 35 s (95 %, from 4 runs of 1 GB to 10 GB: 11.0 s fixed, 2.0 s for 1 GB; log replay is not told apart)"
        );
        // Figures that lie on the line leave no doubt.
        let exact = [figure(1, 13), figure(10, 31), figure(20, 51)];
        let found = project(&exact, 100 * GB).unwrap();
        assert_eq!((found.low_ms, found.high_ms, found.fixed_ms), (211_000, 211_000, 11_000));
    }

    #[test]
    fn replay_of_the_log_is_told_apart_where_runs_had_more_and_less_of_it() {
        // 5 s + 2 s for 1 GB + 3 s for 1 GB of log.
        let all = [with_log(1, 1, 10), with_log(10, 1, 28), with_log(1, 2, 13), with_log(10, 4, 37)];
        let found = project(&all, 100 * GB).unwrap();
        assert_eq!((found.fixed_ms, found.ms_per_gb, found.log), (5_000, 2_000, Some((3_000, 4 * GB))));
        assert_eq!((found.low_ms, found.high_ms), (217_000, 217_000));
        // A log that is always as long as the data are large, or always of one length, tells nothing of itself.
        let tied = [with_log(1, 1, 10), with_log(10, 10, 55), with_log(1, 1, 10), with_log(10, 10, 55)];
        let found = project(&tied, 100 * GB).unwrap();
        assert_eq!((found.fixed_ms, found.ms_per_gb, found.log), (5_000, 5_000, None));
        let even = [with_log(1, 2, 13), with_log(10, 2, 31), with_log(1, 2, 13), with_log(10, 2, 31)];
        assert_eq!(project(&even, 100 * GB).unwrap().ms_per_gb, 2_000);
    }

    #[test]
    fn one_size_is_not_projected() {
        assert_eq!(project(&[], GB), Err(NotProjected::NoSize));
        let same = [figure(1, 10), figure(1, 11), figure(1, 12)];
        assert_eq!(project(&same, 100 * GB), Err(NotProjected::OneSize(GB, GB)));
        let close = [figure(1, 10), figure(9, 30), figure(9, 31)];
        let why = project(&close, 100 * GB).unwrap_err();
        assert_eq!(
            why.to_string(),
            "not projected: runs moved 1 GB to 9 GB, and sizes a factor of ten apart are needed"
        );
        let two = [figure(1, 10), figure(10, 30)];
        assert_eq!(project(&two, 100 * GB).unwrap_err().to_string(), "not projected: 1 run more needed");
        let falling = [figure(1, 30), figure(10, 10), figure(10, 9), figure(1, 31)];
        assert_eq!(project(&falling, 100 * GB), Err(NotProjected::NoGrowth));
    }

    #[test]
    fn a_fixed_part_below_nothing_is_left_out() {
        let steep = [figure(1, 1), figure(10, 40), figure(10, 42), figure(1, 2)];
        let found = project(&steep, 100 * GB).unwrap();
        // Through nothing: the products are 1 + 400 + 420 + 2, the squares 202.
        assert_eq!((found.fixed_ms, found.ms_per_gb), (0, 4_074));
        assert!(found.low_ms < 407_426 && found.high_ms > 407_426);
        let zero = [Figure { bytes: 0, ..figure(1, 1) }; 3];
        assert_eq!(project(&zero, GB), Err(NotProjected::OneSize(0, 0)));
        let huge = [figure(1, 1), Figure { bytes: u64::MAX, log_bytes: None, ms: u64::MAX }, figure(1, 2)];
        assert!(project(&huge, u64::MAX).is_ok());
    }
}
