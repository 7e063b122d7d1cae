//! Patterns in path arguments, tails and unnamed ones.
use actix_web::{get, web};

#[utoipa::path]
#[get("/a/{id:\\d+}/{name}")]
async fn a(path: web::Path<(i32, String)>) -> &'static str {
    ""
}
#[utoipa::path]
#[get("/b/{tail:.*}")]
async fn b(path: web::Path<String>) -> &'static str {
    ""
}
#[utoipa::path]
#[get("/c/{_:.*}")]
async fn c() -> &'static str {
    ""
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b, c))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
