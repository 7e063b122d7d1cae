//! Code on pages that is tested: which blocks are, what `oathbook test` recorded of them, and whether that still holds.
//!
//! A result is worth as much as what it ran on: the record holds the fingerprint of the code at that time. Once that has
//! changed, the sample is neither proven nor contradicted until it is tested again.

pub(super) mod sample;
pub(super) mod sample_schema;
pub(super) mod sample_syntax;

pub mod data;
pub mod record;
pub mod rust;
pub mod session;

pub use record::{Outcome, Record, file, ground};

use super::check::Check;
use super::{Context, Evidence, Reads};
use crate::base::Fingerprint;
use crate::markdown::{CodeFact, Sample};
use crate::model::{PageId, Site};

/// How a block is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Compiled and run against the workspace's crates.
    Rust,
    /// Run by a shell, where it is marked with `run`.
    Shell,
    /// Sent to a running service, where it is marked with `run`.
    Http,
}

impl Sort {
    /// The name used in arguments and the record.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Shell => "shell",
            Self::Http => "http",
        }
    }
}

/// A block that is tested.
#[derive(Clone, Debug)]
pub struct Tested<'s> {
    /// The page.
    pub page: PageId,
    /// Which of the page's blocks it is.
    pub number: usize,
    /// The block.
    pub code: &'s CodeFact,
    /// Its text.
    pub sample: &'s Sample,
    /// How.
    pub sort: Sort,
}

impl Tested<'_> {
    /// What identifies it on its page: text and words.
    pub fn fingerprint(&self) -> Fingerprint {
        fingerprint(&self.code.language, self.sample)
    }

    /// Whether a word of the info string is there.
    pub fn has(&self, word: &str) -> bool {
        self.sample.words.iter().any(|known| known == word)
    }
}

fn fingerprint(language: &str, sample: &Sample) -> Fingerprint {
    let words = sample.words.iter().map(String::as_bytes);
    Fingerprint::of_parts(words.chain([language.as_bytes(), sample.text.as_bytes()]))
}

/// How a block is tested, if it is.
pub fn sort(code: &CodeFact) -> Option<Sort> {
    let sample = code.sample.as_deref()?;
    let has = |word: &str| sample.words.iter().any(|known| known == word);
    match code.language.as_str() {
        "rust" | "rs" if !has("ignore") && !has("text") => Some(Sort::Rust),
        "sh" | "bash" | "shell" | "console" | "shell-session" if has("run") => Some(Sort::Shell),
        "http" if has("run") => Some(Sort::Http),
        _ => None,
    }
}

/// The tested blocks of a site, by page and place.
pub fn on_pages(site: &Site) -> Vec<Tested<'_>> {
    let mut out = Vec::new();
    for (page, one) in site.pages.iter().enumerate() {
        for (number, code) in one.doc.facts.code.iter().enumerate() {
            if let (Some(sort), Some(sample)) = (sort(code), code.sample.as_deref()) {
                out.push(Tested { page, number, code, sample, sort });
            }
        }
    }
    out
}

/// What became of the samples that were tested.
#[derive(Debug)]
pub struct Samples {
    /// What `oathbook test` found.
    pub record: Record,
    /// Whether the code is still what they ran on.
    pub holds: bool,
    /// The schemas that blocks name.
    pub schemas: data::Schemas,
}

impl Evidence for Samples {
    const NAME: &'static str = "samples";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Records];
    const BROUGHT_BY: Option<&'static str> = Some("test");
    const CHECKS: &'static [&'static Check] = &[&sample::CHECK, &sample_schema::CHECK, &sample_syntax::CHECK];

    fn read(cx: &Context<'_>) -> Self {
        let record = cx.tested.cloned().unwrap_or_else(|| Record::recorded(cx.world, cx.config));
        Self { holds: record.holds(cx.world), schemas: data::schemas(cx.world, cx.site()), record }
    }
}
