//! What a picture shows, before anybody places it: the one model between languages (DOT, Mermaid, Structurizr) and
//! layout engines.
//!
//! Elements are named by index, so that a graph is plain data; [`Graph::checked`] holds what a language must not get
//! wrong (indices in range, clusters nested without a circle). Everything is kept in the order of the source.

use crate::diag::Place;

/// A picture of boxes and arrows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// What the picture is called: its accessible name, and the heading of a stand-alone file.
    pub title: Option<String>,
    /// What it shows, in a sentence or two.
    pub description: Option<String>,
    /// Where edges lead; without one the direction that fits a page's column better is taken.
    pub direction: Option<Direction>,
    /// The boxes.
    pub nodes: Vec<Node>,
    /// The boxes around boxes. A parent stands before its children.
    pub clusters: Vec<Cluster>,
    /// The arrows.
    pub edges: Vec<Edge>,
    /// Nodes that belong on one layer.
    pub ranks: Vec<Rank>,
    /// Whether kinds are explained below the picture.
    pub legend: bool,
}

/// Where edges lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Top to bottom.
    Down,
    /// Left to right.
    Right,
    /// Bottom to top.
    Up,
    /// Right to left.
    Left,
}

impl Direction {
    /// Whether layers lie beside each other.
    pub fn horizontal(self) -> bool {
        matches!(self, Self::Right | Self::Left)
    }
}

/// What every element carries, be it node, cluster or edge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// What sort of thing it is, as people say it: `Container`, `Person`. Shown in brackets below the label.
    pub kind: Option<String>,
    /// What it is built with: `Rust, axum`.
    pub technology: Option<String>,
    /// What it is for, in a sentence.
    pub description: Option<String>,
    /// Where a click leads. Drawing drops what is no http(s), mailto, relative or fragment address.
    pub link: Option<String>,
    /// Words shown while the pointer rests on it.
    pub tooltip: Option<String>,
    /// Labels of the source that say what it belongs to.
    pub tags: Vec<String>,
    /// What it stands for in the repository.
    pub bindings: Vec<Binding>,
    /// Its colour.
    pub tone: Tone,
    /// How its border or line is drawn.
    pub line: Line,
    /// Where the source names it.
    pub place: Option<Place>,
}

/// A statement that an element stands for something in the repository: `src` = `crates/gateway`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// What it is bound to: `src`, `item`, `openapi`, `compose`, `k8s`.
    pub key: String,
    /// What of that.
    pub value: String,
    /// Where the source says so.
    pub place: Place,
}

/// A box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Unique in the graph, as the source writes it.
    pub id: String,
    /// What stands in it, line by line; empty for a box without words.
    pub label: Vec<String>,
    /// Its outline.
    pub shape: Shape,
    /// The cluster that holds it.
    pub parent: Option<usize>,
    /// Named fields of a record or table, in place of the label.
    pub cells: Option<Cell>,
    /// Everything else.
    pub facts: Facts,
}

/// A box around boxes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cluster {
    /// Unique among clusters.
    pub id: String,
    /// Its heading, line by line.
    pub label: Vec<String>,
    /// The cluster that holds it: an earlier one.
    pub parent: Option<usize>,
    /// Everything else.
    pub facts: Facts,
}

/// A part of a node that is divided: a record of DOT, an HTML-like table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// The name by which edges meet it.
    pub port: Option<String>,
    /// What stands in it, if it is not divided further.
    pub label: Vec<String>,
    /// Its parts.
    pub parts: Vec<Cell>,
    /// Whether the parts lie side by side; else one below the other.
    pub beside: bool,
}

/// An outline, so that kinds are told apart without colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// A rectangle with slightly rounded corners.
    #[default]
    Box,
    /// A rectangle with sharp corners.
    Rectangle,
    /// A rectangle with half-round ends.
    Pill,
    /// An ellipse.
    Ellipse,
    /// A circle.
    Circle,
    /// Two circles, one in the other.
    DoubleCircle,
    /// A rhombus, for decisions.
    Diamond,
    /// Six corners.
    Hexagon,
    /// Eight corners.
    Octagon,
    /// A slanted rectangle, leaning right.
    Parallelogram,
    /// A slanted rectangle, leaning left.
    ParallelogramLeft,
    /// Narrow at the top.
    Trapezoid,
    /// Narrow at the bottom.
    TrapezoidDown,
    /// A triangle that stands.
    Triangle,
    /// A triangle on its tip.
    TriangleDown,
    /// Pointing left at the left, as a flag.
    Flag,
    /// A drum: databases.
    Cylinder,
    /// A drum on its side: queues.
    Queue,
    /// A sheet with a folded corner: files, notes.
    Note,
    /// A card with a tab: folders, packages.
    Folder,
    /// A card with two lugs: components.
    Component,
    /// A box with depth: machines, deployment nodes.
    Cube,
    /// Head and shoulders: people.
    Person,
    /// A window with a bar of buttons: web applications.
    Browser,
    /// A phone.
    Mobile,
    /// A window with a prompt.
    Terminal,
    /// A cloud: what is outside.
    Cloud,
    /// A box with doubled sides: subroutines.
    Subroutine,
    /// Words without an outline.
    Text,
    /// A small filled circle: the beginning of a state machine.
    Start,
    /// A filled circle in a circle: its end.
    End,
    /// A filled bar: fork and join.
    Bar,
    /// A small point.
    Point,
}

