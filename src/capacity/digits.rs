//! Digits: a forecast is told as exactly as its interval allows, and no more.

/// The place of the last digit that is told: 0 is ones, 1 tens, -1 tenths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grain(i32);

/// Up to this, half an interval has two digits that say something, as the Particle Data Group rounds ("Review of Particle Physics",
/// introduction, 5.3): 1234 ± 150 is 1230, 1234 ± 600 is 1200.
const TWO_DIGITS: f64 = 3.545;

/// Digits of what is known exactly.
const KNOWN: i32 = 4;

impl Grain {
    /// For a value within an interval.
    pub fn of(value: f64, low: f64, high: f64) -> Self {
        let half = (high - low).abs() / 2.0;
        if half > 0.0 && half.is_finite() {
            let power = exponent(half);
            let leading = half / ten(power);
            return Self(if leading <= TWO_DIGITS { power - 1 } else { power });
        }
        Self::known(value)
    }

    /// For a value that was measured.
    pub fn known(value: f64) -> Self {
        let size = value.abs();
        Self(if size > 0.0 && size.is_finite() { exponent(size) + 1 - KNOWN } else { 0 })
    }

    /// A value rounded to it.
    pub fn round(self, value: f64) -> f64 {
        // Dividing by a whole power of ten gives the nearest number to what is written, multiplying by 0.1 does not.
        if self.0 >= 0 {
            libm::round(value / ten(self.0)) * ten(self.0)
        } else {
            libm::round(value * ten(-self.0)) / ten(-self.0)
        }
    }

    /// A value as it is read.
    pub fn told(self, value: f64) -> String {
        let places = usize::try_from(-self.0).unwrap_or(0);
        let text = format!("{:.places$}", self.round(value));
        if text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.') {
            text.replace('-', "")
        } else {
            text
        }
    }
}

/// A value that was measured, as it is read: four digits, without those that say nothing.
pub fn known(value: f64) -> String {
    let text = Grain::known(value).told(value);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The power of ten of a number's first digit.
fn exponent(size: f64) -> i32 {
    let guess = libm::floor(libm::log10(size)).clamp(-300.0, 300.0) as i32;
    // The logarithm of a power of ten may lie a hair beside a whole number.
    if size >= ten(guess + 1) {
        guess + 1
    } else if size < ten(guess) {
        guess - 1
    } else {
        guess
    }
}

/// A power of ten, the nearest number to it on every machine.
fn ten(power: i32) -> f64 {
    format!("1e{power}").parse().unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_follow_the_interval() {
        let told = |value: f64, half: f64| Grain::of(value, value - half, value + half).told(value);
        assert_eq!(told(1_234.0, 150.0), "1230");
        assert_eq!(told(1_234.0, 600.0), "1200");
        assert_eq!(told(0.123_456, 0.004), "0.123");
        assert_eq!(told(0.123_456, 0.02), "0.123");
        assert_eq!(told(9_999.0, 5_000.0), "10000");
        assert_eq!(told(-0.2, 100.0), "0");
        assert_eq!(
            (known(1_234_567.0), known(0.1 + 0.2), known(0.0)),
            ("1235000".into(), "0.3".into(), "0".into())
        );
        assert_eq!(Grain::of(1.0, f64::NEG_INFINITY, f64::INFINITY).told(1.0), "1.000");
    }
}
