//! What recovery has to reach, computed from its evidence alone: each criterion is met only by what was tried, in time, within its
//! limits, by the steps as they are now.
//!
//! [`criteria`] is pure. Whoever shows criteria of a whole plan binds to [`Criterion::name`].

use super::schedule::Schedule;
use super::{Cell, FAILURES, Held, Plan};
use crate::base::{Date, RelPath, lasting};
use crate::evidence::runs::Known;
use crate::model::PageId;
use crate::runs::evidence::{Evidence, Run, Status};
use crate::runs::standing::Standing;
use std::time::Duration;

/// How a criterion stands, from the best to the worst; of several, the worst counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It is met, by production's data.
    Proven,
    /// It is met, by data that are smaller or made up.
    Demonstrated,
    /// It was met, too long ago.
    Due,
    /// Nothing shows it.
    NotShown,
    /// What was tried failed, or missed a limit.
    Missed,
}

impl State {
    /// For people.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Demonstrated => "demonstrated",
            Self::Due => "due",
            Self::NotShown => "not shown",
            Self::Missed => "missed",
        }
    }

    /// Whether it is met now.
    pub fn is_met(self) -> bool {
        self <= Self::Demonstrated
    }
}

/// What shows how a criterion stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A page, by its last run.
    Page(PageId),
    /// A file of evidence, from the repository's root.
    File(RelPath),
}

/// A criterion, and how it stands.
#[derive(Clone, Debug)]
pub struct Criterion {
    /// Stable, as in `recovery-rto`.
    pub name: &'static str,
    /// What it asks, a few words.
    pub title: String,
    /// How it stands.
    pub state: State,
    /// What decides that, in words; each a sentence without its stop.
    pub why: Vec<String>,
    /// What shows it.
    pub proofs: Vec<Proof>,
}

/// Something that a criterion depends on.
struct Part {
    state: State,
    why: Option<String>,
    proof: Option<Proof>,
}

fn part(state: State, why: impl Into<String>) -> Part {
    Part { state, why: Some(why.into()), proof: None }
}

fn joined(name: &'static str, title: impl Into<String>, parts: Vec<Part>) -> Criterion {
    let worst = parts.iter().map(|part| part.state).max().unwrap_or(State::NotShown);
    let mut out = Criterion { name, title: title.into(), state: worst, why: Vec::new(), proofs: Vec::new() };
    for part in parts {
        let Part { state, why, proof } = part;
        // What is met needs no words beside what is not.
        if let Some(why) = why.filter(|why| state == worst && !out.why.contains(why)) {
            out.why.push(why);
        }
        if let Some(proof) = proof.filter(|proof| !out.proofs.contains(proof)) {
            out.proofs.push(proof);
        }
    }
    out
}

/// All criteria of recovery: of a plan, of how its runbooks stand, and of what is wrong with it, at a day.
pub fn criteria(plan: &Plan, runs: &[Known], today: Date) -> Vec<Criterion> {
    let facts = Facts { plan, runs, today };
    let tested = || facts.cells().map(|(name, cell)| facts.stands(&name, cell));
    let drills = || facts.scheduled("drill");
    let newest = || facts.newest_drill();
    let (rto, rpo) = (|| facts.objective("rto", plan.rto), || facts.objective("rpo", plan.rpo));
    let below = |name: &str, limit: Option<Duration>| {
        limit.map_or_else(
            || format!("{name} is met"),
            |limit| format!("{name} below {}", lasting::told(limit)),
        )
    };
    let all = |parts: Vec<Vec<Part>>| parts.into_iter().flatten().collect::<Vec<_>>();
    vec![
        joined(
            "recovery-tested",
            "Recovery is tested and documented",
            all(vec![facts.complete(), tested().collect(), newest()]),
        ),
        joined("recovery-rto", below("RTO", plan.rto), rto()),
        joined("recovery-rpo", below("RPO", plan.rpo), rpo()),
        joined("recovery-drills-quarterly", "Drills are held as often as is planned", drills()),
        joined("recovery-plan-complete", "The plan of recovery is complete", facts.complete()),
        joined("recovery-drills-held", "Drills are held", newest()),
        joined("recovery-objectives-met", "RTO and RPO are met", all(vec![rto(), rpo()])),
        joined("recovery-restore-works", "Backups can be restored", facts.scheduled("restore-test")),
    ]
}

struct Facts<'f> {
    plan: &'f Plan,
    runs: &'f [Known],
    today: Date,
}

