//! `oathbook openapi show`.

use super::super::{print_bytes, push_line};
use super::{Context, Exit};
use crate::base::plain_json;
use crate::cli::session::Session;
use crate::diag::Place;
use crate::openapi::{At, Document};
use crate::report::Sources;
use clap::ValueEnum;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook openapi show /info/version
  oathbook openapi show '/paths/~1search/get' docs
  oathbook openapi show searchDocuments          an operation by its id
  oathbook openapi show Document --format json   a schema by its name";

/// Arguments of `openapi show`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct ShowArguments {
    /// A JSON pointer, an operation's id, or a schema's name.
    pointer: String,
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Of several API documents, the one of this name.
    #[arg(long, value_name = "NAME")]
    api: Option<String>,
    /// How the value is printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// The value, and where each part of it is written.
    Text,
    /// One JSON object: `pointer`, `place`, `value`, `places`.
    Json,
}

pub(super) fn show(context: &Context, arguments: &ShowArguments) -> Exit {
    let session = match Session::open(context, &arguments.dir) {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    let apis = match session.apis(context, arguments.api.as_deref()) {
        Ok(apis) => apis,
        Err(exit) => return exit,
    };
    let mut sources = Sources::new(&session.world);
    let mut out = String::new();
    let mut found = false;
    for api in &apis {
        let Some(at) = find(&api.document, &arguments.pointer) else { continue };
        found = true;
        match arguments.format {
            Format::Text => text(&api.document, &at, &mut sources, &mut out),
            Format::Json => json(&api.document, &at, &mut sources, &mut out),
        }
    }
    if !found {
        context.error(&format!("nothing is at `{}`", arguments.pointer));
        return Exit::Usage;
    }
    print_bytes(out.as_bytes())
}

fn find<'d>(document: &'d Document, wanted: &str) -> Option<At<'d>> {
    if wanted.is_empty() || wanted.starts_with('/') {
        return document.at(wanted);
    }
    if let Some(pointer) = wanted.strip_prefix('#') {
        return document.at(pointer);
    }
    let by_id = document.all_operations().into_iter().find(|operation| operation.id() == Some(wanted));
    let schema = || document.schemas().into_iter().find(|(entry, _)| &*entry.key == wanted).map(|(_, at)| at);
    by_id.map(|operation| operation.at).or_else(schema)
}

fn located(place: &Place, sources: &mut Sources<'_>) -> String {
    let start = sources.locate(place).start;
    format!("{}:{}:{}", place.file, start.line, start.column)
}

/// Places of the value and of its parts, by pointer.
fn places<'d>(document: &'d Document, at: &At<'_>) -> Vec<(String, &'d Place)> {
    let inside = |pointer: &String| {
        pointer.strip_prefix(&at.pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    document.places().into_iter().filter(|(pointer, _)| inside(pointer)).collect()
}

fn text(document: &Document, at: &At<'_>, sources: &mut Sources<'_>, out: &mut String) {
    out.push_str(&plain_json(&at.node.to_json()));
    out.push_str("\n\n");
    for (pointer, place) in places(document, at) {
        let pointer = if pointer.is_empty() { "/" } else { &pointer };
        push_line(out, &format!("{}  {pointer}", located(place, sources)));
    }
}

fn json(document: &Document, at: &At<'_>, sources: &mut Sources<'_>, out: &mut String) {
    let all: serde_json::Map<String, serde_json::Value> = places(document, at)
        .into_iter()
        .map(|(pointer, place)| (pointer, located(place, sources).into()))
        .collect();
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let place = all.get(&at.pointer).map_or_else(|| "null".into(), ToString::to_string);
    let line = format!(
        "{{\"pointer\":{},\"place\":{place},\"value\":{},\"places\":{}}}",
        quoted(&at.pointer),
        at.node.to_line(),
        serde_json::Value::Object(all)
    );
    out.push_str(&plain_json(&line));
    out.push('\n');
}
