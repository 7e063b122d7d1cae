//! What the page of a recovery plan shows: services, failures, runbooks, objectives, and what was proven of each; criteria, the
//! parts of the time, engines, drills, the trend; and the calendar of what has to be done again and again.
//!
//! It is one list of tables, written as HTML on the page, in print and in the bundle, and as Markdown beside the page.

mod tables;

use crate::base::Date;
use crate::base::ics::Calendar;
use crate::evidence::recovery::Plan;
use crate::evidence::runs::Known;
use crate::markdown::{escaped_attribute as attribute, escaped_text as text};
use crate::model::{PageId, Site};
use std::fmt::Write as _;

/// Where the calendar lies in the site.
pub(super) const CALENDAR: &str = "recovery.ics";

/// Where the page of the trend lies in the site.
pub(super) const TREND_PAGE: &str = "recovery-trend.html";

/// Runs that the trend's table shows, the newest.
const TREND: usize = 30;

/// What stands above its table, and the title of its page.
const TREND_TITLE: &str = "Trend of RTO and RPO";

/// What stands in a cell of a table.
#[derive(Clone, Debug)]
enum Piece {
    Plain(String),
    /// With a class, which colours it.
    Marked(&'static str, String),
    Code(String),
    /// A page, by its title.
    Page(PageId),
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Self::Plain(text)
    }
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        Self::Plain(text.to_owned())
    }
}

/// What a cell of a table holds.
type Pieces = Vec<Piece>;

fn one(piece: impl Into<Piece>) -> Pieces {
    vec![piece.into()]
}

/// A table.
struct Table {
    /// Shown above it, and folded away below it; the first has none.
    title: &'static str,
    head: &'static [&'static str],
    rows: Vec<Vec<Pieces>>,
    /// A sentence below it.
    note: Option<String>,
}

/// What a section is made of.
#[derive(Clone, Copy)]
pub(super) struct Shown<'s> {
    pub(super) plan: &'s Plan,
    pub(super) site: &'s Site,
    pub(super) runs: &'s [Known],
    pub(super) today: Date,
}

/// How links are written where the section stands: a page's address, none where it is not there.
pub(super) type Leads<'l> = &'l dyn Fn(PageId) -> Option<String>;

/// Text with its words between backticks as code.
fn with_code(sentence: &str) -> String {
    let parts = sentence.split('`').enumerate();
    let part = |(number, part): (usize, &str)| {
        if number % 2 == 1 { format!("<code>{}</code>", text(part)) } else { text(part) }
    };
    parts.map(part).collect()
}

/// The section as HTML; `made` are the addresses of the calendar and of the page of the trend, from a page of the site.
pub(super) fn section(shown: Shown<'_>, leads: Leads<'_>, made: Option<&[String; 2]>) -> String {
    let mut out = String::from("<section class=\"runs\" aria-label=\"Plan\">\n");
    let (class, sentence) = shown.worst();
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ = writeln!(out, "<p{class}>{}</p>", with_code(&sentence));
    for table in shown.tables() {
        let folded = !table.title.is_empty();
        if folded {
            let _ = writeln!(out, "<details><summary>{}</summary>", text(table.title));
        }
        html(&shown, &table, leads, &mut out);
        if folded {
            out.push_str("</details>\n");
        }
    }
    let there = [calendar(shown.plan).is_some(), shown.has_plots()];
    let words = ["As a calendar", "RTO and RPO, run by run"];
    for ((address, word), _) in made.into_iter().flatten().zip(words).zip(there).filter(|(_, there)| *there) {
        let _ = writeln!(out, "<p><a href=\"{}\">{word}</a></p>", attribute(address));
    }
    out.push_str("</section>\n");
    out
}

/// The page of the trend.
pub(super) fn trend_page(shown: &Shown<'_>, leads: Leads<'_>) -> String {
    let mut out = format!("<h1>{TREND_TITLE}</h1>\n");
    for plot in shown.plots() {
        let _ = writeln!(out, "<h2>{}</h2>\n{}", text(&plot.title), plot.html());
    }
    for table in [shown.trend(), shown.engines()].into_iter().flatten() {
        let _ = writeln!(out, "<h2>{}</h2>", text(table.title));
        html(shown, &table, leads, &mut out);
    }
    out
}

