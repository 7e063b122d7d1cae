//! Alerts of Prometheus' rules, and the runbooks that tell what to do about each: one to one.
//!
//! An alert leads to a runbook by its annotation `runbook_url`, where `alerts.runbook-url` says how such an address is made
//! of a page, or by a page whose front matter names it under `alerts`.

mod alert_change;
mod alert_objective;
mod alert_runbook;
pub mod burn_rate;
pub mod expression;
mod known;
pub mod objectives;
pub mod rules;
mod runbooks;

use super::check::Check;
use super::{Context, Evidence, Reads, api};
use crate::base::RelPath;
use crate::diag::{Group, Place, Problem, Severity, code};
use crate::model::PageId;
use objectives::{Objective, Objectives};
use rules::{Alert, Rules};
use std::collections::BTreeMap;

/// The alerts of a project.
#[derive(Debug, Default)]
pub struct Alerts {
    /// In the order of the files.
    pub list: Vec<Alert>,
    /// The runbook of each, as far as one was found.
    pub led: Vec<Led>,
    /// The objectives that alerts serve.
    pub objectives: Vec<Objective>,
    /// What is wrong with rules, or between them and pages.
    pub problems: Vec<Problem>,
}

/// An alert that leads to a page.
#[derive(Clone, Debug)]
pub struct Led {
    /// The alert's name.
    pub alert: String,
    /// The page that it leads to.
    pub page: PageId,
    /// Where the page names it, or the rule the page.
    pub place: Place,
}

impl Alerts {
    /// The alert of a name.
    pub fn get(&self, name: &str) -> Option<&Alert> {
        self.list.iter().find(|alert| alert.name == name)
    }

    /// The objective of an id, or of a name that no other service has.
    pub fn objective(&self, name: &str) -> Option<&Objective> {
        let by_id = self.objectives.iter().find(|one| one.id() == name);
        by_id.or_else(|| {
            let mut named = self.objectives.iter().filter(|one| one.name == name);
            named.next().filter(|_| named.next().is_none())
        })
    }
}

impl Evidence for Alerts {
    const NAME: &'static str = "alerts";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records, Reads::Base];
    const CHECKS: &'static [&'static Check] = &[
        &Check::seen::<Self>(
            code::ALERT_RULE,
            Group::Broken,
            "a rule file cannot be read, or a rule has no expression of PromQL",
            include_str!("alert-rule.md"),
            "src/evidence/alerts/rules.rs",
        ),
        &alert_runbook::CHECK,
        &Check::seen::<Self>(
            code::RUNBOOK_ALERT,
            Group::Broken,
            "a runbook is for an alert that does not exist, or for none",
            include_str!("runbook-alert.md"),
            "src/evidence/alerts/runbooks.rs",
        ),
        &Check::seen::<Self>(
            code::ALERT_SEVERITY,
            Group::Broken,
            "an alert's severity is none of those that are declared",
            include_str!("alert-severity.md"),
            "src/evidence/alerts/known.rs",
        ),
        &Check::seen::<Self>(
            code::ALERT_METRIC,
            Group::Broken,
            "an expression names a metric that nothing exports",
            include_str!("alert-metric.md"),
            "src/evidence/alerts/known.rs",
        ),
        &alert_change::CHECK,
        &Check::seen::<Self>(
            code::SLO_SPEC,
            Group::Broken,
            "a file of objectives cannot be read",
            include_str!("slo-spec.md"),
            "src/evidence/alerts/objectives.rs",
        ),
        &alert_objective::CHECK,
        &Check::seen::<Self>(
            code::ALERT_TEST,
            Group::Suspect,
            "no rule test tries an alert",
            include_str!("alert-test.md"),
            "src/evidence/alerts/known.rs",
        ),
        &Check::seen::<Self>(
            code::ALERT_TEMPLATE,
            Group::Suspect,
            "a rule file is a template, and is not read",
            include_str!("alert-template.md"),
            "src/evidence/alerts/rules.rs",
        )
        .severity(Severity::Note),
    ];

    fn problems<'c>(cx: &'c Context<'_>) -> Vec<&'c Problem> {
        cx.of::<Self>().problems.iter().collect()
    }

    fn read(cx: &Context<'_>) -> Self {
        if cx.config.alerts.rules.is_empty() {
            let (objectives, problems) = read_objectives(cx);
            return Self { objectives, problems, ..Self::default() };
        }
        let mut rules = Rules::default();
        let key = ("alerts.rules", cx.config.alerts.rules.as_slice(), code::ALERT_RULE);
        let texts = texts(cx, key, &mut rules.problems);
        for (file, text) in &texts {
            rules.add(file, text);
        }
        let (objectives, mut problems) = read_objectives(cx);
        problems.append(&mut rules.problems);
        let mut out = Self { list: rules.alerts, led: Vec::new(), objectives, problems };
        runbooks::lead(cx, &mut out);
        known::judge(cx, &mut out, &rules.recorded, &texts);
        out
    }
}

/// The objectives that book.toml names.
fn read_objectives(cx: &Context<'_>) -> (Vec<Objective>, Vec<Problem>) {
    let globs = &cx.config.alerts.objectives;
    let mut read = Objectives::default();
    if globs.is_empty() {
        return (read.list, read.problems);
    }
    let key = ("alerts.objectives", globs.as_slice(), code::SLO_SPEC);
    for (file, text) in texts(cx, key, &mut read.problems) {
        read.add(&file, &text);
    }
    (read.list, read.problems)
}

/// The texts of the files that a key names; that there are none, or one cannot be read, is a problem of its check.
fn texts(
    cx: &Context<'_>,
    (key, globs, code): (&str, &[String], &'static str),
    problems: &mut Vec<Problem>,
) -> BTreeMap<RelPath, String> {
    let files = files(cx, globs);
    if files.is_empty() {
        let message = format!("no file of the repository is one of `{key}`");
        problems.push(Problem::new(code, &book(cx), key, message));
    }
    let mut out = BTreeMap::new();
    for file in files {
        match cx.world.text(&file) {
            Ok(text) => drop(out.insert(file, text)),
            Err(error) => {
                let message = format!("{file} cannot be read: {error}");
                problems.push(Problem::new(code, &Place::whole(file), "file", message));
            }
        }
    }
    out
}

/// The tracked files that globs name, from the folder of book.toml.
fn files(cx: &Context<'_>, globs: &[String]) -> Vec<RelPath> {
    let all = cx.world.tracked(&cx.config.root);
    api::matching(cx.config, &|| &all, &globs.join(" "))
}

/// Where a key of book.toml is meant, and none has a place.
fn book(cx: &Context<'_>) -> Place {
    Place::whole(cx.config.file.clone().unwrap_or_else(RelPath::root))
}
