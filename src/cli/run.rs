//! `oathbook run`: runs a runbook on a target, and leaves evidence.

use super::{Context, Exit, print_bytes, push_line};
use crate::base::{LineIndex, RelPath, lasting, plain_line};
use crate::config::Config;
use crate::diag::code;
use crate::pipeline::{self, Settings, Single};
use crate::runs::convention::{self, is_name};
use crate::runs::evidence::{Commit, Evidence, Run, Status, TargetRecord, file_name, fingerprint};
use crate::runs::redact::{SHORTEST, Secrets};
use crate::runs::standing::File;
use crate::runs::target::{self, Destructive, SET, Target};
use crate::runs::{Phase, Runbook, plan, store};
use crate::shell::run::{self as engine, Event, Setup, Stopped, sign};
use crate::shell::{self, disk::DiskWorld, git, write};
use crate::world::World;
use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  oathbook run src/operations/restore.md --target drill --plan      what would run; nothing does
  oathbook run src/operations/restore.md --target drill --diagnose  only the phases that read
  oathbook run src/operations/restore.md --target drill             all of it; leaves evidence

Exit codes: 0 every step did what the page says and every objective was met; 1 not, or interrupted; 2 refused: nothing ran;
4 the machine failed.

Steps run with the rights of the target's user: run only what you would run by hand.";

/// Arguments of `run`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option")]
pub(super) struct RunArguments {
    /// The runbook.
    pub(super) file: PathBuf,
    /// Where it runs: a name that the runbook lists, described in `targets/NAME.toml`. There is no default.
    #[arg(long, value_name = "NAME")]
    pub(super) target: String,
    /// Print what would run, and run nothing.
    #[arg(long, conflicts_with = "diagnose")]
    pub(super) plan: bool,
    /// Run only Preconditions and Diagnosis, which read. It leaves no evidence.
    #[arg(long)]
    pub(super) diagnose: bool,
    /// Run destructive steps without asking, where nobody can be asked.
    #[arg(long)]
    pub(super) allow_destructive: bool,
    /// Commit the evidence, and nothing else.
    #[arg(long)]
    pub(super) commit: bool,
    /// Sign the evidence with this key of OpenSSH.
    #[arg(long, value_name = "KEY")]
    pub(super) sign: Option<PathBuf>,
    /// The role of whoever runs it, as evidence names it; no person's name [default: ci or operator].
    #[arg(long, value_name = "ROLE")]
    pub(super) who: Option<String>,
}

/// A runbook and all that its run needs.
pub(super) struct Ready {
    disk: DiskWorld,
    config: Config,
    runbook: Runbook,
    target: Target,
}

pub(super) fn run(context: &Context, arguments: &RunArguments) -> Exit {
    let ready = match ready(context, arguments) {
        Ok(ready) => ready,
        Err(exit) => return exit,
    };
    if arguments.plan {
        let text = plan::text(&ready.runbook, (&arguments.target, &ready.target), false);
        let mut out = String::new();
        text.lines().for_each(|line| push_line(&mut out, line));
        return print_bytes(out.as_bytes());
    }
    match execute(context, arguments, &ready) {
        // What was promised and missed is no success, though every step passed. Reading alone promises nothing.
        Ok(done) => {
            let good = if arguments.diagnose { done.run.status == Status::Passed } else { done.run.kept() };
            if good { Exit::Clean } else { Exit::Findings }
        }
        Err(exit) => exit,
    }
}

/// A run that has ended.
pub(super) struct Done {
    pub(super) run: Run,
    /// Its evidence, and where it lies; none of a diagnosis.
    pub(super) evidence: Option<(RelPath, String)>,
}

/// Prints why nothing runs.
fn refuse<T>(context: &Context, why: &str) -> Result<T, Exit> {
    context.error(why);
    Err(Exit::Usage)
}

