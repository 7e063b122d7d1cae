//! What stands in each box and beside each line, word by word, and how large that makes it.

use super::graph::{Cell, Cluster, Edge, Facts, Graph, Node, Shape};
use super::layout::{Point, Port, Rect, Size, Sizes};
use super::text::{ASCENT, LINE, Weight, width, wrap};

/// Size of names, in pixels.
pub const NAME: f64 = 14.0;
/// Size of what is said of an element below its name.
pub const NOTE: f64 = 12.0;
/// Labels of edges.
pub const EDGE: f64 = 12.0;
/// Names and descriptions wider than this are broken.
const WIDEST: f64 = 220.0;
/// Labels of edges are broken sooner: they lie across other lines.
const WIDEST_EDGE: f64 = 150.0;
/// At most this many lines stand in one box; what is more is in the list beside the picture.
const MOST_LINES: usize = 40;
/// At most this many characters of a line are shown.
const LONGEST: usize = 400;

/// How a line of text is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Voice {
    /// A name.
    #[default]
    Name,
    /// A name that stands above other words.
    Heading,
    /// What is said of it.
    Note,
}

impl Voice {
    /// Its size in pixels.
    pub fn size(self) -> f64 {
        match self {
            Self::Name | Self::Heading => NAME,
            Self::Note => NOTE,
        }
    }

    /// How heavy it is.
    pub fn weight(self) -> Weight {
        if self == Self::Heading { Weight::Bold } else { Weight::Regular }
    }
}

/// One line of text: the middle of its baseline, and its width.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    /// What it says.
    pub text: String,
    /// How it is set.
    pub voice: Voice,
    /// The middle of the baseline, from the upper left corner of its box.
    pub at: Point,
    /// How wide it is.
    pub width: f64,
}

/// A box of a divided node, from the node's upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Where.
    pub rect: Rect,
    /// Its words, from the node's upper left corner.
    pub words: Vec<Words>,
}

/// What stands in a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inside {
    /// How large it is.
    pub size: Size,
    /// Its words.
    pub words: Vec<Words>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Where edges meet its fields.
    pub ports: Vec<Port>,
}

/// Everything that is written in a picture.
#[derive(Clone, Debug, Default)]
pub struct Measured {
    /// In each node.
    pub nodes: Vec<Inside>,
    /// Headings of clusters, from the heading's upper left corner.
    pub clusters: Vec<(Size, Vec<Words>)>,
    /// At the beginning, the middle and the end of each edge, from the label's upper left corner.
    pub edges: Vec<[(Size, Vec<Words>); 3]>,
}

impl Measured {
    /// The sizes alone, for an engine.
    pub fn sizes(&self) -> Sizes {
        Sizes {
            nodes: self.nodes.iter().map(|node| node.size).collect(),
            ports: self.nodes.iter().map(|node| node.ports.clone()).collect(),
            clusters: self.clusters.iter().map(|cluster| cluster.0).collect(),
            edges: self.edges.iter().map(|edge| [edge[0].0, edge[1].0, edge[2].0]).collect(),
        }
    }
}

/// Measures all words of a graph.
pub fn measure(graph: &Graph) -> Measured {
    Measured {
        nodes: graph.nodes.iter().map(node).collect(),
        clusters: graph.clusters.iter().map(cluster).collect(),
        edges: graph.edges.iter().map(edge).collect(),
    }
}

/// `[Container: Rust, axum]`, as C4 pictures say it.
pub fn said_kind(facts: &Facts) -> Option<String> {
    match (&facts.kind, &facts.technology) {
        (Some(kind), Some(technology)) => Some(format!("[{kind}: {technology}]")),
        (Some(one), None) | (None, Some(one)) => Some(format!("[{one}]")),
        (None, None) => None,
    }
}

/// Lines that fit `widest`, in a voice.
fn set(lines: &[String], voice: Voice, widest: f64, out: &mut Vec<Words>) {
    for line in lines {
        let shown: String = line.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        for text in wrap(&shown, voice.size(), voice.weight(), widest) {
            if out.len() >= MOST_LINES {
                return;
            }
            let wide = width(&text, voice.size(), voice.weight());
            out.push(Words { text, voice, at: Point::default(), width: wide });
        }
    }
}

