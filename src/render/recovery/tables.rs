//! The tables of a plan of recovery, and its plots.

use super::{Piece, Pieces, Shown, TREND, TREND_TITLE, Table, one};
use crate::base::lasting;
use crate::evidence::recovery::criteria::{Proof, State, criteria};
use crate::evidence::recovery::{Cell, FAILURES, Point};
use crate::evidence::runs::Known;
use crate::model::PageId;
use crate::render::plot::{Along, Plot, Series, Shape, Unit};
use crate::runs::evidence::{Evidence, Run, Status};
use crate::runs::standing::Standing;
use std::collections::BTreeSet;
use std::time::Duration;

/// Names that tell plots of one page apart; more runbooks have the table alone.
const PLOTS: [&str; 8] =
    ["trend-0", "trend-1", "trend-2", "trend-3", "trend-4", "trend-5", "trend-6", "trend-7"];

impl Shown<'_> {
    pub(super) fn tables(&self) -> Vec<Table> {
        let all = [
            Some(self.failures()),
            Some(self.criteria()),
            self.shares(),
            self.engines(),
            self.schedules(),
            self.drills(),
            self.cards(),
            self.trend(),
        ];
        all.into_iter().flatten().collect()
    }

    /// How much can be lost, as a class, a sentence, and whether it is known.
    pub(super) fn worst(&self) -> (&'static str, String) {
        match &self.plan.worst {
            Ok(worst) => {
                let time = lasting::told(worst.time);
                let why = worst.by.describe();
                ("", format!("With the host of the database at most {time} can be lost: {why}."))
            }
            Err(why) => ("bad", format!("How much can be lost is unknown: {why}.")),
        }
    }

    fn failures(&self) -> Table {
        let mut rows = Vec::new();
        for (service, cells) in &self.plan.rows {
            for ((key, failure), cell) in FAILURES.iter().zip(cells) {
                let mut row = vec![one(service.clone()), one(*failure)];
                match cell {
                    Some(cell) => row.extend(self.cell(cell)),
                    None if self.plan.hides(service, key) => row.push(one("internal")),
                    None => row.push(one(Piece::Marked("bad", "none".into()))),
                }
                row.resize(6, Vec::new());
                rows.push(row);
            }
        }
        let head = &["Service", "Failure", "Runbook", "RTO", "RPO", "Last run"];
        Table { title: "", head, rows, note: None }
    }

    fn cell(&self, cell: &Cell) -> Vec<Pieces> {
        let known = self.runs.iter().find(|known| known.page == cell.runbook);
        let of = |name: &str, limit: Option<Duration>| {
            let Some(limit) = limit else { return one("none is set") };
            let measured = known.and_then(shown).and_then(|run| measured(run, name));
            let told = lasting::told(limit);
            match measured {
                None => one(format!("< {told}, not measured")),
                Some(is) => {
                    let class = if is < limit { "good" } else { "bad" };
                    vec![format!("< {told}, ").into(), Piece::Marked(class, lasting::told(is))]
                }
            }
        };
        let (class, state) = state(known);
        vec![
            one(Piece::Page(cell.runbook)),
            of("rto", cell.rto),
            of("rpo", cell.rpo),
            one(Piece::Marked(class, state)),
        ]
    }

    fn criteria(&self) -> Table {
        let rows = criteria(self.plan, self.runs, self.today).into_iter().map(|criterion| {
            let class = match criterion.state {
                State::Proven | State::Demonstrated => "good",
                State::NotShown => "run-none",
                State::Due | State::Missed => "bad",
            };
            let mut proofs = Vec::new();
            for (number, proof) in criterion.proofs.iter().enumerate() {
                if number > 0 {
                    proofs.push(", ".into());
                }
                proofs.push(match proof {
                    Proof::Page(page) => Piece::Page(*page),
                    Proof::File(file) => Piece::Code(file.to_string()),
                });
            }
            vec![
                one(criterion.title),
                one(Piece::Marked(class, criterion.state.describe().to_owned())),
                one(criterion.why.join("; ")),
                proofs,
            ]
        });
        let head = &["Criterion", "State", "Why", "By"];
        Table { title: "What is reached", head, rows: rows.collect(), note: None }
    }

    /// The parts of the time, each measured by a runbook, by a card, or by nothing.
    fn shares(&self) -> Option<Table> {
        let plan = self.plan;
        let rto = plan.rto.filter(|_| !plan.shares.is_empty())?;
        let cells = plan.rows.iter().flat_map(|(_, cells)| cells).flatten();
        let runs = cells.filter_map(|cell| self.runs.iter().find(|known| known.page == cell.runbook));
        let longest = runs.filter_map(|known| measured(shown(known)?, "rto")).max();
        let card = plan.cards.iter().rev().find(|card| !card.synthetic);
        let rows = plan.shares.iter().map(|share| {
            let is = match share.by.as_str() {
                "measured" => longest.map(|time| {
                    format!("with the other parts that runbooks measure at most {}", lasting::told(time))
                }),
                "card" => card.map(|card| match card.declared_ms {
                    Some(ms) => format!("{} on paper", lasting::told(Duration::from_millis(ms))),
                    None => "never declared on paper".into(),
                }),
                _ => None,
            };
            let is = is.map_or_else(|| Piece::Marked("run-none", "never measured".into()), Piece::Plain);
            vec![one(share.name.replace('-', " ")), one(lasting::told(share.budget)), one(is)]
        });
        let rows = rows.collect();
        let note = format!("Together they are no more than the RTO, {}.", lasting::told(rto));
        Some(Table {
            title: "What the time is spent on",
            head: &["Part", "Budget", "Measured"],
            rows,
            note: Some(note),
        })
    }

    pub(super) fn engines(&self) -> Option<Table> {
        let engines = &self.plan.engines;
        let rows = engines.iter().map(|engine| {
            let promise = engine.rpo.map_or_else(|| "nothing".to_owned(), lasting::told);
            let (lag, asked) = match &engine.status {
                None => (one("never asked"), String::new()),
                Some((_, Err(_))) => {
                    (one(Piece::Marked("bad", "its status cannot be read".into())), String::new())
                }
                Some((_, Ok(status))) => {
                    let lag = match status.lag() {
                        Some(lag) => {
                            let class = if lag <= engine.worst { "good" } else { "bad" };
                            Piece::Marked(class, lasting::told(lag))
                        }
                        None => Piece::Marked("bad", "nothing can be brought back".into()),
                    };
                    (one(lag), status.asked.get(..10).unwrap_or("").to_owned())
                }
            };
            let restored = engine.runbook.map_or_else(|| one("no runbook"), |page| one(Piece::Page(page)));
            vec![
                one(format!("{} ({})", engine.name, engine.program)),
                one(lasting::told(engine.worst)),
                one(promise),
                restored,
                lag,
                one(asked),
            ]
        });
        let rows: Vec<_> = rows.collect();
        let head = &["Engine", "Loses at most", "Promises less than", "Restored by", "Lag", "Asked"];
        (!rows.is_empty()).then_some(Table { title: "Engines of backups", head, rows, note: None })
    }

    fn schedules(&self) -> Option<Table> {
        let rows = self.plan.schedules.iter().map(|schedule| {
            let last = match (schedule.failed, schedule.last) {
                (Some(day), _) => Piece::Marked("bad", format!("failed, {day}")),
                (None, Some(day)) => format!("passed, {day}").into(),
                (None, None) => "never passed".into(),
            };
            let until = schedule.until().map_or_else(String::new, |day| day.to_string());
            let subject = schedule.page.map_or_else(|| Piece::Code(schedule.subject.clone()), Piece::Page);
            vec![one(schedule.name.clone()), one(schedule.every()), one(subject), one(last), one(until)]
        });
        let rows: Vec<_> = rows.collect();
        let head = &["Schedule", "Every", "What", "Last", "Again by"];
        (!rows.is_empty()).then_some(Table { title: "Schedules", head, rows, note: None })
    }

    fn drills(&self) -> Option<Table> {
        let plan = self.plan;
        let rows = plan.held.iter().rev().take(TREND).map(|held| {
            let (drill, day) = (&held.drill, held.day());
            let class = if drill.status == Status::Passed { "good" } else { "bad" };
            let lesson =
                plan.lessons.iter().find(|lesson| lesson.drill == drill.drill && Some(lesson.day) == day);
            let mut taught = Vec::new();
            for page in lesson.iter().flat_map(|lesson| &lesson.changed) {
                if !taught.is_empty() {
                    taught.push(", ".into());
                }
                taught.push(Piece::Page(*page));
            }
            let operator = drill.operator.clone().unwrap_or_else(|| "nobody: a machine ran it".into());
            vec![
                one(drill.drill.clone()),
                one(day.map_or_else(String::new, |day| day.to_string())),
                one(operator),
                one(Piece::Marked(class, drill.status.name().to_owned())),
                taught,
            ]
        });
        let rows: Vec<_> = rows.collect();
        let head = &["Drill", "Day", "Operator", "Ended", "Changed"];
        (!rows.is_empty()).then_some(Table { title: "Drills", head, rows, note: None })
    }

    fn cards(&self) -> Option<Table> {
        let rows = self.plan.cards.iter().rev().take(TREND).map(|card| {
            let of = |ms: u64| lasting::told(Duration::from_millis(ms));
            let class = if card.met() { "good" } else { "bad" };
            let took = card.declared_ms.map_or_else(|| "never".to_owned(), of);
            let made_up = if card.synthetic { " (made up)" } else { "" };
            vec![
                one(format!("{}{made_up}", card.scenario)),
                one(card.shown.get(..10).unwrap_or("").to_owned()),
                one(card.operator.clone()),
                vec![Piece::Marked(class, took), format!(" (< {})", of(card.limit_ms)).into()],
            ]
        });
        let rows: Vec<_> = rows.collect();
        let head = &["Card", "Day", "Operator", "Declared after"];
        (!rows.is_empty()).then_some(Table { title: "Drills on paper", head, rows, note: None })
    }

    pub(super) fn trend(&self) -> Option<Table> {
        let points = &self.plan.trend;
        let rows = points.iter().rev().take(TREND).map(|point| {
            let of = |ms: Option<u64>, limit: Option<Duration>| match ms.map(Duration::from_millis) {
                None => one("–"),
                Some(time) => {
                    let class = if limit.is_none_or(|limit| time < limit) { "good" } else { "bad" };
                    one(Piece::Marked(class, lasting::told(time)))
                }
            };
            let ended = if point.passed { one("passed") } else { one(Piece::Marked("bad", "failed".into())) };
            vec![
                one(when(point)),
                one(Piece::Page(point.runbook)),
                of(point.rto_ms, self.plan.rto),
                of(point.rpo_ms, self.plan.rpo),
                ended,
            ]
        });
        let rows: Vec<_> = rows.collect();
        let older = points.len().saturating_sub(TREND);
        let note = (older > 0).then(|| format!("{older} older runs are not shown."));
        let head = &["Run", "Runbook", "RTO", "RPO", "Ended"];
        (!rows.is_empty()).then_some(Table { title: TREND_TITLE, head, rows, note })
    }

    /// RTO and RPO of each runbook, run by run; none where there is no second run to compare with. Limits are told and not
    /// drawn: beside an hour, ten seconds and twenty look the same.
    pub(super) fn plots(&self) -> Vec<Plot> {
        let points = &self.plan.trend;
        let newest = || points.iter().skip(points.len().saturating_sub(TREND)).filter(|point| point.passed);
        let pages: BTreeSet<PageId> = newest().map(|point| point.runbook).collect();
        let plot = |(id, page): (&'static str, PageId)| {
            let own: Vec<&Point> = newest().filter(|point| point.runbook == page).collect();
            let series = |name: &str, of: fn(&Point) -> Option<u64>| Series {
                name: name.to_owned(),
                points: (0..)
                    .zip(&own)
                    .map(|(at, point)| (at, of(point).map(|ms| Duration::from_millis(ms).as_secs_f64())))
                    .collect(),
                bands: Vec::new(),
            };
            let all = [series("RTO", |point| point.rto_ms), series("RPO", |point| point.rpo_ms)];
            let limit = |name: &str, limit: Option<Duration>| {
                limit.map_or_else(String::new, |limit| {
                    format!(" The {name} is to be below {}.", lasting::told(limit))
                })
            };
            Plot {
                id: id.to_owned(),
                title: self.title(page).to_owned(),
                about: format!(
                    "The table below holds the values.{}{}",
                    limit("RTO", self.plan.rto),
                    limit("RPO", self.plan.rpo)
                ),
                shape: Shape::Lines,
                along: Along::Names(own.iter().map(|point| month_and_day(point)).collect()),
                unit: Unit::Seconds,
                series: all
                    .into_iter()
                    .filter(|series| series.points.iter().any(|(_, value)| value.is_some()))
                    .collect(),
                limits: Vec::new(),
            }
        };
        let is_trend = |plot: &Plot| plot.series.iter().any(|series| series.points.len() > 1);
        PLOTS.iter().copied().zip(pages).map(plot).filter(is_trend).collect()
    }

    /// Whether any runbook has a second run.
    pub(in crate::render) fn has_plots(&self) -> bool {
        !self.plots().is_empty()
    }

    pub(super) fn title(&self, page: PageId) -> &str {
        self.site.pages.get(page).map_or("", |page| page.title.as_str())
    }
}

