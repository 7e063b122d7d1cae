//! Two types of one name: the last one that is collected stays.
use utoipa::ToSchema;

mod a {
    #[derive(utoipa::ToSchema)]
    pub struct Part {
        from_a: i32,
    }
}
mod b {
    #[derive(utoipa::ToSchema)]
    pub struct Part {
        from_b: i32,
    }
}
#[derive(ToSchema)]
struct Holder {
    a: a::Part,
    b: b::Part,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
