//! Changes between two API documents, for people, machines and pull requests.

use super::escape;
use crate::base::{LineIndex, plain};
use crate::diag::Place;
use crate::openapi::diff::{Change, Class};
use serde_json::{Value, json as object};
use std::io::{self, Write};

/// One of the two documents, as its lines are counted.
pub struct Text {
    name: String,
    text: String,
    lines: LineIndex,
}

impl Text {
    /// A document under the name the user gave it.
    pub fn new(name: &str, text: String) -> Self {
        let lines = LineIndex::new(&text);
        Self { name: name.to_owned(), text, lines }
    }

    fn at(&self, place: &Place) -> (u32, u32) {
        let at = self.lines.position(&self.text, place.span.start);
        (at.line, at.column)
    }

    /// `name:line:column`.
    pub fn shown(&self, place: &Place) -> String {
        let (line, column) = self.at(place);
        format!("{}:{line}:{column}", plain(&self.name))
    }

    fn json(&self, place: &Place) -> Value {
        let (line, column) = self.at(place);
        object!({ "file": self.name, "line": line, "column": column })
    }
}

/// What is printed.
pub struct Changes<'c> {
    /// The changes, the worst first.
    pub list: &'c [Change],
    /// The document before.
    pub base: &'c Text,
    /// The document after.
    pub head: &'c Text,
}

/// Operations shown before the rest is only counted.
const OPERATIONS: usize = 8;

impl Changes<'_> {
    /// `2 breaking, 1 risky, 12 compatible`.
    pub fn counts(&self) -> String {
        let count = |class| self.list.iter().filter(|change| change.rule.class == class).count();
        let parts = [Class::Breaking, Class::Risky, Class::Compatible];
        parts.map(|class| format!("{} {}", count(class), class.name())).join(", ")
    }

    /// For people, the worst last, so that it is what stands above the prompt.
    ///
    /// # Errors
    /// When the writer does.
    pub fn text(&self, colour: bool, out: &mut dyn Write) -> io::Result<()> {
        for change in self.list.iter().rev() {
            let class = change.rule.class;
            let code = match class {
                Class::Breaking => "1;31",
                Class::Risky => "1;33",
                Class::Compatible => "1;36",
            };
            let head = format!("{}[{}]", class.name(), change.rule.id);
            let head = if colour { format!("\x1b[{code}m{head}\x1b[0m") } else { head };
            writeln!(out, "{head}: {}", plain(&change.message))?;
            writeln!(out, "  --> {}", self.head.shown(&change.head))?;
            writeln!(out, "   = before: {}", self.base.shown(&change.base))?;
            if !change.operations.is_empty() {
                writeln!(out, "   = reaches: {}", plain(&reached(change)))?;
            }
        }
        Ok(())
    }

    /// One JSON object a line.
    ///
    /// # Errors
    /// When the writer does.
    pub fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        for change in self.list {
            let line = object!({
                "class": change.rule.class.name(),
                "rule": change.rule.id,
                "side": change.rule.side.name(),
                "subject": change.subject,
                "message": change.message,
                "operations": &*change.operations,
                "base": self.base.json(&change.base),
                "head": self.head.json(&change.head),
            });
            writeln!(out, "{}", escape::json(&line))?;
        }
        Ok(())
    }

    /// A summary for a pull request.
    ///
    /// # Errors
    /// When the writer does.
    pub fn markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "## API changes: {}", self.counts())?;
        for (class, title) in [
            (Class::Breaking, "Breaking: callers that were right stop working"),
            (Class::Risky, "Risky: some callers may stop working"),
            (Class::Compatible, "Compatible"),
        ] {
            let list: Vec<&Change> = self.list.iter().filter(|change| change.rule.class == class).collect();
            if list.is_empty() {
                continue;
            }
            writeln!(
                out,
                "\n### {title}\n\n| Change | Side | Reaches | Before | After |\n|---|---|---|---|---|"
            )?;
            for change in list {
                writeln!(
                    out,
                    "| {} `{}` | {} | {} | line {} | line {} |",
                    escape::words(&change.message),
                    change.rule.id,
                    change.rule.side.name(),
                    escape::words(&reached(change)),
                    self.base.at(&change.base).0,
                    self.head.at(&change.head).0,
                )?;
            }
        }
        Ok(())
    }
}

/// The operations a change reaches, the first of many.
fn reached(change: &Change) -> String {
    let shown: Vec<&str> = change.operations.iter().take(OPERATIONS).map(String::as_str).collect();
    let more = change.operations.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
