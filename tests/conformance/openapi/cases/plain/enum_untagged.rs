//! No tag at all.
use serde::Serialize;
use utoipa::ToSchema;

#[derive(ToSchema, Serialize)]
struct Part {
    id: i32,
}
#[derive(ToSchema, Serialize)]
#[serde(untagged)]
enum Message {
    Nothing,
    Text(String),
    /// A part
    APart(Part),
    Pair(i32, String),
    Named { id: i32 },
    List(Vec<Part>),
    Number(f64),
    Maybe(Option<Part>),
}
#[derive(ToSchema, Serialize)]
#[serde(untagged)]
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
