//! `oathbook capacity`: records of forecasts, series from Prometheus, rules of alerts.

use super::metrics::read as read_named;
use super::session::Session;
use super::{Context, Exit, print_bytes};
use crate::base::RelPath;
use crate::capacity::{Outlook, Plan, Series, import, quarter, rules, rules_tests, write_record};
use crate::evidence::capacity::Capacity;
use crate::shell::write;
use crate::world::World as _;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  oathbook capacity record                             write this quarter's forecasts, so that they can be held against what comes
  oathbook capacity import answer.json --series disk   add what Prometheus answered to the series' file
  curl -s 'localhost:9090/api/v1/query_range?query=…' | oathbook capacity import - --series disk
  oathbook capacity rules >capacity.rules.yml          alerts on the thresholds of the plan
  oathbook capacity rules --tests capacity.rules.yml >capacity.rules.test.yml

Exit codes: 0 done; 2 there is no plan, no such series, or what was given cannot be read.";

/// Arguments of `capacity`.
#[derive(clap::Args, Debug)]
pub(super) struct CapacityArguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Write the forecasts of this quarter as a file beside the plan
    Record(RecordArguments),
    /// Add what Prometheus answered to `query_range` to a series
    Import(ImportArguments),
    /// Print rules of alerts on the thresholds of the plan
    Rules(RulesArguments),
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct RecordArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct ImportArguments {
    /// The answer, as JSON; `-` is standard input.
    file: PathBuf,
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// The series of the plan that it holds.
    #[arg(long, value_name = "NAME")]
    series: String,
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct RulesArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Print cases for `promtool test rules` instead, of the rules in this file.
    #[arg(long, value_name = "FILE")]
    tests: Option<String>,
}

pub(super) fn capacity(context: &Context, arguments: &CapacityArguments) -> Exit {
    let done = match &arguments.command {
        Command::Record(arguments) => record(context, &arguments.dir),
        Command::Import(arguments) => add(context, arguments),
        Command::Rules(arguments) => print_rules(context, arguments),
    };
    done.unwrap_or_else(|exit| exit)
}

/// The plan of a book, with all that follows from it.
fn open(context: &Context, dir: &Path) -> Result<(Session, Capacity, Plan), Exit> {
    let session = Session::open(context, dir)?;
    let projects = session.projects();
    let capacity = projects.first().map(|project| session.opened(project).take::<Capacity>());
    let Some((plan, capacity)) = capacity.and_then(|capacity| Some((capacity.plan.clone()?, capacity)))
    else {
        context.error("there is no capacity plan: `capacity.plan` in book.toml names its file");
        return Err(Exit::Usage);
    };
    Ok((session, capacity, plan))
}

fn beside(context: &Context, plan: &Plan, name: &str) -> Result<RelPath, Exit> {
    plan.file.parent().join(name).map_err(|_| {
        context.error(&format!("`{name}` leads out of the repository"));
        Exit::Usage
    })
}

fn record(context: &Context, dir: &Path) -> Result<Exit, Exit> {
    let (session, capacity, plan) = open(context, dir)?;
    let today = session.world.today();
    let file = beside(context, &plan, &format!("{}/{}.json", plan.forecasts, quarter(today)))?;
    let known = |(series, outlook)| Some((series, Result::as_ref(outlook).ok()?));
    let all: Vec<(&Series, &Outlook)> = capacity.all().filter_map(known).collect();
    if all.is_empty() {
        context.error("no series has ground for a forecast: `oathbook check` says why");
        return Err(Exit::Usage);
    }
    let text = write_record(today, all.iter().copied());
    let change = |before: Option<Vec<u8>>| match before {
        // What was forecast is not forecast again when it is known how it came.
        Some(_) => Err("the forecasts of this quarter are recorded, and a record stays as it is".to_owned()),
        None => Ok(text.into_bytes()),
    };
    write::changed(session.world.root(), &file, change).map_err(|error| context.refused(&error))?;
    context.say(&format!("recorded {} in {file}", crate::base::count(all.len(), "forecast")));
    Ok(Exit::Clean)
}

fn add(context: &Context, arguments: &ImportArguments) -> Result<Exit, Exit> {
    let refuse = |why: &str| {
        context.error(why);
        Exit::Usage
    };
    let answer = read_named(&arguments.file).map_err(|why| refuse(&why))?;
    let (session, _, plan) = open(context, &arguments.dir)?;
    let name = &arguments.series;
    let series = plan.find(name).ok_or_else(|| refuse(&format!("the plan has no series `{name}`")))?;
    let file = beside(context, &plan, &series.source)?;
    let mut added = 0;
    let change = |before: Option<Vec<u8>>| {
        let before =
            String::from_utf8(before.unwrap_or_default()).map_err(|_| format!("{file} is no UTF-8"))?;
        let (text, count) = import(series, &before, &answer)?;
        added = count;
        Ok(text.into_bytes())
    };
    write::changed(session.world.root(), &file, change).map_err(|error| context.refused(&error))?;
    context.say(&format!("{} added to {file}", crate::base::count(added, series.period.name())));
    Ok(Exit::Clean)
}

fn print_rules(context: &Context, arguments: &RulesArguments) -> Result<Exit, Exit> {
    let (_, _, plan) = open(context, &arguments.dir)?;
    let all = plan.resources.iter();
    if all.clone().all(|resource| resource.trigger.is_none()) {
        context.error("no resource of the plan has a `trigger`");
        return Err(Exit::Usage);
    }
    let text = match &arguments.tests {
        Some(file) => rules_tests(all, file),
        None => rules(all),
    };
    Ok(print_bytes(text.as_bytes()))
}
