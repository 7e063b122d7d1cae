//! `[samples]`: how `oathbook test` runs code of pages.

use super::read::Reader;

/// `samples`.
#[derive(Clone, Debug)]
pub struct Samples {
    /// `record`: the file of results, from the folder of `book.toml`.
    pub record: String,
    /// `dependencies`: more crates for Rust blocks, with what Cargo is to be told of them.
    pub dependencies: Vec<(String, String)>,
    /// `timeout`: seconds for one block.
    pub timeout: u32,
}

impl Reader<'_> {
    pub(super) fn samples(&mut self) -> Samples {
        let dependencies = self.pairs("samples.dependencies").into_iter();
        Samples {
            record: self.text("samples.record").unwrap_or_else(|| ".oathbook/samples.jsonl".into()),
            dependencies: dependencies.map(|(name, version, _)| (name, version)).collect(),
            timeout: self.number("samples.timeout", 60, 1..=3600),
        }
    }
}
