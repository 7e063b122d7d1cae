//! Ground floor: places in files, paths and patterns of them, dates, fingerprints, memory of costly results, budgets of
//! steps, parallel mapping. Knows nothing of documents.

mod date;
mod fingerprint;
mod glob;
mod lines;
mod memo;
mod names;
mod parallel;
mod path;
mod span;
mod steps;

pub use date::Date;
pub use fingerprint::Fingerprint;
pub use glob::Glob;
pub use lines::LinePairs;
pub use memo::Memo;
pub use names::UniqueNames;
pub use parallel::map as parallel_map;
pub use path::{Leaves, RelPath, percent_decode};
pub use span::{LineIndex, Position, Span};
pub use steps::Steps;
