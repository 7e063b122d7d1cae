//! Outlines: how each shape is drawn, and where lines meet it.

use super::number as n;
use crate::diagram::graph::Shape;
use crate::diagram::layout::{Point, Rect};

/// A shape as SVG paths: the outline, which is filled, and strokes on it.
pub(super) struct Drawn {
    pub outline: String,
    pub strokes: String,
    /// Whether the outline is filled with the line's colour.
    pub solid: bool,
}

/// Half the height of a drum's lid, and half the width of a drum on its side.
const LID: f64 = 8.0;

fn polygon(points: &[(f64, f64)]) -> String {
    let mut out = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        out.push_str(&format!("{}{} {}", if at == 0 { 'M' } else { 'L' }, n(*x), n(*y)));
    }
    out + "Z"
}

fn rounded(rect: &Rect, radius: f64) -> String {
    let r = radius.min(rect.width / 2.0).min(rect.height / 2.0);
    let (w, h) = (rect.width - 2.0 * r, rect.height - 2.0 * r);
    format!(
        "M{} {}h{}a{r} {r} 0 0 1 {r} {r}v{}a{r} {r} 0 0 1 -{r} {r}h{}a{r} {r} 0 0 1 -{r} -{r}v{}a{r} {r} 0 0 1 {r} -{r}Z",
        n(rect.x + r),
        n(rect.y),
        n(w),
        n(h),
        n(-w),
        n(-h),
        r = n(r)
    )
}

fn ellipse(centre: Point, rx: f64, ry: f64) -> String {
    let (rx_, ry_, two) = (n(rx), n(ry), n(2.0 * rx));
    format!("M{} {}a{rx_} {ry_} 0 1 1 {two} 0a{rx_} {ry_} 0 1 1 -{two} 0Z", n(centre.x - rx), n(centre.y))
}

/// The corners of shapes with straight sides, from the box's upper left corner.
fn corners(shape: Shape, w: f64, h: f64) -> Option<Vec<(f64, f64)>> {
    let slant = (h * 0.4).min(w / 4.0);
    Some(match shape {
        Shape::Diamond => vec![(w / 2.0, 0.0), (w, h / 2.0), (w / 2.0, h), (0.0, h / 2.0)],
        Shape::Hexagon => {
            let s = (h * 0.3).min(w / 4.0);
            vec![(s, 0.0), (w - s, 0.0), (w, h / 2.0), (w - s, h), (s, h), (0.0, h / 2.0)]
        }
        Shape::Octagon => {
            let s = h.min(w) * 0.28;
            vec![(s, 0.0), (w - s, 0.0), (w, s), (w, h - s), (w - s, h), (s, h), (0.0, h - s), (0.0, s)]
        }
        Shape::Parallelogram => vec![(slant, 0.0), (w, 0.0), (w - slant, h), (0.0, h)],
        Shape::ParallelogramLeft => vec![(0.0, 0.0), (w - slant, 0.0), (w, h), (slant, h)],
        Shape::Trapezoid => vec![(slant, 0.0), (w - slant, 0.0), (w, h), (0.0, h)],
        Shape::TrapezoidDown => vec![(0.0, 0.0), (w, 0.0), (w - slant, h), (slant, h)],
        Shape::Triangle => vec![(w / 2.0, 0.0), (w, h), (0.0, h)],
        Shape::TriangleDown => vec![(0.0, 0.0), (w, 0.0), (w / 2.0, h)],
        Shape::Flag => {
            let s = (h * 0.4).min(w / 4.0);
            vec![(0.0, 0.0), (w, 0.0), (w, h), (0.0, h), (s, h / 2.0)]
        }
        Shape::Note => vec![(0.0, 0.0), (w - 12.0, 0.0), (w, 12.0), (w, h), (0.0, h)],
        Shape::Folder => {
            let tab = (w * 0.4).clamp(24.0, 80.0);
            vec![(0.0, 0.0), (tab, 0.0), (tab + 8.0, 10.0), (w, 10.0), (w, h), (0.0, h)]
        }
        Shape::Cube => {
            vec![(0.0, 12.0), (12.0, 0.0), (w, 0.0), (w, h - 12.0), (w - 12.0, h), (0.0, h)]
        }
        _ => return None,
    })
}

