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

use super::check::{Check, Findings};
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

/// A check of what is seen while rules are read and held against pages.
const fn seen(
    code: &'static str,
    group: Group,
    title: &'static str,
    doc: &'static str,
    seen_in: &'static str,
) -> Check {
    let run: fn(&Context<'_>, &mut Findings) = |cx, findings| findings.hand_on(&cx.of::<Alerts>().problems);
    Check::handed_on(code, group, title, doc, (seen_in, run))
}

impl Evidence for Alerts {
    const NAME: &'static str = "alerts";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records, Reads::Base];
    const CHECKS: &'static [&'static Check] = &[
        &seen(
            code::ALERT_RULE,
            Group::Broken,
            "a rule file cannot be read, or a rule has no expression of PromQL",
            include_str!("alert-rule.md"),
            "src/evidence/alerts/rules.rs",
        ),
        &alert_runbook::CHECK,
        &seen(
            code::RUNBOOK_ALERT,
            Group::Broken,
            "a runbook is for an alert that does not exist, or for none",
            include_str!("runbook-alert.md"),
            "src/evidence/alerts/runbooks.rs",
        ),
        &seen(
            code::ALERT_SEVERITY,
            Group::Broken,
            "an alert's severity is none of those that are declared",
            include_str!("alert-severity.md"),
            "src/evidence/alerts/known.rs",
        ),
        &seen(
            code::ALERT_METRIC,
            Group::Broken,
            "an expression names a metric that nothing exports",
            include_str!("alert-metric.md"),
            "src/evidence/alerts/known.rs",
        ),
        &alert_change::CHECK,
        &seen(
            code::SLO_SPEC,
            Group::Broken,
            "a file of objectives cannot be read",
            include_str!("slo-spec.md"),
            "src/evidence/alerts/objectives.rs",
        ),
        &alert_objective::CHECK,
        &seen(
            code::ALERT_TEST,
            Group::Suspect,
            "no rule test tries an alert",
            include_str!("alert-test.md"),
            "src/evidence/alerts/known.rs",
        ),
        &seen(
            code::ALERT_TEMPLATE,
            Group::Suspect,
            "a rule file is a template, and is not read",
            include_str!("alert-template.md"),
            "src/evidence/alerts/rules.rs",
        )
        .severity(Severity::Note),
    ];

    fn read(cx: &Context<'_>) -> Self {
        if cx.config.alerts.rules.is_empty() {
            let (objectives, problems) = read_objectives(cx);
            return Self { objectives, problems, ..Self::default() };
        }
        let files = files(cx, &cx.config.alerts.rules);
        let mut rules = Rules::default();
        let mut texts = BTreeMap::new();
        for file in &files {
            match cx.world.text(file) {
                Ok(text) => {
                    rules.add(file, &text);
                    texts.insert(file.clone(), text);
                }
                Err(error) => {
                    let message = format!("the rules cannot be read: {error}");
                    rules.problems.push(Problem::new(
                        code::ALERT_RULE,
                        &Place::whole(file.clone()),
                        "file",
                        message,
                    ));
                }
            }
        }
        if files.is_empty() {
            let message = "no file of the repository is one of `alerts.rules`";
            rules.problems.push(Problem::new(code::ALERT_RULE, &book(cx), "alerts.rules", message));
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
    let files = files(cx, globs);
    if files.is_empty() {
        let message = "no file of the repository is one of `alerts.objectives`";
        read.problems.push(Problem::new(code::SLO_SPEC, &book(cx), "alerts.objectives", message));
    }
    for file in &files {
        match cx.world.text(file) {
            Ok(text) => read.add(file, &text),
            Err(error) => {
                let message = format!("the objectives cannot be read: {error}");
                read.problems.push(Problem::new(
                    code::SLO_SPEC,
                    &Place::whole(file.clone()),
                    "file",
                    message,
                ));
            }
        }
    }
    (read.list, read.problems)
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
