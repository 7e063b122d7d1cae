//! `oathbook incident`: one file for each incident, a line of its log for each thing that happens.

use super::metrics::read as read_named;
use super::session::Session;
use super::{Context, Exit, print_bytes, push_line};
use crate::base::{Date, RelPath};
use crate::evidence::incidents::{Incidents, Registered, State, holders};
use crate::evidence::oncall::Oncall;
use crate::incident::{
    Draft, EntryKind, Fired, Import, Imported, Plan, Record, Review, Standing, draft, fired, import, instant,
    line, local, opened, told,
};
use crate::kind;
use crate::oncall::{Shift, at, shifts};
use crate::shell::{self, write};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  oathbook incident open \"Searches answer slowly\" --severity SEV2 --alert HighLatency
  oathbook incident log k7q --acknowledged
  oathbook incident log k7q --update \"We found the cause and mend it.\"
  oathbook incident log k7q --runbook content/service/runbooks/database.md --helped no \"The pool was not full\"
  oathbook incident log k7q --severity SEV1
  oathbook incident log k7q --handover commander --to lead-1
  oathbook incident log k7q --mitigated
  oathbook incident resolve k7q \"The index is back.\"
  gh issue view 12 --json number,title,url,createdAt,closedAt,labels,comments | oathbook incident import -

An incident is named by its id or a part of it that no other has. Each command writes one file, and two at once lose nothing.
Exit codes: 0 written; 2 bad usage, or there is no such incident.";

/// Arguments of `incident`.
#[derive(clap::Args, Debug)]
pub(super) struct IncidentArguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Open an incident: write its record, and print its id
    Open(OpenArguments),
    /// Add a line to the log of an incident
    Log(Box<LogArguments>),
    /// Log that an incident is over, and say what it owes
    Resolve(ResolveArguments),
    /// Take over what another tool knows of an incident
    Import(ImportArguments),
    /// List incidents that are open, or whose review is owed
    List(ListArguments),
    /// Say what whoever comes on call has to know: what is open, what happened in the shift, who is next
    Handover(HandoverArguments),
}

/// What every command that writes takes.
#[derive(clap::Args, Debug)]
struct Common {
    /// When, with its offset [default: now].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Who says so: a person of the roster or a role [default: who is on call then].
    #[arg(long, value_name = "ROLE")]
    by: Option<String>,
    /// The folder of the book.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct OpenArguments {
    /// What it is called, as those affected would say it.
    title: String,
    /// How grave it is, by the plan.
    #[arg(long, value_name = "NAME")]
    severity: String,
    /// An alert that fired; may be given several times.
    #[arg(long, value_name = "ALERT")]
    alert: Vec<String>,
    /// Only the team sees it: for what must not be known yet.
    #[arg(long)]
    internal: bool,
    /// It is invented, for an exercise or an example.
    #[arg(long)]
    synthetic: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args, Debug)]
