//! Every case of this folder; written by `OATHBOOK_BLESS=1 cargo test --test main conformance::openapi`.

pub mod app_configure;
pub mod app_scopes;
pub mod app_services;
pub mod app_with_openapi;
pub mod arguments_path;
pub mod arguments_query_and_body;
pub mod macro_paths;
pub mod macro_paths_with_patterns;
pub mod plain_scopes_say_nothing;

/// Each case's name and document.
pub const ALL: &[(&str, fn() -> utoipa::openapi::OpenApi)] = &[
    ("actix::app_configure", app_configure::openapi),
    ("actix::app_scopes", app_scopes::openapi),
    ("actix::app_services", app_services::openapi),
    ("actix::app_with_openapi", app_with_openapi::openapi),
    ("actix::arguments_path", arguments_path::openapi),
    ("actix::arguments_query_and_body", arguments_query_and_body::openapi),
    ("actix::macro_paths", macro_paths::openapi),
    ("actix::macro_paths_with_patterns", macro_paths_with_patterns::openapi),
    ("actix::plain_scopes_say_nothing", plain_scopes_say_nothing::openapi),
];
