//! The plan: `incidents.yaml`, with a place for whatever is wrong with it.

use super::reading::Notes;
use crate::base::{Date, RelPath, lasting};
use crate::diag::{Place, Problem, code, nearest};
use crate::openapi::node::{Node, Number};
use crate::openapi::{Format, read};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// What a resolved incident owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// A page of the kind `postmortem`.
    Postmortem,
    /// A review in its log, or a reason for none.
    Short,
}

/// How grave an incident is.
#[derive(Clone, Debug)]
pub struct Severity {
    /// As in `SEV1`.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// When an incident is one of it.
    pub means: String,
    /// Where it is talked about.
    pub channel: Option<String>,
    /// Seconds after which the next update is due.
    pub every: Option<i64>,
    /// What it owes when it is resolved.
    pub owes: Owed,
    /// Within so many business days.
    pub within: u32,
}

/// Who has a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// This person of the roster.
    Person(String),
    /// Whoever is on call in this layer of the roster.
    Layer(String),
}

/// A role in an incident.
#[derive(Clone, Debug)]
pub struct Role {
    /// As in `commander`.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// What whoever has it does.
    pub does: String,
    /// Who has it first.
    pub primary: Option<(Holder, Place)>,
    /// Who has it where the first cannot.
    pub deputy: Option<(Holder, Place)>,
}

/// How much is too much for those on call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Weeks before the date of the run that are looked at.
    pub weeks: u32,
    /// Pages in one shift.
    pub pages: u32,
    /// Pages in one shift between 22 and 6 o'clock where the person lives.
    pub nights: u32,
    /// How often an alert may wake somebody without an incident that names it.
    pub idle: u32,
}

/// What is planned for incidents.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its file.
    pub file: RelPath,
    /// The zone of business days.
    pub zone: TimeZone,
    /// Days that are none of business.
    pub holidays: BTreeSet<Date>,
    /// The gravest first.
    pub severities: Vec<Severity>,
    /// In the order of the file.
    pub roles: Vec<Role>,
    /// Texts for the status page, by the state that each is for.
    pub texts: Vec<(String, String)>,
    /// Who somebody is on a forge or a paging tool, by their name there.
    pub accounts: BTreeMap<String, String>,
    /// How much is too much.
    pub limits: Limits,
    /// The file of alerts that fired, beside the plan.
    pub history: Option<(String, Place)>,
    /// Files of the states of tickets, beside the plan.
    pub trackers: Vec<(String, Place)>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Entries of each part that are read.
const MOST: usize = 1_000;

const KEYS: &[&str] = &[
    "zone",
    "holidays",
    "severities",
    "roles",
    "status-page",
    "accounts",
    "limits",
    "alert-history",
    "trackers",
];
const OF_SEVERITIES: &[&str] = &["means", "channel", "update-every", "review", "within"];
const OF_ROLES: &[&str] = &["does", "primary", "deputy"];
const OF_LIMITS: &[&str] = &["weeks", "pages-per-shift", "night-pages-per-shift", "alert-without-incident"];
/// States of a status page, by Atlassian Statuspage and its likes.
const STATES: &[&str] = &["investigating", "identified", "monitoring", "resolved"];

impl Plan {
    /// Reads the file. What is wrong is left out and said.
    pub fn read(file: &RelPath, text: &str) -> Self {
        let tree = read(file, text, 0, Format::Yaml);
        let mut out = Self {
            file: file.clone(),
            zone: TimeZone::UTC,
            holidays: BTreeSet::new(),
            severities: Vec::new(),
            roles: Vec::new(),
            texts: Vec::new(),
            accounts: BTreeMap::new(),
            limits: Limits { weeks: 4, pages: 6, nights: 2, idle: 3 },
            history: None,
            trackers: Vec::new(),
            problems: Vec::new(),
        };
        let mut notes = Notes { code: code::INCIDENT_PLAN, problems: Vec::new() };
        let root = &tree.root;
        if let Some(problem) = tree.problems.first() {
            notes.say(
                &problem.place,
                "yaml",
                format!("the plan for incidents cannot be read: {}", problem.message),
                "",
            );
        } else if root.map().is_none() {
            let message = format!("the plan for incidents is {}, not a mapping", root.type_name());
            notes.say(&root.place, "plan", message, "write `severities:` and `roles:`");
        } else {
            notes.keys(root, "a plan for incidents", KEYS);
            out.days(&mut notes, root);
            out.severities(&mut notes, root);
            out.roles(&mut notes, root);
            out.words(&mut notes, root);
            out.limits(&mut notes, root);
        }
        out.problems = notes.problems;
        out
    }