#[group(id = "what", multiple = false)]
struct What {
    /// Somebody took it.
    #[arg(long)]
    acknowledged: bool,
    /// Users are no longer affected.
    #[arg(long)]
    mitigated: bool,
    /// Those concerned were told this; the name of a state of the status page stands for its text, as `identified`.
    #[arg(long, value_name = "TEXT")]
    update: Option<String>,
    /// It is of this severity now.
    #[arg(long, value_name = "NAME")]
    severity: Option<String>,
    /// An alert fired.
    #[arg(long, value_name = "ALERT")]
    alert: Option<String>,
    /// This role goes to somebody.
    #[arg(long, value_name = "ROLE", requires = "to")]
    handover: Option<String>,
    /// This runbook was used.
    #[arg(long, value_name = "PAGE", requires = "helped")]
    runbook: Option<String>,
    /// It is the same as this one.
    #[arg(long, value_name = "ID")]
    duplicate_of: Option<String>,
    /// The review, in a few sentences.
    #[arg(long, value_name = "TEXT", requires = "factor")]
    review: Option<String>,
    /// Why there is no review.
    #[arg(long, value_name = "REASON")]
    no_review: Option<String>,
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct LogArguments {
    /// The incident.
    id: String,
    /// More words.
    text: Option<String>,
    #[command(flatten)]
    what: What,
    /// With `--handover`: who has it now.
    #[arg(long, value_name = "PERSON", requires = "handover")]
    to: Option<String>,
    /// With `--runbook`: whether it helped.
    #[arg(long, value_name = "yes|no", requires = "runbook", value_parser = ["yes", "no"])]
    helped: Option<String>,
    /// With `--review`: what contributed; may be given several times.
    #[arg(long, value_name = "FACTOR", requires = "review")]
    factor: Vec<String>,
    /// With `--review`: why updates came later than planned.
    #[arg(long, value_name = "REASON", requires = "review")]
    late_updates: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct ResolveArguments {
    /// The incident.
    id: String,
    /// More words.
    text: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct ImportArguments {
    /// A webhook of Alertmanager, log entries of PagerDuty or an issue, as JSON; `-` reads the standard input.
    file: PathBuf,
    /// How grave it is, where the tool does not say.
    #[arg(long, value_name = "NAME")]
    severity: Option<String>,
    /// Add it to this incident.
    #[arg(long, value_name = "ID", conflicts_with = "history")]
    into: Option<String>,
    /// Open no incident: add alerts that fire to the plan's `alert-history`.
    #[arg(long)]
    history: bool,
    /// Only the team sees it.
    #[arg(long)]
    internal: bool,
    /// It is invented.
    #[arg(long)]
    synthetic: bool,
    /// The folder of the book.
    #[arg(long, value_name = "DIR", default_value = ".")]
    dir: PathBuf,
}

#[derive(clap::Args, Debug)]
struct ListArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
}

#[derive(clap::Args, Debug)]
struct HandoverArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// When it is handed over, with its offset [default: now].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
}

pub(super) fn incident(context: &Context, arguments: &IncidentArguments) -> Exit {
    match &arguments.command {
        Command::Open(arguments) => open(context, arguments),
        Command::Log(arguments) => log(context, arguments),
        Command::Resolve(arguments) => resolve(context, arguments),
        Command::Import(arguments) => take_over(context, arguments),
        Command::List(arguments) => list(context, arguments),
        Command::Handover(arguments) => handover(context, arguments),
    }
    .unwrap_or_else(|exit| exit)
}

/// What a command knows of the book.
struct Desk<'c> {
    context: &'c Context,
    session: Session,
    plan: Plan,
    records: Vec<Record>,
    standings: Vec<Standing>,
    fired: Vec<Fired>,
    actions: Vec<Registered>,
    oncall: Oncall,
    folder: RelPath,
}

impl<'c> Desk<'c> {
    /// Reads plan, records and roster of the first project that has a plan. Records that say something wrong can be added to.
    fn open(context: &'c Context, dir: &Path, writes: bool) -> Result<Self, Exit> {
        let session =
            if writes { Session::open_to_write(context, dir)? } else { Session::open(context, dir)? };
        for project in session.projects() {
            let opened = session.opened(&project);
            let table = &opened.config().incidents;
            if table.plan.is_none() {
                continue;
            }
            let folder = table.records.as_ref().and_then(|name| opened.config().root.join(name).ok());
            let Some(folder) = folder else {
                context.error("book.toml has no `incidents.records`, a folder below the repository");
                return Err(Exit::Usage);
            };
            let Incidents { plan, records, reviews, fired, actions, .. } = opened.take::<Incidents>();
            let oncall = session.opened(&project).take::<Oncall>();
            let Some(plan) = plan else {
                context.error("the plan for incidents cannot be read: `oathbook check` says why");
                return Err(Exit::Usage);
            };
            let standings = reviews.into_iter().map(|review| review.standing).collect();
            return Ok(Self { context, session, plan, records, standings, fired, actions, oncall, folder });
        }
        context.error("book.toml names no `incidents.plan`");
        Err(Exit::Usage)
    }

