//! `oathbook openapi extract --against FILE`.

use crate::base::{RelPath, plain_line};
use crate::cli::{Context, Exit};
use crate::diag::Place;
use crate::evidence::api::against::{Agreement, Tally, Unread, agreement};
use crate::openapi::node::Node;
use crate::openapi::utoipa::Extraction;
use crate::report::{Sources, Text};
use serde_json::Value;
use std::io::{self, Write};

/// Prints how an extracted document differs from the one in a file.
pub(super) fn compare(
    context: &Context,
    extraction: &Extraction,
    document: &Value,
    file: &str,
    ignored: &[String],
    sources: &mut Sources<'_>,
) -> Exit {
    let (recorded, text) = match super::diff::load(context, file) {
        Ok(loaded) => loaded,
        Err(error) => {
            context.error(&error);
            return Exit::Usage;
        }
    };
    let nowhere = Place::whole(RelPath::root());
    let mut now = Node::from_json(document, &nowhere);
    now.replace(&|pointer| extraction.provenance.get(pointer).cloned());
    let pointers: Vec<String> = extraction.holes.iter().flat_map(|hole| hole.pointers.clone()).collect();
    let elsewhere = extraction.holes.iter().any(|hole| hole.pointers.is_empty());
    let unread = Unread { pointers: &pointers, elsewhere };
    let found = agreement(&recorded.root, &now, unread, ignored);
    let mut out = io::BufWriter::new(io::stdout().lock());
    let printed = differences(&found, &text, sources, &mut out)
        .and_then(|()| summary(&found, &mut out))
        .and_then(|()| out.flush());
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Exit::Machine,
        _ if !extraction.holes.is_empty() => Exit::Findings,
        _ if !found.differences.is_empty() => Exit::Recorded,
        _ => Exit::Clean,
    }
}

fn differences(
    found: &Agreement,
    text: &Text,
    sources: &mut Sources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    for difference in &found.differences {
        let recorded = difference.recorded.as_ref().map(|(_, place)| text.shown(place));
        let now = difference.now.as_ref().filter(|(_, place)| !place.file.is_root()).map(|(_, place)| {
            let start = sources.locate(place).start;
            format!("{}:{}:{}", place.file, start.line, start.column)
        });
        let places: Vec<String> = [recorded, now].into_iter().flatten().collect();
        let line = format!("{}: {} ({})", difference.pointer, difference.words(), places.join(", "));
        writeln!(out, "{}", plain_line(&line))?;
    }
    Ok(())
}

fn summary(found: &Agreement, out: &mut dyn Write) -> io::Result<()> {
    let parts = [("operations", found.operations), ("schemas", found.schemas), ("other parts", found.rest)];
    for (name, tally) in parts {
        let Tally { equal, holes, different } = tally;
        writeln!(out, "{name}: {equal} of {} equal, {different} different, {holes} holes", tally.all())?;
    }
    Ok(())
}
