//! `[run]`: evidence of runbooks that have run.

use super::read::Reader;

/// `run`.
#[derive(Clone, Debug)]
pub struct RunTable {
    /// `evidence`: the folder of evidence, below the source folder.
    pub evidence: String,
    /// `signers`: the file of those who may sign evidence, from the folder of `book.toml`.
    pub signers: Option<String>,
    /// `required`: each must be the `task` of a runbook.
    pub required: Vec<String>,
    /// `bundle`: pages that the offline bundle holds beside runbooks, by globs below the source folder.
    pub bundle: Vec<String>,
    /// `keep`: runs that passed, of a runbook on a target, whose evidence stays.
    pub keep: u32,
    /// `recovery`: the file that declares recovery, from the folder of `book.toml`.
    pub recovery: Option<String>,
}

impl Reader<'_> {
    pub(super) fn run(&mut self) -> RunTable {
        RunTable {
            evidence: self.text("run.evidence").unwrap_or_else(|| "operations/evidence".into()),
            signers: self.text("run.signers"),
            required: self.texts("run.required"),
            bundle: self.texts("run.bundle"),
            recovery: self.text("run.recovery"),
            keep: self.number("run.keep", 12, 1..=10_000),
        }
    }
}
