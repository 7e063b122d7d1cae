//! What drills taught: a section of the plan's page, an entry for each drill, the page that changed, and what follows from a
//! drill that failed.

use super::held::Held;
use crate::base::{Date, Span};
use crate::diag::{Place, Problem, code};
use crate::evidence::context::Context;
use crate::model::{Page, PageId, Target};
use crate::runs::evidence::Status;

/// The heading of the section.
pub const HEADING: &str = "What drills taught";

/// How lines begin that say what follows.
const CHANGED: &str = "Changed:";
const ACTION: &str = "Action:";

/// An entry of the section.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// The drill's name.
    pub drill: String,
    /// The day on which it was held.
    pub day: Date,
    /// Pages that it changed.
    pub changed: Vec<PageId>,
    /// Where the entry leads to for what is still to be done, as written.
    pub actions: Vec<String>,
    /// Its heading.
    pub place: Place,
}

/// Reads the section of a page.
pub(super) fn read(
    cx: &Context<'_>,
    (id, page): (PageId, &Page),
    problems: &mut Vec<Problem>,
) -> Vec<Lesson> {
    let headings = &page.doc.facts.headings;
    let Some(at) = headings.iter().position(|heading| heading.text == HEADING) else { return Vec::new() };
    let level = headings.get(at).map_or(6, |heading| heading.level);
    let below = || headings.iter().skip(at + 1).take_while(|heading| heading.level > level);
    let text = cx.world.text(&page.source).unwrap_or_default();
    let mut out = Vec::new();
    for heading in below() {
        let place = heading.place.clone();
        let parts = heading.text.rsplit_once(", ");
        let named = parts.and_then(|(drill, day)| Some((drill.to_owned(), day.parse::<Date>().ok()?)));
        let Some((drill, day)) = named else {
            let message = format!("`{}` names no drill and no day", heading.text);
            let found = Problem::new(code::RECOVERY_LESSON, &place, heading.text.clone(), message);
            problems.push(found.help("write the heading as `dr-full, 2026-11-29`"));
            continue;
        };
        let from = place.span.range().end;
        let starts = headings.iter().map(|heading| heading.place.span.range().start);
        let behind = starts.filter(|start| *start >= from);
        let to = behind.min().unwrap_or(text.len());
        let lines = lines(&text, Span::new(from, to));
        let links = |word: &str| {
            let of_these: Vec<Span> =
                lines.iter().filter(|(_, line)| line.starts_with(word)).map(|(span, _)| *span).collect();
            let all = page.doc.facts.links.iter().zip(&page.targets);
            let on_these = move |span: Span| {
                of_these.iter().any(|line| line.start <= span.start && span.end <= line.end)
            };
            all.filter(move |(link, _)| link.place.file == page.source && on_these(link.place.span))
        };
        let changed = links(CHANGED).filter_map(|(_, target)| match target {
            Target::Page { page, .. } if *page != id => Some(*page),
            _ => None,
        });
        let (changed, actions) =
            (changed.collect(), links(ACTION).map(|(link, _)| link.target.clone()).collect());
        out.push(Lesson { drill, day, changed, actions, place });
    }
    out
}

/// The lines of a part of a text, without the sign of a list before them.
fn lines(text: &str, part: Span) -> Vec<(Span, &str)> {
    let mut at = part.range().start;
    let mut out = Vec::new();
    for line in text.get(part.range()).unwrap_or("").split_inclusive('\n') {
        let span = Span::new(at, at + line.len());
        at += line.len();
        out.push((span, line.trim_start_matches([' ', '-', '*']).trim_end()));
    }
    out
}

/// Holds drills against what is written of them. All of it comes with a change, a bundle or an edit of the page, and not
/// with a day, so it is found in every run.
pub(super) fn hold(
    cx: &Context<'_>,
    (held, lessons): (&[Held], &[Lesson]),
    plan: Option<&Page>,
    problems: &mut Vec<Problem>,
) {
    let mut found = |place: &Place, subject: String, message: String, help: &str| {
        problems.push(Problem::new(code::RECOVERY_LESSON, place, subject, message).help(help));
    };
    for lesson in lessons {
        let subject = format!("{}.{}", lesson.drill, lesson.day);
        let is_held = |one: &&Held| one.drill.drill == lesson.drill && one.day() == Some(lesson.day);
        if !held.iter().any(|one| is_held(&one)) {
            let message = format!("no drill `{}` was held on {}, by its bundles", lesson.drill, lesson.day);
            found(&lesson.place, subject.clone(), message, "`oathbook drill run` leaves a bundle of each");
        }
        if lesson.changed.is_empty() {
            let message = "what this drill taught names no page that it changed".to_owned();
            let help = "write a line `Changed: [title](page.md)`; what changed no page taught nobody";
            found(&lesson.place, subject, message, help);
        }
    }
    let section = plan.map_or_else(
        || format!("give the book a page of `kind: recovery-plan` with a section `{HEADING}`"),
        |page| format!("{}, section `{HEADING}`, holds an entry for it", page.source),
    );
    for (number, one) in held.iter().enumerate() {
        let Some(day) = one.day().filter(|day| day.days() <= cx.today.days() + 1) else { continue };
        let name = &one.drill.drill;
        let entry = lessons.iter().find(|lesson| lesson.drill == *name && lesson.day == day);
        let place = Place::whole(one.file.clone());
        let later = held.iter().skip(number + 1).filter(|later| later.drill.drill == *name);
        let passed_later = later.into_iter().any(|later| later.drill.status == Status::Passed);
        let has_action = entry.is_some_and(|entry| !entry.actions.is_empty());
        if one.drill.status == Status::Failed && !has_action && !passed_later {
            let message =
                format!("`{name}` failed on {day}, none passed since, and no action follows from it");
            let help = format!("{section}, with a line `Action: [what is done](where it stands)`");
            found(&place, format!("{name}.{day}.action"), message, &help);
        } else if one.drill.operator.is_some() && entry.is_none() {
            let message = format!("nobody has written what the drill `{name}` of {day} taught");
            let help = format!("{section}: `### {name}, {day}`, and a line `Changed: [title](page.md)`");
            found(&place, format!("{name}.{day}.taught"), message, &help);
        }
    }
}
