//! The keys of an extension in the order that they are written.
#[utoipa::path(get, path = "/a", extensions(("x-a" = json!({"z": 1, "a": 2}))))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
