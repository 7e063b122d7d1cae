//! `schema(default)` fills every field's default from the type's `Default`.
use utoipa::ToSchema;

#[derive(ToSchema)]
#[schema(default)]
struct Settings {
    retries: u8,
    name: String,
    on: bool,
    parts: Vec<i32>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { retries: 3, name: "main".to_owned(), on: true, parts: vec![1, 2] }
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Settings)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
