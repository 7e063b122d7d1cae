//! What can be lost at worst, computed from what is declared, and objectives against that and against what runbooks measure.

use super::Cell;
use super::declared::Declared;
use super::plan::FAILURES;
use crate::base::lasting;
use crate::diag::{Problem, code};
use crate::evidence::context::Context;
use crate::evidence::runs::Runs;
use crate::openapi::node::Node;
use std::time::Duration;

/// The most that can be lost with the host, and what limits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worst {
    /// So much.
    pub time: Duration,
    /// What limits it.
    pub by: Source,
}

/// What limits a loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The write-ahead log is archived.
    Wal,
    /// Incremental backups.
    Incremental,
    /// Full backups alone.
    Full,
    /// Dumps.
    Dump,
}

/// A part of the time of recovery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Its name, as in `decide`.
    pub name: String,
    /// How long it may take.
    pub budget: Duration,
    /// What measures it: `measured` (runbooks), `card` (drills on paper), or who it depends on.
    pub by: String,
}

/// The parts that are declared, in their order; one without a time is none, which [`hold`] says.
pub(super) fn shares(declared: &Declared) -> Vec<Share> {
    let parts = declared.node("objectives.rto-parts").map(Node::entries).into_iter().flatten();
    let share = |name: &str| {
        let path = format!("objectives.rto-parts.{name}");
        let budget = declared.time(&format!("{path}.budget"))?.ok()?;
        let by = declared.value(&format!("{path}.by")).map(|by| by.text).unwrap_or_default();
        Some(Share { name: name.to_owned(), budget, by })
    };
    parts.filter_map(|part| share(&part.key)).collect()
}

impl Source {
    /// For people.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Wal => {
                "the write-ahead log is archived after `archive-timeout`, and pushed within `push-within`"
            }
            Self::Incremental => "no log is archived in time, so it is the interval of incremental backups",
            Self::Full => "no log is archived in time, so it is the interval of full backups",
            Self::Dump => "no log is archived in time, so it is the interval of dumps",
        }
    }
}

/// The worst case of what is declared.
///
/// A log that is archived limits the loss only if a segment is archived after a time, and the push of it is bounded: one
/// that waits until it is full waits as long as few write. Between backups everything since the last begin of one is lost,
/// so a backup that takes its time adds that: `within`.
pub(super) fn worst(declared: &Declared) -> Result<Worst, String> {
    let given = |path: &str| declared.time(path).transpose();
    let archived = declared.value("backups.wal.archive").is_some_and(|value| value.text == "true");
    let timeout = given("backups.wal.archive-timeout")?;
    let push = given("backups.wal.push-within")?;
    if let (true, Some(timeout), Some(push)) = (archived, timeout, push) {
        return Ok(Worst { time: timeout.saturating_add(push), by: Source::Wal });
    }
    let mut all = Vec::new();
    for (kind, by) in [("incremental", Source::Incremental), ("full", Source::Full), ("dump", Source::Dump)] {
        if let Some(every) = given(&format!("backups.{kind}.every"))? {
            let within = given(&format!("backups.{kind}.within"))?.unwrap_or_default();
            all.push(Worst { time: every.saturating_add(within), by });
        }
    }
    // Whichever is newest is what is restored.
    let least = all.into_iter().min_by_key(|worst| worst.time);
    least.ok_or_else(|| "no backup is declared, and no archive of the write-ahead log".into())
}

