//! The roster: `oncall.yaml`, with a place for whatever is wrong with it.

use super::escalation::Policy;
use crate::base::{Date, RelPath};
use crate::diag::{Place, Problem, code, nearest};
use crate::openapi::node::Node;
use crate::openapi::{Format, read};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who can be on call: a role handle, as `primary-1`.
#[derive(Clone, Debug)]
pub struct Person {
    /// The handle.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// How they are reached; without it they are not.
    pub contact: Option<String>,
    /// The day on which they last acknowledged a test page.
    pub answered: Option<Date>,
    /// Other names of theirs, as a paging tool knows them.
    pub aliases: Vec<String>,
    /// Where they live, for nights and weekends.
    pub zone: TimeZone,
}

/// How long a shift is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// Days of the calendar: the hand-off keeps its hour over a change of clocks.
    Days(i64),
    /// Hours that pass.
    Hours(i64),
}

/// People who take turns.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Its name.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// Whom an alert reaches first is level 1.
    pub level: i64,
    /// Indices of people, in their order.
    pub people: Vec<usize>,
    /// How long each is on call.
    pub every: Every,
    /// The first hand-off, as clocks show it in the zone.
    pub start: DateTime,
    /// The zone of hand-offs.
    pub zone: TimeZone,
}

/// Somebody stands in for whoever would be on call.
#[derive(Clone, Debug)]
pub struct Override {
    /// The layer's index.
    pub layer: usize,
    /// The person's index.
    pub person: usize,
    /// From this minute.
    pub from: i64,
    /// Until this minute.
    pub to: i64,
    /// Where it is written.
    pub place: Place,
}

/// Somebody cannot be reached.
#[derive(Clone, Debug)]
pub struct Absence {
    /// The person's index.
    pub person: usize,
    /// From this minute.
    pub from: i64,
    /// Until this minute.
    pub to: i64,
    /// Where it is written.
    pub place: Place,
}

/// Nobody has to be reachable, on purpose.
#[derive(Clone, Debug)]
pub struct IntendedGap {
    /// At this level.
    pub level: i64,
    /// From this minute.
    pub from: i64,
    /// Until this minute.
    pub to: i64,
    /// Why.
    pub reason: String,
}

/// Who is on call when.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    /// The time zone of whatever names none of its own; UTC where there is none.
    pub zone: Option<TimeZone>,
    /// In the order of the file.
    pub people: Vec<Person>,
    /// In the order of the file.
    pub layers: Vec<Layer>,
    /// A later one wins.
    pub overrides: Vec<Override>,
    /// Who is away.
    pub absences: Vec<Absence>,
    /// Gaps that are meant.
    pub gaps: Vec<IntendedGap>,
    /// Channels that wake nobody, as a queue of tickets, each with how it is reached; `nobody` is for what no person gets.
    pub receivers: BTreeMap<String, String>,
    /// Whom alerts reach, by severity.
    pub escalation: Vec<Policy>,
    /// Days that are no business days, beside Saturdays and Sundays.
    pub holidays: BTreeSet<Date>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// People, layers, overrides, absences and gaps that are read of one file, each: more are a mistake.
pub(super) const MOST: usize = 10_000;

/// The receiver of what nobody gets; no person may be called so.
pub(super) const NOBODY: &str = "nobody";

/// Days of the longest shift.
const LONGEST_SHIFT: i64 = 366;

/// Keys of the file, and of its parts.
const KEYS: &[&str] =
    &["zone", "people", "layers", "overrides", "absences", "gaps", "escalation", "receivers", "holidays"];
const OF_PEOPLE: &[&str] = &["contact", "zone", "aliases", "answered"];
const OF_LAYERS: &[&str] = &["name", "level", "people", "every", "start", "zone"];

pub(super) struct RosterReader {
    zone: TimeZone,
    pub(super) out: Roster,
}

