//! Ground floor: places in files, paths, dates, fingerprints, memory of costly results, budgets of steps, parallel
//! mapping, threads whose panics are expected.
//! Knows nothing of documents.

mod date;
mod fence;
mod fingerprint;
mod lines;
mod memo;
mod names;
mod parallel;
mod path;
mod span;
mod steps;

pub use date::Date;
pub use fence::{fenced, is_fenced};
pub use fingerprint::Fingerprint;
pub use lines::LinePairs;
pub use memo::Memo;
pub use names::UniqueNames;
pub use parallel::map as parallel_map;
pub use path::{Leaves, RelPath, percent_decode};
pub use span::{LineIndex, Position, Span, beginning};
pub use steps::Steps;
