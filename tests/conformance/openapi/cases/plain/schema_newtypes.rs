//! Structs of one unnamed field, with every attribute that they take.
use std::collections::HashMap;
use utoipa::ToSchema;

#[derive(ToSchema)]
struct Part {
    id: i32,
}
/// A number with a name
#[derive(ToSchema)]
struct Id(i64);
#[derive(ToSchema)]
#[schema(example = 3, default = 2, title = "Bounded")]
struct Bounded(u8);
#[derive(ToSchema)]
#[schema(value_type = String, format = Email, pattern = "@")]
struct Mail(Vec<u8>);
#[derive(ToSchema)]
struct Wrap(Part);
#[derive(ToSchema)]
struct WrapInline(#[schema(inline)] Part);
#[derive(ToSchema)]
struct Many(Vec<Part>);
/// Described here
#[derive(ToSchema)]
#[schema(description = "Described in the attribute", examples("a", "b"))]
struct Text(String);
#[derive(ToSchema)]
struct Map(HashMap<String, Part>);
#[derive(ToSchema)]
struct Maybe(Option<Part>);
#[derive(ToSchema)]
struct MaybeText(Option<String>);
/// Of a part
#[derive(ToSchema)]
struct Commented(Part);
#[derive(ToSchema)]
#[schema(as = named::Else)]
struct Renamed(String);
#[derive(ToSchema)]
#[schema(deprecated)]
struct Old(String);
#[deprecated]
#[derive(ToSchema)]
struct Older(i32);
#[derive(ToSchema)]
#[schema(content_encoding = "base64", content_media_type = "image/png")]
struct Picture(String);

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Id, Bounded, Mail, Wrap, WrapInline, Many, Text, Map, Maybe, MaybeText, Commented, Renamed, Old, Older, Picture)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
