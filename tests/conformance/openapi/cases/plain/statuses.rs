//! Names of status codes, and numbers.
mod axum {
    pub mod http {
        pub struct StatusCode;
    }
}
#[utoipa::path(get, path = "/a", responses(
    (status = CONTINUE, description = "a"),
    (status = OK, description = "b"),
    (status = NO_CONTENT, description = "c"),
    (status = StatusCode::TOO_MANY_REQUESTS, description = "d"),
    (status = axum::http::StatusCode::INTERNAL_SERVER_ERROR, description = "e"),
    (status = 599, description = "f"),
    (status = "2XX", description = "g"),
    (status = "1XX", description = "h"),
    (status = "default", description = "i"),
    (status = NETWORK_AUTHENTICATION_REQUIRED, description = "j"),
))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