    fn refuse(&self, message: &str) -> Exit {
        self.context.error(message);
        Exit::Usage
    }

    fn instant(&self, text: Option<&str>) -> Result<i64, Exit> {
        let Some(text) = text else { return Ok(shell::now()) };
        instant(text).ok_or_else(|| {
            self.refuse(&format!("`{text}` is no instant; write it as 2026-12-24T20:00+01:00"))
        })
    }

    /// Who is on call first at an instant.
    fn on_call(&self, second: i64) -> Vec<(i64, String)> {
        let roster = &self.oncall.roster;
        let named = at(roster, second.div_euclid(60)).into_iter().filter_map(|shift| {
            Some((roster.layers.get(shift.layer)?.level, roster.people.get(shift.person)?.name.clone()))
        });
        let mut out: Vec<(i64, String)> = named.collect();
        out.sort();
        out
    }

    /// Who says so: somebody who is known, or who is on call then.
    fn by(&self, name: Option<&str>, second: i64) -> Result<Option<String>, Exit> {
        let Some(name) = name else {
            return Ok(self.on_call(second).into_iter().next().map(|(_, person)| person));
        };
        self.person(name).map(Some)
    }

    fn person(&self, name: &str) -> Result<String, Exit> {
        let people = self.oncall.roster.people.iter().map(|person| person.name.as_str());
        let mut all = people.chain(self.plan.roles.iter().map(|role| role.name.as_str()));
        if self.oncall.file.is_none() || all.any(|known| known == name) {
            return Ok(name.to_owned());
        }
        Err(self.refuse(&format!("`{name}` is nobody of the roster, and no role of the plan")))
    }

    fn severity(&self, name: &str) -> Result<String, Exit> {
        if self.plan.severity(name).is_some() {
            return Ok(name.to_owned());
        }
        let all: Vec<&str> = self.plan.severities.iter().map(|one| one.name.as_str()).collect();
        Err(self.refuse(&format!("the plan has no severity `{name}`; severities are {}", all.join(", "))))
    }

    /// The one incident that an id or a part of it names.
    fn record(&self, name: &str) -> Result<&Record, Exit> {
        let mut found: Vec<&Record> = self.records.iter().filter(|record| record.id == name).collect();
        if found.is_empty() && !name.is_empty() {
            found = self.records.iter().filter(|record| record.id.contains(name)).collect();
        }
        match found.as_slice() {
            [one] => Ok(one),
            [] => {
                Err(self
                    .refuse(&format!("there is no incident `{name}`: `oathbook incident list` lists them")))
            }
            many => {
                let ids: Vec<&str> = many.iter().take(5).map(|record| record.id.as_str()).collect();
                Err(self.refuse(&format!("`{name}` names several incidents: {}", ids.join(", "))))
            }
        }
    }

    /// Adds lines to a record, as it is on the disk now.
    fn add(&self, record: &Record, lines: &[String]) -> Result<(), Exit> {
        let file = &record.file;
        let change = |before: Option<Vec<u8>>| {
            let text =
                String::from_utf8(before.unwrap_or_default()).map_err(|_| format!("{file} is no UTF-8"))?;
            let all = lines.iter().try_fold(text, |text, line| Record::with(file, &text, line))?;
            Ok(all.into_bytes())
        };
        write::changed(self.session.world.root(), file, change).map_err(|error| self.context.refused(&error))
    }

    /// Says when those concerned are to be told next.
    fn say_next(&self, severity: &str, now: i64) {
        if let Some(every) = self.plan.severity(severity).and_then(|severity| severity.every) {
            self.context.say(&format!("the next update is due by {}", told(now + every)));
        }
    }

