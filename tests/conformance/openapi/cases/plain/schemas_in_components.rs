//! What `components(schemas(…))` and `schemas` of paths collect, and what is only inlined.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct OnlyInline {
    inner: Inner,
}
#[derive(ToSchema)]
struct Inner {
    id: i32,
}
#[derive(ToSchema)]
struct InEnum {
    id: i32,
}
#[derive(ToSchema)]
enum Kind {
    A(InEnum),
    B { inner: Vec<Inner> },
}
#[derive(ToSchema)]
struct Holder {
    #[schema(inline)]
    only: OnlyInline,
    kind: Kind,
}
#[derive(ToSchema)]
struct InBody {
    id: i32,
}
#[derive(ToSchema)]
struct InHeader(String);

#[utoipa::path(post, path = "/a", request_body = inline(InBody), responses(
    (status = 200, description = "ok", headers(("x-a" = InHeader, description = "which")))
))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a), components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
