//! `oathbook oncall`: who is on call.

use super::session::Session;
use super::{Context, Exit, print_bytes, push_line};
use crate::evidence::oncall::Oncall;
use crate::evidence::oncall::told;
use crate::oncall::foreign::Difference;
use crate::oncall::{Roster, Shift, at, calendar, export, foreign, load, shifts, whole_shifts};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook oncall who                                  now
  oathbook oncall who --at 2026-12-24T20:00+01:00      at an instant
  oathbook oncall who --level 1                        one level alone
  oathbook oncall shifts --weeks 4                     the shifts of four weeks, and what each person carries
  oathbook oncall export --format alertmanager >alertmanager.yml
  oathbook oncall export --format ics --person primary-1 >primary-1.ics
  oathbook oncall drift oncalls.json                   against PagerDuty's answer to GET /oncalls
  oathbook oncall import shifts.ics --layer first      overrides that make the layer what a calendar says

Exit codes: 0 done; 1 `who`: nobody can be reached, at one of the levels; `drift`: both differ; 2 there is no roster, no such name in
it, or what another tool wrote cannot be read.";

/// Arguments of `oncall`.
#[derive(clap::Args, Debug)]
pub(super) struct OncallArguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Say who is on call, at each level
    Who(WhoArguments),
    /// List the shifts to come, with hours, nights and weekends of each person
    Shifts(ShiftsArguments),
    /// Write the roster in the words of another tool
    Export(ExportArguments),
    /// Compare the roster with what a paging tool says
    Drift(ForeignArguments),
    /// Print the overrides that make the roster say what another tool's calendar says
    Import(ForeignArguments),
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct ForeignArguments {
    /// PagerDuty's answer to `GET /oncalls`, or a calendar; `-` is standard input.
    file: PathBuf,
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Of a calendar: the layer whose shifts it holds [default: the first].
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// How many weeks from the date of the run.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=520))]
    weeks: u32,
}

/// What other tools read.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Format {
    /// Alertmanager's configuration: a route for each policy, a receiver for each person, an interval for each shift.
    Alertmanager,
    /// PagerDuty's users, schedules and policies as Terraform JSON; not tried against PagerDuty itself.
    Pagerduty,
    /// A calendar of RFC 5545.
    Ics,
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct ExportArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// For which tool.
    #[arg(long, value_enum)]
    format: Format,
    /// How many weeks of shifts, from the date of the run.
    #[arg(long, default_value_t = 52, value_parser = clap::value_parser!(u32).range(1..=520))]
    weeks: u32,
    /// For a calendar: the shifts of this person alone.
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// For a calendar: the shifts of this layer alone.
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct WhoArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// At this instant, with its offset [default: now].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// This level alone.
    #[arg(long, value_name = "N")]
    level: Option<i64>,
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct ShiftsArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// How many weeks from the date of the run.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=520))]
    weeks: u32,
}

pub(super) fn oncall(context: &Context, arguments: &OncallArguments) -> Exit {
    match &arguments.command {
        Command::Who(arguments) => who(context, arguments),
        Command::Shifts(arguments) => list(context, arguments),
        Command::Export(arguments) => export(context, arguments),
        Command::Drift(arguments) => drift(context, arguments),
        Command::Import(arguments) => import(context, arguments),
    }
    .unwrap_or_else(|exit| exit)
}

/// The roster of the first project that has one.
fn roster(context: &Context, dir: &std::path::Path) -> Result<Oncall, Exit> {
    let session = Session::open(context, dir)?;
    for project in session.projects() {
        let oncall = session.opened(&project).take::<Oncall>();
        for problem in &oncall.problems {
            context.error(&format!("{}: {}", problem.place.file, problem.message));
        }
        if oncall.file.is_some() {
            return Ok(oncall);
        }
    }
    context.error("book.toml names no `oncall.roster`");
    Err(Exit::Usage)
}

/// The minute of an instant that was written.
fn minute(context: &Context, text: Option<&str>) -> Result<i64, Exit> {
    let Some(text) = text else { return Ok(crate::shell::now().div_euclid(60)) };
    text.parse::<Timestamp>().map(|instant| instant.as_second().div_euclid(60)).map_err(|_| {
        context.error(&format!("`{text}` is no instant; write it as 2026-12-24T20:00+01:00"));
        Exit::Usage
    })
}

