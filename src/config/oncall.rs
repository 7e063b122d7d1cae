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
    /// `test-every`: how often each person is to acknowledge a test page.
    pub test_every: Option<String>,
    /// `paging`: severities of alerts that wake somebody: each needs a policy of the roster's `escalation`.
    pub paging: Vec<String>,
}

impl Reader<'_> {
    pub(super) fn oncall(&mut self) -> OncallTable {
        OncallTable {
            roster: self.text("oncall.roster"),
            weeks: self.number("oncall.weeks", 52, 1..=520),
            levels: self.number("oncall.levels", 2, 1..=99),
            test_every: self.text("oncall.test-every"),
            paging: Some(self.texts("oncall.paging"))
                .filter(|texts| !texts.is_empty())
                .unwrap_or_else(|| vec!["page".to_owned()]),
        }
    }
}
