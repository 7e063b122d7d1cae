//! Where parameters are, by attribute and by default, and several types in one path.
use utoipa::IntoParams;

#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
struct InPath {
    id: i64,
    /// Which part
    part: String,
}
#[derive(IntoParams)]
#[into_params(parameter_in = Header, rename_all = "camelCase")]
struct InHeader {
    trace_id: Option<String>,
}
#[derive(IntoParams)]
#[into_params(parameter_in = Cookie, style = Simple)]
struct InCookie {
    session: String,
}
#[derive(IntoParams)]
struct Nowhere {
    q: Option<String>,
}
#[utoipa::path(get, path = "/a/{id}/{part}", params(
    InPath,
    InHeader,
    ("extra" = bool, Query),
    InCookie,
    Nowhere,
))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
