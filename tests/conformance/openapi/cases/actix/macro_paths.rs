//! Method and path from actix-web's own macros.
use actix_web::{delete, get, head, patch, post, put, route};

#[utoipa::path]
#[get("/a")]
async fn a() -> &'static str {
    ""
}
/// Posted
#[utoipa::path(responses((status = 200, description = "ok")))]
#[post("/b")]
async fn b() -> &'static str {
    ""
}
#[utoipa::path(context_path = "/api", tag = "t")]
#[put("/c/{id}")]
async fn c() -> &'static str {
    ""
}
#[utoipa::path()]
#[delete("/d")]
async fn d() -> &'static str {
    ""
}
#[utoipa::path()]
#[patch("/e", name = "named")]
async fn e() -> &'static str {
    ""
}
#[utoipa::path()]
#[head("/f")]
#[deprecated]
async fn f() -> &'static str {
    ""
}
#[utoipa::path()]
#[route("/g", method = "GET", method = "HEAD")]
async fn g() -> &'static str {
    ""
}
#[utoipa::path(get, path = "/written")]
#[get("/from-macro")]
async fn h() -> &'static str {
    ""
}
#[utoipa::path(post, path = "/no-macro")]
async fn i() -> &'static str {
    ""
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b, c, d, e, f, g, h, i))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
