//! A small change of a graph as a small change of its picture: what stood stays where it was, new elements are put where
//! there is room, and only their lines are drawn anew.

use super::quality::{Quality, crosses_rect, overlap};
use super::route::{Gate, Ground, WAYS, line};
use super::{Layout, Point, Rect, Request, Route, Size, labels};
use crate::diagram::graph::{Direction, End, Graph, Side, Target};

/// What is recorded of a layout; parallel to the graph, `None` for what is new.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Held {
    /// Boxes of nodes.
    pub nodes: Vec<Option<Rect>>,
    /// Boxes of clusters.
    pub clusters: Vec<Option<Rect>>,
    /// Lines.
    pub edges: Vec<Option<Course>>,
}

/// How a line runs, and the upper left corners of its labels at the beginning, in the middle and at the end.
pub type Course = (Vec<Point>, [Option<Point>; 3]);

/// Between a new node and what is around it.
const ROOM: f64 = 14.0;
/// Between a cluster's border and a node in it.
const PADDING: f64 = 16.0;
/// Places for a new node are tried this far apart.
const STEP: f64 = 8.0;
/// More than this share of new nodes is no small change.
const MOST_NEW: usize = 4;

/// The layout, or nothing when the change is not small, or there is no room.
pub fn hold(request: &Request<'_>, held: &Held) -> Option<Layout> {
    let mut holder = Holder::new(request, held)?;
    for node in 0..request.graph.nodes.len() {
        if !holder.placed[node] {
            holder.put(node)?;
        }
    }
    holder.lines()?;
    let mut layout = holder.layout;
    labels::settle(request.graph, &mut layout);
    layout.frame();
    let quality = Quality::of(request.graph, &layout);
    let broken = quality.node_overlaps
        + quality.edges_through_nodes
        + quality.edges_through_clusters
        + quality.nodes_in_clusters;
    (broken == 0).then_some(layout)
}

struct Holder<'r> {
    request: &'r Request<'r>,
    graph: &'r Graph,
    layout: Layout,
    placed: Vec<bool>,
    drawn: Vec<bool>,
}

fn grown(rect: &Rect, by: f64) -> Rect {
    Rect { x: rect.x - by, y: rect.y - by, width: rect.width + 2.0 * by, height: rect.height + 2.0 * by }
}

fn inside(inner: &Rect, outer: &Rect) -> bool {
    inner.x >= outer.x
        && inner.y >= outer.y
        && inner.right() <= outer.right()
        && inner.bottom() <= outer.bottom()
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1.0
}

/// Whether a line's end still lies on the border of what it meets.
fn on_border(point: Point, rect: &Rect) -> bool {
    let within = inside(&Rect { x: point.x, y: point.y, ..Rect::default() }, &grown(rect, 1.0));
    within && !inside(&Rect { x: point.x, y: point.y, ..Rect::default() }, &grown(rect, -1.5))
}

impl<'r> Holder<'r> {
    fn new(request: &'r Request<'r>, held: &Held) -> Option<Self> {
        let graph = request.graph;
        let clusters: Vec<Rect> = held.clusters.iter().copied().collect::<Option<_>>()?;
        let headings = clusters.iter().zip(&request.sizes.clusters).map(|(rect, size)| Rect {
            x: rect.x + 12.0,
            y: rect.y + 9.0,
            width: size.width,
            height: size.height,
        });
        let headings: Vec<Rect> = headings.collect();
        if headings.iter().zip(&clusters).any(|(heading, rect)| !inside(heading, rect)) {
            return None;
        }
        let mut out = Self {
            request,
            graph,
            placed: vec![false; graph.nodes.len()],
            drawn: vec![false; graph.edges.len()],
            layout: Layout {
                nodes: vec![Rect::default(); graph.nodes.len()],
                clusters,
                headings,
                edges: vec![Route::default(); graph.edges.len()],
                direction: Some(request.direction),
                effort: request.effort,
                ..Layout::default()
            },
        };
        for (at, rect) in held.nodes.iter().enumerate() {
            let Some(rect) = rect else { continue };
            let size = request.sizes.nodes[at];
            let fits = same(size.width, rect.width) && same(size.height, rect.height);
            let home = graph.nodes[at].parent.is_none_or(|parent| inside(rect, &out.layout.clusters[parent]));
            if fits && home {
                out.layout.nodes[at] = Rect { width: size.width, height: size.height, ..*rect };
                out.placed[at] = true;
            }
        }
        let new = out.placed.iter().filter(|placed| !**placed).count();
        if new * MOST_NEW > graph.nodes.len() {
            return None;
        }
        out.keep_lines(held);
        Some(out)
    }

