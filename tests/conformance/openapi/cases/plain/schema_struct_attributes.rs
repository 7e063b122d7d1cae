//! Attributes of a struct with named fields.
use utoipa::ToSchema;

const ABOUT: &str = "From a constant";

/// Comment
#[derive(ToSchema)]
#[schema(title = "Titled", description = ABOUT, example = json!({"id": 1}), max_properties = 3, min_properties = 1)]
struct A {
    id: i32,
}
#[derive(ToSchema)]
#[schema(examples(json!({"id": 1}), json!({"id": 2})), deprecated)]
struct B {
    id: i32,
}
#[derive(ToSchema)]
#[schema(rename_all = "camelCase", as = api::v1::Third)]
struct C {
    first_name: String,
    b: B,
}
#[deprecated(note = "old")]
#[derive(ToSchema)]
struct D {
    c: C,
}
#[derive(ToSchema)]
#[schema(title = "One")]
#[schema(description = "Two attributes")]
struct E {
    d: D,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(A, B, E)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
