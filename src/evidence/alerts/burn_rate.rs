//! Alerts on how fast an objective's error budget burns, over several windows: the rules of Prometheus, and promtool's
//! tests of them.
//!
//! The windows and factors are those of <https://sre.google/workbook/alerting-on-slos/> (table 5-8), the names of series those
//! of sloth, so that dashboards made for one read the other.

use super::objectives::{BurnAlert, Indicator, Labels, Objective, filled};
use std::fmt::Write as _;
use std::time::Duration;

/// Days over which an error budget lasts.
pub const DAYS: u32 = 30;

/// A pair of windows, and how fast a budget burns to be told of.
struct Windows {
    short: &'static str,
    long: &'static str,
    /// How much of the budget burns within the long one, in percent.
    percent: f64,
    hours: f64,
}

const fn windows(short: &'static str, long: &'static str, percent: f64, hours: f64) -> Windows {
    Windows { short, long, percent, hours }
}

/// For each severity the quick and the slow pair.
const SEVERITIES: [(&str, [Windows; 2]); 2] = [
    ("page", [windows("5m", "1h", 2.0, 1.0), windows("30m", "6h", 5.0, 6.0)]),
    ("ticket", [windows("2h", "1d", 10.0, 24.0), windows("6h", "3d", 10.0, 72.0)]),
];

/// All windows, shortest first.
const ALL: [&str; 7] = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"];

impl Windows {
    /// How many times faster than the budget allows.
    fn factor(&self) -> f64 {
        self.percent * f64::from(DAYS) * 24.0 / 100.0 / self.hours
    }
}

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Whether it is an alert, and no recording rule.
    pub is_alert: bool,
    /// Its name.
    pub name: String,
    /// Its expression.
    pub expression: String,
    /// Its labels.
    pub labels: Labels,
    /// Its annotations.
    pub annotations: Labels,
}

/// Rules that are evaluated one after another.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name, once in a file.
    pub name: String,
    /// The rules.
    pub rules: Vec<Rule>,
}

fn metric(window: &str) -> String {
    format!("slo:sli_error:ratio_rate{window}")
}

