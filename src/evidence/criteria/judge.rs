//! Each proof against what is so.

use super::proof::{Proof, Refusal, Stated, covers, meant};
use super::state::{Judged, Lead, Shown, State};
use super::{Criteria, subjects};
use crate::base::{Date, RelPath, count};
use crate::diag::{Claim, Diagnostic, Group, Place, Problem, Verdict, code};
use crate::evidence::capacity::Capacity;
use crate::evidence::check::{self, Check};
use crate::evidence::context::Context;
use crate::evidence::incidents::Incidents;
use crate::evidence::oncall::Oncall;
use crate::evidence::recovery::criteria::{self as recovery, Proof as By};
use crate::evidence::recovery::{Plan, Recovery};
use crate::evidence::runs::{Known, Runs};
use crate::evidence::{Gathered, SORTS};

use crate::capacity;
use crate::incident::{self, Standing as Review};
use crate::markdown::Value;
use crate::model::{Page, PageId};
use crate::runs::evidence::{Evidence, Run, Status};
use crate::runs::metrics::{Sources, metrics};
use crate::runs::standing::Standing;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap};

/// How a proof is told whose evidence is of a day after that of the run.
pub const EVIDENCE_TO_COME: &str = "is yet to come";

/// Checks that find more in a nightly run: what time alone has made wrong.
const BY_TIME: &[&str] = &[
    code::INCIDENT_ACTION,
    code::INCIDENT_LOAD,
    code::INCIDENT_REPEAT,
    code::INCIDENT_REVIEW,
    code::INCIDENT_RUNBOOK,
    code::ONCALL_TEST,
    code::RECOVERY_DUE,
    code::RECOVERY_OPERATOR,
    code::REVIEW_DUE,
    code::RUN_EVIDENCE,
];

/// Sorts of evidence whose checks look at one page by itself.
const OF_PAGES: &[&str] = &["links", "includes", "structure", "facts", "bindings", "reviews"];

/// Judges all boxes and criteria.
pub(super) fn all(cx: &Context<'_>, criteria: &mut Criteria) {
    let other = Gathered::default();
    let judge = Judge {
        cx,
        other: &other,
        criteria,
        known: RefCell::default(),
        rows: RefCell::default(),
        problems: RefCell::default(),
        of_pages: OnceCell::new(),
    };
    let items: Vec<Judged> = (0..criteria.items.len()).map(|at| judge.row(at)).collect();
    let list: Vec<Judged> =
        criteria.list.iter().map(|one| judge.stated(&one.stated, None, (&one.place, &one.id))).collect();
    let mut problems = judge.problems.into_inner();
    criteria.items.iter_mut().zip(items).for_each(|(item, judged)| item.judged = judged);
    criteria.list.iter_mut().zip(list).for_each(|(one, judged)| one.judged = judged);
    criteria.problems.append(&mut problems);
}

/// What was found of one proof: how it stands, why, where it leads; or that there is nothing of the name.
type Found = Result<(State, String, Lead), Refusal>;

struct Judge<'j> {
    cx: &'j Context<'j>,
    /// What was read for the other kind of run: with what time makes wrong, or without.
    other: &'j Gathered,
    criteria: &'j Criteria,
    /// What is known of a proof that is no row.
    known: RefCell<HashMap<String, Found>>,
    /// Rows that are judged, and those that are being judged: none.
    rows: RefCell<BTreeMap<usize, Option<Judged>>>,
    problems: RefCell<Vec<Problem>>,
    /// What is found on pages, by file.
    of_pages: OnceCell<BTreeMap<RelPath, (String, bool)>>,
}

