//! `IntoParams` on structs without field names.
use utoipa::IntoParams;

/// Ignored
#[derive(IntoParams)]
#[into_params(names("id"), parameter_in = Path)]
struct Id(u64);
#[derive(IntoParams)]
#[into_params(names("id", "name"))]
struct IdAndName(u64, String);

#[utoipa::path(get, path = "/a/{id}", params(Id))]
fn a() {}
#[utoipa::path(get, path = "/b/{id}/{name}", params(IdAndName))]
fn b() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