fn who(context: &Context, arguments: &WhoArguments) -> Result<Exit, Exit> {
    let oncall = roster(context, &arguments.dir)?;
    let minute = minute(context, arguments.at.as_deref())?;
    let mut out = String::new();
    let mut exit = Exit::Clean;
    let roster = &oncall.roster;
    let here = at(roster, minute);
    for level in roster.levels().into_iter().filter(|level| arguments.level.is_none_or(|one| one == *level)) {
        let away = |shift: &&Shift| {
            let absent = roster
                .absences
                .iter()
                .any(|one| one.person == shift.person && one.from <= minute && minute < one.to);
            absent || roster.people.get(shift.person).is_none_or(|person| person.contact.is_none())
        };
        let of_level =
            |shift: &&Shift| roster.layers.get(shift.layer).is_some_and(|layer| layer.level == level);
        let name = |shift: &Shift| roster.people.get(shift.person).map_or("", |person| person.name.as_str());
        let reachable: Vec<&str> =
            here.iter().filter(of_level).filter(|shift| !away(shift)).map(name).collect();
        if reachable.is_empty() {
            exit = Exit::Findings;
        }
        let names = if reachable.is_empty() { "nobody".to_owned() } else { reachable.join(", ") };
        push_line(&mut out, &format!("level {level}: {names}"));
    }
    Ok(exit.and(print_bytes(out.as_bytes())))
}

fn list(context: &Context, arguments: &ShiftsArguments) -> Result<Exit, Exit> {
    let oncall = roster(context, &arguments.dir)?;
    let from = context.global.as_of.unwrap_or_else(crate::shell::today);
    let window = crate::oncall::window(from, i64::from(arguments.weeks));
    let roster = &oncall.roster;
    let mut out = String::new();
    let told = |minute: i64, zone: &TimeZone| {
        let instant = Timestamp::from_second(minute * 60).unwrap_or(Timestamp::UNIX_EPOCH);
        zone.to_datetime(instant).strftime("%a %Y-%m-%d %H:%M").to_string()
    };
    for shift in shifts(roster, window) {
        let (Some(layer), Some(person)) = (roster.layers.get(shift.layer), roster.people.get(shift.person))
        else {
            continue;
        };
        let (from, to) = (told(shift.from, &layer.zone), told(shift.to, &layer.zone));
        push_line(&mut out, &format!("{:<12} {from}  to  {to}  {}", layer.name, person.name));
    }
    out.push('\n');
    push_line(&mut out, "person           hours  nights  weekends");
    for (person, load) in roster.people.iter().zip(load(roster, window)) {
        push_line(
            &mut out,
            &format!("{:<16} {:>5} {:>7} {:>9}", person.name, load.hours, load.nights, load.weekends),
        );
    }
    Ok(print_bytes(out.as_bytes()))
}

fn export(context: &Context, arguments: &ExportArguments) -> Result<Exit, Exit> {
    let oncall = roster(context, &arguments.dir)?;
    let roster = &oncall.roster;
    if !roster.problems.is_empty() {
        context.error("the roster has mistakes, see above; nothing was written");
        return Err(Exit::Findings);
    }
    let from = context.global.as_of.unwrap_or_else(crate::shell::today);
    let window = crate::oncall::window(from, i64::from(arguments.weeks));
    let text = match arguments.format {
        Format::Alertmanager => {
            if roster.escalation.is_empty() {
                context.error("the roster has no `escalation`: nothing says which alerts reach whom");
                return Err(Exit::Usage);
            }
            export::alertmanager(roster, window)
        }
        Format::Pagerduty => format!("{:#}\n", export::pagerduty(roster)),
        Format::Ics => calendar_of(context, roster, arguments, window)?,
    };
    Ok(print_bytes(text.as_bytes()))
}

/// The calendar of a person, of a layer, or of all.
fn calendar_of(
    context: &Context,
    roster: &Roster,
    arguments: &ExportArguments,
    window: (i64, i64),
) -> Result<String, Exit> {
    let person = arguments.person.as_deref();
    let layer = arguments.layer.as_deref();
    let people = roster.people.iter().map(|person| person.name.as_str());
    let layers = roster.layers.iter().map(|layer| layer.name.as_str());
    let person = index(context, "person", people, person)?;
    let layer = index(context, "layer", layers, layer)?;
    let wanted = |shift: &Shift| {
        person.is_none_or(|person| shift.person == person) && layer.is_none_or(|layer| shift.layer == layer)
    };
    // Whole ones, so that an event is the same one tomorrow.
    let shifts: Vec<Shift> = whole_shifts(roster, window).into_iter().filter(wanted).collect();
    let name = arguments.person.as_deref().or(arguments.layer.as_deref()).unwrap_or("On call");
    Ok(calendar(roster, &shifts, name))
}

