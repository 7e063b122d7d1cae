//! For forges: GitLab's code quality report, and sure mends as suggestions for a review.

use super::{Listing, Sources, escape};
use crate::base::{RelPath, plain};
use crate::diag::{Diagnostic, Edit, Origin, Severity};
use serde_json::{Value, json as object};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// GitLab's code quality report: an array, in which each entry has a fingerprint of its own. With a base only what the
/// change adds is listed, because GitLab compares the branches' reports by fingerprint itself.
///
/// # Errors
/// When the writer does.
pub fn gitlab(listing: Listing<'_>, sources: &mut Sources<'_>, out: &mut dyn Write) -> io::Result<()> {
    let shown = |found: &&Diagnostic| !listing.compared || found.origin == Origin::Change;
    let entry = |found: &Diagnostic| {
        let at = sources.locate(&found.primary);
        let severity = match found.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        };
        let description = match &found.help {
            Some(help) => format!("{}: {}", plain(&found.message), plain(help)),
            None => plain(&found.message).into_owned(),
        };
        object!({
            "description": description,
            "check_name": found.code,
            "fingerprint": found.fingerprint().to_string(),
            "severity": severity,
            "location": {
                "path": found.primary.file.as_str(),
                "lines": { "begin": at.start.line, "end": at.end.line.max(at.start.line) },
            },
        })
    };
    let entries: Vec<Value> = listing.diagnostics.iter().filter(shown).map(entry).collect();
    writeln!(out, "{}", escape::json(&Value::from(entries)))
}

/// Sure mends as a forge suggests them: whole lines, before and after, by file and line. `is_added` says whether the
/// change wrote a line, because only there may a review comment on it.
///
/// # Errors
/// When the writer does.
pub fn suggestions(
    listing: Listing<'_>,
    sources: &mut Sources<'_>,
    is_added: &dyn Fn(&RelPath, u32) -> bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut by_line: BTreeMap<(RelPath, u32), (&'static str, Vec<&Edit>)> = BTreeMap::new();
    for found in
        listing.diagnostics.iter().filter(|found| !listing.compared || found.origin == Origin::Change)
    {
        for edit in found.fix.iter().flat_map(|fix| &fix.edits) {
            let at = sources.locate(&edit.place);
            // What spans lines is left to `check --fix`.
            if at.start.line == at.end.line && !edit.replacement.contains('\n') {
                let line = by_line.entry((edit.place.file.clone(), at.start.line));
                line.or_insert_with(|| (found.code, Vec::new())).1.push(edit);
            }
        }
    }
    let mut entries = Vec::new();
    for ((file, line), (code, edits)) in by_line {
        let Some((before, after)) = mended(sources, &file, line, edits) else { continue };
        let added = is_added(&file, line);
        entries.push(object!({
            "path": file.as_str(), "line": line, "code": code, "before": before, "after": after, "in_diff": added,
        }));
    }
    writeln!(out, "{}", escape::json(&Value::from(entries)))
}

/// A line before and after its mends, last first; ones that overlap wait.
fn mended(
    sources: &mut Sources<'_>,
    file: &RelPath,
    line: u32,
    mut edits: Vec<&Edit>,
) -> Option<(String, String)> {
    let (text, index) = sources.file(file)?;
    let before = index.line(text, line).trim_end_matches(['\r', '\n']).to_owned();
    let start = index.start_of(line)? as usize;
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.place.span));
    let mut after = before.clone();
    let mut limit = after.len();
    for edit in edits {
        let range = edit.place.span.range();
        let (from, to) = (range.start.checked_sub(start)?, range.end.checked_sub(start)?);
        if to <= limit && after.is_char_boundary(from) && after.is_char_boundary(to) {
            after.replace_range(from..to, &edit.replacement);
            limit = from;
        }
    }
    (before != after).then_some((before, after))
}
