//! Every case of this folder; written by `OATHBOOK_BLESS=1 cargo test --test main conformance::openapi`.

pub mod extractors_body;
pub mod extractors_path;
pub mod extractors_query;
pub mod extractors_with_regex_like_paths;
pub mod nest_openapi_under_a_router;
pub mod router_changed;
pub mod router_default;
pub mod router_in_steps;
pub mod router_merge;
pub mod router_nest;
pub mod router_new;
pub mod router_own_functions;
pub mod router_own_trait;
pub mod router_paths_of_modules;
pub mod router_schemas;
pub mod router_state;
pub mod router_taken_apart;
pub mod router_with_openapi;

/// Each case's name and document.
pub const ALL: &[(&str, fn() -> utoipa::openapi::OpenApi)] = &[
    ("axum::extractors_body", extractors_body::openapi),
    ("axum::extractors_path", extractors_path::openapi),
    ("axum::extractors_query", extractors_query::openapi),
    ("axum::extractors_with_regex_like_paths", extractors_with_regex_like_paths::openapi),
    ("axum::nest_openapi_under_a_router", nest_openapi_under_a_router::openapi),
    ("axum::router_changed", router_changed::openapi),
    ("axum::router_default", router_default::openapi),
    ("axum::router_in_steps", router_in_steps::openapi),
    ("axum::router_merge", router_merge::openapi),
    ("axum::router_nest", router_nest::openapi),
    ("axum::router_new", router_new::openapi),
    ("axum::router_own_functions", router_own_functions::openapi),
    ("axum::router_own_trait", router_own_trait::openapi),
    ("axum::router_paths_of_modules", router_paths_of_modules::openapi),
    ("axum::router_schemas", router_schemas::openapi),
    ("axum::router_state", router_state::openapi),
    ("axum::router_taken_apart", router_taken_apart::openapi),
    ("axum::router_with_openapi", router_with_openapi::openapi),
];
