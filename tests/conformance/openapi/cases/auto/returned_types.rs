//! Responses from what a function returns.
use utoipa::{IntoResponses, ToSchema};

#[derive(ToSchema)]
struct Problem {
    message: String,
}
/// Fine
#[derive(IntoResponses)]
#[response(status = 200)]
struct Fine {
    id: i32,
}
#[derive(IntoResponses)]
enum Failure {
    /// Missing
    #[response(status = 404)]
    Missing,
    /// Wrong
    #[response(status = 400)]
    Wrong(Problem),
}
#[utoipa::path(get, path = "/a")]
fn a() -> Fine {
    unimplemented!()
}
#[utoipa::path(get, path = "/b")]
fn b() -> Result<Fine, Failure> {
    unimplemented!()
}
#[utoipa::path(get, path = "/c", responses((status = 200, description = "Written"), (status = 500, description = "Also")))]
fn c() -> Result<Fine, Failure> {
    unimplemented!()
}
#[utoipa::path(get, path = "/d")]
fn d() {}
#[utoipa::path(get, path = "/e", responses(Failure))]
fn e() -> Fine {
    unimplemented!()
}
#[utoipa::path(get, path = "/f")]
fn f() -> Result<Fine, ()> {
    unimplemented!()
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b, c, d, e, f))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
