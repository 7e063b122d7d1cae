//! Operation identifiers: the function's name, a literal, a constant, a macro.
use utoipa::OpenApi;

const NAME: &str = "by_constant";

#[utoipa::path(get, path = "/a")]
fn named_by_function() {}
#[utoipa::path(get, path = "/b", operation_id = "by-literal")]
fn b() {}
#[utoipa::path(get, path = "/c", operation_id = NAME)]
fn c() {}
#[utoipa::path(get, path = "/d", operation_id = concat!("by", "_", "concat"))]
fn d() {}
#[utoipa::path(get, path = "/e")]
fn r#match() {}

#[derive(OpenApi)]
#[openapi(paths(named_by_function, b, c, d, r#match))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
