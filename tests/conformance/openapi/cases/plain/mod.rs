//! Every case of this folder; written by `OATHBOOK_BLESS=1 cargo test --test main conformance::openapi`.

pub mod info_from_a_file;
pub mod info_from_the_manifest;
pub mod info_partly_written;
pub mod info_written_out;
pub mod params_bounds;
pub mod params_tuples;
pub mod path_context;
pub mod path_deprecated;
pub mod path_extensions;
pub mod path_minimal;
pub mod path_of_several_methods;
pub mod path_operation_ids;
pub mod path_security;
pub mod path_tags;
pub mod path_texts;
pub mod request_bodies;
pub mod request_bodies_long;
pub mod responses_tuples;
pub mod security_of_the_document;
pub mod servers;
pub mod tags_and_external_documents;

/// Each case's name and document.
pub const ALL: &[(&str, fn() -> utoipa::openapi::OpenApi)] = &[
    ("plain::info_from_a_file", info_from_a_file::openapi),
    ("plain::info_from_the_manifest", info_from_the_manifest::openapi),
    ("plain::info_partly_written", info_partly_written::openapi),
    ("plain::info_written_out", info_written_out::openapi),
    ("plain::params_bounds", params_bounds::openapi),
    ("plain::params_tuples", params_tuples::openapi),
    ("plain::path_context", path_context::openapi),
    ("plain::path_deprecated", path_deprecated::openapi),
    ("plain::path_extensions", path_extensions::openapi),
    ("plain::path_minimal", path_minimal::openapi),
    ("plain::path_of_several_methods", path_of_several_methods::openapi),
    ("plain::path_operation_ids", path_operation_ids::openapi),
    ("plain::path_security", path_security::openapi),
    ("plain::path_tags", path_tags::openapi),
    ("plain::path_texts", path_texts::openapi),
    ("plain::request_bodies", request_bodies::openapi),
    ("plain::request_bodies_long", request_bodies_long::openapi),
    ("plain::responses_tuples", responses_tuples::openapi),
    ("plain::security_of_the_document", security_of_the_document::openapi),
    ("plain::servers", servers::openapi),
    ("plain::tags_and_external_documents", tags_and_external_documents::openapi),
];
