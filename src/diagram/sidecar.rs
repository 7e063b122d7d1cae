//! Where the elements of a file's pictures stood: recorded beside it, and committed, so that a small change of the text
//! is a small change of the picture, and a review shows what moved.
//!
//! The record of `diagrams/shop.dsl` is `diagrams/shop.dsl.layout.json`: for each view the direction, the
//! [`Request::effort`](super::layout::Request) that the layout came from, the box of every element and the course of every
//! line, one a line of text.

use super::arrange::{Wishes, arrange, too_large};
use super::graph::{Direction, Graph};
use super::layout::hold::{Course, Held};
use super::layout::{Layout, Pins, Point, Rect};
use super::{Picture, View};
use crate::base::RelPath;
use crate::diag::Place;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a record's name ends with, behind its source's whole name.
const ENDING: &str = ".layout.json";
/// The only form there is so far.
const VERSION: u64 = 1;
/// Pictures are smaller; what says otherwise is no record of ours.
const FARTHEST: f64 = 1_000_000.0;
/// No line has more corners.
const MOST_POINTS: usize = 1_000;

/// What stands in a record: views by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sidecar {
    /// Where each view's elements stood.
    pub views: BTreeMap<String, Positions>,
}

/// Where the elements of one view stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Positions {
    /// Where edges led.
    pub direction: Direction,
    /// How the layout was found, so that it is found again.
    pub effort: u32,
    /// Boxes of clusters, by id.
    pub clusters: BTreeMap<String, Rect>,
    /// Boxes of nodes, by id.
    pub nodes: BTreeMap<String, Rect>,
    /// Lines by their ends, as in `api -> db`; a second one between the same is `api -> db #2`.
    pub edges: BTreeMap<String, Course>,
}

/// The names of a graph's edges, parallel to them; those between the same ends are counted in the order of their words.
fn edge_names(graph: &Graph) -> Vec<String> {
    let mut order: Vec<usize> = (0..graph.edges.len()).collect();
    order.sort_by_key(|at| &graph.edges[*at].label);
    let mut seen: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut out = vec![String::new(); order.len()];
    for at in order {
        let edge = &graph.edges[at];
        let ends = (graph.id(edge.from.target), graph.id(edge.to.target));
        let count = seen.entry(ends).or_insert(0);
        *count += 1;
        let number = if *count == 1 { String::new() } else { format!(" #{count}") };
        out[at] = format!("{} -> {}{number}", ends.0, ends.1);
    }
    out
}

/// An element or a line that a record and its picture do not share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its id.
    pub id: String,
    /// Whether the picture has it and the record does not; else it is the other way round.
    pub new: bool,
}

/// Where the record of a source is.
pub fn of_source(source: &RelPath) -> Option<RelPath> {
    RelPath::parse(&format!("{source}{ENDING}")).ok()
}

/// The pictures that have positions, by key; sequences stand in their order, and what is too large stands nowhere.
pub fn graphs(views: &[View]) -> impl Iterator<Item = (&str, &Graph)> {
    views.iter().filter_map(|view| match &view.picture {
        Picture::Graph(graph) if too_large(graph).is_none() => Some((view.key.as_str(), graph)),
        _ => None,
    })
}

/// Where the source names each element, by id.
pub fn places(graph: &Graph) -> BTreeMap<String, Option<Place>> {
    let mut places = BTreeMap::new();
    for node in &graph.nodes {
        places.entry(node.id.clone()).or_insert_with(|| node.facts.place.clone());
    }
    for cluster in &graph.clusters {
        places.entry(cluster.id.clone()).or_insert_with(|| cluster.facts.place.clone());
    }
    for (name, edge) in edge_names(graph).into_iter().zip(&graph.edges) {
        places.entry(name).or_insert_with(|| edge.facts.place.clone());
    }
    places
}

/// The record of all views, near to where they stood `before`, or afresh without it.
pub fn record(views: &[View], before: Option<&Sidecar>) -> Sidecar {
    let mut out = Sidecar::default();
    for (key, graph) in graphs(views) {
        let pinned = before.and_then(|before| before.views.get(key));
        if let Ok(placed) = arrange(graph, Wishes { pinned, ..Wishes::default() }) {
            out.views.insert(key.to_owned(), Positions::of(graph, &placed.layout));
        }
    }
    out
}

fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Down => "down",
        Direction::Right => "right",
        Direction::Up => "up",
        Direction::Left => "left",
    }
}

impl Sidecar {
    /// Reads a record.
    ///
    /// # Errors
    /// What is wrong with it: one sentence without a full stop.
    pub fn parse(text: &str) -> Result<Self, String> {
        let json: Value = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
        if json.get("version").and_then(Value::as_u64) != Some(VERSION) {
            return Err(format!("it is of another version than {VERSION}"));
        }
        let views = json.get("views").and_then(Value::as_object).ok_or("it has no `views`")?;
        let mut out = Self::default();
        for (key, view) in views {
            out.views.insert(key.clone(), positions(view).map_err(|error| format!("view `{key}`: {error}"))?);
        }
        Ok(out)
    }

    /// The record's text; the same record always gives the same.
    pub fn text(&self) -> String {
        let mut out = format!("{{\n  \"version\": {VERSION},\n  \"views\": {{");
        for (at, (key, view)) in self.views.iter().enumerate() {
            out.push_str(if at == 0 { "\n" } else { ",\n" });
            out.push_str(&format!(
                "    {}: {{\n      \"direction\": \"{}\",\n      \"effort\": {},\n      \"clusters\": {},\n      \"nodes\": {},\n      \"edges\": {}\n    }}",
                Value::from(key.as_str()),
                direction_name(view.direction),
                view.effort,
                entries(&view.clusters, boxed),
                entries(&view.nodes, boxed),
                entries(&view.edges, course)
            ));
        }
        out.push_str(if self.views.is_empty() { "}\n}\n" } else { "\n  }\n}\n" });
        out
    }
}

fn entries<T>(entries: &BTreeMap<String, T>, write: impl Fn(&T) -> String) -> String {
    if entries.is_empty() {
        return "{}".to_owned();
    }
    let line = |(id, entry): (&String, &T)| format!("        {}: {}", Value::from(id.as_str()), write(entry));
    format!("{{\n{}\n      }}", entries.iter().map(line).collect::<Vec<_>>().join(",\n"))
}

fn boxed(rect: &Rect) -> String {
    format!("[{}, {}, {}, {}]", rect.x, rect.y, rect.width, rect.height)
}

fn course((points, labels): &Course) -> String {
    let pair = |point: &Point| format!("[{}, {}]", point.x, point.y);
    let line: Vec<String> = points.iter().map(pair).collect();
    let labels: Vec<String> = labels.iter().map(|at| at.as_ref().map_or("null".into(), pair)).collect();
    if labels.iter().all(|label| label == "null") {
        format!("{{\"line\": [{}]}}", line.join(", "))
    } else {
        format!("{{\"line\": [{}], \"labels\": [{}]}}", line.join(", "), labels.join(", "))
    }
}

fn positions(view: &Value) -> Result<Positions, String> {
    let direction = match view.get("direction").and_then(Value::as_str) {
        Some("down") => Direction::Down,
        Some("right") => Direction::Right,
        Some("up") => Direction::Up,
        Some("left") => Direction::Left,
        _ => return Err("`direction` is down, right, up or left".into()),
    };
    let effort = view.get("effort").and_then(Value::as_u64).and_then(|effort| u32::try_from(effort).ok());
    let none = Map::new();
    let part = |key: &str| view.get(key).and_then(Value::as_object).unwrap_or(&none);
    let boxes = |key: &str| {
        part(key)
            .iter()
            .map(|(id, at)| Ok((id.clone(), rect(id, at)?)))
            .collect::<Result<BTreeMap<_, _>, String>>()
    };
    let courses = part("edges").iter().map(|(id, at)| Ok((id.clone(), read_course(id, at)?)));
    Ok(Positions {
        direction,
        effort: effort.unwrap_or(0),
        clusters: boxes("clusters")?,
        nodes: boxes("nodes")?,
        edges: courses.collect::<Result<BTreeMap<_, _>, String>>()?,
    })
}

fn number(at: &Value, which: usize) -> Option<f64> {
    at.get(which).and_then(Value::as_f64).filter(|number| number.abs() <= FARTHEST)
}

