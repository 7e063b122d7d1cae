//! Wildcards and other forms of axum paths.
use axum::extract::Path;

#[utoipa::path(get, path = "/a/{*rest}")]
async fn a(Path(rest): Path<String>) {}
#[utoipa::path(get, path = "/b/{one}/x/{two}.json", params(("one" = i32, Path), ("two" = i32, Path)))]
async fn b() {}
#[utoipa::path(get, path = "/c/{id}", params(("id" = i32, Path, description = "Written")))]
async fn c(Path(other): Path<i64>) {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b, c))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
