//! `oathbook drill card`: drills on paper.

use crate::base::{RelPath, lasting};
use crate::cli::run::free;
use crate::cli::session::Session;
use crate::cli::{Context, Exit, print_bytes};
use crate::config::Config;
use crate::evidence::Context as Read;
use crate::evidence::recovery::{Cell, FAILURES, Plan, Recovery};
use crate::runs::card::{Card, FOLDER, Scenario, print};
use crate::runs::convention::is_name;
use crate::runs::store;
use crate::shell::disk::DiskWorld;
use crate::shell::run as engine;
use std::path::PathBuf;
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  oathbook drill card                       all of them, a card for each failure of the plan
  oathbook drill card search.database       one, to print
  oathbook drill card search.database --operator primary-2 --declared-after 4m

The limit is the budget of those `objectives.rto-parts` whose `by` is `card`. Exit codes: 0 printed, or declared in time; 1 declared
too late, or never; 2 bad usage.";

/// Arguments of `drill card`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct CardArguments {
    /// A service and its failure, as `search.database`; all, where none is named.
    scenario: Option<String>,
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Who played it, by role: what follows is written down as evidence.
    #[arg(long, value_name = "HANDLE", requires = "scenario")]
    operator: Option<String>,
    /// How long it took until a disaster was declared, as `4m` or `90s`.
    #[arg(long, value_name = "TIME", requires = "operator", conflicts_with = "never_declared")]
    declared_after: Option<String>,
    /// Nobody declared one.
    #[arg(long, requires = "operator")]
    never_declared: bool,
}

/// What a command may tell, and how it ends.
type Ended = Result<Exit, String>;

pub(super) fn run(context: &Context, arguments: &CardArguments) -> Exit {
    let session = match Session::open(context, &arguments.dir) {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    let projects = session.projects();
    let Some(project) = projects.first() else {
        context.error(&format!("there is no book at {}", arguments.dir.display()));
        return Exit::Usage;
    };
    let opened = session.opened(project);
    let ended = opened.with(|cx| {
        let why = "book.toml has no `run.recovery`, or it cannot be read: `oathbook check` says why";
        let plan = cx.of::<Recovery>().plan.as_ref().ok_or(why)?;
        let limit = limit(plan)?;
        match (&arguments.scenario, &arguments.operator) {
            (Some(name), Some(operator)) => {
                of(cx, plan, limit)
                    .into_iter()
                    .find(|one| one.name == *name)
                    .ok_or_else(|| none(plan, name))?;
                let card = played(arguments, (name, operator), limit)?;
                record(context, (&session.world, cx.config), &card)
            }
            (name, _) => {
                let all = of(cx, plan, limit);
                let wanted: Vec<&Named<'_>> =
                    all.iter().filter(|one| name.as_ref().is_none_or(|name| one.name == *name)).collect();
                if let (Some(name), true) = (name, wanted.is_empty()) {
                    return Err(none(plan, name));
                }
                let cards: Vec<String> = wanted.iter().map(|one| print(&one.scenario())).collect();
                Ok(print_bytes(cards.join("\n").as_bytes()))
            }
        }
    });
    ended.unwrap_or_else(|why| {
        context.error(&why);
        Exit::Usage
    })
}

/// How long it may take to declare.
fn limit(plan: &Plan) -> Result<Duration, String> {
    let parts = plan.shares.iter().filter(|share| share.by == "card");
    let all = parts.fold(Duration::ZERO, |sum, share| sum.saturating_add(share.budget));
    let why =
        "no part of `objectives.rto-parts` is measured by a card: write `decide: { budget: 10m, by: card }`";
    if all.is_zero() { Err(format!("{}: {why}", plan.file)) } else { Ok(all) }
}

/// A cell of the plan with its name.
struct Named<'n> {
    name: String,
    cell: &'n Cell,
    cx: &'n Read<'n>,
    limit: Duration,
}

impl Named<'_> {
    fn scenario(&self) -> Scenario<'_> {
        let pages = &self.cx.site().pages;
        let page = pages.get(self.cell.runbook);
        let plan = pages.iter().find(|page| page.kind.as_deref() == Some("recovery-plan"));
        Scenario {
            name: &self.name,
            symptoms: page.map(|page| page.doc.facts.front.texts("symptoms")).unwrap_or_default(),
            plan: plan.map(|page| page.source.as_str()),
            runbook: page.map_or("", |page| page.source.as_str()),
            title: page.map_or("", |page| page.title.as_str()),
            limit: self.limit,
        }
    }
}

fn of<'n>(cx: &'n Read<'n>, plan: &'n Plan, limit: Duration) -> Vec<Named<'n>> {
    let mut out = Vec::new();
    for (service, cells) in &plan.rows {
        for ((failure, _), cell) in FAILURES.iter().zip(cells) {
            let name = format!("{service}.{failure}");
            out.extend(cell.as_ref().map(|cell| Named { name, cell, cx, limit }));
        }
    }
    out
}

fn none(plan: &Plan, name: &str) -> String {
    let known = plan.rows.iter().flat_map(|(service, cells)| {
        let there = FAILURES.iter().zip(cells).filter(|(_, cell)| cell.is_some());
        there.map(move |((failure, _), _)| format!("{service}.{failure}"))
    });
    format!("the plan has no `{name}`, but {}", known.collect::<Vec<_>>().join(", "))
}

fn played(
    arguments: &CardArguments,
    (name, operator): (&str, &str),
    limit: Duration,
) -> Result<Card, String> {
    if !is_name(operator) {
        return Err(format!("`{operator}` is no role: small letters, digits and `-`; never a person's name"));
    }
    let took = match (&arguments.declared_after, arguments.never_declared) {
        (Some(text), _) => {
            Some(lasting::work(text).ok_or_else(|| format!("`{text}` is no time: write `4m` or `90s`"))?)
        }
        (None, true) => None,
        (None, false) => return Err("say how it went: `--declared-after TIME`, or `--never-declared`".into()),
    };
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    Ok(Card::new(name, operator, engine::now(), took.map(millis), millis(limit)))
}

fn record(context: &Context, (disk, config): (&DiskWorld, &Config), card: &Card) -> Ended {
    let folder: Option<RelPath> = store::folder_of(config, FOLDER);
    let path = folder.and_then(|folder| free(disk, &folder, &card.shown));
    let path = path.ok_or("`run.evidence` is no folder below the source folder: nothing is written")?;
    if let Err(exit) = context.write_all(disk, "drill", vec![(path.clone(), card.text().into_bytes())]) {
        return Ok(exit);
    }
    let of = |ms: u64| lasting::told(Duration::from_millis(ms));
    let took = card
        .declared_ms
        .map_or_else(|| "never declared".to_owned(), |ms| format!("declared after {}", of(ms)));
    let met = if card.met() { "in time" } else { "NOT in time" };
    context.say(&format!("{}: {took}, the limit is {}: {met}", card.scenario, of(card.limit_ms)));
    context.say(&format!("written: {path}"));
    Ok(if card.met() { Exit::Clean } else { Exit::Findings })
}
