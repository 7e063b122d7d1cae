//! Tuples as fields, in lists, and as structs.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
struct Same(i32, i32);
#[derive(ToSchema)]
struct Different(i32, String, Part);
#[derive(ToSchema)]
struct Fields {
    pair: (i32, String),
    with_part: (Part, Vec<Part>, Option<bool>),
    list: Vec<(String, f64)>,
    unit: (),
    nested: ((i8, i8), String),
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Fields, Same, Different)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
