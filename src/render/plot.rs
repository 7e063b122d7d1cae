//! Plots: bars and lines as SVG, in the colours of the page, each with a title, a description and its values as a table.
//!
//! Nothing here depends on what is shown: a series has points at instants or names, may have bands around it, as a forecast has, and a
//! plot may have limits. Ticks are chosen by Heckbert's nice numbers ("Nice Numbers for Graph Labels", Graphics Gems, 1990).

use crate::base::{Date, lasting};
use crate::markdown::escaped_text as text;
use std::fmt::Write as _;
use std::time::Duration;

/// A plot.
#[derive(Clone, Debug)]
pub(super) struct Plot {
    /// What tells it from others on its page.
    pub id: String,
    /// What it shows, a few words.
    pub title: String,
    /// What a reader who does not see it should know: one sentence or two.
    pub about: String,
    /// How it is drawn.
    pub shape: Shape,
    /// What stands below it.
    pub along: Along,
    /// What its values are.
    pub unit: Unit,
    /// At most as many as there are colours are told apart.
    pub series: Vec<Series>,
    /// Values that should not be passed, each with its name.
    pub limits: Vec<(String, f64)>,
}

/// How values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Bars, those of several series on top of each other.
    Bars,
    /// A line with marks; it is broken where there is no value.
    Lines,
}

/// What stands below a plot.
#[derive(Clone, Debug)]
pub(super) enum Along {
    /// Names, at the places 0, 1, 2 and so on.
    Names(Vec<String>),
    /// Days since 1970, apart as they are.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "what is measured day by day has it; incidents are told by month")
    )]
    Days,
}

/// What values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Whole things.
    Count,
    /// Seconds.
    Seconds,
    /// Anything that is measured.
    Number,
}

/// Values of one thing.
#[derive(Clone, Debug, Default)]
pub(super) struct Series {
    /// What.
    pub name: String,
    /// Where, and how much; in order.
    pub points: Vec<(i64, Option<f64>)>,
    /// Spans around it, the widest first: where, from, to.
    pub bands: Vec<Vec<(i64, f64, f64)>>,
}

/// Width and height, in its own units: on a phone held upright 0.8 pixels, so that its words can still be read.
const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 220.0;

/// Pixels that it is wide where there is room.
const SHOWN: u32 = 500;

/// Room for the values on the left, for what stands below, and for the legend.
const LEFT: f64 = 76.0;
const BELOW: f64 = 26.0;
const ABOVE: f64 = 30.0;

/// Room on the right, so that the last label is whole.
const RIGHT: f64 = 24.0;

/// About so many ticks.
const TICKS: u32 = 4;

/// Marks of a line, at most.
const MARKS: usize = 24;

/// Labels below, at most: more would lie on each other.
const LABELS: usize = 5;

/// Colours of the theme, in light and dark, and how lines are broken: colours alone tell nothing to who sees none. They stand in the
/// picture, since the style sheet is loaded by every page.
const LOOKS: [(&str, &str); 6] = [
    ("var(--link)", "none"),
    ("var(--n)", "6 3"),
    ("var(--s)", "2 3"),
    ("var(--t)", "9 3 2 3"),
    ("var(--v)", "12 3"),
    ("var(--y)", "1 2"),
];

/// The colour of a series, and how its line is broken.
fn look(number: usize) -> (&'static str, &'static str) {
    LOOKS.get(number % LOOKS.len()).copied().unwrap_or(("currentColor", "none"))
}

impl Plot {
    /// The picture, and the table of its values behind it.
    pub fn html(&self) -> String {
        format!("{}{}", self.svg(), self.table())
    }

    fn svg(&self) -> String {
        let scale = Scale::of(self);
        let mut out = format!(
            "<svg role=\"img\" width=\"{SHOWN}\" fill=\"currentColor\" font-size=\"13\" aria-labelledby=\"{0}-t {0}-d\" viewBox=\"0 0 {WIDTH} {HEIGHT}\"><title id=\"{0}-t\">{1}</title><desc id=\"{0}-d\">{2}</desc>",
            self.id,
            text(&self.title),
            text(&self.about)
        );
        self.grid(&scale, &mut out);
        self.legend(&mut out);
        if self.shape == Shape::Bars {
            self.bars(&scale, &mut out);
        } else {
            for (number, series) in self.series.iter().enumerate() {
                bands(series, number, &scale, &mut out);
                line(series, number, &scale, &mut out);
            }
        }
        for (name, limit) in &self.limits {
            let y = scale.y(*limit);
            let _ = write!(
                out,
                "<path fill=\"none\" stroke=\"var(--bad)\" stroke-dasharray=\"4 3\" d=\"M{LEFT} {y:.1}H{:.1}\"/><text fill=\"var(--bad)\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                WIDTH - RIGHT,
                WIDTH - RIGHT,
                y - 4.0,
                text(name)
            );
        }
        out.push_str("</svg>\n");
        out
    }

