//! Rust's own attribute marks an operation.
use utoipa::OpenApi;

#[deprecated]
#[utoipa::path(get, path = "/a")]
fn a() {}

#[utoipa::path(get, path = "/b")]
#[deprecated(since = "1.0.0", note = "old")]
fn b() {}

#[derive(OpenApi)]
#[openapi(paths(a, b))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
