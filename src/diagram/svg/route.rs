//! Lines with rounded corners, and what is drawn at their ends.

use super::number as n;
use crate::diagram::graph::Head;
use crate::diagram::layout::Point;

/// A line ready to be written.
pub(super) struct Drawn {
    pub path: String,
    /// Closed shapes at its ends, and whether they are filled with the line's colour.
    pub heads: Vec<(String, bool)>,
    /// Strokes at its ends.
    pub open: Vec<String>,
}

/// How round corners are.
const RADIUS: f64 = 7.0;

fn distance(a: Point, b: Point) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// The point `by` from `a` towards `b`.
fn towards(a: Point, b: Point, by: f64) -> Point {
    let length = distance(a, b).max(1e-9);
    Point { x: a.x + (b.x - a.x) * by / length, y: a.y + (b.y - a.y) * by / length }
}

/// A point beside the tip: `back` along the line and `aside` to its left.
fn beside(tip: Point, from: Point, back: f64, aside: f64) -> Point {
    let length = distance(tip, from).max(1e-9);
    let (dx, dy) = ((from.x - tip.x) / length, (from.y - tip.y) / length);
    Point { x: tip.x + dx * back - dy * aside, y: tip.y + dy * back + dx * aside }
}

fn at(point: Point) -> String {
    format!("{} {}", n(point.x), n(point.y))
}

/// How far the line itself ends before the tip.
fn shortened(head: Head) -> f64 {
    match head {
        Head::Arrow | Head::Triangle => 8.0,
        Head::Diamond | Head::HollowDiamond => 12.0,
        Head::Dot | Head::Circle => 7.0,
        _ => 0.0,
    }
}

/// Draws a line through points with heads at its beginning and its end.
pub(super) fn draw(points: &[Point], heads: [Head; 2]) -> Drawn {
    let mut points: Vec<Point> = points.to_vec();
    points.dedup_by(|a, b| distance(*a, *b) < 0.01);
    let mut out = Drawn { path: String::new(), heads: Vec::new(), open: Vec::new() };
    if points.len() < 2 {
        return out;
    }
    for (which, head) in heads.into_iter().enumerate() {
        let last = points.len() - 1;
        let (tip, from) = if which == 0 { (points[0], points[1]) } else { (points[last], points[last - 1]) };
        draw_head(head, tip, from, &mut out);
        let back = shortened(head).min(distance(tip, from) * 0.9);
        points[if which == 0 { 0 } else { last }] = towards(tip, from, back);
    }
    out.path = format!("M{}", at(points[0]));
    for three in points.windows(3) {
        let [a, b, c] = [three[0], three[1], three[2]];
        let radius = RADIUS.min(distance(a, b) / 2.0).min(distance(b, c) / 2.0);
        out.path += &format!("L{}Q{} {}", at(towards(b, a, radius)), at(b), at(towards(b, c, radius)));
    }
    out.path += &format!("L{}", at(points[points.len() - 1]));
    out
}

fn draw_head(head: Head, tip: Point, from: Point, out: &mut Drawn) {
    let corner = |back: f64, aside: f64| at(beside(tip, from, back, aside));
    match head {
        Head::None => {}
        Head::Arrow | Head::Triangle => {
            let path = format!("M{}L{}L{}Z", at(tip), corner(9.0, 3.8), corner(9.0, -3.8));
            out.heads.push((path, head == Head::Arrow));
        }
        Head::Diamond | Head::HollowDiamond => {
            let path =
                format!("M{}L{}L{}L{}Z", at(tip), corner(7.0, 4.2), corner(14.0, 0.0), corner(7.0, -4.2));
            out.heads.push((path, head == Head::Diamond));
        }
        Head::Dot | Head::Circle => {
            let path = format!("M{}a4 4 0 1 1 8 0a4 4 0 1 1 -8 0Z", {
                let centre = beside(tip, from, 4.0, 0.0);
                at(Point { x: centre.x - 4.0, y: centre.y })
            });
            out.heads.push((path, head == Head::Dot));
        }
        Head::Open => out.open.push(format!("M{}L{}L{}", corner(9.0, 4.5), at(tip), corner(9.0, -4.5))),
        Head::Cross => out.open.push(format!(
            "M{}L{}M{}L{}",
            corner(4.0, 4.5),
            corner(13.0, -4.5),
            corner(4.0, -4.5),
            corner(13.0, 4.5)
        )),
        Head::Bar => out.open.push(format!("M{}L{}", corner(4.0, 5.0), corner(4.0, -5.0))),
        Head::Crow => {
            out.open.push(format!("M{}L{}L{}", corner(0.0, 5.0), corner(11.0, 0.0), corner(0.0, -5.0)));
        }
    }
}
