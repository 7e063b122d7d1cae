//! Service level objectives, as sloth's specification `prometheus/v1` writes them: <https://sloth.dev/specs/default/>.

use super::expression;
use super::rules::{documents, scalar};
use crate::base::RelPath;
use crate::diag::{Place, Problem, code};
use crate::openapi::node::Node;
use crate::openapi::{Format, read};
use std::collections::{BTreeMap, BTreeSet};

/// Names of labels or annotations, and their values.
pub type Labels = BTreeMap<String, String>;

/// An objective of a service.
#[derive(Clone, Debug)]
pub struct Objective {
    /// The service.
    pub service: String,
    /// The name among the service's objectives.
    pub name: String,
    /// Where its name stands.
    pub place: Place,
    /// How much has to be good, in percent, as it is written.
    pub written: String,
    /// The same as a number: above 0, below 100.
    pub percent: f64,
    /// What all of its series are labelled with.
    pub labels: Labels,
    /// What is measured.
    pub indicator: Indicator,
    /// The alerts for people to wake up to, and for a ticket; none where one is switched off.
    pub alerts: [Option<BurnAlert>; 2],
}

/// What is measured: queries, with `{{.window}}` where the window goes.
#[derive(Clone, Debug)]
pub enum Indicator {
    /// Bad events, and all events.
    Events(String, String),
    /// The ratio of errors itself.
    Raw(String),
}

/// An alert of an objective.
#[derive(Clone, Debug, Default)]
pub struct BurnAlert {
    /// Its name.
    pub name: String,
    /// Its own labels.
    pub labels: Labels,
    /// Its annotations, without those that every objective has.
    pub annotations: Labels,
}

impl Objective {
    /// What names it among all services: `service-name`.
    pub fn id(&self) -> String {
        format!("{}-{}", self.service, self.name)
    }

