//! Every check's page is its test: fenced files with a title make a repository, and a fence of language `findings`
//! says what oathbook finds in it; with `due=DATE` behind it, under `--due` on that date. `OATHBOOK_BLESS=1` rewrites the expectations; read the difference before you keep
//! it.

use crate::support::{check_change, show};
use oathbook::base::Date;
use oathbook::diag::Group;
use oathbook::evidence::SORTS;
use oathbook::evidence::check::ALL;
use oathbook::world::MemoryWorld;
use std::path::{Path, PathBuf};

/// A fence with `before` is the base's file; one with `after` is only at the head; others are the same on both.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Before,
    After,
}

/// One example of a page: its files, and what is to be found in them.
pub struct Example {
    pub heading: String,
    pub files: Vec<(String, String)>,
    /// Which side of a change each file belongs to: `before`, `after`, or both.
    sides: Vec<Side>,
    /// The date of a run with `--due`.
    due: Option<Date>,
    pub expected: Option<String>,
    /// Where the expectation stands in the page, by line.
    lines: std::ops::Range<usize>,
}

/// The examples of a page, one for each section that has an expectation.
pub fn examples(doc: &str) -> Vec<Example> {
    let mut out = Vec::new();
    let mut now = Example {
        heading: String::new(),
        files: Vec::new(),
        sides: Vec::new(),
        due: None,
        expected: None,
        lines: 0..0,
    };
    let lines: Vec<&str> = doc.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        let ticks = line.bytes().take_while(|b| *b == b'`').count();
        if ticks >= 3 {
            let fence = &line[..ticks];
            let info = &line[ticks..];
            let end = (at + 1..lines.len()).find(|n| lines[*n].trim_end() == fence).unwrap_or(lines.len());
            let body: String = lines[at + 1..end].iter().map(|line| format!("{line}\n")).collect();
            if let Some(title) = info.split("title=\"").nth(1).and_then(|rest| rest.split('"').next()) {
                now.files.push((title.to_owned(), body));
                now.sides.push(match info.rsplit(' ').next() {
                    Some("before") => Side::Before,
                    Some("after") => Side::After,
                    _ => Side::Both,
                });
            } else if let Some(day) = info.trim().strip_prefix("findings") {
                now.due = day.trim().strip_prefix("due=").map(|day| day.parse().unwrap());
                now.expected = Some(body);
                now.lines = at + 1..end;
            }
            at = end + 1;
            continue;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            let done = std::mem::replace(
                &mut now,
                Example {
                    heading: heading.to_owned(),
                    files: Vec::new(),
                    sides: Vec::new(),
                    due: None,
                    expected: None,
                    lines: 0..0,
                },
            );
            out.push(done);
        }
        at += 1;
    }
    out.push(now);
    out.retain(|example| example.expected.is_some());
    out
}

fn findings(example: &Example, pedantic: bool) -> String {
    let (mut world, mut base) = (MemoryWorld::new(), MemoryWorld::new());
    for ((path, text), side) in example.files.iter().zip(&example.sides) {
        if *side != Side::Before {
            world.set(path, text.as_bytes());
        }
        let replaced =
            example.files.iter().zip(&example.sides).any(|((p, _), s)| p == path && *s == Side::Before);
        if *side == Side::Before || *side == Side::Both && !replaced {
            base.set(path, text.as_bytes());
        }
    }
    let changes = example.sides.iter().any(|side| *side != Side::Both);
    let mut out = String::new();
    let world = example.due.map_or(world.clone(), |day| world.at(day));
    for checked in check_change(&world, changes.then_some(&base), (pedantic, example.due.is_some())) {
        for diagnostic in &checked.report.diagnostics {
            out.push_str(&show(&world, diagnostic));
            out.push('\n');
        }
        for hint in &checked.report.hints {
            let shown = show(&world, hint);
            let (_, rest) = shown.split_once('[').unwrap();
            out.push_str(&format!("hint[{rest}\n"));
        }
    }
    out
}

fn page(code: &str) -> PathBuf {
    let sort = SORTS.iter().find(|sort| sort.checks.iter().any(|check| check.code == code)).unwrap();
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/evidence").join(sort.name).join(format!("{code}.md"))
}

#[test]
fn every_example_of_every_check_finds_what_its_page_says() {
    let bless = std::env::var_os("OATHBOOK_BLESS").is_some();
    let mut wrong = Vec::new();
    for check in ALL.iter() {
        let mut lines: Vec<String> = check.doc.lines().map(str::to_owned).collect();
        for example in examples(check.doc).into_iter().rev() {
            let got = findings(&example, check.group == Group::Pedantic);
            if Some(&got) == example.expected.as_ref() {
                continue;
            }
            wrong.push(format!(
                "{} / {}\nexpected:\n{}got:\n{got}",
                check.code,
                example.heading,
                example.expected.unwrap_or_default()
            ));
            lines.splice(example.lines, got.lines().map(str::to_owned));
        }
        if bless {
            std::fs::write(page(check.code), lines.join("\n") + "\n").unwrap();
        }
    }
    assert!(wrong.is_empty() || bless, "{}", wrong.join("\n\n"));
}
