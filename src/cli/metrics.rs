//! `oathbook metrics`: backups, restores, incidents and capacity as Prometheus reads them.

use super::session::Session;
use super::{Context, Exit, print_bytes};
use crate::capacity;
use crate::diag::code;
use crate::evidence::capacity::Capacity;
use crate::evidence::incidents::Incidents;
use crate::evidence::recovery::Recovery;
use crate::incident;
use crate::runs::metrics::{Sources, metrics};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  oathbook metrics --journal /var/lib/search-backup/journal.jsonl
  pgbackrest info --output=json | oathbook metrics --pgbackrest-info -

Into the folder of node_exporter's textfile collector, in one step:
  oathbook metrics --journal FILE > backup.prom.new && mv backup.prom.new backup.prom

What PostgreSQL says of its archive, for `--archiver`:
  psql -XAtc \"SELECT json_build_object('now', extract(epoch FROM now()),
    'last_archived', extract(epoch FROM last_archived_time),
    'last_failed', extract(epoch FROM last_failed_time)) FROM pg_stat_archiver\"

Nothing is run, and nothing is asked of the network. Exit codes: 0 also where something could not be read, which
`backup_metrics_read_success` and the standard error say; 2 bad usage.";

/// A file that is longer, in bytes, is not read: a journal of a line every minute for eight years.
const LONGEST: u64 = 1 << 29;

/// Arguments of `metrics`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct MetricsArguments {
    /// The folder of the book whose evidence tells of restores [default: this one, where it holds book.toml]
    dir: Option<PathBuf>,
    /// The journal of backups, a line of JSON for each execution.
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// What `pgbackrest info --output=json` printed; `-` reads the standard input.
    #[arg(long, value_name = "FILE")]
    pgbackrest_info: Option<PathBuf>,
    /// What PostgreSQL says of its archive, as JSON; `-` reads the standard input.
    #[arg(long, value_name = "FILE")]
    archiver: Option<PathBuf>,
    /// What another engine says of itself, as JSON by the schema of a backup status; may be given several times.
    #[arg(long, value_name = "FILE")]
    status: Vec<PathBuf>,
}

pub(super) fn run(context: &Context, arguments: &MetricsArguments) -> Exit {
    let named = [&arguments.journal, &arguments.pgbackrest_info, &arguments.archiver];
    let statuses = arguments.status.iter();
    let all = named.iter().filter_map(|file| file.as_deref()).chain(statuses.clone().map(PathBuf::as_path));
    if all.filter(|file| *file == Path::new("-")).count() > 1 {
        context.error("only one file can be the standard input");
        return Exit::Usage;
    }
    let [journal, info, archiver] = named.map(|file| file.as_deref().map(read));
    let statuses = statuses.map(|file| read(file)).collect();
    // On a host that is backed up there is no book, and no evidence is missing.
    let here = || Path::new("book.toml").is_file().then(|| PathBuf::from("."));
    let dir = arguments.dir.clone().or_else(here);
    let restores = match dir.as_deref().map(|dir| restores(context, dir)) {
        None => None,
        Some(Ok(restores)) => Some(Ok(restores)),
        Some(Err(Restores::Exit(exit))) => return exit,
        Some(Err(Restores::Unread(why))) => Some(Err(why)),
    };
    let (mut text, problems) = metrics(&Sources { journal, info, archiver, statuses, restores });
    for problem in problems {
        context.error(&problem);
    }
    text.push_str(&dir.as_deref().map_or_else(String::new, |dir| incidents(context, dir)));
    text.push_str(&dir.as_deref().map_or_else(String::new, |dir| used(context, dir)));
    print_bytes(text.as_bytes())
}

/// What records say, where there is a plan for incidents.
fn incidents(context: &Context, dir: &Path) -> String {
    let Ok(session) = Session::open(context, dir) else { return String::new() };
    let projects = session.projects();
    let Some(project) = projects.first() else { return String::new() };
    let incidents = session.opened(project).take::<Incidents>();
    for problem in incidents
        .problems
        .iter()
        .filter(|problem| problem.code == code::INCIDENT_RECORD || incidents.plan.is_none())
    {
        context.error(&format!("{}: {}", problem.place.file, problem.message));
    }
    incidents.plan.as_ref().map(|plan| incident::metrics(&incidents.records, plan)).unwrap_or_default()
}

/// How much of each resource is used, where there is a capacity plan.
fn used(context: &Context, dir: &Path) -> String {
    let Ok(session) = Session::open(context, dir) else { return String::new() };
    let projects = session.projects();
    let Some(project) = projects.first() else { return String::new() };
    let capacity = session.opened(project).take::<Capacity>();
    let plan = capacity.plan.iter().flat_map(|plan| &plan.resources);
    let all =
        plan.zip(&capacity.carried).filter_map(|(resource, carried)| Some((resource, carried.as_ref()?)));
    capacity::metrics(all)
}

/// The text of a file that an argument names; `-` is the standard input.
pub(super) fn read(file: &Path) -> Result<String, String> {
    let mut text = String::new();
    let (told, read) = if file == Path::new("-") {
        ("the standard input".to_owned(), std::io::stdin().take(LONGEST + 1).read_to_string(&mut text))
    } else {
        let open = std::fs::File::open(file);
        let read = open.and_then(|file| file.take(LONGEST + 1).read_to_string(&mut text));
        (file.display().to_string(), read)
    };
    match read {
        Ok(length) if length as u64 > LONGEST => Err(format!("{told} is longer than {LONGEST} bytes")),
        Ok(_) => Ok(text),
        Err(error) => Err(format!("{told} cannot be read: {error}")),
    }
}

enum Restores {
    Exit(Exit),
    Unread(String),
}

/// How long runs took whose runbooks the plan or its schedule of restoring names.
fn restores(context: &Context, dir: &Path) -> Result<Vec<(String, Vec<u64>)>, Restores> {
    let session = Session::open(context, dir).map_err(Restores::Exit)?;
    let projects = session.projects();
    let none = || Restores::Unread(format!("there is no book at {}", dir.display()));
    let opened = session.opened(projects.first().ok_or_else(none)?);
    opened.with(|cx| {
        let why = "book.toml has no `run.recovery`, or it cannot be read: `oathbook check` says why";
        let plan = cx.of::<Recovery>().plan.as_ref().ok_or_else(|| Restores::Unread(why.into()))?;
        let mut times: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
        for point in plan.trend.iter().filter(|point| point.passed) {
            times.entry(&point.stem).or_default().extend(point.rto_ms);
        }
        Ok(times.into_iter().map(|(stem, times)| (stem.to_owned(), times)).collect())
    })
}
