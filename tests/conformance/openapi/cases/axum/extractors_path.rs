//! Path arguments give names and types to parameters.
use axum::extract::Path;

#[derive(serde::Deserialize, utoipa::IntoParams)]
struct Which {
    /// The book
    id: i64,
    part: Option<String>,
}
#[utoipa::path(get, path = "/a/{id}")]
async fn a(Path(id): Path<i32>) {}
#[utoipa::path(get, path = "/b/{id}/{name}")]
async fn b(Path((id, name)): Path<(i32, String)>) {}
#[utoipa::path(get, path = "/c/{id}/{name}", params(("id", description = "Id"), ("name", description = "Name")))]
async fn c(Path((id, name)): Path<(i32, String)>) {}
#[utoipa::path(get, path = "/d/{id}/{part}", params(Which))]
async fn d(Path(which): Path<Which>) {}
#[utoipa::path(get, path = "/e/{id}", params(("id" = String, Path, description = "Written")))]
async fn e(Path(id): Path<i32>) {}
#[utoipa::path(get, path = "/f/{id}/{part}", params(Which))]
async fn f(path: Path<Which>) {}
#[utoipa::path(get, path = "/g/{id}/{other}")]
async fn g(path: Path<(i32, i64)>) {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b, c, d, e, f, g))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