/// Reads runbook and target, and refuses what its convention does not allow.
pub(super) fn ready(context: &Context, arguments: &RunArguments) -> Result<Ready, Exit> {
    let shown = arguments.file.display();
    let Ok(file) = std::fs::canonicalize(&arguments.file) else {
        return refuse(context, &format!("there is no file {shown}"));
    };
    // Without a repository, the folder of the book is all that is read.
    let is_book = |folder: &&Path| folder.join("book.toml").is_file();
    let above = file.ancestors().skip(1).find(is_book).or(file.parent()).unwrap_or(Path::new("."));
    let (disk, _) = context.open(above)?;
    let below = file.strip_prefix(disk.root()).ok().and_then(Path::to_str);
    let Some(source) = below.and_then(|below| RelPath::parse(below).ok()) else {
        return refuse(context, &format!("{shown} lies outside of the repository"));
    };
    let overrides = shell::overrides();
    let settings = Settings { overrides: &overrides, ..Settings::default() };
    let Single { config, mistakes, doc, kind } = match pipeline::single(&disk, &source, settings) {
        Ok(single) => single,
        Err(error) => return refuse(context, &format!("{source} cannot be read: {error}")),
    };
    if let Some(mistake) =
        mistakes.iter().find(|one| one.code == code::CONFIGURATION && one.subject.starts_with("run"))
    {
        return refuse(context, &mistake.message);
    }
    if kind.as_deref() != Some("runbook") {
        return refuse(
            context,
            &format!("{source} is no runbook: its front matter does not say `kind: runbook`"),
        );
    }
    let runbook = convention::read(&source, &doc);
    told(context, &disk, &runbook)?;
    let target = target_of(context, (&disk, &config), &runbook, &arguments.target)?;
    fits(context, &runbook, &target)?;
    Ok(Ready { disk, config, runbook, target })
}

/// Prints what is wrong with a runbook.
fn told(context: &Context, disk: &DiskWorld, runbook: &Runbook) -> Result<(), Exit> {
    for problem in &runbook.problems {
        let text = disk.text(&problem.place.file).unwrap_or_default();
        let at = LineIndex::new(&text).position(&text, problem.place.span.start);
        let help = problem.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        context
            .error(&format!("{}:{}:{}: {}{help}", problem.place.file, at.line, at.column, problem.message));
    }
    if !runbook.problems.is_empty() {
        return refuse(context, "the runbook is not run: its convention is broken");
    }
    if runbook.steps.is_empty() {
        return refuse(
            context,
            "the runbook has no step: a block of `sh` with `{name=NAME}` under the heading of a phase",
        );
    }
    Ok(())
}

fn target_of(
    context: &Context,
    (disk, config): (&DiskWorld, &Config),
    runbook: &Runbook,
    name: &str,
) -> Result<Target, Exit> {
    if !is_name(name) || !runbook.targets.iter().any(|known| known == name) {
        let known = runbook.targets.join(", ");
        return refuse(context, &format!("the runbook may not run on `{name}`: its targets are {known}"));
    }
    let file = config.root.join(&format!("{}/{name}.toml", target::FOLDER));
    let Ok(file) = file else { return refuse(context, &format!("`{name}` is no target")) };
    let text = match disk.text(&file) {
        Ok(text) => text,
        Err(error) => {
            return refuse(context, &format!("{file} describes the target, and cannot be read: {error}"));
        }
    };
    Target::parse(&text).or_else(|why| refuse(context, &format!("{file}: {why}")))
}

/// Captures are variables: none may hide one that is there.
fn fits(context: &Context, runbook: &Runbook, target: &Target) -> Result<(), Exit> {
    for step in &runbook.steps {
        for name in step.captures() {
            let set = target.env.contains_key(name)
                || target.pass.iter().any(|one| one == name)
                || SET.contains(&name);
            if set {
                return refuse(
                    context,
                    &format!("the step `{}` captures `{name}`, which the target sets", step.name),
                );
            }
        }
    }
    let secret =
        runbook.secrets.iter().find(|name| target.env.contains_key(*name) || SET.contains(&name.as_str()));
    match secret {
        Some(name) => {
            refuse(context, &format!("the secret {name} is also set by the target or by the run itself"))
        }
        None => Ok(()),
    }
}

