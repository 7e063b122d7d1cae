//! `oathbook mv`.

use super::{Context, Exit};
use crate::base::RelPath;
use crate::pipeline::{self, Settings};
use crate::report::count;
use crate::shell::{self, write};
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
    let (world, here) = match context.open(folder) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let path = |path: &std::path::Path| here.join(&path.to_string_lossy());
    let (Ok(from), Ok(to)) = (path(&arguments.from), path(&arguments.to)) else {
        context.error("both paths must lie in the repository");
        return Exit::Usage;
    };
    if world.kind(&from) != Some(PathKind::File) || world.kind(&to).is_some() {
        let wrong =
            if world.kind(&to).is_some() { format!("`{to}` exists") } else { format!("`{from}` is no file") };
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
    for (file, text) in &plan.files {
        let old = if *file == to { &from } else { file };
        if let Err(error) = write::file(&world.on_disk(file), &encode(&world, old, text)) {
            return context.machine(&error);
        }
    }
    if let Err(error) = write::remove(&world.on_disk(&from)) {
        return context.machine(&error);
    }
    context.say(&format!("moved `{from}` to `{to}`; {} rewritten", count(plan.rewritten, "link")));
    for place in &plan.left {
        context.say(&format!("not rewritten, because its target stands elsewhere: a link in {}", place.file));
    }
    Exit::Clean
}
