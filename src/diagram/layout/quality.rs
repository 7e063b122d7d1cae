//! How good a layout is, counted: what the engines are chosen by, and what tests hold them to.

use super::{Layout, Point, Rect};
use crate::diagram::graph::{Graph, Line, Target};

/// What can be counted. Distances below half a pixel are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quality {
    /// Pairs of edges that cross, each crossing point counted.
    pub crossings: usize,
    /// Pairs of nodes that share room.
    pub node_overlaps: usize,
    /// Edges drawn through a node that is not theirs.
    pub edges_through_nodes: usize,
    /// Edges drawn through a cluster that holds neither of their ends.
    pub edges_through_clusters: usize,
    /// Nodes that stand in a cluster they do not belong to.
    pub nodes_in_clusters: usize,
    /// Labels on labels, on nodes, and on edges that are not theirs.
    pub label_hits: usize,
    /// Corners of edges.
    pub bends: usize,
}

impl Quality {
    /// Counts a layout.
    pub fn of(graph: &Graph, layout: &Layout) -> Self {
        let bends = layout.edges.iter().map(|route| route.points.len().saturating_sub(2)).sum();
        let pieces = Pieces::of(graph, layout);
        let mut out = Self { bends, crossings: pieces.crossings(), ..Self::default() };
        for (at, a) in layout.nodes.iter().enumerate() {
            out.node_overlaps += layout.nodes[at + 1..].iter().filter(|b| overlap(a, b)).count();
        }
        for (at, rect) in layout.clusters.iter().enumerate() {
            let foreign =
                |node: &usize| !graph.holds(at, Target::Node(*node)) && overlap(rect, &layout.nodes[*node]);
            out.nodes_in_clusters += (0..layout.nodes.len()).filter(foreign).count();
        }
        out.through(graph, layout);
        out.labels(graph, layout);
        out
    }

    fn through(&mut self, graph: &Graph, layout: &Layout) {
        for (edge, route) in graph.edges.iter().zip(&layout.edges) {
            if edge.facts.line == Line::Hidden {
                continue;
            }
            let ends = [edge.from.target, edge.to.target];
            let passes = |rect: &Rect| crosses_rect(&route.points, rect);
            for (at, rect) in layout.nodes.iter().enumerate() {
                let own = ends.iter().any(|end| match end {
                    Target::Node(node) => *node == at,
                    Target::Cluster(cluster) => graph.holds(*cluster, Target::Node(at)),
                });
                self.edges_through_nodes += usize::from(!own && passes(rect));
            }
            for (at, rect) in layout.clusters.iter().enumerate() {
                let own = ends.iter().any(|end| {
                    graph.holds(at, *end)
                        || matches!(end, Target::Cluster(c) if graph.holds(*c, Target::Cluster(at)))
                });
                self.edges_through_clusters += usize::from(!own && passes(rect));
            }
        }
    }

    fn labels(&mut self, graph: &Graph, layout: &Layout) {
        let labels: Vec<(usize, Rect)> = layout
            .edges
            .iter()
            .enumerate()
            .flat_map(|(at, route)| route.labels.iter().flatten().map(move |label| (at, *label)))
            .collect();
        for (index, (edge, label)) in labels.iter().enumerate() {
            self.label_hits += labels[index + 1..].iter().filter(|(_, other)| overlap(label, other)).count();
            self.label_hits += layout.nodes.iter().filter(|node| overlap(label, node)).count();
            for (at, route) in layout.edges.iter().enumerate() {
                let hidden = graph.edges[at].facts.line == Line::Hidden;
                self.label_hits += usize::from(at != *edge && !hidden && crosses_rect(&route.points, label));
            }
        }
    }
}

/// Whether two boxes share more than a border.
pub(super) fn overlap(a: &Rect, b: &Rect) -> bool {
    let (width, height) =
        (a.right().min(b.right()) - a.x.max(b.x), a.bottom().min(b.bottom()) - a.y.max(b.y));
    width > 0.5 && height > 0.5
}

/// Whether a line passes through the inside of a box.
pub(super) fn crosses_rect(points: &[Point], rect: &Rect) -> bool {
    let inner = Rect { x: rect.x + 0.5, y: rect.y + 0.5, width: rect.width - 1.0, height: rect.height - 1.0 };
    points.windows(2).any(|pair| segment_in_rect(pair[0], pair[1], &inner))
}