/// The index of a name that was asked for.
fn index<'n>(
    context: &Context,
    what: &str,
    mut names: impl Iterator<Item = &'n str> + Clone,
    wanted: Option<&str>,
) -> Result<Option<usize>, Exit> {
    let Some(wanted) = wanted else { return Ok(None) };
    let all = names.clone();
    if let Some(found) = names.position(|name| name == wanted) {
        return Ok(Some(found));
    }
    let near = crate::diag::nearest(wanted, all)
        .map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    context.error(&format!("the roster has no {what} `{wanted}`{near}"));
    Err(Exit::Usage)
}

/// What another tool says, and where the roster says something else; names that the roster lacks are told.
fn compared(
    context: &Context,
    arguments: &ForeignArguments,
) -> Result<(Oncall, Vec<Difference>, bool), Exit> {
    let oncall = roster(context, &arguments.dir)?;
    let roster = &oncall.roster;
    let layers = roster.layers.iter().map(|layer| layer.name.as_str());
    let layer = index(context, "layer", layers, arguments.layer.as_deref())?.unwrap_or(0);
    let level = roster.layers.get(layer).map_or(1, |layer| layer.level);
    let text = super::metrics::read(&arguments.file).map_err(|why| {
        context.error(&why);
        Exit::Usage
    })?;
    let from = context.global.as_of.unwrap_or_else(crate::shell::today);
    let window = crate::oncall::window(from, i64::from(arguments.weeks));
    let read = if text.trim_start().starts_with(['{', '[']) {
        foreign::pagerduty(roster, &text, window)
    } else {
        foreign::ics(roster, &text, level, window)
    };
    let tool = read.map_err(|why| {
        context.error(&format!("{}: {why}", arguments.file.display()));
        Exit::Usage
    })?;
    for why in &tool.unread {
        context.error(&format!("{}: {why}", arguments.file.display()));
    }
    for name in &tool.unknown {
        context.error(&format!(
            "`{name}` is nobody of the roster; if it is somebody's other name, add it to their `aliases`"
        ));
    }
    let whole = tool.unread.is_empty() && tool.unknown.is_empty();
    if tool.shifts.is_empty() {
        context.error(&format!("{} has no shift in these weeks", arguments.file.display()));
        return Err(Exit::Usage);
    }
    let found = foreign::differences(roster, &tool, window);
    Ok((oncall, found, whole))
}

fn drift(context: &Context, arguments: &ForeignArguments) -> Result<Exit, Exit> {
    let (oncall, found, whole) = compared(context, arguments)?;
    let mut out = String::new();
    for one in &found {
        let (roster, tool) = (names(&oncall.roster, &one.roster), names(&oncall.roster, &one.tool));
        let (from, to) = (told(one.from), told(one.to));
        push_line(
            &mut out,
            &format!("level {}, {from} to {to}: the roster has {roster}, the tool has {tool}", one.level),
        );
    }
    if found.is_empty() {
        push_line(&mut out, &format!("both call the same people in these {} weeks", arguments.weeks));
    }
    let exit = if found.is_empty() && whole { Exit::Clean } else { Exit::Findings };
    Ok(exit.and(print_bytes(out.as_bytes())))
}

fn import(context: &Context, arguments: &ForeignArguments) -> Result<Exit, Exit> {
    let (oncall, found, whole) = compared(context, arguments)?;
    let roster = &oncall.roster;
    let mut out = String::new();
    for one in &found {
        let layer = roster.layers.iter().find(|layer| layer.level == one.level);
        let person = one.tool.first().and_then(|person| roster.people.get(*person));
        let (Some(layer), Some(person)) = (layer, person) else {
            let (from, to) = (told(one.from), told(one.to));
            push_line(
                &mut out,
                &format!("# the calendar has nobody at level {} from {from} to {to}", one.level),
            );
            continue;
        };
        let local = |minute: i64| {
            let instant = Timestamp::from_second(minute * 60).unwrap_or(Timestamp::UNIX_EPOCH);
            layer.zone.to_datetime(instant).strftime("%Y-%m-%dT%H:%M").to_string()
        };
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        push_line(
            &mut out,
            &format!(
                "  - {{layer: {}, person: {}, from: {}, to: {}}}",
                quoted(&layer.name),
                quoted(&person.name),
                local(one.from),
                local(one.to)
            ),
        );
    }
    let text = if found.is_empty() { "overrides: []\n".to_owned() } else { format!("overrides:\n{out}") };
    let exit = if whole { Exit::Clean } else { Exit::Findings };
    Ok(exit.and(print_bytes(text.as_bytes())))
}

/// People by their indices, for a sentence.
fn names(roster: &Roster, people: &[usize]) -> String {
    let names: Vec<&str> =
        people.iter().filter_map(|person| roster.people.get(*person)).map(|one| one.name.as_str()).collect();
    if names.is_empty() { "nobody".to_owned() } else { names.join(" and ") }
}
