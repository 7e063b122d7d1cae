//! Tags with constants and links, and a link of the document.
use utoipa::OpenApi;

const LOANS: &str = "loans";
const ABOUT: &str = "What is out";

#[derive(OpenApi)]
#[openapi(
    tags(
        (name = "books", description = "What there is"),
        (name = LOANS, description = ABOUT, external_docs(url = "https://example.org/loans", description = "More")),
        (name = "desk", external_docs(url = "https://example.org/desk")),
    ),
    external_docs(url = "https://example.org", description = "All of it")
)]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
