//! `[oncall]`: who is on call.

use super::read::Reader;

/// `oncall`.
#[derive(Clone, Debug, Default)]
pub struct OncallTable {
    /// `roster`: the file, from the folder of `book.toml`.
    pub roster: Option<String>,
    /// `weeks`: how far ahead every minute must have somebody.
    pub weeks: u32,
    /// `levels`: how many levels an alert that wakes somebody must have behind it.
    pub levels: u32,
}

impl Reader<'_> {
    pub(super) fn oncall(&mut self) -> OncallTable {
        OncallTable {
            roster: self.text("oncall.roster"),
            weeks: self.number("oncall.weeks", 52, 1..=520),
            levels: self.number("oncall.levels", 2, 1..=99),
        }
    }
}
