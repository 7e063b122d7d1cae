//! Two types of one name, told apart by `as`.
mod a {
    #[derive(utoipa::ToSchema)]
    #[schema(as = a::Part)]
    pub struct Part {
        from_a: i32,
    }
}
mod b {
    #[derive(utoipa::ToSchema)]
    #[schema(as = b::Part)]
    pub struct Part {
        from_b: Option<super::a::Part>,
    }
}
#[utoipa::path(post, path = "/a", request_body = a::Part, responses((status = 200, description = "b", body = b::Part)))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
