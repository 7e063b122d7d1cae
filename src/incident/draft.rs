//! A post-mortem of which the record has written what it knows. The rest is the template's, so that it does not count yet.

use super::Plan;
use super::postmortem::{LASTED, PHASES};
use super::reading::local;
use super::record::{Entry, EntryKind, Record};
use crate::base::lasting;
use jiff::tz::TimeZone;
use std::fmt::Write as _;
use std::time::Duration;

/// What a post-mortem is made of.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'d> {
    /// The template.
    pub template: &'d str,
    /// The incident.
    pub record: &'d Record,
    /// The plan.
    pub plan: &'d Plan,
    /// Its title; the incident's where nobody gives one.
    pub title: Option<&'d str>,
    /// Who was on call when it was detected, each with their level.
    pub on_call: &'d [(i64, String)],
}

/// The page.
pub fn draft(draft: Draft<'_>) -> String {
    let Draft { template, record, plan, title, on_call } = draft;
    let times = record.times();
    let date = times.opened.map_or_else(String::new, |opened| plan.day(opened).to_string());
    let mut front = format!("severity: {}\nincident: {}", record.gravest(&plan.severities), record.id);
    if record.internal {
        front.push_str("\nvisibility: internal");
    }
    if record.synthetic {
        front.push_str("\nsynthetic: true");
    }
    let mut rows = String::new();
    for entry in &record.log {
        rows.push_str(&row(record, entry));
    }
    for (name, at) in PHASES.iter().zip([times.detected, times.acknowledged, times.mitigated, times.resolved])
    {
        if at.is_none() {
            let _ = writeln!(rows, "|  | {name} |  |");
        }
    }
    let empty: String = PHASES.iter().map(|name| format!("|  | {name} |  |\n")).collect();
    let lasted = match (times.opened, times.resolved) {
        (Some(from), Some(to)) => {
            u64::try_from(to - from).ok().map(|time| lasting::told(Duration::from_secs(time)))
        }
        _ => None,
    };
    let known = known(record, on_call);
    template
        .replace("{title}", &words(title.unwrap_or(&record.title)))
        .replace("{date}", &date)
        .replace("severity: SEV2", &front)
        .replace(&format!("| {LASTED} |  |"), &format!("| {LASTED} | {} |", lasted.unwrap_or_default()))
        .replace(&empty, &rows)
        .replace("## Timeline\n", &format!("## Timeline\n\n{known}"))
}

/// What the record knows beside its timeline.
fn known(record: &Record, on_call: &[(i64, String)]) -> String {
    let alerts: Vec<String> =
        record.alerts().iter().map(|alert| format!("`{}`", alert.replace('`', "'"))).collect();
    let people: Vec<String> =
        on_call.iter().map(|(level, name)| format!("{} at level {level}", words(name))).collect();
    let list =
        |list: Vec<String>, none: &str| if list.is_empty() { none.to_owned() } else { list.join(", ") };
    format!("Alerts: {}. On call: {}.\n", list(alerts, "none"), list(people, "unknown"))
}

/// A line of the log as a row. An entry's first of a phase has its name.
fn row(record: &Record, entry: &Entry) -> String {
    let times = record.times();
    let is_first = |kind: &EntryKind, at: Option<i64>| {
        at == Some(entry.at)
            && record
                .log
                .iter()
                .find(|one| one.at == entry.at && one.kind == *kind)
                .is_some_and(|one| one.place == entry.place)
    };
    let detected = times.detected == Some(entry.at)
        && matches!(entry.kind, EntryKind::Alert(_) | EntryKind::Opened(_))
        && record
            .log
            .iter()
            .find(|one| matches!(one.kind, EntryKind::Alert(_) | EntryKind::Opened(_)))
            .is_some_and(|one| one.place == entry.place);
    let (phase, what) = match &entry.kind {
        EntryKind::Opened(severity) => {
            (if detected { "detected" } else { "" }, format!("Opened as {severity}"))
        }
        EntryKind::Alert(name) => (if detected { "detected" } else { "" }, format!("The alert {name} fired")),
        EntryKind::Acknowledged if is_first(&entry.kind, times.acknowledged) => {
            ("acknowledged", "Acknowledged".into())
        }
        EntryKind::Acknowledged => ("", "Acknowledged".into()),
        EntryKind::Severity(name) => ("", format!("Became {name}")),
        EntryKind::Handover(role, to) => ("", format!("{to} became {role}")),
        EntryKind::Update => ("", "Told those concerned".into()),
        EntryKind::Runbook(page, helped) => {
            ("", format!("Used {page}, which {}", if *helped { "helped" } else { "did not help" }))
        }
        EntryKind::Mitigated if is_first(&entry.kind, times.mitigated) => ("mitigated", "Mitigated".into()),
        EntryKind::Mitigated => ("", "Mitigated".into()),
        EntryKind::Resolved if is_first(&entry.kind, times.resolved) => ("resolved", "Resolved".into()),
        EntryKind::Resolved => ("", "Resolved".into()),
        EntryKind::Duplicate(of) => ("", format!("The same as {of}")),
        EntryKind::Note => ("", String::new()),
        EntryKind::Review(_) => return String::new(),
    };
    let by = entry.by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
    let colon = if what.is_empty() || entry.text.is_empty() { "" } else { ": " };
    format!(
        "| {} | {phase} | {} |\n",
        local(entry.at, &TimeZone::UTC),
        words(&format!("{what}{colon}{}{by}", entry.text))
    )
}

/// Words of a stranger on one line of a page: they make no markup, no directive and no column.
fn words(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars() {
        match sign {
            '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '\\' | '#' | '~' | '$' | '&' => {
                out.extend(['\\', sign])
            }
            '{' => out.push('('),
            '}' => out.push(')'),
            sign if sign.is_control() => out.push(' '),
            sign => out.push(sign),
        }
    }
    out.trim().to_owned()
}
