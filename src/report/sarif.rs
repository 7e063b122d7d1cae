//! SARIF 2.1.0 (OASIS standard), for code scanning.

use super::{Listing, Sources, escape};
use crate::base::plain_json;
use crate::diag::{Origin, Place, Severity};
use crate::evidence::check;
use serde_json::{Value, json};
use std::io::{self, Write};

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn location(place: &Place, sources: &mut Sources<'_>, message: Option<&str>) -> Value {
    let at = sources.locate(place);
    let mut value = json!({
        "physicalLocation": {
            "artifactLocation": { "uri": escape::uri(place.file.as_str()), "uriBaseId": "%SRCROOT%" },
            "region": {
                "startLine": at.start.line, "startColumn": at.start.column, "endLine": at.end.line,
                "endColumn": at.end.column.max(if at.end.line == at.start.line { at.start.column } else { 1 }),
            },
        },
    });
    if let (Some(text), Some(map)) = (message, value.as_object_mut()) {
        map.insert("message".into(), json!({ "text": escape::sarif(text) }));
    }
    value
}

/// One SARIF log with one run.
///
/// # Errors
/// When the writer does.
pub fn sarif(listing: Listing<'_>, sources: &mut Sources<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rule = |check: &&check::Check| {
        json!({
            "id": check.code,
            "shortDescription": { "text": check.title },
            "help": { "text": check.doc, "markdown": check.doc },
            "defaultConfiguration": { "level": level(check.default_severity()) },
            "properties": { "group": check.group.name() },
        })
    };
    let rules: Vec<Value> = check::ALL.iter().map(rule).collect();
    let results: Vec<Value> = listing
        .diagnostics
        .iter()
        .map(|found| {
            let text = match &found.help {
                Some(help) => format!("{}. {help}", found.message),
                None => found.message.clone(),
            };
            let related: Vec<Value> = found
                .related
                .iter()
                .map(|related| location(&related.place, sources, Some(&related.message)))
                .collect();
            let mut result = json!({
                "ruleId": found.code,
                "ruleIndex": check::ALL.iter().position(|check| check.code == found.code),
                "level": level(found.severity),
                "message": { "text": escape::sarif(&text) },
                "locations": [location(&found.primary, sources, None)],
                "relatedLocations": related,
                "partialFingerprints": { "oathbook/v1": found.fingerprint().to_string() },
            });
            if let Some(map) = result.as_object_mut().filter(|_| listing.compared) {
                let state = if found.origin == Origin::Existing { "unchanged" } else { "new" };
                map.insert("baselineState".into(), state.into());
            }
            result
        })
        .collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "oathbook", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    writeln!(out, "{}", plain_json(&format!("{log:#}")))
}
