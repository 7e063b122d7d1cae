//! `oathbook evidence`: whether it is what runs left and who signed it, what it says, and what is new in it.

use super::{Context, Exit, print_bytes, push_line};
use crate::base::RelPath;
use crate::config::Config;
use crate::evidence::runs::Runs;
use crate::pipeline::{self, Opened, Settings};
use crate::report::count;
use crate::runs::evidence::{Evidence, fingerprint};
use crate::runs::standing::File;
use crate::runs::{difference, store};
use crate::shell::run::sign;
use crate::shell::{self, disk::DiskWorld, git::GitWorld};
use crate::world::World;
use std::io::Read as _;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  oathbook evidence verify                        every file of evidence
  oathbook evidence verify --base origin/main     by the signers that main names, not those of this branch

Nothing is asked of the network. Exit codes: 0 all of it holds; 1 some does not; 2 bad usage; 4 the machine failed.";

const DIFF_EXAMPLES: &str = "\
Examples:
  oathbook evidence diff OLD.json NEW.json    passed → failed at answers, rto 38.0 s → 41.6 s (< 1 h), …
  oathbook evidence diff --base origin/main   one line for each file that main does not have

Nothing is judged: the exit code is 0 when the files can be read, and 1 when one is no evidence.";

const SHOW_EXAMPLES: &str = "\
Examples:
  oathbook evidence show src/operations/evidence/restore/20261120T031502Z.json

As git's textconv, so that `git diff` and `git log -p` show runs and not JSON:
  echo 'content/operations/evidence/**/*.json diff=oathbook' >> .gitattributes
  git config diff.oathbook.textconv 'oathbook evidence show'";

/// Arguments of `evidence`.
#[derive(clap::Args, Debug)]
pub(super) struct EvidenceArguments {
    #[command(subcommand)]
    command: EvidenceCommand,
}

#[derive(clap::Subcommand, Debug)]
enum EvidenceCommand {
    /// Say in one line what changed between two runs of a runbook.
    Diff(DiffArguments),
    /// Print what a file of evidence says, in a few lines.
    Show(ShowArguments),
    /// Check that evidence is as it was written, of the runbook beside it, and signed where it has to be.
    Verify(VerifyArguments),
}

#[derive(clap::Args, Debug)]
#[command(after_help = DIFF_EXAMPLES)]
struct DiffArguments {
    /// A file of evidence, or with `--base` the folder of the book.
    #[arg(default_value = ".")]
    was: PathBuf,
    /// A later file.
    is: Option<PathBuf>,
    /// All evidence that this revision does not have, each held against the newest before it on its target.
    #[arg(long, value_name = "REV", conflicts_with = "is")]
    base: Option<String>,
}

#[derive(clap::Args, Debug)]
#[command(after_help = SHOW_EXAMPLES)]
struct ShowArguments {
    /// A file of evidence.
    file: PathBuf,
}

#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
struct VerifyArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Read who may sign from this revision; a branch may not name its own signers.
    #[arg(long, value_name = "REV")]
    base: Option<String>,
}

pub(super) fn evidence(context: &Context, arguments: &EvidenceArguments) -> Exit {
    let done = match &arguments.command {
        EvidenceCommand::Verify(arguments) => verify(context, arguments),
        EvidenceCommand::Diff(arguments) => match &arguments.base {
            Some(base) => diff_since(context, arguments, base),
            None => diff(context, arguments),
        },
        EvidenceCommand::Show(arguments) => show(context, arguments),
    };
    done.unwrap_or_else(|exit| exit)
}

/// Reads a file of evidence that an argument names.
fn named(context: &Context, file: &Path) -> Result<Evidence, Exit> {
    let shown = file.display();
    let mut text = String::new();
    let most = store::LONGEST as u64 + 1;
    let read = std::fs::File::open(file).and_then(|file| file.take(most).read_to_string(&mut text));
    read.map_err(|cause| {
        context.error(&format!("{shown} cannot be read: {cause}"));
        Exit::Usage
    })?;
    Evidence::of_any(&text).map_err(|refusal| {
        context.error(&format!("{shown}: {refusal}"));
        Exit::Findings
    })
}

fn diff(context: &Context, arguments: &DiffArguments) -> Result<Exit, Exit> {
    let Some(is) = &arguments.is else {
        context.error("name two files of evidence, or a revision by `--base`");
        return Err(Exit::Usage);
    };
    let (was, is) = (named(context, &arguments.was)?, named(context, is)?);
    if was.stem() != is.stem() {
        let (was, is) = (was.stem(), is.stem());
        context.error(&format!("these are runs of two runbooks, `{was}` and `{is}`"));
        return Err(Exit::Usage);
    }
    let mut out = String::new();
    push_line(&mut out, &difference::line(&was, &is));
    Ok(print_bytes(out.as_bytes()))
}