    fn grid(&self, scale: &Scale, out: &mut String) {
        for tick in &scale.ticks {
            let y = scale.y(*tick);
            let _ = write!(
                out,
                "<path fill=\"none\" stroke=\"var(--line)\" d=\"M{LEFT} {y:.1}H{:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 6.0,
                y + 4.5,
                text(&self.told(*tick))
            );
        }
        let places = self.places();
        let every = places.len().div_ceil(LABELS).max(1);
        for (at, name) in places.iter().rev().step_by(every) {
            let _ = write!(
                out,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                scale.x(*at),
                HEIGHT - 6.0,
                text(name)
            );
        }
    }

    fn legend(&self, out: &mut String) {
        if self.series.len() < 2 {
            return;
        }
        let room = (WIDTH - LEFT - RIGHT) / f64::from(u32::try_from(self.series.len()).unwrap_or(1));
        for (number, series) in self.series.iter().enumerate() {
            let x = LEFT + room * f64::from(u32::try_from(number).unwrap_or(0));
            let (colour, _) = look(number);
            if self.shape == Shape::Bars {
                let _ =
                    write!(out, "<rect fill=\"{colour}\" x=\"{x:.1}\" y=\"6\" width=\"11\" height=\"11\"/>");
            } else {
                mark(number, (x + 5.0, 11.0), out);
            }
            let _ = write!(out, "<text x=\"{:.1}\" y=\"16\">{}</text>", x + 16.0, text(&series.name));
        }
    }

    fn bars(&self, scale: &Scale, out: &mut String) {
        let places = self.places();
        let width = (scale.width() / float(places.len().max(1)) * 0.7).clamp(2.0, 44.0);
        for (at, name) in &places {
            let mut top = 0.0;
            for (number, series) in self.series.iter().enumerate() {
                let value = series.at(*at);
                let Some(value) = value.filter(|value| *value > 0.0) else { continue };
                let (low, high) = (scale.y(top), scale.y(top + value));
                top += value;
                let _ = write!(
                    out,
                    "<rect fill=\"{}\" stroke=\"var(--bg)\" x=\"{:.1}\" y=\"{high:.1}\" width=\"{width:.1}\" height=\"{:.1}\"><title>{}, {}: {}</title></rect>",
                    look(number).0,
                    scale.x(*at) - width / 2.0,
                    low - high,
                    text(name),
                    text(&series.name),
                    text(&self.told(value))
                );
            }
        }
    }

    /// Where something stands below, with its name.
    fn places(&self) -> Vec<(i64, String)> {
        match &self.along {
            Along::Names(names) => (0..).zip(names.iter().cloned()).collect(),
            Along::Days => {
                let all = self.series.iter().flat_map(Series::places);
                let all: std::collections::BTreeSet<i64> = all.collect();
                all.into_iter().map(|day| (day, Date::from_days(day).to_string())).collect()
            }
        }
    }

    /// A value as it is read.
    fn told(&self, value: f64) -> String {
        match self.unit {
            Unit::Count if value.fract() == 0.0 => format!("{value:.0}"),
            Unit::Count => format!("{value:.1}"),
            Unit::Number => crate::capacity::known(value),
            Unit::Seconds if value <= 0.0 => "0".into(),
            Unit::Seconds => lasting::told(Duration::from_secs_f64(value.clamp(0.0, 1e12))),
        }
    }

