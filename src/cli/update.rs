//! `oathbook update`: brings everything that is recorded up to date. Each sort of record has an updater in the list.

use super::{Context, Exit};
use crate::base::RelPath;
use crate::pipeline::{self, Checked, Memory, Settings};
use crate::report::count;
use crate::shell::{self, disk::DiskWorld, process};
use crate::world::{World, encode};
use std::collections::BTreeSet;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook update                   write what is out of date
  oathbook update --only facts      only values that pages state
  oathbook update --exec            first run the commands that book.toml and captured outputs on pages
                                    name, and record what they write";

/// Arguments of `update`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct UpdateArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    pub dir: PathBuf,
    /// Only this sort of record.
    #[arg(long, value_name = "SORT")]
    pub only: Option<String>,
    /// Run the commands that book.toml and pages name; each is printed before it runs.
    #[arg(long)]
    pub exec: bool,
}

/// A file to write, and what it is.
pub(super) struct Update {
    pub file: RelPath,
    pub text: String,
    pub about: String,
}

/// Makes records of a command's output (files and their texts), or says what is wrong with it.
pub(super) type Make = Box<dyn Fn(&dyn World, &str) -> Result<Vec<(RelPath, String)>, String>>;

/// A command to run for a record.
pub(super) struct Run {
    pub command: String,
    /// What the command's output is recorded as, to tell two records of one command apart.
    pub record: String,
    pub make: Make,
}

/// What brings one sort of record up to date.
pub(super) struct Updater {
    /// Its name, for `--only`.
    pub name: &'static str,
    /// What must be run first, under `--exec` alone.
    pub runs: fn(&dyn World, &Checked) -> Vec<Run>,
    /// What is to be written, or why it cannot be.
    pub updates: fn(&dyn World, &Checked) -> Result<Vec<Update>, String>,
}

/// All updaters, in the order in which they run.
static UPDATERS: &[Updater] =
    &[super::openapi::UPDATER, super::diagram::UPDATER, super::facts::UPDATER, super::review::UPDATER];

pub(super) fn update(context: &Context, arguments: &UpdateArguments) -> Exit {
    let names: Vec<&str> = UPDATERS.iter().map(|updater| updater.name).collect();
    if let Some(only) = arguments.only.as_ref().filter(|only| !names.contains(&only.as_str())) {
        context.error(&format!("`{only}` is no sort of record; there are {}", names.join(", ")));
        return Exit::Usage;
    }
    let (world, root) = match context.open_to_write(&arguments.dir) {
        Ok((world, root, _)) => (world, root),
        Err(exit) => return exit,
    };
    let wanted = |updater: &&Updater| arguments.only.as_ref().is_none_or(|only| only == updater.name);
    let memory = Memory::default();
    let ground = Ground { world: &world, root: &root, memory: &memory };
    let mut exit = Exit::Clean;
    let mut written = 0;
    for updater in UPDATERS.iter().filter(wanted) {
        if arguments.exec {
            exit = exit.and(execute(context, ground, updater));
        }
        match bring(context, ground, updater) {
            Ok(count) => written += count,
            Err(other) => exit = exit.and(other),
        }
    }
    context.say(&format!("{} written", count(written, "file")));
    exit
}

/// What is brought up to date, and what was read of it.
#[derive(Clone, Copy)]
struct Ground<'g> {
    world: &'g DiskWorld,
    root: &'g RelPath,
    memory: &'g Memory,
}

fn checked(Ground { world, root, memory }: Ground<'_>) -> Vec<Checked> {
    let overrides = shell::overrides();
    let settings = Settings { overrides: &overrides, memory: Some(memory), ..Settings::default() };
    let projects = pipeline::projects(world, root);
    projects.iter().map(|project| pipeline::run(world, project, settings)).collect()
}

/// Runs what an updater needs run, one command after another. Pages are read anew before each, because the one before
/// may have written them.
fn execute(context: &Context, ground: Ground<'_>, updater: &Updater) -> Exit {
    let world = ground.world;
    let mut exit = Exit::Clean;
    let mut done = BTreeSet::new();
    loop {
        let all = checked(ground);
        let runs = all.iter().flat_map(|checked| {
            let folder = checked.config.root.clone();
            (updater.runs)(world, checked).into_iter().map(move |run| (folder.clone(), run))
        });
        let next = runs
            .into_iter()
            .find(|(folder, run)| !done.contains(&(folder.clone(), run.command.clone(), run.record.clone())));
        let Some((folder, run)) = next else { return exit };
        done.insert((folder.clone(), run.command.clone(), run.record.clone()));
        exit = exit.and(execute_one(context, world, &folder, &run));
    }
}

fn execute_one(context: &Context, world: &DiskWorld, folder: &RelPath, run: &Run) -> Exit {
    let folder = world.on_disk(folder);
    context.say(&format!("running `{}` in {}", run.command, folder.display()));
    let output = match process::output(&run.command, &folder) {
        Ok(output) => output,
        Err(error) => return context.refused(&error),
    };
    match (run.make)(world, &output) {
        Ok(records) => {
            let bytes = |(file, text): (RelPath, String)| (file.clone(), encode(world, &file, &text));
            let files = records.into_iter().map(bytes).collect();
            context.write_all(world, "update", files).err().unwrap_or(Exit::Clean)
        }
        Err(message) => {
            context.error(&format!("the output of `{}` is not recorded: {message}", run.command));
            Exit::Findings
        }
    }
}

/// Writes what an updater says; how many files were written.
fn bring(context: &Context, ground: Ground<'_>, updater: &Updater) -> Result<usize, Exit> {
    let world = ground.world;
    let mut written = 0;
    let mut exit = Exit::Clean;
    for checked in checked(ground) {
        let updates = match (updater.updates)(world, &checked) {
            Ok(updates) => updates,
            Err(message) => {
                context.error(&message);
                exit = exit.and(Exit::Findings);
                continue;
            }
        };
        let files =
            updates.iter().map(|one| (one.file.clone(), encode(world, &one.file, &one.text))).collect();
        context.write_all(world, "update", files)?;
        for update in updates {
            context.say(&format!("{}: {}", update.file, update.about));
            written += 1;
        }
    }
    if exit == Exit::Clean { Ok(written) } else { Err(exit) }
}
