//! What a runbook's page shows of its runs: the last one, its timeline, its objectives with their trend, what holes took.

use crate::base::lasting;
use crate::evidence::runs::Known;
use crate::markdown::{escape_attribute, escaped_text as text};
use crate::runs::evidence::{Evidence, Measured, Run, Status};
use crate::runs::holes;
use crate::runs::projection::{self, NotProjected, Projection};
use crate::runs::standing::Standing;
use std::fmt::Write as _;
use std::time::Duration;

/// Width of a timeline, in its own units.
const WIDTH: u64 = 480;

/// Where its bars begin, behind the names of steps.
const NAMES: u64 = 150;

/// Height of a step in it.
const ROW: u64 = 20;

/// Values of an objective that its trend shows, the newest.
const TREND: usize = 30;

fn told(ms: u64) -> String {
    lasting::told(Duration::from_millis(ms))
}

/// The section; empty for a runbook without steps.
pub(super) fn section(known: &Known) -> String {
    if known.runbook.steps.is_empty() {
        return String::new();
    }
    let mut out = String::from("<section class=\"runs\" aria-label=\"Last run\">\n");
    let (state, line) = state(known);
    let _ = writeln!(out, "<p class=\"{state}\">{line}</p>");
    if let Some(run) = shown(known) {
        out.push_str(&objectives(known, run));
        out.push_str("<details><summary>Timeline</summary>\n");
        out.push_str(&timeline(run));
        out.push_str(&left(run));
        out.push_str("</details>\n");
    }
    out.push_str("</section>\n");
    out
}

fn run_of(known: &Known, file: usize) -> Option<&Run> {
    known.files.get(file).and_then(|file| file.evidence.as_ref().ok()).map(Evidence::run)
}

/// The run that the page shows.
fn shown(known: &Known) -> Option<&Run> {
    match &known.standing {
        Standing::Failed { file } | Standing::Passed { file, .. } => run_of(known, *file),
        Standing::Never | Standing::Changed(_) => None,
    }
}

/// A class, and the line at the head of the page.
fn state(known: &Known) -> (&'static str, String) {
    let due = known
        .runbook
        .verify_every
        .map_or_else(String::new, |days| format!(" It has to run every {days} days."));
    let when = |run: &Run| {
        let day = run.started.get(..10).unwrap_or("");
        format!("<time datetime=\"{}\">{}</time>", text(&run.started), text(day))
    };
    match &known.standing {
        Standing::Never => ("run-none", format!("Never run.{due}")),
        Standing::Changed(day) => ("run-none", format!("Its steps have changed since it ran on {day}.{due}")),
        Standing::Failed { file } => {
            let Some(run) = run_of(known, *file) else { return ("bad", "The last run failed.".into()) };
            let step = run.failure().map_or("", |(step, _)| step);
            let target = text(&run.target.name);
            (
                "bad",
                format!(
                    "The last run, on {} on {target}, failed at the step <code>{}</code>.{due}",
                    when(run),
                    text(step)
                ),
            )
        }
        Standing::Passed { file, missed, late } => {
            let Some(run) = run_of(known, *file) else { return ("run-none", "Never run.".into()) };
            let size = match run.target.size.as_str() {
                "production" => String::new(),
                size => format!(" ({})", text(&size.replace('-', " "))),
            };
            let line = format!(
                "Last verified on {} in {} on {}{size}, by the role {}.",
                when(run),
                told(run.ms),
                text(&run.target.name),
                text(&run.who)
            );
            match (missed, late) {
                (Some(name), _) => ("bad", format!("{line} It did not meet {}.{due}", text(name))),
                (None, Some(days)) if *days < 0 => ("bad", format!("{line} That day is yet to come.{due}")),
                (None, Some(_)) => ("bad", format!("{line} That is too long ago.{due}")),
                (None, None) => ("good", format!("{line}{due}")),
            }
        }
    }
}

/// Each objective of the page, with its figure in all runs and the code that measures it.
fn objectives(known: &Known, run: &Run) -> String {
    let mut out = String::new();
    for objective in &known.runbook.objectives {
        let limit = u64::try_from(objective.limit.as_millis()).unwrap_or(u64::MAX);
        let of = |run: &Run| -> Option<Measured> {
            run.objectives.iter().find(|one| one.name == objective.name && one.of == objective.of).cloned()
        };
        let measured = of(run).and_then(|one| one.measured_ms);
        let proven = if run.target.size == "production" { "proven" } else { "demonstrated" };
        let (class, figure) = match measured {
            Some(measured) if measured < limit && run.status == Status::Passed => {
                ("good", format!("{} (&lt; {}), {proven}", told(measured), told(limit)))
            }
            Some(measured) => ("bad", format!("{} (not &lt; {})", told(measured), told(limit))),
            None => ("bad", format!("not measured (&lt; {})", told(limit))),
        };
        let name = objective.name.to_uppercase();
        let _ = write!(out, "<p class=\"objective\">{name} <span class=\"{class}\">{figure}</span>");
        let ended = known.files.iter().filter_map(|file| file.evidence.as_ref().ok()).map(Evidence::run);
        let figures: Vec<u64> = ended.filter_map(|run| of(run).and_then(|one| one.measured_ms)).collect();
        out.push_str(&trend(&name, &figures, limit));
        let projected = projection::of_objective(&known.runbook, &known.files, objective);
        let _ = writeln!(out, "; {}</p>", projected_words(projected));
        let step = known
            .runbook
            .steps
            .iter()
            .find(|step| step.measure && step.captures().contains(&objective.of.as_str()));
        if let Some(step) = step {
            let code = text(step.code.trim_end());
            let _ = writeln!(
                out,
                "<details><summary>How {name} is measured</summary><pre><code>{code}</code></pre></details>"
            );
        }
    }
    out
}

