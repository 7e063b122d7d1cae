//! `oathbook drill`: the runbooks of a drill, one after another, and the bundle of what they left.

mod card;

use super::run::{self, Done, Ready, RunArguments};
use super::session::Session;
use super::{Context, Exit, print_bytes, push_line};
use crate::base::{RelPath, lasting};
use crate::config::Config;

use crate::runs::drill::{Bundle, Case, Declared, Drill, NotTried, status, summary};
use crate::runs::evidence::{Status, TargetRecord};
use crate::runs::store;
use crate::shell::run as engine;
use crate::shell::{disk::DiskWorld, git};
use crate::world::World;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const EXAMPLES: &str = "\
Examples:
  oathbook drill run dr-full --plan                what would run; nothing does
  oathbook drill run dr-full --allow-destructive   all of its runbooks, also after one that fails

Drills are declared in the file that `run.recovery` of book.toml names. Exit codes: 0 every runbook passed and met its
objectives; 1 one did not; 2 refused: nothing ran; 4 the machine failed.";

/// Arguments of `drill`.
#[derive(clap::Args, Debug)]
pub(super) struct DrillArguments {
    #[command(subcommand)]
    command: DrillCommand,
}

#[derive(clap::Subcommand, Debug)]
enum DrillCommand {
    /// Run the runbooks of a drill one after another, and leave a bundle of their evidence.
    Run(DrillRunArguments),
    /// Print a drill on paper, or write down how one went: what counts is the time until a disaster is declared.
    Card(card::CardArguments),
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct DrillRunArguments {
    /// The drill's name.
    name: String,
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Print what would run, and run nothing.
    #[arg(long)]
    plan: bool,
    /// Run destructive steps without asking, where nobody can be asked.
    #[arg(long)]
    allow_destructive: bool,
    /// Commit the evidence, the bundle and the summary, and nothing else.
    #[arg(long)]
    commit: bool,
    /// Sign the evidence of each runbook with this key of OpenSSH.
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
    /// The role of whoever holds it, as evidence names it; no person's name [default: ci or operator].
    #[arg(long, value_name = "ROLE")]
    who: Option<String>,
    /// Who holds it, one of the drill's `operators`, who neither wrote its runbooks nor held it last.
    #[arg(long, value_name = "HANDLE")]
    operator: Option<String>,
}

/// A drill and all that it needs.
struct Opening {
    disk: DiskWorld,
    config: Config,
    declared: Declared,
    runbooks: Vec<(RunArguments, Ready)>,
}

pub(super) fn drill(context: &Context, arguments: &DrillArguments) -> Exit {
    let arguments = match &arguments.command {
        DrillCommand::Run(arguments) => arguments,
        DrillCommand::Card(arguments) => return card::run(context, arguments),
    };
    let opening = match open(context, arguments) {
        Ok(opening) => opening,
        Err(exit) => return exit,
    };
    if arguments.plan {
        let mut out = String::new();
        for page in &opening.declared.runbooks {
            push_line(&mut out, &format!("{page} on {}", opening.declared.target));
        }
        return print_bytes(out.as_bytes());
    }
    hold(context, arguments, &opening).unwrap_or_else(|exit| exit)
}

/// Reads the declaration and every runbook of it: what cannot run is refused before anything does.
fn open(context: &Context, arguments: &DrillRunArguments) -> Result<Opening, Exit> {
    let session = Session::open(context, &arguments.dir)?;
    let refuse = |why: String| {
        context.error(&why);
        Exit::Usage
    };
    let projects = session.projects();
    let Some(project) = projects.first() else {
        return Err(refuse(format!("there is no book at {}", arguments.dir.display())));
    };
    let config = session.opened(project).config().clone();
    let disk = session.world;
    let Some(file) = &config.run.recovery else {
        return Err(refuse("no drill is declared: book.toml has no `run.recovery`".into()));
    };
    let path = config
        .root
        .join(file)
        .map_err(|_| refuse(format!("`run.recovery`: {file} leads out of the repository")))?;
    let text = disk.text(&path).map_err(|error| refuse(format!("{path} cannot be read: {error}")))?;
    let declared = Declared::read(&text, &arguments.name).map_err(|why| refuse(format!("{path}: {why}")))?;
    if let Some(operator) = &arguments.operator {
        let folder = store::folder_of(&config, &format!("drills/{}", declared.name));
        let held = folder.map(|folder| store::drills(&disk, &folder, &declared.name)).unwrap_or_default();
        let last = held.iter().rev().find_map(|(_, drill)| drill.operator.clone());
        if let Some(why) = declared.refuses(operator, last.as_deref()) {
            return Err(refuse(format!("{why}; the next one is another of them")));
        }
    } else if !declared.operators.is_empty() {
        context.say("nobody is named by --operator: this drill does not count for its schedule");
    }
    let mut runbooks = Vec::new();
    for page in &declared.runbooks {
        let given = RunArguments {
            file: disk.root().join(page),
            target: declared.target.clone(),
            plan: false,
            diagnose: false,
            allow_destructive: arguments.allow_destructive,
            commit: arguments.commit,
            sign: arguments.sign.clone(),
            who: arguments.who.clone().or_else(|| arguments.operator.clone()),
        };
        let ready = run::ready(context, &given)?;
        runbooks.push((given, ready));
    }
    Ok(Opening { disk, config, declared, runbooks })
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn hold(context: &Context, arguments: &DrillRunArguments, opening: &Opening) -> Result<Exit, Exit> {
    let Opening { disk, config, declared, runbooks } = opening;
    let (started, begin) = (engine::now(), Instant::now());
    let (mut cases, mut files, mut not_tried) = (Vec::new(), Vec::new(), Vec::new());
    let mut held: Option<(TargetRecord, String)> = None;
    for (page, (given, ready)) in declared.runbooks.iter().zip(runbooks) {
        let why = |why: &str| NotTried { what: page.clone(), why: why.to_owned() };
        if cases.last().is_some_and(|case: &Case| case.status == Status::Interrupted) {
            not_tried.push(why("the drill was interrupted before"));
            continue;
        }
        context.say_bold("Drill", &format!(": {page}"));
        let start = millis(begin);
        // A runbook that the machine keeps from running keeps no other from it.
        match run::execute(context, given, ready) {
            Ok(Done { run, evidence: Some((path, text)) }) => {
                cases.push(Case::new(page, &path, start, &run));
                held = held.or(Some((run.target, run.who)));
                files.push((path, text));
            }
            Ok(Done { evidence: None, .. }) | Err(_) => not_tried.push(why("it could not be run")),
        }
    }
    let Some((target, who)) = held else {
        context.error("no runbook of the drill could be run: no bundle is left");
        return Err(Exit::Machine);
    };
    not_tried
        .extend(declared.not_tried.iter().map(|what| NotTried { what: what.clone(), why: String::new() }));
    let drill = Drill {
        drill: declared.name.clone(),
        status: status(&cases, runbooks.len()),
        started,
        ms: millis(begin),
        target: Some(target),
        who,
        operator: arguments.operator.clone(),
        cases,
        not_tried,
    };
    leave(context, arguments, (disk, config, declared), &Bundle::new(drill, &files))
}

/// Writes the bundle and the summary.
fn leave(
    context: &Context,
    arguments: &DrillRunArguments,
    (disk, config, declared): (&DiskWorld, &Config, &Declared),
    bundle: &Bundle,
) -> Result<Exit, Exit> {
    let refuse = |why: &str| {
        context.error(why);
        Exit::Usage
    };
    let drill = &bundle.predicate;
    let folder = store::folder_of(config, &format!("drills/{}", drill.drill));
    let path = folder.and_then(|folder| run::free(disk, &folder, &drill.started));
    let path = path
        .ok_or_else(|| refuse("`run.evidence` is no folder below the source folder: no bundle is written"))?;
    let mut files = vec![(path.clone(), bundle.text().into_bytes())];
    if let Some(page) = &declared.summary {
        let at = RelPath::parse(page).map_err(|_| refuse("`summary` leads out of the repository"))?;
        files.push((at, summary(bundle, page, &path).into_bytes()));
    }
    let paths: Vec<RelPath> = files.iter().map(|(path, _)| path.clone()).collect();
    context.write_all(disk, "drill", files)?;
    for path in &paths {
        context.say(&format!("written: {path}"));
    }
    if arguments.commit {
        let title =
            format!("Record the drill {} on {}: {}", drill.drill, declared.target, drill.status.name());
        let paths: Vec<&RelPath> = paths.iter().collect();
        git::commit(disk.root(), &title, &paths).map_err(|refusal| context.by_git(&refusal))?;
        context.say(&format!("committed: {title}"));
    }
    let took = lasting::told(Duration::from_millis(drill.ms));
    context.say(&format!("{} {} in {took}: {} tried", drill.drill, drill.status.name(), drill.cases.len()));
    Ok(if drill.status == Status::Passed { Exit::Clean } else { Exit::Findings })
}
