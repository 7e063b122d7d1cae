//! `tag` puts the variant's name into the object.
use serde::Serialize;
use utoipa::ToSchema;

#[derive(ToSchema, Serialize)]
struct Part {
    id: i32,
}
/// A message
#[derive(ToSchema, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Message {
    /// Nothing
    Nothing,
    /// A part
    APart(Part),
    Inline(#[schema(inline)] Part),
    Named {
        id: i32,
        #[serde(default)]
        text: String,
    },
    #[serde(rename = "x", rename_all = "camelCase")]
    Other { some_id: Vec<Part> },
    Empty {},
}
#[derive(ToSchema, Serialize)]
#[serde(tag = "t")]
enum Units {
    A,
    B,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Message, Units)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
