//! A post-mortem as what it must be: impact in figures, an ordered timeline, factors, luck, typed actions, and nothing of the template.
//! What it must hold follows PagerDuty's guide (<https://postmortems.pagerduty.com/>) and the example of Google's SRE book, appendix D.

use super::reading::{local, told};
use super::record::{Action, EntryKind, Record};
use super::{Owed, Plan};
use crate::base::{Date, RelPath, Span};
use crate::diag::Place;
use crate::kind;
use crate::markdown::{Front, Part, Table, Words, parts};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// What a page says of an incident.
#[derive(Clone, Debug, Default)]
pub struct Postmortem {
    /// The incident, and where it is named.
    pub incident: Option<(String, Place)>,
    /// Why updates came late.
    pub late_updates: Option<String>,
    /// Phases of its timeline, with their instants.
    pub phases: Vec<(String, i64, Place)>,
    /// What contributed: the words before a colon.
    pub factors: Vec<(String, Place)>,
    /// What is done.
    pub actions: Vec<Action>,
    /// What keeps it from counting.
    pub flaws: Vec<Flaw>,
}

/// What keeps a review from counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub place: Place,
    /// What it is about.
    pub subject: String,
    /// One sentence without a full stop.
    pub message: String,
}

/// Phases that a timeline has, in this order.
pub(super) const PHASES: [&str; 4] = ["detected", "acknowledged", "mitigated", "resolved"];

/// What an action is for.
const ACTIONS: &[&str] = &["prevent", "detect", "mitigate"];

/// The row whose value the record knows: it says nothing of what users met.
pub(super) const LASTED: &str = "How long it lasted";

/// What a page is held to.
struct PostmortemReader<'t> {
    page: &'t RelPath,
    out: Postmortem,
}

impl Postmortem {
    /// Reads a page.
    pub fn read(page: &RelPath, front: &Front, text: &str) -> Self {
        let mut reader = PostmortemReader { page, out: Self::default() };
        let place = front.place_of("incident").cloned().unwrap_or_else(|| Place::whole(page.clone()));
        reader.out.incident = front.text("incident").map(|id| (id.trim().to_owned(), place));
        reader.out.late_updates =
            front.text("late-updates").map(|why| why.trim().to_owned()).filter(|why| !why.is_empty());
        let all = parts(text);
        reader.template(&all);
        let find = |name: &str| all.iter().find(|one| one.heading.text.trim().eq_ignore_ascii_case(name));
        // A heading that is missing is found by the check of required headings.
        let of: [(&str, Read); 6] = [
            ("Summary", |reader, part| reader.words(part, "the summary is empty")),
            ("Impact", |reader, part| reader.impact(part)),
            ("Timeline", |reader, part| reader.timeline(part)),
            ("Contributing factors", |reader, part| reader.factors(part)),
            ("Where we got lucky", |reader, part| reader.words(part, "where you got lucky is not said")),
            ("Actions", |reader, part| reader.actions(part)),
        ];
        for (name, read) in of {
            if let Some(part) = find(name) {
                read(&mut reader, part);
            }
        }
        reader.out
    }
}

