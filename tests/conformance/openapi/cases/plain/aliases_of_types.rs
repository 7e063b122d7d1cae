//! Type aliases: of structs, of containers, of generics, across modules.
use std::collections::HashMap;
use utoipa::ToSchema;

mod parts {
    #[derive(utoipa::ToSchema)]
    pub struct Part {
        id: i32,
    }
    pub type Same = Part;
}
type Renamed = parts::Part;
type Twice = parts::Same;

#[derive(ToSchema)]
struct Page<T> {
    items: Vec<T>,
}
type PartPage = Page<parts::Part>;

#[derive(ToSchema)]
struct Holder {
    a: Renamed,
    b: Twice,
    c: parts::Same,
    d: PartPage,
    e: Option<Renamed>,
    f: Vec<Twice>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Holder, Renamed)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
