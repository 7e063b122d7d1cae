//! Functions that return nothing, or what is no path.
#[utoipa::path(get, path = "/a", responses((status = 200, description = "ok")))]
fn a() -> (i32, i32) {
    (1, 2)
}
#[utoipa::path(get, path = "/b")]
fn b() -> &'static str {
    ""
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
