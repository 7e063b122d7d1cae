//! Rule files of Prometheus: `groups:` as Prometheus reads them, or within Kubernetes' `PrometheusRule`.
//!
//! The formats: <https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/>, and the custom resource
//! `monitoring.coreos.com/v1` of the Prometheus Operator.

use super::expression::{self, Expression};
use crate::base::{RelPath, Span};
use crate::diag::{Place, Problem, code};
use crate::openapi::node::Node;
use crate::openapi::{Format, read};
use std::ops::Range;

/// An alert of a rule file.
#[derive(Clone, Debug)]
pub struct Alert {
    /// Its name, and where.
    pub name: String,
    /// Where its name stands.
    pub place: Place,
    /// What its expression says; none where it cannot be read.
    pub expression: Option<Expression>,
    /// The expression as it is written, and where.
    pub text: String,
    /// Where the expression stands.
    pub at: Place,
    /// Where its threshold stands.
    pub threshold_at: Place,
    /// `for`, and where.
    pub lasting: Option<(String, Place)>,
    /// The label `severity`, and where.
    pub severity: Option<(String, Place)>,
    /// The annotation `runbook_url`, and where.
    pub runbook_url: Option<(String, Place)>,
    /// The annotations `summary` and `description`.
    pub annotations: [Option<String>; 2],
    /// The annotation `objective`, and where.
    pub objective: Option<(String, Place)>,
    /// The annotation `no_objective`: why it serves none.
    pub no_objective: Option<String>,
}

impl Alert {
    /// Where a metric of its expression stands.
    pub fn place_of(&self, metric: &str, text: &str) -> Place {
        let start = self.at.span.start as usize;
        let region = region(text, start);
        find(region, metric).map_or_else(|| self.at.clone(), |at| self.within(start + at, metric.len()))
    }

    fn within(&self, start: usize, length: usize) -> Place {
        Place { file: self.at.file.clone(), span: Span::new(start, start + length) }
    }
}

/// What rule files hold.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Alerts, in the order of the files.
    pub alerts: Vec<Alert>,
    /// Names of recording rules: metrics that rules themselves make.
    pub recorded: Vec<String>,
    /// What cannot be read.
    pub problems: Vec<Problem>,
}

/// Keys behind an expression, with which its text ends.
const AFTER: &[&str] =
    &["for:", "keep_firing_for:", "labels:", "annotations:", "- alert:", "- record:", "alert:", "record:"];

/// The text of an expression that begins at `start`, as the file has it.
fn region(text: &str, start: usize) -> &str {
    let rest = text.get(start..).unwrap_or("");
    let mut end = 0;
    for (number, line) in rest.split_inclusive('\n').enumerate() {
        let bare = line.trim_start();
        if number > 0 && (AFTER.iter().any(|key| bare.starts_with(key)) || bare.starts_with("---")) {
            break;
        }
        end += line.len();
    }
    rest.get(..end).unwrap_or(rest)
}

/// A name in a text, where no letter stands beside it.
fn find(text: &str, name: &str) -> Option<usize> {
    text.match_indices(name).map(|(at, _)| at).find(|at| stands_alone(text, *at..*at + name.len()))
}

/// Whether no letter, digit, `_` or `:` touches a range: names of metrics hold all of these.
pub(super) fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let before = text.get(..range.start).and_then(|text| text.chars().next_back());
    let behind = text.get(range.end..).and_then(|text| text.chars().next());
    !before.is_some_and(is_part) && !behind.is_some_and(is_part)
}

impl Rules {
    /// Reads one file more.
    pub fn add(&mut self, file: &RelPath, text: &str) {
        let mut base = 0;
        for part in documents(text) {
            self.document(file, (text, part), base);
            base += part.len();
        }
    }

    fn document(&mut self, file: &RelPath, (text, part): (&str, &str), base: usize) {
        let is_template = part.lines().any(|line| line.trim_start().starts_with("{{"));
        let tree = read(file, part, base, Format::Yaml);
        if let Some(problem) = tree.problems.first() {
            if is_template || part.contains("{{") {
                let message = "this rule file is a template, so it is not read";
                let found = Problem::new(code::ALERT_TEMPLATE, &problem.place, "template", message);
                let help = "name the files that the template makes in `alerts.rules`";
                self.problems.push(found.help(help));
            } else {
                let message = format!("the rules cannot be read: {}", problem.message);
                self.problems.push(Problem::new(code::ALERT_RULE, &problem.place, "yaml", message));
            }
            return;
        }
        self.groups(&tree.root, text);
        for item in tree.root.get("items").map(Node::list).unwrap_or_default() {
            self.groups(item, text);
        }
    }

    fn groups(&mut self, root: &Node, text: &str) {
        let groups = root.get("groups").or_else(|| root.get("spec").and_then(|spec| spec.get("groups")));
        for group in groups.map(Node::list).unwrap_or_default() {
            for rule in group.get("rules").map(Node::list).unwrap_or_default() {
                self.rule(rule, text);
            }
        }
    }

