//! What is promised about recovery, in the file that `run.recovery` names: which runbook answers which failure, what may be
//! lost and how long it may take, and the configuration that is to keep it.

mod claims;
pub mod criteria;
mod declared;
mod drift;
mod engines;
mod held;
mod lesson;
mod objective;
mod plan;
mod schedule;
mod settings;
mod trend;

use super::check::Check;
use super::{Context, Evidence, Reads};
use crate::base::RelPath;
use crate::diag::{Group, Place, Problem, Severity, code};
use crate::model::PageId;
use crate::runs::card::{self, Card};
use declared::Declared;
use std::time::Duration;

pub use engines::Engine;
pub use held::Held;
pub use lesson::Lesson;
pub use objective::{Share, Source, Worst};
pub use plan::FAILURES;
pub use schedule::Schedule;
pub use trend::Point;

/// The recovery of a project.
#[derive(Debug, Default)]
pub struct Recovery {
    /// What is declared, where a file is named and can be read.
    pub plan: Option<Plan>,
    /// What is wrong with it, with runbooks, or with what ships.
    pub problems: Vec<Problem>,
    /// What is declared, and what became of it.
    claims: Vec<claims::Stated>,
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
    /// How long recovery may take.
    pub rto: Option<Duration>,
    /// How much may be lost.
    pub rpo: Option<Duration>,
    /// What the time of recovery is spent on.
    pub shares: Vec<Share>,
    /// What has to be done again and again.
    pub schedules: Vec<Schedule>,
    /// Drills that were held, by time.
    pub held: Vec<Held>,
    /// What drills taught, as the plan's page has it.
    pub lessons: Vec<Lesson>,
    /// Drills on paper, by time.
    pub cards: Vec<Card>,
    /// Engines of backups, the one that is declared for all first.
    pub engines: Vec<Engine>,
    /// RTO and RPO of all runs of runbooks that restore, by time.
    pub trend: Vec<Point>,
    /// Runbooks that only the team sees, of a build that is public: a service, and the failure that one answers.
    pub hidden: Vec<(String, String)>,
    /// How much of what is declared is wrong, in every run and not at night alone.
    pub wrong: usize,
}

impl Plan {
    /// Whether the runbook of a service's failure is there, and is not shown in this build.
    pub fn hides(&self, service: &str, failure: &str) -> bool {
        self.hidden.iter().any(|(of, one)| of == service && one == failure)
    }
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
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records, Reads::Base];
    const CHECKS: &'static [&'static Check] = &[
        &claims::CHECK,
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
            code::RECOVERY_LESSON,
            Group::Broken,
            "nothing follows from a drill",
            include_str!("recovery-lesson.md"),
            "src/evidence/recovery/lesson.rs",
        ),
        &Check::seen::<Self>(
            code::RECOVERY_OPERATOR,
            Group::Broken,
            "a drill was held by somebody who should not hold it, or somebody holds none",
            include_str!("recovery-operator.md"),
            "src/evidence/recovery/held.rs",
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
        let mut stated = Vec::new();
        let plan = match (&cx.config.run.recovery, wanted) {
            (Some(file), page) => Declared::read(cx, file, &mut problems).map(|declared| {
                let plan = judge(cx, &declared, page.is_some(), &mut problems);
                stated = claims::of(cx, (&declared, &plan), &problems);
                plan
            }),
            (None, Some((_, page))) => {
                let message = "this page shows the plan of recovery, and book.toml has no `run.recovery`";
                let found = Problem::new(code::RECOVERY_PLAN, &page.place(), "run.recovery", message);
                problems.push(found.help("name the file that holds `plan`, from the folder of book.toml"));
                None
            }
            (None, None) => None,
        };
        Self { plan, problems, claims: stated }
    }
}

fn judge(cx: &Context<'_>, declared: &Declared, shown: bool, problems: &mut Vec<Problem>) -> Plan {
    let mut hidden = Vec::new();
    let rows = plan::rows(cx, declared, (shown, &mut hidden), problems);
    plan::copies(declared, problems);
    let worst = objective::worst(declared);
    objective::hold(cx, (declared, &worst), &rows, problems);
    drift::hold(cx, declared, problems);
    let engines = engines::read(cx, (declared, &worst), &rows, problems);
    let ordered = held::ordered(cx, declared, problems);
    let held = held::read(cx, &ordered);
    let schedules = schedule::read(cx, (declared, &held), problems);
    let page = cx.pages().find(|(_, page)| page.kind.as_deref() == Some("recovery-plan"));
    let lessons = page.map(|page| lesson::read(cx, page, problems)).unwrap_or_default();
    // What is declared, and what is done about it, are two: a lesson that nobody wrote leaves the plan complete.
    let wrong = problems.len();
    lesson::hold(cx, (&held, &lessons), page.map(|(_, page)| page), problems);
    held::operators(cx, (&ordered, &held), problems);
    let cards: Vec<Card> = card::played(cx.world, cx.config).into_iter().map(|(_, card)| card).collect();
    schedule::due(cx, &schedules, problems);
    held::due(cx, (&ordered, &held, &cards), &schedules, problems);
    let trend = trend::read(cx, &trend::restoring(&rows, &schedules));
    let limit = |path: &str| declared.time(path).and_then(Result::ok);
    Plan {
        file: declared.file.clone(),
        rows,
        worst,
        rto: limit("objectives.rto"),
        rpo: limit("objectives.rpo"),
        shares: objective::shares(declared),
        schedules,
        held,
        lessons,
        cards,
        engines,
        trend,
        hidden,
        wrong,
    }
}