    fn rect(&self, target: Target) -> Rect {
        match target {
            Target::Node(at) => self.layout.nodes[at],
            Target::Cluster(at) => self.layout.clusters[at],
        }
    }

    fn keep_lines(&mut self, held: &Held) {
        for (at, (edge, held)) in self.graph.edges.iter().zip(&held.edges).enumerate() {
            let Some((points, corners)) = held else { continue };
            let ends = [(&edge.from, points.first()), (&edge.to, points.last())];
            let stays = ends.iter().all(|(end, point)| {
                let there = !matches!(end.target, Target::Node(node) if !self.placed[node]);
                there && point.is_some_and(|point| on_border(*point, &self.rect(end.target)))
            });
            if points.len() < 2 || !stays {
                continue;
            }
            let sizes = self.request.sizes.edges[at];
            let mut route = Route { points: points.clone(), labels: [None; 3] };
            for ((slot, corner), size) in route.labels.iter_mut().zip(corners).zip(sizes) {
                if size.width > 0.0 {
                    let Some(corner) = corner else { continue };
                    *slot = Some(Rect { x: corner.x, y: corner.y, width: size.width, height: size.height });
                }
            }
            let complete =
                route.labels.iter().zip(sizes).all(|(label, size)| label.is_some() == (size.width > 0.0));
            if complete {
                self.layout.edges[at] = route;
                self.drawn[at] = true;
            }
        }
    }

    /// Whether a cluster holds an element.
    fn holds(&self, cluster: usize, target: Target) -> bool {
        self.graph.holds(cluster, target)
    }

    /// Puts a new node where there is room, making its cluster larger if there is none.
    fn put(&mut self, node: usize) -> Option<()> {
        let size = self.request.sizes.nodes[node];
        let mut place = self.free(node, size);
        if place.is_none() {
            for side in [Side::Right, Side::Bottom, Side::Left, Side::Top] {
                let before = self.layout.clone();
                if self.grow(self.graph.nodes[node].parent?, side, size).is_some() {
                    place = self.free(node, size);
                }
                if place.is_some() {
                    break;
                }
                self.layout = before;
            }
        }
        self.layout.nodes[node] = place?;
        self.placed[node] = true;
        Some(())
    }

    /// Where a node may stand: within its cluster, or anywhere around the picture.
    fn field(&self, node: usize, size: Size) -> Rect {
        match self.graph.nodes[node].parent {
            Some(parent) => {
                let rect = self.layout.clusters[parent];
                let top = (self.layout.headings[parent].bottom() - rect.y + 6.0).max(PADDING);
                Rect {
                    x: rect.x + PADDING,
                    y: rect.y + top,
                    width: rect.width - 2.0 * PADDING,
                    height: rect.height - top - PADDING,
                }
            }
            None => {
                let mut all = self.layout.clone();
                all.nodes = self.standing().collect();
                all.frame();
                let whole =
                    Rect { x: all.origin.x, y: all.origin.y, width: all.size.width, height: all.size.height };
                let (dx, dy) = (size.width + 3.0 * ROOM, size.height + 3.0 * ROOM);
                Rect {
                    x: whole.x - dx,
                    y: whole.y - dy,
                    width: whole.width + 2.0 * dx,
                    height: whole.height + 2.0 * dy,
                }
            }
        }
    }

    fn standing(&self) -> impl Iterator<Item = Rect> {
        self.layout.nodes.iter().zip(&self.placed).filter(|(_, placed)| **placed).map(|(rect, _)| *rect)
    }

    /// The free place that is nearest to what the node is related to.
    fn free(&self, node: usize, size: Size) -> Option<Rect> {
        let field = self.field(node, size);
        let foreign: Vec<Rect> = (0..self.layout.clusters.len())
            .filter(|at| !self.holds(*at, Target::Node(node)))
            .map(|at| grown(&self.layout.clusters[at], ROOM))
            .chain(self.standing().map(|rect| grown(&rect, ROOM)))
            .chain(self.layout.headings.iter().map(|rect| grown(rect, 4.0)))
            .chain(
                self.layout
                    .edges
                    .iter()
                    .flat_map(|route| &route.labels)
                    .flatten()
                    .map(|rect| grown(rect, 4.0)),
            )
            .collect();
        let lines: Vec<&[Point]> = self
            .layout
            .edges
            .iter()
            .zip(&self.drawn)
            .filter(|(_, drawn)| **drawn)
            .map(|(route, _)| &*route.points)
            .collect();
        let mut best: Option<(f64, Rect)> = None;
        let mut y = field.y;
        while y + size.height <= field.bottom() + 0.1 {
            let mut x = field.x;
            while x + size.width <= field.right() + 0.1 {
                let rect = Rect { x, y, width: size.width, height: size.height };
                x += STEP;
                let cost = self.distance(node, &rect);
                if best.as_ref().is_some_and(|(least, _)| cost >= *least) {
                    continue;
                }
                let clear = grown(&rect, 8.0);
                let free = !foreign.iter().any(|other| overlap(other, &rect))
                    && !lines.iter().any(|points| crosses_rect(points, &clear));
                if free {
                    best = Some((cost, rect));
                }
            }
            y += STEP;
        }
        best.map(|(_, rect)| rect)
    }