/// The labels that name an objective.
fn ids(objective: &Objective) -> Labels {
    let pairs = [
        ("sloth_id", objective.id()),
        ("sloth_service", objective.service.clone()),
        ("sloth_slo", objective.name.clone()),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn selector(labels: &Labels) -> String {
    let pairs: Vec<String> = labels.iter().map(|(key, value)| format!("{key}={}", quoted(value))).collect();
    format!("{{{}}}", pairs.join(", "))
}

/// As YAML and PromQL both read it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn with(labels: &Labels, key: &str, value: &str) -> Labels {
    let mut out = labels.clone();
    out.insert(key.to_owned(), value.to_owned());
    out
}

fn record(name: impl Into<String>, expression: String, labels: &Labels) -> Rule {
    let (name, labels) = (name.into(), labels.clone());
    Rule { is_alert: false, name, expression, labels, annotations: Labels::new() }
}

/// The rules of an objective.
pub fn groups(objective: &Objective) -> Vec<Group> {
    let id = objective.id();
    let group = |kind: &str, rules| Group { name: format!("sloth-slo-{kind}-{id}"), rules };
    let out = vec![
        group("sli-recordings", indicators(objective)),
        group("meta-recordings", figures(objective)),
        group("alerts", alerts(objective)),
    ];
    out.into_iter().filter(|group| !group.rules.is_empty()).collect()
}

/// The labels of each series of an objective.
fn labels(objective: &Objective) -> Labels {
    let mut out = ids(objective);
    out.extend(objective.labels.clone());
    out
}

/// The ratio of errors over each window.
fn indicators(objective: &Objective) -> Vec<Rule> {
    let filter = selector(&ids(objective));
    let labels = labels(objective);
    let rule = |window: &str, expression: String| {
        let mut all = ids(objective);
        all.insert("sloth_window".into(), window.into());
        all.extend(labels.clone());
        record(metric(window), expression, &all)
    };
    // What is read has its window, so nothing is left out here.
    let fill = |query: &str, window: &str| filled(query, window).unwrap_or_default();
    let mut out: Vec<Rule> = ALL
        .into_iter()
        .map(|window| {
            let expression = match &objective.indicator {
                Indicator::Events(errors, all) => {
                    format!("({})\n/\n({})", fill(errors, window), fill(all, window))
                }
                Indicator::Raw(ratio) => format!("({})", fill(ratio, window)),
            };
            rule(window, expression)
        })
        .collect();
    let (five, whole) = (metric("5m"), format!("{DAYS}d"));
    // Thirty days of raw series cost Prometheus too much: the ratios of the shortest window are averaged.
    out.push(rule(
        &whole,
        format!(
            "sum_over_time({five}{filter}[{whole}])\n/ ignoring (sloth_window)\ncount_over_time({five}{filter}[{whole}])"
        ),
    ));
    out
}

/// The objective, its budget, and what is left of it.
fn figures(objective: &Objective) -> Vec<Rule> {
    let filter = selector(&ids(objective));
    let labels = labels(objective);
    let ratio = objective.percent / 100.0;
    let burn = |window: &str| {
        format!(
            "{}{filter}\n/ on(sloth_id, sloth_slo, sloth_service) group_left\nslo:error_budget:ratio{filter}",
            metric(window)
        )
    };
    let info = with(&with(&labels, "sloth_objective", &objective.written), "sloth_spec", "prometheus/v1");
    vec![
        record("slo:objective:ratio", format!("vector({ratio})"), &labels),
        record("slo:error_budget:ratio", format!("vector(1-{ratio})"), &labels),
        record("slo:time_period:days", format!("vector({DAYS})"), &labels),
        record("slo:current_burn_rate:ratio", burn("5m"), &labels),
        record("slo:period_burn_rate:ratio", burn(&format!("{DAYS}d")), &labels),
        record(
            "slo:period_error_budget_remaining:ratio",
            format!("1 - slo:period_burn_rate:ratio{filter}"),
            &labels,
        ),
        record("sloth_slo_info", "vector(1)".into(), &info),
    ]
}

/// For how long all may be bad before the budget is spent, to the second.
pub fn downtime(objective: &Objective) -> Duration {
    let whole = Duration::from_secs(u64::from(DAYS) * 86_400);
    let part = whole.mul_f64(budget(objective).clamp(0.0, 1.0));
    Duration::from_secs((part + Duration::from_millis(500)).as_secs())
}

/// How much of all may be bad.
fn budget(objective: &Objective) -> f64 {
    (100.0 - objective.percent) / 100.0
}

fn alerts(objective: &Objective) -> Vec<Rule> {
    let filter = selector(&ids(objective));
    let budget = budget(objective);
    let mut out = Vec::new();
    for ((severity, pairs), alert) in SEVERITIES.iter().zip(&objective.alerts) {
        let Some(alert) = alert else { continue };
        let burns = |pair: &Windows| {
            let factor = pair.factor();
            let over = |window: &str| {
                format!("max({}{filter} > ({factor} * {budget})) without (sloth_window)", metric(window))
            };
            format!("(\n    {}\n    and\n    {}\n)", over(pair.short), over(pair.long))
        };
        let pairs: Vec<String> = pairs.iter().map(burns).collect();
        let (labels, annotations) = told(severity, alert);
        out.push(Rule {
            is_alert: true,
            name: alert.name.clone(),
            expression: pairs.join("\nor\n"),
            labels,
            annotations,
        });
    }
    out
}

/// Labels and annotations of an alert; its own win over those that every objective has.
fn told(severity: &str, alert: &BurnAlert) -> (Labels, Labels) {
    let mut labels = Labels::from([("sloth_severity".to_owned(), severity.to_owned())]);
    labels.extend(alert.labels.clone());
    let of = "{{$labels.sloth_service}} {{$labels.sloth_slo}} SLO error budget burn rate is";
    let mut annotations = Labels::from([
        ("title".to_owned(), format!("({severity}) {of} too fast.")),
        ("summary".to_owned(), format!("{of} over expected.")),
    ]);
    annotations.extend(alert.annotations.clone());
    (labels, annotations)
}

/// The file of rules; `from` is the file that the objectives stand in.
pub fn rules_file(list: &[Objective], from: &str) -> String {
    let mut out = format!("# Written by `oathbook slo generate` from {from}: change that one.\ngroups:\n");
    for group in list.iter().flat_map(groups) {
        let _ = write!(out, "  - name: {}\n    rules:\n", group.name);
        for rule in &group.rules {
            let kind = if rule.is_alert { "alert" } else { "record" };
            let _ = writeln!(out, "      - {kind}: {}", quoted(&rule.name));
            expression(&rule.expression, &mut out);
            table("        labels", &rule.labels, &mut out);
            table("        annotations", &rule.annotations, &mut out);
        }
    }
    out
}

fn expression(text: &str, out: &mut String) {
    // A tab or a carriage return within a block would be read otherwise than it is written.
    let is_plain = !text.chars().any(|sign| sign.is_control() && sign != '\n');
    if text.contains('\n') && is_plain {
        out.push_str("        expr: |\n");
        for line in text.lines() {
            let _ = writeln!(out, "          {line}");
        }
    } else {
        let _ = writeln!(out, "        expr: {}", quoted(text));
    }
}

fn table(head: &str, labels: &Labels, out: &mut String) {
    if labels.is_empty() {
        return;
    }
    let indent = head.len() - head.trim_start().len() + 2;
    let _ = writeln!(out, "{head}:");
    for (key, value) in labels {
        let _ = writeln!(out, "{:indent$}{key}: {}", "", quoted(value));
    }
}

/// A text of a rule for series with these labels; none where it asks for more than labels.
fn expanded(text: &str, labels: &Labels) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        let (inside, after) = behind.split_once("}}")?;
        out.push_str(before);
        out.push_str(labels.get(inside.trim().strip_prefix("$labels.")?)?);
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// promtool's tests of the rules: each alert fires when both windows of a pair are just over the limit, and stays silent when
/// only one of them is.
pub fn tests_file(list: &[Objective], rules: &str) -> String {
    let mut out = format!(
        "# Written by `oathbook slo generate`; `promtool test rules` runs it.\nrule_files: [{}]\nevaluation_interval: 1m\ntests:\n",
        quoted(rules)
    );
    for objective in list {
        for ((severity, pairs), alert) in SEVERITIES.iter().zip(&objective.alerts) {
            let Some(alert) = alert else { continue };
            for pair in pairs {
                cases(objective, (severity, alert), pair, &mut out);
            }
        }
    }
    if out.ends_with("tests:\n") {
        out.truncate(out.len() - 1);
        out.push_str(" []\n");
    }
    out
}

fn cases(objective: &Objective, (severity, alert): (&str, &BurnAlert), pair: &Windows, out: &mut String) {
    let limit = pair.factor() * budget(objective);
    let (over, under) = (limit * 1.01, limit * 0.99);
    let id = objective.id();
    if over > 1.0 {
        let _ = writeln!(
            out,
            "  # {id}: {severity} over {} and {} never fires: {} times the budget of {} % is more than everything.",
            pair.short,
            pair.long,
            pair.factor(),
            objective.budget()
        );
        return;
    }
    let cases = [("fires", over, over), ("short alone", over, under), ("long alone", under, over)];
    for (what, short, long) in cases {
        let name = format!("{id}: {severity} over {} and {}: {what}", pair.short, pair.long);
        let _ = write!(out, "  - name: {}\n    interval: 1m\n    input_series:\n", quoted(&name));
        for (window, value) in [(pair.short, short), (pair.long, long)] {
            let mut series = ids(objective);
            series.insert("sloth_window".into(), window.into());
            series.extend(objective.labels.clone());
            let series = format!("{}{}", metric(window), selector(&series));
            let _ = writeln!(out, "      - series: {}\n        values: \"{value}x10\"", quoted(&series));
        }
        expected(objective, (severity, alert), what == "fires", out);
    }
}

fn expected(objective: &Objective, (severity, alert): (&str, &BurnAlert), fires: bool, out: &mut String) {
    let series = labels(objective);
    let (own, annotations) = told(severity, alert);
    let expand = |texts: &Labels| -> Option<Labels> {
        texts.iter().map(|(key, text)| Some((key.clone(), expanded(text, &series)?))).collect()
    };
    let (Some(own), Some(annotations)) = (expand(&own), expand(&annotations)) else {
        // What the text comes to, only Prometheus knows: that it fires is looked at, and not what it says.
        let firing = format!(
            "count(ALERTS{{alertname={}, alertstate=\"firing\", sloth_id={}, sloth_slo={}}}) or vector(0)",
            quoted(&alert.name),
            quoted(&objective.id()),
            quoted(&objective.name)
        );
        let _ = writeln!(
            out,
            "    promql_expr_test:\n      - expr: {}\n        eval_time: 5m\n        exp_samples: [{{labels: \"{{}}\", value: {}}}]",
            quoted(&firing),
            u8::from(fires)
        );
        return;
    };
    let _ = writeln!(
        out,
        "    alert_rule_test:\n      - alertname: {}\n        eval_time: 5m",
        quoted(&alert.name)
    );
    if !fires {
        out.push_str("        exp_alerts: []\n");
        return;
    }
    let mut all = series;
    all.extend(own);
    out.push_str("        exp_alerts:\n          - exp_labels:\n");
    for (key, value) in &all {
        let _ = writeln!(out, "              {key}: {}", quoted(value));
    }
    table("            exp_annotations", &annotations, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_burn_at_the_factors_of_the_workbook() {
        let factors: Vec<f64> =
            SEVERITIES.iter().flat_map(|(_, pairs)| pairs.iter().map(Windows::factor)).collect();
        assert_eq!(factors, [14.4, 6.0, 3.0, 1.0]);
    }

    #[test]
    fn only_texts_that_ask_for_labels_are_expanded() {
        let labels = Labels::from([("a".to_owned(), "b".to_owned())]);
        let of = |text: &str| expanded(text, &labels);
        assert_eq!(of("x {{$labels.a}} {{ $labels.a }}").as_deref(), Some("x b b"));
        assert_eq!([of("{{ $value }}"), of("{{$labels.c}}"), of("{{$labels.a")], [None, None, None]);
    }
}