fn html(shown: &Shown<'_>, table: &Table, leads: Leads<'_>, out: &mut String) {
    out.push_str("<div class=\"table-wrapper\"><table><thead><tr>");
    for head in table.head {
        let _ = write!(out, "<th>{}</th>", text(head));
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for cell in row {
            out.push_str("<td>");
            for piece in cell {
                match piece {
                    Piece::Plain(plain) => out.push_str(&with_code(plain)),
                    Piece::Marked(class, marked) => {
                        let _ = write!(out, "<span class=\"{class}\">{}</span>", text(marked));
                    }
                    Piece::Code(code) => {
                        let _ = write!(out, "<code>{}</code>", text(code));
                    }
                    Piece::Page(page) => match leads(*page) {
                        Some(to) => {
                            let title = text(shown.title(*page));
                            let _ = write!(out, "<a href=\"{}\">{title}</a>", attribute(&to));
                        }
                        None => out.push_str(&text(shown.title(*page))),
                    },
                }
            }
            out.push_str("</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    if let Some(note) = &table.note {
        let _ = writeln!(out, "<p>{}</p>", text(note));
    }
}

/// The section as Markdown.
pub(super) fn markdown(shown: Shown<'_>, leads: Leads<'_>) -> String {
    let (_, sentence) = shown.worst();
    let mut out = format!("{sentence}\n");
    for table in shown.tables() {
        out.push('\n');
        if !table.title.is_empty() {
            let _ = write!(out, "**{}**\n\n", table.title);
        }
        let line = |cells: Vec<String>, out: &mut String| {
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        };
        line(table.head.iter().map(|head| (*head).to_owned()).collect(), &mut out);
        line(table.head.iter().map(|_| "---".to_owned()).collect(), &mut out);
        for row in &table.rows {
            let cell = |cell: &Pieces| cell.iter().map(|piece| written(&shown, piece, leads)).collect();
            line(row.iter().map(cell).collect(), &mut out);
        }
        if let Some(note) = &table.note {
            let _ = write!(out, "\n{note}\n");
        }
    }
    out
}

fn written(shown: &Shown<'_>, piece: &Piece, leads: Leads<'_>) -> String {
    let plain = |text: &str| text.replace('|', "\\|").replace('<', "&lt;").replace('\n', " ");
    match piece {
        Piece::Plain(text) | Piece::Marked(_, text) => plain(text),
        Piece::Code(code) => format!("`{}`", code.replace(['`', '\n'], " ").replace('|', "\\|")),
        Piece::Page(page) => {
            let title = plain(shown.title(*page)).replace('[', "\\[").replace(']', "\\]");
            leads(*page).map_or_else(|| title.clone(), |to| format!("[{title}](<{to}>)"))
        }
    }
}

/// Where the section stands in a page's Markdown: behind the title, which it does not begin without.
pub(super) fn in_markdown(text: &str, section: &str) -> String {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if line.starts_with("# ") {
            let (head, rest) = text.split_at_checked(at).unwrap_or((text, ""));
            return format!("{head}\n{section}{rest}");
        }
    }
    format!("{section}\n{text}")
}

/// The schedules whose first day is given, by RFC 5545; none where there are none. The same plan gives the same bytes.
pub(super) fn calendar(plan: &Plan) -> Option<String> {
    let dated: Vec<_> = plan.schedules.iter().filter_map(|one| Some((one, one.first?))).collect();
    if dated.is_empty() {
        return None;
    }
    let mut out = Calendar::new("recovery");
    for (one, first) in dated {
        let what = if one.name == "drill" { "Drill" } else { "Test of restoring" };
        out.event(&format!("{}.{}@oathbook", one.name, one.subject), first, first);
        out.property("RRULE", &format!("FREQ=MONTHLY;INTERVAL={}", one.months));
        out.text("SUMMARY", &format!("{what}: {}", one.subject));
        out.end();
    }
    Some(out.finish())
}
