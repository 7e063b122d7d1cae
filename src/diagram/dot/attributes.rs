//! What each attribute of DOT means to a picture of ours.

use crate::diagram::graph::{Head, Line, Shape, Side};

/// What becomes of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// The picture shows it.
    Drawn,
    /// It says nothing about the picture: a name for other tools, a comment.
    Silent,
    /// Graphviz would draw it; here it changes nothing.
    NotDrawn,
    /// DOT has no such attribute.
    Unknown,
}

/// Attributes that every element may carry to say what it stands for.
pub(super) const BINDINGS: [&str; 5] = ["src", "item", "openapi", "compose", "k8s"];

const DRAWN: &[&str] = &[
    "URL",
    "arrowhead",
    "arrowtail",
    "bgcolor",
    "cluster",
    "color",
    "compound",
    "constraint",
    "description",
    "dir",
    "edgeURL",
    "edgehref",
    "edgetooltip",
    "fillcolor",
    "headlabel",
    "headport",
    "href",
    "kind",
    "label",
    "lhead",
    "ltail",
    "penwidth",
    "peripheries",
    "rank",
    "rankdir",
    "shape",
    "style",
    "taillabel",
    "tailport",
    "technology",
    "tooltip",
    "xlabel",
];

const SILENT: &[&str] = &[
    "Damping",
    "_background",
    "charset",
    "class",
    "comment",
    "edgetarget",
    "epsilon",
    "fontpath",
    "group",
    "headtarget",
    "id",
    "imagepath",
    "inputscale",
    "layerlistsep",
    "layersep",
    "lp",
    "maxiter",
    "mclimit",
    "notranslate",
    "nslimit",
    "nslimit1",
    "pos",
    "remincross",
    "samplepoints",
    "searchsize",
    "size",
    "start",
    "stylesheet",
    "tailtarget",
    "target",
    "vertices",
    "viewport",
    "xlp",
];

const NOT_DRAWN: &[&str] = &[
    "K",
    "area",
    "arrowsize",
    "bb",
    "beautify",
    "center",
    "clusterrank",
    "colorscheme",
    "concentrate",
    "decorate",
    "defaultdist",
    "dim",
    "dimen",
    "diredgeconstraints",
    "distortion",
    "dpi",
    "esep",
    "fixedsize",
    "fontcolor",
    "fontname",
    "fontnames",
    "fontsize",
    "forcelabels",
    "gradientangle",
    "headURL",
    "headclip",
    "headhref",
    "headtooltip",
    "height",
    "image",
    "imagepos",
    "imagescale",
    "label_scheme",
    "labelURL",
    "labelangle",
    "labeldistance",
    "labelfloat",
    "labelfontcolor",
    "labelfontname",
    "labelfontsize",
    "labelhref",
    "labeljust",
    "labelloc",
    "labeltooltip",
    "landscape",
    "layer",
    "layers",
    "layerselect",
    "layout",
    "len",
    "levels",
    "levelsgap",
    "lheight",
    "linelength",
    "lwidth",
    "margin",
    "minlen",
    "mindist",
    "mode",
    "model",
    "newrank",
    "nodesep",
    "nojustify",
    "normalize",
    "oneblock",
    "ordering",
    "orientation",
    "outputorder",
    "overlap",
    "overlap_scaling",
    "overlap_shrink",
    "pack",
    "packmode",
    "pad",
    "page",
    "pagedir",
    "pencolor",
    "pin",
    "quadtree",
    "quantum",
    "radius",
    "ranksep",
    "ratio",
    "rects",
    "regular",
    "repulsiveforce",
    "resolution",
    "root",
    "rotate",
    "rotation",
    "samehead",
    "sametail",
    "scale",
    "sep",
    "shapefile",
    "showboxes",
    "sides",
    "skew",
    "smoothing",
    "sortv",
    "splines",
    "tailURL",
    "tailclip",
    "tailhref",
    "tailtooltip",
    "truecolor",
    "voro_margin",
    "weight",
    "width",
    "xdotversion",
    "z",
];

/// What becomes of the attribute `name`.
pub(super) fn use_of(name: &str) -> Use {
    match () {
        () if DRAWN.contains(&name) || BINDINGS.contains(&name) => Use::Drawn,
        () if SILENT.contains(&name) || name.starts_with('_') => Use::Silent,
        () if NOT_DRAWN.contains(&name) => Use::NotDrawn,
        () => Use::Unknown,
    }
}