impl Facts<'_> {
    /// The cells of the plan that are there.
    fn cells(&self) -> impl Iterator<Item = (String, &Cell)> {
        self.plan.rows.iter().flat_map(|(service, cells)| {
            let named = FAILURES.iter().zip(cells);
            named.filter_map(move |((_, failure), cell)| {
                Some((format!("{service}, {failure}"), cell.as_ref()?))
            })
        })
    }

    fn known(&self, page: PageId) -> Option<&Known> {
        self.runs.iter().find(|known| known.page == page)
    }

    /// How the runbook of a cell stands.
    fn stands(&self, name: &str, cell: &Cell) -> Part {
        let proof = Some(Proof::Page(cell.runbook));
        let (state, why) = self.known(cell.runbook).map_or_else(
            || (State::NotShown, Some(format!("{name}: its runbook does not run"))),
            |known| stands(known, name),
        );
        Part { state, why, proof }
    }

    fn complete(&self) -> Vec<Part> {
        let plan = self.plan;
        let mut out = Vec::new();
        if plan.rows.is_empty() {
            out.push(part(State::NotShown, "the plan names no service"));
        }
        for (service, cells) in &plan.rows {
            for ((key, failure), cell) in FAILURES.iter().zip(cells) {
                out.push(match cell {
                    None if plan.hides(service, key) => {
                        let why = "its runbook is not shown in this build, and not judged";
                        part(State::NotShown, format!("{service}, {failure}: {why}"))
                    }
                    None => part(State::NotShown, format!("{service}, {failure}: no runbook answers it")),
                    Some(cell) => {
                        Part { state: State::Proven, why: None, proof: Some(Proof::Page(cell.runbook)) }
                    }
                });
            }
        }
        for (name, limit) in [("RTO", plan.rto), ("RPO", plan.rpo)] {
            if limit.is_none() {
                out.push(part(State::NotShown, format!("no {name} is declared")));
            }
        }
        if plan.wrong > 0 {
            let wrong = plan.wrong;
            out.push(part(
                State::Missed,
                format!("`oathbook check` finds {wrong} faults of what is declared"),
            ));
        }
        out
    }

    /// The newest drill that counts of those; one that is yet to come is none.
    fn newest(&self, wanted: impl Fn(&Held) -> bool) -> Option<&Held> {
        let has_been = |one: &Held| one.day().is_some_and(|day| day.days() <= self.today.days() + 1);
        let held = self.plan.held.iter().filter(|one| one.counts && has_been(one) && wanted(one));
        held.max_by(|one, other| one.drill.started.cmp(&other.drill.started))
    }

    fn newest_drill(&self) -> Vec<Part> {
        let Some(newest) = self.newest(|_| true) else {
            return vec![part(State::NotShown, "no drill was held")];
        };
        let (drill, proof) = (&newest.drill, Some(proof_of(newest)));
        let (name, day) = (&drill.drill, drill.started.get(..10).unwrap_or(""));
        let size = drill.target.as_ref().map(|target| target.size.as_str());
        let late = self.plan.schedules.iter().any(|one| one.name == "drill" && self.is_late(one));
        let (state, why) = match drill.status {
            Status::Passed if late => (State::Due, Some(format!("`{name}` was held last on {day}"))),
            Status::Passed => (of_size(size), None),
            Status::Failed => (State::Missed, Some(format!("`{name}` failed on {day}"))),
            Status::Interrupted => (State::NotShown, Some(format!("`{name}` was interrupted on {day}"))),
        };
        vec![Part { state, why, proof }]
    }

    fn is_late(&self, one: &Schedule) -> bool {
        one.until().is_some_and(|until| until < self.today)
    }

    /// How all that is to be done by a schedule of that name stands.
    fn scheduled(&self, name: &str) -> Vec<Part> {
        let all: Vec<&Schedule> = self.plan.schedules.iter().filter(|one| one.name == name).collect();
        if all.is_empty() {
            return vec![part(State::NotShown, format!("no `{name}` is scheduled"))];
        }
        all.into_iter().map(|one| self.schedule(one)).collect()
    }

    fn schedule(&self, one: &Schedule) -> Part {
        let subject = &one.subject;
        let is_late = self.is_late(one);
        if let Some(day) = one.failed {
            return part(State::Missed, format!("`{subject}` failed on {day}"));
        }
        let Some(last) = one.last else { return part(State::NotShown, format!("`{subject}` never passed")) };
        if is_late {
            return part(State::Due, format!("`{subject}` passed last on {last}"));
        }
        if let Some(page) = one.page {
            // Of steps that have changed since, nothing is shown.
            let known = self.known(page);
            let (state, why) = known.map_or((State::NotShown, None), |known| stands(known, subject));
            return Part { state, why, proof: Some(Proof::Page(page)) };
        }
        let newest = self.newest(|held| held.drill.drill == *subject);
        let size = newest.and_then(|held| held.drill.target.as_ref()).map(|target| target.size.as_str());
        Part { state: of_size(size), why: None, proof: newest.map(|held| Proof::File(held.file.clone())) }
    }

    /// Whether an objective is measured by each runbook of the plan, below the plan's limit.
    fn objective(&self, name: &str, limit: Option<Duration>) -> Vec<Part> {
        let upper = name.to_uppercase();
        let Some(limit) = limit else {
            return vec![part(State::NotShown, format!("no {upper} is declared"))];
        };
        let mut out: Vec<Part> =
            self.cells().map(|(cell_name, cell)| self.measured((name, limit), &cell_name, cell)).collect();
        if out.is_empty() {
            out.push(part(State::NotShown, "the plan names no runbook"));
        }
        let worst = out.iter().map(|part| part.state).max().filter(|worst| worst.is_met());
        if let (Some(state), Some((time, cell))) = (worst, self.most(name)) {
            out.push(part(state, format!("{upper} at most {} ({cell})", lasting::told(time))));
        }
        if name == "rto" {
            out.extend(self.spent(limit));
        }
        if name == "rpo" {
            out.push(match &self.plan.worst {
                Ok(worst) if worst.time < limit => Part { state: State::Proven, why: None, proof: None },
                Ok(worst) => {
                    let time = lasting::told(worst.time);
                    part(State::Missed, format!("{time} can be lost by what is declared"))
                }
                Err(why) => part(State::NotShown, why.clone()),
            });
        }
        out
    }

    /// The most of an objective that the runbooks of the plan measured, and where.
    fn most(&self, name: &str) -> Option<(Duration, String)> {
        let of = |(cell_name, cell): (String, &Cell)| {
            let run = shown(self.known(cell.runbook)?)?;
            let one = run.objectives.iter().find(|one| one.name == name)?;
            Some((Duration::from_millis(one.measured_ms?), cell_name))
        };
        self.cells().filter_map(of).max()
    }

    /// The time of recovery is counted from the interruption: to what runbooks measure comes what people need. Of a part that
    /// no card measured its budget counts, which proves nothing.
    fn spent(&self, limit: Duration) -> Option<Part> {
        let plan = self.plan;
        let others = || plan.shares.iter().filter(|share| share.by != "measured");
        others().next()?;
        let (longest, _) = self.most("rto")?;
        let budget = |by: &dyn Fn(&str) -> bool| {
            others()
                .filter(|share| by(&share.by))
                .fold(Duration::ZERO, |sum, share| sum.saturating_add(share.budget))
        };
        let card = plan.cards.iter().rev().find(|card| !card.synthetic);
        let (told, on_paper) = (lasting::told, budget(&|by| by == "card"));
        let declared = match card.map(|card| card.declared_ms) {
            Some(None) => {
                return Some(part(State::Missed, "nobody declared a disaster in the last drill on paper"));
            }
            Some(Some(ms)) => Duration::from_millis(ms),
            None => on_paper,
        };
        let assumed = budget(&|by| by != "card");
        let all = longest.saturating_add(declared).saturating_add(assumed);
        let why = format!(
            "from the interruption: {}, of which {} are budgets that nobody measured",
            told(all),
            told(if card.is_some() { assumed } else { assumed.saturating_add(on_paper) })
        );
        let state = if all < limit { State::Demonstrated } else { State::Missed };
        Some(part(state, why))
    }

    fn measured(&self, (name, limit): (&str, Duration), cell_name: &str, cell: &Cell) -> Part {
        let stands = self.stands(cell_name, cell);
        if !stands.state.is_met() {
            return stands;
        }
        let upper = name.to_uppercase();
        let run = self.known(cell.runbook).and_then(shown);
        let one = run.and_then(|run| run.objectives.iter().find(|one| one.name == name));
        let measured = one.and_then(|one| one.measured_ms).map(Duration::from_millis);
        let told = lasting::told;
        match measured {
            Some(time) if time < limit => stands,
            Some(time) => {
                let why = format!("{cell_name}: {upper} {}, and the limit is {}", told(time), told(limit));
                Part { state: State::Missed, why: Some(why), ..stands }
            }
            None => {
                let why = format!("{cell_name}: its {upper} was not measured");
                Part { state: State::NotShown, why: Some(why), ..stands }
            }
        }
    }
}

