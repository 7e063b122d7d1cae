//! The record of an incident: one YAML file, whose log only grows. What the incident is (its severity, whether it is resolved, who
//! leads it) is read off the log, so that two people who add a line each at the same time contradict nothing.

use super::reading::{Notes, told};
use crate::base::RelPath;
use crate::diag::{Place, Problem, code, nearest};
use crate::openapi::node::Node;
use crate::openapi::{Format, read};
use serde_json::Value;
use std::fmt::Write as _;

/// An incident.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its id, which is its file's name: the day, and letters by chance.
    pub id: String,
    /// Its file.
    pub file: RelPath,
    /// What it is called.
    pub title: String,
    /// Where its title is written.
    pub place: Place,
    /// Whether only the team sees it.
    pub internal: bool,
    /// Whether it is invented.
    pub synthetic: bool,
    /// What it was imported from, as in `alertmanager:GROUP`.
    pub source: Option<String>,
    /// By time; lines of one instant in their order.
    pub log: Vec<Entry>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// A line of the log.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When.
    pub at: i64,
    /// Who says so: a person of the roster, or a role.
    pub by: Option<String>,
    /// What happened.
    pub kind: EntryKind,
    /// In words.
    pub text: String,
    /// Where it is written.
    pub place: Place,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// It became an incident, of this severity.
    Opened(String),
    /// An alert fired.
    Alert(String),
    /// Somebody took it.
    Acknowledged,
    /// It is of another severity now.
    Severity(String),
    /// A role went to somebody: the role, and the person.
    Handover(String, String),
    /// Those concerned were told.
    Update,
    /// A runbook was used: its page, and whether it helped.
    Runbook(String, bool),
    /// Users are no longer affected.
    Mitigated,
    /// It is over.
    Resolved,
    /// It is the same as another.
    Duplicate(String),
    /// Anything else.
    Note,
    /// It was reviewed.
    Review(Review),
}

/// A short review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Why there is none.
    pub none: Option<String>,
    /// Why updates came late.
    pub late_updates: Option<String>,
    /// What contributed.
    pub factors: Vec<String>,
    /// What is done about it.
    pub actions: Vec<Action>,
}

/// What is done so that it does not happen again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// In words.
    pub what: String,
    /// `prevent`, `detect` or `mitigate`.
    pub kind: String,
    /// A team or a role.
    pub owner: String,
    /// A day.
    pub due: String,
    /// Where its state is kept: the address of a ticket.
    pub tracker: String,
    /// Where it is written.
    pub place: Place,
}

/// When an incident went from one state to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// When it was opened.
    pub opened: Option<i64>,
    /// When the first alert fired, or it was opened.
    pub detected: Option<i64>,
    /// When somebody took it.
    pub acknowledged: Option<i64>,
    /// When users were no longer affected.
    pub mitigated: Option<i64>,
    /// When it was over.
    pub resolved: Option<i64>,
}

/// An update that came later than its severity's cadence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// The update before, or the opening.
    pub from: i64,
    /// The update, or the resolution.
    pub to: i64,
    /// Seconds within which it was due.
    pub every: i64,
}

/// Lines of one log that are read: a day of one a second would be a mistake.
const MOST: usize = 10_000;

/// Bytes of a file that is read.
pub(super) const LONGEST: usize = 4 << 20;

const KEYS: &[&str] = &["id", "title", "visibility", "synthetic", "source", "log"];
const OF_ENTRIES: &[&str] = &[
    "at",
    "kind",
    "by",
    "text",
    "severity",
    "alert",
    "role",
    "to",
    "page",
    "helped",
    "of",
    "none",
    "late-updates",
    "factors",
    "actions",
];
const OF_ACTIONS: &[&str] = &["what", "kind", "owner", "due", "tracker"];
const KINDS: &[&str] = &[
    "opened",
    "alert",
    "acknowledged",
    "severity",
    "handover",
    "update",
    "runbook",
    "mitigated",
    "resolved",
    "duplicate",
    "note",
    "review",
];