    fn rule(&mut self, rule: &Node, text: &str) {
        self.recorded.extend(rule.get_text("record").map(str::to_owned));
        let Some(name) = rule.get("alert") else {
            if let (Some(expr), Some(name)) = (rule.get("expr"), rule.get_text("record")) {
                self.expression(expr, name);
            }
            return;
        };
        let Some(spelled) = name.text().filter(|name| !name.trim().is_empty()) else {
            let message = format!("the name of an alert is {}, not text", name.type_name());
            self.problems.push(Problem::new(code::ALERT_RULE, &name.place, "alert", message));
            return;
        };
        let Some(expr) = rule.get("expr") else {
            let message = format!("the alert `{spelled}` has no `expr`");
            self.problems.push(Problem::new(code::ALERT_RULE, &name.place, spelled, message));
            return;
        };
        let written = expression_text(expr);
        let placed = |node: &Node| Some((scalar(node)?, node.place.clone()));
        let of = |table: &str, key: &str| rule.get(table).and_then(|table| table.get(key));
        let told = |key: &str| of("annotations", key).and_then(Node::text).map(str::to_owned);
        let mut alert = Alert {
            name: spelled.to_owned(),
            place: name.place.clone(),
            expression: self.expression(expr, spelled),
            text: written,
            at: expr.place.clone(),
            threshold_at: expr.place.clone(),
            lasting: rule.get("for").and_then(placed),
            severity: of("labels", "severity").and_then(placed),
            runbook_url: of("annotations", "runbook_url").and_then(placed),
            annotations: [told("summary"), told("description").or_else(|| told("message"))],
            objective: of("annotations", "objective").and_then(placed),
            no_objective: told("no_objective"),
        };
        let threshold = alert.expression.as_ref().and_then(|expression| expression.threshold.as_deref());
        if let Some(threshold) = threshold {
            let start = alert.at.span.start as usize;
            if let Some(at) = region(text, start).rfind(threshold) {
                alert.threshold_at = alert.within(start + at, threshold.len());
            }
        }
        self.alerts.push(alert);
    }

    fn expression(&mut self, expr: &Node, name: &str) -> Option<Expression> {
        let text = expression_text(expr);
        match expression::read(&text) {
            Ok(read) => Some(read),
            Err(message) => {
                let message = format!("`{name}`: {message}");
                self.problems.push(Problem::new(code::ALERT_RULE, &expr.place, name, message));
                None
            }
        }
    }
}

/// `expr: 1` is a number to YAML, and an expression to Prometheus.
fn expression_text(node: &Node) -> String {
    scalar(node).unwrap_or_default()
}

pub(super) fn scalar(node: &Node) -> Option<String> {
    let other = || node.number().map(|number| number.as_str().to_owned());
    node.text().map(str::to_owned).or_else(other)
}

/// The documents of a file, each with the line that ends it.
pub(super) fn documents(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" && at > start {
            out.extend(text.get(start..at));
            start = at;
        }
        at += line.len();
    }
    out.extend(text.get(start..).filter(|rest| !rest.trim().is_empty()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> Rules {
        let mut rules = Rules::default();
        rules.add(&RelPath::parse("a.yml").unwrap(), text);
        rules
    }

    #[test]
    fn groups_are_read_plain_and_of_kubernetes_with_their_places() {
        let plain = "groups:\n- name: g\n  rules:\n  - record: a:b\n    expr: sum(b)\n  - alert: Down\n    expr: |\n      up{job=\"x\"}\n        == 0\n    for: 5m\n    labels: {severity: page}\n    annotations: {runbook_url: 'https://x/y'}\n";
        let operator = format!("---\nkind: PrometheusRule\nspec:\n  {}", plain.replace('\n', "\n  "));
        for text in [plain.to_owned(), operator] {
            let read = rules(&text);
            assert!(read.problems.is_empty(), "{:?}", read.problems);
            assert_eq!(read.recorded, ["a:b"]);
            let [alert] = read.alerts.as_slice() else { panic!("{read:?}") };
            let at = |place: &Place| &text[place.span.range()];
            assert_eq!(at(&alert.place), "Down");
            // Without the parser, nothing is known of an expression but where it begins.
            let threshold = if cfg!(feature = "alerts") { "0" } else { at(&alert.at) };
            assert_eq!(at(&alert.threshold_at), threshold);
            assert_eq!(at(&alert.place_of("up", &text)), "up");
            assert_eq!(alert.lasting.as_ref().unwrap().0, "5m");
            assert_eq!(alert.severity.as_ref().unwrap().0, "page");
        }
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_place() {
        let code_of = |text: &str| rules(text).problems.first().map(|problem| problem.code);
        assert_eq!(code_of("groups: [\n"), Some(code::ALERT_RULE));
        assert_eq!(code_of("{{- if .Values.x }}\ngroups:\n{{- end }}\n"), Some(code::ALERT_TEMPLATE));
        let broken = "groups:\n- rules:\n  - alert: A\n    expr: sum(\n";
        assert_eq!(code_of(broken), cfg!(feature = "alerts").then_some(code::ALERT_RULE));
        assert_eq!(code_of("groups:\n- rules:\n  - alert: A\n"), Some(code::ALERT_RULE));
        assert_eq!(code_of("groups:\n- rules:\n  - alert: [A]\n    expr: up\n"), Some(code::ALERT_RULE));
        assert_eq!(
            code_of(
                "groups:\n- rules:\n  - alert: A\n    expr: 1\n    annotations: {summary: '{{ $value }}'}\n"
            ),
            None
        );
        assert_eq!(code_of("nothing: here\n"), None);
    }
}