/// Stacks lines with their middles on one line, and says how large they are together.
fn stack(words: &mut [Words]) -> Size {
    let wide = words.iter().map(|word| word.width).fold(0.0, f64::max);
    let mut y = 0.0;
    let mut before: Option<Voice> = None;
    for word in words.iter_mut() {
        if before
            .is_some_and(|voice| voice != word.voice && word.voice == Voice::Note && voice == Voice::Heading)
        {
            y += 2.0;
        }
        let size = word.voice.size();
        // The letters stand in the middle of their line's height.
        word.at = Point { x: wide / 2.0, y: y + size * (LINE - 1.0) / 2.0 + size * ASCENT - size * 0.03 };
        y += size * LINE;
        before = Some(word.voice);
    }
    Size { width: wide.ceil(), height: y.ceil() }
}

fn shift(words: &mut [Words], x: f64, y: f64) {
    for word in words {
        word.at.x += x;
        word.at.y += y;
    }
}

fn node(node: &Node) -> Inside {
    if matches!(node.shape, Shape::Start | Shape::End | Shape::Bar | Shape::Point) {
        let size = match node.shape {
            Shape::Bar => Size { width: 70.0, height: 8.0 },
            Shape::Point => Size { width: 8.0, height: 8.0 },
            _ => Size { width: 20.0, height: 20.0 },
        };
        return Inside { size, ..Inside::default() };
    }
    if let Some(cells) = &node.cells {
        return divided(cells);
    }
    let kind = said_kind(&node.facts);
    let rich = kind.is_some() || node.facts.description.is_some();
    let mut words = Vec::new();
    set(&node.label, if rich { Voice::Heading } else { Voice::Name }, WIDEST, &mut words);
    set(kind.as_slice(), Voice::Note, WIDEST, &mut words);
    if let Some(description) = &node.facts.description {
        set(std::slice::from_ref(description), Voice::Note, WIDEST, &mut words);
    }
    let inner = stack(&mut words);
    let (size, at) = around(node.shape, inner);
    let shift_x = at.x - inner.width / 2.0;
    shift(&mut words, shift_x, at.y - inner.height / 2.0);
    Inside { size, words, ..Inside::default() }
}

/// The size of an outline around words, and where their middle stands in it.
fn around(shape: Shape, inner: Size) -> (Size, Point) {
    let (w, h) = (inner.width, inner.height);
    // Extra width and height, and how far the middle of the words is from the middle of the box.
    let (width, height, down) = match shape {
        Shape::Ellipse => (w * 1.28 + 22.0, h * 1.28 + 14.0, 0.0),
        Shape::Circle | Shape::DoubleCircle => {
            let across = (w * w + h * h).sqrt() + 16.0;
            let across = if shape == Shape::DoubleCircle { across + 8.0 } else { across };
            (across, across, 0.0)
        }
        // The words' corners lie on the rhombus: w / width + h / height = 1.
        Shape::Diamond => (w * 1.6 + 24.0, (h * 2.7 + 14.0).max(44.0), 0.0),
        Shape::Hexagon | Shape::Octagon => (w + h * 0.5 + 28.0, h + 20.0, 0.0),
        Shape::Parallelogram | Shape::ParallelogramLeft | Shape::Trapezoid | Shape::TrapezoidDown => {
            (w + h + 32.0, h + 20.0, 0.0)
        }
        Shape::Triangle => (w * 1.7 + 36.0, h * 2.3 + 20.0, h * 0.5 + 4.0),
        Shape::TriangleDown => (w * 1.7 + 36.0, h * 2.3 + 20.0, -h * 0.5 - 4.0),
        Shape::Flag => (w + h * 0.5 + 32.0, h + 20.0, 0.0),
        Shape::Cylinder => (w + 28.0, h + 38.0, 7.0),
        Shape::Queue => (w + 52.0, h + 22.0, 0.0),
        Shape::Note => (w + 36.0, h + 22.0, 0.0),
        Shape::Folder => (w + 28.0, h + 32.0, 6.0),
        Shape::Component => (w + 50.0, h + 22.0, 0.0),
        Shape::Cube => (w + 40.0, h + 34.0, 6.0),
        Shape::Person => (w + 32.0, h + 54.0, 17.0),
        Shape::Browser | Shape::Terminal => (w + 28.0, h + 38.0, 8.0),
        Shape::Mobile => (w + 44.0, h + 22.0, 0.0),
        Shape::Cloud => (w * 1.25 + 44.0, h * 1.25 + 34.0, 2.0),
        Shape::Subroutine => (w + 44.0, h + 20.0, 0.0),
        Shape::Text => (w + 8.0, h + 4.0, 0.0),
        Shape::Pill => (w + h * 0.5 + 28.0, h + 18.0, 0.0),
        _ => (w + 28.0, h + 20.0, 0.0),
    };
    let least = if shape == Shape::Text { 0.0 } else { 36.0 };
    let size = Size { width: width.max(least).ceil(), height: height.max(least).ceil() };
    let x = if shape == Shape::Component { size.width / 2.0 + 6.0 } else { size.width / 2.0 };
    let x = if shape == Shape::Cube { x - 6.0 } else { x };
    (size, Point { x, y: size.height / 2.0 + down })
}

