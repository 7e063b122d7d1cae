//! For people at a terminal: rustc's look.

use super::{Listing, Located, Sources, count};
use crate::base::{plain, plain_line};
use crate::diag::{Diagnostic, Origin, Severity};
use std::io::{self, Write};

/// How to print.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// With colours.
    pub colour: bool,
    /// One line a finding.
    pub short: bool,
}

impl Style {
    fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn severity(self, severity: Severity, text: &str) -> String {
        self.paint(
            match severity {
                Severity::Error => "1;31",
                Severity::Warning => "1;33",
                Severity::Note => "1;36",
            },
            text,
        )
    }

    fn gutter(self, text: &str) -> String {
        self.paint("1;34", text)
    }
}

/// Prints diagnostics, most severe last, so that it is what stands above the prompt.
///
/// # Errors
/// When the writer does.
pub fn terminal(
    listing: Listing<'_>,
    sources: &mut Sources<'_>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut order: Vec<&Diagnostic> = listing.diagnostics.iter().collect();
    order.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
    for diagnostic in order {
        let located = sources.locate(&diagnostic.primary);
        if style.short {
            short(diagnostic, &located, style, out)?;
        } else {
            long(diagnostic, &located, sources, style, out)?;
        }
    }
    Ok(())
}

fn short(diagnostic: &Diagnostic, located: &Located, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let head =
        style.severity(diagnostic.severity, &format!("{}[{}]", diagnostic.severity.name(), diagnostic.code));
    let at = located.start;
    let place = format!("{}:{}:{}", diagnostic.primary.file, at.line, at.column);
    writeln!(out, "{}: {head}: {}", plain_line(&place), plain(&diagnostic.message))
}

fn long(
    diagnostic: &Diagnostic,
    located: &Located,
    sources: &mut Sources<'_>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let head =
        style.severity(diagnostic.severity, &format!("{}[{}]", diagnostic.severity.name(), diagnostic.code));
    let existing = if diagnostic.origin == Origin::Existing { " (was there before)" } else { "" };
    writeln!(out, "{head}{}", style.paint("1", &format!(": {}{existing}", plain(&diagnostic.message))))?;
    let at = located.start;
    let width = at.line.to_string().len();
    let pad = " ".repeat(width);
    let file = diagnostic.primary.file.to_string();
    let file = plain(&file);
    writeln!(out, "{pad}{} {file}:{}:{}", style.gutter("-->"), at.line, at.column)?;
    if !located.line.trim().is_empty() && diagnostic.primary.span.end > 0 {
        excerpt(located, width, diagnostic.severity, style, out)?;
    }
    for related in &diagnostic.related {
        let other = sources.locate(&related.place).start;
        writeln!(
            out,
            "{pad} {} {}: {}:{}:{}",
            style.gutter("="),
            style.paint("1", &plain(&related.message)),
            plain(&related.place.file.to_string()),
            other.line,
            other.column
        )?;
    }
    if let Some(help) = &diagnostic.help {
        writeln!(out, "{pad} {} {}: {}", style.gutter("="), style.paint("1", "help"), plain(help))?;
    }
    if let Some(fix) = &diagnostic.fix {
        writeln!(
            out,
            "{pad} {} {}: `check --fix` will {}",
            style.gutter("="),
            style.paint("1;32", "fix"),
            plain(&fix.title)
        )?;
    }
    writeln!(out)
}

/// The line with what is wrong underlined; long lines are cut around it.
fn excerpt(
    located: &Located,
    width: usize,
    severity: Severity,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    const SHOWN: usize = 100;
    let at = located.start;
    let column = at.column as usize - 1;
    let skip = if column > SHOWN - 20 { column - 20 } else { 0 };
    let shown: String = plain(&located.line).chars().skip(skip).take(SHOWN).collect();
    let room = shown.chars().count().saturating_sub(column - skip).max(1);
    let length =
        if located.end.line == at.line { (located.end.column - at.column).max(1) as usize } else { room };
    let pad = " ".repeat(width);
    writeln!(out, "{pad} {}", style.gutter("|"))?;
    let dots = if skip > 0 { "…" } else { "" };
    writeln!(out, "{} {dots}{shown}", style.gutter(&format!("{} |", at.line)))?;
    let marks = "^".repeat(length.min(room));
    let lead = " ".repeat(column - skip + dots.chars().count());
    writeln!(out, "{pad} {} {lead}{}", style.gutter("|"), style.severity(severity, &marks))
}

impl Listing<'_> {
    /// `2 errors, 1 warning`; nothing is `no findings`.
    pub fn counts(&self) -> String {
        let of = |severity| self.diagnostics.iter().filter(|found| found.severity == severity).count();
        let parts: Vec<String> =
            [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
                .into_iter()
                .filter_map(|(severity, noun)| Some(count(Some(of(severity)).filter(|n| *n > 0)?, noun)))
                .collect();
        if parts.is_empty() { "no findings".into() } else { parts.join(", ") }
    }
}
