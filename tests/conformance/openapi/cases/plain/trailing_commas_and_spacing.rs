//! Attributes over many lines with comments between.
#[utoipa::path(
    get, // the method
    path = "/a", /* the path */
    responses(
        (
            status = 200,
            description = "ok",
        ),
    ),
    params(
        (
            "id" = i32,
            Query,
            description = "which",
        ),
    ),
    tag = "t",
)]
fn a() {}
#[utoipa::path(path = "/b", post)]
fn b() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a, b,))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
