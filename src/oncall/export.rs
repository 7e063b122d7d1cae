//! A roster in the words of other tools: Alertmanager's configuration, PagerDuty's resources as Terraform JSON.

use super::coverage::Spans;
use super::escalation::{Policy, Target};
use super::first::first;
use super::roster::{Every, Layer, NOBODY, Person, Roster};
use crate::base::{Date, Fingerprint};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const DAY: i64 = 24 * 60;

/// The last year that an interval of Alertmanager is given, when it has to hold for ever.
const LAST_YEAR: i64 = 2199;

/// The configuration of Alertmanager (0.24 or newer, for `active_time_intervals`): a route for each policy, a receiver for each
/// person, and an interval of time for each shift of the window, in UTC.
///
/// Alertmanager neither knows acknowledgements nor waits for them, so each alert goes to the first level that has somebody; before
/// and after the window, and in gaps, it goes to the receiver `nobody`.
pub fn alertmanager(roster: &Roster, window: (i64, i64)) -> String {
    let mut routes = String::new();
    let mut receivers = BTreeSet::new();
    let mut intervals = String::new();
    for policy in roster.escalation.iter().filter(|policy| !policy.severities.is_empty()) {
        let matcher = policy.severities.iter().map(|one| escaped(one)).collect::<Vec<_>>().join("|");
        let _ = writeln!(routes, "    - matchers: [{}]", quoted(&format!("severity=~\"{matcher}\"")));
        let first_step = roster.steps(policy).first().map(|step| step.target.clone());
        if let Some(Target::Receiver(name)) = first_step {
            let _ = writeln!(routes, "      receiver: {}", quoted(&name));
            receivers.insert(name);
            continue;
        }
        routes.push_str("      receiver: nobody\n      routes:\n");
        for (who, spans) in responders(roster, policy, window) {
            let interval = format!("{} {who}", policy.name);
            let _ = writeln!(
                routes,
                "        - {{receiver: {}, active_time_intervals: [{}], continue: true}}",
                quoted(&who),
                quoted(&interval)
            );
            let _ = writeln!(intervals, "  - name: {}\n    time_intervals:", quoted(&interval));
            spans.iter().flat_map(|span| ranges(*span)).for_each(|range| intervals.push_str(&range));
            receivers.insert(who);
        }
    }
    receivers.insert(NOBODY.to_owned());
    let mut out = String::from(HEAD);
    out.push_str("route:\n  receiver: nobody\n  group_by: [alertname]\n");
    if !routes.is_empty() {
        let _ = write!(out, "  routes:\n{routes}");
    }
    out.push_str("receivers:\n");
    for name in &receivers {
        let person = roster.people.iter().find(|person| person.name == *name);
        let contact = person.and_then(|person| person.contact.as_ref()).or(roster.receivers.get(name));
        receiver(name, contact.map_or("", String::as_str), &mut out);
    }
    if !intervals.is_empty() {
        let _ = write!(out, "time_intervals:\n{intervals}");
    }
    out
}

const HEAD: &str = "\
# Written by `oathbook oncall export --format alertmanager`; times are UTC. Write it anew before its last shift ends: from then on,
# and wherever the roster has nobody, alerts go to the receiver `nobody`.
";

/// Each name with its minutes; `nobody` has the rest, and all before and after.
fn responders(roster: &Roster, policy: &Policy, window: (i64, i64)) -> Vec<(String, Spans)> {
    let first = first(roster, policy, window);
    let name =
        |person: &usize| roster.people.get(*person).map_or_else(String::new, |person| person.name.clone());
    let mut out: Vec<(String, Spans)> =
        first.people.iter().map(|(person, spans)| (name(person), spans.clone())).collect();
    let mut nobody = first.nobody;
    nobody.insert(0, (window.0 - 366 * DAY, window.0));
    let end = Date::new(i32::try_from(LAST_YEAR).unwrap_or(9999), 12, 31)
        .map_or(window.1, |day| (day.days() + 1) * DAY);
    nobody.push((window.1, end));
    out.push((NOBODY.to_owned(), nobody));
    out
}

