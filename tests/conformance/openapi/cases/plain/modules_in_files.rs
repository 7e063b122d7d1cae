//! Modules in files of their own, with and without `mod.rs`, and with `#[path]`.
mod deep;
mod flat;
#[path = "modules_in_files/elsewhere/other_name.rs"]
mod named;

#[derive(utoipa::ToSchema)]
struct Holder {
    flat: flat::Flat,
    deep: deep::Deep,
    inner: deep::inner::Inner,
    named: named::Named,
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(flat::get, deep::inner::get), components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