/// Draws a shape into its box.
pub(super) fn draw(shape: Shape, rect: &Rect) -> Drawn {
    let (x, y, w, h) = (rect.x, rect.y, rect.width, rect.height);
    let solid = matches!(shape, Shape::Start | Shape::Point | Shape::Bar);
    let outline = match shape {
        Shape::Text => String::new(),
        Shape::Ellipse | Shape::Circle | Shape::DoubleCircle | Shape::Start | Shape::Point | Shape::End => {
            ellipse(rect.centre(), w / 2.0, h / 2.0)
        }
        Shape::Bar => rounded(rect, 3.0),
        Shape::Pill => rounded(rect, h / 2.0),
        Shape::Rectangle | Shape::Subroutine => rounded(rect, 1.0),
        Shape::Browser | Shape::Terminal => rounded(rect, 6.0),
        Shape::Mobile => rounded(rect, 8.0),
        Shape::Cloud => cloud(rect),
        Shape::Cylinder | Shape::Queue => drum(shape, rect),
        Shape::Component => {
            let lug = |at: f64| rounded(&Rect { x: x - 1.0, y: y + at, width: 16.0, height: 8.0 }, 1.0);
            let body = Rect { x: x + 7.0, width: w - 7.0, ..*rect };
            rounded(&body, 2.0) + &lug(h * 0.2) + &lug(h * 0.8 - 8.0)
        }
        Shape::Person => {
            let head = Point { x: x + w / 2.0, y: y + 15.0 };
            let body = Rect { y: y + 32.0, height: h - 32.0, ..*rect };
            rounded(&body, 16.0) + &ellipse(head, 15.0, 15.0)
        }
        _ => match corners(shape, w, h) {
            Some(corners) => polygon(&corners.iter().map(|(a, b)| (a + x, b + y)).collect::<Vec<_>>()),
            None => rounded(rect, 6.0),
        },
    };
    Drawn { outline, strokes: strokes(shape, rect), solid }
}

/// A drum, standing or on its side.
fn drum(shape: Shape, rect: &Rect) -> String {
    let (x, y, w, h) = (rect.x, rect.y, rect.width, rect.height);
    if shape == Shape::Cylinder {
        let (rx, wide) = (n(w / 2.0), n(w));
        let long = n(h - 2.0 * LID);
        format!("M{} {}a{rx} {LID} 0 0 1 {wide} 0v{long}a{rx} {LID} 0 0 1 -{wide} 0Z", n(x), n(y + LID))
    } else {
        let (ry, high) = (n(h / 2.0), n(h));
        let (there, back) = (n(w - 2.0 * LID), n(2.0 * LID - w));
        format!(
            "M{} {}h{there}a{LID} {ry} 0 0 1 0 {high}h{back}a{LID} {ry} 0 0 1 0 -{high}Z",
            n(x + LID),
            n(y)
        )
    }
}

/// What is drawn on an outline.
fn strokes(shape: Shape, rect: &Rect) -> String {
    let (x, y, w, h) = (rect.x, rect.y, rect.width, rect.height);
    let line = |points: &[(f64, f64)]| polygon(points).trim_end_matches('Z').to_owned();
    let upright = |at: f64| format!("M{} {}v{}", n(at), n(y), n(h));
    let bar = || format!("M{} {}h{}", n(x), n(y + 18.0), n(w));
    match shape {
        Shape::DoubleCircle => ellipse(rect.centre(), w / 2.0 - 4.0, h / 2.0 - 4.0),
        Shape::End => ellipse(rect.centre(), w / 2.0 - 5.0, h / 2.0 - 5.0),
        Shape::Subroutine => upright(x + 9.0) + &upright(x + w - 9.0),
        Shape::Cylinder => format!("M{} {}a{} {LID} 0 0 0 {} 0", n(x), n(y + LID), n(w / 2.0), n(w)),
        Shape::Queue => format!("M{} {}a{LID} {} 0 0 0 0 {}", n(x + w - LID), n(y), n(h / 2.0), n(h)),
        Shape::Browser => {
            let dots = [11.0, 20.0, 29.0].map(|at| ellipse(Point { x: x + at, y: y + 9.0 }, 2.2, 2.2));
            bar() + &dots.concat()
        }
        Shape::Terminal => {
            bar() + &format!("M{} {}l5 4l-5 4M{} {}h7", n(x + 9.0), n(y + 5.0), n(x + 17.0), n(y + 13.0))
        }
        Shape::Mobile => {
            let button = format!("M{} {}v10", n(x + 5.5), n(y + h / 2.0 - 5.0));
            upright(x + 11.0) + &upright(x + w - 11.0) + &button
        }
        Shape::Note => line(&[(x + w - 12.0, y), (x + w - 12.0, y + 12.0), (x + w, y + 12.0)]),
        Shape::Cube => {
            line(&[(x, y + 12.0), (x + w - 12.0, y + 12.0), (x + w, y)])
                + &line(&[(x + w - 12.0, y + 12.0), (x + w - 12.0, y + h)])
        }
        _ => String::new(),
    }
}

