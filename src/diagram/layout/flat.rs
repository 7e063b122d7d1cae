//! The crate `layout-rs`: small, without clusters, quick to build. It draws into a backend of ours that keeps the
//! geometry. Its panics are fenced off; it is not asked for more than it places within a second.

use super::{Layout, LayoutEngine, Point, Rect, Refusal, Request, Route, Size, fence};
use crate::diagram::graph::{Direction, Target};
use layout::core::base::Orientation;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::Point as Theirs;
use layout::core::style::StyleAttr;
use layout::std_shapes::shapes::{Arrow, Element, ShapeKind};
use layout::topo::layout::VisualGraph;

/// The engine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Flat;

/// Nodes and edges together: 300 nodes took 0.6 s, 500 took 16 s.
const MOST: usize = 500;

impl LayoutEngine for Flat {
    fn name(&self) -> &'static str {
        "layout-rs"
    }

    fn knows_clusters(&self) -> bool {
        false
    }

    fn lay_out(&self, request: &Request<'_>) -> Result<Layout, Refusal> {
        let graph = request.graph;
        if !graph.clusters.is_empty() {
            return Err(Refusal("the engine layout-rs knows no boxes around boxes".into()));
        }
        if graph.nodes.is_empty() {
            return Ok(Layout { direction: Some(request.direction), ..Layout::default() });
        }
        if graph.nodes.len() + graph.edges.len() > MOST {
            return Err(Refusal(format!("the engine layout-rs places at most {MOST} nodes and edges")));
        }
        let seen = fence(|| place(request))?;
        finish(seen, request)
    }
}

/// What the engine drew.
#[derive(Default)]
struct Seen {
    nodes: Vec<(usize, Rect)>,
    edges: Vec<(usize, Vec<Point>)>,
}

impl RenderBackend for Seen {
    fn draw_rect(
        &mut self,
        xy: Theirs,
        size: Theirs,
        _: &StyleAttr,
        what: Option<String>,
        _: Option<ClipHandle>,
    ) {
        if let Some(at) = what.and_then(|what| what.parse().ok()) {
            self.nodes.push((at, Rect { x: xy.x, y: xy.y, width: size.x, height: size.y }));
        }
    }

    fn draw_line(&mut self, _: Theirs, _: Theirs, _: &StyleAttr, _: Option<String>) {}

    fn draw_circle(&mut self, _: Theirs, _: Theirs, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, _: Theirs, _: &str, _: &StyleAttr) {}

    fn draw_arrow(
        &mut self,
        path: &[(Theirs, Theirs)],
        _: bool,
        _: (bool, bool),
        _: &StyleAttr,
        what: Option<String>,
        _: &str,
    ) {
        if let Some(at) = what.and_then(|what| what.parse().ok()) {
            self.edges.push((at, flattened(path)));
        }
    }

    fn create_clip(&mut self, _: Theirs, _: Theirs, _: usize) -> ClipHandle {
        0
    }
}

/// Curves to straight pieces: the first pair is a point and its control, the others a control and a point, as SVG's `C`
/// and `S` read them.
fn flattened(path: &[(Theirs, Theirs)]) -> Vec<Point> {
    const PIECES: u32 = 8;
    let Some(first) = path.first() else { return Vec::new() };
    let ours = |p: &Theirs| Point { x: p.x, y: p.y };
    let (mut at, mut control) = (ours(&first.0), ours(&first.1));
    let mut out = vec![at];
    for (into, end) in path.iter().skip(1) {
        let (into, end) = (ours(into), ours(end));
        for piece in 1..=PIECES {
            let t = f64::from(piece) / f64::from(PIECES);
            let s = 1.0 - t;
            let mix = |a: f64, b: f64, c: f64, d: f64| {
                s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
            };
            out.push(Point {
                x: mix(at.x, control.x, into.x, end.x),
                y: mix(at.y, control.y, into.y, end.y),
            });
        }
        control = Point { x: 2.0 * end.x - into.x, y: 2.0 * end.y - into.y };
        at = end;
    }
    out
}

fn place(request: &Request<'_>) -> Seen {
    let graph = request.graph;
    let orientation =
        if request.direction.horizontal() { Orientation::LeftToRight } else { Orientation::TopToBottom };
    let mut theirs = VisualGraph::new(orientation);
    let look = StyleAttr::simple();
    let handles: Vec<_> = (0..graph.nodes.len())
        .map(|at| {
            let size = request.sizes.nodes.get(at).copied().unwrap_or_default();
            let size = Theirs::new(size.width.max(1.0), size.height.max(1.0));
            let shape = ShapeKind::new_box("");
            theirs.add_node(Element::create_with_properties(
                shape,
                look.clone(),
                orientation,
                size,
                at.to_string(),
            ))
        })
        .collect();
    for (at, edge) in graph.edges.iter().enumerate() {
        let (Target::Node(from), Target::Node(to)) = (edge.from.target, edge.to.target) else { continue };
        // It keeps one em a letter free for a label.
        let label = request.sizes.edges.get(at).map_or(Size::default(), |labels| labels[1]);
        let letters = "x".repeat(letters(label.width));
        theirs.add_edge(Arrow::simple_with_properties(&letters, at.to_string()), handles[from], handles[to]);
    }
    let mut seen = Seen::default();
    theirs.do_it(false, false, false, &mut seen);
    seen
}

/// How many letters of the engine's are as wide as a label.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "labels are a few hundred pixels wide"
)]
fn letters(width: f64) -> usize {
    (width / 15.0).ceil().clamp(0.0, 60.0) as usize
}

fn finish(seen: Seen, request: &Request<'_>) -> Result<Layout, Refusal> {
    let graph = request.graph;
    let mut layout = Layout {
        nodes: vec![Rect::default(); graph.nodes.len()],
        edges: vec![Route::default(); graph.edges.len()],
        direction: Some(request.direction),
        effort: request.effort,
        ..Layout::default()
    };
    for (at, rect) in seen.nodes {
        if let Some(slot) = layout.nodes.get_mut(at) {
            *slot = rect;
        }
    }
    for (at, points) in seen.edges {
        let Some(slot) = layout.edges.get_mut(at) else { continue };
        let size = request.sizes.edges.get(at).map_or(Size::default(), |labels| labels[1]);
        let middle = points.get(points.len() / 2).copied().unwrap_or_default();
        if size.width > 0.0 {
            let (width, height) = (size.width, size.height);
            slot.labels[1] =
                Some(Rect { x: middle.x - width / 2.0, y: middle.y - height / 2.0, width, height });
        }
        slot.points = points;
    }
    if layout.edges.iter().any(|route| route.points.len() < 2) {
        return Err(Refusal("the engine left an edge without a route".into()));
    }
    turned(&mut layout, request.direction);
    layout.fit();
    Ok(layout)
}

/// The engine goes down or right only; up and left are mirrored.
fn turned(layout: &mut Layout, direction: Direction) {
    let (x, y) = (direction == Direction::Left, direction == Direction::Up);
    let turn = |rect: &mut Rect| {
        rect.x = if x { -rect.right() } else { rect.x };
        rect.y = if y { -rect.bottom() } else { rect.y };
    };
    layout.nodes.iter_mut().for_each(turn);
    for route in &mut layout.edges {
        route.labels.iter_mut().flatten().for_each(turn);
        for point in &mut route.points {
            point.x = if x { -point.x } else { point.x };
            point.y = if y { -point.y } else { point.y };
        }
    }
}
