//! Every case of this folder; written by `OATHBOOK_BLESS=1 cargo test --test main conformance::openapi`.

pub mod manifest_that_inherits;
pub mod types_of_members;

/// Each case's name and document.
pub const ALL: &[(&str, fn() -> utoipa::openapi::OpenApi)] = &[
    ("workspace::manifest_that_inherits", manifest_that_inherits::openapi),
    ("workspace::types_of_members", types_of_members::openapi),
];
