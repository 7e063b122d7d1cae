//! The default representation: the variant's name is the key.
use serde::Serialize;
use utoipa::ToSchema;

#[derive(ToSchema, Serialize)]
struct Part {
    id: i32,
}
/// A message
#[derive(ToSchema, Serialize)]
#[serde(rename_all = "camelCase")]
#[schema(title = "Message")]
enum Message {
    Nothing,
    /// A text
    SomeText(String),
    APart(Part),
    Pair(i32, String),
    SamePair(i32, i32),
    #[serde(rename = "n", rename_all = "UPPERCASE")]
    Named {
        /// An id
        some_id: i32,
        part: Option<Part>,
    },
    List(Vec<Part>),
    Maybe(Option<String>),
    Empty {},
    MaybePart(Option<Part>),
    Inline(#[schema(inline)] Part),
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Message)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
