//! Incidents: whether the plan for them holds, whether what was logged can be, and whether what is owed for each was done.

mod actions;
pub(super) mod incident_action;
pub(super) mod incident_review;
mod load;
mod records;
mod repeats;
mod reviews;
mod roles;
mod runbooks;

use super::check::Check;
use super::{Context, Evidence, Reads};
use crate::base::RelPath;
use crate::diag::{Group, Place, Problem, code};
use crate::incident::{Fired, Load, Plan, Postmortem, Record, Standing};
use crate::model::PageId;
pub use actions::{Registered, State};
pub use roles::holders;

/// The incidents of a project.
#[derive(Debug, Default)]
pub struct Incidents {
    /// The plan, where book.toml names one that can be read.
    pub plan: Option<Plan>,
    /// By id.
    pub records: Vec<Record>,
    /// How the review of each record stands, in their order.
    pub reviews: Vec<Reviewed>,
    /// Post-mortems, by page.
    pub postmortems: Vec<(PageId, Postmortem)>,
    /// What is done so that incidents do not happen again.
    pub actions: Vec<Registered>,
    /// Alerts that fired, by time.
    pub fired: Vec<Fired>,
    /// What the last weeks were like for those on call.
    pub load: Load,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// The review of an incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// How it stands.
    pub standing: Standing,
    /// The page that it is, where it is one.
    pub page: Option<PageId>,
}

impl Evidence for Incidents {
    const NAME: &'static str = "incidents";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Base];
    const BROUGHT_BY: Option<&'static str> = Some("incident");
    const CHECKS: &'static [&'static Check] = &[
        &Check::seen::<Self>(
            code::INCIDENT_PLAN,
            Group::Broken,
            "the plan for incidents cannot be read, or nobody has a role",
            include_str!("incident-plan.md"),
            "src/incident",
        ),
        &Check::seen::<Self>(
            code::INCIDENT_RECORD,
            Group::Broken,
            "the record of an incident cannot be read, or contradicts itself",
            include_str!("incident-record.md"),
            "src/incident",
        ),
        &incident_review::CHECK,
        &incident_action::CHECK,
        &Check::seen::<Self>(
            code::INCIDENT_REPEAT,
            Group::Suspect,
            "the same alert or factor stands behind three incidents in 90 days",
            include_str!("incident-repeat.md"),
            "src/evidence/incidents/repeats.rs",
        ),
        &Check::seen::<Self>(
            code::INCIDENT_RUNBOOK,
            Group::Suspect,
            "a runbook did not help in an incident, and has not changed since",
            include_str!("incident-runbook.md"),
            "src/evidence/incidents/runbooks.rs",
        ),
        &Check::seen::<Self>(
            code::INCIDENT_LOAD,
            Group::Suspect,
            "those on call were woken more often than planned",
            include_str!("incident-load.md"),
            "src/evidence/incidents/load.rs",
        ),
    ];

    fn problems<'c>(cx: &'c Context<'_>) -> Vec<&'c Problem> {
        cx.of::<Self>().problems.iter().collect()
    }

    fn read(cx: &Context<'_>) -> Self {
        let mut out = Self::default();
        let table = &cx.config.incidents;
        if table.plan.is_none() && table.records.is_none() {
            return out;
        }
        out.plan = plan(cx, &mut out.problems);
        let Some(plan) = out.plan.clone() else { return out };
        out.problems.extend(plan.problems.iter().cloned());
        roles::check(cx, &plan, &mut out.problems);
        out.records = records::read(cx, &mut out.problems);
        records::check(cx, &plan, &out.records, &mut out.problems);
        reviews::read(cx, &plan, &mut out);
        actions::read(cx, &plan, &mut out);
        repeats::check(cx, &mut out);
        runbooks::check(cx, &mut out);
        load::read(cx, &plan, &mut out);
        out
    }
}

/// The plan that book.toml names.
fn plan(cx: &Context<'_>, problems: &mut Vec<Problem>) -> Option<Plan> {
    let table = &cx.config.incidents;
    let book = Place::whole(cx.config.file.clone().unwrap_or_else(RelPath::root));
    let Some(name) = &table.plan else {
        let message = "`incidents.records` is set, and `incidents.plan` is not";
        let found = Problem::new(code::INCIDENT_PLAN, &book, "incidents.plan", message);
        problems.push(found.help("what is owed for an incident is told by the plan"));
        return None;
    };
    let read = cx.config.root.join(name).ok().and_then(|file| Some((cx.world.text(&file).ok()?, file)));
    let Some((text, file)) = read else {
        let message = format!("`incidents.plan` names `{name}`, which cannot be read");
        problems.push(Problem::new(code::INCIDENT_PLAN, &book, &**name, message));
        return None;
    };
    let mut plan = Plan::read(&file, &text);
    // Days that are no business days stand in the roster; a team without one writes them here.
    plan.holidays.extend(&cx.of::<super::oncall::Oncall>().roster.holidays);
    Some(plan)
}

/// The text of a file beside the plan, or a problem with what names it.
fn beside(
    cx: &Context<'_>,
    plan: &Plan,
    (name, place): &(String, Place),
    problems: &mut Vec<Problem>,
) -> Option<(RelPath, String)> {
    let file = plan.file.parent().join(name).ok();
    let read = file.and_then(|file| Some((file.clone(), cx.world.text(&file).ok()?)));
    if read.is_none() {
        let message = format!("`{name}`, which the plan names, cannot be read");
        let found = Problem::new(code::INCIDENT_PLAN, place, name.clone(), message);
        problems.push(found.help("files are named from the folder of the plan"));
    }
    read
}