impl Judge<'_> {
    /// A box; one that leads back to itself is red.
    fn row(&self, at: usize) -> Judged {
        if let Some(known) = self.rows.borrow().get(&at) {
            let why = || vec!["it is proven by itself".to_owned()];
            return known.clone().unwrap_or_else(|| Judged { why: why(), ..Judged::default() });
        }
        self.rows.borrow_mut().insert(at, None);
        let Some(item) = self.criteria.items.get(at) else { return Judged::default() };
        let place = item.mark.as_ref().unwrap_or(&item.place);
        let judged = self.stated(&item.stated, Some(item.page), (place, &item.key()));
        self.rows.borrow_mut().insert(at, Some(judged.clone()));
        judged
    }

    /// All proofs of one box or criterion, and its deviation.
    fn stated(&self, stated: &Stated, page: Option<PageId>, (place, key): (&Place, &str)) -> Judged {
        let shown = stated.proofs.iter().map(|proof| {
            let told = proof.told();
            match self.proof(proof, page) {
                Ok((state, why, lead)) => Shown { told, state, why, lead },
                Err(refusal) => {
                    let mut problems = self.problems.borrow_mut();
                    let found =
                        Problem::new(code::PROOF, place, format!("{key}: {told}"), refusal.message.clone());
                    problems.push(found.help(refusal.help.clone()));
                    let why = format!("{}; {}", refusal.message, refusal.help);
                    Shown { told, state: State::Red, why, lead: Lead::Nowhere }
                }
            }
        });
        let mut judged = Judged::of(shown.collect(), stated.refused.len());
        if let Some(deviation) = stated.deviation.as_ref().filter(|_| judged.state > State::Demonstrated) {
            let (reason, by, until) = (&deviation.reason, &deviation.by, deviation.until);
            let (state, ends) = if until < self.cx.today {
                (State::Due, format!("accepted by {by}, which ended on {until}"))
            } else {
                (State::Deviating, format!("accepted by {by} until {until}"))
            };
            judged.state = state;
            judged.why.insert(0, format!("{reason}: {ends}"));
        }
        judged
    }

    fn proof(&self, proof: &Proof, page: Option<PageId>) -> Found {
        if let Proof::Row(wanted) = proof {
            return self.of_row(wanted, page);
        }
        let told = proof.told();
        if let Some(known) = self.known.borrow().get(&told) {
            return known.clone();
        }
        let found = match proof {
            Proof::Check { code, files } => Ok(self.check(code, files.as_deref())),
            Proof::Run(page) => self.run(page, None),
            Proof::Objective { page, name } => self.run(page, Some(name)),
            Proof::Drill(name) => self.drill(name),
            Proof::Recovery(name) => self.recovery(name),
            Proof::Reviews => Ok(self.reviews()),
            Proof::Coverage => Ok(self.coverage()),
            Proof::Page(path) => self.page(path),
            Proof::Metric(name) => self.metric(name),
            Proof::Row(wanted) => self.of_row(wanted, page),
        };
        self.known.borrow_mut().insert(told, found.clone());
        found
    }

    fn of_row(&self, wanted: &str, page: Option<PageId>) -> Found {
        let at = self.criteria.find(wanted, page)?;
        let judged = self.row(at);
        let item = self.criteria.items.get(at);
        let text = item.map_or("", |item| item.text.as_str());
        let why = match judged.state {
            State::Proven | State::Demonstrated => {
                format!("\u{201c}{text}\u{201d} is {}", judged.state.name())
            }
            state if judged.is_early() => {
                format!("\u{201c}{text}\u{201d} is {}: its evidence {EVIDENCE_TO_COME}", state.name())
            }
            state => format!("\u{201c}{text}\u{201d} is {}", state.name()),
        };
        Ok((judged.state, why, Lead::Row(at)))
    }

    /// The context of a run with or without what time makes wrong, whichever run this one is.
    fn timed(&self, due: bool) -> Context<'_> {
        let gathered = if self.cx.due == due { self.cx.gathered } else { self.other };
        Context { due, gathered, ..*self.cx }
    }

    fn check(&self, code: &'static str, files: Option<&str>) -> (State, String, Lead) {
        let Some(check) = check::find(code) else {
            return (State::Red, "there is no such check".into(), Lead::Nowhere);
        };
        let by_time = BY_TIME.contains(&code);
        let now = if by_time { self.timed(false) } else { *self.cx };
        let (found, claims) = check::alone(&now, check);
        let concerned = |claim: &&Claim| covers(files, claim.place.file.as_str());
        if let Some(first) = found.iter().find(|one| covers(files, one.primary.file.as_str())) {
            return (State::Red, told(first), Lead::Ledger);
        }
        let held = |claim: &&Claim| !matches!(claim.verdict, Verdict::NotJudged(_));
        let of_claims = claims.iter().filter(concerned).filter(held).count();
        let counted = subjects::judged(&now, code).filter(|_| files.is_none());
        let judged = if claims.is_empty() { counted.unwrap_or(0) } else { of_claims };
        if judged == 0 {
            return (State::Red, "nothing was judged".into(), Lead::Ledger);
        }
        if by_time {
            let (late, _) = check::alone(&self.timed(true), check);
            if let Some(first) = late.iter().find(|one| covers(files, one.primary.file.as_str())) {
                return (State::Due, told(first), Lead::Ledger);
            }
        }
        let shown = claims.iter().filter(concerned).any(Claim::is_demonstrated) || self.is_invented(code);
        let state = if shown { State::Demonstrated } else { State::Proven };
        (state, format!("{judged} judged, nothing found"), Lead::Ledger)
    }

    /// Whether what a check judges is made up, or is not the thing itself: a roster is not the paging tool.
    fn is_invented(&self, code: &str) -> bool {
        let records = || self.cx.of::<Incidents>().records.iter();
        code.starts_with("oncall-")
            || (code.starts_with("incident-") && records().any(|record| record.synthetic))
            || (code.starts_with("capacity-")
                && self
                    .cx
                    .of::<Capacity>()
                    .plan
                    .as_ref()
                    .is_some_and(|plan| plan.series.iter().any(|one| one.synthetic)))
    }

    fn known_run(&self, wanted: &str) -> Result<(&Known, &Page), Refusal> {
        let runs = || {
            self.cx
                .of::<Runs>()
                .list
                .iter()
                .filter_map(|known| Some((known, self.cx.site().pages.get(known.page)?)))
        };
        let found = runs().find(|(_, page)| page.source.as_str() == wanted);
        found.ok_or_else(|| {
            let names: Vec<&str> = runs().map(|(_, page)| page.source.as_str()).collect();
            let help = meant(wanted, names, "runbooks that run");
            Refusal::new(format!("`{wanted}` is no runbook that runs"), help)
        })
    }

    /// A runbook's newest run; with a name, one objective of it.
    fn run(&self, wanted: &str, objective: Option<&str>) -> Found {
        let (known, _) = self.known_run(wanted)?;
        let lead = Lead::Page(known.page);
        if let Some(name) = objective {
            let names: Vec<&str> = known.runbook.objectives.iter().map(|one| one.name).collect();
            if !names.contains(&name) {
                let message = format!("`{wanted}` promises no `{name}`");
                return Err(Refusal::new(message, meant(name, names, "objectives")));
            }
        }
        let (state, why) = match &known.standing {
            Standing::Never => (State::Red, "it never ran".to_owned()),
            Standing::Changed(day) => (State::Red, format!("its steps have changed since it ran on {day}")),
            Standing::Failed { file } => (State::Red, format!("its run of {} failed", day(known, *file))),
            Standing::Passed { file, missed, late } => {
                let day = day(known, *file);
                let relevant =
                    missed.as_ref().filter(|missed| objective.is_none_or(|name| name == missed.as_str()));
                let measured = objective.map(|name| measured(known, *file, name));
                match (relevant, measured, late) {
                    (Some(missed), _, _) => (State::Red, format!("its run of {day} did not meet `{missed}`")),
                    (None, Some(None), _) => (State::Red, format!("its run of {day} did not meet it")),
                    (None, _, Some(days)) if *days < 0 => {
                        (State::Red, format!("its evidence is of {day}, which {EVIDENCE_TO_COME}"))
                    }
                    (None, _, Some(days)) => (
                        State::Due,
                        format!(
                            "it ran last on {day}, {} too long ago",
                            count(usize::try_from(*days).unwrap_or(0), "day")
                        ),
                    ),
                    (None, _, None) => of_size(size(known, *file), format!("it passed on {day}")),
                }
            }
        };
        Ok((state, why, lead))
    }

    fn plan(&self) -> Result<&Plan, Refusal> {
        self.cx.of::<Recovery>().plan.as_ref().ok_or_else(|| {
            let message = "book.toml has no `run.recovery`, or it cannot be read";
            Refusal::new(message, "name the file that declares recovery")
        })
    }

    fn drill(&self, name: &str) -> Found {
        let plan = self.plan()?;
        let declared =
            plan.schedules.iter().filter(|one| one.name == "drill").map(|one| one.subject.as_str());
        let held = plan.held.iter().map(|one| one.drill.drill.as_str());
        let names: Vec<&str> = declared.chain(held).collect();
        if !names.contains(&name) {
            return Err(Refusal::new(format!("there is no drill `{name}`"), meant(name, names, "drills")));
        }
        let newest = plan.held.iter().filter(|one| one.counts && one.drill.drill == name);
        let Some(newest) = newest.max_by(|one, other| one.drill.started.cmp(&other.drill.started)) else {
            return Ok((State::Red, "nobody held it".into(), Lead::Nowhere));
        };
        let lead = Lead::File(newest.file.clone());
        let day = newest.day();
        let told = day.map_or_else(String::new, |day| day.to_string());
        let scheduled = || plan.schedules.iter().find(|one| one.name == "drill" && one.subject == name);
        let late = scheduled()
            .and_then(super::super::recovery::Schedule::until)
            .is_some_and(|until| until < self.cx.today);
        let size = newest.drill.target.as_ref().map(|target| target.size.as_str());
        let (state, why) = match newest.drill.status {
            _ if day.is_some_and(|day| self.is_to_come(day)) => {
                (State::Red, format!("it is of {told}, which {EVIDENCE_TO_COME}"))
            }
            Status::Failed => (State::Red, format!("it failed on {told}")),
            Status::Interrupted => (State::Red, format!("it was interrupted on {told}")),
            Status::Passed if late => (State::Due, format!("it was held last on {told}")),
            Status::Passed => of_size(size, format!("it was held on {told}")),
        };
        Ok((state, why, lead))
    }

    /// A machine a few hours ahead is no forger.
    fn is_to_come(&self, day: Date) -> bool {
        day.days() > self.cx.today.days() + 1
    }

    fn recovery(&self, name: &str) -> Found {
        let plan = self.plan()?;
        let all = recovery::criteria(plan, &self.cx.of::<Runs>().list, self.cx.today);
        let Some(one) = all.iter().find(|one| one.name == name) else {
            let names: Vec<&str> = all.iter().map(|one| one.name).collect();
            return Err(Refusal::new(
                format!("recovery has no criterion `{name}`"),
                meant(name, names, "criteria of recovery"),
            ));
        };
        let state = match one.state {
            recovery::State::Proven => State::Proven,
            recovery::State::Demonstrated => State::Demonstrated,
            recovery::State::Due => State::Due,
            recovery::State::NotShown | recovery::State::Missed => State::Red,
        };
        let lead = one.proofs.first().map_or(Lead::Nowhere, |proof| match proof {
            By::Page(page) => Lead::Page(*page),
            By::File(file) => Lead::File(file.clone()),
        });
        let early = state == State::Red
            && plan.held.iter().any(|one| one.day().is_some_and(|day| self.is_to_come(day)));
        let mut why = if one.why.is_empty() { one.title.clone() } else { one.why.join("; ") };
        if early {
            why.push_str(&format!("; evidence of it {EVIDENCE_TO_COME}"));
        }
        Ok((state, why, lead))
    }

    fn reviews(&self) -> (State, String, Lead) {
        let incidents = self.cx.of::<Incidents>();
        let (mut done, mut invented, mut worst) = (0, false, (State::Proven, String::new()));
        for (record, review) in incidents.records.iter().zip(&incidents.reviews) {
            let id = &record.id;
            let (state, why) = match &review.standing {
                Review::Done | Review::None => {
                    done += 1;
                    invented |= record.synthetic;
                    continue;
                }
                Review::Flawed(_) => (State::Red, format!("the review of {id} does not count")),
                Review::Owed(_, day) if *day < self.cx.today => {
                    (State::Due, format!("{id} owes a review since {day}"))
                }
                // There is still time, or nothing is owed.
                Review::Open | Review::Duplicate | Review::Owed(..) => continue,
            };
            if state > worst.0 {
                worst = (state, why);
            }
        }
        let lead = incidents.reviews.iter().find_map(|review| review.page).map_or(Lead::Ledger, Lead::Page);
        if worst.0 > State::Proven {
            return (worst.0, worst.1, lead);
        }
        if done == 0 {
            return (State::Red, "nothing was judged: no incident was resolved".into(), lead);
        }
        let told = format!("{} reviewed", count(done, "incident"));
        if invented {
            return (State::Demonstrated, format!("{told}, of which some are invented"), lead);
        }
        (State::Proven, told, lead)
    }

    /// The roster says who is to be on call; what the paging tool does is not recorded, so this demonstrates at most.
    fn coverage(&self) -> (State, String, Lead) {
        let oncall = self.cx.of::<Oncall>();
        let lead = oncall.file.clone().map_or(Lead::Nowhere, Lead::File);
        if oncall.coverage.is_empty() {
            return (State::Red, "nothing was judged: there is no roster".into(), lead);
        }
        let open: usize = oncall.coverage.iter().map(|one| one.gaps.len()).sum();
        if open > 0 {
            return (State::Red, format!("{} in which nobody can be reached", count(open, "gap")), lead);
        }
        let levels = count(oncall.coverage.len(), "level");
        (State::Demonstrated, format!("{levels} without a gap, by the roster alone"), lead)
    }

    fn page(&self, wanted: &str) -> Found {
        let found = self.cx.pages().find(|(_, page)| page.source.as_str() == wanted);
        let Some((id, page)) = found else {
            let names: Vec<&str> = self.cx.pages().map(|(_, page)| page.source.as_str()).collect();
            return Err(Refusal::new(format!("there is no page `{wanted}`"), meant(wanted, names, "pages")));
        };
        let lead = Lead::Page(id);
        let Some(kind) = &page.kind else {
            return Ok((State::Red, "the page has no kind, so nothing says what it must hold".into(), lead));
        };
        let (state, why) = match self.of_pages.get_or_init(|| self.found_on_pages()).get(&page.source) {
            Some((why, false)) => (State::Red, why.clone()),
            Some((why, true)) => (State::Due, why.clone()),
            None if page.doc.facts.front.get("synthetic") == Some(&Value::Bool(true)) => (
                State::Demonstrated,
                format!("a page of the kind `{kind}`, without a finding, of what is invented"),
            ),
            None => (State::Proven, format!("a page of the kind `{kind}`, without a finding")),
        };
        Ok((state, why, lead))
    }

    /// The first finding of each file, and whether time alone makes it one.
    fn found_on_pages(&self) -> BTreeMap<RelPath, (String, bool)> {
        let checks = SORTS.iter().filter(|sort| OF_PAGES.contains(&sort.name)).flat_map(|sort| sort.checks);
        let checks: Vec<&'static Check> = checks
            .copied()
            .filter(|check| check.group == Group::Broken || check.code == code::REVIEW_DUE)
            .collect();
        let mut out = BTreeMap::new();
        for check in checks {
            let late = check.code == code::REVIEW_DUE;
            let cx = if late { self.timed(true) } else { *self.cx };
            for found in check::alone(&cx, check).0 {
                out.entry(found.primary.file.clone()).or_insert_with(|| (told(&found), late));
            }
        }
        out
    }

    fn metric(&self, wanted: &str) -> Found {
        let text = self.exported();
        let names: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
        if !names.contains(&wanted) {
            let message = format!("`oathbook metrics` exports no `{wanted}`");
            return Err(Refusal::new(message, meant(wanted, names, "metrics")));
        }
        let of_it = |line: &&str| {
            let rest = line.strip_prefix(wanted);
            rest.is_some_and(|rest| rest.starts_with(['{', ' ', '_']))
        };
        let samples =
            || text.lines().filter(of_it).filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
        let (state, why) = match (samples().count(), samples().any(|value| value != 0.0)) {
            (0, _) => (State::Red, "nothing was judged: it has no sample"),
            (_, false) => (State::Demonstrated, "it is exported, and counts no record of production yet"),
            (_, true) if wanted.starts_with("capacity_") && self.is_invented("capacity-plan") => {
                (State::Demonstrated, "it is exported, of series that are made up")
            }
            (_, true) => (State::Proven, "it is exported, with records"),
        };
        Ok((state, why.into(), Lead::Nowhere))
    }

    /// What `oathbook metrics` prints of this repository, as if a host's journal were empty.
    fn exported(&self) -> String {
        let plan = self.cx.of::<Recovery>().plan.as_ref();
        let restores = plan.map(|plan| {
            let mut times: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
            for point in plan.trend.iter().filter(|point| point.passed) {
                times.entry(&point.stem).or_default().extend(point.rto_ms);
            }
            Ok(times.into_iter().map(|(stem, times)| (stem.to_owned(), times)).collect())
        });
        let journal = plan.map(|_| Ok(String::new()));
        let (mut text, _) = metrics(&Sources { journal, restores, ..Sources::default() });
        let incidents = self.cx.of::<Incidents>();
        if let Some(plan) = &incidents.plan {
            text.push_str(&incident::metrics(&incidents.records, plan));
        }
        let planned = self.cx.of::<Capacity>();
        let resources = planned.plan.iter().flat_map(|plan| &plan.resources);
        let carried = resources.zip(&planned.carried);
        text.push_str(&capacity::metrics(
            carried.filter_map(|(one, carried)| Some((one, carried.as_ref()?))),
        ));
        text
    }
}

