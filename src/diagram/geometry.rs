//! A layout as JSON, so that anyone can measure it: all coordinates absolute, in pixels.

use super::graph::{Graph, Line, Target};
use super::layout::{Layout, Point, Rect};
use serde_json::{Map, Value, json};

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn put(into: &mut Map<String, Value>, rect: &Rect) {
    for (key, value) in [("x", rect.x), ("y", rect.y), ("width", rect.width), ("height", rect.height)] {
        into.insert(key.to_owned(), json!(rounded(value)));
    }
}

/// `{nodes: [{id, parent, x, y, width, height}], edges: [{from, to, points: [[x, y]], label: {…}}]}`; clusters are nodes
/// with `"cluster": true`, what is hidden says `"hidden": true`.
pub fn json(graph: &Graph, layout: &Layout) -> Value {
    let mut nodes = Vec::new();
    let parent = |at: Option<usize>| at.map_or(Value::Null, |at| json!(graph.clusters[at].id));
    for (cluster, rect) in graph.clusters.iter().zip(&layout.clusters) {
        let mut value = Map::from_iter([("id".to_owned(), json!(cluster.id))]);
        value.insert("parent".into(), parent(cluster.parent));
        value.insert("cluster".into(), json!(true));
        put(&mut value, rect);
        nodes.push(Value::Object(value));
    }
    for (node, rect) in graph.nodes.iter().zip(&layout.nodes) {
        let mut value = Map::from_iter([("id".to_owned(), json!(node.id))]);
        value.insert("parent".into(), parent(node.parent));
        put(&mut value, rect);
        if node.facts.line == Line::Hidden {
            value.insert("hidden".into(), json!(true));
        }
        nodes.push(Value::Object(value));
    }
    let edges: Vec<Value> = graph
        .edges
        .iter()
        .zip(&layout.edges)
        .map(|(edge, route)| {
            let points: Vec<[f64; 2]> =
                route.points.iter().map(|Point { x, y }| [rounded(*x), rounded(*y)]).collect();
            let name = |target: Target| graph.id(target).to_owned();
            let mut value = Map::from_iter([
                ("from".to_owned(), json!(name(edge.from.target))),
                ("to".to_owned(), json!(name(edge.to.target))),
                ("points".to_owned(), json!(points)),
            ]);
            for (key, label) in ["tailLabel", "label", "headLabel"].iter().zip(&route.labels) {
                if let Some(rect) = label {
                    let mut inner = Map::new();
                    put(&mut inner, rect);
                    value.insert((*key).to_owned(), Value::Object(inner));
                }
            }
            if edge.facts.line == Line::Hidden {
                value.insert("hidden".into(), json!(true));
            }
            Value::Object(value)
        })
        .collect();
    json!({
        "x": rounded(layout.origin.x),
        "y": rounded(layout.origin.y),
        "width": rounded(layout.size.width),
        "height": rounded(layout.size.height),
        "nodes": nodes,
        "edges": edges,
    })
}
