//! `oathbook oncall`: who is on call.

use super::session::Session;
use super::{Context, Exit, print_bytes, push_line};
use crate::evidence::oncall::Oncall;
use crate::oncall::{Shift, at, load, shifts};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook oncall who                                  now
  oathbook oncall who --at 2026-12-24T20:00+01:00      at an instant
  oathbook oncall who --level 1                        one level alone
  oathbook oncall shifts --weeks 4                     the shifts of four weeks, and what each person carries

Exit codes: 0 somebody can be reached; 1 nobody can, at one of the levels; 2 there is no roster.";

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
