//! The long form of a request's body.
use utoipa::OpenApi;

#[derive(utoipa::ToSchema, serde::Serialize)]
struct Book {
    title: String,
}
#[derive(utoipa::ToSchema)]
struct Draft {
    title: Option<String>,
}

#[utoipa::path(post, path = "/a", request_body(content = String, description = "As XML", content_type = "text/xml"))]
fn a() {}
#[utoipa::path(post, path = "/b", request_body(content_type = "application/json"))]
fn b() {}
#[utoipa::path(post, path = "/c", request_body(content = Book, example = json!({"title": "Emma"})))]
fn c() {}
#[utoipa::path(post, path = "/d", request_body(content = inline(Book), examples(
    ("Short" = (summary = "A short one", value = json!({"title": "M"}))),
    ("Long" = (summary = "A long one", description = "Very", value = json!({"title": "Middlemarch"}))),
    ("Far" = (external_value = "https://example.org/book.json"))
)))]
fn d() {}
#[utoipa::path(post, path = "/e", request_body(description = "Either", content(
    (Book = "application/json", example = json!({"title": "Emma"})),
    (Draft = "application/vnd.draft+json", examples(("One" = (value = json!({}))))),
    ("text/csv"),
)))]
fn e() {}
#[utoipa::path(post, path = "/f", request_body(content((Book), (Draft))))]
fn f() {}
#[utoipa::path(post, path = "/g", request_body(content((inline(Vec<Book>) = "application/json"), (String))))]
fn g() {}
#[utoipa::path(post, path = "/h", request_body(content = Option<Book>, description = "Perhaps"))]
fn h() {}
#[utoipa::path(post, path = "/i", request_body(content(("image/png"), ("image/jpeg"))))]
fn i() {}

#[derive(OpenApi)]
#[openapi(paths(a, b, c, d, e, f, g, h, i))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
