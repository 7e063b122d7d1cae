//! `ToResponse` on every shape, referenced and inlined.
use utoipa::{ToResponse, ToSchema};

#[derive(ToSchema)]
struct Admin {
    name: String,
}
#[derive(ToSchema)]
struct Admin2 {
    name: String,
    id: i32,
}
/// Person response
#[derive(ToResponse)]
struct Person {
    name: String,
    admin: Admin,
}
#[derive(ToResponse)]
#[response(
    description = "Override description for response",
    content_type = "text/xml",
    example = json!({"name": "the name"}),
    headers(("csrf-token", description = "response csrf token"), ("random-id" = i32))
)]
struct WithAttributes {
    name: String,
}
/// Person list response
#[derive(ToResponse)]
struct List(Vec<Admin>);
/// Inlined list
#[derive(ToResponse)]
struct InlineList(#[to_schema] Vec<Admin>);
/// Nothing
#[derive(ToResponse)]
struct Nothing;
/// Either
#[derive(ToResponse)]
enum Either {
    #[response(examples(("One" = (value = json!({"name": "name1"}))), ("Two" = (value = json!({"name": "name2"})))))]
    Admin(#[content("application/vnd-custom-v1+json")] Admin),
    #[response(example = json!({"name": "name3", "id": 1}))]
    Admin2(#[content("application/vnd-custom-v2+json")] #[to_schema] Admin2),
}
/// An enum
#[derive(ToResponse)]
enum Kind {
    Value(String),
    Foobar,
}
/// Text
#[derive(ToResponse)]
struct Text(String);

#[utoipa::path(get, path = "/a", responses(
    (status = 200, response = Person),
    (status = 201, response = inline(Person)),
    (status = 202, response = List),
    (status = "default", response = inline(Nothing)),
))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a), components(responses(Person, WithAttributes, List, InlineList, Nothing, Either, Kind, Text)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
