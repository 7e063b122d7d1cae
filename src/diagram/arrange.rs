//! A graph to the best layout that can be had for it: engine, direction, several tries.

use super::graph::{Direction, Graph, Target};
#[cfg(feature = "elk")]
use super::layout::elk::Elk;
use super::layout::flat::Flat;
use super::layout::hold::hold;
use super::layout::quality::Quality;
use super::layout::{Layout, LayoutEngine, Pins, Refusal, Request, Sizes};
use super::measure::{Measured, measure};
use super::sidecar::Positions;
use std::collections::{BTreeMap, HashMap};

/// The width of a page's column, in pixels.
pub const COLUMN: f64 = 720.0;

/// Larger graphs are refused: nobody reads them, and they would hold up the page.
const MOST_NODES: usize = 2_000;
/// As [`MOST_NODES`], for edges.
const MOST_EDGES: usize = 4_000;

/// Edges pass no more layers than this all together.
const MOST_PASSED: usize = 20_000;

/// Relations that lie between two layers and can cross, in pairs, to the power of 1.5, over all layers: that is what
/// ordering and routing them goes by. 25 elements that all lead to 25 others are 86 million and take 3 s, 40 and 40 are 1.5
/// billion and take 30 s.
const MOST_CROSSING: f64 = 1e8;

/// What may be asked for.
#[derive(Clone, Copy, Default)]
pub struct Wishes<'w> {
    /// An engine other than the usual one.
    pub engine: Option<&'w dyn LayoutEngine>,
    /// Where things stood before.
    pub pinned: Option<&'w Positions>,
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

/// Why a graph is not drawn, if it is too large for that.
pub fn too_large(graph: &Graph) -> Option<Refusal> {
    let (nodes, edges) = (graph.nodes.len() + graph.clusters.len(), graph.edges.len());
    if nodes > MOST_NODES || edges > MOST_EDGES {
        return Some(Refusal(format!(
            "a picture of {nodes} elements and {edges} relations is not drawn; at most {MOST_NODES} and {MOST_EDGES} are"
        )));
    }
    let spans = spans(graph);
    let passed: usize = spans.iter().map(|span| span.layers.len()).sum();
    if passed > MOST_PASSED {
        return Some(Refusal(format!(
            "the picture is not drawn: its {edges} relations would pass {passed} layers; at most {MOST_PASSED} are drawn"
        )));
    }
    (crossing(&spans) > MOST_CROSSING).then(|| {
        Refusal(format!(
            "the picture is not drawn: its {edges} relations lie too close together between a few layers, and nobody could tell which leads where"
        ))
    })
}

/// An edge, and the layers that it passes.
struct Passed {
    /// The end in the layer where it begins, and the one where it ends.
    low: usize,
    high: usize,
    layers: std::ops::Range<usize>,
}

