//! Every case of this folder; written by `OATHBOOK_BLESS=1 cargo test --test main conformance::openapi`.

pub mod attributes;
pub mod fields;
pub mod generics;
pub mod parameters;
pub mod repr_enums;
pub mod repr_enums_tagged;

/// Each case's name and document.
pub const ALL: &[(&str, fn() -> utoipa::openapi::OpenApi)] = &[
    ("types::attributes", attributes::openapi),
    ("types::fields", fields::openapi),
    ("types::generics", generics::openapi),
    ("types::parameters", parameters::openapi),
    ("types::repr_enums", repr_enums::openapi),
    ("types::repr_enums_tagged", repr_enums_tagged::openapi),
];