    /// Writes a new record under an id that is free.
    fn create(
        &self,
        day: Date,
        title: &str,
        how: (bool, bool, Option<&str>),
        lines: &[String],
    ) -> Result<String, Exit> {
        loop {
            let id = format!("{day}-{}", letters(shell::random()));
            let file = self.folder.join(&format!("{id}.yaml"));
            let file = file.map_err(|_| self.refuse("`incidents.records` leads out of the repository"))?;
            let mut taken = false;
            let change = |before: Option<Vec<u8>>| {
                taken = before.is_some();
                if taken {
                    Err("it is there".to_owned())
                } else {
                    Ok(opened(&id, title, how, lines).into_bytes())
                }
            };
            match write::changed(self.session.world.root(), &file, change) {
                Ok(()) => return Ok(id),
                Err(_) if taken => {}
                Err(error) => return Err(self.context.refused(&error)),
            }
        }
    }
}

/// Six letters and digits that make no words and are not mistaken for each other.
fn letters(mut number: u64) -> String {
    const SIGNS: &[u8] = b"bcdfghjkmnpqrstvwxz23456789";
    let length = SIGNS.len() as u64;
    (0..6)
        .map(|_| {
            let at = usize::try_from(number % length).unwrap_or(0);
            number /= length;
            SIGNS.get(at).map_or('x', |sign| char::from(*sign))
        })
        .collect()
}

fn open(context: &Context, arguments: &OpenArguments) -> Result<Exit, Exit> {
    let desk = Desk::open(context, &arguments.common.dir, true)?;
    let now = desk.instant(arguments.common.at.as_deref())?;
    let by = desk.by(arguments.common.by.as_deref(), now)?;
    let severity = desk.severity(&arguments.severity)?;
    if arguments.title.trim().is_empty() {
        return Err(desk.refuse("an incident has a title"));
    }
    let alerts = arguments.alert.iter().map(|alert| line(now, None, &EntryKind::Alert(alert.clone()), ""));
    let mut lines = vec![line(now, by.as_deref(), &EntryKind::Opened(severity.clone()), "")];
    lines.extend(alerts);
    let how = (arguments.internal, arguments.synthetic, None);
    let id = desk.create(desk.plan.day(now), &arguments.title, how, &lines)?;
    for (role, primary, deputy) in holders(&desk.plan, &desk.oncall.roster, now.div_euclid(60)) {
        let shown = |one: Option<String>| one.unwrap_or_else(|| "nobody".into());
        context.say(&format!("{role}: {}, else {}", shown(primary), shown(deputy)));
    }
    if let Some(channel) = desk.plan.severity(&severity).and_then(|severity| severity.channel.as_ref()) {
        context.say(&format!("talk about it in {channel}"));
    }
    desk.say_next(&severity, now);
    Ok(print_bytes(format!("{id}\n").as_bytes()))
}

fn log(context: &Context, arguments: &LogArguments) -> Result<Exit, Exit> {
    let desk = Desk::open(context, &arguments.common.dir, true)?;
    let record = desk.record(&arguments.id)?;
    let now = desk.instant(arguments.common.at.as_deref())?;
    let by = desk.by(arguments.common.by.as_deref(), now)?;
    let (kind, words) = what(&desk, arguments)?;
    let more = arguments.text.as_deref().unwrap_or("");
    let text = format!("{words} {more}");
    if kind == EntryKind::Note && text.trim().is_empty() {
        return Err(desk.refuse("say what happened, in words or by an option"));
    }
    let times = record.times();
    let again = match kind {
        EntryKind::Mitigated => times.mitigated,
        EntryKind::Review(_) if times.resolved.is_none() => {
            return Err(desk.refuse("the incident is not resolved yet"));
        }
        _ => None,
    };
    if let Some(at) = again {
        return Err(desk.refuse(&format!("that is logged already, at {}", told(at))));
    }
    desk.add(record, &[line(now, by.as_deref(), &kind, text.trim())])?;
    context.say(&format!("{}: {}", record.id, told(now)));
    let severity = match &kind {
        EntryKind::Severity(name) => name,
        _ => record.severity_at(now),
    };
    if matches!(kind, EntryKind::Update | EntryKind::Severity(_)) {
        desk.say_next(severity, now);
    }
    Ok(Exit::Clean)
}

