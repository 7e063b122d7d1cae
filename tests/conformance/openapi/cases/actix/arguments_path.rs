//! Path arguments by position.
use actix_web::web::{self, Path};
use actix_web::get;

#[derive(serde::Deserialize, utoipa::IntoParams)]
struct Which {
    /// The book
    id: i64,
    part: String,
}
#[utoipa::path(params(("id", description = "Pet id")))]
#[get("/a/{id}")]
async fn a(id: web::Path<i32>) -> &'static str {
    ""
}
#[utoipa::path]
#[get("/b/{id}/{name}")]
async fn b(path: Path<(i64, String)>) -> &'static str {
    ""
}
#[utoipa::path(params(Which))]
#[get("/c/{id}/{part}")]
async fn c(path: Path<Which>) -> &'static str {
    ""
}
#[utoipa::path]
#[get("/d/{id}/{part}")]
async fn d(path: Path<Which>) -> &'static str {
    ""
}
#[utoipa::path(params(("id" = String, Path)))]
#[get("/e/{id}")]
async fn e(id: Path<i32>) -> &'static str {
    ""
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b, c, d, e))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
