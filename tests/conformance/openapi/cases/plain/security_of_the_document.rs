//! Requirements of the document: optional, one of, and several at once.
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(security((), ("key" = []), ("oauth" = ["books:read", "books:write"]), ("key" = [], "token" = ["a"])))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
