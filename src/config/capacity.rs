//! `[capacity]`: what is measured, what is planned, and what it costs.

use super::read::Reader;

/// `capacity`.
#[derive(Clone, Debug, Default)]
pub struct CapacityTable {
    /// `plan`: the file, from the folder of `book.toml`.
    pub plan: Option<String>,
}

impl Reader<'_> {
    pub(super) fn capacity(&mut self) -> CapacityTable {
        CapacityTable { plan: self.text("capacity.plan") }
    }
}
