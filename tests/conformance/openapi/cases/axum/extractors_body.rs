//! Bodies from arguments.
use axum::{Form, Json};

#[derive(serde::Deserialize, utoipa::ToSchema)]
struct Book {
    title: String,
}
#[utoipa::path(post, path = "/a")]
async fn a(Json(book): Json<Book>) {}
#[utoipa::path(post, path = "/b")]
async fn b(book: Json<Vec<Book>>) {}
#[utoipa::path(post, path = "/c")]
async fn c(Form(book): Form<Book>) {}
#[utoipa::path(post, path = "/e", request_body = String)]
async fn e(Json(book): Json<Book>) {}
#[utoipa::path(post, path = "/f", request_body(description = "Described", content_type = "application/x"))]
async fn f(Json(book): Json<Book>) {}
#[utoipa::path(post, path = "/g")]
async fn g(Json(value): Json<i32>) {}
#[utoipa::path(post, path = "/h")]
async fn h(Json(value): Json<Option<Book>>) {}
#[utoipa::path(post, path = "/i")]
async fn i(value: String) {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b, c, e, f, g, h, i))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
