//! `oathbook openapi extract`.

use super::against;
use crate::base::{plain, plain_json, plain_line};
use crate::cli::{Context, Exit, print_bytes};
use crate::diag::{Diagnostic, Place, settle};
use crate::evidence::check::finding;
use crate::openapi::utoipa::{Cache, Extraction, Hole, Request, extract as read};
use crate::report::{self, Listing, Sources, Style};
use crate::shell;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook openapi extract .                       the document of the service in this folder
  oathbook openapi extract . --package server      of one package of a workspace
  oathbook openapi extract . --root docs::ApiDoc   of one of several documents
  oathbook openapi extract . --provenance map.json > openapi.json
  oathbook openapi extract . --against openapi.json   what utoipa wrote, compared part by part

Exit codes: 0 every value was read (and, with --against, all is alike); 1 some could not be read, each is listed;
3 with --against, the documents differ; 2 no document; 4 the machine failed.";

/// Arguments of `openapi extract`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct ExtractArguments {
    /// The folder of the service's package, or of its workspace.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// The package, where the folder holds several.
    #[arg(short, long, value_name = "NAME")]
    package: Option<String>,
    /// The document's root: a type with `derive(OpenApi)`, or a function that returns a document or a router.
    // The same word as the option of all commands, which this one takes the place of.
    #[arg(long, value_name = "TYPE")]
    root: Option<PathBuf>,
    /// Features of the package to turn on, separated by commas.
    #[arg(long, value_name = "FEATURES", value_delimiter = ',')]
    features: Vec<String>,
    /// Leave the package's default features off.
    #[arg(long)]
    no_default_features: bool,
    /// Write where each value comes from to this file, as JSON: pointer to file, line and column.
    #[arg(long, value_name = "FILE")]
    provenance: Option<PathBuf>,
    /// Print no document, but how it differs from this one (JSON or YAML, `REVISION:FILE` for one in git): operations
    /// and schemas that are equal, different or could not be read, and every difference.
    #[arg(long, value_name = "FILE")]
    against: Option<String>,
    /// With --against, a key that does not count wherever it stands, such as an extension that the service strips.
    #[arg(long, value_name = "KEY", requires = "against")]
    ignore: Vec<String>,
}

pub(super) fn extract(context: &Context, arguments: &ExtractArguments) -> Exit {
    let (disk, folder) = match context.open_within(&arguments.path, None) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let request = Request {
        package: arguments.package.clone(),
        root: arguments.root.as_ref().map(|root| root.to_string_lossy().into_owned()),
        features: arguments.features.clone(),
        default_features: !arguments.no_default_features,
        ..Request::new(folder)
    };
    let extraction = read(&disk, &request, &Cache::default());
    let mut findings: Vec<Diagnostic> = extraction.findings.iter().filter_map(finding).collect();
    settle(&mut findings);
    let mut sources = Sources::new(&disk);
    if let Some(file) = &arguments.provenance {
        let text = provenance(&extraction.provenance, &mut sources);
        if let Err(error) = shell::write::named(file, text.as_bytes()) {
            return context.refused(&error);
        }
    }
    for hole in &extraction.holes {
        say_hole(context, hole, &mut sources);
    }
    let listing = Listing { diagnostics: &findings, compared: false };
    let style = Style { colour: context.colour, short: context.global.quiet };
    // Nobody is left to tell if standard error is closed.
    let _ = report::terminal(listing, &mut sources, style, &mut std::io::stderr().lock());
    let Some(document) = &extraction.document else {
        context.error(extraction.failure.as_deref().unwrap_or("no document"));
        return Exit::Usage;
    };
    say_summary(context, &extraction);
    if let Some(file) = &arguments.against {
        return against::compare(context, &extraction, document, file, &arguments.ignore, &mut sources);
    }
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    let printed = print_bytes(plain_json(&text).as_bytes());
    let exit = if extraction.holes.is_empty() { Exit::Clean } else { Exit::Findings };
    exit.and(printed)
}

fn say_hole(context: &Context, hole: &Hole, sources: &mut Sources<'_>) {
    let at = position(&hole.place, sources);
    let pointer = hole.pointers.first().map(|pointer| format!(" ({pointer})")).unwrap_or_default();
    let head = context.bold("hole");
    // Nobody is left to tell if standard error is closed.
    let _ = writeln!(
        std::io::stderr(),
        "{}: {head}[{}]: {}{}",
        plain_line(&at),
        hole.reason,
        plain(&hole.message),
        plain(&pointer)
    );
}

fn position(place: &Place, sources: &mut Sources<'_>) -> String {
    let begin = sources.locate(place).start;
    format!("{}:{}:{}", place.file, begin.line, begin.column)
}

/// `1,832 of 1,836 annotations resolved; 142 operations, 204 schemas, 4 holes`.
fn say_summary(context: &Context, extraction: &Extraction) {
    let counts = extraction.counts;
    let (name, version) = extraction.package.clone().unwrap_or_default();
    context.say(&format!(
        "{} of {} annotations resolved; {}, {}, {} ({name}, utoipa {version})",
        grouped(counts.resolved),
        grouped(counts.annotations),
        report::count(counts.operations, "operation"),
        report::count(counts.schemas, "schema"),
        report::count(extraction.holes.len(), "hole"),
    ));
}

/// A number with commas between thousands.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn provenance(map: &BTreeMap<String, Place>, sources: &mut Sources<'_>) -> String {
    let mut out = Map::new();
    for (pointer, place) in map {
        let begin = sources.locate(place).start;
        out.insert(
            pointer.clone(),
            json!({
                "file": place.file.as_str(),
                "line": begin.line,
                "column": begin.column,
            }),
        );
    }
    let mut text = serde_json::to_string_pretty(&Value::Object(out)).unwrap_or_default();
    text.push('\n');
    text
}
