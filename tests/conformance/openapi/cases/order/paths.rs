//! Paths in the order of the list.
#[utoipa::path(get, path = "/z")]
fn z() {}
#[utoipa::path(get, path = "/a")]
fn a() {}
#[utoipa::path(put, path = "/z")]
fn put_z() {}
#[utoipa::path(delete, path = "/m")]
fn m() {}
mod inner {
    #[utoipa::path(get, path = "/z")]
    pub fn z() {}
    #[utoipa::path(get, path = "/a")]
    pub fn a() {}
    #[derive(utoipa::OpenApi)]
    #[openapi(paths(z, a))]
    pub struct Api;
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(z, a, put_z, m), nest((path = "/inner", api = inner::Api), (path = "/b", api = inner::Api)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