/// A receiver: a webhook where the contact is an address of the web. Everything else needs what a roster does not know, as a server of
/// mail or a key, so its receiver is a name to be filled.
fn receiver(name: &str, contact: &str, out: &mut String) {
    let _ = writeln!(out, "  - name: {}", quoted(name));
    if contact.starts_with("http://") || contact.starts_with("https://") {
        let _ = writeln!(out, "    webhook_configs: [{{url: {}}}]", quoted(contact));
    } else {
        let _ = writeln!(
            out,
            "    # How Alertmanager reaches {}: see https://prometheus.io/docs/alerting/latest/configuration/",
            plain(name)
        );
    }
}

/// A span as intervals of Alertmanager: each is a range of days within one month, or a part of one day.
fn ranges((from, to): (i64, i64)) -> Vec<String> {
    let mut out = Vec::new();
    let mut at = from;
    while at < to {
        let day = at.div_euclid(DAY);
        let begin = at - day * DAY;
        if begin > 0 || to < (day + 1) * DAY {
            let end = (to - day * DAY).min(DAY);
            out.push(range(day, day, Some((begin, end))));
            at = day * DAY + end;
            continue;
        }
        let (year, month, _) = parts(day);
        // Whole years are one interval, or the last one would be two thousand.
        let last_whole = Date::from_days(to.div_euclid(DAY) - 1);
        let (end_year, ..) = parts(last_whole.days());
        let starts_year = month == 1 && parts(day).2 == 1;
        if starts_year && end_year > year {
            out.push(format!("      - years: ['{year}:{}']\n", end_year - 1));
            at = start_of_year(end_year) * DAY;
            continue;
        }
        let mut last = day;
        while (last + 2) * DAY <= to && parts(last + 1).1 == month {
            last += 1;
        }
        out.push(range(day, last, None));
        at = (last + 1) * DAY;
    }
    out
}

fn start_of_year(year: i64) -> i64 {
    i32::try_from(year).ok().and_then(|year| Date::new(year, 1, 1)).map_or(i64::MAX / DAY, Date::days)
}

/// Year, month and day of a day.
fn parts(day: i64) -> (i64, i64, i64) {
    let text = Date::from_days(day).to_string();
    let mut numbers = text.split('-').map(|part| part.parse().unwrap_or(1));
    let mut next = || numbers.next().unwrap_or(1);
    (next(), next(), next())
}

fn range(first: i64, last: i64, times: Option<(i64, i64)>) -> String {
    let ((year, month, from), (_, _, to)) = (parts(first), parts(last));
    let clock = |minute: i64| format!("{:02}:{:02}", minute / 60, minute % 60);
    let times = times.map_or_else(String::new, |(begin, end)| {
        format!(", times: [{{start_time: '{}', end_time: '{}'}}]", clock(begin), clock(end))
    });
    format!("      - {{years: ['{year}'], months: ['{month}'], days_of_month: ['{from}:{to}']{times}}}\n")
}

/// A text between quotation marks, as YAML and JSON both read it.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// A name within a comment.
fn plain(name: &str) -> String {
    name.chars().filter(|sign| !sign.is_control()).collect()
}

/// A text as a regular expression that matches it alone (RE2).
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars() {
        if !sign.is_alphanumeric() && !matches!(sign, '_' | ' ') {
            out.push('\\');
        }
        out.push(sign);
    }
    out
}

/// PagerDuty's resources as Terraform JSON: users, a schedule for each layer, an escalation policy for each policy that reaches a
/// level. Terraform has no resource for overrides; they are listed as the bodies that PagerDuty's API takes.
///
/// Format: <https://developer.hashicorp.com/terraform/language/syntax/json>, resources of
/// <https://registry.terraform.io/providers/PagerDuty/pagerduty/latest/docs>.
pub fn pagerduty(roster: &Roster) -> Value {
    let mut resources = Map::new();
    let users: Map<String, Value> =
        roster.people.iter().map(|person| (id(&person.name), user(person))).collect();
    resources.insert("pagerduty_user".into(), users.into());
    let schedules: Map<String, Value> =
        roster.layers.iter().map(|layer| (id(&layer.name), schedule(roster, layer))).collect();
    resources.insert("pagerduty_schedule".into(), schedules.into());
    let policies: Map<String, Value> = roster
        .escalation
        .iter()
        .filter(|policy| !roster.levels_of(policy).is_empty())
        .map(|policy| (id(&policy.name), escalation(roster, policy)))
        .collect();
    resources.insert("pagerduty_escalation_policy".into(), policies.into());
    let mails: Map<String, Value> = roster
        .people
        .iter()
        .map(|person| {
            let told = format!("The address of mail of {}", literal(&person.name));
            (format!("email_{}", id(&person.name)), json!({"type": "string", "description": told}))
        })
        .collect();
    json!({
        "//": overrides(roster),
        "terraform": {"required_providers": {"pagerduty": {"source": "PagerDuty/pagerduty"}}},
        "variable": mails,
        "resource": resources,
    })
}