/// What reads a part of a page.
type Read = fn(&mut PostmortemReader<'_>, &Part);

/// Sentences of the template, which wait to be replaced.
fn prompts() -> Vec<String> {
    let template = kind::find("postmortem").map_or("", |kind| kind.template);
    let all = parts(template);
    let words = all.iter().flat_map(Part::all).map(|words| words.text.trim().to_owned());
    words.filter(|text| text.ends_with('.')).collect()
}

impl PostmortemReader<'_> {
    fn place(&self, span: Span) -> Place {
        Place { file: self.page.clone(), span }
    }

    fn flaw(&mut self, span: Span, subject: &str, message: impl Into<String>) {
        let place = self.place(span);
        self.out.flaws.push(Flaw { place, subject: subject.to_owned(), message: message.into() });
    }

    fn template(&mut self, all: &[Part]) {
        let prompts = prompts();
        for words in all.iter().flat_map(Part::all) {
            if let Some(prompt) = prompts.iter().find(|prompt| words.text.contains(prompt.as_str())) {
                self.flaw(words.span, "template", format!("the template's words are left: “{prompt}”"));
            }
        }
    }

    fn words(&mut self, part: &Part, message: &str) {
        if part.all().all(|words| words.text.trim().is_empty()) {
            self.flaw(part.heading.span, &part.heading.text, message);
        }
    }

    fn impact(&mut self, part: &Part) {
        let has_figure = |words: &Words| words.text.bytes().any(|byte| byte.is_ascii_digit());
        let mut figures = part.prose.iter().chain(&part.items).any(has_figure);
        for row in part.tables.iter().flat_map(|table| &table.rows) {
            let Some((name, values)) = row.split_first() else { continue };
            if values.iter().all(|value| value.text.trim().is_empty()) {
                let message = format!("the impact has no figure for “{}”", name.text.trim());
                self.flaw(name.span, name.text.trim(), message);
            } else if name.text.trim() != LASTED {
                figures |= values.iter().any(has_figure);
            }
        }
        if !figures {
            self.flaw(
                part.heading.span,
                "impact",
                "the impact is not told in figures, beside how long it lasted",
            );
        }
    }

    fn timeline(&mut self, part: &Part) {
        let found = part.tables.iter().find_map(|table| {
            let time = table.head.iter().position(|head| head.text.trim().starts_with("Time"))?;
            Some((table, time, table.column("Phase")?, table.column("What happened")?))
        });
        let Some((table, time, phase, what)) = found else {
            let message =
                "the timeline is no table with the columns `Time (UTC)`, `Phase` and `What happened`";
            return self.flaw(part.heading.span, "timeline", message);
        };
        let mut last = i64::MIN;
        for row in &table.rows {
            let cell = |at: usize| row.get(at).map_or("", |words| words.text.trim());
            let span = row.first().map_or(part.heading.span, |words| words.span);
            let Some(at) = minute(cell(time)) else {
                self.flaw(
                    span,
                    "time",
                    format!(
                        "`{}` is no time of the timeline: write it as `2026-11-03 02:14`, in UTC",
                        cell(time)
                    ),
                );
                continue;
            };
            if at < last {
                self.flaw(span, cell(time), format!("{} stands below a later time", cell(time)));
            }
            last = last.max(at);
            if cell(what).is_empty() {
                self.flaw(span, cell(time), format!("what happened at {} is not said", cell(time)));
            }
            match cell(phase) {
                "" => {}
                name if PHASES.contains(&name) => {
                    let place = self.place(span);
                    self.out.phases.push((name.to_owned(), at, place));
                }
                name => {
                    self.flaw(span, name, format!("`{name}` is no phase; phases are {}", PHASES.join(", ")));
                }
            }
        }
        self.phases(part);
    }

    /// Each phase once, in their order.
    fn phases(&mut self, part: &Part) {
        let at = |name: &str| self.out.phases.iter().position(|(known, ..)| known == name);
        let found: Vec<_> = PHASES.iter().map(|name| (*name, at(name))).collect();
        for (name, at) in &found {
            let times = self.out.phases.iter().filter(|(known, ..)| known == name).count();
            if at.is_none() {
                self.flaw(part.heading.span, name, format!("the timeline does not say when it was {name}"));
            } else if times > 1 {
                self.flaw(
                    part.heading.span,
                    name,
                    format!("the timeline says {times} times that it was {name}"),
                );
            }
        }
        let there: Vec<_> = found.iter().filter_map(|(name, at)| Some((*name, (*at)?))).collect();
        for pair in there.windows(2) {
            if let [(one, before), (other, after)] = pair
                && after < before
            {
                self.flaw(part.heading.span, other, format!("it was {other} before it was {one}"));
            }
        }
    }

    fn factors(&mut self, part: &Part) {
        for item in part.items.iter().filter(|item| !item.text.trim().is_empty()) {
            let place = self.place(item.span);
            self.out.factors.push((factor(&item.text), place));
        }
        if self.out.factors.is_empty() {
            let message = "no contributing factor is listed";
            self.flaw(part.heading.span, "factors", message);
        }
    }

    fn actions(&mut self, part: &Part) {
        for table in &part.tables {
            self.rows(part, table);
        }
        let none = part
            .prose
            .iter()
            .any(|words| words.text.trim().strip_prefix("None:").is_some_and(|why| !why.trim().is_empty()));
        if self.out.actions.is_empty() && !none {
            let message = "there is no action, and no “None:” that says why";
            self.flaw(part.heading.span, "actions", message);
        }
    }

    fn rows(&mut self, part: &Part, table: &Table) {
        let names = ["Action", "Kind", "Owner", "Due", "Tracker"];
        let columns = names.map(|name| table.column(name));
        let [Some(what), Some(kind), Some(owner), Some(due), Some(tracker)] = columns else {
            let message =
                "the table of actions has not the columns `Action`, `Kind`, `Owner`, `Due` and `Tracker`";
            return self.flaw(part.heading.span, "actions", message);
        };
        for row in &table.rows {
            let cell = |at: usize| row.get(at).map(|words| words.text.trim().to_owned()).unwrap_or_default();
            let link = row.get(tracker).and_then(|words| words.link.clone());
            let span = row.first().map_or(part.heading.span, |words| words.span);
            let action = Action {
                what: cell(what),
                kind: cell(kind),
                owner: cell(owner),
                due: cell(due),
                tracker: link.unwrap_or_else(|| cell(tracker)),
                place: self.place(span),
            };
            self.out.flaws.extend(action.flaws());
            self.out.actions.push(action);
        }
    }
}

