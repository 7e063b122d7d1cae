//! Labels of lines: engines give those in the middle room of their own but for loops, and put those at the ends beside the
//! line without a look at what else is there.

use super::quality::{crosses_rect, overlap};
use super::{Layout, Point, Rect, Size};
use crate::diagram::graph::{Graph, Line};

/// From a line to its label.
const GAP: f64 = 4.0;
/// How far from the line's end a label is looked for.
const FARTHEST: f64 = 320.0;
/// From one place that is tried to the next.
const STEP: f64 = 8.0;

/// Moves labels that lie on something to the nearest place along their line where they lie on nothing.
pub(super) fn settle(graph: &Graph, layout: &mut Layout) {
    headings(layout);
    for edge in 0..layout.edges.len() {
        for which in 0..3 {
            let Some(label) = layout.edges[edge].labels[which] else { continue };
            let before = hits(graph, layout, (edge, which), &label);
            if before == 0 {
                continue;
            }
            let tried = along(layout, (edge, which), &label).into_iter();
            let judged = tried.map(|place| (hits(graph, layout, (edge, which), &place), place));
            // The first of the best.
            if let Some((_, place)) =
                judged.min_by_key(|(hits, _)| *hits).filter(|(after, _)| *after < before)
            {
                layout.edges[edge].labels[which] = Some(place);
            }
        }
    }
}

/// Moves headings of clusters that lines pass through to a free place beside, within their cluster.
fn headings(layout: &mut Layout) {
    for (heading, cluster) in layout.headings.iter_mut().zip(&layout.clusters) {
        let free = |place: &Rect| !layout.edges.iter().any(|route| crosses_rect(&route.points, place));
        if heading.width <= 0.0 || free(heading) {
            continue;
        }
        let mut place = Rect { x: cluster.x + STEP, ..*heading };
        while place.right() + STEP <= cluster.right() {
            if free(&place) {
                *heading = place;
                break;
            }
            place.x += STEP / 2.0;
        }
    }
}

/// Puts a label that has no place yet beside its line, where it lies on as little as may be.
pub(super) fn put(graph: &Graph, layout: &mut Layout, own: (usize, usize), size: Size) {
    let label = Rect { x: 0.0, y: 0.0, width: size.width, height: size.height };
    let tried = along(layout, own, &label);
    let judged = tried.into_iter().map(|place| (hits(graph, layout, own, &place), place));
    layout.edges[own.0].labels[own.1] = judged.min_by_key(|(hits, _)| *hits).map(|(_, place)| place);
}

/// Places along the line of a label: from its end, or from the line's middle.
fn along(layout: &Layout, (edge, which): (usize, usize), label: &Rect) -> Vec<Rect> {
    let mut points = layout.edges[edge].points.clone();
    if which == 2 {
        points.reverse();
    }
    if which != 1 {
        return places(&points, label, FARTHEST);
    }
    let tried = places(&points, label, f64::MAX);
    let mut order: Vec<usize> = (0..tried.len()).collect();
    order.sort_by_key(|at| at.abs_diff(tried.len() / 2));
    order.into_iter().map(|at| tried[at]).collect()
}

/// Places on both sides of a line, from its beginning on.
fn places(points: &[Point], label: &Rect, farthest: f64) -> Vec<Rect> {
    let (w, h) = (label.width, label.height);
    let mut out = Vec::new();
    let mut walked = 0.0;
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let length = (to.x - from.x).hypot(to.y - from.y);
        let mut at = 0.0;
        while at <= length && walked + at <= farthest && length > 0.0 {
            let (x, y) = (from.x + (to.x - from.x) * at / length, from.y + (to.y - from.y) * at / length);
            let level = (to.x - from.x).abs() > (to.y - from.y).abs();
            // Behind the point in the line's direction, so that the label stays clear of the node.
            let (ahead_x, ahead_y) =
                (if to.x >= from.x { 2.0 } else { -w - 2.0 }, if to.y >= from.y { 2.0 } else { -h - 2.0 });
            let corners = if level {
                [(x + ahead_x, y - h - GAP), (x + ahead_x, y + GAP)]
            } else {
                [(x + GAP, y + ahead_y), (x - w - GAP, y + ahead_y)]
            };
            out.extend(corners.map(|(x, y)| Rect { x, y, width: w, height: h }));
            at += STEP;
        }
        walked += length;
    }
    out
}

/// What a label at a place would lie on: nodes, other labels, other lines.
fn hits(graph: &Graph, layout: &Layout, own: (usize, usize), place: &Rect) -> usize {
    let mut out = layout.nodes.iter().filter(|node| overlap(place, node)).count();
    for (at, route) in layout.edges.iter().enumerate() {
        let labels =
            route.labels.iter().enumerate().filter_map(|(which, label)| Some((which, label.as_ref()?)));
        out += labels.filter(|(which, label)| (at, *which) != own && overlap(place, label)).count();
        let drawn = at != own.0 && graph.edges[at].facts.line != Line::Hidden;
        out += usize::from(drawn && crosses_rect(&route.points, place));
    }
    out
}