    /// How much may be bad, in percent, without the digits that only binary numbers have.
    pub fn budget(&self) -> String {
        let text = format!("{:.6}", 100.0 - self.percent);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// What files of objectives hold.
#[derive(Clone, Debug, Default)]
pub struct Objectives {
    /// In the order of the files.
    pub list: Vec<Objective>,
    /// What cannot be read.
    pub problems: Vec<Problem>,
}

/// A query with its window in place.
///
/// # Errors
/// Why it cannot be filled in, one sentence without a full stop.
pub fn filled(query: &str, window: &str) -> Result<String, String> {
    let mut out = String::with_capacity(query.len());
    let mut rest = query;
    let mut windows = 0;
    while let Some((before, behind)) = rest.split_once("{{") {
        let Some((inside, after)) = behind.split_once("}}") else {
            return Err("the query has a `{{` that nothing closes".into());
        };
        if inside.trim() != ".window" {
            return Err(format!(
                "the query asks for `{{{{{inside}}}}}`, and only `{{{{.window}}}}` is filled in"
            ));
        }
        out.push_str(before);
        out.push_str(window);
        windows += 1;
        rest = after;
    }
    out.push_str(rest);
    if windows == 0 { Err("the query has no `{{.window}}`".into()) } else { Ok(out) }
}

fn problem(place: &Place, subject: &str, message: impl Into<String>) -> Problem {
    Problem::new(code::SLO_SPEC, place, subject, message.into())
}

/// Of services, of objectives: what metrics and addresses can carry.
fn is_name(text: &str) -> bool {
    let ends = [text.chars().next(), text.chars().next_back()];
    let plain = |sign: char| sign.is_ascii_alphanumeric();
    ends.iter().all(|end| end.is_some_and(plain))
        && text.chars().all(|sign| plain(sign) || ['-', '_', '.'].contains(&sign))
}

fn is_label(text: &str) -> bool {
    let mut signs = text.chars();
    signs.next().is_some_and(|sign| sign.is_ascii_alphabetic() || sign == '_')
        && signs.all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
}

impl Objectives {
    /// Reads one file more.
    pub fn add(&mut self, file: &RelPath, text: &str) {
        let mut base = 0;
        let mut services = 0;
        for part in documents(text) {
            let tree = read(file, part, base, Format::Yaml);
            base += part.len();
            if let Some(found) = tree.problems.first() {
                let message = format!("the objectives cannot be read: {}", found.message);
                self.problems.push(problem(&found.place, "yaml", message));
            } else if tree.root.map().is_some() {
                services += 1;
                self.service(&tree.root);
            }
        }
        if services == 0 && self.problems.is_empty() {
            let message = "the file holds no objectives";
            self.problems.push(problem(&Place::whole(file.clone()), "version", message));
        }
    }

    fn service(&mut self, root: &Node) {
        let version = root.get_text("version").unwrap_or("");
        if version != "prometheus/v1" {
            let place = root.get("version").map_or(&root.place, |node| &node.place);
            let message = format!("the version is `{version}`, and objectives of `prometheus/v1` are read");
            self.problems.push(problem(place, "version", message));
            return;
        }
        if let Some(plugins) = root.get("slo_plugins") {
            self.problems.push(plugin(plugins));
            return;
        }
        let Some(service) = root.get_text("service").filter(|name| is_name(name)) else {
            let place = root.get("service").map_or(&root.place, |node| &node.place);
            self.problems.push(problem(place, "service", "the service has no name of letters and digits"));
            return;
        };
        let labels = self.labels(root.get("labels"));
        let list = root.get("slos").map(Node::list).unwrap_or_default();
        if list.is_empty() {
            let message = format!("the service `{service}` has no objective under `slos`");
            self.problems.push(problem(root.place_of("slos"), service, message));
        }
        for slo in list {
            match self.objective(service, &labels, slo) {
                Ok(objective) => {
                    let id = objective.id();
                    if self.list.iter().any(|other| other.id() == id) {
                        let message = format!("a second objective is called `{id}`");
                        self.problems.push(problem(&objective.place, &id, message));
                    } else {
                        self.list.push(objective);
                    }
                }
                Err(problem) => self.problems.push(*problem),
            }
        }
    }

    fn objective(&mut self, service: &str, shared: &Labels, slo: &Node) -> Result<Objective, Box<Problem>> {
        let fail = |node: Option<&Node>, message: &str| {
            Box::new(problem(node.map_or(&slo.place, |node| &node.place), service, message))
        };
        if let Some(plugins) = slo.get("plugins") {
            return Err(Box::new(plugin(plugins)));
        }
        let name = slo.get("name");
        let spelled = name.and_then(Node::text).filter(|name| is_name(name));
        let spelled = spelled.ok_or_else(|| fail(name, "an objective has no name of letters and digits"))?;
        let wanted = slo.get("objective");
        let written = wanted.and_then(scalar).unwrap_or_default();
        let percent = written.parse::<f64>().ok().filter(|percent| *percent > 0.0 && *percent < 100.0);
        let percent = percent.ok_or_else(|| {
            fail(
                wanted,
                &format!("the objective of `{spelled}` is no number of percent above 0 and below 100"),
            )
        })?;
        let indicator = indicator(slo, spelled)?;
        let mut labels = shared.clone();
        labels.extend(self.labels(slo.get("labels")));
        let alerting = slo.get("alerting");
        let alerts = [self.alert(alerting, "page_alert"), self.alert(alerting, "ticket_alert")];
        if alerts.iter().flatten().any(|alert| alert.name.is_empty()) {
            return Err(fail(alerting.or(name), &format!("the alerts of `{spelled}` have no `name`")));
        }
        let place = name.map_or_else(|| slo.place.clone(), |node| node.place.clone());
        let (service, name) = (service.to_owned(), spelled.to_owned());
        Ok(Objective { service, name, place, written, percent, labels, indicator, alerts })
    }

    fn alert(&mut self, alerting: Option<&Node>, key: &str) -> Option<BurnAlert> {
        let own = alerting.and_then(|alerting| alerting.get(key));
        if own.and_then(|own| own.get("disable")).and_then(Node::bool) == Some(true) {
            return None;
        }
        let name = alerting.and_then(|alerting| alerting.get_text("name")).unwrap_or("").trim().to_owned();
        let mut both = |table: &str| {
            let mut out = self.labels(alerting.and_then(|alerting| alerting.get(table)));
            out.extend(self.labels(own.and_then(|own| own.get(table))));
            out
        };
        Some(BurnAlert { name, labels: both("labels"), annotations: both("annotations") })
    }

    fn labels(&mut self, node: Option<&Node>) -> Labels {
        let mut out = Labels::new();
        for entry in node.map(Node::entries).unwrap_or_default() {
            let value = scalar(&entry.node).or_else(|| entry.node.bool().map(|value| value.to_string()));
            match value {
                Some(value) if is_label(&entry.key) => {
                    out.insert(entry.key.to_string(), value);
                }
                _ => {
                    let message = format!("`{}` is no label with a text as its value", entry.key);
                    self.problems.push(problem(&entry.place, &entry.key, message));
                }
            }
        }
        out
    }
}

fn plugin(node: &Node) -> Problem {
    let found =
        problem(&node.place, "plugin", "plugins of sloth are not run, so these objectives are not read");
    found.help("write the queries themselves under `sli.events`")
}

fn indicator(slo: &Node, name: &str) -> Result<Indicator, Box<Problem>> {
    let sli = slo.get("sli");
    if let Some(node) = sli.and_then(|sli| sli.get("plugin")) {
        return Err(Box::new(plugin(node)));
    }
    let query = |table: &str, key: &str| -> Result<String, Box<Problem>> {
        let node = sli.and_then(|sli| sli.get(table)).and_then(|table| table.get(key));
        let Some((node, text)) = node.and_then(|node| Some((node, node.text()?.trim_end()))) else {
            let place = sli.map_or(&slo.place, |sli| &sli.place);
            let message = format!("`{name}` has no query `sli.{table}.{key}`");
            return Err(Box::new(problem(place, name, message)));
        };
        let filled = filled(text, "5m").and_then(|filled| expression::read(&filled));
        filled.map_err(|message| Box::new(problem(&node.place, name, format!("`{name}`: {message}"))))?;
        Ok(text.to_owned())
    };
    if sli.is_some_and(|sli| sli.get("raw").is_some()) {
        return query("raw", "error_ratio_query").map(Indicator::Raw);
    }
    Ok(Indicator::Events(query("events", "error_query")?, query("events", "total_query")?))
}

/// The names by which an alert or a page may call objectives.
pub fn names(list: &[Objective]) -> BTreeSet<String> {
    list.iter().flat_map(|one| [one.id(), one.name.clone()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "version: prometheus/v1\nservice: shop\nlabels: {owner: team, tier: 2, on: true}\nslos:\n- name: answers\n  objective: 99.9\n  sli: {events: {error_query: 'sum(rate(e[{{.window}}]))', total_query: 'sum(rate(t[{{ .window }}]))'}}\n  alerting:\n    name: Burns\n    labels: {a: b}\n    page_alert: {labels: {severity: page}}\n    ticket_alert: {disable: true}\n";

    fn objectives(text: &str) -> Objectives {
        let mut out = Objectives::default();
        out.add(&RelPath::parse("slo.yaml").unwrap(), text);
        out
    }

    #[test]
    fn objectives_are_read_with_the_labels_of_both() {
        let read = objectives(&format!("{WHOLE}---\n{}", WHOLE.replace("shop", "till")));
        assert!(read.problems.is_empty(), "{:?}", read.problems);
        let ids: Vec<String> = read.list.iter().map(Objective::id).collect();
        assert_eq!(ids, ["shop-answers", "till-answers"]);
        let one = &read.list[0];
        assert_eq!((one.written.as_str(), one.budget().as_str()), ("99.9", "0.1"));
        assert_eq!(one.labels["tier"], "2");
        assert_eq!(one.labels["on"], "true");
        let [Some(page), None] = &one.alerts else { panic!("{one:?}") };
        assert_eq!((page.labels["a"].as_str(), page.labels["severity"].as_str()), ("b", "page"));
        assert_eq!(filled("a[{{.window}}] + b[{{ .window }}]", "1h").unwrap(), "a[1h] + b[1h]");
    }

    #[test]
    fn what_is_wrong_with_objectives_is_said_at_its_place() {
        let cases = [
            ("prometheus/v1", "openslo/v1", "of `prometheus/v1` are read", "openslo/v1"),
            ("objective: 99.9", "objective: 100", "no number of percent", "100"),
            ("objective: 99.9", "objective: .nan", "no number of percent", ".nan"),
            ("service: shop", "service: 'a shop'", "no name", "a shop"),
            ("name: answers", "name: ''", "no name", ""),
            ("name: Burns", "nome: Burns", "have no `name`", ""),
            ("{{.window}}", "{{.months}}", "only `{{.window}}` is filled in", ""),
            ("[{{.window}}]", "[5m]", "no `{{.window}}`", ""),
            ("{{.window}}", "{{.window", "nothing closes", ""),
            ("total_query", "totally_query", "no query `sli.events.total_query`", ""),
            ("a: b", "a-c: b", "no label", "a-c"),
            ("a: b", "a: [b]", "no label", "a"),
            ("slos:", "slo_plugins: {}\nslos:", "not run", ""),
            ("  sli:", "  plugins: {}\n  sli:", "not run", ""),
        ];
        for (from, to, message, at) in cases {
            let text = WHOLE.replacen(from, to, 1);
            let read = objectives(&text);
            let found = read.problems.first().unwrap_or_else(|| panic!("{to}"));
            assert!(found.message.contains(message), "{to}: {}", found.message);
            let said = &text[found.place.span.range()];
            assert!(at.is_empty() || said.contains(at), "{to}: at {said}");
        }
        for text in ["", "- 1\n", "version: [", "version: prometheus/v1\nservice: a\nslos: 3\n"] {
            assert_eq!(objectives(text).problems.len(), 1, "{text}");
        }
        assert!(objectives(&format!("{WHOLE}---\n{WHOLE}")).problems[0].message.contains("second"));
        if cfg!(feature = "alerts") {
            let broken = objectives(&WHOLE.replace("sum(rate(e", "sum((rate(e"));
            assert!(broken.problems[0].message.contains("PromQL"), "{:?}", broken.problems);
        }
    }
}