/// A finding in a few words.
fn told(found: &Diagnostic) -> String {
    format!("{}: {} ({})", found.primary.file, found.message, found.code)
}

fn of_file(known: &Known, file: usize) -> Option<&Run> {
    known.files.get(file)?.evidence.as_ref().ok().map(Evidence::run)
}

fn day(known: &Known, file: usize) -> String {
    of_file(known, file).and_then(Run::day).map_or_else(String::new, |day| day.to_string())
}

fn size(known: &Known, file: usize) -> Option<&str> {
    of_file(known, file).map(|run| run.target.size.as_str())
}

/// What a run measured of an objective, if it is below the limit that the page has now.
fn measured(known: &Known, file: usize, name: &str) -> Option<u64> {
    let limit = known.runbook.objectives.iter().find(|one| one.name == name)?.limit.as_millis();
    let run = of_file(known, file)?;
    let one = run.objectives.iter().find(|one| one.name == name)?;
    one.measured_ms.filter(|measured| u128::from(*measured) < limit)
}

/// What passed on less than production has is demonstrated.
fn of_size(size: Option<&str>, why: String) -> (State, String) {
    match size {
        Some("production") => (State::Proven, why),
        Some(size) => (State::Demonstrated, format!("{why}, with data that are {size}")),
        None => (State::Demonstrated, format!("{why}, on a target of unknown size")),
    }
}
