//! A summary in Markdown, for a pull request's page.

use super::escape::{code, words};
use super::{Listing, Sources};
use crate::diag::{ClaimKey, Diagnostic, LedgerDifference, Origin, Severity, Tally};
use crate::evidence::bindings::Restamp;
use crate::evidence::names::Hint;
use std::io::{self, Write};

/// Rows shown before the rest is only counted.
const ROWS: usize = 50;

/// Claims shown of each list.
const CLAIMS: usize = 10;

/// What a change does beside its findings.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// What it does to the claims.
    pub ledger: Option<LedgerDifference>,
    /// What it says in the lock about pages and the code that they tell of.
    pub restamps: Vec<Restamp>,
    /// Pages that are worth a look.
    pub hints: Vec<Hint>,
    /// What checks say that are right too seldom for a finding.
    pub suspicions: Vec<Diagnostic>,
}

/// Claims, counts, a table of findings, and what else a reviewer should know.
///
/// # Errors
/// When the writer does.
pub fn summary(
    listing: Listing<'_>,
    tally: Tally,
    story: &Story,
    sources: &mut Sources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "## Documentation: {}\n", listing.counts())?;
    if let Some(ledger) = &story.ledger {
        write_ledger(ledger, out)?;
    }
    writeln!(
        out,
        "{} proven{}, {} contradicted, {} not judged.\n",
        super::count(tally.proven as usize, "claim"),
        tally.demonstrated_words(),
        tally.contradicted,
        tally.not_judged
    )?;
    if !listing.diagnostics.is_empty() {
        write_findings(listing, sources, out)?;
    }
    write_restamps(&story.restamps, out)?;
    write_hints(&story.hints, out)?;
    write_suspicions(&story.suspicions, sources, out)
}

fn write_ledger(ledger: &LedgerDifference, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "**{}** by this change.\n", ledger.counts())?;
    let mut list = |title: &str, claims: &[ClaimKey]| -> io::Result<()> {
        for ClaimKey { page, kind, subject } in claims.iter().take(CLAIMS) {
            writeln!(out, "- {title}: {} {} of {}", kind.name(), code(subject), code(page.as_str()))?;
        }
        if claims.len() > CLAIMS {
            writeln!(out, "- … and {} more {title}", claims.len() - CLAIMS)?;
        }
        Ok(())
    };
    list("newly contradicted", &ledger.contradicted)?;
    list("lost", &ledger.lost)?;
    if !ledger.contradicted.is_empty() || !ledger.lost.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// Who said of which page that it is right, though its code has changed.
fn write_restamps(restamps: &[Restamp], out: &mut dyn Write) -> io::Result<()> {
    if restamps.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Pages held against their code by this change\n")?;
    for Restamp { page, target, reviewed, same_words, new } in restamps {
        let said = match (reviewed, new, same_words) {
            (Some((role, reason)), ..) => format!("nothing changed, {} says: {}", words(role), words(reason)),
            (None, true, _) => "newly bound".to_owned(),
            (None, false, true) => "**recorded without an edit and without a reason**".to_owned(),
            (None, false, false) => "edited".to_owned(),
        };
        writeln!(out, "- {} tells of {}: {said}", code(page), code(target))?;
    }
    Ok(())
}

fn write_hints(hints: &[Hint], out: &mut dyn Write) -> io::Result<()> {
    if hints.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n### Perhaps worth a look\n\nThese pages mention what this change touches. Nothing says that they are wrong.\n"
    )?;
    for Hint { page, names } in hints {
        let names: Vec<String> =
            names.iter().map(|(name, file)| format!("{} ({})", code(name), words(file.as_str()))).collect();
        writeln!(out, "- {}: {}", code(page.as_str()), names.join(", "))?;
    }
    Ok(())
}

fn write_suspicions(
    suspicions: &[Diagnostic],
    sources: &mut Sources<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if suspicions.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n### Perhaps out of date\n\nChecks that are right too seldom to be findings say:\n")?;
    for found in suspicions.iter().take(CLAIMS) {
        let cited = found.related.first().map_or(&found.primary, |related| &related.place);
        let at = sources.locate(cited).start;
        let file = code(&format!("{}:{}", cited.file, at.line));
        writeln!(out, "- {file}: {} (`{}`)", words(&found.message), found.code)?;
    }
    if suspicions.len() > CLAIMS {
        writeln!(out, "- … and {} more", suspicions.len() - CLAIMS)?;
    }
    Ok(())
}

fn write_findings(listing: Listing<'_>, sources: &mut Sources<'_>, out: &mut dyn Write) -> io::Result<()> {
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
        let help = words(found.help.as_deref().unwrap_or(""));
        writeln!(
            out,
            "| {mark} `{}` | {} | {} | {help} |",
            found.code,
            code(&format!("{}:{}", found.primary.file, at.line)),
            words(&found.message)
        )?;
    }
    if rows.len() > ROWS {
        writeln!(out, "\n… and {} more.", rows.len() - ROWS)?;
    }
    Ok(())
}