/// What happened, by the options, and its words.
fn what(desk: &Desk<'_>, arguments: &LogArguments) -> Result<(EntryKind, String), Exit> {
    let What {
        acknowledged,
        mitigated,
        update,
        severity,
        alert,
        handover,
        runbook,
        duplicate_of,
        review,
        no_review,
    } = &arguments.what;
    let silent = |kind: EntryKind| Ok((kind, String::new()));
    if *acknowledged {
        return silent(EntryKind::Acknowledged);
    }
    if *mitigated {
        return silent(EntryKind::Mitigated);
    }
    if let Some(text) = update {
        let planned = desk.plan.texts.iter().find(|(state, _)| state == text).map(|(_, words)| words);
        if let Some(words) = planned {
            // What is told is copied from here.
            print_bytes(format!("{words}\n").as_bytes());
        }
        return Ok((EntryKind::Update, planned.unwrap_or(text).clone()));
    }
    if let Some(name) = severity {
        return silent(EntryKind::Severity(desk.severity(name)?));
    }
    if let Some(name) = alert {
        return silent(EntryKind::Alert(name.clone()));
    }
    if let (Some(role), Some(to)) = (handover, &arguments.to) {
        if desk.plan.role(role).is_none() {
            return Err(desk.refuse(&format!("the plan has no role `{role}`")));
        }
        return silent(EntryKind::Handover(role.clone(), desk.person(to)?));
    }
    if let (Some(page), Some(helped)) = (runbook, &arguments.helped) {
        return silent(EntryKind::Runbook(page.clone(), helped == "yes"));
    }
    if let Some(of) = duplicate_of {
        let other = desk.record(of)?;
        if other.id == desk.record(&arguments.id)?.id || other.duplicate_of().is_some() {
            return Err(desk.refuse("an incident is no duplicate of itself, nor of a duplicate"));
        }
        return silent(EntryKind::Duplicate(other.id.clone()));
    }
    let of_review = |none: Option<String>| {
        let (factors, late_updates) = (arguments.factor.clone(), arguments.late_updates.clone());
        EntryKind::Review(Review { none, late_updates, factors, actions: Vec::new() })
    };
    if let Some(text) = review {
        return Ok((of_review(None), text.clone()));
    }
    if let Some(reason) = no_review {
        return silent(of_review(Some(reason.clone())));
    }
    silent(EntryKind::Note)
}

fn resolve(context: &Context, arguments: &ResolveArguments) -> Result<Exit, Exit> {
    let desk = Desk::open(context, &arguments.common.dir, true)?;
    let record = desk.record(&arguments.id)?;
    let now = desk.instant(arguments.common.at.as_deref())?;
    let by = desk.by(arguments.common.by.as_deref(), now)?;
    if let Some(at) = record.times().resolved {
        return Err(desk.refuse(&format!("it is resolved already, since {}", told(at))));
    }
    desk.add(
        record,
        &[line(now, by.as_deref(), &EntryKind::Resolved, arguments.text.as_deref().unwrap_or(""))],
    )?;
    let severity = record.gravest(&desk.plan.severities);
    let due = desk.plan.due(severity, now);
    let what = match desk.plan.owes(severity).0 {
        crate::incident::Owed::Postmortem => format!("oathbook new postmortem FILE --incident {}", record.id),
        crate::incident::Owed::Short => {
            format!("oathbook incident log {} --review TEXT --factor FACTOR", record.id)
        }
    };
    context.say(&format!("{} is resolved; by {due} it owes: {what}", record.id));
    Ok(Exit::Clean)
}