    /// The severity of that name.
    pub fn severity(&self, name: &str) -> Option<&Severity> {
        self.severities.iter().find(|severity| severity.name == name)
    }

    /// The role of that name.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name)
    }

    /// What a severity owes; of one that nobody knows, the most.
    pub fn owes(&self, severity: &str) -> (Owed, u32) {
        self.severity(severity).map_or((Owed::Postmortem, 5), |one| (one.owes, one.within))
    }

    /// The day of an instant in the plan's zone.
    pub fn day(&self, second: i64) -> Date {
        let stamp = jiff::Timestamp::from_second(second).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let local = self.zone.to_datetime(stamp);
        let number = |part: i8| u8::try_from(part).unwrap_or(1);
        let date = Date::new(i32::from(local.year()), number(local.month()), number(local.day()));
        date.unwrap_or_else(|| Date::from_unix(second))
    }

    /// The last day on which the review of what was resolved at an instant is not late.
    pub fn due(&self, severity: &str, resolved: i64) -> Date {
        super::workdays::after(self.day(resolved), self.owes(severity).1, &self.holidays)
    }

    fn days(&mut self, notes: &mut Notes, root: &Node) {
        if let Some(zone) = root.get("zone") {
            let name = zone.text().unwrap_or("");
            match TimeZone::get(name) {
                Ok(zone) => self.zone = zone,
                Err(_) => notes.say(
                    &zone.place,
                    name,
                    format!("there is no time zone `{name}`"),
                    "write it as in `Europe/Berlin`",
                ),
            }
        }
        for day in root.get("holidays").map(Node::list).unwrap_or_default().iter().take(MOST) {
            let text = day.text().unwrap_or("");
            match text.parse::<Date>() {
                Ok(date) => drop(self.holidays.insert(date)),
                Err(why) => notes.say(&day.place, text, why, "a holiday is a day"),
            }
        }
    }

    fn severities(&mut self, notes: &mut Notes, root: &Node) {
        let all = root.get("severities");
        if all.is_none_or(|all| all.entries().len() == 0) {
            let message = "the plan names no severities, so nothing is owed for an incident".to_owned();
            notes.say(root.place_of("severities"), "severities", message, "write `severities:`");
        }
        for entry in all.map(Node::entries).into_iter().flatten().take(MOST) {
            let (node, name) = (&entry.node, entry.key.to_string());
            notes.keys(node, "a severity", OF_SEVERITIES);
            let every = node.get("update-every").map(|every| {
                let read = every
                    .text()
                    .and_then(lasting::work)
                    .and_then(|every| i64::try_from(every.as_secs()).ok());
                if read.is_none_or(|every| every == 0) {
                    let message = format!("`update-every` of `{name}` is no time");
                    notes.say(&every.place, &name, message, "write it as `30m` or `1h`");
                }
                read.filter(|every| *every > 0)
            });
            let owes = match node.get("review").map(|review| (review.text(), &review.place)) {
                Some((Some("postmortem"), _)) => Owed::Postmortem,
                Some((Some("short"), _)) | None => Owed::Short,
                Some((_, place)) => {
                    let message = format!("`review` of `{name}` is neither `postmortem` nor `short`");
                    notes.say(place, &name, message, "every incident owes one of them");
                    Owed::Postmortem
                }
            };
            let within = number(notes, node, "within", 1..=60).unwrap_or(5);
            let means = notes.text(node, "means").unwrap_or_default();
            let channel = notes.text(node, "channel");
            let every = every.flatten();
            self.severities.push(Severity {
                name,
                place: entry.place.clone(),
                means,
                channel,
                every,
                owes,
                within,
            });
        }
    }

    fn roles(&mut self, notes: &mut Notes, root: &Node) {
        for entry in root.get("roles").map(Node::entries).into_iter().flatten().take(MOST) {
            let (node, name) = (&entry.node, entry.key.to_string());
            notes.keys(node, "a role", OF_ROLES);
            let does = notes.text(node, "does").unwrap_or_default();
            let [primary, deputy] = ["primary", "deputy"].map(|key| {
                let found = holder(notes, node, key);
                if found.is_none() && node.get(key).is_none() {
                    let help = "write a person of the roster, or `layer NAME` for whoever is on call there";
                    notes.say(&entry.place, &name, format!("the role `{name}` has no `{key}`"), help);
                }
                found
            });
            if let (Some((one, _)), Some((other, place))) = (&primary, &deputy)
                && one == other
            {
                let message = format!("the role `{name}` has the same primary and deputy");
                notes.say(place, &name, message, "whoever cannot take it needs somebody behind them");
            }
            self.roles.push(Role { name, place: entry.place.clone(), does, primary, deputy });
        }
    }

    fn words(&mut self, notes: &mut Notes, root: &Node) {
        for entry in root.get("status-page").map(Node::entries).into_iter().flatten().take(MOST) {
            let state = entry.key.to_string();
            if !STATES.contains(&state.as_str()) {
                let near = nearest(&state, STATES.iter().copied());
                let help = near.map_or_else(
                    || format!("states are {}", STATES.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                notes.say(&entry.place, &state, format!("a status page has no state `{state}`"), &help);
            }
            let text = entry.node.text().unwrap_or("").trim().to_owned();
            if text.is_empty() {
                notes.say(
                    &entry.place,
                    &state,
                    format!("the text for `{state}` is empty"),
                    "write what users read then",
                );
            }
            self.texts.push((state, text));
        }
        for entry in root.get("accounts").map(Node::entries).into_iter().flatten().take(MOST) {
            self.accounts.insert(entry.key.to_string(), entry.node.text().unwrap_or("").to_owned());
        }
        self.history =
            root.get("alert-history").and_then(|node| Some((node.text()?.to_owned(), node.place.clone())));
        let trackers = root.get("trackers").map(Node::list).unwrap_or_default().iter().take(MOST);
        self.trackers =
            trackers.filter_map(|node| Some((node.text()?.to_owned(), node.place.clone()))).collect();
    }

    fn limits(&mut self, notes: &mut Notes, root: &Node) {
        let Some(node) = root.get("limits") else { return };
        notes.keys(node, "`limits`", OF_LIMITS);
        let Limits { weeks, pages, nights, idle } = self.limits;
        self.limits = Limits {
            weeks: number(notes, node, "weeks", 1..=52).unwrap_or(weeks),
            pages: number(notes, node, "pages-per-shift", 0..=1_000).unwrap_or(pages),
            nights: number(notes, node, "night-pages-per-shift", 0..=1_000).unwrap_or(nights),
            idle: number(notes, node, "alert-without-incident", 1..=1_000).unwrap_or(idle),
        };
    }
}

fn number(notes: &mut Notes, node: &Node, key: &str, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
    let value = node.get(key)?;
    let read = value.number().and_then(Number::as_i128).and_then(|number| u32::try_from(number).ok());
    let read = read.filter(|number| range.contains(number));
    if read.is_none() {
        let message = format!("`{key}` is no whole number from {} to {}", range.start(), range.end());
        notes.say(&value.place, key, message, "");
    }
    read
}

/// `lead-1`, or `layer lead`.
fn holder(notes: &mut Notes, node: &Node, key: &str) -> Option<(Holder, Place)> {
    let text = notes.text(node, key)?;
    let place = node.get(key)?.place.clone();
    let holder = match text.strip_prefix("layer ") {
        Some(layer) => Holder::Layer(layer.trim().to_owned()),
        None => Holder::Person(text),
    };
    Some((holder, place))
}
