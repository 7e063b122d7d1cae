//! The least that a path says, for each method.
use utoipa::OpenApi;

#[utoipa::path(get, path = "/a")]
fn a() {}
#[utoipa::path(post, path = "/a")]
fn b() {}
#[utoipa::path(put, path = "/a")]
fn c() {}
#[utoipa::path(delete, path = "/a")]
fn d() {}
#[utoipa::path(head, path = "/b")]
fn e() {}
#[utoipa::path(options, path = "/b")]
fn f() {}
#[utoipa::path(patch, path = "/b")]
fn g() {}
#[utoipa::path(trace, path = "/b")]
fn h() {}

#[derive(OpenApi)]
#[openapi(paths(a, b, c, d, e, f, g, h))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