fn secrets(context: &Context, runbook: &Runbook) -> Result<Vec<(String, String)>, Exit> {
    let mut out = Vec::new();
    for name in &runbook.secrets {
        match std::env::var(name) {
            Ok(value) => out.push((name.clone(), value)),
            Err(std::env::VarError::NotPresent) => {
                return refuse(context, &format!("the secret {name} is not in the environment"));
            }
            Err(std::env::VarError::NotUnicode(_)) => {
                return refuse(
                    context,
                    &format!("the secret {name} is no UTF-8, and could not be found in outputs"),
                );
            }
        }
    }
    Ok(out)
}

/// Asks before destructive steps.
fn confirm(context: &Context, arguments: &RunArguments, ready: &Ready) -> Result<(), Exit> {
    let steps = plan::steps(&ready.runbook, arguments.diagnose);
    let names: Vec<&str> =
        steps.iter().filter(|step| step.destructive).map(|step| step.name.as_str()).collect();
    let name = &arguments.target;
    if names.is_empty() || ready.target.destructive == Destructive::Allow {
        return Ok(());
    }
    let all = names.join(", ");
    if ready.target.destructive == Destructive::Deny {
        return refuse(
            context,
            &format!("the target {name} allows no destructive step, and there are: {all}"),
        );
    }
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        let mut line = String::new();
        let _ = write!(
            std::io::stderr(),
            "Destructive on {name}: {}. Type the target's name to go on: ",
            plain_line(&all)
        );
        let read = std::io::stdin().read_line(&mut line);
        if read.is_ok() && line.trim() == name {
            return Ok(());
        }
        return refuse(context, "that is not the target's name: nothing ran");
    }
    if arguments.allow_destructive {
        return Ok(());
    }
    refuse(
        context,
        &format!(
            "destructive steps ({all}) are confirmed at a terminal, or by `--allow-destructive` where there is none"
        ),
    )
}

pub(super) fn execute(context: &Context, arguments: &RunArguments, ready: &Ready) -> Result<Done, Exit> {
    let Ready { disk, config, runbook, target } = ready;
    if config.run.signers.is_some() && arguments.sign.is_none() && !arguments.diagnose {
        return refuse(
            context,
            "book.toml sets `run.signers`, so evidence must be signed: give `--sign KEY`",
        );
    }
    if runbook.secrets.iter().any(|name| name == "PATH") {
        return refuse(context, "PATH is no secret");
    }
    let values = secrets(context, runbook)?;
    let hidden = Secrets::new(&values).or_else(|name| {
        let why = format!(
            "the secret {name} is shorter than {SHORTEST} bytes: it could not be told from other text"
        );
        refuse(context, &why)
    })?;
    confirm(context, arguments, ready)?;
    let finished = write::finish(disk.root()).map_err(|error| context.refused(&error))?;
    if let Some(finished) = finished {
        context.say(&format!("finished `oathbook {}`, which was interrupted", finished.title));
    }
    let run = start(context, arguments, ready)?;
    let stopped = listen(context)?;
    let setup = Setup {
        runbook,
        target: (&arguments.target, target),
        secrets: &values,
        hidden: &hidden,
        root: disk.root(),
        diagnose: arguments.diagnose,
        stopped: &stopped,
    };
    let mut shown = Shown { context, tick: Duration::ZERO, terminal: std::io::stderr().is_terminal() };
    let run =
        engine::run(&setup, run, &mut |event| shown.show(event)).map_err(|error| context.refused(&error))?;
    let evidence =
        if arguments.diagnose { None } else { Some(leave(context, arguments, ready, (&run, &hidden))?) };
    result(context, &run);
    Ok(Done { run, evidence })
}

#[cfg(target_os = "linux")]
fn listen(context: &Context) -> Result<Stopped, Exit> {
    Stopped::listen().map_err(|cause| context.machine(&shell::Error::new("listen for", "Ctrl-C", cause)))
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "on Linux it may fail")]
fn listen(_: &Context) -> Result<Stopped, Exit> {
    Ok(Stopped::default())
}