    fn table(&self) -> String {
        let mut out = String::from(
            "<details><summary>As a table</summary>\n<div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr><td></td>",
        );
        for series in &self.series {
            let _ = write!(out, "<th>{}</th>", text(&series.name));
        }
        out.push_str("</tr></thead><tbody>\n");
        for (at, name) in self.places() {
            let _ = write!(out, "<tr><th>{}</th>", text(&name));
            for series in &self.series {
                let value = series.at(at);
                let _ = write!(
                    out,
                    "<td>{}</td>",
                    value.map_or_else(String::new, |value| text(&self.told(value)))
                );
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div></details>\n");
        out
    }
}

impl Series {
    /// How much is at a place.
    fn at(&self, place: i64) -> Option<f64> {
        let found = self.points.iter().find(|(known, _)| *known == place).and_then(|(_, value)| *value);
        found.filter(|value| value.is_finite())
    }

    fn places(&self) -> impl Iterator<Item = i64> + '_ {
        let bands = self.bands.iter().flatten().map(|(at, ..)| *at);
        self.points.iter().map(|(at, _)| *at).chain(bands)
    }

    /// Values that must be in the picture.
    fn values(&self) -> impl Iterator<Item = f64> + '_ {
        let bands = self.bands.iter().flatten().flat_map(|(_, low, high)| [*low, *high]);
        self.points.iter().filter_map(|(_, value)| *value).chain(bands).filter(|value| value.is_finite())
    }
}

/// From values to places in the picture.
struct Scale {
    first: i64,
    last: i64,
    /// Room on both sides of the first and last place, in places.
    margin: f64,
    low: f64,
    high: f64,
    ticks: Vec<f64>,
}

impl Scale {
    fn of(plot: &Plot) -> Self {
        let places = plot.places();
        let first = places.first().map_or(0, |(at, _)| *at);
        let last = places.last().map_or(first, |(at, _)| *at);
        let margin = if plot.shape == Shape::Bars || first == last { 0.5 } else { 0.15 };
        let stacked =
            places.iter().map(|(at, _)| plot.series.iter().filter_map(|series| series.at(*at)).sum::<f64>());
        let values: Vec<f64> = if plot.shape == Shape::Bars {
            stacked.collect()
        } else {
            plot.series.iter().flat_map(Series::values).collect()
        };
        let all = values.into_iter().chain(plot.limits.iter().map(|(_, limit)| *limit));
        let (low, high) =
            all.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        let step = step(high - low, plot.unit);
        // Ticks are whole steps, so that 0 is one of them.
        let (from, to) = ((low / step).floor(), (high / step).ceil().max(1.0));
        let mut ticks = Vec::new();
        let mut at = from;
        while at <= to && ticks.len() < 32 {
            ticks.push(at * step);
            at += 1.0;
        }
        Self { first, last, margin, low: from * step, high: to * step, ticks }
    }

    fn width(&self) -> f64 {
        WIDTH - LEFT - RIGHT
    }

    fn x(&self, at: i64) -> f64 {
        let all = span(self.first, self.last);
        // Days lie apart as they do; a margin of a share of them.
        let margin = self.margin * if all > 0.0 { (all / 12.0).max(1.0) } else { 1.0 };
        LEFT + (span(self.first, at) + margin) / (all + 2.0 * margin) * self.width()
    }

    fn y(&self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(-0.05, 1.05);
        HEIGHT - BELOW - share * (HEIGHT - BELOW - ABOVE)
    }
}

#[expect(clippy::cast_precision_loss, reason = "places are days or numbers of names, far below 2^52")]
fn span(from: i64, to: i64) -> f64 {
    (to - from) as f64
}

