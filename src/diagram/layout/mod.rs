//! Where everything of a graph stands: the contract between engines and drawing.
//!
//! Lengths are in CSS pixels at the picture's natural size; the origin is the upper left corner, y points down, and all
//! coordinates are absolute, whatever the nesting.

#[cfg(feature = "elk")]
pub mod elk;
pub mod flat;
pub mod hold;
mod labels;
pub mod quality;
mod route;

use super::graph::{Direction, Graph};

/// A point.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// Width and height.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

/// A box that stands somewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Its left side.
    pub x: f64,
    /// Its upper side.
    pub y: f64,
    /// From left to right.
    pub width: f64,
    /// From top to bottom.
    pub height: f64,
}

impl Rect {
    /// The point in the middle.
    pub fn centre(&self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// The right side.
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// The lower side.
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

/// A place on a node's border that edges meet.
#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    /// The [`super::graph::Cell::port`] it belongs to.
    pub name: String,
    /// The middle of the cell, from the node's upper left corner.
    pub at: Point,
    /// The cell's size.
    pub size: Size,
}

/// How large everything is: measured text and its surroundings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sizes {
    /// Of each node.
    pub nodes: Vec<Size>,
    /// Of each node's ports.
    pub ports: Vec<Vec<Port>>,
    /// Of each cluster's heading.
    pub clusters: Vec<Size>,
    /// Of each edge's labels: at the beginning, in the middle, at the end. Zero for none.
    pub edges: Vec<[Size; 3]>,
}

/// What an engine places.
#[derive(Clone, Copy, Debug)]
pub struct Request<'r> {
    /// The graph; its indices are in range.
    pub graph: &'r Graph,
    /// How large everything is, parallel to the graph.
    pub sizes: &'r Sizes,
    /// Where edges lead.
    pub direction: Direction,
    /// Where things stood before, by which the new picture should go.
    pub pinned: Option<&'r Pins>,
    /// How hard to try for fewer crossings, from 1; the engine's own unit.
    pub effort: u32,
}

/// Where things stood: upper left corners, by index; `None` for what is new.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pins {
    /// Of nodes.
    pub nodes: Vec<Option<Point>>,
    /// Of clusters.
    pub clusters: Vec<Option<Point>>,
}

/// A line through points, and the labels along it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Route {
    /// From the border of the one to the border of the other; at least two.
    pub points: Vec<Point>,
    /// At the beginning, in the middle, at the end.
    pub labels: [Option<Rect>; 3],
}

/// Around everything that is drawn, in pixels.
const MARGIN: f64 = 8.0;

/// Where everything stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// The picture's upper left corner.
    pub origin: Point,
    /// Of the whole picture, with its margin.
    pub size: Size,
    /// Parallel to the graph's nodes.
    pub nodes: Vec<Rect>,
    /// Parallel to the graph's clusters.
    pub clusters: Vec<Rect>,
    /// The headings of clusters.
    pub headings: Vec<Rect>,
    /// Parallel to the graph's edges.
    pub edges: Vec<Route>,
    /// The direction that was taken.
    pub direction: Option<Direction>,
    /// The [`Request::effort`] that it came from.
    pub effort: u32,
}

impl Layout {
    /// All boxes and corners of lines.
    fn bounds(&self) -> Option<Rect> {
        let mut low = Point { x: f64::MAX, y: f64::MAX };
        let mut high = Point { x: f64::MIN, y: f64::MIN };
        let mut meet = |x: f64, y: f64| {
            low = Point { x: low.x.min(x), y: low.y.min(y) };
            high = Point { x: high.x.max(x), y: high.y.max(y) };
        };
        let labels = self.edges.iter().flat_map(|route| route.labels.iter().flatten());
        for rect in self.nodes.iter().chain(&self.clusters).chain(labels) {
            meet(rect.x, rect.y);
            meet(rect.right(), rect.bottom());
        }
        for point in self.edges.iter().flat_map(|route| &route.points) {
            meet(point.x, point.y);
        }
        (low.x <= high.x).then_some(Rect {
            x: low.x,
            y: low.y,
            width: high.x - low.x,
            height: high.y - low.y,
        })
    }

    /// Sets the picture's frame around everything, which stays where it is.
    pub fn frame(&mut self) {
        let Some(bounds) = self.bounds() else { return };
        self.origin = Point { x: bounds.x - MARGIN, y: bounds.y - MARGIN };
        self.size = Size { width: bounds.width + 2.0 * MARGIN, height: bounds.height + 2.0 * MARGIN };
    }

    /// Moves everything so that a margin of 8 pixels is left around it.
    pub fn fit(&mut self) {
        let Some(bounds) = self.bounds() else { return };
        self.origin = Point::default();
        self.shift_all((MARGIN - bounds.x, MARGIN - bounds.y));
        self.size = Size { width: bounds.width + 2.0 * MARGIN, height: bounds.height + 2.0 * MARGIN };
    }

    /// Moves everything, and the picture's frame with it.
    pub fn shift(&mut self, by: (f64, f64)) {
        self.origin = Point { x: self.origin.x + by.0, y: self.origin.y + by.1 };
        self.shift_all(by);
    }

    fn shift_all(&mut self, (dx, dy): (f64, f64)) {
        let shift = |rect: &mut Rect| {
            rect.x += dx;
            rect.y += dy;
        };
        self.nodes.iter_mut().chain(&mut self.clusters).chain(&mut self.headings).for_each(shift);
        for route in &mut self.edges {
            route.labels.iter_mut().flatten().for_each(shift);
            for point in &mut route.points {
                point.x += dx;
                point.y += dy;
            }
        }
    }
}

/// Why an engine placed nothing: one sentence without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

/// What places graphs.
pub trait LayoutEngine: Sync {
    /// Its name in configuration and messages.
    fn name(&self) -> &'static str;

    /// Whether it keeps nodes inside their clusters.
    fn knows_clusters(&self) -> bool;

    /// Places everything; the same request gives the same layout on every machine.
    ///
    /// # Errors
    /// What it cannot place, or an engine's own failure; never a panic.
    fn lay_out(&self, request: &Request<'_>) -> Result<Layout, Refusal>;
}

/// The name of the thread in which an engine runs; the shell prints nothing of a panic in it.
pub const FENCED: &str = "oathbook-layout";

/// Runs what may panic, on a stack of its own: engines are other people's, and recurse. A panic is a refusal.
///
/// # Errors
/// When the work panicked, or the machine has no room for a thread.
pub(crate) fn fence<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, Refusal> {
    // Only what is touched costs memory.
    const STACK: usize = 512 << 20;
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().name(FENCED.into()).stack_size(STACK);
        let thread =
            builder.spawn_scoped(scope, work).map_err(|error| Refusal(format!("no thread: {error}")))?;
        thread.join().map_err(|_| Refusal("the layout engine failed on this graph".into()))
    })
}
