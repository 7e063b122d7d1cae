//! The plan: `capacity.yaml`, with a place for whatever is wrong with it.

use super::{Accepted, Event, Period, Planned, Resource, Series};
use crate::base::{Date, RelPath, lasting};
use crate::diag::{Place, Problem, code};
use crate::openapi::node::Node;
use crate::openapi::notes::Notes;
use crate::openapi::{Format, read};

/// What is planned.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its file.
    pub file: RelPath,
    /// Whether what it plans for is made up.
    pub synthetic: bool,
    /// The share of cases that planned capacity must carry, in percent: 80 or 95.
    pub carries: u8,
    /// In the order of the file.
    pub series: Vec<Series>,
    /// In the order of the file.
    pub resources: Vec<Resource>,
    /// The file of prices, beside the plan.
    pub prices: Option<(String, Place)>,
    /// The file of what was spent, beside the plan.
    pub actuals: Option<(String, Place)>,
    /// The folder of recorded forecasts, beside the plan.
    pub forecasts: String,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Entries of each part that are read.
const MOST: usize = 500;

const KEYS: &[&str] = &["synthetic", "carries", "series", "resources", "prices", "actuals", "forecasts"];
const OF_SERIES: &[&str] = &["metric", "unit", "period", "season", "source", "statistic", "synthetic"];
const OF_RESOURCES: &[&str] = &[
    "unit",
    "driver",
    "demand",
    "base",
    "source",
    "peak-factor",
    "node",
    "lost-nodes",
    "headroom",
    "planned",
    "events",
    "quota",
    "lead-time",
    "trigger",
    "scaling",
    "price",
    "accepted",
];

/// The widest bound of numbers: beyond it, doubles no longer tell ones apart.
const LARGE: f64 = 9.0e15;

impl Plan {
    /// Reads the file. What is wrong is left out and said.
    pub fn read(file: &RelPath, text: &str) -> Self {
        let tree = read(file, text, 0, Format::Yaml);
        let mut out = Self {
            file: file.clone(),
            synthetic: false,
            carries: 95,
            series: Vec::new(),
            resources: Vec::new(),
            prices: None,
            actuals: None,
            forecasts: "forecasts".into(),
            problems: Vec::new(),
        };
        let mut notes = Notes::of(code::CAPACITY_PLAN);
        let root = &tree.root;
        if let Some(problem) = tree.problems.first() {
            let message = format!("the capacity plan cannot be read: {}", problem.message);
            notes.say(&problem.place, "yaml", message, "");
        } else if root.map().is_none() {
            let message = format!("the capacity plan is {}, not a mapping", root.type_name());
            notes.say(&root.place, "plan", message, "write `series:` and `resources:`");
        } else {
            notes.keys(root, "a capacity plan", KEYS);
            out.head(&mut notes, root);
            out.series(&mut notes, root);
            out.resources(&mut notes, root);
        }
        out.problems = notes.problems;
        out
    }

    /// The series of that name.
    pub fn find(&self, name: &str) -> Option<&Series> {
        self.series.iter().find(|series| series.name == name)
    }

    fn head(&mut self, notes: &mut Notes, root: &Node) {
        self.synthetic = root.get("synthetic").and_then(Node::bool).unwrap_or(false);
        if let Some(share) = notes.number(root, "carries", 80.0..=95.0) {
            self.carries = if share < 95.0 { 80 } else { 95 };
            if root
                .get("carries")
                .and_then(Node::number)
                .is_none_or(|share| !["80", "95"].contains(&share.as_str()))
            {
                let message = "`carries` is neither 80 nor 95".to_owned();
                notes.say(
                    root.place_of("carries"),
                    "carries",
                    message,
                    "these are the intervals that are made",
                );
            }
        }
        let file = |notes: &mut Notes, key: &str| {
            let name = notes.text(root, key)?;
            Some((name, root.get(key)?.place.clone()))
        };
        self.prices = file(notes, "prices");
        self.actuals = file(notes, "actuals");
        if let Some((folder, _)) = file(notes, "forecasts") {
            self.forecasts = folder;
        }
    }