/// Holds all objectives.
pub(super) fn hold(
    cx: &Context<'_>,
    (declared, worst): (&Declared, &Result<Worst, String>),
    rows: &[(String, Vec<Option<Cell>>)],
    problems: &mut Vec<Problem>,
) {
    let mut push = |path: &str, message: String, help: &str| {
        let place = declared.place(path);
        problems.push(Problem::new(code::RECOVERY_OBJECTIVE, &place, path, message).help(help));
    };
    for key in ["objectives.rto", "objectives.rpo"] {
        if let Some(Err(message)) = declared.time(key) {
            push(key, message, "");
        }
    }
    let limit = |key: &str| declared.time(key).and_then(Result::ok);
    match (limit("objectives.rpo"), worst) {
        (Some(limit), Ok(worst)) if worst.time >= limit => {
            push("objectives.rpo", too_much(worst, limit), HELP);
        }
        (Some(_), Err(why)) => push("objectives.rpo", format!("nothing keeps this objective: {why}"), HELP),
        _ => {}
    }
    budget(declared, limit("objectives.rto"), problems);
    for (service, cells) in rows {
        for ((failure, _), cell) in FAILURES.iter().zip(cells) {
            let Some(cell) = cell else { continue };
            let name = format!("{service}.{failure}");
            // An application that fails takes no database with it.
            let is_own = cell.rpo != limit("objectives.rpo") && *failure != "application";
            if let (true, Some(limit), Ok(worst)) = (is_own, cell.rpo, worst)
                && worst.time >= limit
            {
                let found =
                    Problem::new(code::RECOVERY_OBJECTIVE, &cell.place, name.clone(), too_much(worst, limit));
                problems.push(found.help(HELP));
            }
            measured(cx, cell, &name, problems);
        }
    }
}

const HELP: &str = "archive the write-ahead log with `archive-timeout` and `push-within`, back up more often, or promise less";

fn too_much(worst: &Worst, limit: Duration) -> String {
    let (time, limit) = (lasting::told(worst.time), lasting::told(limit));
    format!("{time} can be lost, and the objective is less than {limit}: {}", worst.by.describe())
}

/// The parts that the time of recovery is spent on: together no more than the whole.
fn budget(declared: &Declared, limit: Option<Duration>, problems: &mut Vec<Problem>) {
    let Some(parts) = declared.node("objectives.rto-parts") else { return };
    let mut sum = Duration::ZERO;
    for part in parts.entries() {
        let path = format!("objectives.rto-parts.{}.budget", part.key);
        match declared.time(&path) {
            Some(Ok(time)) => sum = sum.saturating_add(time),
            wrong => {
                let none = || format!("`rto-parts.{}` has no `budget`", part.key);
                let message = wrong.and_then(Result::err).unwrap_or_else(none);
                problems.push(Problem::new(code::RECOVERY_OBJECTIVE, &part.place, path, message));
            }
        }
    }
    if let Some(limit) = limit.filter(|limit| sum > *limit) {
        let (sum, limit) = (lasting::told(sum), lasting::told(limit));
        let message = format!("the parts of the RTO take {sum} together, and it is {limit}");
        let place = declared.place("objectives.rto-parts");
        problems.push(Problem::new(code::RECOVERY_OBJECTIVE, &place, "objectives.rto-parts", message));
    }
}

/// A runbook measures what the plan promises of it, and promises no less itself.
fn measured(cx: &Context<'_>, cell: &Cell, name: &str, problems: &mut Vec<Problem>) {
    let Some(known) = cx.of::<Runs>().list.iter().find(|known| known.page == cell.runbook) else {
        // One that does not run measures nothing; the plan shows it as not tried.
        return;
    };
    for (key, limit) in [("rto", cell.rto), ("rpo", cell.rpo)] {
        let Some(limit) = limit else { continue };
        let own = known.runbook.objectives.iter().find(|one| one.name == key);
        let message = match own {
            Some(own) if own.limit <= limit => continue,
            Some(own) => {
                let (own, limit) = (lasting::told(own.limit), lasting::told(limit));
                format!("its runbook promises an {key} of less than {own}, and the plan {limit}")
            }
            None => format!("its runbook measures no {key}, and the plan promises one"),
        };
        let found = Problem::new(code::RECOVERY_OBJECTIVE, &cell.place, format!("{name}.{key}"), message);
        problems.push(
            found.help(format!("give the runbook `{key}: < {}`", lasting::told(limit).replace(' ', ""))),
        );
    }
}
