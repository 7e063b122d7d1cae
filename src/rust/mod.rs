//! Rust source, read as text: which items a file declares and where.

mod items;

pub use items::{Item, items};