/// Liang and Barsky's clipping (1984): whether any part of a segment lies in a box.
fn segment_in_rect(a: Point, b: Point, rect: &Rect) -> bool {
    if rect.width <= 0.0 || rect.height <= 0.0 {
        return false;
    }
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (mut first, mut last) = (0.0_f64, 1.0_f64);
    for (step, room) in
        [(-dx, a.x - rect.x), (dx, rect.right() - a.x), (-dy, a.y - rect.y), (dy, rect.bottom() - a.y)]
    {
        if step.abs() < 1e-9 {
            if room < 0.0 {
                return false;
            }
        } else if step < 0.0 {
            first = first.max(room / step);
        } else {
            last = last.min(room / step);
        }
    }
    first <= last
}

/// A straight piece of an edge.
struct Piece {
    edge: usize,
    a: Point,
    b: Point,
}

struct Pieces<'g> {
    graph: &'g Graph,
    pieces: Vec<Piece>,
}

impl<'g> Pieces<'g> {
    fn of(graph: &'g Graph, layout: &Layout) -> Self {
        let mut pieces = Vec::new();
        for (edge, route) in layout.edges.iter().enumerate() {
            if graph.edges[edge].facts.line != Line::Hidden {
                pieces.extend(route.points.windows(2).map(|pair| Piece { edge, a: pair[0], b: pair[1] }));
            }
        }
        pieces.sort_by(|one, other| one.a.x.min(one.b.x).total_cmp(&other.a.x.min(other.b.x)));
        Self { graph, pieces }
    }

    /// A sweep from left to right: pieces that share no column are not compared.
    fn crossings(&self) -> usize {
        let mut found: Vec<(usize, usize, i64, i64)> = Vec::new();
        for (at, one) in self.pieces.iter().enumerate() {
            let right = one.a.x.max(one.b.x);
            for other in &self.pieces[at + 1..] {
                if other.a.x.min(other.b.x) > right {
                    break;
                }
                if one.edge == other.edge {
                    continue;
                }
                if let Some(point) = meeting(one, other) {
                    // A crossing at a corner is seen by both pieces that meet there: once is enough.
                    let (low, high) = (one.edge.min(other.edge), one.edge.max(other.edge));
                    if !self.at_common_end(low, high, point) {
                        found.push((low, high, rounded(point.x), rounded(point.y)));
                    }
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found.len()
    }

    /// Edges that share a node meet there; that is no crossing.
    fn at_common_end(&self, one: usize, other: usize, point: Point) -> bool {
        let ends = |at: usize| [self.graph.edges[at].from.target, self.graph.edges[at].to.target];
        let shared = ends(one).iter().any(|end| ends(other).contains(end));
        let near = |piece: &Piece| {
            [piece.a, piece.b].iter().any(|end| (end.x - point.x).hypot(end.y - point.y) < 1.0)
        };
        shared
            && self
                .pieces
                .iter()
                .filter(|piece| piece.edge == one || piece.edge == other)
                .filter(|piece| near(piece))
                .count()
                >= 2
    }
}

#[expect(clippy::cast_possible_truncation, reason = "pictures are smaller than 2^53 pixels")]
fn rounded(number: f64) -> i64 {
    number.round() as i64
}

/// Where two pieces cross; pieces along each other do not.
fn meeting(one: &Piece, other: &Piece) -> Option<Point> {
    let along = Point { x: one.b.x - one.a.x, y: one.b.y - one.a.y };
    let across = Point { x: other.b.x - other.a.x, y: other.b.y - other.a.y };
    let turn = |a: Point, b: Point| a.x * b.y - a.y * b.x;
    let cross = turn(along, across);
    if cross.abs() < 1e-9 {
        return None;
    }
    let between = Point { x: other.a.x - one.a.x, y: other.a.y - one.a.y };
    let (on_one, on_other) = (turn(between, across) / cross, turn(between, along) / cross);
    let inside = |share: f64| (-1e-9..=1.0 + 1e-9).contains(&share);
    let point = Point { x: one.a.x + on_one * along.x, y: one.a.y + on_one * along.y };
    (inside(on_one) && inside(on_other)).then_some(point)
}
