//! What Graphviz's `dot` makes of a graph, measured as our own layouts are.

use oathbook::diagram::graph::{Cluster, Edge, End, Facts, Graph, Line, Node, Target};
use oathbook::diagram::layout::{Layout, Point, Rect, Route, Size};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Points to an inch.
const INCH: f64 = 72.0;

/// Graphs of this many nodes are measured: smaller ones show nothing, larger ones nobody reads.
const NODES: std::ops::RangeInclusive<usize> = 5..=150;

/// A checkout of a public repository, or a folder of one: `$OATHBOOK_CORPORA/NAME` or `../shared/corpora/NAME`.
pub fn corpus(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("OATHBOOK_CORPORA").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    named.into_iter().chain([beside]).map(|root| root.join(name)).find(|root| root.is_dir())
}

/// Whether Graphviz is on the path.
pub fn installed() -> bool {
    Command::new("dot")
        .arg("-V")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether Graphviz's parser takes a file.
pub fn accepted(path: &Path) -> bool {
    let (out, errors) = (Stdio::null(), Stdio::null());
    Command::new("nop")
        .arg("-p")
        .arg(path)
        .stdout(out)
        .stderr(errors)
        .status()
        .is_ok_and(|status| status.success())
}

/// The `.gv` files of Graphviz's own corpus (repository `ellson/MOTHBALLED-graphviz`), in order.
pub fn files(root: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for folder in ["graphs/directed", "rtest/graphs"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { continue };
        out.extend(entries.flatten().map(|entry| entry.path()));
    }
    out.retain(|path| path.extension().is_some_and(|extension| extension == "gv"));
    out.sort();
    out
}

/// The files whose graphs are measured, each with `dot`'s picture: of 5 to 150 nodes, with edges, none twice.
pub fn measured(root: &Path) -> Vec<(PathBuf, Graph, Layout)> {
    let mut seen = std::collections::BTreeSet::new();
    let mut out = Vec::new();
    for path in files(root) {
        let Some((graph, layout)) = dot(&path) else { continue };
        let ends = graph.edges.iter().map(|edge| (edge.from.target, edge.to.target)).collect::<Vec<_>>();
        let names = graph.nodes.iter().map(|node| node.id.clone()).collect::<Vec<_>>();
        if NODES.contains(&graph.nodes.len()) && !ends.is_empty() && seen.insert((names, ends)) {
            out.push((path, graph, layout));
        }
    }
    out
}

/// `dot`'s picture of a file; `None` when it has none within 20 seconds.
pub fn dot(path: &Path) -> Option<(Graph, Layout)> {
    let output = Command::new("timeout").args(["20", "dot", "-Tjson"]).arg(path).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let json: Value = serde_json::from_str(&text).ok()?;
    Some(read(&json))
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn number(value: &Value, key: &str) -> usize {
    value
        .get(key)
        .and_then(Value::as_u64)
        .and_then(|number| usize::try_from(number).ok())
        .unwrap_or(usize::MAX)
}

fn numbers(text: &str) -> Vec<f64> {
    text.split([',', ' ']).filter_map(|part| part.parse().ok()).collect()
}

/// Reads `dot -Tjson`: y points up there, and pictures begin at the lower left.
fn read(json: &Value) -> (Graph, Layout) {
    let (mut graph, mut layout) = (Graph::default(), Layout::default());
    let frame = numbers(text(json, "bb"));
    let frame: [f64; 4] = frame.try_into().unwrap_or([0.0; 4]);
    layout.size = Size { width: frame[2] - frame[0], height: frame[3] - frame[1] };
    let objects = list(json, "objects");
    let mut clusters = BTreeMap::new();
    let mut within: BTreeMap<usize, usize> = BTreeMap::new();
    // A cluster stands before those in it, and a node belongs to the innermost, which comes last.
    for object in objects.iter().filter(|object| text(object, "name").starts_with("cluster")) {
        let [x, low, right, high] = numbers(text(object, "bb"))[..] else { continue };
        let at = graph.clusters.len();
        let id = number(object, "_gvid");
        let parent = clusters_of(objects, id).iter().find_map(|parent| clusters.get(parent).copied());
        clusters.insert(id, at);
        let id = text(object, "name").to_owned();
        graph.clusters.push(Cluster { id, parent, ..Cluster::default() });
        layout.clusters.push(Rect { x, y: -high, width: right - x, height: high - low });
        for node in list(object, "nodes").iter().filter_map(Value::as_u64) {
            within.insert(usize::try_from(node).unwrap_or(usize::MAX), at);
        }
    }
    let mut nodes = BTreeMap::new();
    for object in objects {
        let [x, y] = numbers(text(object, "pos"))[..] else { continue };
        let id = number(object, "_gvid");
        nodes.insert(id, graph.nodes.len());
        let size = |key: &str| text(object, key).parse::<f64>().unwrap_or(0.0) * INCH;
        let (width, height) = (size("width"), size("height"));
        layout.nodes.push(Rect { x: x - width / 2.0, y: -y - height / 2.0, width, height });
        let parent = within.get(&id).copied();
        let id = text(object, "name").to_owned();
        graph.nodes.push(Node { id, parent, ..Node::default() });
    }
    for edge in list(json, "edges") {
        let end = |key: &str| nodes.get(&number(edge, key)).copied();
        let (Some(from), Some(to)) = (end("tail"), end("head")) else { continue };
        let hidden = text(edge, "style") == "invis";
        let facts = Facts { line: if hidden { Line::Hidden } else { Line::Solid }, ..Facts::default() };
        let (from, to) = (End::node(from), End::node(to));
        graph.edges.push(Edge { from, to, facts, ..Edge::new(Target::Node(0), Target::Node(0)) });
        layout.edges.push(route(edge));
    }
    (graph, layout)
}

/// The subgraphs that hold a subgraph.
fn clusters_of(objects: &[Value], id: usize) -> Vec<usize> {
    let holds = |object: &&Value| {
        list(object, "subgraphs").iter().any(|inner| inner.as_u64() == u64::try_from(id).ok())
    };
    objects.iter().filter(holds).map(|object| number(object, "_gvid")).collect()
}

fn route(edge: &Value) -> Route {
    let mut points = Vec::new();
    for spline in text(edge, "pos").split(';') {
        let (mut first, mut last, mut controls) = (None, None, Vec::new());
        for part in spline.split_whitespace() {
            let [x, y] = numbers(part)[..] else { continue };
            let point = Point { x, y: -y };
            match part.as_bytes()[0] {
                b's' => first = Some(point),
                b'e' => last = Some(point),
                _ => controls.push(point),
            }
        }
        points.extend(first);
        flatten(&controls, &mut points);
        points.extend(last);
    }
    let mut labels = [None, None, None];
    for (slot, (at, drawn)) in
        labels.iter_mut().zip([("tail_lp", "_tldraw_"), ("lp", "_ldraw_"), ("head_lp", "_hldraw_")])
    {
        *slot = label(edge, at, drawn);
    }
    Route { points, labels }
}

/// Cubic Bézier curves as eight straight pieces each: their crossings are the curves' but for what no eye sees.
fn flatten(controls: &[Point], out: &mut Vec<Point>) {
    out.extend(controls.first());
    for at in (0..controls.len().saturating_sub(3)).step_by(3) {
        for step in 1..=8 {
            let share = f64::from(step) / 8.0;
            let rest = 1.0 - share;
            // Bernstein's polynomials of the third degree.
            let weights =
                [rest.powi(3), 3.0 * rest * rest * share, 3.0 * rest * share * share, share.powi(3)];
            let mix = |axis: fn(&Point) -> f64| {
                controls[at..at + 4].iter().zip(weights).map(|(point, weight)| weight * axis(point)).sum()
            };
            out.push(Point { x: mix(|point| point.x), y: mix(|point| point.y) });
        }
    }
}

/// A label's box: its middle is given, its width is that of its widest line.
fn label(edge: &Value, at: &str, drawn: &str) -> Option<Rect> {
    let [x, y] = numbers(text(edge, at))[..] else { return None };
    let (mut width, mut height, mut font) = (0.0_f64, 0.0, 14.0);
    for operation in list(edge, drawn) {
        match text(operation, "op") {
            "F" => font = operation.get("size").and_then(Value::as_f64).unwrap_or(font),
            "T" => {
                width = width.max(operation.get("width").and_then(Value::as_f64).unwrap_or(0.0));
                height += font * 1.2;
            }
            _ => {}
        }
    }
    (width > 0.0).then_some(Rect { x: x - width / 2.0, y: -y - height / 2.0, width, height })
}