    fn series(&mut self, notes: &mut Notes, root: &Node) {
        let all = root.get("series");
        if all.is_none_or(|all| all.entries().len() == 0) {
            let message = "the plan names no series, so nothing can be forecast".to_owned();
            notes.say(root.place_of("series"), "series", message, "write `series:`");
        }
        for entry in all.map(Node::entries).into_iter().flatten().take(MOST) {
            let (node, name) = (&entry.node, entry.key.to_string());
            notes.keys(node, "a series", OF_SERIES);
            let what = format!("the series `{name}`");
            let mut needed = |key: &str, help: &str| notes.needed(node, &what, key, help);
            let metric = needed("metric", "name what the monitoring measures");
            let unit = needed("unit", "write the unit of its values, as in `GB` or `requests/s`");
            let source = needed("source", "name its file of `time,value`, beside the plan");
            let period = needed("period", "write `month`, `week` or `day`").and_then(|text| {
                let found = Period::find(&text);
                if found.is_none() {
                    let message = format!("`{text}` is no period");
                    notes.say(node.place_of("period"), &name, message, "write `month`, `week` or `day`");
                }
                found
            });
            let season = notes.number(node, "season", 1.0..=366.0).unwrap_or(1.0);
            let mean = match notes.text(node, "statistic").as_deref() {
                None | Some("peak") => false,
                Some("mean") => true,
                Some(other) => {
                    let message = format!("`statistic` is `{other}`, and neither `peak` nor `mean`");
                    notes.say(node.place_of("statistic"), &name, message, "capacity must carry the peak");
                    true
                }
            };
            let (Some(metric), Some(unit), Some(source), Some(period)) = (metric, unit, source, period)
            else {
                continue;
            };
            let synthetic = node.get("synthetic").and_then(Node::bool).unwrap_or(self.synthetic);
            self.series.push(Series {
                name,
                metric,
                unit,
                period,
                season: season as usize,
                mean,
                source,
                place: node.place_of("source").clone(),
                declared: entry.place.clone(),
                synthetic,
                first: 0,
                values: Vec::new(),
                last: None,
                faulty: true,
            });
        }
    }

    fn resources(&mut self, notes: &mut Notes, root: &Node) {
        for entry in root.get("resources").map(Node::entries).into_iter().flatten().take(MOST) {
            let (node, name) = (&entry.node, entry.key.to_string());
            notes.keys(node, "a resource", OF_RESOURCES);
            let what = format!("the resource `{name}`");
            let unit = notes.needed(node, &what, "unit", "write the unit of what it needs");
            let driver = notes.needed(node, &what, "driver", "name the series that it grows with");
            let source = notes.needed(
                node,
                &what,
                "source",
                "say where its unit demand comes from: a load test, a measurement",
            );
            for key in ["demand", "node", "planned", "lead-time"] {
                if node.get(key).is_none() {
                    let help = "a resource has `demand` for each unit of its driver, what a `node` holds, `planned` nodes by date, and a `lead-time`";
                    notes.say(&entry.place, &name, format!("{what} has no `{key}`"), help);
                }
            }
            let demand = notes.number(node, "demand", 0.0..=LARGE);
            let each = notes.number(node, "node", f64::MIN_POSITIVE..=LARGE);
            let (Some(unit), Some(driver), Some(source), Some(demand), Some(each)) =
                (unit, driver, source, demand, each)
            else {
                continue;
            };
            self.driven(notes, node, (&name, &driver));
            let lead_days = lead(notes, node, &name);
            let resource = Resource {
                name,
                place: entry.place.clone(),
                unit,
                driver,
                demand,
                base: notes.number(node, "base", 0.0..=LARGE).unwrap_or(0.0),
                source,
                peak: notes.number(node, "peak-factor", 1.0..=1_000.0).unwrap_or(1.0),
                each,
                lost: notes.number(node, "lost-nodes", 0.0..=1_000.0).unwrap_or(0.0),
                headroom: notes.number(node, "headroom", 0.0..=99.0).unwrap_or(0.0),
                planned: planned(notes, node),
                events: events(notes, node),
                quota: notes.number(node, "quota", 0.0..=LARGE),
                lead_days,
                trigger: notes.number(node, "trigger", 1.0..=100.0),
                scaling: notes.text(node, "scaling"),
                price: notes.text(node, "price").map(|name| (name, node.place_of("price").clone())),
                accepted: accepted(notes, node),
            };
            quota(notes, &resource);
            self.resources.push(resource);
        }
    }

