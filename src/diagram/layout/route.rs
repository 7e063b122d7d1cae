//! Lines of right angles between boxes that stand already: a shortest path (A*, Hart, Nilsson and Raphael 1968) over the
//! grid that the borders of everything span, where corners, crossings and lines beside lines cost.

use super::{Point, Rect};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// Lines keep this far from what they do not belong to.
const CLEAR: f64 = 6.0;
/// Lines of the grid run this far from borders, and beside other lines.
const BESIDE: f64 = 9.0;
/// What a corner costs, in pixels of way.
const CORNER: u64 = 30;
/// What a crossing costs.
const CROSSING: u64 = 90;
/// What running along another line costs, for each piece of the grid.
const ALONG: u64 = 600;
/// The length of a line's first and last piece.
const STUB: f64 = 12.0;

/// What a line has to mind.
#[derive(Clone, Debug, Default)]
pub(super) struct Ground {
    /// What it must not pass through.
    pub solid: Vec<Rect>,
    /// Lines that are there.
    pub lines: Vec<Vec<Point>>,
}

impl Ground {
    /// Whether a point is clear of everything.
    fn free(&self, point: Point) -> bool {
        !self.solid.iter().any(|rect| {
            point.x > rect.x - CLEAR
                && point.x < rect.right() + CLEAR
                && point.y > rect.y - CLEAR
                && point.y < rect.bottom() + CLEAR
        })
    }
}

/// A place where a line can leave a box, the way it goes from there (as [`WAYS`] numbers them), and what that costs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gate {
    pub at: Point,
    pub way: usize,
    pub cost: u64,
}

/// Right, down, left, up.
pub(super) const WAYS: [(i32, i32); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];

impl Gate {
    fn outside(&self) -> Point {
        let (dx, dy) = WAYS[self.way];
        Point { x: self.at.x + STUB * f64::from(dx), y: self.at.y + STUB * f64::from(dy) }
    }
}

struct Grid {
    xs: Vec<f64>,
    ys: Vec<f64>,
    /// For each point, what a step to the right costs beyond its length; none where something is in the way.
    right: Vec<Option<u64>>,
    /// As `right`, for a step down.
    down: Vec<Option<u64>>,
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values.dedup_by(|later, earlier| *later - *earlier < 0.01);
    values
}

fn nearest(values: &[f64], value: f64) -> usize {
    let at = values.partition_point(|other| *other < value);
    let closer = at > 0 && (at == values.len() || value - values[at - 1] < values[at] - value);
    if closer { at - 1 } else { at }
}

/// The indices of values strictly within a range.
fn within(values: &[f64], low: f64, high: f64) -> std::ops::Range<usize> {
    let from = values.partition_point(|value| *value <= low);
    from..values.partition_point(|value| *value < high).max(from)
}

impl Grid {
    fn new(ground: &Ground, ends: &[Gate]) -> Self {
        let (mut xs, mut ys) = (Vec::new(), Vec::new());
        for rect in &ground.solid {
            xs.extend([rect.x - BESIDE, rect.right() + BESIDE]);
            ys.extend([rect.y - BESIDE, rect.bottom() + BESIDE]);
        }
        for pair in ground.lines.iter().flat_map(|line| line.windows(2)) {
            if (pair[0].x - pair[1].x).abs() < 0.5 {
                xs.extend([pair[0].x - BESIDE, pair[0].x + BESIDE]);
            } else {
                ys.extend([pair[0].y - BESIDE, pair[0].y + BESIDE]);
            }
        }
        for point in ends.iter().map(Gate::outside) {
            xs.push(point.x);
            ys.push(point.y);
        }
        let (xs, ys) = (sorted(xs), sorted(ys));
        let many = xs.len() * ys.len();
        let mut grid = Self { xs, ys, right: vec![Some(0); many], down: vec![Some(0); many] };
        ground.solid.iter().for_each(|rect| grid.block(rect));
        ground.lines.iter().flat_map(|line| line.windows(2)).for_each(|pair| grid.meet(pair[0], pair[1]));
        grid
    }

    fn at(&self, column: usize, row: usize) -> usize {
        row * self.xs.len() + column
    }

    /// Steps that touch a range, among those between neighbouring values.
    fn steps(values: &[f64], low: f64, high: f64) -> std::ops::Range<usize> {
        let from = values.partition_point(|value| *value <= low).saturating_sub(1);
        from..values.partition_point(|value| *value < high).min(values.len().saturating_sub(1)).max(from)
    }

    fn block(&mut self, rect: &Rect) {
        let (left, right) = (rect.x - CLEAR, rect.right() + CLEAR);
        let (top, bottom) = (rect.y - CLEAR, rect.bottom() + CLEAR);
        for row in within(&self.ys, top, bottom) {
            for column in Self::steps(&self.xs, left, right) {
                let at = self.at(column, row);
                self.right[at] = None;
            }
        }
        for column in within(&self.xs, left, right) {
            for row in Self::steps(&self.ys, top, bottom) {
                let at = self.at(column, row);
                self.down[at] = None;
            }
        }
    }

