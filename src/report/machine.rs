//! For machines: JSON, GitHub's workflow commands, JUnit.

use super::{Listing, Sources, escape};
use crate::base::plain;
use crate::diag::{Diagnostic, Origin, Severity};
use serde_json::{Value, json as object};
use std::io::{self, Write};

/// The schema of what [`json`] prints.
pub const JSON_SCHEMA: &str = include_str!("findings.schema.json");

/// One JSON object a line for each finding.
///
/// # Errors
/// When the writer does.
pub fn json(listing: Listing<'_>, sources: &mut Sources<'_>, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in listing.diagnostics {
        writeln!(out, "{}", escape::json(&finding(diagnostic, sources)))?;
    }
    Ok(())
}

fn finding(diagnostic: &Diagnostic, sources: &mut Sources<'_>) -> Value {
    let at = sources.locate(&diagnostic.primary);
    let related: Vec<Value> = diagnostic
        .related
        .iter()
        .map(|related| {
            let line = sources.locate(&related.place).start.line;
            object!({ "file": related.place.file.as_str(), "line": line, "message": plain(&related.message) })
        })
        .collect();
    let mut value = object!({
        "code": diagnostic.code,
        "group": diagnostic.group.name(),
        "severity": diagnostic.severity.name(),
        "origin": diagnostic.origin.name(),
        "file": diagnostic.primary.file.as_str(),
        "line": at.start.line,
        "column": at.start.column,
        "end_line": at.end.line,
        "end_column": at.end.column,
        "message": plain(&diagnostic.message),
        "help": diagnostic.help.as_deref().map(plain),
        "related": related,
        "fingerprint": diagnostic.fingerprint().to_string(),
    });
    if let (Some(class), Some(map)) = (diagnostic.class, value.as_object_mut()) {
        map.insert("class".into(), class.into());
    }
    if let (Some(owner), Some(map)) = (&diagnostic.owner, value.as_object_mut()) {
        map.insert("owner".into(), plain(owner).into());
    }
    if let (Some(fix), Some(map)) = (&diagnostic.fix, value.as_object_mut()) {
        let edits: Vec<Value> = fix
            .edits
            .iter()
            .map(|edit| {
                let place = sources.locate(&edit.place);
                object!({
                    "file": edit.place.file.as_str(), "line": place.start.line, "column": place.start.column,
                    "end_line": place.end.line, "end_column": place.end.column, "replacement": edit.replacement,
                })
            })
            .collect();
        map.insert("fix".into(), object!({ "title": plain(&fix.title), "edits": edits }));
    }
    value
}

/// GitHub's annotations: `::error file=…,line=…::message`.
///
/// # Errors
/// When the writer does.
pub fn github(listing: Listing<'_>, sources: &mut Sources<'_>, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in listing.diagnostics {
        let at = sources.locate(&diagnostic.primary).start;
        let level = match (diagnostic.origin, diagnostic.severity) {
            (Origin::Existing, _) | (_, Severity::Note) => "notice",
            (_, Severity::Error) => "error",
            (_, Severity::Warning) => "warning",
        };
        let message = match &diagnostic.help {
            Some(help) => {
                format!("{}%0A{}", escape::command_data(&diagnostic.message), escape::command_data(help))
            }
            None => escape::command_data(&diagnostic.message),
        };
        let file = escape::command_property(diagnostic.primary.file.as_str());
        writeln!(
            out,
            "::{level} file={file},line={},col={},title={}::{message}",
            at.line, at.column, diagnostic.code
        )?;
    }
    Ok(())
}

/// JUnit's XML, one test case a finding; a run without findings is one passing case.
///
/// # Errors
/// When the writer does.
pub fn junit(listing: Listing<'_>, sources: &mut Sources<'_>, out: &mut dyn Write) -> io::Result<()> {
    let fails = |found: &Diagnostic| found.severity == Severity::Error && found.origin == Origin::Change;
    let failures = listing.diagnostics.iter().filter(|found| fails(found)).count();
    let tests = listing.diagnostics.len().max(1);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"oathbook\" tests=\"{tests}\" failures=\"{failures}\">")?;
    writeln!(out, "  <testsuite name=\"documentation\" tests=\"{tests}\" failures=\"{failures}\">")?;
    if listing.diagnostics.is_empty() {
        writeln!(out, "    <testcase classname=\"oathbook\" name=\"no findings\"/>")?;
    }
    for diagnostic in listing.diagnostics {
        let at = sources.locate(&diagnostic.primary).start;
        let file = escape::xml(diagnostic.primary.file.as_str());
        let name = escape::xml(&format!("{}:{}: {}", diagnostic.primary.file, at.line, diagnostic.message));
        writeln!(
            out,
            "    <testcase classname=\"{}\" name=\"{name}\" file=\"{file}\" line=\"{}\">",
            diagnostic.code, at.line
        )?;
        let help = escape::xml(diagnostic.help.as_deref().unwrap_or(""));
        if fails(diagnostic) {
            writeln!(
                out,
                "      <failure type=\"{}\" message=\"{}\">{help}</failure>",
                diagnostic.code,
                escape::xml(&diagnostic.message)
            )?;
        } else {
            writeln!(out, "      <system-out>{}: {help}</system-out>", diagnostic.severity.name())?;
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}
