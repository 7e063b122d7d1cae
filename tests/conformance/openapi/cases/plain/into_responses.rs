//! `IntoResponses` on every shape.
use utoipa::{IntoResponses, ToResponse, ToSchema};

/// A reusable one
#[derive(ToResponse)]
struct Response {
    message: String,
}
#[derive(ToSchema)]
struct BadRequest {
    message: String,
}
#[derive(IntoResponses)]
enum All {
    /// Success response description.
    #[response(status = 200)]
    Success { value: String },
    #[response(status = 404)]
    NotFound,
    #[response(status = 400, description = "Described", content_type = "application/problem+json")]
    BadRequest(BadRequest),
    #[response(status = 500)]
    ServerError(#[ref_response] Response),
    #[response(status = 418)]
    TeaPot(#[to_response] Response),
    #[response(status = 409, example = json!({"message": "no"}), headers(("x-a" = i32)))]
    Conflict(#[to_schema] BadRequest),
    #[response(status = "4XX")]
    Range(String),
    #[response(status = "default", examples(("a" = (value = json!(1)))))]
    Else(Vec<BadRequest>),
    #[response(status = UNPROCESSABLE_ENTITY)]
    ByName(i32),
}
/// One
#[derive(IntoResponses)]
#[response(status = 202)]
struct One {
    value: String,
}
#[derive(IntoResponses)]
#[response(status = NO_CONTENT)]
struct Unit;
#[derive(IntoResponses)]
#[response(status = 201, description = "Made")]
struct Created(#[to_schema] BadRequest);

#[utoipa::path(get, path = "/a", responses(All, One, (status = 205, description = "too"), Unit, Created))]
fn a() {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(a), components(responses(Response)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
