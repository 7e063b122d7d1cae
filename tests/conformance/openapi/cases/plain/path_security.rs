//! Requirements of an operation; none at all is said too.
use utoipa::OpenApi;

#[utoipa::path(get, path = "/a", security(("key" = [])))]
fn a() {}
#[utoipa::path(get, path = "/b", security((), ("oauth" = ["read", "write"], "key" = [])))]
fn b() {}
#[utoipa::path(get, path = "/c", security())]
fn c() {}
#[utoipa::path(get, path = "/d", security(()))]
fn d() {}

#[derive(OpenApi)]
#[openapi(paths(a, b, c, d))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
