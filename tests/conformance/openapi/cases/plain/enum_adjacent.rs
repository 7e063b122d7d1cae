//! `tag` and `content`.
use serde::Serialize;
use utoipa::ToSchema;

#[derive(ToSchema, Serialize)]
struct Part {
    id: i32,
}
/// A message
#[derive(ToSchema, Serialize)]
#[serde(tag = "t", content = "c", rename_all = "SCREAMING_SNAKE_CASE")]
enum Message {
    Nothing,
    /// A part
    APart(Part),
    Text(String),
    Named {
        id: i32,
        /// Perhaps
        text: Option<String>,
    },
    List(Vec<Part>),
    Inline(#[schema(inline)] Part),
    Maybe(Option<Part>),
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Message)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
