//! `[alerts]`: rules of Prometheus, and what they are held against.

use super::read::Reader;

/// `alerts`.
#[derive(Clone, Debug, Default)]
pub struct AlertsTable {
    /// `rules`: globs of rule files, from the folder of `book.toml`.
    pub rules: Vec<String>,
    /// `tests`: globs of promtool's rule tests.
    pub tests: Vec<String>,
    /// `runbook-url`: how `runbook_url` is made of a page, as in `https://example.org/runbooks/{page}`.
    pub runbook_url: Option<String>,
    /// `runbooks`: globs of pages, below the source folder, to each of which an alert must lead.
    pub runbooks: Vec<String>,
    /// `severities`: what the label `severity` may be; anything, where there are none.
    pub severities: Vec<String>,
    /// `metrics`: where a metric must be known from: `code`, globs of names, files that list them. Not looked at where
    /// there are none.
    pub metrics: Vec<String>,
    /// `objectives`: globs of files of service level objectives.
    pub objectives: Vec<String>,
}

impl Reader<'_> {
    pub(super) fn alerts(&mut self) -> AlertsTable {
        AlertsTable {
            rules: self.texts("alerts.rules"),
            tests: self.texts("alerts.tests"),
            runbook_url: self.text("alerts.runbook-url"),
            runbooks: self.texts("alerts.runbooks"),
            severities: self.texts("alerts.severities"),
            metrics: self.texts("alerts.metrics"),
            objectives: self.texts("alerts.objectives"),
        }
    }
}
