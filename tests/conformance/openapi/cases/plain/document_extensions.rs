//! A description of tags and servers in the order of the source, and paths in utoipa's order.
#[utoipa::path(get, path = "/z")]
fn z() {}
#[utoipa::path(get, path = "/a/{id}")]
fn a() {}
#[utoipa::path(get, path = "/a/b")]
fn ab() {}
#[utoipa::path(get, path = "/A")]
fn upper() {}
#[utoipa::path(get, path = "/a-b")]
fn dash() {}
#[utoipa::path(delete, path = "/z")]
fn z_delete() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(z, a, ab, upper, dash, z_delete), tags((name = "z"), (name = "a")), servers((url = "/z"), (url = "/a")))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
