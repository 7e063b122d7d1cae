//! Every key of `info(...)`; a contact that is written replaces the manifest's as a whole.
use utoipa::OpenApi;

const TITLE: &str = "Lending";
mod texts {
    pub const TERMS: &str = "https://example.org/terms";
}

#[derive(OpenApi)]
#[openapi(info(
    title = TITLE,
    version = "2.0.0-rc.1",
    description = "Books for a month.\n\nTwo at most.",
    terms_of_service = texts::TERMS,
    contact(name = "Desk", url = "https://example.org/desk", email = "desk@example.org"),
    license(name = "MIT", url = "https://example.org/mit")
))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