    /// Makes steps across and along a line cost more.
    fn meet(&mut self, one: Point, other: Point) {
        let (left, right) = (one.x.min(other.x), one.x.max(other.x));
        let (top, bottom) = (one.y.min(other.y), one.y.max(other.y));
        let upright = right - left < 0.5;
        let (across, along) = if upright { (CROSSING, ALONG) } else { (ALONG, CROSSING) };
        let wide = if upright { CLEAR - 1.0 } else { 0.0 };
        let high = if upright { 0.0 } else { CLEAR - 1.0 };
        // To the right: across an upright line, along a level one.
        for row in within(&self.ys, top - high - 0.1, bottom + high + 0.1) {
            let steps = if upright {
                Self::steps(&self.xs, left - 0.1, left + 0.1)
            } else {
                Self::steps(&self.xs, left, right)
            };
            for column in steps {
                let at = self.at(column, row);
                self.right[at] = self.right[at].map(|cost| cost + across);
            }
        }
        for column in within(&self.xs, left - wide - 0.1, right + wide + 0.1) {
            let steps = if upright {
                Self::steps(&self.ys, top, bottom)
            } else {
                Self::steps(&self.ys, top - 0.1, top + 0.1)
            };
            for row in steps {
                let at = self.at(column, row);
                self.down[at] = self.down[at].map(|cost| cost + along);
            }
        }
    }

    /// A step: where it leads, and what it costs.
    fn step(&self, (column, row): (usize, usize), way: usize) -> Option<((usize, usize), u64)> {
        let (dx, dy) = WAYS[way];
        let to = (column.checked_add_signed(dx as isize)?, row.checked_add_signed(dy as isize)?);
        if to.0 >= self.xs.len() || to.1 >= self.ys.len() {
            return None;
        }
        let at = self.at(column.min(to.0), row.min(to.1));
        let extra = if dx == 0 { self.down[at] } else { self.right[at] }?;
        let length = (self.xs[column] - self.xs[to.0]).abs() + (self.ys[row] - self.ys[to.1]).abs();
        Some((to, pixels(length) + extra))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "lengths within a picture")]
fn pixels(length: f64) -> u64 {
    length.max(0.0).round() as u64
}

/// The best line from one of some gates to one of others; none where there is no way.
pub(super) fn line(ground: &Ground, from: &[Gate], to: &[Gate]) -> Option<Vec<Point>> {
    let ends: Vec<Gate> = from.iter().chain(to).copied().collect();
    let grid = Grid::new(ground, &ends);
    let place = |gate: &Gate| {
        let point = gate.outside();
        (nearest(&grid.xs, point.x), nearest(&grid.ys, point.y))
    };
    let free = |gate: &&Gate| ground.free(gate.outside());
    let goals: BTreeMap<(usize, usize), Gate> =
        to.iter().filter(free).map(|gate| (place(gate), *gate)).collect();
    // State: a point of the grid and the way by which it was come to.
    let state = |(column, row): (usize, usize), way: usize| grid.at(column, row) * 4 + way;
    let mut best: Vec<u64> = vec![u64::MAX; grid.right.len() * 4];
    let mut came: Vec<usize> = vec![usize::MAX; best.len()];
    let mut queue = BinaryHeap::new();
    for (index, gate) in from.iter().enumerate().filter(|(_, gate)| free(gate)) {
        let at = state(place(gate), gate.way);
        if gate.cost < best[at] {
            (best[at], came[at]) = (gate.cost, usize::MAX - 1 - index);
            queue.push(Reverse((gate.cost, place(gate), gate.way)));
        }
    }
    let mut found: Option<(u64, usize, Gate)> = None;
    while let Some(Reverse((cost, at, way))) = queue.pop() {
        if found.as_ref().is_some_and(|(least, ..)| cost >= *least) {
            break;
        }
        if cost > best[state(at, way)] {
            continue;
        }
        if let Some(gate) = goals.get(&at) {
            // The last piece goes against the gate's own way.
            let turn = if way == (gate.way + 2) % 4 { 0 } else { CORNER };
            let all = cost + turn + gate.cost;
            if way != gate.way && found.as_ref().is_none_or(|(least, ..)| all < *least) {
                found = Some((all, state(at, way), *gate));
            }
        }
        for next in (0..4).filter(|next| *next != (way + 2) % 4) {
            let Some((to, step)) = grid.step(at, next) else { continue };
            let all = cost + step + if next == way { 0 } else { CORNER };
            let to_state = state(to, next);
            if all < best[to_state] {
                (best[to_state], came[to_state]) = (all, state(at, way));
                queue.push(Reverse((all, to, next)));
            }
        }
    }
    let (_, at, gate) = found?;
    Some(straightened(walked(&grid, &came, at, from, gate)))
}

/// The way back from a state of the search to where it began, turned round.
fn walked(grid: &Grid, came: &[usize], mut at: usize, from: &[Gate], last: Gate) -> Vec<Point> {
    let mut points = vec![last.at];
    loop {
        let cell = at / 4;
        points.push(Point { x: grid.xs[cell % grid.xs.len()], y: grid.ys[cell / grid.xs.len()] });
        let before = came[at];
        if before > usize::MAX / 2 {
            points.push(from[usize::MAX - 1 - before].at);
            break;
        }
        at = before;
    }
    points.reverse();
    points
}

/// Without points on straight pieces; ends keep their place, and their neighbours go with them.
fn straightened(mut points: Vec<Point>) -> Vec<Point> {
    let last = points.len() - 1;
    // The grid's lines are half a pixel from a gate's at most.
    for (end, next) in [(0, 1), (last, last - 1)] {
        let (fixed, near) = (points[end], points[next]);
        if (fixed.x - near.x).abs() < 1.0 {
            points[next].x = fixed.x;
        } else {
            points[next].y = fixed.y;
        }
    }
    let mut out: Vec<Point> = Vec::new();
    for point in points {
        while let [.., one, other] = out[..]
            && ((one.x - other.x) * (other.y - point.y) - (one.y - other.y) * (other.x - point.x)).abs()
                < 1e-6
        {
            out.pop();
        }
        out.push(point);
    }
    out
}
