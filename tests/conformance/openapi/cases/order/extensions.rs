//! Extensions at an operation and in parameters, in the order that they are written.
#[utoipa::path(get, path = "/a", extensions(("x-z" = json!(1)), ("x-a" = json!({"z": 1, "a": 2}))))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
