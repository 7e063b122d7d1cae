//! The records, and what they name: severities, people, roles, runbooks, other incidents.

use crate::base::{RelPath, parallel_map};
use crate::diag::{Place, Problem, code, nearest};
use crate::evidence::Context;
use crate::evidence::oncall::Oncall;
use crate::incident::{EntryKind, Plan, Record};
use crate::model::PageId;
use std::collections::{BTreeMap, BTreeSet};

/// Files of the folder that are read.
const MOST: usize = 100_000;

/// The folder of records.
pub(super) fn folder(cx: &Context<'_>) -> Option<RelPath> {
    let name = cx.config.incidents.records.as_ref()?;
    cx.config.root.join(name).ok()
}

pub(super) fn read(cx: &Context<'_>, problems: &mut Vec<Problem>) -> Vec<Record> {
    let Some(folder) = folder(cx) else { return Vec::new() };
    let is_record =
        |path: &RelPath| path.parent() == folder && matches!(path.extension(), Some("yaml" | "yml"));
    let files: Vec<RelPath> = cx.world.files(&folder).into_iter().filter(is_record).take(MOST).collect();
    let all = parallel_map(&files, |file| match cx.world.text(file) {
        Ok(text) => Ok(Record::read(file, &text)),
        Err(error) => Err((file.clone(), error.to_string())),
    });
    let mut out: Vec<Record> = Vec::with_capacity(files.len());
    for one in all {
        match one {
            Ok(record) => out.push(record),
            Err((file, why)) => {
                let message = format!("the record cannot be read: {why}");
                problems.push(Problem::new(code::INCIDENT_RECORD, &Place::whole(file), "file", message));
            }
        }
    }
    out.sort_by(|one, other| one.id.cmp(&other.id));
    for record in &out {
        problems.extend(record.problems.iter().cloned());
    }
    out
}

/// What records name that is not there.
struct Known<'k> {
    plan: &'k Plan,
    people: BTreeSet<&'k str>,
    has_roster: bool,
    records: BTreeMap<&'k str, &'k Record>,
    problems: &'k mut Vec<Problem>,
}

pub(super) fn check(cx: &Context<'_>, plan: &Plan, records: &[Record], problems: &mut Vec<Problem>) {
    let oncall = cx.of::<Oncall>();
    let people = oncall.roster.people.iter().map(|person| person.name.as_str());
    let mut known = Known {
        plan,
        people: people.chain(plan.roles.iter().map(|role| role.name.as_str())).collect(),
        has_roster: oncall.file.is_some(),
        records: records.iter().map(|record| (record.id.as_str(), record)).collect(),
        problems,
    };
    for record in records {
        for entry in &record.log {
            known.entry(cx, &entry.kind, entry.by.as_deref(), &entry.place);
        }
        known.duplicate(record);
    }
    twice(records, known.problems);
}

impl Known<'_> {
    fn say(&mut self, place: &Place, subject: &str, message: String, help: &str) {
        self.problems.push(Problem::new(code::INCIDENT_RECORD, place, subject, message).help(help));
    }

    fn entry(&mut self, cx: &Context<'_>, kind: &EntryKind, by: Option<&str>, place: &Place) {
        if let Some(by) = by {
            self.person(by, place);
        }
        match kind {
            EntryKind::Opened(severity) | EntryKind::Severity(severity)
                if self.plan.severity(severity).is_none() =>
            {
                let all: Vec<&str> = self.plan.severities.iter().map(|one| one.name.as_str()).collect();
                let message = format!("the plan has no severity `{severity}`");
                self.say(place, severity, message, &format!("severities are {}", all.join(", ")));
            }
            EntryKind::Handover(role, to) => {
                self.person(to, place);
                if self.plan.role(role).is_none() {
                    self.say(
                        place,
                        role,
                        format!("the plan has no role `{role}`"),
                        "roles stand below `roles`",
                    );
                }
            }
            EntryKind::Runbook(page, _) if page_of(cx, page).is_none() => {
                let help = "name it by its file, from the repository's root or the source folder";
                self.say(place, page, format!("there is no page `{page}`"), help);
            }
            _ => {}
        }
    }

    fn person(&mut self, name: &str, place: &Place) {
        if self.has_roster && !self.people.contains(name) {
            let near = nearest(name, self.people.iter().copied());
            let help = near.map_or_else(
                || "records name people of the roster or roles of the plan".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.say(place, name, format!("`{name}` is nobody of the roster, and no role"), &help);
        }
    }

    /// What it is the same as is there, and is no duplicate itself: chains and circles would owe nothing.
    fn duplicate(&mut self, record: &Record) {
        let Some((of, place)) = record.duplicate_of() else { return };
        match self.records.get(of) {
            None => self.say(place, of, format!("there is no incident `{of}`"), ""),
            Some(other) if other.duplicate_of().is_some() => {
                let message = format!("`{of}` is a duplicate itself");
                self.say(place, of, message, "name the incident that is reviewed");
            }
            Some(_) => {}
        }
    }
}

/// Incidents that were imported twice.
fn twice(records: &[Record], problems: &mut Vec<Problem>) {
    let mut open: BTreeMap<&str, &Record> = BTreeMap::new();
    for record in records.iter().filter(|record| record.duplicate_of().is_none()) {
        let Some(source) = record.source.as_deref().filter(|source| !source.starts_with("alertmanager:"))
        else {
            continue;
        };
        if let Some(other) = open.insert(source, record) {
            let message = format!("`{}` was imported from the same place", other.id);
            let found = Problem::new(code::INCIDENT_RECORD, &record.place, source, message);
            problems.push(
                found
                    .related(&other.place, "the other")
                    .help("`oathbook incident log ID --duplicate-of OTHER`"),
            );
        }
    }
}

/// The page of a file that is named from the repository's root or from the source folder.
pub(super) fn page_of(cx: &Context<'_>, name: &str) -> Option<PageId> {
    let path = RelPath::parse(name).ok()?;
    let below = path.below(cx.site().src());
    below.as_ref().and_then(|path| cx.site().page_at(path)).or_else(|| cx.site().page_at(&path))
}