fn take_over(context: &Context, arguments: &ImportArguments) -> Result<Exit, Exit> {
    let desk = Desk::open(context, &arguments.dir, true)?;
    let text = read_named(&arguments.file).map_err(|why| desk.refuse(&why))?;
    let wrong = |why: String| desk.refuse(&format!("{}: {why}", arguments.file.display()));
    if arguments.history {
        return remember(&desk, &fired(&text).map_err(wrong)?);
    }
    for one in import(&text, &desk.plan).map_err(wrong)? {
        let known = match &arguments.into {
            Some(id) => Some(desk.record(id)?),
            None => desk.records.iter().rev().find(|record| is_same(record, &one)),
        };
        let lines = |list: Vec<&Import>| -> Vec<String> {
            list.iter().map(|one| line(one.at, one.by.as_deref(), &one.kind, &one.text)).collect()
        };
        if let Some(record) = known {
            let missing = lines(one.missing(record));
            let number = missing.len();
            if number > 0 {
                desk.add(record, &missing)?;
            }
            context.say(&format!("{}: {} added", record.id, crate::base::count(number, "line")));
            continue;
        }
        let named = arguments.severity.clone().or_else(|| one.severity.clone());
        let severity = named
            .ok_or_else(|| desk.refuse("it does not say how grave the incident is: `--severity NAME`"))?;
        let severity = desk.severity(&severity)?;
        let by = desk.by(None, one.opened)?;
        let mut all = vec![line(one.opened, by.as_deref(), &EntryKind::Opened(severity), "")];
        all.extend(lines(one.log.iter().collect()));
        let how = (arguments.internal, arguments.synthetic, Some(one.source.as_str()));
        let id = desk.create(desk.plan.day(one.opened), &one.title, how, &all)?;
        print_bytes(format!("{id}\n").as_bytes());
    }
    Ok(Exit::Clean)
}

/// Whether a record is of what is imported: of the same place, and of a group of alerts only while it is open, since a group fires
/// again.
fn is_same(record: &Record, one: &Imported) -> bool {
    let times = record.times();
    let goes_on = !one.source.starts_with("alertmanager:")
        || times.resolved.is_none_or(|resolved| one.opened <= resolved);
    record.source.as_deref() == Some(&one.source) && goes_on
}

/// Adds alerts to the history that the plan names, each once.
fn remember(desk: &Desk<'_>, fired: &[(i64, String, String)]) -> Result<Exit, Exit> {
    let Some((name, _)) = &desk.plan.history else {
        return Err(desk.refuse("the plan names no `alert-history`"));
    };
    let file = desk.plan.file.parent().join(name);
    let file = file.map_err(|_| desk.refuse(&format!("`{name}` leads out of the repository")))?;
    let mut added = 0;
    let change = |before: Option<Vec<u8>>| {
        let mut text =
            String::from_utf8(before.unwrap_or_default()).map_err(|_| "it is no UTF-8".to_owned())?;
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        let mut known: std::collections::BTreeSet<String> = text.lines().map(str::to_owned).collect();
        for (at, alert, severity) in fired {
            let line =
                serde_json::json!({ "at": told(*at), "alert": alert, "severity": severity }).to_string();
            if known.insert(line.clone()) {
                text.push_str(&line);
                text.push('\n');
                added += 1;
            }
        }
        Ok(text.into_bytes())
    };
    write::changed(desk.session.world.root(), &file, change).map_err(|error| desk.context.refused(&error))?;
    desk.context.say(&format!("{} added to {file}", crate::base::count(added, "alert")));
    Ok(Exit::Clean)
}

fn list(context: &Context, arguments: &ListArguments) -> Result<Exit, Exit> {
    let desk = Desk::open(context, &arguments.dir, false)?;
    let mut out = String::new();
    for (record, standing) in desk.records.iter().zip(&desk.standings) {
        let state = match standing {
            Standing::Open => "open".to_owned(),
            Standing::Owed(_, day) => format!("owes its review by {day}"),
            Standing::Flawed(_) => "its review does not count yet".to_owned(),
            Standing::Done | Standing::None | Standing::Duplicate => continue,
        };
        push_line(&mut out, &format!("{}  {:<6} {state}: {}", record.id, record.severity(), record.title));
    }
    Ok(print_bytes(out.as_bytes()))
}

