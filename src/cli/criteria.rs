//! `oathbook criteria`.

use super::session::Session;
use super::{Context, Exit, print_bytes, push_line};
use crate::base::plain_json;
use crate::evidence;
use crate::evidence::criteria::{Criteria, Judged, Lead, State, Tally};
use serde_json::{Value, json};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook criteria                          each criterion of the file that `criteria.file` names
  oathbook criteria --rows                   and each check box that names its proof
  oathbook criteria --due                    what is too old fails, too
  oathbook criteria --as-of 2027-12-01       as it will stand if nothing is done until then
  oathbook criteria --format json >criteria.json

Exit codes: 0 none is red; 1 one is red (with --rows a check box, too; with --due one that is due, too); 2 the book has neither
criteria nor check boxes with proofs, or the file cannot be read.";

/// Arguments of `criteria`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct CriteriaArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Check boxes, too.
    #[arg(long)]
    rows: bool,
    /// What is due is as bad as what is red.
    #[arg(long)]
    due: bool,
    /// How they are printed.
    #[arg(long, value_enum, default_value = "terminal")]
    format: Format,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// For people.
    Terminal,
    /// For machines.
    Json,
}

/// A criterion or a box, as it is printed.
struct Line<'c> {
    section: String,
    id: String,
    title: &'c str,
    judged: &'c Judged,
}

pub(super) fn criteria(context: &Context, arguments: &CriteriaArguments) -> Exit {
    let session = match Session::open(context, &arguments.dir) {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    let mut any = false;
    let mut bad = false;
    let mut printed = Vec::new();
    let mut out = String::new();
    for project in session.projects() {
        session.opened(&project).with(|cx| {
            let criteria = cx.of::<Criteria>();
            any |= !criteria.list.is_empty() || !criteria.items.is_empty();
            for problem in &criteria.problems {
                context.error(&format!("{}: {}", problem.place.file, problem.message));
            }
            for (what, lines) in lists(criteria, arguments.rows) {
                bad |= lines.iter().any(|line| is_bad(line.judged.state, arguments.due));
                match arguments.format {
                    Format::Terminal => tell(&mut out, what, &lines),
                    Format::Json => {
                        printed.extend(lines.iter().map(|line| as_json(cx, criteria, (what, line))))
                    }
                }
            }
        });
    }
    if !any {
        context.error(
            "the book has no criteria: book.toml names no `criteria.file`, and no check box has a `proof:`",
        );
        return Exit::Usage;
    }
    if arguments.format == Format::Json {
        out = format!("{}\n", plain_json(&Value::Array(printed).to_string()));
    }
    print_bytes(out.as_bytes()).and(if bad { Exit::Findings } else { Exit::Clean })
}

fn is_bad(state: State, due: bool) -> bool {
    state == State::Red || (due && state == State::Due)
}

/// Criteria; check boxes where they are asked for, or where there is nothing else.
fn lists(criteria: &Criteria, rows: bool) -> Vec<(&'static str, Vec<Line<'_>>)> {
    let mut out = Vec::new();
    if !criteria.list.is_empty() {
        let lines = criteria.list.iter().map(|one| Line {
            section: one.section.clone(),
            id: one.id.clone(),
            title: &one.title,
            judged: &one.judged,
        });
        out.push(("criteria", lines.collect()));
    }
    if rows || criteria.list.is_empty() {
        let lines = criteria.items.iter().map(|item| Line {
            section: item.headings.join(", "),
            id: item.id.clone().unwrap_or_default(),
            title: &item.text,
            judged: &item.judged,
        });
        out.push(("check boxes", lines.collect()));
    }
    out
}

fn tell(out: &mut String, what: &str, lines: &[Line<'_>]) {
    let mut section = None;
    for line in lines {
        if section != Some(&line.section) {
            section = Some(&line.section);
            if !line.section.is_empty() {
                push_line(out, &line.section);
            }
        }
        let id = if line.id.is_empty() { String::new() } else { format!("{}: ", line.id) };
        push_line(out, &format!("  {:<12} {id}{}", line.judged.state.name(), line.title));
        if line.judged.state > State::Demonstrated {
            for why in &line.judged.why {
                push_line(out, &format!("               {why}"));
            }
        } else {
            push_line(out, &format!("               {}", line.judged.told_proofs()));
        }
    }
    let tally = Tally::of(lines.iter().map(|line| line.judged.state));
    push_line(out, &format!("{} {what}: {}", lines.len(), tally.told()));
}

fn as_json(cx: &evidence::Context<'_>, criteria: &Criteria, (what, line): (&str, &Line<'_>)) -> Value {
    let lead = |lead: &Lead| match lead {
        Lead::Page(page) => cx.site().pages.get(*page).map(|page| page.source.to_string()),
        Lead::File(file) => Some(file.to_string()),
        Lead::Row(at) => criteria.items.get(*at).map(evidence::criteria::Item::key),
        Lead::Ledger | Lead::Nowhere => None,
    };
    let proofs = line.judged.proofs.iter().map(|proof| {
        json!({"proof": proof.told, "state": proof.state.name(), "why": proof.why, "lead": lead(&proof.lead)})
    });
    json!({
        "kind": if what == "criteria" { "criterion" } else { "check-box" },
        "section": line.section,
        "id": line.id,
        "title": line.title,
        "state": line.judged.state.name(),
        "why": line.judged.why,
        "proofs": proofs.collect::<Vec<_>>(),
    })
}