fn user(person: &Person) -> Value {
    json!({"name": literal(&person.name), "email": format!("${{var.email_{}}}", id(&person.name))})
}

fn schedule(roster: &Roster, layer: &Layer) -> Value {
    let seconds = match layer.every {
        Every::Days(days) => days * DAY * 60,
        Every::Hours(hours) => hours * 3_600,
    };
    let start = layer.zone.to_ambiguous_timestamp(layer.start).compatible().map_or_else(
        |_| layer.start.to_string(),
        |instant| instant.display_with_offset(layer.zone.to_offset(instant)).to_string(),
    );
    let users: Vec<String> = layer
        .people
        .iter()
        .filter_map(|person| roster.people.get(*person))
        .map(|person| format!("${{pagerduty_user.{}.id}}", id(&person.name)))
        .collect();
    json!({
        "name": literal(&layer.name),
        "time_zone": layer.zone.iana_name().unwrap_or("Etc/UTC"),
        "layer": [{
            "name": literal(&layer.name),
            "start": start,
            "rotation_virtual_start": start,
            "rotation_turn_length_seconds": seconds,
            "users": users,
        }],
    })
}

fn escalation(roster: &Roster, policy: &Policy) -> Value {
    let rules: Vec<Value> = roster
        .steps(policy)
        .iter()
        .filter_map(|step| {
            let Target::Level(level) = step.target else { return None };
            let targets: Vec<Value> = roster
                .layers
                .iter()
                .filter(|layer| layer.level == level)
                .map(|layer| {
                    json!({
                        "type": "schedule_reference",
                        "id": format!("${{pagerduty_schedule.{}.id}}", id(&layer.name)),
                    })
                })
                .collect();
            // PagerDuty counts in whole minutes, one at least.
            let minutes = step.wait.as_secs().div_ceil(60).max(1);
            Some(json!({"escalation_delay_in_minutes": minutes, "target": targets}))
        })
        .collect();
    json!({"name": literal(&policy.name), "num_loops": 0, "rule": rules})
}

/// What Terraform cannot say, for whoever reads the file: a body of `POST /schedules/{id}/overrides` each.
fn overrides(roster: &Roster) -> Value {
    let told = |minute: i64| {
        jiff::Timestamp::from_second(minute.saturating_mul(60))
            .map_or_else(|_| String::new(), |at| at.to_string())
    };
    let all: Vec<Value> = roster
        .overrides
        .iter()
        .filter_map(|one| {
            let (layer, person) = (roster.layers.get(one.layer)?, roster.people.get(one.person)?);
            Some(json!({"schedule": layer.name, "user": person.name, "start": told(one.from), "end": told(one.to)}))
        })
        .collect();
    json!({
        "written by": "oathbook oncall export --format pagerduty; not tried against PagerDuty itself",
        "overrides": all,
    })
}

/// A name as Terraform allows it: letters, digits, `_` and `-`, no digit first. Two names that differ stay apart.
fn id(name: &str) -> String {
    let plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '-' || sign == '_';
    if name.chars().all(plain) && name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return name.to_owned();
    }
    let readable: String = name.chars().map(|sign| if plain(sign) { sign } else { '_' }).collect();
    let print = Fingerprint::of(name.as_bytes()).to_string();
    format!("n_{readable}_{}", print.get(..8).unwrap_or(""))
}

/// A text in which Terraform finds no template of its own: a name could otherwise read the files of whoever applies it.
fn literal(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}
