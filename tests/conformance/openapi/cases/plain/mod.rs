//! Every case of this folder; written by `OATHBOOK_BLESS=1 cargo test --test main conformance::openapi`.

pub mod additional_properties;
pub mod aliases_of_primitives;
pub mod aliases_of_types;
pub mod built_without_macros;
pub mod cfg_attr_on_items;
pub mod cfg_on_items;
pub mod changed_after_the_derive;
pub mod components_of_everything;
pub mod constants;
pub mod constants_in_responses;
pub mod constants_of_types;
pub mod deep_nesting_of_documents;
pub mod doc_hidden_and_other_attributes;
pub mod document_extensions;
pub mod enum_adjacent;
pub mod enum_discriminator;
pub mod enum_external;
pub mod enum_internal;
pub mod enum_plain;
pub mod enum_plain_in_fields;
pub mod enum_repr_without_the_feature;
pub mod enum_untagged;
pub mod enum_variant_attributes;
pub mod everything_in_functions;
pub mod generics_bounds;
pub mod generics_deep;
pub mod generics_enums;
pub mod generics_in_paths;
pub mod generics_inline;
pub mod generics_renamed;
pub mod generics_simple;
pub mod handwritten_by_macro;
pub mod handwritten_from_others;
pub mod handwritten_generic;
pub mod handwritten_responses;
pub mod handwritten_schema;
pub mod headers;
pub mod impl_for;
pub mod included_code;
pub mod info_from_a_file;
pub mod info_from_the_manifest;
pub mod info_partly_written;
pub mod info_written_out;
pub mod into_responses;
pub mod json_of_everything;
pub mod json_of_types;
pub mod links;
pub mod macro_from_a_module;
pub mod macro_made_types;
pub mod macro_nested;
pub mod modify;
pub mod modify_every_operation;
pub mod modify_tags_and_extensions;
pub mod modify_with_fields;
pub mod modify_with_variables;
pub mod modify_without_components;
pub mod modules_in_files;
pub mod modules_of_functions;
pub mod multipart_and_bytes;
pub mod names_from_use;
pub mod names_renamed_apart;
pub mod names_twice;
pub mod nest;
pub mod openapi_attributes_twice;
pub mod order_of_properties;
pub mod params_bounds;
pub mod params_into_params;
pub mod params_into_params_places;
pub mod params_into_params_schema_with;
pub mod params_into_params_serde;
pub mod params_into_params_unnamed;
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
pub mod raw_names;
pub mod recursion;
pub mod request_bodies;
pub mod request_bodies_long;
pub mod response_examples;
pub mod responses_tuples;
pub mod responses_without_description;
pub mod schema_comments;
pub mod schema_containers;
pub mod schema_default_functions;
pub mod schema_default_of_the_type;
pub mod schema_defaults_of_serde;
pub mod schema_field_attributes;
pub mod schema_field_bounds;
pub mod schema_macro;
pub mod schema_newtype_default;
pub mod schema_newtypes;
pub mod schema_options;
pub mod schema_primitives;
pub mod schema_serde_deny_unknown;
pub mod schema_serde_flatten;
pub mod schema_serde_rename_both_ways;
pub mod schema_serde_renames;
pub mod schema_serde_renames_of_variants;
pub mod schema_serde_skips;
pub mod schema_struct_attributes;
pub mod schema_tuples;
pub mod schema_units;
pub mod schema_value_types;
pub mod schema_with;
pub mod schema_xml;
pub mod schemas_in_components;
pub mod security_of_the_document;
pub mod servers;
pub mod statuses;
pub mod stub_extractors_without_the_feature;
pub mod tag_and_name_of_reexported;
pub mod tags_and_external_documents;
pub mod to_response;
pub mod trailing_commas_and_spacing;
pub mod types_by_name_only;
pub mod types_from_outside;