/// What is said of another size; it meets nothing, so it has no colour.
fn projected_words(projected: Option<Result<Projection, NotProjected>>) -> String {
    match projected {
        None => "not projected to another size".to_owned(),
        Some(Ok(found)) => text(&found.to_string()),
        Some(Err(why)) => text(&why.to_string()),
    }
}

/// Figures of an objective over time, a line with the limit above; one figure is no trend.
fn trend(name: &str, figures: &[u64], limit: u64) -> String {
    let figures = figures.get(figures.len().saturating_sub(TREND)..).unwrap_or_default();
    if figures.len() < 2 {
        return String::new();
    }
    let most = figures.iter().copied().max().unwrap_or(1).max(limit).max(1);
    let height = |figure: u64| 22 - figure.saturating_mul(20) / most;
    let last = figures.len() as u64 - 1;
    let points: Vec<String> = figures
        .iter()
        .enumerate()
        .map(|(at, figure)| format!("{},{}", at as u64 * 96 / last + 2, height(*figure)))
        .collect();
    let told: Vec<String> = figures.iter().map(|figure| told(*figure)).collect();
    format!(
        " <svg class=\"trend\" fill=\"none\" stroke=\"currentColor\" role=\"img\" aria-label=\"{name} of {} runs: {}\" viewBox=\"0 0 100 24\" width=\"100\" height=\"24\"><path class=\"bad\" d=\"M0 {y}H100\"/><polyline points=\"{}\"/></svg>",
        figures.len(),
        told.join(", "),
        points.join(" "),
        y = height(limit)
    )
}

/// The steps of a run, each a bar from its start to its end.
fn timeline(run: &Run) -> String {
    let height = run.steps.len() as u64 * ROW + 4;
    let all = run.ms.max(1);
    let at = |ms: u64| NAMES + ms.min(all).saturating_mul(WIDTH - NAMES - 70) / all;
    let mut out = format!(
        "<svg class=\"timeline\" fill=\"currentColor\" font-size=\"12\" role=\"img\" aria-label=\"Timeline of {} steps in {}\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\">",
        run.steps.len(),
        told(run.ms)
    );
    for (row, step) in run.steps.iter().enumerate() {
        let top = row as u64 * ROW + 2;
        let (from, to) = (at(step.start_ms), at(step.end_ms()));
        let class = if step.failed.is_some() { "bad" } else { "good" };
        let base = top + 14;
        let name: String = step.name.chars().take(20).collect();
        let _ = write!(
            out,
            "<text x=\"0\" y=\"{base}\">{}</text><rect class=\"{class}\" x=\"{from}\" y=\"{}\" width=\"{}\" height=\"12\"/><text x=\"{}\" y=\"{base}\">{}</text>",
            text(&name),
            top + 4,
            (to - from).max(2),
            to + 6,
            told(step.ms)
        );
    }
    out.push_str("</svg>\n");
    out
}

fn left(run: &Run) -> String {
    if run.left.is_empty() {
        return String::new();
    }
    let mut out = String::from("<p>Left running until the end:</p>\n<ul>\n");
    for left in &run.left {
        let _ = writeln!(
            out,
            "<li><code>{}</code>, by <code>{}</code></li>",
            text(&left.program),
            text(&left.step)
        );
    }
    out.push_str("</ul>\n");
    out
}

/// How a block of output begins, behind `<code` and, where it is wide, `tabindex`.
const OPEN: &str = "class=\"language-output";

/// Puts what the shown run captured in the place of the holes of output blocks.
pub(super) fn fill_holes(known: &Known, body: String) -> String {
    let Some(run) = shown(known).filter(|run| !run.captures.is_empty()) else { return body };
    let mut out = String::with_capacity(body.len());
    let mut rest = body.as_str();
    while let Some((before, block)) = rest.split_once(OPEN) {
        let (inside, behind) = block.split_once("</code>").unwrap_or((block, ""));
        let mut inside = inside.to_owned();
        for (name, value) in &run.captures {
            for of in holes::TYPES {
                let hole = format!("{{{{{name}:{}}}}}", of.name);
                if !inside.contains(&hole) {
                    continue;
                }
                let mut title = String::new();
                escape_attribute(&hole, &mut title);
                inside = inside.replace(&hole, &format!("<mark title=\"{title}\">{}</mark>", text(value)));
            }
        }
        let _ = write!(out, "{before}{OPEN}{inside}");
        if !behind.is_empty() || block.ends_with("</code>") {
            out.push_str("</code>");
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}
