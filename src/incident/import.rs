//! What other tools know of an incident: Alertmanager's webhook, PagerDuty's log entries, an issue of a forge. Nobody writes YAML at three
//! in the morning.
//!
//! Formats: <https://prometheus.io/docs/alerting/latest/configuration/#webhook_config>, version 4;
//! <https://developer.pagerduty.com/api-reference/> (`GET /incidents/{id}/log_entries`);
//! <https://cli.github.com/manual/gh_issue_view> (`--json`). Who somebody is there is told by the plan's `accounts`; other names are
//! left out, since a record names roles.

use super::Plan;
use super::reading::instant;
use super::record::{EntryKind, Record};
use serde_json::Value;

/// A line to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// When.
    pub at: i64,
    /// Who, where that is known.
    pub by: Option<String>,
    /// What happened.
    pub kind: EntryKind,
    /// In words.
    pub text: String,
}

/// An incident as another tool tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// What it is there: the same incident has the same one each time.
    pub source: String,
    /// What it is called.
    pub title: String,
    /// Its severity, where it says one of the plan's.
    pub severity: Option<String>,
    /// When it began.
    pub opened: i64,
    /// What happened, by time, without the opening.
    pub log: Vec<Import>,
}

/// Lines that are taken of one incident.
const MOST: usize = 5_000;

/// The incidents of a text, by whatever tool's it is.
///
/// # Errors
/// Why it is of none, for people.
pub fn import(text: &str, plan: &Plan) -> Result<Vec<Imported>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
    let mut all = if value.get("alerts").is_some() && value.get("groupKey").is_some() {
        vec![alertmanager(&value, plan)?]
    } else if value.get("log_entries").is_some() {
        pagerduty(&value, plan)?
    } else if value.get("createdAt").is_some() && value.get("title").is_some() {
        vec![forge(&value, plan)?]
    } else {
        return Err("it is neither a webhook of Alertmanager (`alerts`, `groupKey`), nor log entries of PagerDuty (`log_entries`), nor an issue (`gh issue view --json number,title,url,createdAt,closedAt,labels,comments`)".into());
    };
    for one in &mut all {
        one.log.truncate(MOST);
        one.log.sort_by_key(|line| line.at);
    }
    Ok(all)
}

fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Who somebody is here.
fn who(plan: &Plan, name: Option<&str>) -> Option<String> {
    name.and_then(|name| plan.accounts.get(name)).filter(|name| !name.is_empty()).cloned()
}

/// An alert of a webhook: name, severity, beginning, end, words.
type Alert = (String, String, i64, Option<i64>, String);

/// Alerts of a webhook.
fn alerts(value: &Value) -> Result<Vec<Alert>, String> {
    let mut out = Vec::new();
    for alert in list(value, "alerts").iter().take(MOST) {
        let name = text(alert, "/labels/alertname").ok_or("an alert has no label `alertname`")?;
        let severity = text(alert, "/labels/severity").unwrap_or("");
        let begin = text(alert, "/startsAt")
            .and_then(instant)
            .ok_or_else(|| format!("the alert {name} has no `startsAt`"))?;
        // An alert that still fires ends in the year 1.
        let end = text(alert, "/endsAt").and_then(instant).filter(|end| *end > begin);
        let end = end.filter(|_| text(alert, "/status") == Some("resolved"));
        let words = text(alert, "/annotations/summary").or_else(|| text(alert, "/annotations/description"));
        out.push((name.to_owned(), severity.to_owned(), begin, end, words.unwrap_or("").to_owned()));
    }
    if out.is_empty() { Err("it has no alerts".into()) } else { Ok(out) }
}

/// What of a webhook belongs into a history: when, name, severity; only what fires.
///
/// # Errors
/// Why it is no webhook, for people.
pub fn fired(body: &str) -> Result<Vec<(i64, String, String)>, String> {
    let value: Value = serde_json::from_str(body).map_err(|error| format!("it is no JSON: {error}"))?;
    Ok(alerts(&value)?.into_iter().map(|(name, severity, begin, ..)| (begin, name, severity)).collect())
}

fn alertmanager(value: &Value, plan: &Plan) -> Result<Imported, String> {
    let group = text(value, "/groupKey").ok_or("the webhook has no `groupKey`")?;
    let all = alerts(value)?;
    let mut log = Vec::new();
    for (name, _, begin, end, words) in &all {
        log.push(Import { at: *begin, by: None, kind: EntryKind::Alert(name.clone()), text: words.clone() });
        log.extend(end.map(|at| Import {
            at,
            by: None,
            kind: EntryKind::Note,
            text: format!("The alert {name} no longer fires"),
        }));
    }
    let severity = all
        .iter()
        .find_map(|(_, severity, ..)| plan.severity(severity))
        .map(|severity| severity.name.clone());
    let first = all.iter().map(|(name, ..)| name.as_str()).next().unwrap_or("");
    let title = text(value, "/commonAnnotations/summary").unwrap_or(first).to_owned();
    let opened = all.iter().map(|(_, _, begin, ..)| *begin).min().unwrap_or(0);
    Ok(Imported { source: format!("alertmanager:{group}"), title, severity, opened, log })
}