/// Each case's name and document.
pub const ALL: &[(&str, fn() -> utoipa::openapi::OpenApi)] = &[
    ("plain::additional_properties", additional_properties::openapi),
    ("plain::aliases_of_primitives", aliases_of_primitives::openapi),
    ("plain::aliases_of_types", aliases_of_types::openapi),
    ("plain::built_without_macros", built_without_macros::openapi),
    ("plain::cfg_attr_on_items", cfg_attr_on_items::openapi),
    ("plain::cfg_on_items", cfg_on_items::openapi),
    ("plain::changed_after_the_derive", changed_after_the_derive::openapi),
    ("plain::components_of_everything", components_of_everything::openapi),
    ("plain::constants", constants::openapi),
    ("plain::constants_in_responses", constants_in_responses::openapi),
    ("plain::constants_of_types", constants_of_types::openapi),
    ("plain::deep_nesting_of_documents", deep_nesting_of_documents::openapi),
    ("plain::doc_hidden_and_other_attributes", doc_hidden_and_other_attributes::openapi),
    ("plain::document_extensions", document_extensions::openapi),
    ("plain::enum_adjacent", enum_adjacent::openapi),
    ("plain::enum_discriminator", enum_discriminator::openapi),
    ("plain::enum_external", enum_external::openapi),
    ("plain::enum_internal", enum_internal::openapi),
    ("plain::enum_plain", enum_plain::openapi),
    ("plain::enum_plain_in_fields", enum_plain_in_fields::openapi),
    ("plain::enum_repr_without_the_feature", enum_repr_without_the_feature::openapi),
    ("plain::enum_untagged", enum_untagged::openapi),
    ("plain::enum_variant_attributes", enum_variant_attributes::openapi),
    ("plain::everything_in_functions", everything_in_functions::openapi),
    ("plain::generics_bounds", generics_bounds::openapi),
    ("plain::generics_deep", generics_deep::openapi),
    ("plain::generics_enums", generics_enums::openapi),
    ("plain::generics_in_paths", generics_in_paths::openapi),
    ("plain::generics_inline", generics_inline::openapi),
    ("plain::generics_renamed", generics_renamed::openapi),
    ("plain::generics_simple", generics_simple::openapi),
    ("plain::handwritten_by_macro", handwritten_by_macro::openapi),
    ("plain::handwritten_from_others", handwritten_from_others::openapi),
    ("plain::handwritten_generic", handwritten_generic::openapi),
    ("plain::handwritten_responses", handwritten_responses::openapi),
    ("plain::handwritten_schema", handwritten_schema::openapi),
    ("plain::headers", headers::openapi),
    ("plain::impl_for", impl_for::openapi),
    ("plain::included_code", included_code::openapi),
    ("plain::info_from_a_file", info_from_a_file::openapi),
    ("plain::info_from_the_manifest", info_from_the_manifest::openapi),
    ("plain::info_partly_written", info_partly_written::openapi),
    ("plain::info_written_out", info_written_out::openapi),
    ("plain::into_responses", into_responses::openapi),
    ("plain::json_of_everything", json_of_everything::openapi),
    ("plain::json_of_types", json_of_types::openapi),
    ("plain::links", links::openapi),
    ("plain::macro_from_a_module", macro_from_a_module::openapi),
    ("plain::macro_made_types", macro_made_types::openapi),
    ("plain::macro_nested", macro_nested::openapi),
    ("plain::modify", modify::openapi),
    ("plain::modify_every_operation", modify_every_operation::openapi),
    ("plain::modify_tags_and_extensions", modify_tags_and_extensions::openapi),
    ("plain::modify_with_fields", modify_with_fields::openapi),
    ("plain::modify_with_variables", modify_with_variables::openapi),
    ("plain::modify_without_components", modify_without_components::openapi),
    ("plain::modules_in_files", modules_in_files::openapi),
    ("plain::modules_of_functions", modules_of_functions::openapi),
    ("plain::multipart_and_bytes", multipart_and_bytes::openapi),
    ("plain::names_from_use", names_from_use::openapi),
    ("plain::names_renamed_apart", names_renamed_apart::openapi),
    ("plain::names_twice", names_twice::openapi),
    ("plain::nest", nest::openapi),
    ("plain::openapi_attributes_twice", openapi_attributes_twice::openapi),
    ("plain::order_of_properties", order_of_properties::openapi),
    ("plain::params_bounds", params_bounds::openapi),
    ("plain::params_into_params", params_into_params::openapi),
    ("plain::params_into_params_places", params_into_params_places::openapi),
    ("plain::params_into_params_schema_with", params_into_params_schema_with::openapi),
    ("plain::params_into_params_serde", params_into_params_serde::openapi),
    ("plain::params_into_params_unnamed", params_into_params_unnamed::openapi),
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
    ("plain::raw_names", raw_names::openapi),
    ("plain::recursion", recursion::openapi),
    ("plain::request_bodies", request_bodies::openapi),
    ("plain::request_bodies_long", request_bodies_long::openapi),
    ("plain::response_examples", response_examples::openapi),
    ("plain::responses_tuples", responses_tuples::openapi),
    ("plain::responses_without_description", responses_without_description::openapi),
    ("plain::schema_comments", schema_comments::openapi),
    ("plain::schema_containers", schema_containers::openapi),
    ("plain::schema_default_functions", schema_default_functions::openapi),
    ("plain::schema_default_of_the_type", schema_default_of_the_type::openapi),
    ("plain::schema_defaults_of_serde", schema_defaults_of_serde::openapi),
    ("plain::schema_field_attributes", schema_field_attributes::openapi),
    ("plain::schema_field_bounds", schema_field_bounds::openapi),
    ("plain::schema_macro", schema_macro::openapi),
    ("plain::schema_newtype_default", schema_newtype_default::openapi),
    ("plain::schema_newtypes", schema_newtypes::openapi),
    ("plain::schema_options", schema_options::openapi),
    ("plain::schema_primitives", schema_primitives::openapi),
    ("plain::schema_serde_deny_unknown", schema_serde_deny_unknown::openapi),
    ("plain::schema_serde_flatten", schema_serde_flatten::openapi),
    ("plain::schema_serde_rename_both_ways", schema_serde_rename_both_ways::openapi),
    ("plain::schema_serde_renames", schema_serde_renames::openapi),
    ("plain::schema_serde_renames_of_variants", schema_serde_renames_of_variants::openapi),
    ("plain::schema_serde_skips", schema_serde_skips::openapi),
    ("plain::schema_struct_attributes", schema_struct_attributes::openapi),
    ("plain::schema_tuples", schema_tuples::openapi),
    ("plain::schema_units", schema_units::openapi),
    ("plain::schema_value_types", schema_value_types::openapi),
    ("plain::schema_with", schema_with::openapi),
    ("plain::schema_xml", schema_xml::openapi),
    ("plain::schemas_in_components", schemas_in_components::openapi),
    ("plain::security_of_the_document", security_of_the_document::openapi),
    ("plain::servers", servers::openapi),
    ("plain::statuses", statuses::openapi),
    ("plain::stub_extractors_without_the_feature", stub_extractors_without_the_feature::openapi),
    ("plain::tag_and_name_of_reexported", tag_and_name_of_reexported::openapi),
    ("plain::tags_and_external_documents", tags_and_external_documents::openapi),
    ("plain::to_response", to_response::openapi),
    ("plain::trailing_commas_and_spacing", trailing_commas_and_spacing::openapi),
    ("plain::types_by_name_only", types_by_name_only::openapi),
    ("plain::types_from_outside", types_from_outside::openapi),
];