    /// How far a place is from all that the node is related to; more where its lines would lead against the direction.
    fn distance(&self, node: usize, rect: &Rect) -> f64 {
        let (mut cost, mut related) = (0.0, false);
        let centre = rect.centre();
        for edge in &self.graph.edges {
            let (other, leaves) = match (edge.from.target, edge.to.target) {
                (Target::Node(from), other) if from == node => (other, true),
                (other, Target::Node(to)) if to == node => (other, false),
                _ => continue,
            };
            if matches!(other, Target::Node(at) if !self.placed[at]) {
                continue;
            }
            related = true;
            let far = self.rect(other);
            let (ahead, behind) = if leaves { (far, *rect) } else { (*rect, far) };
            let forth = match self.request.direction {
                Direction::Down => ahead.y >= behind.bottom(),
                Direction::Up => ahead.bottom() <= behind.y,
                Direction::Right => ahead.x >= behind.right(),
                Direction::Left => ahead.right() <= behind.x,
            };
            let middle = far.centre();
            cost +=
                (middle.x - centre.x).abs() + (middle.y - centre.y).abs() + if forth { 0.0 } else { 160.0 };
        }
        // Without relations: near to the upper left of where it belongs.
        if related { cost } else { centre.x + 2.0 * centre.y }
    }

    /// Makes a cluster, and those around it, larger on one side; nothing foreign may stand or run there.
    fn grow(&mut self, cluster: usize, side: Side, size: Size) -> Option<()> {
        let by = if matches!(side, Side::Left | Side::Right) { size.width } else { size.height }
            + 2.0 * ROOM
            + 4.0;
        let was = self.layout.clusters[cluster];
        let mut rect = was;
        match side {
            Side::Right => rect.width += by,
            Side::Bottom => rect.height += by,
            Side::Left => (rect.x, rect.width) = (rect.x - by, rect.width + by),
            Side::Top => (rect.y, rect.height) = (rect.y - by, rect.height + by),
        }
        // A heading stands at the upper left: what is new there would push it.
        let shortfall = (2.0 * PADDING + size.width - rect.width).max(0.0);
        rect.width += shortfall;
        let tall = self.layout.headings[cluster].bottom() - was.y + 6.0 + PADDING + size.height;
        rect.height = rect.height.max(tall);
        self.widen(cluster, rect)
    }

    fn widen(&mut self, cluster: usize, rect: Rect) -> Option<()> {
        let own = |target: Target| self.holds(cluster, target);
        let wide = grown(&rect, 8.0);
        let nodes = self
            .layout
            .nodes
            .iter()
            .enumerate()
            .filter(|(at, _)| self.placed[*at] && !own(Target::Node(*at)));
        let others = self
            .layout
            .clusters
            .iter()
            .enumerate()
            .filter(|(at, _)| !own(Target::Cluster(*at)) && !self.holds(*at, Target::Cluster(cluster)));
        let taken = nodes
            .map(|(_, rect)| rect)
            .chain(others.map(|(_, rect)| rect))
            .any(|other| overlap(other, &wide));
        let crossed = self.graph.edges.iter().zip(&self.layout.edges).any(|(edge, route)| {
            let foreign = !own(edge.from.target) && !own(edge.to.target);
            (foreign && crosses_rect(&route.points, &wide))
                || route.labels.iter().flatten().any(|label| foreign && overlap(label, &wide))
        });
        // Lines to the cluster itself end at its border.
        let met = self.graph.edges.iter().any(|edge| {
            edge.from.target == Target::Cluster(cluster) || edge.to.target == Target::Cluster(cluster)
        });
        if taken || crossed || met {
            return None;
        }
        let was = self.layout.clusters[cluster];
        self.layout.clusters[cluster] = rect;
        self.layout.headings[cluster].x += rect.x - was.x;
        self.layout.headings[cluster].y += rect.y - was.y;
        let Some(parent) = self.graph.clusters[cluster].parent else { return Some(()) };
        let around = self.layout.clusters[parent];
        let need = grown(&rect, PADDING);
        if inside(&need, &around) {
            return Some(());
        }
        let (x, y) = (around.x.min(need.x), around.y.min(need.y));
        let (right, bottom) = (around.right().max(need.right()), around.bottom().max(need.bottom()));
        self.widen(parent, Rect { x, y, width: right - x, height: bottom - y })
    }

