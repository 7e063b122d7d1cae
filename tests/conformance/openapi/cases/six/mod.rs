//! Every case of this folder; written by `OATHBOOK_BLESS=1 cargo test --test main conformance::openapi`.

pub mod field_extensions;
pub mod newtype_bounds;
pub mod version_of_the_document;
pub mod version_said_as_default;

/// Each case's name and document.
pub const ALL: &[(&str, fn() -> utoipa::openapi::OpenApi)] = &[
    ("six::field_extensions", field_extensions::openapi),
    ("six::newtype_bounds", newtype_bounds::openapi),
    ("six::version_of_the_document", version_of_the_document::openapi),
    ("six::version_said_as_default", version_said_as_default::openapi),
];
