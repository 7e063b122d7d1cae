//! A summary in Markdown, for a pull request's page.

use super::{Listing, Sources};
use crate::diag::{Diagnostic, Origin, Severity, Tally};
use std::io::{self, Write};

/// Rows shown before the rest is only counted.
const ROWS: usize = 50;

/// Counts, claims, and a table of findings.
///
/// # Errors
/// When the writer does.
pub fn summary(
    listing: Listing<'_>,
    tally: Tally,
    sources: &mut Sources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "## Documentation: {}\n", listing.counts())?;
    writeln!(
        out,
        "{} proven, {} contradicted, {} not judged.\n",
        super::count(tally.proven as usize, "claim"),
        tally.contradicted,
        tally.not_judged
    )?;
    if listing.diagnostics.is_empty() {
        return Ok(());
    }
    let mut rows: Vec<&Diagnostic> = listing.diagnostics.iter().collect();
    rows.sort_by_key(|found| (found.origin, found.severity));
    writeln!(out, "| | Where | What | Now |\n|---|---|---|---|")?;
    for found in rows.iter().take(ROWS) {
        let at = sources.locate(&found.primary).start;
        let mark = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let mark = if listing.compared && found.origin == Origin::Existing { "before" } else { mark };
        let help = cell(found.help.as_deref().unwrap_or(""));
        writeln!(
            out,
            "| {mark} `{}` | `{}:{}` | {} | {help} |",
            found.code,
            cell(found.primary.file.as_str()),
            at.line,
            cell(&found.message)
        )?;
    }
    if rows.len() > ROWS {
        writeln!(out, "\n… and {} more.", rows.len() - ROWS)?;
    }
    Ok(())
}

/// Text for a table's cell: nothing in it can end the cell or become HTML.
pub(super) fn cell(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('<', "&lt;")
        .replace(['\n', '\r'], " ")
        .replace('@', "@\u{200b}")
}
