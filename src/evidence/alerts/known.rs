//! What rules are held against beside pages: severities, metrics that something exports, rule tests.

use super::rules::stands_alone;
use super::{Alerts, book, texts};
use crate::base::{Glob, RelPath, Steps, parallel_map};
use crate::code::{is_read, without_comments};
use crate::diag::{Nearest, Problem, code};
use crate::evidence::context::Context;
use crate::openapi::node::Node;
use crate::openapi::{Format, read};
use aho_corasick::AhoCorasick;
use std::collections::{BTreeMap, BTreeSet};

/// Endings that a histogram, a summary or a counter adds to the name that code gives it.
const ENDINGS: &[&str] = &["_bucket", "_sum", "_count", "_total", "_created"];

/// Holds all alerts against what book.toml declares.
pub(super) fn judge(
    cx: &Context<'_>,
    alerts: &mut Alerts,
    recorded: &[String],
    rules: &BTreeMap<RelPath, String>,
) {
    let mut problems = Vec::new();
    severities(cx, alerts, &mut problems);
    metrics(cx, alerts, (recorded, rules), &mut problems);
    tests(cx, alerts, &mut problems);
    alerts.problems.append(&mut problems);
}

fn severities(cx: &Context<'_>, alerts: &Alerts, problems: &mut Vec<Problem>) {
    let known = &cx.config.alerts.severities;
    if known.is_empty() {
        return;
    }
    for alert in &alerts.list {
        let (message, place) = match &alert.severity {
            Some((severity, _)) if known.contains(severity) => continue,
            Some((severity, place)) => (format!("`{}` has the severity `{severity}`", alert.name), place),
            None => (format!("`{}` has no label `severity`", alert.name), &alert.place),
        };
        let found = Problem::new(code::ALERT_SEVERITY, place, &*alert.name, message);
        problems.push(found.help(format!("`alerts.severities` has {}", known.join(", "))));
    }
}

fn metrics(
    cx: &Context<'_>,
    alerts: &Alerts,
    (recorded, rules): (&[String], &BTreeMap<RelPath, String>),
    problems: &mut Vec<Problem>,
) {
    let declared = &cx.config.alerts.metrics;
    if declared.is_empty() {
        return;
    }
    let named = alerts.list.iter().flat_map(|alert| &alert.expression).flat_map(|one| &one.metrics);
    let wanted: BTreeSet<&str> = named.map(String::as_str).collect();
    let mut known: BTreeSet<String> = recorded.iter().cloned().collect();
    for source in declared {
        if source == "code" {
            known.extend(in_code(cx, &wanted));
        } else if source.contains(['/', '.']) {
            match cx.config.root.join(source).map(|file| cx.world.text(&file)) {
                Ok(Ok(text)) => known.extend(exported(&text)),
                _ => {
                    let message = format!("`alerts.metrics` names `{source}`, which cannot be read");
                    problems.push(Problem::new(code::ALERT_METRIC, &book(cx), &**source, message));
                }
            }
        } else {
            let glob = Glob::new(source);
            known.extend(wanted.iter().filter(|name| glob.matches(name)).map(|name| (*name).to_owned()));
        }
    }
    let near = Nearest::default();
    for alert in &alerts.list {
        for metric in alert.expression.iter().flat_map(|one| &one.metrics) {
            let base = ENDINGS.iter().find_map(|ending| metric.strip_suffix(ending));
            if known.contains(metric) || base.is_some_and(|base| known.contains(base)) {
                continue;
            }
            let text = rules.get(&alert.at.file).map_or("", String::as_str);
            let place = alert.place_of(metric, text);
            let message = format!("`{}` watches `{metric}`, which nothing exports", alert.name);
            let near = near.find("metrics", metric, known.iter().map(String::as_str));
            let help = near.map_or_else(
                || "correct the name, or declare who exports it in `alerts.metrics`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            problems.push(Problem::new(code::ALERT_METRIC, &place, &**metric, message).help(help));
        }
    }
}

/// The names of metrics in what an exporter prints, or in a list with one on a line.
fn exported(text: &str) -> impl Iterator<Item = String> + '_ {
    text.lines().filter_map(|line| {
        let line = line.trim();
        let typed = line.strip_prefix("# TYPE ").or_else(|| line.strip_prefix("# HELP "));
        let rest = typed.unwrap_or(line);
        let name = rest.split(['{', ' ', '\t']).next().unwrap_or("");
        (!name.is_empty() && !name.starts_with('#')).then(|| name.to_owned())
    })
}

/// Most places that are looked at in a file.
const MOST_HITS: u64 = 100_000;

/// Which of some metrics the code spells, outside of comments; with what histograms and counters add left out, too.
fn in_code(cx: &Context<'_>, wanted: &BTreeSet<&str>) -> BTreeSet<String> {
    let bases = wanted.iter().flat_map(|name| ENDINGS.iter().filter_map(|end| name.strip_suffix(end)));
    let names: Vec<&str> = wanted.iter().copied().chain(bases).collect::<BTreeSet<_>>().into_iter().collect();
    let Ok(search) = AhoCorasick::new(&names) else { return BTreeSet::new() };
    let mut files = cx.world.tracked(&RelPath::root());
    // Rules and dashboards name metrics, too; only code makes them.
    files.retain(|file| is_read(file) && !matches!(file.extension(), Some("yml" | "yaml" | "toml" | "json")));
    let hits = parallel_map(&files, |file| -> BTreeSet<usize> {
        let text = cx.world.text(file).unwrap_or_default();
        let text = without_comments(file, &text);
        let steps = Steps::new(MOST_HITS);
        let hits = search.find_overlapping_iter(&text).take_while(|_| steps.take(1));
        hits.filter(|hit| stands_alone(&text, hit.start()..hit.end()))
            .map(|hit| hit.pattern().as_usize())
            .collect()
    });
    hits.into_iter().flatten().filter_map(|at| names.get(at)).map(|name| (*name).to_owned()).collect()
}

/// Alerts that no rule test of promtool names.
fn tests(cx: &Context<'_>, alerts: &Alerts, problems: &mut Vec<Problem>) {
    if cx.config.alerts.tests.is_empty() {
        return;
    }
    let mut tried = BTreeSet::new();
    let key = ("alerts.tests", cx.config.alerts.tests.as_slice(), code::ALERT_TEST);
    for (file, text) in texts(cx, key, problems) {
        let tree = read(&file, &text, 0, Format::Yaml);
        if let Some(problem) = tree.problems.first() {
            let message = format!("the rule tests cannot be read: {}", problem.message);
            problems.push(Problem::new(code::ALERT_TEST, &problem.place, "yaml", message));
        }
        let list = |node: &Node, key: &str| node.get(key).map(|one| one.list().to_vec()).unwrap_or_default();
        for test in list(&tree.root, "tests") {
            let named = list(&test, "alert_rule_test");
            tried.extend(named.iter().filter_map(|one| one.get_text("alertname")).map(str::to_owned));
        }
    }
    for alert in alerts.list.iter().filter(|alert| !tried.contains(&alert.name)) {
        let message = format!("no rule test tries `{}`", alert.name);
        let found = Problem::new(code::ALERT_TEST, &alert.place, &*alert.name, message);
        problems.push(found.help("write an `alert_rule_test` for it; `promtool test rules` runs it"));
    }
}
