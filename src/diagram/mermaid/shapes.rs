//! The shapes of flowcharts, by the names that `@{ shape: ... }` knows.

use super::super::graph::Shape;

/// Names, what is drawn, and how that is called where it is not the shape itself.
const SHAPES: &[(&[&str], Shape, &str)] = &[
    (&["rect", "proc", "process", "rectangle", "squareRect"], Shape::Rectangle, ""),
    (&["rounded", "event", "roundedRect"], Shape::Box, ""),
    (&["stadium", "terminal", "pill"], Shape::Pill, ""),
    (&["fr-rect", "subprocess", "subproc", "framed-rectangle", "subroutine"], Shape::Subroutine, ""),
    (&["cyl", "db", "database", "cylinder"], Shape::Cylinder, ""),
    (&["datastore", "data-store"], Shape::Cylinder, "a drum"),
    (&["circle", "circ"], Shape::Circle, ""),
    (&["bang"], Shape::Octagon, "an octagon"),
    (&["cloud"], Shape::Cloud, ""),
    (&["diam", "decision", "diamond", "question"], Shape::Diamond, ""),
    (&["hex", "hexagon", "prepare"], Shape::Hexagon, ""),
    (&["lean-r", "lean-right", "in-out", "lean_right"], Shape::Parallelogram, ""),
    (&["lean-l", "lean-left", "out-in", "lean_left"], Shape::ParallelogramLeft, ""),
    (&["trap-b", "priority", "trapezoid-bottom", "trapezoid"], Shape::Trapezoid, ""),
    (&["trap-t", "manual", "trapezoid-top", "inv-trapezoid", "inv_trapezoid"], Shape::TrapezoidDown, ""),
    (&["dbl-circ", "double-circle", "doublecircle"], Shape::DoubleCircle, ""),
    (&["text"], Shape::Text, ""),
    (&["ellipse"], Shape::Ellipse, ""),
    (&["notch-rect", "card", "notched-rectangle"], Shape::Note, "a sheet"),
    (
        &["lin-rect", "lined-rectangle", "lined-process", "lin-proc", "shaded-process"],
        Shape::Subroutine,
        "a box with double sides",
    ),
    (&["sm-circ", "start", "small-circle", "stateStart"], Shape::Start, ""),
    (&["fr-circ", "stop", "framed-circle", "stateEnd"], Shape::End, ""),
    (&["fork", "join", "forkJoin"], Shape::Bar, ""),
    (&["hourglass", "collate"], Shape::Diamond, "a rhombus"),
    (&["brace", "comment", "brace-l", "brace-r", "braces"], Shape::Text, "words without an outline"),
    (&["bolt", "com-link", "lightning-bolt"], Shape::Text, "words without an outline"),
    (&["doc", "document"], Shape::Note, ""),
    (&["delay", "half-rounded-rectangle"], Shape::Pill, "a box with round ends"),
    (&["h-cyl", "das", "horizontal-cylinder"], Shape::Queue, ""),
    (&["lin-cyl", "disk", "lined-cylinder"], Shape::Cylinder, "a drum"),
    (&["curv-trap", "curved-trapezoid", "display"], Shape::Flag, "a flag"),
    (
        &["div-rect", "div-proc", "divided-rectangle", "divided-process"],
        Shape::Subroutine,
        "a box with double sides",
    ),
    (&["tri", "extract", "triangle"], Shape::Triangle, ""),
    (&["win-pane", "internal-storage", "window-pane"], Shape::Rectangle, "a rectangle"),
    (&["f-circ", "junction", "filled-circle"], Shape::Point, ""),
    (&["lin-doc", "lined-document"], Shape::Note, "a sheet"),
    (&["notch-pent", "loop-limit", "notched-pentagon"], Shape::Trapezoid, "a trapezoid"),
    (&["flip-tri", "manual-file", "flipped-triangle"], Shape::TriangleDown, ""),
    (&["sl-rect", "manual-input", "sloped-rectangle"], Shape::Parallelogram, "a slanted rectangle"),
    (&["docs", "documents", "st-doc", "stacked-document"], Shape::Note, "one sheet"),
    (&["st-rect", "procs", "processes", "stacked-rectangle"], Shape::Rectangle, "one rectangle"),
    (&["bow-rect", "stored-data", "bow-tie-rectangle"], Shape::Queue, "a drum on its side"),
    (&["cross-circ", "summary", "crossed-circle"], Shape::Circle, "a circle"),
    (&["tag-doc", "tagged-document"], Shape::Note, "a sheet"),
    (&["tag-rect", "tagged-rectangle", "tag-proc", "tagged-process"], Shape::Rectangle, "a rectangle"),
    (&["paper-tape"], Shape::Flag, "a flag with one notch"),
    (&["flag"], Shape::Flag, ""),
    (&["odd", "rect_left_inv_arrow"], Shape::Flag, ""),
];

/// The shape of that name, and how what is drawn is called if it differs.
pub(super) fn named(name: &str) -> Option<(Shape, &'static str)> {
    let found = SHAPES.iter().find(|(names, ..)| names.iter().any(|known| known.eq_ignore_ascii_case(name)));
    found.map(|(_, shape, words)| (*shape, *words))
}

/// Every name, for suggestions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().flat_map(|(names, ..)| names.iter().copied())
}
