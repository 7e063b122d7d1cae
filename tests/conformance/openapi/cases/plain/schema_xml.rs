//! XML names, prefixes, attributes and wrappers.
use utoipa::ToSchema;

#[derive(ToSchema)]
#[schema(xml(name = "user", prefix = "u", namespace = "https://user.example.org"))]
struct User {
    #[schema(xml(attribute, prefix = "u"))]
    id: i64,
    #[schema(xml(name = "user_name", prefix = "u"))]
    username: String,
    #[schema(xml(wrapped(name = "linkList"), name = "link"))]
    links: Vec<String>,
    #[schema(xml(wrapped, name = "photo_url"))]
    photos: Vec<String>,
    #[schema(xml(name = "part"))]
    part: Part,
}
#[derive(ToSchema)]
#[schema(xml(name = "p"))]
struct Part {
    id: i32,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(User)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
