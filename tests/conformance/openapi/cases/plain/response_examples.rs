//! One example, several, and several contents of one response.
use utoipa::ToSchema;

#[derive(ToSchema, serde::Serialize)]
struct Book {
    title: String,
}
#[derive(ToSchema)]
struct Draft {
    title: Option<String>,
}
#[utoipa::path(get, path = "/a", responses(
    (status = 200, description = "one", body = Book, example = json!({"title": "Emma"})),
    (status = 201, description = "several", body = Book, examples(
        ("Demo" = (summary = "This is summary", description = "Long description", value = json!({"title": "E"}))),
        ("John" = (summary = "Another", value = json!([1, "a", null, {"b": -1.5e3}]))),
        ("Far" = (external_value = "https://example.org/x.json"))
    )),
    (status = 202, description = "contents", content(
        (Book = "application/vnd.book.v1+json", example = json!({"title": "x"})),
        (Draft = "application/vnd.book.v2+json", examples(("A" = (value = json!(1))))),
        ("text/plain", example = json!("text"))
    )),
    (status = 203, content((Book), (Draft), (inline(Vec<Draft>) = "application/x"))),
    (status = 204, description = "text", body = String, example = "plain text"),
    (status = 205, description = "number", body = i32, example = 5),
))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
