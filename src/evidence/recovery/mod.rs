//! What is promised about recovery, in the file that `run.recovery` names: which runbook answers which failure, what may be
//! lost and how long it may take, and the configuration that is to keep it.

mod declared;
mod drift;
mod objective;
mod plan;
mod schedule;
mod settings;

use super::check::Check;
use super::{Context, Evidence, Reads};
use crate::base::RelPath;
use crate::diag::{Group, Place, Problem, Severity, code};
use crate::model::PageId;
use declared::Declared;
use std::time::Duration;

pub use objective::{Source, Worst};
pub use plan::FAILURES;
pub use schedule::Schedule;

/// The recovery of a project.
#[derive(Debug, Default)]
pub struct Recovery {
    /// What is declared, where a file is named and can be read.
    pub plan: Option<Plan>,
    /// What is wrong with it, with runbooks, or with what ships.
    pub problems: Vec<Problem>,
}

/// What is declared.
#[derive(Debug)]
pub struct Plan {
    /// The file.
    pub file: RelPath,
    /// Services, in the order of the file, each with what is done about each of [`FAILURES`].
    pub rows: Vec<(String, Vec<Option<Cell>>)>,
    /// The most that can be lost with the database's host, by what is declared; or why nobody can say.
    pub worst: Result<Worst, String>,
    /// What has to be done again and again.
    pub schedules: Vec<Schedule>,
}

/// What is done about one failure of one service.
#[derive(Clone, Debug)]
pub struct Cell {
    /// The runbook.
    pub runbook: PageId,
    /// How long it may take.
    pub rto: Option<Duration>,
    /// How much may be lost.
    pub rpo: Option<Duration>,
    /// Where it is declared.
    pub place: Place,
}

impl Evidence for Recovery {
    const NAME: &'static str = "recovery";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records];
    const CHECKS: &'static [&'static Check] = &[
        &Check::seen::<Self>(
            code::RECOVERY_PLAN,
            Group::Broken,
            "a failure of a service has no runbook, or too few copies are kept",
            include_str!("recovery-plan.md"),
            "src/evidence/recovery/plan.rs",
        ),
        &Check::seen::<Self>(
            code::RECOVERY_OBJECTIVE,
            Group::Broken,
            "what is declared cannot meet an objective of recovery",
            include_str!("recovery-objective.md"),
            "src/evidence/recovery/objective.rs",
        ),
        &Check::seen::<Self>(
            code::RECOVERY_DRIFT,
            Group::Broken,
            "the configuration that ships is not what is declared about recovery",
            include_str!("recovery-drift.md"),
            "src/evidence/recovery/drift.rs",
        ),
        &Check::seen::<Self>(
            code::RECOVERY_DUE,
            Group::Suspect,
            "a drill or a test of restoring is due",
            include_str!("recovery-due.md"),
            "src/evidence/recovery/schedule.rs",
        )
        .severity(Severity::Error),
    ];

    fn problems<'c>(cx: &'c Context<'_>) -> Vec<&'c Problem> {
        cx.of::<Self>().problems.iter().collect()
    }

    fn read(cx: &Context<'_>) -> Self {
        let mut problems = Vec::new();
        let wanted = cx.pages().find(|(_, page)| page.kind.as_deref() == Some("recovery-plan"));
        let plan = match (&cx.config.run.recovery, wanted) {
            (Some(file), page) => Declared::read(cx, file, &mut problems)
                .map(|declared| judge(cx, &declared, page.is_some(), &mut problems)),
            (None, Some((_, page))) => {
                let message = "this page shows the plan of recovery, and book.toml has no `run.recovery`";
                let found = Problem::new(code::RECOVERY_PLAN, &page.place(), "run.recovery", message);
                problems.push(found.help("name the file that holds `plan`, from the folder of book.toml"));
                None
            }
            (None, None) => None,
        };
        Self { plan, problems }
    }
}

fn judge(cx: &Context<'_>, declared: &Declared, shown: bool, problems: &mut Vec<Problem>) -> Plan {
    let rows = plan::rows(cx, declared, shown, problems);
    plan::copies(declared, problems);
    let worst = objective::worst(declared);
    objective::hold(cx, (declared, &worst), &rows, problems);
    drift::hold(cx, declared, problems);
    let schedules = schedule::read(cx, declared, problems);
    schedule::due(cx, &schedules, problems);
    Plan { file: declared.file.clone(), rows, worst, schedules }
}