fn diff_since(context: &Context, arguments: &DiffArguments, base: &str) -> Result<Exit, Exit> {
    let (disk, root) = context.open(&arguments.was)?;
    let base = GitWorld::open(disk.root(), base, disk.today()).map_err(|refusal| context.by_git(&refusal))?;
    let overrides = shell::overrides();
    let settings = Settings { overrides: &overrides, ..Settings::default() };
    let mut out = String::new();
    for project in pipeline::projects(&disk, &root) {
        let opened = Opened::new(&disk, &project, settings);
        for known in &opened.of::<Runs>().list {
            let before = store::files(&base, opened.config(), &known.runbook.stem);
            for (path, said) in difference::fresh(&before, &known.files) {
                let name = path.file_name().trim_end_matches(".json");
                push_line(&mut out, &format!("{} {name}: {said}", known.runbook.stem));
            }
        }
    }
    if let Some(refusal) = base.trouble() {
        return Err(context.by_git(refusal));
    }
    Ok(print_bytes(out.as_bytes()))
}

fn show(context: &Context, arguments: &ShowArguments) -> Result<Exit, Exit> {
    let evidence = named(context, &arguments.file)?;
    let mut out = String::new();
    for line in difference::lines(&evidence) {
        push_line(&mut out, &line);
    }
    Ok(print_bytes(out.as_bytes()))
}

fn verify(context: &Context, arguments: &VerifyArguments) -> Result<Exit, Exit> {
    let (disk, root) = context.open(&arguments.dir)?;
    let base = match &arguments.base {
        Some(revision) => Some(
            GitWorld::open(disk.root(), revision, disk.today())
                .map_err(|refusal| context.by_git(&refusal))?,
        ),
        None => None,
    };
    let overrides = shell::overrides();
    let settings = Settings { overrides: &overrides, ..Settings::default() };
    let (mut out, mut good, mut bad) = (String::new(), 0, 0);
    for project in pipeline::projects(&disk, &root) {
        let opened = Opened::new(&disk, &project, settings);
        let signers = signers(context, opened.config(), &disk, base.as_ref())?;
        for known in &opened.of::<Runs>().list {
            let now = fingerprint(&known.runbook);
            for file in &known.files {
                let found = judge(context, &disk, file, signers.as_deref(), &now)?;
                let (line, holds) = match found {
                    Ok(what) => (what, true),
                    Err(why) => (format!("REFUSED: {why}"), false),
                };
                good += usize::from(holds);
                bad += usize::from(!holds);
                push_line(&mut out, &format!("{}: {line}", file.path));
            }
        }
    }
    let printed = print_bytes(out.as_bytes());
    context.say(&format!("{} of evidence: {good} hold, {bad} refused", count(good + bad, "file")));
    Ok(printed.and(if bad > 0 { Exit::Findings } else { Exit::Clean }))
}

/// Who may sign; none where nobody has to.
fn signers(
    context: &Context,
    config: &Config,
    disk: &DiskWorld,
    base: Option<&GitWorld>,
) -> Result<Option<String>, Exit> {
    let Some(name) = &config.run.signers else { return Ok(None) };
    let path = config.root.join(name).unwrap_or_else(|_| RelPath::root());
    let text = match base {
        Some(base) => base.text(&path),
        None => disk.text(&path),
    };
    text.map(Some).map_err(|error| {
        context.error(&format!("{path}, which `run.signers` names, cannot be read: {error}"));
        Exit::Usage
    })
}

/// What a file of evidence is worth, or why it is refused.
fn judge(
    context: &Context,
    disk: &DiskWorld,
    file: &File,
    signers: Option<&str>,
    now: &str,
) -> Result<Result<String, String>, Exit> {
    let evidence = match &file.evidence {
        Ok(evidence) => evidence,
        Err(refusal) => return Ok(Err(refusal.to_string())),
    };
    let run = evidence.run();
    let mut told = format!("{} on {}", run.status.name(), run.target.name);
    if evidence.fingerprint() != now {
        told.push_str(", of earlier steps");
    }
    let signature = file.path.parent().join(&format!("{}.sig", file.path.file_name())).ok();
    let signature = signature.filter(|_| file.signed).and_then(|path| disk.read(&path).ok());
    let Some(signers) = signers else {
        let signed = if signature.is_some() { "signed, and nobody says who may" } else { "not signed" };
        return Ok(Ok(format!("{told}; {signed}")));
    };
    let Some(signature) = signature else { return Ok(Err("it is not signed".into())) };
    let text = disk.text(&file.path).unwrap_or_default();
    let found = sign::verify(signers, &text, &signature).map_err(|error| context.refused(&error))?;
    Ok(found.map(|who| format!("{told}; signed by {who}")))
}
