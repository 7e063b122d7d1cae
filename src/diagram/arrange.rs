//! A graph to the best layout that can be had for it: engine, direction, several tries.

use super::graph::{Direction, Graph};
#[cfg(feature = "elk")]
use super::layout::elk::Elk;
use super::layout::flat::Flat;
use super::layout::quality::Quality;
use super::layout::{Layout, LayoutEngine, Pins, Refusal, Request, Sizes};
use super::measure::{Measured, measure};

/// The width of a page's column, in pixels.
pub const COLUMN: f64 = 720.0;

/// Larger graphs are refused: nobody reads them, and they would hold up the page.
const MOST_NODES: usize = 2_000;
/// As [`MOST_NODES`], for edges.
const MOST_EDGES: usize = 4_000;

/// What may be asked for.
#[derive(Clone, Copy, Default)]
pub struct Wishes<'w> {
    /// An engine other than the usual one.
    pub engine: Option<&'w dyn LayoutEngine>,
    /// Where things stood before, and the direction they were laid out in.
    pub pinned: Option<(&'w Pins, Direction)>,
    /// The width that a picture should fit; [`COLUMN`] without one.
    pub column: Option<f64>,
}

/// A placed graph with its words.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Where everything stands.
    pub layout: Layout,
    /// What is written.
    pub measured: Measured,
}

/// The engines of this build by name; the first is the usual one.
pub fn engines() -> &'static [&'static dyn LayoutEngine] {
    #[cfg(feature = "elk")]
    return &[&Elk, &Flat];
    #[cfg(not(feature = "elk"))]
    return &[&Flat];
}

/// Places a graph.
///
/// # Errors
/// When it is too large, or the engine cannot place it.
pub fn arrange(graph: &Graph, wishes: Wishes<'_>) -> Result<Placed, Refusal> {
    let (nodes, edges) = (graph.nodes.len() + graph.clusters.len(), graph.edges.len());
    if nodes > MOST_NODES || edges > MOST_EDGES {
        return Err(Refusal(format!(
            "a picture of {nodes} elements and {edges} relations is not drawn; at most {MOST_NODES} and {MOST_EDGES} are"
        )));
    }
    let measured = measure(graph);
    let sizes = measured.sizes();
    let engine = wishes.engine.unwrap_or(engines()[0]);
    let search = Search { graph, sizes: &sizes, engine, column: wishes.column.unwrap_or(COLUMN) };
    let layout = match wishes.pinned {
        Some((pins, direction)) => search.one(direction, Some(pins), 0)?,
        None => search.best()?,
    };
    Ok(Placed { layout, measured })
}

/// Smaller is better, part by part.
type Cost = (usize, usize, usize);

struct Search<'s> {
    graph: &'s Graph,
    sizes: &'s Sizes,
    engine: &'s dyn LayoutEngine,
    column: f64,
}

impl Search<'_> {
    fn one(&self, direction: Direction, pinned: Option<&Pins>, effort: u32) -> Result<Layout, Refusal> {
        self.engine.lay_out(&Request { graph: self.graph, sizes: self.sizes, direction, pinned, effort })
    }

    fn cost(&self, layout: &Layout) -> Cost {
        let quality = Quality::of(self.graph, layout);
        let broken = quality.node_overlaps
            + quality.nodes_in_clusters
            + quality.edges_through_nodes
            + quality.edges_through_clusters;
        (broken, quality.crossings + quality.label_hits, quality.bends)
    }

    fn best(&self) -> Result<Layout, Refusal> {
        if let Some(direction) = self.graph.direction {
            let first = self.one(direction, None, 0)?;
            return Ok(self.better(first, direction));
        }
        let down = self.one(Direction::Down, None, 0)?;
        let right = self.one(Direction::Right, None, 0)?;
        let (first, direction) = if self.misfit(&right) < self.misfit(&down) {
            (right, Direction::Right)
        } else {
            (down, Direction::Down)
        };
        Ok(self.better(first, direction))
    }

    /// How badly a picture fits the column: how much it must shrink, and how long it makes the page.
    fn misfit(&self, layout: &Layout) -> f64 {
        let shrunk = (layout.size.width / self.column).max(1.0);
        let tall = layout.size.height / shrunk / self.column;
        // Half the size of letters is as bad as a page four columns long.
        (shrunk - 1.0) * 4.0 + tall
    }

    /// Tries again as long as lines cross and the graph is small enough that it takes no time.
    fn better(&self, first: Layout, direction: Direction) -> Layout {
        let size = self.graph.nodes.len() + self.graph.edges.len() + self.graph.clusters.len();
        let tries = u32::try_from(WORK / size.max(1)).unwrap_or(0).min(24);
        let mut cost = self.cost(&first);
        let mut best = first;
        for effort in 1..=tries {
            if cost.0 == 0 && cost.1 == 0 {
                break;
            }
            if let Ok(other) = self.one(direction, None, effort) {
                let next = self.cost(&other);
                if next < cost {
                    (cost, best) = (next, other);
                }
            }
        }
        best
    }
}

/// Elements placed in further tries: about 0.2 ms each.
const WORK: usize = 2_000;
