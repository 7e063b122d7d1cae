//! Seasons: whether a series has one, and the series without it.

/// The factors of a season; none where there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seasons {
    /// One for each place in the season, the first value's first; their mean is 1.
    pub factors: Vec<f64>,
}

impl Seasons {
    fn factor(&self, index: usize) -> f64 {
        match self.factors.len() {
            0 => 1.0,
            length => self.factors.get(index % length).copied().unwrap_or(1.0),
        }
    }

    /// A series without its season.
    pub fn without(&self, values: &[f64]) -> Vec<f64> {
        values.iter().enumerate().map(|(index, value)| value / self.factor(index)).collect()
    }

    /// What comes after `seen` values, with its season.
    pub fn with(&self, values: Vec<f64>, seen: usize) -> Vec<f64> {
        values.into_iter().enumerate().map(|(step, value)| value * self.factor(seen + step)).collect()
    }
}

/// How many standard errors a correlation must be away from 0: 90 % on both sides.
const CRITICAL: f64 = 1.645;

/// The season of a series, if a test finds one: at least three of them, all values above 0, and a correlation with the season before that
/// is too high for chance (Bartlett's limits).
pub fn seasons(values: &[f64], period: usize) -> Seasons {
    let is_long = period > 1 && values.len() >= 3 * period;
    if !is_long || values.iter().any(|value| *value <= 0.0) || !is_seasonal(values, period) {
        return Seasons::default();
    }
    Seasons { factors: factors(values, period) }
}

fn is_seasonal(values: &[f64], period: usize) -> bool {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    if variance <= 0.0 {
        return false;
    }
    let correlation = |lag: usize| {
        let pairs = values.iter().zip(values.iter().skip(lag));
        pairs.map(|(one, other)| (one - mean) * (other - mean)).sum::<f64>() / variance
    };
    let before: f64 = (1..period).map(|lag| correlation(lag) * correlation(lag)).sum();
    let limit = CRITICAL / libm::sqrt(count) * libm::sqrt(1.0 + 2.0 * before);
    correlation(period).abs() > limit
}

/// Classical multiplicative decomposition: the mean, for each place in the season, of a value over the moving mean around it.
fn factors(values: &[f64], period: usize) -> Vec<f64> {
    let half = period / 2;
    let around = |index: usize| {
        let window = values.get(index - half..=index + half).unwrap_or_default();
        let mut sum: f64 = window.iter().sum();
        if period.is_multiple_of(2) {
            // Each end counts half, so that the window is as long as the season.
            sum -= (window.first().unwrap_or(&0.0) + window.last().unwrap_or(&0.0)) / 2.0;
        }
        sum / period as f64
    };
    let (mut sums, mut counts) = (vec![0.0; period], vec![0.0_f64; period]);
    for index in half..values.len().saturating_sub(half) {
        let (Some(value), mean) = (values.get(index), around(index)) else { continue };
        if let (Some(sum), Some(count)) = (sums.get_mut(index % period), counts.get_mut(index % period)) {
            *sum += value / mean;
            *count += 1.0;
        }
    }
    let means: Vec<f64> = sums.iter().zip(&counts).map(|(sum, count)| sum / count.max(1.0)).collect();
    let mean = means.iter().sum::<f64>() / period as f64;
    means.iter().map(|one| one / mean).collect()
}