fn divided(cells: &Cell) -> Inside {
    let mut inside = Inside { size: needed(cells), ..Inside::default() };
    let whole = Rect { x: 0.0, y: 0.0, width: inside.size.width, height: inside.size.height };
    place(cells, whole, &mut inside);
    inside
}

fn cell_words(cell: &Cell) -> (Vec<Words>, Size) {
    let mut words = Vec::new();
    set(&cell.label, Voice::Name, WIDEST, &mut words);
    let inner = stack(&mut words);
    (words, inner)
}

fn needed(cell: &Cell) -> Size {
    if cell.parts.is_empty() {
        let inner = cell_words(cell).1;
        return Size { width: (inner.width + 20.0).max(24.0), height: (inner.height + 12.0).max(26.0) };
    }
    let mut out = Size::default();
    for part in cell.parts.iter().map(needed) {
        if cell.beside {
            out = Size { width: out.width + part.width, height: out.height.max(part.height) };
        } else {
            out = Size { width: out.width.max(part.width), height: out.height + part.height };
        }
    }
    out
}

/// Gives a cell its room; what its parts do not need is shared among them.
fn place(cell: &Cell, room: Rect, out: &mut Inside) {
    if let Some(name) = &cell.port {
        let size = Size { width: room.width, height: room.height };
        out.ports.push(Port { name: name.clone(), at: room.centre(), size });
    }
    if cell.parts.is_empty() {
        let (mut words, inner) = cell_words(cell);
        let x = room.x + (room.width - inner.width) / 2.0;
        shift(&mut words, x, room.y + (room.height - inner.height) / 2.0);
        out.fields.push(Field { rect: room, words });
        return;
    }
    let sizes: Vec<Size> = cell.parts.iter().map(needed).collect();
    let along = |size: &Size| if cell.beside { size.width } else { size.height };
    let used: f64 = sizes.iter().map(along).sum();
    let all = if cell.beside { room.width } else { room.height };
    let spare = (all - used) / to_f64(sizes.len());
    let mut at = 0.0;
    for (part, size) in cell.parts.iter().zip(&sizes) {
        let length = along(size) + spare;
        let rect = if cell.beside {
            Rect { x: room.x + at, width: length, ..room }
        } else {
            Rect { y: room.y + at, height: length, ..room }
        };
        place(part, rect, out);
        at += length;
    }
}

fn to_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn cluster(cluster: &Cluster) -> (Size, Vec<Words>) {
    let mut words = Vec::new();
    set(&cluster.label, Voice::Heading, WIDEST * 1.5, &mut words);
    set(said_kind(&cluster.facts).as_slice(), Voice::Note, WIDEST * 1.5, &mut words);
    let size = stack(&mut words);
    (size, words)
}

fn edge(edge: &Edge) -> [(Size, Vec<Words>); 3] {
    let technology = edge.facts.technology.as_ref().map(|technology| format!("[{technology}]"));
    [(&edge.from.label, None), (&edge.label, technology), (&edge.to.label, None)].map(|(lines, more)| {
        let mut words = Vec::new();
        set(lines, Voice::Note, WIDEST_EDGE, &mut words);
        set(more.as_slice(), Voice::Note, WIDEST_EDGE, &mut words);
        let size = stack(&mut words);
        (size, words)
    })
}
