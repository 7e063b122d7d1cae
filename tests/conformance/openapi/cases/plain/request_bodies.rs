//! The short forms of a request's body.
use utoipa::OpenApi;

#[derive(utoipa::ToSchema)]
struct Book {
    title: String,
}

#[utoipa::path(post, path = "/a", request_body = Book)]
fn a() {}
#[utoipa::path(post, path = "/b", request_body = inline(Book))]
fn b() {}
#[utoipa::path(post, path = "/c", request_body = Option<Book>)]
fn c() {}
#[utoipa::path(post, path = "/d", request_body = Vec<Book>)]
fn d() {}
#[utoipa::path(post, path = "/e", request_body = String)]
fn e() {}
#[utoipa::path(post, path = "/f", request_body = Vec<u8>)]
fn f() {}
#[utoipa::path(post, path = "/g", request_body = i32)]
fn g() {}
#[utoipa::path(post, path = "/h", request_body = ref("./external.json"))]
fn h() {}
#[utoipa::path(post, path = "/i", request_body = [u8])]
fn i() {}
#[utoipa::path(post, path = "/j", request_body = Option<[Book]>)]
fn j() {}
#[utoipa::path(post, path = "/k", request_body = std::collections::HashMap<String, Book>)]
fn k() {}
#[utoipa::path(post, path = "/l", request_body = &str)]
fn l() {}
#[utoipa::path(post, path = "/m", request_body = inline(Option<Vec<Book>>))]
fn m() {}

#[derive(OpenApi)]
#[openapi(paths(a, b, c, d, e, f, g, h, i, j, k, l, m))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
