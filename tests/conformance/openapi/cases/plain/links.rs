//! Links of a response.
use serde_json::json;

const REF: &str = "#/paths/~1books/get";

#[utoipa::path(get, path = "/a", responses(
    (status = 200, description = "ok", links(
        ("getFoo" = (
            operation_id = "get_foo",
            parameters(("key" = "$response.body#/id"), ("json" = json!({"a": [1]})), ("one" = 1)),
            request_body = "this is body",
            description = "A link",
            server(url = "http://localhost", description = "Here")
        )),
        ("getBar" = (operation_ref = "this is ref")),
        ("getBaz" = (operation_ref = REF))
    ))
))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