/// Bumps along a box: arcs between points on its border.
fn cloud(rect: &Rect) -> String {
    let (x, y, w, h) = (rect.x, rect.y, rect.width, rect.height);
    let points = [
        (0.12, 0.75),
        (0.06, 0.42),
        (0.25, 0.14),
        (0.55, 0.1),
        (0.85, 0.24),
        (0.94, 0.55),
        (0.82, 0.86),
        (0.5, 0.93),
        (0.25, 0.93),
    ]
    .map(|(a, b)| (x + a * w, y + b * h));
    let mut out = format!("M{} {}", n(points[0].0), n(points[0].1));
    for at in 1..=points.len() {
        let (from, to) = (points[at - 1], points[at % points.len()]);
        let radius = (to.0 - from.0).hypot(to.1 - from.1) * 0.56;
        out += &format!("A{r} {r} 0 0 1 {} {}", n(to.0), n(to.1), r = n(radius));
    }
    out + "Z"
}

/// How far a line that ends on the border of a shape's box goes on, straight inwards, to meet the outline.
pub(super) fn reach(shape: Shape, rect: &Rect, at: Point) -> Point {
    let (w, h) = (rect.width.max(1e-6), rect.height.max(1e-6));
    let (x, y) = (at.x - rect.x, at.y - rect.y);
    let near = |a: f64, b: f64| (a - b).abs() < 1.0;
    let vertical = near(y, 0.0) || near(y, h);
    if !vertical && !near(x, 0.0) && !near(x, w) {
        return at;
    }
    let depth = match shape {
        Shape::Ellipse | Shape::Circle | Shape::DoubleCircle | Shape::Start | Shape::End | Shape::Point => {
            let (off, half, other) =
                if vertical { (x - w / 2.0, w / 2.0, h / 2.0) } else { (y - h / 2.0, h / 2.0, w / 2.0) };
            other * (1.0 - (1.0 - (off / half).powi(2)).max(0.0).sqrt())
        }
        Shape::Pill => pill_depth(vertical, x, y, w, h),
        Shape::Cylinder if vertical => {
            LID * (1.0 - (1.0 - ((x - w / 2.0) / (w / 2.0)).powi(2)).max(0.0).sqrt())
        }
        Shape::Queue if !vertical => {
            LID * (1.0 - (1.0 - ((y - h / 2.0) / (h / 2.0)).powi(2)).max(0.0).sqrt())
        }
        Shape::Component if near(x, 0.0) => 7.0,
        Shape::Person => person_depth(vertical, near(y, 0.0), x, y, w),
        Shape::Cloud => {
            let off = if vertical { (x - w / 2.0) / (w / 2.0) } else { (y - h / 2.0) / (h / 2.0) };
            0.02 * h + (if vertical { h } else { w }) * 0.24 * off * off
        }
        _ => match corners(shape, w, h) {
            Some(corners) => polygon_depth(&corners, vertical, (x, y), (w, h)),
            None => 0.0,
        },
    };
    let (to_x, to_y) = match () {
        () if vertical && near(y, 0.0) => (at.x, at.y + depth),
        () if vertical => (at.x, at.y - depth),
        () if near(x, 0.0) => (at.x + depth, at.y),
        () => (at.x - depth, at.y),
    };
    Point { x: to_x, y: to_y }
}

fn pill_depth(vertical: bool, x: f64, y: f64, w: f64, h: f64) -> f64 {
    let radius = (h / 2.0).min(w / 2.0);
    let off = match () {
        () if vertical && x < radius => radius - x,
        () if vertical && x > w - radius => x - (w - radius),
        () if vertical => 0.0,
        () => y - h / 2.0,
    };
    radius - (radius * radius - off * off).max(0.0).sqrt()
}

fn person_depth(vertical: bool, top: bool, x: f64, y: f64, w: f64) -> f64 {
    if !vertical {
        return if y < 32.0 { w / 2.0 - 15.0 } else { 0.0 };
    }
    let off = (x - w / 2.0).abs();
    match () {
        () if !top => 0.0,
        () if off < 14.0 => 15.0 - (225.0 - off * off).sqrt(),
        () => 32.0,
    }
}

/// How deep a straight line from the border of the box goes before it meets a side of the polygon.
fn polygon_depth(corners: &[(f64, f64)], vertical: bool, at: (f64, f64), size: (f64, f64)) -> f64 {
    let (along, whole) = if vertical { (at.0, size.1) } else { (at.1, size.0) };
    let far = if vertical { at.1 > size.1 / 2.0 } else { at.0 > size.0 / 2.0 };
    let mut best: Option<f64> = None;
    for index in 0..corners.len() {
        let (a, b) = (corners[index], corners[(index + 1) % corners.len()]);
        let ((a0, a1), (b0, b1)) = if vertical { (a, b) } else { ((a.1, a.0), (b.1, b.0)) };
        if (a0 - b0).abs() < 1e-9 || along < a0.min(b0) - 1e-9 || along > a0.max(b0) + 1e-9 {
            continue;
        }
        let met = a1 + (b1 - a1) * (along - a0) / (b0 - a0);
        let depth = if far { whole - met } else { met };
        best = Some(best.map_or(depth, |best: f64| best.min(depth)));
    }
    best.unwrap_or(0.0).max(0.0)
}