/// What is known of a run before its first step.
fn start(context: &Context, arguments: &RunArguments, ready: &Ready) -> Result<Run, Exit> {
    let root = ready.disk.root();
    let who = arguments.who.clone().unwrap_or_else(|| {
        let ci = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
        if ci { "ci" } else { "operator" }.to_owned()
    });
    if !is_name(&who) {
        return refuse(
            context,
            &format!("`{who}` is no role: small letters, digits and `-`, as in `on-call`"),
        );
    }
    let mut tools = BTreeMap::from([("oathbook".to_owned(), env!("CARGO_PKG_VERSION").to_owned())]);
    tools.extend(engine::bash_version().map(|version| ("bash".to_owned(), version)));
    let target = TargetRecord {
        name: arguments.target.clone(),
        size: ready.target.size.name().to_owned(),
        sandbox: ready.target.sandbox,
    };
    Ok(Run::new(engine::now(), target, who, commit(ready, root), tools))
}

/// The commit that is checked out; none where git has no answer.
fn commit(ready: &Ready, root: &Path) -> Option<Commit> {
    let (disk, evidence) = (&ready.disk, store::folder(&ready.config));
    let id = git::resolve(root, "HEAD").ok()?;
    let world = git::GitWorld::open(root, &id, disk.today()).ok()?;
    let changed = git::changed(root, &world).ok()?;
    // What earlier runs left is no change of what runs.
    let counts = |path: &&RelPath| evidence.as_ref().is_none_or(|evidence| path.below(evidence).is_none());
    Some(Commit { id, changed: changed.iter().any(|path| counts(&path)) })
}

/// Writes the evidence of a run, and takes away what need not be kept.
fn leave(
    context: &Context,
    arguments: &RunArguments,
    ready: &Ready,
    (run, hidden): (&Run, &Secrets),
) -> Result<(RelPath, String), Exit> {
    let Ready { disk, config, runbook, .. } = ready;
    let text = Evidence::new(&runbook.stem, fingerprint(runbook), run.clone()).text();
    if let Some(name) = hidden.find(&text) {
        return refuse(context, &format!("the evidence is not written: it would hold the secret {name}"));
    }
    let Some(folder) = store::folder_of(config, &runbook.stem) else {
        return refuse(
            context,
            "`run.evidence` is no folder below the source folder: no evidence is written",
        );
    };
    let Some(path) = free(disk, &folder, &run.started) else {
        return refuse(context, "there is evidence of this second already: no evidence is written");
    };
    let mut files = vec![(path.clone(), text.clone().into_bytes())];
    if let Some(key) = &arguments.sign {
        let signature = sign::sign(key, text.as_bytes()).map_err(|error| context.refused(&error))?;
        let beside = folder.join(&format!("{}.sig", path.file_name()));
        files.extend(beside.ok().map(|beside| (beside, signature)));
    }
    let mut changes: Vec<write::Change> = files
        .into_iter()
        .map(|(path, after)| write::Change { path, before: None, after: Some(after), like: None })
        .collect();
    changes.extend(retired(disk, config, runbook, run));
    write::all(disk.root(), "run", &changes).map_err(|error| context.refused(&error))?;
    context.say(&format!("evidence: {path}"));
    if arguments.commit {
        let paths: Vec<&RelPath> = changes.iter().map(|change| &change.path).collect();
        let title =
            format!("Record the run of {} on {}: {}", runbook.stem, arguments.target, run.status.name());
        git::commit(disk.root(), &title, &paths).map_err(|refusal| context.by_git(&refusal))?;
        context.say(&format!("committed: {title}"));
    }
    Ok((path, text))
}

/// A file name that is not taken.
pub(super) fn free(disk: &DiskWorld, folder: &RelPath, started: &str) -> Option<RelPath> {
    let name = file_name(started);
    let stem = name.trim_end_matches(".json");
    let names =
        (1..100).map(|number| if number == 1 { name.clone() } else { format!("{stem}-{number}.json") });
    names.filter_map(|name| folder.join(&name).ok()).find(|path| disk.kind(path).is_none())
}

