//! `oathbook update`: brings everything that is recorded up to date. Each sort of record has an updater in the list.

use super::{Context, Exit};
use crate::base::RelPath;
use crate::pipeline::{self, Checked, Settings};
use crate::report::count;
use crate::shell::{self, disk::DiskWorld, process, write};
use crate::world::World;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook update                   write what is out of date
  oathbook update --only openapi    only API documents
  oathbook update --exec            first run the commands that book.toml names, and record what they say";

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
    /// Run the commands that book.toml names; each is printed before it runs.
    #[arg(long)]
    pub exec: bool,
}

/// A file to write, and what it is.
pub(super) struct Update {
    pub file: RelPath,
    pub text: String,
    pub about: String,
}

/// Makes a record of a command's output, or says what is wrong with it.
pub(super) type Make = Box<dyn Fn(&dyn World, &str) -> Result<String, String>>;

/// A command to run for a record: its output becomes the record's text.
pub(super) struct Run {
    pub command: String,
    pub record: RelPath,
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
static UPDATERS: &[Updater] = &[super::openapi::UPDATER, super::diagram::UPDATER];

pub(super) fn update(context: &Context, arguments: &UpdateArguments) -> Exit {
    let names: Vec<&str> = UPDATERS.iter().map(|updater| updater.name).collect();
    if let Some(only) = arguments.only.as_ref().filter(|only| !names.contains(&only.as_str())) {
        context.error(&format!("`{only}` is no sort of record; there are {}", names.join(", ")));
        return Exit::Usage;
    }
    let (world, root) = match context.open(&arguments.dir) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let wanted = |updater: &&Updater| arguments.only.as_ref().is_none_or(|only| only == updater.name);
    let mut exit = Exit::Clean;
    let mut written = 0;
    for updater in UPDATERS.iter().filter(wanted) {
        if arguments.exec {
            exit = exit.and(execute(context, &world, &root, updater));
        }
        match bring(context, &world, &root, updater) {
            Ok(count) => written += count,
            Err(other) => exit = exit.and(other),
        }
    }
    context.say(&format!("{} written", count(written, "file")));
    exit
}

fn checked(world: &DiskWorld, root: &RelPath) -> Vec<Checked> {
    let overrides = shell::overrides();
    let settings = Settings { overrides: &overrides, ..Settings::default() };
    let projects = pipeline::projects(world, root);
    projects.iter().map(|project| pipeline::run(world, project, settings)).collect()
}

/// Runs what an updater needs run, one command after another.
fn execute(context: &Context, world: &DiskWorld, root: &RelPath, updater: &Updater) -> Exit {
    let mut exit = Exit::Clean;
    for checked in checked(world, root) {
        let folder = world.on_disk(&checked.config.root);
        for run in (updater.runs)(world, &checked) {
            context.say(&format!("running `{}` in {}", run.command, folder.display()));
            let output = match process::output(&run.command, &folder) {
                Ok(output) => output,
                Err(error) => {
                    exit = exit.and(context.refused(&error));
                    continue;
                }
            };
            match (run.make)(world, &output) {
                Ok(text) => {
                    if let Err(error) = write::file(&world.on_disk(&run.record), text.as_bytes()) {
                        exit = exit.and(context.machine(&error));
                    }
                }
                Err(message) => {
                    context.error(&format!("the output of `{}` is not recorded: {message}", run.command));
                    exit = exit.and(Exit::Findings);
                }
            }
        }
    }
    exit
}

/// Writes what an updater says; how many files were written.
fn bring(context: &Context, world: &DiskWorld, root: &RelPath, updater: &Updater) -> Result<usize, Exit> {
    let mut written = 0;
    let mut exit = Exit::Clean;
    for checked in checked(world, root) {
        let updates = match (updater.updates)(world, &checked) {
            Ok(updates) => updates,
            Err(message) => {
                context.error(&message);
                exit = exit.and(Exit::Findings);
                continue;
            }
        };
        for update in updates {
            if let Err(error) = write::file(&world.on_disk(&update.file), update.text.as_bytes()) {
                return Err(context.machine(&error));
            }
            context.say(&format!("{}: {}", update.file, update.about));
            written += 1;
        }
    }
    if exit == Exit::Clean { Ok(written) } else { Err(exit) }
}
