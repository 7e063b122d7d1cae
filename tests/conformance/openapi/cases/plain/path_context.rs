//! `context_path`, as literal and constant, before the path.
use utoipa::OpenApi;

const UNDER: &str = "/v1/{tenant}";

#[utoipa::path(get, path = "/a", context_path = "/api")]
fn a() {}
#[utoipa::path(get, path = "/b/{id}", context_path = UNDER)]
fn b() {}
#[utoipa::path(get, path = "c", context_path = "/api/")]
fn c() {}
const WHOLE: &str = "/d";
#[utoipa::path(get, path = WHOLE)]
fn d() {}

#[derive(OpenApi)]
#[openapi(paths(a, b, c, d))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