/// Weeks in which the beginning of a shift is looked for.
const LONGEST: i64 = 53;

fn handover(context: &Context, arguments: &HandoverArguments) -> Result<Exit, Exit> {
    let desk = Desk::open(context, &arguments.dir, false)?;
    let now = desk.instant(arguments.at.as_deref())?;
    let roster = &desk.oncall.roster;
    let first = roster.levels().first().copied();
    let window = (now.div_euclid(60) - LONGEST * 7 * 24 * 60, now.div_euclid(60) + 1);
    let mut own: Vec<Shift> = shifts(roster, window);
    own.retain(|shift| roster.layers.get(shift.layer).map(|layer| layer.level) == first);
    // Whoever hands over at the first minute of the next shift hands over the one before.
    let last = own.iter().filter(|shift| shift.from * 60 < now).max_by_key(|shift| shift.from);
    let since = last.map_or(now, |shift| shift.from * 60);
    let name = |shift: Option<&Shift>| {
        let person = shift.and_then(|shift| roster.people.get(shift.person));
        person.map_or_else(|| "nobody".to_owned(), |person| person.name.clone())
    };
    let mut out = String::new();
    let zone = &desk.plan.zone;
    let here = at(roster, now.div_euclid(60));
    let next = here.iter().find(|shift| roster.layers.get(shift.layer).map(|layer| layer.level) == first);
    let heading =
        format!("{} hands over to {} what was since {}", name(last), name(next), local(since, zone));
    push_line(&mut out, &heading);
    for (record, standing) in desk.records.iter().zip(&desk.standings) {
        let times = record.times();
        let state = match standing {
            Standing::Duplicate => continue,
            Standing::Open => "open",
            Standing::Owed(..) | Standing::Flawed(_) => "without its review",
            _ if times.opened.is_some_and(|opened| (since..=now).contains(&opened)) => "over",
            _ => continue,
        };
        let opened = times.opened.map_or_else(String::new, |opened| local(opened, zone));
        push_line(
            &mut out,
            &format!("{state}: {} {} {}, since {opened}", record.id, record.severity(), record.title),
        );
        if *standing == Standing::Open
            && let Some(last) = record.log.iter().rev().find(|entry| !entry.text.is_empty())
        {
            push_line(&mut out, &format!("  last: {}", last.text));
        }
    }
    let pages = desk.fired.iter().filter(|one| (since..=now).contains(&one.at) && one.severity == "page");
    for one in pages {
        push_line(&mut out, &format!("paged: {} at {}", one.alert, local(one.at, zone)));
    }
    for action in desk.actions.iter().filter(|one| one.state != State::Closed) {
        push_line(
            &mut out,
            &format!("to do by {}: {} ({})", action.action.due, action.action.what, action.action.owner),
        );
    }
    Ok(print_bytes(out.as_bytes()))
}

/// The post-mortem of an incident, of which its record has written what it knows.
pub(super) fn postmortem(
    context: &Context,
    file: &Path,
    id: &str,
    title: Option<&str>,
) -> Result<String, Exit> {
    // The page is written into the book whose incident it is of.
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = if folder.exists() { folder } else { Path::new(".") };
    let desk = Desk::open(context, &book_of(folder), false)?;
    let record = desk.record(id)?;
    let template = kind::find("postmortem").map_or("", |kind| kind.template);
    let detected = record.times().detected.unwrap_or(0);
    let on_call = desk.on_call(detected);
    Ok(draft(Draft { template, record, plan: &desk.plan, title, on_call: &on_call }))
}

/// The nearest folder above that has a book.
fn book_of(folder: &Path) -> PathBuf {
    let full = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let found = full.ancestors().find(|folder| folder.join("book.toml").is_file()).map(Path::to_owned);
    found.unwrap_or(full)
}
