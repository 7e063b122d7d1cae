//! A document that is merged, nested and changed by functions.
use utoipa::OpenApi as _;

#[utoipa::path(get, path = "/a")]
fn a() {}
#[utoipa::path(get, path = "/b")]
fn b() {}
#[utoipa::path(post, path = "/a")]
fn c() {}
#[derive(utoipa::OpenApi)]
#[openapi(paths(a), tags((name = "one")))]
struct First;
#[derive(utoipa::OpenApi)]
#[openapi(paths(b, c), info(title = "second"))]
struct Second;
#[derive(utoipa::OpenApi)]
#[openapi(paths(b))]
struct Third;

pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut openapi = First::openapi();
    openapi.merge(Second::openapi());
    openapi.info.title = String::from("Changed");
    let mut openapi = openapi.nest("/third", Third::openapi());
    openapi.info.version = "9".into();
    openapi.servers = Some(vec![utoipa::openapi::Server::new("https://example.org")]);
    openapi
}
