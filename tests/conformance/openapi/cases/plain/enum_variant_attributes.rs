//! Attributes of variants and their fields.
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}
#[derive(ToSchema)]
#[schema(example = json!({"Text": "a"}), description = "Described", as = shapes::Shape)]
enum Shape {
    #[schema(title = "Nothing", example = "Nothing")]
    Nothing,
    #[schema(title = "ATitle", example = "a text", default = "none")]
    Text(String),
    #[schema(title = "Bytes", value_type = String, format = Binary)]
    Bytes(Vec<u8>),
    #[schema(rename = "renamed", title = "Fields", example = json!({"id": 1}), max_properties = 2, min_properties = 1, rename_all = "UPPERCASE")]
    Fields {
        #[schema(example = 5, minimum = 1)]
        id: i32,
        #[schema(inline)]
        part: Part,
        #[schema(value_type = String)]
        other: Part,
        #[deprecated]
        old: Option<i32>,
    },
    #[deprecated]
    Old(i32),
    #[schema(deprecated)]
    Older { a: i32 },
    #[schema(deprecated)]
    Oldest,
    #[schema(examples("a", "b"))]
    Several(String),
    #[schema(xml(name = "x"))]
    Xml { a: i32 },
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Shape)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