/// How much edges can cross: in each layer the pairs of them that share no end.
fn crossing(spans: &[Passed]) -> f64 {
    let mut edges: HashMap<usize, usize> = HashMap::new();
    let mut ends: HashMap<(usize, usize), usize> = HashMap::new();
    for Passed { low, high, layers } in spans {
        for layer in layers.clone() {
            *edges.entry(layer).or_default() += 1;
        }
        if let Some(last) = layers.clone().last() {
            *ends.entry((layers.start, *low)).or_default() += 1;
            *ends.entry((last, *high)).or_default() += 1;
        }
    }
    let pairs = |count: usize| count * count.saturating_sub(1) / 2;
    let mut by_layer: BTreeMap<usize, usize> =
        edges.into_iter().map(|(layer, count)| (layer, pairs(count))).collect();
    let mut shared: Vec<((usize, usize), usize)> = ends.into_iter().collect();
    shared.sort_unstable();
    for ((layer, _), count) in shared {
        if let Some(crossing) = by_layer.get_mut(&layer) {
            *crossing = crossing.saturating_sub(pairs(count));
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a measure, compared with a round number")]
    by_layer.into_values().map(|pairs| (pairs as f64) * (pairs as f64).sqrt()).sum()
}

/// Which layers edges pass: engines place something on each, and their time goes by it. Layers are those of the longest
/// path; edges that lead back in a depth-first search count the other way round.
fn spans(graph: &Graph) -> Vec<Passed> {
    // A cluster counts with the first node in it.
    let mut first: Vec<Option<usize>> = vec![None; graph.clusters.len()];
    for (at, node) in graph.nodes.iter().enumerate().rev() {
        let mut parent = node.parent;
        while let Some(cluster) = parent {
            first[cluster] = Some(at);
            parent = graph.clusters[cluster].parent;
        }
    }
    let end = |target: Target| match target {
        Target::Node(at) => Some(at),
        Target::Cluster(at) => first[at],
    };
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    let pairs = graph.edges.iter().filter_map(|edge| Some((end(edge.from.target)?, end(edge.to.target)?)));
    let pairs: Vec<(usize, usize)> = pairs.filter(|(from, to)| from != to).collect();
    for (from, to) in &pairs {
        out[*from].push(*to);
    }
    // Nodes in the order in which a depth-first search leaves them: successors first, but for edges that lead back.
    let (mut left, mut seen, mut stack) = (Vec::new(), vec![false; out.len()], Vec::new());
    for root in 0..out.len() {
        if !std::mem::replace(&mut seen[root], true) {
            stack.push((root, 0));
        }
        while let Some((at, next)) = stack.pop() {
            match out[at].get(next) {
                Some(to) => {
                    stack.push((at, next + 1));
                    if !std::mem::replace(&mut seen[*to], true) {
                        stack.push((*to, 0));
                    }
                }
                None => left.push(at),
            }
        }
    }
    let place = inverse(&left);
    let mut layer = vec![0_usize; out.len()];
    for at in left {
        for to in out[at].iter().filter(|to| place[**to] < place[at]) {
            layer[at] = layer[at].max(layer[*to] + 1);
        }
    }
    let span = |(from, to): (usize, usize)| {
        let (a, b) = (layer[from], layer[to]);
        let (low, high) = if a <= b { (from, to) } else { (to, from) };
        Passed { low, high, layers: a.min(b)..a.max(b) }
    };
    pairs.into_iter().map(span).collect()
}

/// Places a graph.
///
/// # Errors
/// When it is too large, or the engine cannot place it.
pub fn arrange(graph: &Graph, wishes: Wishes<'_>) -> Result<Placed, Refusal> {
    if let Some(refusal) = too_large(graph) {
        return Err(refusal);
    }
    let measured = measure(graph);
    let sizes = measured.sizes();
    let engine = wishes.engine.unwrap_or(engines()[0]);
    let column = wishes.column.unwrap_or(COLUMN);
    let fitting =
        |positions: &&Positions| graph.direction.is_none_or(|direction| direction == positions.direction);
    let layout = match wishes.pinned.filter(fitting) {
        Some(positions) => {
            // Pinned, the order of the source decides nothing: a text that is only put in another order keeps its
            // picture exactly.
            let order = Order::of(graph);
            let (graph, sizes) = (order.graph(graph), order.sizes(&sizes));
            let search = Search { graph: &graph, sizes: &sizes, engine, column };
            order.back(search.held(positions)?)
        }
        None => Search { graph, sizes: &sizes, engine, column }.best()?,
    };
    Ok(Placed { layout, measured })
}

/// A graph's elements in the order of their ids: for each new index the old one.
struct Order {
    nodes: Vec<usize>,
    clusters: Vec<usize>,
    edges: Vec<usize>,
}

/// Where each index went.
fn inverse(order: &[usize]) -> Vec<usize> {
    let mut out = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        out[*old] = new;
    }
    out
}

impl Order {
    fn of(graph: &Graph) -> Self {
        let depth = |at: usize| {
            std::iter::successors(graph.clusters[at].parent, |at| graph.clusters[*at].parent).count()
        };
        let mut out = Self {
            nodes: (0..graph.nodes.len()).collect(),
            clusters: (0..graph.clusters.len()).collect(),
            edges: (0..graph.edges.len()).collect(),
        };
        out.nodes.sort_by_key(|at| &graph.nodes[*at].id);
        // A parent stands before its children.
        out.clusters.sort_by_cached_key(|at| (depth(*at), graph.clusters[*at].id.clone()));
        out.edges.sort_by_key(|at| {
            let edge = &graph.edges[*at];
            (graph.id(edge.from.target), graph.id(edge.to.target), &edge.label)
        });
        out
    }

    fn graph(&self, graph: &Graph) -> Graph {
        let (nodes, clusters) = (inverse(&self.nodes), inverse(&self.clusters));
        let mut out = graph.clone();
        out.nodes = self.nodes.iter().map(|at| graph.nodes[*at].clone()).collect();
        out.clusters = self.clusters.iter().map(|at| graph.clusters[*at].clone()).collect();
        out.edges = self.edges.iter().map(|at| graph.edges[*at].clone()).collect();
        let parents = out.nodes.iter_mut().map(|node| &mut node.parent);
        for parent in parents.chain(out.clusters.iter_mut().map(|cluster| &mut cluster.parent)) {
            *parent = parent.map(|at| clusters[at]);
        }
        for end in out.edges.iter_mut().flat_map(|edge| [&mut edge.from, &mut edge.to]) {
            end.target = match end.target {
                Target::Node(at) => Target::Node(nodes[at]),
                Target::Cluster(at) => Target::Cluster(clusters[at]),
            };
        }
        for rank in &mut out.ranks {
            rank.nodes.iter_mut().for_each(|node| *node = nodes[*node]);
            rank.nodes.sort_unstable();
        }
        out
    }

    fn sizes(&self, sizes: &Sizes) -> Sizes {
        Sizes {
            nodes: self.nodes.iter().map(|at| sizes.nodes[*at]).collect(),
            ports: self.nodes.iter().map(|at| sizes.ports[*at].clone()).collect(),
            clusters: self.clusters.iter().map(|at| sizes.clusters[*at]).collect(),
            edges: self.edges.iter().map(|at| sizes.edges[*at]).collect(),
        }
    }

    /// A layout of the ordered graph as one of the graph itself.
    fn back(&self, layout: Layout) -> Layout {
        let (nodes, clusters, edges) = (inverse(&self.nodes), inverse(&self.clusters), inverse(&self.edges));
        Layout {
            nodes: nodes.iter().map(|at| layout.nodes[*at]).collect(),
            clusters: clusters.iter().map(|at| layout.clusters[*at]).collect(),
            headings: clusters.iter().map(|at| layout.headings[*at]).collect(),
            edges: edges.iter().map(|at| layout.edges[*at].clone()).collect(),
            ..layout
        }
    }
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
        let request = Request { graph: self.graph, sizes: self.sizes, direction, pinned, effort };
        self.engine.lay_out(&request)
    }

    fn cost(&self, layout: &Layout) -> Cost {
        let quality = Quality::of(self.graph, layout);
        (broken(&quality), quality.crossings + quality.label_hits, quality.bends)
    }

    fn best(&self) -> Result<Layout, Refusal> {
        if let Some(direction) = self.graph.direction {
            let first = self.one(direction, None, 0)?;
            return Ok(self.better(first, direction));
        }
        let down = self.one(Direction::Down, None, 0)?;
        if self.size() > WORK {
            return Ok(down);
        }
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

    /// Elements and relations: what an engine's time goes by.
    fn size(&self) -> usize {
        (self.graph.nodes.len() + self.graph.edges.len() + self.graph.clusters.len()).max(1)
    }

    /// Tries again as long as lines cross and the graph is small enough that it takes no time.
    fn better(&self, first: Layout, direction: Direction) -> Layout {
        let most = if self.size() <= PAGE { FEW } else { MANY };
        let tries = u32::try_from(WORK / self.size()).unwrap_or(0).min(most);
        if tries == 0 {
            return first;
        }
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

    /// The recorded layout, with little more or less in it; where that cannot be, one that is near.
    fn held(&self, positions: &Positions) -> Result<Layout, Refusal> {
        let (direction, effort) = (positions.direction, positions.effort);
        let request = Request { graph: self.graph, sizes: self.sizes, direction, pinned: None, effort };
        match hold(&request, &positions.held(self.graph)) {
            Some(layout) => Ok(layout),
            None => self.near(positions),
        }
    }

    /// The layout that moves least from where things stood, among a few.
    fn near(&self, positions: &Positions) -> Result<Layout, Refusal> {
        let pins = positions.pins(self.graph);
        if pins.nodes.iter().all(Option::is_none) {
            return self.best();
        }
        let mut efforts = vec![positions.effort];
        efforts.extend((0..NEAR).filter(|effort| *effort != positions.effort));
        let mut best: Option<(f64, Layout)> = None;
        let mut refusal = Refusal("the engine placed nothing".into());
        for effort in efforts {
            let mut layout = match self.one(positions.direction, Some(&pins), effort) {
                Ok(layout) => layout,
                Err(error) => {
                    refusal = error;
                    continue;
                }
            };
            layout.shift(self.drift(&pins, &layout));
            let moved = self.moved(&pins, &layout);
            if best.as_ref().is_none_or(|(least, _)| moved < *least) {
                best = Some((moved, layout));
            }
        }
        best.map(|(_, layout)| layout).ok_or(refusal)
    }

    /// How far each element that stays has moved.
    fn steps(&self, pins: &Pins, layout: &Layout) -> (Vec<f64>, Vec<f64>) {
        let pairs = pins.nodes.iter().zip(&layout.nodes);
        pairs.filter_map(|(was, now)| was.map(|was| (was.x - now.x, was.y - now.y))).unzip()
    }

    /// The way by which most elements have moved: that is none of theirs, but of the whole picture.
    fn drift(&self, pins: &Pins, layout: &Layout) -> (f64, f64) {
        let middle = |mut steps: Vec<f64>| {
            steps.sort_by(f64::total_cmp);
            steps.get(steps.len() / 2).copied().unwrap_or(0.0)
        };
        let (across, down) = self.steps(pins, layout);
        (middle(across), middle(down))
    }

    fn moved(&self, pins: &Pins, layout: &Layout) -> f64 {
        let (across, down) = self.steps(pins, layout);
        across.iter().zip(&down).map(|(x, y)| x.hypot(*y)).sum()
    }
}

/// What no layout may have.
fn broken(quality: &Quality) -> usize {
    quality.node_overlaps
        + quality.nodes_in_clusters
        + quality.edges_through_nodes
        + quality.edges_through_clusters
}

/// Tries of a layout near to a recorded one.
const NEAR: u32 = 6;
/// Elements and relations of a picture that a page shows: it is to take no longer than 20 ms.
const PAGE: usize = 100;
/// Further tries of such a picture: one for each way to break cycles.
const FEW: u32 = 2;
/// Further tries of a larger one.
const MANY: u32 = 5;
/// Elements and relations placed in further tries: larger graphs get fewer of them.
const WORK: usize = 2_000;