fn float(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// The distance of ticks: a nice number, 1, 2 or 5 times a power of ten; of times, one of the clock's.
fn step(range: f64, unit: Unit) -> f64 {
    const CLOCK: &[f64] = &[
        1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0, 10_800.0,
        21_600.0, 43_200.0, 86_400.0,
    ];
    if range <= 0.0 || !range.is_finite() {
        return 1.0;
    }
    let raw = range / f64::from(TICKS);
    if unit == Unit::Seconds
        && let Some(step) = CLOCK.iter().find(|step| **step >= raw)
    {
        return *step;
    }
    let power = 10_f64.powf(raw.log10().floor());
    let nice = [1.0, 2.0, 5.0, 10.0].into_iter().find(|nice| nice * power >= raw).unwrap_or(10.0) * power;
    if unit == Unit::Count { nice.max(1.0) } else { nice }
}

fn bands(series: &Series, number: usize, scale: &Scale, out: &mut String) {
    for band in series.bands.iter().filter(|band| !band.is_empty()) {
        let upper = band.iter().map(|(at, _, high)| (scale.x(*at), scale.y(*high)));
        let lower = band.iter().rev().map(|(at, low, _)| (scale.x(*at), scale.y(*low)));
        let path: Vec<String> = upper.chain(lower).map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        let _ = write!(out, "<path fill=\"{}\" opacity=\".2\" d=\"M{}Z\"/>", look(number).0, path.join("L"));
    }
}

fn line(series: &Series, number: usize, scale: &Scale, out: &mut String) {
    let mut path = String::new();
    let mut pen = 'M';
    for (at, value) in &series.points {
        match value.filter(|value| value.is_finite()) {
            Some(value) => {
                let _ = write!(path, "{pen}{:.1} {:.1}", scale.x(*at), scale.y(value));
                pen = 'L';
            }
            None => pen = 'M',
        }
    }
    let (colour, dashes) = look(number);
    if !path.is_empty() {
        let _ = write!(
            out,
            "<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dashes}\" d=\"{path}\"/>"
        );
    }
    // Where there are many, marks would lie on each other, and hide the line.
    let every = series.points.len().div_ceil(MARKS).max(1);
    for (at, value) in series.points.iter().rev().step_by(every) {
        if let Some(value) = value.filter(|value| value.is_finite()) {
            mark(number, (scale.x(*at), scale.y(value)), out);
        }
    }
}

/// A mark, of a form of its own: colours alone tell nothing to who sees none.
fn mark(number: usize, (x, y): (f64, f64), out: &mut String) {
    let path = match number % LOOKS.len() {
        0 => "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
        1 => "m-4-4h8v8h-8z",
        2 => "m0-5l5 9h-10z",
        3 => "m0-5l5 5l-5 5l-5-5z",
        4 => "m0 5l5-9h-10z",
        _ => "m-5-1.5h10v3h-10z",
    };
    let _ = write!(out, "<path fill=\"{}\" d=\"M{x:.1} {y:.1}{path}\"/>", look(number).0);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(shape: Shape, points: Vec<(i64, Option<f64>)>) -> Plot {
        Plot {
            id: "a".into(),
            title: "T & T".into(),
            about: "A.".into(),
            shape,
            along: Along::Days,
            unit: Unit::Count,
            series: vec![Series { name: "s".into(), points, bands: Vec::new() }],
            limits: Vec::new(),
        }
    }

    #[test]
    fn ticks_are_nice_and_hold_all_values() {
        for (value, wanted) in
            [(3.0, vec![0.0, 1.0, 2.0, 3.0]), (0.0, vec![0.0, 1.0]), (41.0, vec![0.0, 20.0, 40.0, 60.0])]
        {
            let scale = Scale::of(&plot(Shape::Lines, vec![(0, Some(value))]));
            assert_eq!(scale.ticks, wanted, "{value}");
            assert!(scale.y(value) >= ABOVE - 0.1 && scale.y(value) <= HEIGHT - BELOW);
        }
        let steps = [3_000.0, 700_000.0].map(|seconds| format!("{}", step(4.0 * seconds, Unit::Seconds)));
        assert_eq!(steps, ["3600", "1000000"]);
    }

    #[test]
    fn a_line_is_broken_where_nothing_is_known_and_bands_and_limits_are_in_the_picture() {
        let mut plot =
            plot(Shape::Lines, vec![(0, Some(1.0)), (10, None), (20, Some(2.0)), (30, Some(f64::NAN))]);
        plot.series[0].bands = vec![vec![(20, 1.0, 90.0), (30, 0.0, 95.0)]];
        plot.limits = vec![("full".into(), 100.0)];
        let html = plot.html();
        assert_eq!(html.matches("stroke-dasharray=\"none\"").count(), 1);
        let path = html.split("stroke-dasharray=\"none\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        assert_eq!((path.matches('M').count(), path.matches('L').count()), (2, 0), "{path}");
        assert!(
            html.contains("opacity=\".2\"") && html.contains(">full</text>") && html.contains("T &amp; T")
        );
        assert!(
            html.contains("<tr><th>1970-01-21</th><td>2</td></tr>")
                && html.contains("<th>1970-01-11</th><td></td>")
        );
        assert!(!html.contains("NaN") && !html.contains("inf"));
    }

    #[test]
    fn bars_lie_on_top_of_each_other_and_an_empty_plot_is_one_too() {
        let mut plot = plot(Shape::Bars, vec![(0, Some(1.0)), (1, Some(2.0))]);
        plot.series.push(Series { name: "t".into(), points: vec![(1, Some(2.0))], bands: Vec::new() });
        plot.along = Along::Names(vec!["a".into(), "b".into()]);
        assert_eq!(Scale::of(&plot).ticks.len(), 5);
        let html = plot.html();
        assert_eq!(html.matches("<rect").count(), 3 + 2, "{html}");
        plot.series.clear();
        plot.along = Along::Names(Vec::new());
        assert!(plot.html().contains("<svg"));
    }
}
