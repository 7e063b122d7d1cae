//! Every case of this folder; written by `OATHBOOK_BLESS=1 cargo test --test main conformance::openapi`.

pub mod no_type;
pub mod returned_types;

/// Each case's name and document.
pub const ALL: &[(&str, fn() -> utoipa::openapi::OpenApi)] = &[
    ("auto::no_type", no_type::openapi),
    ("auto::returned_types", returned_types::openapi),
];