impl Record {
    /// Reads a file. What is wrong is left out and said.
    pub fn read(file: &RelPath, text: &str) -> Self {
        let mut notes = Notes { code: code::INCIDENT_RECORD, problems: Vec::new() };
        let mut out = Self {
            id: file.stem().to_owned(),
            file: file.clone(),
            title: String::new(),
            place: Place::whole(file.clone()),
            internal: false,
            synthetic: false,
            source: None,
            log: Vec::new(),
            problems: Vec::new(),
        };
        if text.len() > LONGEST {
            notes.say(
                &out.place,
                "length",
                format!("the record is longer than {LONGEST} bytes, and is not read"),
                "",
            );
        } else {
            out.fill(&mut notes, text);
        }
        out.problems = notes.problems;
        out
    }

    fn fill(&mut self, notes: &mut Notes, text: &str) {
        let tree = read(&self.file, text, 0, Format::Yaml);
        let root = &tree.root;
        if let Some(problem) = tree.problems.first() {
            return notes.say(
                &problem.place,
                "yaml",
                format!("the record cannot be read: {}", problem.message),
                "",
            );
        }
        if root.map().is_none() {
            let message = format!("the record is {}, not a mapping", root.type_name());
            return notes.say(&root.place, "record", message, "`oathbook incident open` writes one");
        }
        notes.keys(root, "a record of an incident", KEYS);
        let id = notes.text(root, "id").unwrap_or_default();
        if id != self.id {
            let message = format!("the id `{id}` is not the file's name, `{}`", self.id);
            notes.say(root.place_of("id"), "id", message, "other files name an incident by it");
        }
        self.place = root.get("title").map_or_else(|| root.place.clone(), |title| title.place.clone());
        self.title = notes.text(root, "title").unwrap_or_default();
        if self.title.is_empty() {
            notes.say(root.place_of("title"), "title", "the incident has no title".into(), "write `title:`");
        }
        self.internal = match root.get("visibility").map(|node| (node.text(), &node.place)) {
            None | Some((Some("public"), _)) => false,
            Some((Some("internal"), _)) => true,
            Some((_, place)) => {
                notes.say(place, "visibility", "`visibility` is neither `public` nor `internal`".into(), "");
                // Of two readings the one that shows less.
                true
            }
        };
        self.synthetic = root.get("synthetic").and_then(Node::bool) == Some(true);
        self.source = notes.text(root, "source");
        for node in root.get("log").map(Node::list).unwrap_or_default().iter().take(MOST) {
            self.log.extend(entry(notes, node));
        }
        self.log.sort_by_key(|entry| entry.at);
        self.order(notes);
    }

    /// What cannot have happened in this order, or not twice.
    fn order(&self, notes: &mut Notes) {
        let is = |kind: fn(&EntryKind) -> bool| self.log.iter().filter(move |entry| kind(&entry.kind));
        let opened: Vec<&Entry> = is(|kind| matches!(kind, EntryKind::Opened(_))).collect();
        let help = "`oathbook incident open` writes this line first";
        let Some(first) = opened.first() else {
            return notes.say(
                &self.place,
                "opened",
                "nothing says when the incident was opened".into(),
                help,
            );
        };
        for (twice, what) in [
            (opened.get(1).copied(), "opened"),
            (is(|kind| *kind == EntryKind::Resolved).nth(1), "resolved"),
            (is(|kind| *kind == EntryKind::Mitigated).nth(1), "mitigated"),
        ] {
            let Some(twice) = twice else { continue };
            let message = format!("the incident is {what} a second time at {}", told(twice.at));
            notes.say(&twice.place, what, message, "what happens again is an incident of its own");
        }
        let early = self.log.iter().filter(|entry| {
            entry.at < first.at && !matches!(entry.kind, EntryKind::Alert(_) | EntryKind::Note)
        });
        for entry in early {
            let message = format!(
                "this was at {}, before the incident was opened at {}",
                told(entry.at),
                told(first.at)
            );
            notes.say(&entry.place, "order", message, "only alerts and notes come before");
        }
        let times = self.times();
        for (one, other, words) in [
            (times.detected, times.acknowledged, "acknowledged before it was detected"),
            (times.acknowledged, times.resolved, "resolved before it was acknowledged"),
            (times.mitigated, times.resolved, "resolved before it was mitigated"),
        ] {
            if let (Some(one), Some(other)) = (one, other)
                && other < one
            {
                notes.say(&self.place, "order", format!("the incident was {words}"), "");
            }
        }
        for entry in is(|kind| matches!(kind, EntryKind::Review(_)))
            .filter(|entry| times.resolved.is_none_or(|at| entry.at < at))
        {
            notes.say(&entry.place, "review", "the incident is reviewed before it is resolved".into(), "");
        }
    }