    /// Whether the driver of a resource is a series that tells of peaks.
    fn driven(&self, notes: &mut Notes, node: &Node, (name, driver): (&str, &str)) {
        let place = node.place_of("driver");
        match self.find(driver) {
            None => {
                let near = crate::diag::nearest(driver, self.series.iter().map(|one| one.name.as_str()));
                let help = near
                    .map_or_else(|| "name one of `series:`".into(), |near| format!("did you mean `{near}`?"));
                notes.say(place, name, format!("no series is called `{driver}`"), &help);
            }
            Some(series) if series.mean && node.get("peak-factor").is_none() => {
                let message = format!("`{driver}` tells of means, and `{name}` must carry peaks");
                notes.say(place, name, message, "say by `peak-factor` how far the peak lies above the mean");
            }
            Some(_) => {}
        }
    }
}

fn lead(notes: &mut Notes, node: &Node, name: &str) -> i64 {
    let Some(value) = node.get("lead-time") else { return 0 };
    let read = value.text().and_then(lasting::work);
    if read.is_none() {
        let message = format!("`lead-time` of `{name}` is no time");
        notes.say(&value.place, name, message, "write it as `14d`");
    }
    read.and_then(|time| i64::try_from(time.as_secs().div_ceil(86_400)).ok()).unwrap_or(0)
}

/// The day of a key.
fn day(notes: &mut Notes, node: &Node, what: &str, key: &str) -> Option<Date> {
    let text = notes.needed(node, what, key, "write a day, as in 2026-11-23")?;
    let read = text.parse::<Date>();
    if let Err(why) = &read {
        notes.say(node.place_of(key), key, why.clone(), "");
    }
    read.ok()
}

fn planned(notes: &mut Notes, node: &Node) -> Vec<Planned> {
    let mut out: Vec<Planned> = Vec::new();
    for one in node.get("planned").map(Node::list).unwrap_or_default().iter().take(MOST) {
        notes.keys(one, "planned capacity", &["from", "nodes"]);
        let from = day(notes, one, "planned capacity", "from");
        let nodes = notes.number(one, "nodes", 0.0..=LARGE);
        if one.get("nodes").is_none() {
            notes.say(
                &one.place,
                "nodes",
                "planned capacity has no `nodes`".into(),
                "say how many there are then",
            );
        }
        if let (Some(from), Some(nodes)) = (from, nodes) {
            if out.last().is_some_and(|last| last.from >= from) {
                let message = format!("{from} is not after the date before it");
                notes.say(&one.place, "planned", message, "sort planned capacity by date");
            }
            out.push(Planned { from, nodes, place: one.place.clone() });
        }
    }
    out
}

fn events(notes: &mut Notes, node: &Node) -> Vec<Event> {
    let mut out = Vec::new();
    for one in node.get("events").map(Node::list).unwrap_or_default().iter().take(MOST) {
        notes.keys(one, "an event", &["from", "what", "adds", "source"]);
        let from = day(notes, one, "an event", "from");
        let what = notes.needed(one, "an event", "what", "say what happens then");
        let source = notes.needed(one, "an event", "source", "say who expects that much");
        let adds = notes.number(one, "adds", 0.0..=LARGE);
        if let (Some(from), Some(what), Some(adds), Some(source)) = (from, what, adds, source) {
            out.push(Event { from, what, adds, source });
        }
    }
    out
}

fn accepted(notes: &mut Notes, node: &Node) -> Option<Accepted> {
    let node = node.get("accepted")?;
    notes.keys(node, "an accepted risk", &["reason", "until"]);
    let reason = notes.needed(node, "an accepted risk", "reason", "say why it may run short");
    let until = day(notes, node, "an accepted risk", "until");
    Some(Accepted { reason: reason?, until: until?, place: node.place.clone() })
}

/// A provider gives no more than its quota.
fn quota(notes: &mut Notes, resource: &Resource) {
    let Some(quota) = resource.quota else { return };
    for one in resource.planned.iter().filter(|one| one.nodes > quota) {
        let message = format!(
            "{} nodes of `{}` are planned from {} on, and the provider's quota is {quota}",
            one.nodes, resource.name, one.from
        );
        notes.say(&one.place, &resource.name, message, "have the quota raised first, and write the new one");
    }
}
