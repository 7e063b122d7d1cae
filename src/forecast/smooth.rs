//! Exponential smoothing, its parameters those with the least squared error one step ahead.
//!
//! Hyndman, Athanasopoulos, "Forecasting: Principles and Practice", chapter 8. For given weights the error of each step is linear in
//! the level and trend of the beginning, so these come from least squares, and only weights are searched for.

/// The bounds of weights, those of the package `forecast` for R.
const LEAST: f64 = 0.0001;
const MOST: f64 = 0.9999;

/// Simple exponential smoothing: the level that was reached, `horizon` times.
pub(super) fn ses(values: &[f64], horizon: usize) -> Vec<f64> {
    let error = |alpha: f64| ses_at(values, alpha).0;
    let alpha = least(LEAST, MOST, 40, &error);
    vec![ses_at(values, alpha).1; horizon]
}

/// The squared error with a weight, and the level at the end.
fn ses_at(values: &[f64], alpha: f64) -> (f64, f64) {
    // The level is `own + rest * begin`, and `begin` is not known yet.
    let (mut own, mut rest) = (0.0, 1.0);
    let (mut across, mut square) = (0.0, 0.0);
    for value in values {
        across += rest * (value - own);
        square += rest * rest;
        own = alpha * value + (1.0 - alpha) * own;
        rest *= 1.0 - alpha;
    }
    let begin = if square > 0.0 { across / square } else { 0.0 };
    let (mut level, mut error) = (begin, 0.0);
    for value in values {
        error += (value - level) * (value - level);
        level = alpha * value + (1.0 - alpha) * level;
    }
    (error, level)
}

/// The inverse of the golden ratio.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// The least of a function between two ends: the best of a grid, then golden sections around it.
fn least(from: f64, to: f64, steps: u32, function: &dyn Fn(f64) -> f64) -> f64 {
    let width = (to - from) / f64::from(steps);
    let grid = (0..=steps).map(|step| from + width * f64::from(step));
    let best = grid.map(|at| (function(at), at)).min_by(|one, other| one.0.total_cmp(&other.0));
    let middle = best.map_or(from, |best| best.1);
    let (mut low, mut high) = ((middle - width).max(from), (middle + width).min(to));
    for _ in 0..30 {
        let (one, other) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
        if function(one) <= function(other) {
            high = other;
        } else {
            low = one;
        }
    }
    f64::midpoint(low, high)
}

/// The weights of a damped trend.
#[derive(Clone, Copy)]
struct Weights {
    /// Of the level.
    alpha: f64,
    /// Of the trend.
    beta: f64,
    /// What stays of the trend at each step.
    phi: f64,
}

/// Holt's linear trend, damped (Gardner, McKenzie 1985).
pub(super) fn damped(values: &[f64], horizon: usize) -> Vec<f64> {
    if values.len() < 4 {
        return ses(values, horizon);
    }
    let mut best = Weights { alpha: 0.5, beta: 0.1, phi: 0.9 };
    let mut error = damped_at(values, best).0;
    for alpha in [0.05, 0.2, 0.5, 0.8, 0.99] {
        for beta in [0.01, 0.1, 0.4] {
            for phi in [0.8, 0.9, 0.98] {
                let weights = Weights { alpha, beta: alpha * beta, phi };
                let found = damped_at(values, weights).0;
                if found < error {
                    (best, error) = (weights, found);
                }
            }
        }
    }
    // One weight after the other, with steps that are halved.
    let mut step = 0.1;
    while step > 0.001 {
        let mut moved = false;
        for (which, sign) in [(0, 1.0), (0, -1.0), (1, 1.0), (1, -1.0), (2, 1.0), (2, -1.0)] {
            let mut next = best;
            match which {
                0 => next.alpha = (best.alpha + sign * step).clamp(LEAST, MOST),
                1 => next.beta = best.beta + sign * step,
                _ => next.phi = (best.phi + sign * step * 0.2).clamp(0.8, 0.98),
            }
            next.beta = next.beta.clamp(LEAST, next.alpha);
            let found = damped_at(values, next).0;
            if found < error {
                (best, error, moved) = (next, found, true);
            }
        }
        if !moved {
            step /= 2.0;
        }
    }
    let (_, level, trend) = damped_at(values, best);
    let (mut sum, mut power) = (0.0, 1.0);
    (0..horizon)
        .map(|_| {
            power *= best.phi;
            sum += power;
            level + sum * trend
        })
        .collect()
}

/// A number that is linear in the level and the trend of the beginning.
#[derive(Clone, Copy)]
struct Linear {
    own: f64,
    of_level: f64,
    of_trend: f64,
}

impl Linear {
    /// `self + factor * other`.
    fn plus(self, factor: f64, other: Self) -> Self {
        Self {
            own: self.own + factor * other.own,
            of_level: self.of_level + factor * other.of_level,
            of_trend: self.of_trend + factor * other.of_trend,
        }
    }
}

/// The squared error with weights, and level and trend at the end.
fn damped_at(values: &[f64], weights: Weights) -> (f64, f64, f64) {
    let Weights { alpha, beta, phi } = weights;
    let (first_level, first_trend) = beginning(values, weights);
    let (mut level, mut trend, mut error) = (first_level, first_trend, 0.0);
    for value in values {
        let ahead = level + phi * trend;
        let miss = value - ahead;
        error += miss * miss;
        level = ahead + alpha * miss;
        trend = phi * trend + beta * miss;
    }
    (error, level, trend)
}

/// The level and the trend of the beginning with the least squared error.
fn beginning(values: &[f64], weights: Weights) -> (f64, f64) {
    let Weights { alpha, beta, phi } = weights;
    let mut level = Linear { own: 0.0, of_level: 1.0, of_trend: 0.0 };
    let mut trend = Linear { own: 0.0, of_level: 0.0, of_trend: 1.0 };
    let (mut ll, mut lt, mut tt, mut yl, mut yt) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for value in values {
        let ahead = level.plus(phi, trend);
        let rest = value - ahead.own;
        ll += ahead.of_level * ahead.of_level;
        lt += ahead.of_level * ahead.of_trend;
        tt += ahead.of_trend * ahead.of_trend;
        yl += ahead.of_level * rest;
        yt += ahead.of_trend * rest;
        let miss = Linear { own: *value, of_level: 0.0, of_trend: 0.0 }.plus(-1.0, ahead);
        level = ahead.plus(alpha, miss);
        trend = Linear { own: 0.0, of_level: 0.0, of_trend: 0.0 }.plus(phi, trend).plus(beta, miss);
    }
    let determinant = ll * tt - lt * lt;
    if determinant.abs() > 1e-12 * ll * tt {
        ((yl * tt - yt * lt) / determinant, (yt * ll - yl * lt) / determinant)
    } else {
        (values.first().copied().unwrap_or(0.0), 0.0)
    }
}
