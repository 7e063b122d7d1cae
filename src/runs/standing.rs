//! How a runbook stands by its evidence: the one place that decides what a page, the ledger and a nightly run say of it.

use super::convention::Runbook;
use super::evidence::{Evidence, Refusal, Run, Status, fingerprint};
use crate::base::{Date, RelPath};
use std::collections::BTreeMap;

/// A file of evidence.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it lies.
    pub path: RelPath,
    /// What it says, or why it says nothing.
    pub evidence: Result<Evidence, Refusal>,
    /// Whether a signature lies beside.
    pub signed: bool,
}

/// How a runbook stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It never ran to its end.
    Never,
    /// It ran, and its steps have changed since; the day of the newest run.
    Changed(Date),
    /// The newest run on a target failed.
    Failed {
        /// Which file says so.
        file: usize,
    },
    /// The newest run on each target passed.
    Passed {
        /// The newest of all.
        file: usize,
        /// An objective of the page that it did not meet.
        missed: Option<String>,
        /// Days by which it is older than `verify-every` says.
        late: Option<i64>,
    },
}

/// How a runbook stands by these files, which are sorted by name, and so by time.
pub fn standing(runbook: &Runbook, files: &[File], today: Date) -> Standing {
    let now = fingerprint(runbook);
    let told =
        |file: &File| file.evidence.as_ref().ok().is_some_and(|one| one.run().status != Status::Interrupted);
    let of_these = |number: &usize| files.get(*number).and_then(|file| file.evidence.as_ref().ok());
    let ended: Vec<usize> = (0..files.len()).filter(|number| files.get(*number).is_some_and(told)).collect();
    let same = |number: &usize| of_these(number).is_some_and(|one| one.fingerprint() == now);
    let mut newest: BTreeMap<&str, usize> = BTreeMap::new();
    for number in ended.iter().filter(|number| same(number)) {
        let Some(one) = of_these(number) else { continue };
        newest.insert(&one.run().target.name, *number);
    }
    let failed = |number: &&usize| of_these(number).is_some_and(|one| one.run().status == Status::Failed);
    if let Some(file) = newest.values().filter(failed).max() {
        return Standing::Failed { file: *file };
    }
    match newest.values().max() {
        Some(file) => {
            let run = of_these(file).map(Evidence::run);
            let late = run.and_then(|run| late(runbook, run, today));
            Standing::Passed { file: *file, missed: run.and_then(|run| missed(runbook, run)), late }
        }
        None => match ended.last().and_then(of_these).and_then(|one| one.run().day()) {
            Some(day) => Standing::Changed(day),
            None => Standing::Never,
        },
    }
}

/// Days by which a run is older than the runbook allows; a run of the future is as good as none.
fn late(runbook: &Runbook, run: &Run, today: Date) -> Option<i64> {
    let age = today.days() - run.day()?.days();
    // A machine a few hours ahead is no forger.
    if age < -1 {
        return Some(age);
    }
    let every = runbook.verify_every?;
    (age > every).then_some(age - every)
}

/// The first objective of the page that a run does not meet. The page's limit counts, not the one of that day.
fn missed(runbook: &Runbook, run: &Run) -> Option<String> {
    let met = |name: &str, of: &str, limit: u128| {
        let found = run.objectives.iter().find(|one| one.name == name && one.of == of);
        found.and_then(|one| one.measured_ms).is_some_and(|measured| u128::from(measured) < limit)
    };
    let missed = |one: &&super::Objective| !met(one.name, &one.of, one.limit.as_millis());
    runbook.objectives.iter().find(missed).map(|one| one.name.to_owned())
}
