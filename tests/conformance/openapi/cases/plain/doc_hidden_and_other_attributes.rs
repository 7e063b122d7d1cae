//! Attributes of others that mean nothing here.
#[derive(Debug, Clone, utoipa::ToSchema)]
#[allow(dead_code)]
#[doc(hidden)]
#[must_use]
struct A {
    #[doc(alias = "b")]
    #[allow(unused)]
    a: i32,
}
#[allow(clippy::all)]
#[must_use]
#[inline]
/// Between attributes
#[utoipa::path(get, path = "/a", responses((status = 200, body = A)))]
#[cold]
pub(crate) async fn a(x: i32, (y, z): (i32, i32)) -> Result<String, ()> {
    Ok(String::new())
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
