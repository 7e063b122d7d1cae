//! Capacity as Prometheus reads it, and the rules of alerts on it.

use super::{Carried, Resource};
use std::fmt::Write as _;

/// A resource, and how long it will do.
type Pair<'p> = (&'p Resource, &'p Carried);

/// A name as a label's value.
fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The text of all metrics, in the format of Prometheus 0.0.4.
pub fn metrics<'p>(all: impl Iterator<Item = Pair<'p>>) -> String {
    let mut used = String::new();
    let mut until = String::new();
    for (resource, carried) in all {
        let name = label(&resource.name);
        if let Some(share) = carried.utilization() {
            let _ = writeln!(used, "capacity_utilization_percent{{resource_type=\"{name}\"}} {share:.1}");
        }
        if let Some(day) = carried.exhausted {
            let _ = writeln!(
                until,
                "capacity_exhausted_timestamp_seconds{{resource_type=\"{name}\"}} {}",
                day.days() * 86_400
            );
        }
    }
    let mut out = String::new();
    for (name, help, rows) in [
        (
            "capacity_utilization_percent",
            "How much of all there is was used in the last period that was measured.",
            used,
        ),
        (
            "capacity_exhausted_timestamp_seconds",
            "From when on the forecast needs more than may be used.",
            until,
        ),
    ] {
        if !rows.is_empty() {
            let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{rows}");
        }
    }
    out
}

/// A name as that of an alert: `disk-full` is `CapacityDiskFull`.
fn alert(resource: &Resource) -> String {
    let words = resource.name.split(|c: char| !c.is_ascii_alphanumeric());
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    format!("Capacity{}", words.map(word).collect::<String>())
}

/// A text as YAML reads it in any case: JSON's strings are YAML's.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

fn named(resource: &Resource) -> String {
    format!("capacity_utilization_percent{{resource_type=\"{}\"}}", label(&resource.name))
}

fn summary(resource: &Resource, trigger: f64) -> String {
    format!("{} is used by more than {trigger} %, and more takes {} days", resource.name, resource.lead_days)
}

/// Rules of alerts, one for each resource with a `trigger`.
pub fn rules<'p>(all: impl Iterator<Item = &'p Resource>) -> String {
    let mut out = String::from("groups:\n  - name: capacity\n    rules:\n");
    for resource in all {
        let Some(trigger) = resource.trigger else { continue };
        let expression = format!("{} > {trigger}", named(resource));
        let how = resource.scaling.as_deref().unwrap_or("see the capacity plan");
        let _ = writeln!(
            out,
            "      - alert: {}\n        expr: {}\n        for: 1h\n        labels:\n          severity: ticket\n        annotations:\n          summary: {}\n          description: {}",
            alert(resource),
            quoted(&expression),
            quoted(&summary(resource, trigger)),
            quoted(how)
        );
    }
    out
}

/// Cases for `promtool test rules`: at the threshold nothing fires, above it the alert does, with its words.
pub fn tests<'p>(all: impl Iterator<Item = &'p Resource>, rules: &str) -> String {
    let mut out = format!("rule_files: [{}]\nevaluation_interval: 1m\ntests:\n", quoted(rules));
    for resource in all {
        let Some(trigger) = resource.trigger else { continue };
        let (name, how) = (alert(resource), resource.scaling.as_deref().unwrap_or("see the capacity plan"));
        let _ = writeln!(
            out,
            "  - interval: 1m\n    input_series:\n      - series: {}\n        values: '{trigger}x120 {}x120'\n    alert_rule_test:\n      - eval_time: 2h\n        alertname: {name}\n        exp_alerts: []\n      - eval_time: 4h\n        alertname: {name}\n        exp_alerts:\n          - exp_labels: {{severity: ticket, resource_type: {}}}\n            exp_annotations:\n              summary: {}\n              description: {}",
            quoted(&named(resource)),
            trigger + 1.0,
            quoted(&resource.name),
            quoted(&summary(resource, trigger)),
            quoted(how)
        );
    }
    out
}
