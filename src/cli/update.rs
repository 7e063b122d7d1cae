//! `oathbook update`: brings everything that is recorded up to date. What there is to write, each sort of evidence says.

use super::session::Session;
use super::{Context, Exit};
use crate::base::{RelPath, count};
use crate::evidence::{Run, SORTS, Sort};
use crate::shell::{disk::DiskWorld, process};
use crate::world::encode;
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

pub(super) fn update(context: &Context, arguments: &UpdateArguments) -> Exit {
    let names: Vec<&str> = SORTS.iter().filter_map(|sort| sort.records).collect();
    if let Some(only) = arguments.only.as_ref().filter(|only| !names.contains(&only.as_str())) {
        context.error(&format!("`{only}` is no sort of record; there are {}", names.join(", ")));
        return Exit::Usage;
    }
    let session = match Session::open_to_write(context, &arguments.dir) {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    let wanted = |sort: &&Sort| {
        sort.records.is_some_and(|name| arguments.only.as_ref().is_none_or(|only| only == name))
    };
    let sorts: Vec<&Sort> = SORTS.iter().filter(wanted).collect();
    let mut exit = Exit::Clean;
    if arguments.exec {
        for sort in &sorts {
            exit = exit.and(execute(context, &session, sort));
        }
    }
    let (written, brought) = bring(context, &session, &sorts);
    context.say(&format!("{} written", count(written, "file")));
    exit.and(brought)
}

/// Runs what a sort needs run, one command after another. Pages are read anew before each, because the one before
/// may have written them.
fn execute(context: &Context, session: &Session, sort: &Sort) -> Exit {
    let mut exit = Exit::Clean;
    let mut done = BTreeSet::new();
    loop {
        let mut next = None;
        for project in session.projects() {
            let opened = session.opened(&project);
            let folder = opened.config().root.clone();
            let is_new =
                |run: &Run| !done.contains(&(folder.clone(), run.command.clone(), run.record.clone()));
            if let Some(run) = opened.with(sort.runs).into_iter().find(is_new) {
                next = Some((folder, run));
                break;
            }
        }
        let Some((folder, run)) = next else { return exit };
        done.insert((folder.clone(), run.command.clone(), run.record.clone()));
        exit = exit.and(execute_one(context, &session.world, &folder, &run));
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

/// Writes what sorts say; how many files were written, and how it went: a sort that refuses stops no other. What one sort wrote, the next must read, so the project is
/// opened anew behind it; where nothing is written, which is most runs, it is read once.
fn bring(context: &Context, session: &Session, sorts: &[&Sort]) -> (usize, Exit) {
    let world = &session.world;
    let mut written = 0;
    let mut exit = Exit::Clean;
    for project in session.projects() {
        let mut opened = session.opened(&project);
        for sort in sorts {
            let updates = match opened.with(sort.updates) {
                Ok(updates) => updates,
                Err(message) => {
                    context.error(&message);
                    exit = exit.and(Exit::Findings);
                    continue;
                }
            };
            if updates.is_empty() {
                continue;
            }
            let files =
                updates.iter().map(|one| (one.file.clone(), encode(world, &one.file, &one.text))).collect();
            if let Err(other) = context.write_all(world, "update", files) {
                exit = exit.and(other);
                continue;
            }
            for update in updates {
                context.say(&format!("{}: {}", update.file, update.about));
                written += 1;
            }
            opened = session.opened(&project);
        }
    }
    (written, exit)
}
