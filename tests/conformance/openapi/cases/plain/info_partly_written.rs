//! A contact with a name only, and a licence by identifier.
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(info(contact(name = "Desk"), license(name = "MIT", identifier = "MIT")))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Doc::openapi()
}