fn rect(id: &str, at: &Value) -> Result<Rect, String> {
    let read = || {
        let (x, y, width, height) = (number(at, 0)?, number(at, 1)?, number(at, 2)?, number(at, 3)?);
        (width >= 0.0 && height >= 0.0).then_some(Rect { x, y, width, height })
    };
    read().ok_or_else(|| format!("the box of `{id}` is four numbers, as in [120, 48, 90, 36]"))
}

fn read_course(id: &str, at: &Value) -> Result<Course, String> {
    let pair = |at: &Value| Some(Point { x: number(at, 0)?, y: number(at, 1)? });
    let line = at.get("line").and_then(Value::as_array).filter(|line| line.len() <= MOST_POINTS);
    let line = line.and_then(|line| line.iter().map(pair).collect::<Option<Vec<_>>>());
    let line =
        line.ok_or_else(|| format!("the line of `{id}` is a list of points, as in [[8, 8], [8, 40]]"))?;
    let label = |which: usize| at.get("labels").and_then(|labels| labels.get(which)).and_then(pair);
    Ok((line, [label(0), label(1), label(2)]))
}

impl Positions {
    /// What a layout says, in tenths of pixels.
    pub fn of(graph: &Graph, layout: &Layout) -> Self {
        let round = |value: f64| (value * 10.0).round() / 10.0;
        let rect = |at: &Rect| Rect {
            x: round(at.x),
            y: round(at.y),
            width: round(at.width),
            height: round(at.height),
        };
        let point = |x: f64, y: f64| Point { x: round(x), y: round(y) };
        let nodes = graph.nodes.iter().zip(&layout.nodes);
        let clusters = graph.clusters.iter().zip(&layout.clusters);
        let edges = edge_names(graph).into_iter().zip(&layout.edges);
        Self {
            direction: layout.direction.or(graph.direction).unwrap_or(Direction::Down),
            effort: layout.effort,
            clusters: clusters.map(|(cluster, at)| (cluster.id.clone(), rect(at))).collect(),
            nodes: nodes.map(|(node, at)| (node.id.clone(), rect(at))).collect(),
            edges: edges
                .map(|(name, route)| {
                    let line = route.points.iter().map(|at| point(at.x, at.y)).collect();
                    (name, (line, route.labels.map(|label| label.map(|label| point(label.x, label.y)))))
                })
                .collect(),
        }
    }

    /// The same by index.
    pub fn held(&self, graph: &Graph) -> Held {
        Held {
            nodes: graph.nodes.iter().map(|node| self.nodes.get(&node.id).copied()).collect(),
            clusters: graph.clusters.iter().map(|cluster| self.clusters.get(&cluster.id).copied()).collect(),
            edges: edge_names(graph).iter().map(|name| self.edges.get(name).cloned()).collect(),
        }
    }

    /// Upper left corners by index, for an engine.
    pub fn pins(&self, graph: &Graph) -> Pins {
        let corner = |rect: &Rect| Point { x: rect.x, y: rect.y };
        Pins {
            nodes: graph.nodes.iter().map(|node| self.nodes.get(&node.id).map(corner)).collect(),
            clusters: graph
                .clusters
                .iter()
                .map(|cluster| self.clusters.get(&cluster.id).map(corner))
                .collect(),
        }
    }

    /// Elements that only the picture or only the record has, in the order of their ids.
    pub fn differences(&self, graph: &Graph) -> Vec<Difference> {
        let mut out = Vec::new();
        let names = edge_names(graph);
        let clusters = graph.clusters.iter().map(|cluster| cluster.id.as_str());
        differ(clusters, &self.clusters, &mut out);
        differ(graph.nodes.iter().map(|node| node.id.as_str()), &self.nodes, &mut out);
        differ(names.iter().map(String::as_str), &self.edges, &mut out);
        out.sort_by(|one, other| one.id.cmp(&other.id));
        out
    }
}

fn differ<'i, T>(ids: impl Iterator<Item = &'i str>, known: &BTreeMap<String, T>, out: &mut Vec<Difference>) {
    let ids: std::collections::BTreeSet<&str> = ids.collect();
    let new = ids.iter().filter(|id| !known.contains_key(**id));
    out.extend(new.map(|id| Difference { id: (*id).to_owned(), new: true }));
    let gone = known.keys().filter(|id| !ids.contains(id.as_str()));
    out.extend(gone.map(|id| Difference { id: id.clone(), new: false }));
}
