//! One extension each (utoipa writes several in an order of chance) of an operation and of a parameter.
use utoipa::OpenApi;

#[utoipa::path(
    get,
    path = "/a/{id}",
    extensions(("x-who" = json!({"team": "desk", "on": [1, 2.5, null, true]}))),
    params(("id" = i64, Path, description = "which", extensions(("x-note" = json!("text")))))
)]
fn a() {}

#[derive(OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