/// All names of attributes, to suggest one.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    DRAWN.iter().chain(NOT_DRAWN).chain(&BINDINGS).copied()
}

/// The outline of a shape's name, and whether it is one of Graphviz's or ours.
pub(super) fn shape(name: &str) -> Option<Shape> {
    Some(match name.to_ascii_lowercase().as_str() {
        "box" | "rect" | "rectangle" | "square" | "msquare" | "record" | "underline" => Shape::Rectangle,
        "mrecord" => Shape::Box,
        "ellipse" | "oval" | "egg" => Shape::Ellipse,
        "circle" | "mcircle" => Shape::Circle,
        "doublecircle" => Shape::DoubleCircle,
        "point" => Shape::Point,
        "plaintext" | "plain" | "none" => Shape::Text,
        "diamond" | "mdiamond" => Shape::Diamond,
        "hexagon" => Shape::Hexagon,
        "octagon" | "doubleoctagon" | "tripleoctagon" => Shape::Octagon,
        "parallelogram" | "polygon" => Shape::Parallelogram,
        "trapezium" => Shape::Trapezoid,
        "invtrapezium" => Shape::TrapezoidDown,
        "triangle" | "house" => Shape::Triangle,
        "invtriangle" | "invhouse" => Shape::TriangleDown,
        "cylinder" => Shape::Cylinder,
        "note" => Shape::Note,
        "tab" | "folder" => Shape::Folder,
        "component" => Shape::Component,
        "box3d" => Shape::Cube,
        "cds" | "rarrow" | "larrow" | "rpromoter" | "lpromoter" => Shape::Flag,
        // Not of Graphviz, which draws a box for names it does not know.
        "person" => Shape::Person,
        "queue" => Shape::Queue,
        "cloud" => Shape::Cloud,
        "browser" => Shape::Browser,
        "mobile" => Shape::Mobile,
        "terminal" => Shape::Terminal,
        _ => return None,
    })
}

/// What an arrow's name draws; prefixes (`o`, `l`, `r`) and stacked arrows are read, and the first one is drawn.
pub(super) fn head(name: &str) -> Option<Head> {
    let name = name.to_ascii_lowercase();
    let name = name.trim();
    Some(match name {
        "none" => Head::None,
        "normal" | "inv" | "lnormal" | "rnormal" | "linv" | "rinv" => Head::Arrow,
        "empty" | "onormal" | "invempty" | "oinv" => Head::Triangle,
        "vee" | "open" | "halfopen" | "lvee" | "rvee" => Head::Open,
        "dot" | "invdot" => Head::Dot,
        "odot" | "invodot" => Head::Circle,
        "diamond" | "box" | "ldiamond" | "rdiamond" => Head::Diamond,
        "odiamond" | "ediamond" | "obox" => Head::HollowDiamond,
        "tee" => Head::Bar,
        "crow" => Head::Crow,
        "" => return None,
        // `oboxodiamond`, `noneodot`: the longest known beginning.
        _ => {
            let mut known = (1..name.len()).rev().filter(|end| name.is_char_boundary(*end));
            return known.find_map(|end| head_alone(&name[..end]));
        }
    })
}

fn head_alone(name: &str) -> Option<Head> {
    let known =
        ["none", "normal", "inv", "onormal", "oinv", "vee", "dot", "odot", "diamond", "box", "odiamond"];
    (known.contains(&name) || ["obox", "tee", "crow", "empty", "open"].contains(&name))
        .then(|| head(name))
        .flatten()
}

/// The side that a compass point means; the centre and `_` mean none.
pub(super) fn side(name: &str) -> Option<Option<Side>> {
    Some(match name {
        "n" => Some(Side::Top),
        "e" | "ne" | "se" => Some(Side::Right),
        "s" => Some(Side::Bottom),
        "w" | "nw" | "sw" => Some(Side::Left),
        "c" | "_" => None,
        _ => return None,
    })
}

/// The line that the words of a `style` mean.
pub(super) fn line(style: &str) -> Line {
    let mut out = Line::Solid;
    for word in style.split(',') {
        out = match word.trim() {
            "dashed" => Line::Dashed,
            "dotted" => Line::Dotted,
            "bold" => Line::Thick,
            "invis" | "invisible" => return Line::Hidden,
            word => {
                let width = word.strip_prefix("setlinewidth(").and_then(|rest| rest.strip_suffix(')'));
                match width.and_then(|width| width.parse::<f64>().ok()) {
                    Some(width) if width >= 1.5 => Line::Thick,
                    _ => out,
                }
            }
        };
    }
    out
}
