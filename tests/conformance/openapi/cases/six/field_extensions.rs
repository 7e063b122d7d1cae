//! Extensions of a field.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
struct All {
    #[schema(extensions(("x-b" = json!({"c": "d"}))))]
    text: String,
    #[schema(extensions(("x-a" = json!([]))))]
    list: Vec<Part>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
