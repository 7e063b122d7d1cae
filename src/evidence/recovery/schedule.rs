//! What has to be done again and again: tests of restoring, and drills.

use super::declared::{Declared, value_of};
use super::held::Held;
use crate::base::Date;
use crate::diag::{Place, Problem, code};
use crate::evidence::context::Context;
use crate::evidence::runs::Runs;
use crate::model::PageId;
use crate::openapi::node::Node;
use crate::runs::evidence::Status;

/// Something that has to be done again and again.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// `restore-test` or `drill`.
    pub name: String,
    /// What is done: a runbook's path, or a drill's name.
    pub subject: String,
    /// Every so many months.
    pub months: u8,
    /// The first day.
    pub first: Option<Date>,
    /// The day on which it passed last.
    pub last: Option<Date>,
    /// The day on which it failed, if that is later.
    pub failed: Option<Date>,
    /// The page of a runbook.
    pub page: Option<PageId>,
    /// Where it is declared.
    pub place: Place,
}

/// How often, in words, as months, and as days that may lie between.
const EVERY: &[(&str, u8, i64)] = &[("monthly", 1, 31), ("quarterly", 3, 92), ("yearly", 12, 366)];

impl Schedule {
    /// The last day on which it is not late; none where it never passed.
    pub fn until(&self) -> Option<Date> {
        let days = EVERY.iter().find(|(_, months, _)| *months == self.months).map(|(_, _, days)| *days)?;
        Some(Date::from_days(self.last?.days() + days))
    }

    /// In words, as `monthly`.
    pub fn every(&self) -> &'static str {
        EVERY.iter().find(|(_, months, _)| *months == self.months).map_or("", |(word, _, _)| word)
    }
}

/// All schedules, with what was done.
pub(super) fn read(
    cx: &Context<'_>,
    (declared, held): (&Declared, &[Held]),
    problems: &mut Vec<Problem>,
) -> Vec<Schedule> {
    let mut out = Vec::new();
    for entry in declared.node("schedules").map(Node::entries).into_iter().flatten() {
        let name = entry.key.as_ref();
        let mut refuse = |place: &Place, message: String, help: &str| {
            problems.push(Problem::new(code::RECOVERY_DUE, place, name, message).help(help));
        };
        let list = match name {
            "restore-test" => "runbooks",
            "drill" => "drills",
            _ => {
                let message = format!("`{name}` is no schedule of recovery");
                refuse(&entry.place, message, "schedules are restore-test, drill");
                continue;
            }
        };
        let every = entry.node.get_text("every").unwrap_or("");
        let Some((_, months, _)) = EVERY.iter().find(|(word, _, _)| *word == every) else {
            let message = format!("`every` of `{name}` is none of monthly, quarterly, yearly");
            refuse(&entry.place, message, "until it can be read, nobody is told when it is due");
            continue;
        };
        let first = entry.node.get("first").and_then(|first| value_of(first, "first"));
        let day = first.as_ref().and_then(|first| first.text.parse::<Date>().ok());
        if let (Some(first), None) = (&first, day) {
            refuse(first.place, format!("`first` of `{name}` is no date"), "write it as `2026-11-23`");
        }
        let subjects = entry.node.get(list).map(Node::list).unwrap_or_default();
        if subjects.is_empty() {
            refuse(&entry.place, format!("`{name}` lists no `{list}`"), "say what has to be done");
        }
        for node in subjects {
            let Some(subject) = node.text() else { continue };
            let done = if list == "drills" { Some(drills(cx, held, subject)) } else { runs(cx, subject) };
            if list == "drills" && declared.node(&format!("drills.{subject}")).is_none() {
                refuse(
                    &node.place,
                    format!("no drill `{subject}` is declared"),
                    "drills stand below `drills`",
                );
            }
            let Some((last, failed)) = done else {
                let message = format!("`{subject}` is no runbook that runs");
                refuse(&node.place, message, "paths are those of pages, from the repository's root");
                continue;
            };
            let failed = failed.filter(|failed| last.as_ref().is_none_or(|last| *failed > *last));
            out.push(Schedule {
                name: name.to_owned(),
                subject: subject.to_owned(),
                months: *months,
                first: day,
                last: last.map(day_of),
                failed: failed.map(day_of),
                page: (list == "runbooks").then(|| page_of(cx, subject)).flatten(),
                place: node.place.clone(),
            });
        }
    }
    out
}

fn page_of(cx: &Context<'_>, path: &str) -> Option<PageId> {
    cx.pages().find(|(_, page)| page.source.as_str() == path).map(|(id, _)| id)
}

/// A moment of evidence: its day, and the whole of it, by which it is compared.
type Moment = (Date, String);

fn day_of((day, _): Moment) -> Date {
    day
}

/// When a runbook passed last, and when it failed; none where there is no such runbook.
fn runs(cx: &Context<'_>, page: &str) -> Option<(Option<Moment>, Option<Moment>)> {
    let known = cx
        .of::<Runs>()
        .list
        .iter()
        .find(|known| cx.site().pages.get(known.page).is_some_and(|one| one.source.as_str() == page))?;
    let told = known.files.iter().filter_map(|file| file.evidence.as_ref().ok());
    let told: Vec<(Status, Moment)> = told
        .filter_map(|evidence| {
            let run = evidence.run();
            let missed = run.status == Status::Passed && !run.kept();
            let status = if missed { Status::Failed } else { run.status };
            Some((status, (run.day()?, run.started.clone())))
        })
        .collect();
    Some(newest(cx, &told))
}

/// When a drill passed last, and when it failed. Where people take turns, one that nobody of them held is a test of the
/// runbooks, and no drill.
fn drills(cx: &Context<'_>, held: &[Held], name: &str) -> (Option<Moment>, Option<Moment>) {
    let of_these = held.iter().filter(|one| one.drill.drill == name && (one.counts));
    let told: Vec<(Status, Moment)> = of_these
        .filter_map(|one| Some((one.drill.status, (one.day()?, one.drill.started.clone()))))
        .collect();
    newest(cx, &told)
}

/// The newest that passed and the newest that failed; what is yet to come is neither.
fn newest(cx: &Context<'_>, told: &[(Status, Moment)]) -> (Option<Moment>, Option<Moment>) {
    let of = |wanted: Status| {
        let fits =
            |(status, (day, _)): &&(Status, Moment)| *status == wanted && day.days() <= cx.today.days() + 1;
        told.iter().filter(fits).map(|(_, moment)| moment.clone()).max_by(|one, other| one.1.cmp(&other.1))
    };
    (of(Status::Passed), of(Status::Failed))
}

/// What is due; only a nightly run fails because a day has passed.
pub(super) fn due(cx: &Context<'_>, schedules: &[Schedule], problems: &mut Vec<Problem>) {
    if !cx.due {
        return;
    }
    for one in schedules {
        let (subject, every) = (&one.subject, one.every());
        let message = match (one.until(), one.failed) {
            (_, Some(day)) => format!("`{subject}` failed on {day}, and has not passed since"),
            (None, None) => format!("`{subject}` is to be done {every}, and never was"),
            (Some(until), None) if until < cx.today => {
                format!("`{subject}` is to be done {every}, and was due by {until}")
            }
            _ => continue,
        };
        let help = match one.name.as_str() {
            "drill" => format!("`oathbook drill run {subject}`"),
            _ => format!("`oathbook run {subject} --target NAME`"),
        };
        let subject = format!("{}.{subject}", one.name);
        problems.push(Problem::new(code::RECOVERY_DUE, &one.place, subject, message).help(help));
    }
}