/// Evidence that is not kept: of runs that passed on the same target, all but the newest. What counters and trends need of
/// each stays as a line of the journal, so that no count falls.
fn retired(disk: &DiskWorld, config: &Config, runbook: &Runbook, run: &Run) -> Vec<write::Change> {
    let files = store::files(disk, config, &runbook.stem);
    let of_these = files.iter().filter(|file| {
        let same =
            |one: &Evidence| one.run().target.name == run.target.name && one.run().status == Status::Passed;
        file.evidence.as_ref().is_ok_and(same)
    });
    let mut old: Vec<&File> = of_these.collect();
    let kept = config.run.keep as usize - usize::from(run.status == Status::Passed);
    old.truncate(old.len().saturating_sub(kept));
    let with = |path: RelPath| {
        let signature = path.parent().join(&format!("{}.sig", path.file_name())).ok();
        [Some(path), signature].into_iter().flatten()
    };
    let removal = |path: RelPath| {
        let before = disk.read(&path).ok()?;
        Some(write::Change { path, before: Some(before), after: None, like: None })
    };
    let lines: String = old
        .iter()
        .filter_map(|file| file.evidence.as_ref().ok())
        .map(|evidence| store::Retired::of(&runbook.stem, evidence.run()))
        // Without a figure nothing is counted of it.
        .filter(|one| one.rto_ms.or(one.rpo_ms).is_some())
        .map(|one| one.line())
        .collect();
    let journal = store::folder(config).and_then(|folder| folder.join(store::JOURNAL).ok());
    let journal = journal.filter(|_| !lines.is_empty()).map(|path| {
        let before = disk.read(&path).ok();
        let after = [before.clone().unwrap_or_default(), lines.into_bytes()].concat();
        write::Change { path, before, after: Some(after), like: None }
    });
    let removals = old.iter().map(|file| file.path.clone()).flat_map(with).filter_map(removal);
    removals.chain(journal).collect()
}

fn result(context: &Context, run: &Run) {
    for one in &run.objectives {
        let of = |ms: u64| lasting::told(Duration::from_millis(ms));
        let measured = one.measured_ms.map_or_else(|| "not measured".to_owned(), of);
        let met = if one.met { "met" } else { "NOT met" };
        context.say(&format!("{}: {measured}, the limit is {}: {met}", one.name, of(one.limit_ms)));
    }
    let took = lasting::told(Duration::from_millis(run.ms));
    context.say(&format!("{} in {took} on {}", run.status.name(), run.target.name));
}

/// Progress on standard error.
struct Shown<'c> {
    context: &'c Context,
    /// When the last line about a step that runs was shown.
    tick: Duration,
    terminal: bool,
}

/// How often somebody who reads a log hears that a step still runs.
const SILENCE: Duration = Duration::from_secs(30);

impl Shown<'_> {
    fn show(&mut self, event: &Event<'_>) {
        match event {
            Event::Turns(Phase::Rollback) => self.context.say("a step failed: Rollback follows"),
            Event::Turns(_) => {}
            Event::Begins(step) => {
                self.tick = Duration::ZERO;
                self.context.say_bold(step.phase.name(), &format!(": {}", step.name));
            }
            Event::Runs(since, line) => self.runs(*since, *line),
            Event::Ends(took, failed) => {
                self.clear();
                let took = lasting::told(*took);
                match failed {
                    None => self.context.say(&format!("  passed in {took}")),
                    Some(why) => self.context.say_bold("  FAILED", &format!(" after {took}: {why}")),
                }
            }
        }
    }

    fn runs(&mut self, since: Duration, line: Option<&str>) {
        if self.context.global.quiet {
            return;
        }
        if self.terminal {
            let Some(line) = line else { return };
            let line: String = line.chars().take(70).collect();
            let _ = write!(std::io::stderr(), "\r\x1b[2K  {} {}", lasting::told(since), plain_line(&line));
        } else if since >= self.tick + SILENCE {
            self.tick = since;
            self.context.say(&format!("  still running after {}", lasting::told(since)));
        }
    }

    fn clear(&self) {
        if self.terminal && !self.context.global.quiet {
            let _ = write!(std::io::stderr(), "\r\x1b[2K");
        }
    }
}