/// The page that is made of the newest drill, or the bundle itself.
fn proof_of(held: &Held) -> Proof {
    held.summary.map_or_else(|| Proof::File(held.file.clone()), Proof::Page)
}

/// What evidence of that size shows.
fn of_size(size: Option<&str>) -> State {
    if size == Some("production") { State::Proven } else { State::Demonstrated }
}

/// The run that counts, of the steps as they are now.
fn shown(known: &Known) -> Option<&Run> {
    match &known.standing {
        Standing::Failed { file } | Standing::Passed { file, .. } => {
            known.files.get(*file).and_then(|file| file.evidence.as_ref().ok()).map(Evidence::run)
        }
        Standing::Never | Standing::Changed(_) => None,
    }
}

fn stands(known: &Known, name: &str) -> (State, Option<String>) {
    let day = shown(known).and_then(Run::day).map_or_else(String::new, |day| format!(" on {day}"));
    match &known.standing {
        Standing::Never => (State::NotShown, Some(format!("{name}: its runbook never ran"))),
        Standing::Changed(_) => {
            (State::NotShown, Some(format!("{name}: the steps of its runbook have changed since they ran")))
        }
        Standing::Failed { .. } => (State::Missed, Some(format!("{name}: its runbook failed{day}"))),
        Standing::Passed { missed: Some(one), .. } => {
            (State::Missed, Some(format!("{name}: its runbook missed its {}{day}", one.to_uppercase())))
        }
        Standing::Passed { late: Some(_), .. } => {
            (State::Due, Some(format!("{name}: its runbook ran too long ago{day}")))
        }
        Standing::Passed { .. } => (of_size(shown(known).map(|run| run.target.size.as_str())), None),
    }
}
