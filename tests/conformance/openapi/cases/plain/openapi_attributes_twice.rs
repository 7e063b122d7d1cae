//! Several `openapi` attributes on one type.
#[derive(utoipa::ToSchema)]
struct Part {
    id: i32,
}
#[utoipa::path(get, path = "/a")]
fn a() {}
#[utoipa::path(get, path = "/b")]
fn b() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a), info(title = "first"))]
#[openapi(paths(b), components(schemas(Part)), tags((name = "t")))]
#[openapi(servers((url = "/x")), security(("k" = [])))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
