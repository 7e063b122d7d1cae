//! Rust source, read as text: packages and their features, modules, items, names, macros by example.
//!
//! Nothing here asks a compiler. [`items`] finds the items of one file for quotations; [`tree::Code`] is a package with
//! all it depends on inside the repository, in which paths are resolved.

pub mod cfg;
pub mod constant;
pub mod expand;
mod index;
mod items;
pub mod manifest;
pub mod members;
pub mod number;
pub mod outline;
pub mod pin;
pub mod resolve;
pub mod token;
pub mod tree;

pub use index::Items;
pub use items::{Item, items};
