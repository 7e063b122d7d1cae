//! `oathbook baseline`.

use super::{Context, Exit};
use crate::base::RelPath;
use crate::evidence::Baseline;
use crate::pipeline::{self, Settings};
use crate::report::count;
use crate::shell::{self, write};
use crate::world::World as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook baseline                 record today's findings; later, drop the ones that are mended
  oathbook baseline --accept        record new findings, too";

/// Arguments of `baseline`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct BaselineArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Also add findings that an existing file does not have.
    #[arg(long)]
    accept: bool,
}

pub(super) fn baseline(context: &Context, arguments: &BaselineArguments) -> Exit {
    let (world, root) = match context.open_to_write(&arguments.dir) {
        Ok((world, root, _)) => (world, root),
        Err(exit) => return exit,
    };
    let overrides = shell::overrides();
    let mut file: Option<RelPath> = None;
    let mut found = Vec::new();
    for project in pipeline::projects(&world, &root) {
        let checked = pipeline::run_without_baseline(
            &world,
            &project,
            Settings { overrides: &overrides, ..Settings::default() },
        );
        file = file.or(checked.config.checks.baseline.clone());
        found.extend(checked.report.diagnostics);
    }
    let book = root.join("book.toml").is_ok_and(|path| world.kind(&path).is_some());
    if !book {
        context.error("a baseline is named in book.toml, and there is none here; create one, or check single findings off with remarks");
        return Exit::Usage;
    }
    let named = file.is_some();
    let Some(file) = file.or_else(|| root.join("oathbook-baseline.txt").ok()) else { return Exit::Usage };
    let now = Baseline::of(&found);
    let old = world.text(&file).ok().map(|text| Baseline::parse(&text).0);
    let new = match &old {
        Some(old) if !arguments.accept => old.shrink_to(&now),
        _ => now.clone(),
    };
    if let Err(error) = write::below(world.root(), &file, new.to_text().as_bytes()) {
        return context.refused(&error);
    }
    match old {
        Some(old) => context.say(&format!("{file}: {}, before {}", count(new.len(), "finding"), old.len())),
        None => context.say(&format!("{file}: {}", count(new.len(), "finding"))),
    }
    if !named {
        context.say(&format!("add it to book.toml: [checks] baseline = \"{}\"", file.file_name()));
    }
    let left = now.len() - new.len().min(now.len());
    if left > 0 {
        context.say(&format!("{left} new findings are not in it: mend them, or accept them with --accept"));
        return Exit::Findings;
    }
    Exit::Clean
}