impl Action {
    /// What keeps it from being one.
    pub(super) fn flaws(&self) -> Option<Flaw> {
        let message = if self.what.is_empty() {
            "an action does not say what is done".to_owned()
        } else if !ACTIONS.contains(&self.kind.as_str()) {
            format!("the kind of an action is `{}`, and not one of {}", self.kind, ACTIONS.join(", "))
        } else {
            return None;
        };
        Some(Flaw { place: self.place.clone(), subject: self.what.clone(), message })
    }

    /// The day by which it is to be done.
    pub fn day(&self) -> Option<Date> {
        self.due.parse().ok()
    }

    /// What nobody can follow it up without.
    pub fn lacks(&self) -> Vec<&'static str> {
        let mut out = Vec::new();
        if self.owner.is_empty() {
            out.push("no owner");
        }
        if self.day().is_none() {
            out.push("no date");
        }
        if !self.tracker.contains("://") {
            out.push("no address of a ticket");
        }
        out
    }
}

/// What a factor is called: its words before the first colon.
pub(super) fn factor(text: &str) -> String {
    text.split(':').next().unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A time of the timeline, in UTC.
fn minute(text: &str) -> Option<i64> {
    let civil = text.parse::<DateTime>().ok()?;
    let zoned = TimeZone::UTC.to_ambiguous_timestamp(civil).compatible().ok()?;
    // A date alone is no time.
    (text.len() > 10).then(|| zoned.as_second())
}

/// What keeps a post-mortem from counting as the review of a record: its own flaws, and what contradicts the record.
pub fn hold(page: &Postmortem, front: &Front, record: &Record, plan: &Plan) -> Vec<Flaw> {
    let mut out = page.flaws.clone();
    let Some((id, place)) = &page.incident else { return out };
    let mut flaw = |place: &Place, subject: &str, message: String| {
        out.push(Flaw { place: place.clone(), subject: subject.to_owned(), message });
    };
    let at = |key: &str| front.place_of(key).unwrap_or(place);
    let gravest = record.gravest(&plan.severities);
    if front.text("severity").is_some_and(|severity| severity != gravest) {
        flaw(at("severity"), "severity", format!("`{id}` was of the severity {gravest}"));
    }
    let times = record.times();
    let opened = times.opened.map(|opened| plan.day(opened).to_string());
    if let (Some(opened), Some(date)) = (opened, front.text("date"))
        && opened != date
    {
        flaw(at("date"), "date", format!("`{id}` was opened on {opened}"));
    }
    let known = [times.detected, times.acknowledged, times.mitigated, times.resolved];
    for (name, known) in PHASES.iter().zip(known) {
        let told_here = page.phases.iter().find(|(phase, ..)| phase == name);
        if let (Some((_, at, place)), Some(known)) = (told_here, known)
            && at.div_euclid(60) != known.div_euclid(60)
        {
            let message =
                format!("by its record the incident was {name} at {} UTC", local(known, &TimeZone::UTC));
            flaw(place, name, message);
        }
    }
    if let Some(message) = late(record, plan).filter(|_| page.late_updates.is_none()) {
        flaw(
            place,
            "late-updates",
            format!("{message}, and `late-updates` of the front matter does not say why"),
        );
    }
    out
}

/// What keeps the review in a record's log from counting.
pub(super) fn short(record: &Record, plan: &Plan) -> Vec<Flaw> {
    let Some((entry, review)) = record.review() else { return Vec::new() };
    let mut out = Vec::new();
    let mut flaw = |subject: &str, message: String| {
        out.push(Flaw { place: entry.place.clone(), subject: subject.to_owned(), message });
    };
    if entry.by.is_none() {
        flaw("by", "a review says by whom".into());
    }
    if review.none.is_some() {
        return out;
    }
    if entry.text.is_empty() {
        flaw("text", "the review has no words, and no `none` that says why there is no review".into());
    }
    if review.factors.is_empty() {
        flaw("factors", "the review names no contributing factor".into());
    }
    if let Some(message) = late(record, plan).filter(|_| review.late_updates.is_none()) {
        flaw("late-updates", format!("{message}, and `late-updates` of the review does not say why"));
    }
    out.extend(review.actions.iter().filter_map(Action::flaws));
    out
}

/// The longest wait for an update that was too long.
fn late(record: &Record, plan: &Plan) -> Option<String> {
    let all = record.late(plan);
    let worst = all.iter().max_by_key(|late| late.to - late.from)?;
    let minutes = |seconds: i64| seconds / 60;
    Some(format!(
        "from {} on nobody was told anything for {} min, and every {} min was planned",
        told(worst.from),
        minutes(worst.to - worst.from),
        minutes(worst.every)
    ))
}

/// How the review of an incident stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is not resolved yet.
    Open,
    /// It is the same as another.
    Duplicate,
    /// It was reviewed, on this day by this page or in its log.
    Done,
    /// There is a reason for no review.
    None,
    /// Nothing is there yet: what it owes, and by when.
    Owed(Owed, Date),
    /// Something is there that does not count.
    Flawed(Vec<Flaw>),
}