/// Short, so that several stand beside each other on a phone; the table has the time.
fn month_and_day(point: &Point) -> String {
    point.started.get(5..10).unwrap_or_default().to_owned()
}

fn when(point: &Point) -> String {
    point.started.get(..16).unwrap_or(&point.started).replace('T', " ")
}

fn measured(run: &Run, name: &str) -> Option<Duration> {
    let objective = run.objectives.iter().find(|one| one.name == name)?;
    objective.measured_ms.map(Duration::from_millis)
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

fn state(known: Option<&Known>) -> (&'static str, String) {
    let Some(known) = known else { return ("run-none", "not tried: it does not run".into()) };
    let day = shown(known).and_then(Run::day).map_or_else(String::new, |day| day.to_string());
    match &known.standing {
        Standing::Never => ("run-none", "not tried".into()),
        Standing::Changed(day) => ("run-none", format!("not tried since its steps changed; before, {day}")),
        Standing::Failed { .. } => ("bad", format!("failed, {day}")),
        Standing::Passed { missed: Some(name), .. } => {
            ("bad", format!("missed its {}, {day}", name.to_uppercase()))
        }
        Standing::Passed { late: Some(_), .. } => ("bad", format!("too long ago, {day}")),
        Standing::Passed { .. } => {
            let size = shown(known).map_or("", |run| run.target.size.as_str());
            match size {
                "production" => ("good", format!("proven, {day}")),
                size => ("good", format!("demonstrated ({}), {day}", size.replace('-', " "))),
            }
        }
    }
}
