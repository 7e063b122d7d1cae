//! `oathbook mv`.

use super::{Context, Exit};
use crate::base::RelPath;
use crate::pipeline::{self, Settings};
use crate::report::count;
use crate::shell;
use crate::shell::disk::DiskWorld;
use crate::shell::write::{self, Change};
use crate::world::{PathKind, World as _, encode};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook mv src/setup.md src/guide/install.md";

/// Arguments of `mv`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct MvArguments {
    /// The page as it is, from the current folder.
    from: PathBuf,
    /// Where it shall be.
    to: PathBuf,
}

pub(super) fn mv(context: &Context, arguments: &MvArguments) -> Exit {
    let folder = std::path::Path::new(".");
    let (world, here, finished) = match context.open_to_write(folder) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let path = |path: &std::path::Path| here.join(&path.to_string_lossy());
    let (Ok(from), Ok(to)) = (path(&arguments.from), path(&arguments.to)) else {
        context.error("both paths must lie in the repository");
        return Exit::Usage;
    };
    let title = format!("mv {from} {to}");
    if let Some(finished) = finished.filter(|finished| finished.title == title) {
        return if finished.left.is_empty() { Exit::Clean } else { Exit::Findings };
    }
    if let Some(wrong) = refusal(&world, &from, &to) {
        context.error(&wrong);
        return Exit::Usage;
    }
    let overrides = shell::overrides();
    let settings = Settings { overrides: &overrides, ..Settings::default() };
    let projects: Vec<_> = pipeline::projects(&world, &RelPath::root())
        .iter()
        .map(|project| pipeline::run(&world, project, settings))
        .collect();
    let plan = pipeline::plan_move(&world, &projects, &from, &to);
    let change = |(file, text): (&RelPath, &String)| Change {
        path: file.clone(),
        before: world.read(file).ok(),
        after: Some(encode(&world, if *file == to { &from } else { file }, text)),
        like: (*file == to).then(|| from.clone()),
    };
    let mut changes: Vec<Change> = plan.files.iter().map(change).collect();
    changes.push(Change { path: from.clone(), before: world.read(&from).ok(), after: None, like: None });
    if let Err(error) = write::all(world.root(), &title, &changes) {
        return context.refused(&error);
    }
    context.say(&format!("moved `{from}` to `{to}`; {} rewritten", count(plan.rewritten, "link")));
    for place in &plan.left {
        context.say(&format!("not rewritten, because its target stands elsewhere: a link in {}", place.file));
    }
    Exit::Clean
}

/// Why a page cannot be moved.
fn refusal(world: &DiskWorld, from: &RelPath, to: &RelPath) -> Option<String> {
    if world.kind(to).is_some() {
        return Some(format!("`{to}` exists"));
    }
    if world.kind(from) != Some(PathKind::File) {
        return Some(format!("`{from}` is no file"));
    }
    let target = world.link(from)?;
    Some(format!("`{from}` is a link to `{}`: move that page, or the link itself with git", target.display()))
}