    /// When it went from one state to the next.
    pub fn times(&self) -> Times {
        let first = |wanted: fn(&EntryKind) -> bool| {
            self.log.iter().find(|entry| wanted(&entry.kind)).map(|entry| entry.at)
        };
        let opened = first(|kind| matches!(kind, EntryKind::Opened(_)));
        let alert = first(|kind| matches!(kind, EntryKind::Alert(_)));
        Times {
            opened,
            detected: alert.into_iter().chain(opened).min(),
            acknowledged: first(|kind| *kind == EntryKind::Acknowledged),
            mitigated: first(|kind| *kind == EntryKind::Mitigated),
            resolved: first(|kind| *kind == EntryKind::Resolved),
        }
    }

    /// Its severity at an instant; before the first, the first.
    pub fn severity_at(&self, at: i64) -> &str {
        let named = self.log.iter().filter_map(|entry| match &entry.kind {
            EntryKind::Opened(name) | EntryKind::Severity(name) => Some((entry.at, name.as_str())),
            _ => None,
        });
        let mut first = None;
        let mut last = None;
        for (when, name) in named {
            first.get_or_insert(name);
            last = if when <= at { Some(name) } else { last };
        }
        last.or(first).unwrap_or("")
    }

    /// Its severity at the end.
    pub fn severity(&self) -> &str {
        self.severity_at(i64::MAX)
    }

    /// The gravest severity that it had, in an order of severities: what it owes.
    pub fn gravest<'r>(&'r self, order: &[super::Severity]) -> &'r str {
        let rank = |name: &str| order.iter().position(|one| one.name == name).unwrap_or(usize::MAX);
        let named = self.log.iter().filter_map(|entry| match &entry.kind {
            EntryKind::Opened(name) | EntryKind::Severity(name) => Some(name.as_str()),
            _ => None,
        });
        named.min_by_key(|name| rank(name)).unwrap_or("")
    }

    /// The alerts of it, each once.
    pub fn alerts(&self) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for entry in &self.log {
            if let EntryKind::Alert(name) = &entry.kind
                && !out.contains(&name.as_str())
            {
                out.push(name);
            }
        }
        out
    }

    /// The incident that it is the same as.
    pub fn duplicate_of(&self) -> Option<(&str, &Place)> {
        self.log.iter().rev().find_map(|entry| match &entry.kind {
            EntryKind::Duplicate(of) => Some((of.as_str(), &entry.place)),
            _ => None,
        })
    }

    /// Its review, if it has one in its log; the newest.
    pub fn review(&self) -> Option<(&Entry, &Review)> {
        self.log.iter().rev().find_map(|entry| match &entry.kind {
            EntryKind::Review(review) => Some((entry, review)),
            _ => None,
        })
    }

    /// Updates that came later than the cadence of the severity at that time.
    pub fn late(&self, plan: &super::Plan) -> Vec<Late> {
        let times = self.times();
        let (Some(opened), Some(resolved)) = (times.opened, times.resolved) else { return Vec::new() };
        let within = |entry: &&Entry| (opened..=resolved).contains(&entry.at);
        let mut changes: Vec<i64> = Vec::new();
        let mut updates: Vec<i64> = Vec::new();
        for entry in self.log.iter().filter(within) {
            match entry.kind {
                EntryKind::Severity(_) => changes.push(entry.at),
                EntryKind::Update => updates.push(entry.at),
                _ => {}
            }
        }
        let mut out = Vec::new();
        let mut last = opened;
        for to in updates.into_iter().chain([resolved]) {
            // A severity that changes while somebody waits has a cadence of its own from then on.
            let mut waits = vec![last];
            waits.extend(changes.iter().copied().filter(|at| (last + 1..to).contains(at)));
            let ends = waits.iter().copied().skip(1).chain([to]);
            for (from, end) in waits.iter().copied().zip(ends) {
                let every = plan.severity(self.severity_at(from)).and_then(|severity| severity.every);
                out.extend(every.filter(|every| end - from > *every).map(|every| Late { from, to, every }));
            }
            last = to;
        }
        out
    }

    /// The text of the file with one more line of the log.
    ///
    /// # Errors
    /// Why a line cannot be added at the end, for people.
    pub fn with(file: &RelPath, text: &str, line: &str) -> Result<String, String> {
        let before = Self::read(file, text);
        // A record that says something wrong can still be added to: at three in the morning that is what counts.
        let lines = read(file, text, 0, Format::Yaml);
        let log = lines.root.get("log").map(Node::list).unwrap_or_default();
        let first = log.first().map(|node| node.place.span.range().start);
        let start =
            first.and_then(|at| text.get(..at)).ok_or_else(|| format!("{file} has no `log` with a line"))?;
        let indent = start.rsplit('\n').next().unwrap_or("").split('-').next().unwrap_or("");
        if !indent.trim().is_empty() {
            return Err(format!("the log of {file} is not written as a line for each entry"));
        }
        let out = format!("{}\n{indent}- {line}\n", text.trim_end());
        let after = Self::read(file, &out);
        let added = lines.problems.is_empty() && after.log.len() == before.log.len() + 1;
        if added {
            Ok(out)
        } else {
            Err(format!("the log is not the last thing in {file}, so nothing can be added to it"))
        }
    }
}

