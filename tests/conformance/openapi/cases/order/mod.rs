//! Every case of this folder; written by `OATHBOOK_BLESS=1 cargo test --test main conformance::openapi`.

pub mod extensions;
pub mod paths;
pub mod properties;

/// Each case's name and document.
pub const ALL: &[(&str, fn() -> utoipa::openapi::OpenApi)] = &[
    ("order::extensions", extensions::openapi),
    ("order::paths", paths::openapi),
    ("order::properties", properties::openapi),
];
