//! A small interpreter of the Rust that documents are made with: constants, texts, JSON, functions that return them, and
//! chains of utoipa's builders. What it does not know it says; it never guesses.

mod api;
mod builtin;
mod eval;
mod json;
mod macros;
mod nodes;
mod place;
mod router;
mod value;
