//! API documents: where they come from, what they say, and how two of them differ.

pub mod codes;
pub mod diff;
mod document;
pub mod example;
pub mod lint;
pub mod node;
pub mod notes;
pub mod probe;
mod read;
pub mod source;
pub mod utoipa;
mod validate;
pub mod view;

pub use document::{
    At, Belongs, Document, METHODS, Operation, Parameter, Reference, Response, Version, media,
};
pub use node::Node;
pub use read::{DEEPEST, Format, MOST_ALIASED, MOST_VALUES, Tree, read, read_yaml};
pub use validate::{Outcome, Side, Validator, Violation, has_type, pattern_is_known};
