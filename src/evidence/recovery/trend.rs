//! RTO and RPO over all evidence, of runs that are kept and of those that are not.

use super::Cell;
use super::schedule::Schedule;
use crate::evidence::context::Context;
use crate::evidence::runs::Runs;
use crate::model::PageId;
use crate::runs::evidence::{Evidence, Status};
use crate::runs::store::{self, Retired};
use std::collections::BTreeSet;

/// One run of a runbook that restores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// When it began.
    pub started: String,
    /// The runbook.
    pub runbook: PageId,
    /// Its stem.
    pub stem: String,
    /// Milliseconds from the interruption to the service.
    pub rto_ms: Option<u64>,
    /// Milliseconds of acknowledged writes that were lost.
    pub rpo_ms: Option<u64>,
    /// Whether it passed.
    pub passed: bool,
}

/// The runbooks that restore: those of the plan, and those whose restoring is tested.
pub(super) fn restoring(rows: &[(String, Vec<Option<Cell>>)], schedules: &[Schedule]) -> BTreeSet<PageId> {
    let cells = rows.iter().flat_map(|(_, cells)| cells).flatten().map(|cell| cell.runbook);
    cells.chain(schedules.iter().filter_map(|one| one.page)).collect()
}

/// All runs of these, by time.
pub(super) fn read(cx: &Context<'_>, wanted: &BTreeSet<PageId>) -> Vec<Point> {
    let retired = store::retired(cx.world, cx.config);
    let mut out = Vec::new();
    for known in cx.of::<Runs>().list.iter().filter(|known| wanted.contains(&known.page)) {
        let stem = &known.runbook.stem;
        let runs = known.files.iter().filter_map(|file| file.evidence.as_ref().ok()).map(Evidence::run);
        let kept: Vec<(Retired, bool)> = runs
            .filter(|run| run.status != Status::Interrupted)
            .map(|run| (Retired::of(stem, run), run.status == Status::Passed))
            .collect();
        let is_kept = |one: &&Retired| kept.iter().any(|(kept, _)| kept.started == one.started);
        // A file that somebody brought back is one run all the same.
        let gone = retired.iter().filter(|one| one.runbook == *stem && !is_kept(one));
        let gone: Vec<(Retired, bool)> = gone.map(|one| (one.clone(), true)).collect();
        out.extend(kept.into_iter().chain(gone).map(|(one, passed)| Point {
            started: one.started,
            runbook: known.page,
            stem: stem.clone(),
            rto_ms: one.rto_ms,
            rpo_ms: one.rpo_ms,
            passed,
        }));
    }
    out.sort_by(|one, other| (&one.started, &one.stem).cmp(&(&other.started, &other.stem)));
    out
}
