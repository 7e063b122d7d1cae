//! `oathbook openapi coverage`.

use super::super::{print_bytes, push_line};
use super::{Context, Exit};
use crate::base::plain_json;
use crate::cli::session::Session;
use crate::evidence::api::Api;
use crate::evidence::api::coverage::{fallen, page, percent, table};
use crate::report::Sources;
use crate::shell::{self, write};
use crate::world::World;
use clap::ValueEnum;
use std::fmt::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook openapi coverage                   how much of what callers must know is documented
  oathbook openapi coverage --gaps            and what is missing, with its line
  oathbook openapi coverage --write           write the page that `coverage-page` names

Exit codes: 0; 1 a percentage is lower than the page states.";

/// Arguments of `openapi coverage`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct CoverageArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Of several API documents, the one of this name.
    #[arg(long, value_name = "NAME")]
    api: Option<String>,
    /// List every gap with its place.
    #[arg(long)]
    gaps: bool,
    /// Write the table to the page that `coverage-page` names.
    #[arg(long)]
    write: bool,
    /// Write it even where a percentage has fallen.
    #[arg(long, requires = "write")]
    accept: bool,
    /// How the table is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// For people.
    Text,
    /// A table in Markdown.
    Markdown,
    /// One JSON object for each rule, one to a line.
    Json,
}

pub(super) fn coverage(context: &Context, arguments: &CoverageArguments) -> Exit {
    let session = match Session::open(context, &arguments.dir) {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    let apis = match session.apis(context, arguments.api.as_deref()) {
        Ok(apis) => apis,
        Err(exit) => return exit,
    };
    let world = &session.world;
    let mut sources = Sources::new(world);
    let mut out = String::new();
    let mut exit = Exit::Clean;
    for api in &apis {
        // Writing to a string cannot fail.
        let _ = match arguments.format {
            Format::Text => write!(out, "{}", text(api)),
            Format::Markdown => writeln!(out, "{}", table(api)),
            Format::Json => write!(out, "{}", json(api)),
        };
        for gap in api.scores.iter().flat_map(|score| &score.gaps).filter(|_| arguments.gaps) {
            let start = sources.locate(&gap.place).start;
            let place = format!("{}:{}:{}", gap.place.file, start.line, start.column);
            push_line(&mut out, &format!("{place}: [{}] {}", gap.code, gap.message));
        }
        let old = api.config.coverage_page.as_ref().and_then(|file| world.text(file).ok());
        let fallen = old.as_ref().map(|text| fallen(api, text)).unwrap_or_default();
        for (code, before, now, _) in &fallen {
            context.error(&format!("`{code}` fell from {} to {} percent", percent(*before), percent(*now)));
        }
        if !fallen.is_empty() && !arguments.accept {
            exit = exit.and(Exit::Findings);
        } else if arguments.write {
            exit = exit.and(write_page(context, api, old.as_deref(), world));
        }
    }
    print_bytes(out.as_bytes()).and(exit)
}

fn write_page(context: &Context, api: &Api, old: Option<&str>, world: &shell::disk::DiskWorld) -> Exit {
    let Some(file) = &api.config.coverage_page else {
        context.error(&format!("`[openapi.{}]` names no `coverage-page`", api.config.name));
        return Exit::Usage;
    };
    match write::below(world.root(), file, page(api, old).as_bytes()) {
        Ok(()) => {
            context.say(&format!("wrote {file}"));
            Exit::Clean
        }
        Err(error) => context.machine(&error),
    }
}

fn text(api: &Api) -> String {
    let mut out = String::new();
    push_line(&mut out, &format!("{}: {}", api.config.name, api.config.document));
    for score in &api.scores {
        let covered = score.total - score.missing;
        let _ = writeln!(
            out,
            "{:>6} %  {covered:>5} of {:<5}  {:<28} {}",
            percent(score.tenths()),
            score.total,
            score.code,
            score.title
        );
    }
    out
}

fn json(api: &Api) -> String {
    let line = |score: &crate::openapi::lint::Score| {
        let line = serde_json::json!({
            "api": api.config.name, "rule": score.code, "covered": score.total - score.missing, "of": score.total,
            "percent": percent(score.tenths()),
        });
        format!("{}\n", plain_json(&line.to_string()))
    };
    api.scores.iter().map(line).collect()
}
