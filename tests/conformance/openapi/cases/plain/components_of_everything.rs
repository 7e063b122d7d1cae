//! Components: primitives, lists, maps, options and generics by type.
use std::collections::HashMap;

#[derive(utoipa::ToSchema)]
struct Part {
    id: i32,
}
mod other {
    #[derive(utoipa::ToSchema)]
    #[schema(as = other::Thing)]
    pub struct Thing {
        id: i32,
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Part, other::Thing)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