/// A colour of the site's palette, light and dark alike. Languages map the colours they are given to the nearest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// As the page.
    #[default]
    Neutral,
    /// Quiet: outside, unimportant.
    Muted,
    /// Blue.
    Blue,
    /// Teal.
    Teal,
    /// Green.
    Green,
    /// Yellow to amber.
    Amber,
    /// Orange.
    Orange,
    /// Red.
    Red,
    /// Pink.
    Pink,
    /// Violet.
    Violet,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// Without a break.
    #[default]
    Solid,
    /// In dashes.
    Dashed,
    /// In dots.
    Dotted,
    /// Solid, and thicker.
    Thick,
    /// Not drawn: the element takes its room and is not seen.
    Hidden,
}

/// An arrow.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Where it begins.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// What stands at its middle, line by line.
    pub label: Vec<String>,
    /// Everything else.
    pub facts: Facts,
}

/// One end of an arrow.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// What it meets.
    pub target: Target,
    /// The [`Cell::port`] it meets there.
    pub port: Option<String>,
    /// The side it meets.
    pub side: Option<Side>,
    /// What is drawn there.
    pub head: Head,
    /// Words beside this end.
    pub label: Vec<String>,
}

/// What an arrow meets, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// One of [`Graph::nodes`].
    Node(usize),
    /// One of [`Graph::clusters`].
    Cluster(usize),
}

/// A side of a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The upper.
    Top,
    /// The right.
    Right,
    /// The lower.
    Bottom,
    /// The left.
    Left,
}

/// What is drawn at an end of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Head {
    /// Nothing.
    #[default]
    None,
    /// A filled arrow.
    Arrow,
    /// Two strokes.
    Open,
    /// An empty triangle.
    Triangle,
    /// A filled rhombus.
    Diamond,
    /// An empty rhombus.
    HollowDiamond,
    /// A filled circle.
    Dot,
    /// An empty circle.
    Circle,
    /// A cross.
    Cross,
    /// A bar across.
    Bar,
    /// Three toes: many.
    Crow,
}

/// Nodes that belong on one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rank {
    /// Which layer.
    pub kind: RankKind,
    /// Indices of nodes.
    pub nodes: Vec<usize>,
}

/// Which layer nodes belong on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RankKind {
    /// Any, but all the same.
    Same,
    /// The first.
    First,
    /// The last.
    Last,
}

impl End {
    /// The end at a node, with nothing drawn there.
    pub fn node(index: usize) -> Self {
        Self::at(Target::Node(index))
    }

    /// The end at a cluster's border, with nothing drawn there.
    pub fn cluster(index: usize) -> Self {
        Self::at(Target::Cluster(index))
    }

    /// An end with nothing drawn there.
    pub fn at(target: Target) -> Self {
        Self { target, port: None, side: None, head: Head::None, label: Vec::new() }
    }

    /// Sets what is drawn there.
    #[must_use]
    pub fn with(mut self, head: Head) -> Self {
        self.head = head;
        self
    }
}

impl Edge {
    /// A plain arrow between two ends, its head at the second.
    pub fn new(from: Target, to: Target) -> Self {
        Self {
            from: End::at(from),
            to: End::at(to).with(Head::Arrow),
            label: Vec::new(),
            facts: Facts::default(),
        }
    }
}

impl Graph {
    /// The same graph with what could not be placed taken out: edges to nothing, parents that are none or that stand
    /// behind their children. Languages write none of it; whoever builds a graph by hand may.
    #[must_use]
    pub fn checked(mut self) -> Self {
        let (nodes, clusters) = (self.nodes.len(), self.clusters.len());
        for (at, cluster) in self.clusters.iter_mut().enumerate() {
            cluster.parent = cluster.parent.filter(|parent| *parent < at);
        }
        for node in &mut self.nodes {
            node.parent = node.parent.filter(|parent| *parent < clusters);
        }
        let there = |end: &End| match end.target {
            Target::Node(at) => at < nodes,
            Target::Cluster(at) => at < clusters,
        };
        self.edges.retain(|edge| there(&edge.from) && there(&edge.to));
        for rank in &mut self.ranks {
            rank.nodes.retain(|node| *node < nodes);
        }
        self
    }

    /// The cluster that holds an element.
    pub fn parent(&self, target: Target) -> Option<usize> {
        match target {
            Target::Node(at) => self.nodes.get(at)?.parent,
            Target::Cluster(at) => self.clusters.get(at)?.parent,
        }
    }

    /// Whether a cluster is `target` itself or holds it at any depth.
    pub fn holds(&self, cluster: usize, target: Target) -> bool {
        if target == Target::Cluster(cluster) {
            return true;
        }
        let mut at = self.parent(target);
        while let Some(parent) = at {
            if parent == cluster {
                return true;
            }
            at = self.clusters.get(parent).and_then(|parent| parent.parent);
        }
        false
    }

    /// The id of what an end meets.
    pub fn id(&self, target: Target) -> &str {
        match target {
            Target::Node(at) => self.nodes.get(at).map_or("", |node| &node.id),
            Target::Cluster(at) => self.clusters.get(at).map_or("", |cluster| &cluster.id),
        }
    }
}
