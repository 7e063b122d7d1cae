//! `[incidents]`: what is planned for incidents, and what was logged of them.

use super::read::Reader;

/// `incidents`.
#[derive(Clone, Debug, Default)]
pub struct IncidentsTable {
    /// `plan`: the file, from the folder of `book.toml`.
    pub plan: Option<String>,
    /// `records`: the folder, from the folder of `book.toml`.
    pub records: Option<String>,
}

impl Reader<'_> {
    pub(super) fn incidents(&mut self) -> IncidentsTable {
        IncidentsTable { plan: self.text("incidents.plan"), records: self.text("incidents.records") }
    }
}
