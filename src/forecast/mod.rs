//! Forecasts of series: small methods whose figures are published, chosen for each series by how they would have done before.
//!
//! All of this is pure and deterministic: square roots and the error function are those of the crate `libm`, which are the same on every
//! machine, and nothing is drawn at random.

#![expect(clippy::cast_precision_loss, reason = "a series has no 2^52 values")]

mod backtest;
mod season;
mod smooth;

pub use backtest::{Backtest, Chosen, Interval, Score, choose, mase, smape};
pub use season::{Seasons, seasons};

/// A way to go on from what was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// The last value stays.
    Naive,
    /// The last season comes again.
    SeasonalNaive,
    /// Simple exponential smoothing.
    Ses,
    /// Holt's linear trend, damped.
    DampedHolt,
    /// The classic theta method: half a line, half smoothing of what bends twice as much.
    Theta,
}

impl Method {
    /// All, the simplest first: of two that did equally well, the simpler is taken.
    pub const ALL: [Self; 5] = [Self::Naive, Self::SeasonalNaive, Self::Ses, Self::DampedHolt, Self::Theta];

    /// As it stands on pages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            Self::SeasonalNaive => "seasonal naive",
            Self::Ses => "simple exponential smoothing",
            Self::DampedHolt => "damped trend (Holt)",
            Self::Theta => "theta",
        }
    }
}

/// The values to come, `horizon` of them; none where nothing was seen. `period` is how many values make a season, 1 where there is none.
///
/// Smoothing and theta see the series without its season, where a test finds one, and get it back at the end, as the benchmarks of the
/// M4 competition did: Makridakis, Spiliotis, Assimakopoulos, "The M4 Competition: 100,000 time series and 61 forecasting methods",
/// International Journal of Forecasting 36 (2020).
pub fn forecast(method: Method, values: &[f64], period: usize, horizon: usize) -> Vec<f64> {
    let Some(last) = values.last() else { return Vec::new() };
    match method {
        Method::Naive => vec![*last; horizon],
        Method::SeasonalNaive => {
            let season = values.get(values.len().saturating_sub(period.max(1))..).unwrap_or(values);
            season.iter().cycle().take(horizon).copied().collect()
        }
        Method::Ses | Method::DampedHolt | Method::Theta => {
            let seasons = seasons(values, period);
            let plain = seasons.without(values);
            let ahead = match method {
                Method::Ses => smooth::ses(&plain, horizon),
                Method::DampedHolt => smooth::damped(&plain, horizon),
                _ => theta(&plain, horizon),
            };
            seasons.with(ahead, values.len())
        }
    }
}

/// Assimakopoulos, Nikolopoulos, "The theta model: a decomposition approach to forecasting", International Journal of Forecasting 16
/// (2000): the mean of the line through the series and of the smoothed series whose distance from that line is doubled.
fn theta(values: &[f64], horizon: usize) -> Vec<f64> {
    let (intercept, slope) = line(values);
    let at = |index: usize| intercept + slope * (index as f64 + 1.0);
    let bent: Vec<f64> = values.iter().enumerate().map(|(index, value)| 2.0 * value - at(index)).collect();
    let smoothed = smooth::ses(&bent, horizon);
    smoothed.iter().enumerate().map(|(step, value)| f64::midpoint(*value, at(values.len() + step))).collect()
}

/// The line of least squares through values at 1, 2, 3 and so on.
fn line(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let middle = f64::midpoint(count, 1.0);
    let mean = values.iter().sum::<f64>() / count.max(1.0);
    let (mut across, mut square) = (0.0, 0.0);
    for (index, value) in values.iter().enumerate() {
        let x = index as f64 + 1.0 - middle;
        across += x * (value - mean);
        square += x * x;
    }
    let slope = if square > 0.0 { across / square } else { 0.0 };
    (mean - slope * middle, slope)
}