impl Record {
    /// How its review stands; `pages` are the post-mortems that name it, each with what keeps it from counting.
    pub fn standing(&self, plan: &Plan, pages: &[Vec<Flaw>]) -> Standing {
        if self.duplicate_of().is_some() {
            return Standing::Duplicate;
        }
        let Some(resolved) = self.times().resolved else { return Standing::Open };
        let severity = self.gravest(&plan.severities);
        let (owes, _) = plan.owes(severity);
        if pages.iter().any(Vec::is_empty) {
            return Standing::Done;
        }
        if let Some(flaws) = pages.first() {
            return Standing::Flawed(flaws.clone());
        }
        let log = self.review();
        match (owes, log) {
            (Owed::Short, Some((_, review))) => match short(self, plan) {
                flaws if !flaws.is_empty() => Standing::Flawed(flaws),
                _ if review.none.is_some() => Standing::None,
                _ => Standing::Done,
            },
            _ => Standing::Owed(owes, plan.due(severity, resolved)),
        }
    }

    /// The factors that its log names.
    pub fn factors(&self) -> Vec<(String, &Place)> {
        let reviews = self.log.iter().filter_map(|entry| match &entry.kind {
            EntryKind::Review(review) => Some((review, &entry.place)),
            _ => None,
        });
        reviews
            .flat_map(|(review, place)| review.factors.iter().map(move |one| (factor(one), place)))
            .collect()
    }
}
