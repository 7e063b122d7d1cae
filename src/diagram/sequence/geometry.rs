//! A placed sequence picture as JSON, in the form of all pictures: participants are nodes, messages are edges.

use super::Sequence;
use super::place::Plan;
use serde_json::{Value, json};

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// `{nodes: [{id, parent, x, y, width, height}], edges: [{from, to, points: [[x, y]]}]}` in pixels.
pub fn json(sequence: &Sequence, plan: &Plan<'_>) -> Value {
    let nodes: Vec<Value> = sequence
        .actors
        .iter()
        .zip(&plan.columns)
        .map(|(actor, column)| {
            let head = column.head;
            json!({
                "id": actor.id, "parent": null, "x": rounded(head.x), "y": rounded(head.y),
                "width": rounded(head.width), "height": rounded(head.height),
            })
        })
        .collect();
    let edges: Vec<Value> = plan
        .arrows
        .iter()
        .map(|arrow| {
            let points: Vec<[f64; 2]> =
                arrow.points.iter().map(|point| [rounded(point.x), rounded(point.y)]).collect();
            let id = |at: usize| sequence.actors.get(at).map_or("", |actor| &actor.id);
            json!({ "from": id(arrow.message.from), "to": id(arrow.message.to), "points": points })
        })
        .collect();
    json!({ "width": rounded(plan.size.width), "height": rounded(plan.size.height), "nodes": nodes, "edges": edges })
}
