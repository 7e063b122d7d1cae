//! `oathbook evidence verify`: whether evidence is what runs left, and who signed it.

use super::{Context, Exit, print_bytes, push_line};
use crate::base::RelPath;
use crate::config::Config;
use crate::evidence::runs::Runs;
use crate::pipeline::{self, Opened, Settings};
use crate::report::count;
use crate::runs::evidence::fingerprint;
use crate::runs::standing::File;
use crate::shell::run::sign;
use crate::shell::{self, disk::DiskWorld, git::GitWorld};
use crate::world::World;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook evidence verify                        every file of evidence
  oathbook evidence verify --base origin/main     by the signers that main names, not those of this branch

Nothing is asked of the network. Exit codes: 0 all of it holds; 1 some does not; 2 bad usage; 4 the machine failed.";

/// Arguments of `evidence`.
#[derive(clap::Args, Debug)]
pub(super) struct EvidenceArguments {
    #[command(subcommand)]
    command: EvidenceCommand,
}

#[derive(clap::Subcommand, Debug)]
enum EvidenceCommand {
    /// Check that evidence is as it was written, of the runbook beside it, and signed where it has to be.
    Verify(VerifyArguments),
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
    let EvidenceCommand::Verify(arguments) = &arguments.command;
    verify(context, arguments).unwrap_or_else(|exit| exit)
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