impl Roster {
    /// Reads the file. What is wrong is left out and said.
    pub fn read(file: &RelPath, text: &str) -> Self {
        let tree = read(file, text, 0, Format::Yaml);
        let mut reader = RosterReader { zone: TimeZone::UTC, out: Self::default() };
        if let Some(problem) = tree.problems.first() {
            reader.say(&problem.place, "yaml", format!("the roster cannot be read: {}", problem.message), "");
            return reader.out;
        }
        if tree.root.map().is_none() {
            let message = format!("the roster is {}, not a mapping", tree.root.type_name());
            reader.say(&tree.root.place, "roster", message, "write `people:` and `layers:`");
            return reader.out;
        }
        reader.keys(&tree.root, KEYS);
        if let Some(zone) = tree.root.get("zone") {
            reader.zone = reader.zone_of(zone);
            reader.out.zone = Some(reader.zone.clone());
        }
        reader.people(&tree.root);
        reader.layers(&tree.root);
        reader.overrides(&tree.root);
        reader.absences(&tree.root);
        reader.gaps(&tree.root);
        reader.receivers(&tree.root);
        reader.escalation(&tree.root);
        reader.holidays(&tree.root);
        reader.out
    }

    /// The levels, the first first.
    pub fn levels(&self) -> Vec<i64> {
        self.layers.iter().map(|layer| layer.level).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl RosterReader {
    fn say(&mut self, place: &Place, subject: &str, message: String, help: &str) {
        self.out.problems.push(Problem::new(code::ONCALL_ROSTER, place, subject, message).help(help));
    }

    pub(super) fn keys(&mut self, node: &Node, known: &[&str]) {
        for entry in node.entries() {
            if !known.contains(&&*entry.key) {
                let near = nearest(&entry.key, known.iter().copied());
                let help = near.map_or_else(
                    || format!("keys are {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                self.say(&entry.place, &entry.key, format!("a roster has no key `{}`", entry.key), &help);
            }
        }
    }

    fn zone_of(&mut self, node: &Node) -> TimeZone {
        let name = node.text().unwrap_or("");
        match TimeZone::get(name) {
            Ok(zone) => zone,
            Err(_) => {
                let message = format!("there is no time zone `{name}`");
                self.say(&node.place, name, message, "write it as in `Europe/Berlin`");
                self.zone.clone()
            }
        }
    }

    /// The zone of a part, which is the roster's where it names none.
    fn own_zone(&mut self, node: &Node) -> TimeZone {
        match node.get("zone") {
            Some(zone) => self.zone_of(zone),
            None => self.zone.clone(),
        }
    }

    fn people(&mut self, root: &Node) {
        let Some(people) = root.get("people") else {
            self.say(&root.place, "people", "the roster names no people".into(), "write `people:`");
            return;
        };
        for entry in people.entries().take(MOST) {
            self.keys(&entry.node, OF_PEOPLE);
            if &*entry.key == NOBODY {
                self.say(
                    &entry.place,
                    &entry.key,
                    "`nobody` stands for nobody".into(),
                    "name the person otherwise",
                );
            }
            let zone = self.own_zone(&entry.node);
            let contact = entry.node.get_text("contact").filter(|text| !text.trim().is_empty());
            let aliases = entry.node.get("aliases").map(Node::list).unwrap_or_default();
            let aliases = aliases.iter().filter_map(Node::text).map(str::to_owned).collect();
            let answered = self.day(entry.node.get("answered"));
            let (name, contact) = (entry.key.to_string(), contact.map(str::to_owned));
            self.out.people.push(Person {
                name,
                place: entry.place.clone(),
                contact,
                aliases,
                answered,
                zone,
            });
        }
    }

    /// The index of a person that a node names.
    fn person(&mut self, node: &Node) -> Option<usize> {
        let name = node.text().unwrap_or("");
        let found = self.out.people.iter().position(|person| person.name == name);
        if found.is_none() {
            let near = nearest(name, self.out.people.iter().map(|person| person.name.as_str()));
            let help = near.map_or_else(
                || "declare them under `people`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            self.say(&node.place, name, format!("`{name}` is nobody of the roster"), &help);
        }
        found
    }

    fn layers(&mut self, root: &Node) {
        let layers = root.get("layers").map(Node::list).unwrap_or_default();
        if layers.is_empty() {
            self.say(
                &root.place,
                "layers",
                "the roster has no layers, so nobody is ever on call".into(),
                "write `layers:`",
            );
        }
        for layer in layers.iter().take(MOST) {
            self.layer(layer);
        }
    }

    fn layer(&mut self, node: &Node) {
        self.keys(node, OF_LAYERS);
        let name = node.get_text("name").unwrap_or("").to_owned();
        if name.is_empty() || self.out.layers.iter().any(|layer| layer.name == name) {
            let what = if name.is_empty() {
                "a layer has no name".to_owned()
            } else {
                format!("a second layer is called `{name}`")
            };
            return self.say(&node.place, &name, what, "give each a name of its own");
        }
        let zone = self.own_zone(node);
        let Some(start) = node.get("start").and_then(civil) else {
            let message = format!("the layer `{name}` has no `start` that is a date and a time");
            return self.say(
                &node.place,
                &name,
                message,
                "write the first hand-off: `start: 2026-01-05T09:00`",
            );
        };
        let Some(every) = node.get_text("every").and_then(every) else {
            let message = format!("the layer `{name}` does not say how long a shift is");
            return self.say(
                node.place_of("every"),
                &name,
                message,
                "write `every: 1w`, `1d` or `12h`; a year at most",
            );
        };
        let level = node
            .get("level")
            .and_then(Node::number)
            .and_then(crate::openapi::node::Number::as_i128)
            .unwrap_or(1);
        let Some(level) = i64::try_from(level).ok().filter(|level| (1..=99).contains(level)) else {
            return self.say(node.place_of("level"), &name, "a level is a number from 1 to 99".into(), "");
        };
        let named = node.get("people").map(Node::list).unwrap_or_default();
        let people: Vec<usize> = named.iter().take(MOST).filter_map(|person| self.person(person)).collect();
        let place = node.get("name").map_or_else(|| node.place.clone(), |name| name.place.clone());
        self.out.layers.push(Layer { name, place, level, people, every, start, zone });
    }

    /// A span that a node has as `from` and `to`, in minutes.
    fn span(&mut self, node: &Node, zone: &TimeZone) -> Option<(i64, i64)> {
        let ends =
            ["from", "to"].map(|key| node.get(key).and_then(civil).and_then(|end| minute_of(end, zone)));
        match ends {
            [Some(from), Some(to)] if from < to => Some((from, to)),
            [Some(_), Some(_)] => {
                self.say(
                    &node.place,
                    "span",
                    "this ends before it begins".into(),
                    "`to` is the first minute after it",
                );
                None
            }
            _ => {
                let help = "write `from: 2026-12-24T09:00` and `to: 2026-12-27T09:00`";
                self.say(&node.place, "span", "this has no `from` and `to` that are dates".into(), help);
                None
            }
        }
    }

    fn overrides(&mut self, root: &Node) {
        for node in root.get("overrides").map(Node::list).unwrap_or_default().iter().take(MOST) {
            self.keys(node, &["layer", "person", "from", "to"]);
            let name = node.get_text("layer").unwrap_or("");
            let Some(layer) = self.out.layers.iter().position(|layer| layer.name == name) else {
                let message = format!("an override is for the layer `{name}`, which the roster has not");
                self.say(node.place_of("layer"), name, message, "");
                continue;
            };
            let zone = self.out.layers.get(layer).map_or(TimeZone::UTC, |layer| layer.zone.clone());
            let person = node.get("person").and_then(|person| self.person(person));
            let (Some(person), Some((from, to))) = (person, self.span(node, &zone)) else { continue };
            let other =
                self.out.overrides.iter().find(|one| one.layer == layer && one.from < to && from < one.to);
            if let Some(other) = other.map(|other| other.place.clone()) {
                let message = format!("two overrides of `{name}` overlap; the later one wins");
                let found = Problem::new(code::ONCALL_ROSTER, &node.place, name, message);
                self.out
                    .problems
                    .push(found.related(&other, "the other").help("let one end where the other begins"));
            }
            self.out.overrides.push(Override { layer, person, from, to, place: node.place.clone() });
        }
    }

    fn absences(&mut self, root: &Node) {
        for node in root.get("absences").map(Node::list).unwrap_or_default().iter().take(MOST) {
            self.keys(node, &["person", "from", "to"]);
            let Some(person) = node.get("person").and_then(|person| self.person(person)) else { continue };
            let zone = self.out.people.get(person).map_or(TimeZone::UTC, |person| person.zone.clone());
            let Some((from, to)) = self.span(node, &zone) else { continue };
            self.out.absences.push(Absence { person, from, to, place: node.place.clone() });
        }
    }

    fn gaps(&mut self, root: &Node) {
        let zone = self.zone.clone();
        for node in root.get("gaps").map(Node::list).unwrap_or_default().iter().take(MOST) {
            self.keys(node, &["level", "from", "to", "reason"]);
            let level = node
                .get("level")
                .and_then(Node::number)
                .and_then(crate::openapi::node::Number::as_i128)
                .unwrap_or(1);
            let reason = node.get_text("reason").unwrap_or("").to_owned();
            if reason.trim().is_empty() {
                self.say(&node.place, "gap", "a gap that is meant says why".into(), "write `reason:`");
            }
            let Some((from, to)) = self.span(node, &zone) else { continue };
            self.out.gaps.push(IntendedGap { level: i64::try_from(level).unwrap_or(0), from, to, reason });
        }
    }
}

impl RosterReader {
    fn receivers(&mut self, root: &Node) {
        for entry in root.get("receivers").into_iter().flat_map(Node::entries).take(MOST) {
            self.keys(&entry.node, &["contact"]);
            match entry.node.get_text("contact").filter(|text| !text.trim().is_empty()) {
                Some(contact) => {
                    self.out.receivers.insert(entry.key.to_string(), contact.to_owned());
                }
                None => {
                    let message = format!("the receiver `{}` does not say how it is reached", entry.key);
                    self.say(&entry.place, &entry.key, message, "write `contact:`");
                }
            }
        }
    }

    fn holidays(&mut self, root: &Node) {
        for node in root.get("holidays").map(Node::list).unwrap_or_default().iter().take(MOST) {
            let day = self.day(Some(node));
            self.out.holidays.extend(day);
        }
    }

    /// A day, if one is written; what is none is said.
    fn day(&mut self, node: Option<&Node>) -> Option<Date> {
        let node = node?;
        let day = node.text().and_then(|text| text.parse().ok());
        if day.is_none() {
            let message = format!("`{}` is no date", node.text().unwrap_or_else(|| node.type_name()));
            self.say(&node.place, "date", message, "write it as 2026-12-25");
        }
        day
    }
}

/// A date and a time without seconds; a date alone is its first minute.
fn civil(node: &Node) -> Option<DateTime> {
    let at = node.text()?.parse::<DateTime>().ok()?;
    at.with().second(0).subsec_nanosecond(0).build().ok()
}

/// `1w`, `3d`, `12h`.
fn every(text: &str) -> Option<Every> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let number: i64 = number.parse().ok().filter(|number| *number > 0)?;
    let (every, days) = match unit.trim() {
        "w" => (Every::Days(number.checked_mul(7)?), number.checked_mul(7)?),
        "d" => (Every::Days(number), number),
        "h" => (Every::Hours(number), number / 24),
        _ => return None,
    };
    (days <= LONGEST_SHIFT).then_some(every)
}

/// The minute at which clocks of a zone show a time. A time that clocks skip is the one as much later, and of one that they show
/// twice it is the first (RFC 5545, section 3.3.5).
pub(super) fn minute_of(civil: DateTime, zone: &TimeZone) -> Option<i64> {
    let instant = zone.to_ambiguous_timestamp(civil).compatible().ok()?;
    Some(instant.as_second().div_euclid(60))
}
