//! Bounds of structs of one unnamed field.
use utoipa::ToSchema;

#[derive(ToSchema)]
#[schema(minimum = 1, maximum = 9, multiple_of = 2, example = 3, default = 2, title = "Bounded")]
struct Bounded(u8);
#[derive(ToSchema)]
#[schema(exclusive_minimum = 1.5, exclusive_maximum = 9)]
struct Open(f64);
#[derive(ToSchema)]
#[schema(value_type = String, format = Email, pattern = "@", min_length = 3, max_length = 99)]
struct Mail(Vec<u8>);
#[derive(ToSchema)]
#[schema(min_items = 1, max_items = 3)]
struct Few(Vec<String>);

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(Bounded, Open, Mail, Few)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