fn entry(notes: &mut Notes, node: &Node) -> Option<Entry> {
    if node.map().is_none() {
        let message = format!("a line of the log is {}, not a mapping", node.type_name());
        notes.say(&node.place, "log", message, "`oathbook incident log` writes one");
        return None;
    }
    notes.keys(node, "a line of the log", OF_ENTRIES);
    let at = notes.instant(node, "at");
    let by = notes.text(node, "by");
    let text = node.get("text").and_then(|_| notes.text(node, "text")).unwrap_or_default();
    let name = node.get_text("kind").unwrap_or("");
    let mut wanted = |key: &str| {
        let found = notes.text(node, key);
        if found.is_none() && node.get(key).is_none() {
            notes.say(&node.place, key, format!("a line of the kind `{name}` needs `{key}`"), "");
        }
        found
    };
    let kind = match name {
        "opened" => EntryKind::Opened(wanted("severity")?),
        "alert" => EntryKind::Alert(wanted("alert")?),
        "acknowledged" => EntryKind::Acknowledged,
        "severity" => EntryKind::Severity(wanted("severity")?),
        "handover" => EntryKind::Handover(wanted("role")?, wanted("to")?),
        "update" => EntryKind::Update,
        "runbook" => {
            let page = wanted("page")?;
            let helped = node.get("helped").and_then(Node::bool);
            if helped.is_none() {
                let help = "say whether it helped: `helped: true` or `helped: false`";
                notes.say(
                    node.place_of("helped"),
                    "helped",
                    "whether the runbook helped is not said".into(),
                    help,
                );
            }
            EntryKind::Runbook(page, helped?)
        }
        "mitigated" => EntryKind::Mitigated,
        "resolved" => EntryKind::Resolved,
        "duplicate" => EntryKind::Duplicate(wanted("of")?),
        "note" => EntryKind::Note,
        "review" => EntryKind::Review(review(notes, node)),
        _ => {
            let near = nearest(name, KINDS.iter().copied());
            let help = near.map_or_else(
                || format!("kinds are {}", KINDS.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            notes.say(node.place_of("kind"), name, format!("a log has no lines of the kind `{name}`"), &help);
            return None;
        }
    };
    Some(Entry { at: at?, by, kind, text, place: node.place.clone() })
}

fn review(notes: &mut Notes, node: &Node) -> Review {
    let list = |key: &str| node.get(key).map(Node::list).unwrap_or_default().iter().take(100);
    let factors =
        list("factors").filter_map(|factor| factor.text().map(|text| text.trim().to_owned())).collect();
    let mut actions = Vec::new();
    for one in list("actions") {
        notes.keys(one, "an action", OF_ACTIONS);
        let text = |key: &str| one.get_text(key).unwrap_or("").trim().to_owned();
        actions.push(Action {
            what: text("what"),
            kind: text("kind"),
            owner: text("owner"),
            due: text("due"),
            tracker: text("tracker"),
            place: one.place.clone(),
        });
    }
    Review {
        none: notes.text(node, "none"),
        late_updates: notes.text(node, "late-updates"),
        factors,
        actions,
    }
}

/// A text of a stranger as the value of a line: on one line, without signs that cannot be seen, and not without end.
fn quoted(text: &str) -> String {
    let is_shown = |sign: &char| {
        !sign.is_control() && !matches!(sign, '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{2028}' | '\u{2029}')
    };
    let words: Vec<String> =
        text.split_whitespace().map(|word| word.chars().filter(is_shown).collect::<String>()).collect();
    let all = words.join(" ");
    let short: String = all.chars().take(LONGEST_TEXT).collect();
    Value::from(if short.len() < all.len() { format!("{short} …") } else { short }).to_string()
}

/// Characters of a text in a log; what is longer belongs elsewhere.
const LONGEST_TEXT: usize = 2_000;

/// A line of the log as it is written, without the dash.
pub fn line(at: i64, by: Option<&str>, kind: &EntryKind, text: &str) -> String {
    let (name, more): (&str, Vec<(&str, String)>) = match kind {
        EntryKind::Opened(severity) => ("opened", vec![("severity", quoted(severity))]),
        EntryKind::Alert(name) => ("alert", vec![("alert", quoted(name))]),
        EntryKind::Acknowledged => ("acknowledged", Vec::new()),
        EntryKind::Severity(name) => ("severity", vec![("severity", quoted(name))]),
        EntryKind::Handover(role, to) => ("handover", vec![("role", quoted(role)), ("to", quoted(to))]),
        EntryKind::Update => ("update", Vec::new()),
        EntryKind::Runbook(page, helped) => {
            ("runbook", vec![("page", quoted(page)), ("helped", helped.to_string())])
        }
        EntryKind::Mitigated => ("mitigated", Vec::new()),
        EntryKind::Resolved => ("resolved", Vec::new()),
        EntryKind::Duplicate(of) => ("duplicate", vec![("of", quoted(of))]),
        EntryKind::Note => ("note", Vec::new()),
        EntryKind::Review(review) => ("review", of_review(review)),
    };
    let mut out = format!("{{at: {}, kind: {name}", told(at));
    let by = by.map(|by| ("by", quoted(by)));
    let text = Some(text).filter(|text| !text.trim().is_empty()).map(|text| ("text", quoted(text)));
    for (key, value) in by.into_iter().chain(more).chain(text) {
        let _ = write!(out, ", {key}: {value}");
    }
    out.push('}');
    out
}

fn of_review(review: &Review) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    out.extend(review.none.as_ref().map(|none| ("none", quoted(none))));
    out.extend(review.late_updates.as_ref().map(|late| ("late-updates", quoted(late))));
    if !review.factors.is_empty() {
        let factors: Vec<String> = review.factors.iter().map(|factor| quoted(factor)).collect();
        out.push(("factors", format!("[{}]", factors.join(", "))));
    }
    out
}

/// A new record: its first lines, and the log that follows.
pub fn opened(
    id: &str,
    title: &str,
    (internal, synthetic, source): (bool, bool, Option<&str>),
    log: &[String],
) -> String {
    let mut out = format!("id: {id}\ntitle: {}\n", quoted(title));
    if internal {
        out.push_str("visibility: internal\n");
    }
    if synthetic {
        out.push_str("synthetic: true\n");
    }
    if let Some(source) = source {
        let _ = writeln!(out, "source: {}", quoted(source));
    }
    out.push_str("log:\n");
    for line in log {
        let _ = writeln!(out, "  - {line}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file() -> RelPath {
        RelPath::parse("i/2026-11-03-k7qmxb.yaml").unwrap()
    }

    fn at(text: &str) -> i64 {
        super::super::instant(text).unwrap()
    }

    #[test]
    fn what_is_written_is_read_back_whatever_it_says() {
        let start = at("2026-11-03T02:14:00Z");
        let hostile = "a\"b: {c}\n- d # e \u{1b}[31m\u{2028}\u{85}";
        let kinds = [
            EntryKind::Opened("SEV2".into()),
            EntryKind::Alert(hostile.into()),
            EntryKind::Acknowledged,
            EntryKind::Severity("SEV1".into()),
            EntryKind::Handover("commander".into(), "lead-1".into()),
            EntryKind::Update,
            EntryKind::Runbook("content/a.md".into(), false),
            EntryKind::Mitigated,
            EntryKind::Resolved,
            EntryKind::Duplicate("x".into()),
            EntryKind::Note,
            EntryKind::Review(Review {
                none: Some("known".into()),
                factors: vec!["a: b".into()],
                ..Review::default()
            }),
        ];
        let mut text = opened(
            "2026-11-03-k7qmxb",
            hostile,
            (true, true, Some("alertmanager:{}:{a=\"b\"}")),
            &[line(start, Some("primary-1"), &kinds[0], hostile)],
        );
        for (number, kind) in (1..).zip(&kinds[1..]) {
            text = Record::with(&file(), &text, &line(start + number, None, kind, "")).unwrap();
        }
        let record = Record::read(&file(), &text);
        assert!(record.problems.is_empty(), "{:?}\n{text}", record.problems);
        assert!(record.internal && record.synthetic);
        assert_eq!(record.log.len(), kinds.len());
        assert_eq!(record.log[0].text, "a\"b: {c} - d # e [31m");
        for (entry, kind) in record.log.iter().zip(&kinds) {
            match (&entry.kind, kind) {
                (EntryKind::Alert(name), EntryKind::Alert(_)) => assert_eq!(name, "a\"b: {c} - d # e [31m"),
                (got, wanted) => assert_eq!(got, wanted),
            }
        }
        assert_eq!((record.severity(), record.severity_at(start)), ("SEV1", "SEV2"));
    }

    #[test]
    fn what_cannot_be_is_said_at_its_place() {
        let text = "id: other\ntitle: ''\nlog:\n- {at: 2026-02-30T00:00:00Z, kind: opened, severity: S}\n- {at: 2026-11-03T03:14, kind: note}\n- {at: \"2026-11-03T03:14[Mars/Base]\", kind: note}\n- {at: 2026-11-03T01:00:00Z, kind: resolved}\n- {at: 2026-11-03T00:30:00Z, kind: opened, severity: S}\n- {at: 2026-11-03T02:00:00Z, kind: resolved}\n- {at: 2026-11-03T00:00:00Z, kind: update}\n- {at: 2026-11-03T00:00:00Z, kind: runbok}\n- {at: 2026-11-03T00:00:00Z, kind: runbook, page: a}\n- 7\n";
        let record = Record::read(&file(), text);
        let said: Vec<String> = record
            .problems
            .iter()
            .map(|problem| {
                let line = text[..problem.place.span.range().start].matches('\n').count() + 1;
                format!("{line} {}", problem.message)
            })
            .collect();
        let wanted = [
            "1 the id `other` is not the file's name",
            "2 `title` is text",
            "2 the incident has no title",
            "4 `at` is `2026-02-30T00:00:00Z`, which is no instant",
            "5 `at` is `2026-11-03T03:14`, which",
            "6 `at` is `2026-11-03T03:14[Mars/Base]`, which",
            "11 a log has no lines of the kind `runbok`",
            "12 whether the runbook helped",
            "13 a line of the log is a number",
            "9 the incident is resolved a second time",
            "10 this was at 2026-11-03T00:00:00Z, before",
        ];
        for (said, wanted) in said.iter().zip(wanted) {
            assert!(said.starts_with(wanted), "{said}\n{wanted}");
        }
        assert_eq!(said.len(), wanted.len(), "{said:#?}");
    }

    #[test]
    fn a_line_is_added_only_where_the_log_is_the_end() {
        let line = line(at("2026-11-03T03:00:00Z"), None, &EntryKind::Note, "x");
        let log = "log:\n- {at: 2026-11-03T02:14:00Z, kind: opened, severity: S}\n";
        let head = "id: 2026-11-03-k7qmxb\ntitle: t\n";
        assert!(Record::with(&file(), &format!("{head}{log}# a remark\n"), &line).is_ok());
        for text in
            [format!("{log}{head}"), head.to_owned(), format!("{head}log: []\n"), "[".into(), String::new()]
        {
            assert!(Record::with(&file(), &text, &line).is_err(), "{text}");
        }
        // Written in blocks, as people do.
        let text = format!("{head}log:\n  - at: 2026-11-03T02:14:00Z\n    kind: opened\n    severity: S\n");
        assert!(
            Record::with(&file(), &text, &line)
                .unwrap()
                .ends_with("severity: S\n  - {at: 2026-11-03T03:00:00Z, kind: note, text: \"x\"}\n")
        );
    }

    proptest! {
        #[test]
        fn no_text_ends_the_reader(text in "\\PC{0,200}") {
            Record::read(&file(), &text);
            Record::read(&file(), &format!("id: 2026-11-03-k7qmxb\ntitle: t\nlog:\n- {text}\n"));
        }
    }
}
