//! Ground floor: places in files, paths and patterns of them, dates, lengths of time, amounts of data, fingerprints, memory of costly
//! results, budgets of steps, parallel mapping, lists without spare room, what of a stranger's text may be shown, and
//! which addresses may stand on a page. Knows nothing of documents.

mod address;
pub mod amount;
mod date;
mod exact;
mod fingerprint;
mod glob;
pub mod ics;
pub mod lasting;
mod lines;
mod memo;
mod names;
mod parallel;
mod path;
mod plain;
mod span;
mod steps;

pub use address::{
    ADDRESS_HELP, forgiving_scheme, has_scheme, is_web, refused, refused_media, relative_address, trusted,
};
pub use date::Date;
pub use exact::exact;
pub use fingerprint::Fingerprint;
pub use glob::Glob;
pub use lines::LinePairs;
pub use memo::Memo;
pub use names::UniqueNames;
pub use parallel::map as parallel_map;
pub use path::{Leaves, RelPath, percent_decode};
pub use plain::{plain, plain_json, plain_line};
pub use span::{LineIndex, Position, Span, beginning};
pub use steps::Steps;

/// `1 error`, `2 errors`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
