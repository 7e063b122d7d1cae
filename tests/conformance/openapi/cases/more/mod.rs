//! Every case of this folder; written by `OATHBOOK_BLESS=1 cargo test --test main conformance::openapi`.

pub mod fields;
pub mod integers;
pub mod names_without_features;

/// Each case's name and document.
pub const ALL: &[(&str, fn() -> utoipa::openapi::OpenApi)] = &[
    ("more::fields", fields::openapi),
    ("more::integers", integers::openapi),
    ("more::names_without_features", names_without_features::openapi),
];