    /// Draws the lines that are new, in order.
    fn lines(&mut self) -> Option<()> {
        for at in 0..self.graph.edges.len() {
            if self.drawn[at] {
                continue;
            }
            let edge = &self.graph.edges[at];
            let (from, to) = (edge.from.target, edge.to.target);
            let points = if from == to {
                around(&self.rect(from))
            } else {
                let (start, end) = (self.gates(&edge.from, true), self.gates(&edge.to, false));
                line(&self.ground(from, to), &start, &end)?
            };
            self.layout.edges[at].points = points;
            self.drawn[at] = true;
            let sizes = self.request.sizes.edges[at];
            for (which, size) in sizes.into_iter().enumerate().filter(|(_, size)| size.width > 0.0) {
                labels::put(self.graph, &mut self.layout, (at, which), size);
            }
        }
        Some(())
    }

    /// What a line between two elements has to mind: a cluster that holds one of them can be entered.
    fn ground(&self, from: Target, to: Target) -> Ground {
        let clusters = self.layout.clusters.iter().enumerate().filter(|(at, _)| {
            !self.holds(*at, from) && !self.holds(*at, to) || [from, to].contains(&Target::Cluster(*at))
        });
        // What stands in a cluster that is an end is behind its border.
        let behind = |at: usize| {
            [from, to]
                .iter()
                .any(|end| matches!(end, Target::Cluster(cluster) if self.holds(*cluster, Target::Node(at))))
        };
        let nodes = self.layout.nodes.iter().enumerate().filter(|(at, _)| self.placed[*at] && !behind(*at));
        let labels = self.layout.edges.iter().flat_map(|route| &route.labels).flatten();
        let solid = nodes
            .map(|(_, rect)| *rect)
            .chain(clusters.map(|(_, rect)| *rect))
            .chain(labels.map(|rect| grown(rect, -4.0)));
        let lines = self.layout.edges.iter().zip(&self.drawn).filter(|(_, drawn)| **drawn);
        Ground { solid: solid.collect(), lines: lines.map(|(route, _)| route.points.clone()).collect() }
    }

    /// Where a line can leave an element: on each side, beside other lines' ends.
    fn gates(&self, end: &End, leaves: bool) -> Vec<Gate> {
        let rect = self.rect(end.target);
        let forth = match (self.request.direction, leaves) {
            (Direction::Right, true) | (Direction::Left, false) => 0,
            (Direction::Down, true) | (Direction::Up, false) => 1,
            (Direction::Left, true) | (Direction::Right, false) => 2,
            (Direction::Up, true) | (Direction::Down, false) => 3,
        };
        let asked = end.side.map(|side| match side {
            Side::Right => 0,
            Side::Bottom => 1,
            Side::Left => 2,
            Side::Top => 3,
        });
        let cell = match (end.target, &end.port) {
            (Target::Node(node), Some(name)) => {
                self.request.sizes.ports[node].iter().find(|port| port.name == *name).map(|port| port.at)
            }
            _ => None,
        };
        let mut out = Vec::new();
        for way in (0..4).filter(|way| asked.is_none_or(|asked| asked == *way)) {
            for (share, cost) in [(0.5, 0), (0.3, 4), (0.7, 4), (0.15, 8), (0.85, 8)] {
                let (x, y) = match cell {
                    Some(at) => (rect.x + at.x, rect.y + at.y),
                    None => (rect.x + rect.width * share, rect.y + rect.height * share),
                };
                let at = match WAYS[way] {
                    (1, _) => Point { x: rect.right(), y },
                    (-1, _) => Point { x: rect.x, y },
                    (_, 1) => Point { x, y: rect.bottom() },
                    _ => Point { x, y: rect.y },
                };
                let used = self.layout.edges.iter().zip(&self.drawn).filter(|(_, drawn)| **drawn);
                let taken = used
                    .flat_map(|(route, _)| [route.points.first(), route.points.last()])
                    .flatten()
                    .any(|other| (other.x - at.x).abs() + (other.y - at.y).abs() < 6.0);
                if !taken || cell.is_some() {
                    let against = if way == forth { 0 } else { 25 };
                    out.push(Gate { at, way, cost: cost + against });
                }
                if cell.is_some() {
                    break;
                }
            }
        }
        out
    }
}

/// A line from an element to itself, at its right side.
fn around(rect: &Rect) -> Vec<Point> {
    let (x, top, bottom) = (rect.right(), rect.y + rect.height * 0.3, rect.y + rect.height * 0.7);
    vec![
        Point { x, y: top },
        Point { x: x + 16.0, y: top },
        Point { x: x + 16.0, y: bottom },
        Point { x, y: bottom },
    ]
}
