//! A small interpreter of the Rust that documents are made with: constants, texts, JSON, functions that return them, and
//! chains of utoipa's builders. What it does not know it says; it never guesses.

#![expect(
    clippy::unnecessary_wraps,
    clippy::match_same_arms,
    reason = "evaluators share one shape; arms are grouped by what they are about"
)]

mod api;
mod arguments;
mod builtin;
mod construct;
mod defaults;
mod display;
mod eval;
mod json;
mod macros;
mod methods;
mod nodes;
mod numbers;
mod place;
mod router;
mod taint;
mod value;

pub(super) use nodes::schema_weight;