fn pagerduty(value: &Value, plan: &Plan) -> Result<Vec<Imported>, String> {
    let mut out: Vec<Imported> = Vec::new();
    for entry in list(value, "log_entries").iter().take(MOST) {
        let kind = text(entry, "/type").unwrap_or("");
        let at = text(entry, "/created_at").and_then(instant).ok_or("a log entry has no `created_at`")?;
        let id = text(entry, "/incident/id")
            .ok_or("a log entry has no `incident`: ask for it with `include[]=incidents`")?;
        let source = format!("pagerduty:{id}");
        let title = text(entry, "/incident/summary").or_else(|| text(entry, "/incident/title")).unwrap_or(id);
        let named = text(entry, "/agent/summary").or_else(|| text(entry, "/agent/id"));
        let by = who(plan, named).or_else(|| who(plan, text(entry, "/agent/id")));
        let at_all = out.iter().position(|one| one.source == source);
        let at_all = at_all.unwrap_or_else(|| {
            out.push(Imported {
                source,
                title: title.to_owned(),
                severity: None,
                opened: at,
                log: Vec::new(),
            });
            out.len() - 1
        });
        let Some(own) = out.get_mut(at_all) else { continue };
        own.opened = own.opened.min(at);
        let words = text(entry, "/channel/summary").unwrap_or("").to_owned();
        let (kind, text) = match kind.trim_end_matches("_reference").trim_end_matches("_log_entry") {
            "acknowledge" => (EntryKind::Acknowledged, words),
            "resolve" => (EntryKind::Resolved, words),
            "annotate" | "trigger" => (EntryKind::Note, words),
            "status_update" => (EntryKind::Update, text(entry, "/message").unwrap_or(&words).to_owned()),
            "escalate" => (EntryKind::Note, "Escalated to the next level".to_owned()),
            // Notifications, assignments and the like say nothing that the others do not.
            _ => continue,
        };
        if kind != EntryKind::Note || !text.is_empty() {
            own.log.push(Import { at, by, kind, text });
        }
    }
    if out.is_empty() { Err("it has no log entries".into()) } else { Ok(out) }
}

fn forge(value: &Value, plan: &Plan) -> Result<Imported, String> {
    let opened = text(value, "/createdAt").and_then(instant).ok_or("the issue has no `createdAt`")?;
    let title = text(value, "/title").ok_or("the issue has no `title`")?.to_owned();
    let source = text(value, "/url")
        .map(str::to_owned)
        .ok_or("the issue has no `url`: ask for it with `--json url`")?;
    let labels = list(value, "labels").iter().filter_map(|label| text(label, "/name"));
    let severity = labels.filter_map(|name| plan.severity(name)).map(|severity| severity.name.clone()).next();
    let mut log = Vec::new();
    for comment in list(value, "comments").iter().take(MOST) {
        let at = text(comment, "/createdAt").and_then(instant).ok_or("a comment has no `createdAt`")?;
        let by = who(plan, text(comment, "/author/login"));
        let (kind, text) = command(text(comment, "/body").unwrap_or(""));
        log.push(Import { at, by, kind, text });
    }
    if let Some(at) = text(value, "/closedAt").and_then(instant) {
        log.push(Import { at, by: None, kind: EntryKind::Resolved, text: String::new() });
    }
    Ok(Imported { source, title, severity, opened, log })
}

/// A comment as a line: one that begins with a command is that, as `/acknowledged`, `/update TEXT`, `/severity SEV1`,
/// `/runbook PAGE yes`.
fn command(body: &str) -> (EntryKind, String) {
    let note = || (EntryKind::Note, body.to_owned());
    let Some(rest) = body.strip_prefix('/') else { return note() };
    let (name, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let rest = rest.trim();
    let (word, more) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    match (name, word) {
        ("acknowledged", _) => (EntryKind::Acknowledged, rest.to_owned()),
        ("mitigated", _) => (EntryKind::Mitigated, rest.to_owned()),
        ("update", _) => (EntryKind::Update, rest.to_owned()),
        ("severity", name) if !name.is_empty() => {
            (EntryKind::Severity(name.to_owned()), more.trim().to_owned())
        }
        ("runbook", page) if !page.is_empty() => {
            let (helped, words) = more.trim().split_once(char::is_whitespace).unwrap_or((more.trim(), ""));
            match helped {
                "yes" | "no" => {
                    (EntryKind::Runbook(page.to_owned(), helped == "yes"), words.trim().to_owned())
                }
                _ => note(),
            }
        }
        _ => note(),
    }
}

impl Imported {
    /// What a record does not have yet.
    pub fn missing(&self, record: &Record) -> Vec<&Import> {
        let is_there =
            |line: &Import| record.log.iter().any(|entry| entry.at == line.at && entry.kind == line.kind);
        let once = |line: &Import| match line.kind {
            EntryKind::Resolved => record.times().resolved.is_some(),
            EntryKind::Mitigated => record.times().mitigated.is_some(),
            _ => false,
        };
        self.log.iter().filter(|line| !is_there(line) && !once(line)).collect()
    }
}
