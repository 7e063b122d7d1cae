//! Errors as callers see them: problem details of RFC 9457, with a code for programs.

use crate::limits;
use axum::extract::Request;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoResponses, ToSchema};

/// What went wrong, for programs. Codes are stable: new ones may be added, none changes its meaning.
#[derive(Serialize, Deserialize, ToSchema, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// A parameter or a field cannot be used; `errors` says which.
    InvalidRequest,
    /// Neither a known API key nor a known bearer token was sent.
    Unauthenticated,
    /// The caller is known and may not do this.
    Forbidden,
    /// There is no document with this identifier.
    DocumentNotFound,
    /// A document with this identifier is there already.
    DocumentExists,
    /// There is no such address.
    RouteNotFound,
    /// The address does not answer this method.
    MethodNotAllowed,
    /// The body is larger than 1 MiB.
    BodyTooLarge,
    /// The body is not `application/json`.
    UnsupportedMediaType,
    /// The caller has used up its requests in this window.
    RateLimited,
    /// The language model answered with an error.
    ModelFailed,
    /// The language model did not answer in time.
    ModelTimedOut,
    /// The database cannot be reached, or has no free connection.
    StorageUnavailable,
    /// A fault of the service itself.
    Internal,
}

impl ErrorCode {
    /// The status that goes with the code, and the title, which is the same for all problems of a code.
    fn status_and_title(self) -> (StatusCode, &'static str) {
        match self {
            Self::InvalidRequest => (StatusCode::BAD_REQUEST, "The request cannot be used"),
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "Credentials are missing or unknown"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "The caller may not do this"),
            Self::DocumentNotFound => (StatusCode::NOT_FOUND, "There is no such document"),
            Self::DocumentExists => (StatusCode::CONFLICT, "The document exists"),
            Self::RouteNotFound => (StatusCode::NOT_FOUND, "There is no such address"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "The method is not allowed here"),
            Self::BodyTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body is not JSON"),
            Self::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
            Self::ModelFailed => (StatusCode::BAD_GATEWAY, "The language model failed"),
            Self::ModelTimedOut => (StatusCode::GATEWAY_TIMEOUT, "The language model took too long"),
            Self::StorageUnavailable => (StatusCode::SERVICE_UNAVAILABLE, "The database is unavailable"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "The service failed"),
        }
    }

    /// The name that callers see.
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid-request",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::DocumentNotFound => "document-not-found",
            Self::DocumentExists => "document-exists",
            Self::RouteNotFound => "route-not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::BodyTooLarge => "body-too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::RateLimited => "rate-limited",
            Self::ModelFailed => "model-failed",
            Self::ModelTimedOut => "model-timed-out",
            Self::StorageUnavailable => "storage-unavailable",
            Self::Internal => "internal",
        }
    }
}

/// One parameter or field that cannot be used.
#[derive(Serialize, Deserialize, ToSchema, Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the parameter, or the JSON pointer of the field.
    #[schema(example = "/title")]
    pub field: String,
    /// What is wrong with it.
    #[schema(example = "must not be empty")]
    pub detail: String,
}

/// Problem details (RFC 9457) of a request that failed.
#[derive(Serialize, Deserialize, ToSchema, Clone, Debug)]
#[schema(example = json!({
    "type": "https://search.example/problems/document-not-found",
    "title": "There is no such document",
    "status": 404,
    "detail": "there is no document `missing`",
    "code": "document-not-found"
}))]
pub struct Problem {
    /// Identifies the kind of problem; ends in the code.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    pub kind: String,
    /// The kind of problem in words; the same for all problems of a code.
    pub title: String,
    /// The HTTP status, again.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// What went wrong this time.
    pub detail: String,
    /// The kind of problem, for programs.
    pub code: ErrorCode,
    /// Names this one occurrence in the service's log; only faults of the service have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub instance: Option<String>,
    /// The parameters and fields that cannot be used; only for `invalid-request`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Seconds until a new attempt makes sense, sent as `Retry-After`.
    #[serde(skip)]
    pub retry_after: Option<u64>,
}

/// The content type of every problem.
pub const CONTENT_TYPE: &str = "application/problem+json";

impl Problem {
    /// A problem of a kind.
    pub fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        let (status, title) = code.status_and_title();
        let instance = status.is_server_error().then(|| format!("urn:uuid:{}", uuid::Uuid::now_v7()));
        Self {
            kind: format!("https://search.example/problems/{}", code.name()),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            instance,
            errors: Vec::new(),
            retry_after: (code == ErrorCode::StorageUnavailable).then_some(5),
        }
    }

    /// A request with parameters or fields that cannot be used.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("`{}` {}", one.field, one.detail),
            many => format!("{} fields cannot be used", many.len()),
        };
        Self { errors, ..Self::new(ErrorCode::InvalidRequest, detail) }
    }

    /// A fault whose cause belongs into the log, not into the answer.
    pub fn logged(code: ErrorCode, detail: &str, cause: &dyn std::fmt::Display) -> Self {
        let problem = Self::new(code, detail);
        eprintln!("{} {}: {cause}", problem.instance.as_deref().unwrap_or("-"), code.name());
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, axum::Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer, ApiKey"));
        }
        response
    }
}

/// Answers with a problem where a handler panics, instead of closing the connection without a word.
pub async fn catch_panic(request: Request, next: Next) -> Response {
    // A task of its own is what catches a panic; it also lets a write end that its caller no longer waits for.
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(fault) => Problem::logged(ErrorCode::Internal, "the fault was logged", &fault).into_response(),
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        let code = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::BodyTooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::UnsupportedMediaType,
            _ => ErrorCode::InvalidRequest,
        };
        Self::new(code, rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(ErrorCode::InvalidRequest, rejection.body_text())
    }
}

/// What every operation with credentials may answer besides its own responses.
#[derive(IntoResponses)]
pub enum AccessProblems {
    /// Neither a known API key nor a known bearer token was sent.
    #[response(
        status = 401,
        content_type = "application/problem+json",
        headers(("WWW-Authenticate" = String, description = "The ways to authenticate.")),
        example = json!({
            "type": "https://search.example/problems/unauthenticated",
            "title": "Credentials are missing or unknown",
            "status": 401,
            "detail": "send X-API-Key, or Authorization: Bearer",
            "code": "unauthenticated"
        })
    )]
    Unauthenticated(Problem),
    /// The caller is known and its role does not allow this.
    #[response(
        status = 403,
        content_type = "application/problem+json",
        headers(
            ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
            ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
        ),
        example = json!({
            "type": "https://search.example/problems/forbidden",
            "title": "The caller may not do this",
            "status": 403,
            "detail": "this needs the role writer",
            "code": "forbidden"
        })
    )]
    Forbidden(Problem),
    /// The caller has used up its requests in this window.
    #[response(
        status = 429,
        content_type = "application/problem+json",
        headers(
            ("Retry-After" = u64, description = "Seconds until the window ends."),
            ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
            ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
        ),
        example = json!({
            "type": "https://search.example/problems/rate-limited",
            "title": "Too many requests",
            "status": 429,
            "detail": "the policy `search` allows 300 requests in 60 seconds",
            "code": "rate-limited"
        })
    )]
    RateLimited(Problem),
    /// A fault of the service itself.
    #[response(
        status = 500,
        content_type = "application/problem+json",
        headers(
            ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
            ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
        ),
        example = json!({
            "type": "https://search.example/problems/internal",
            "title": "The service failed",
            "status": 500,
            "detail": "the fault was logged",
            "code": "internal",
            "instance": "urn:uuid:01939b2e-7a4c-7c1a-9d0e-5b8c2f1a6e30"
        })
    )]
    Internal(Problem),
    /// The database cannot be reached, or has no free connection.
    #[response(
        status = 503,
        content_type = "application/problem+json",
        headers(
            ("Retry-After" = u64, description = "Seconds until a new attempt makes sense."),
            ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
            ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
        ),
        example = json!({
            "type": "https://search.example/problems/storage-unavailable",
            "title": "The database is unavailable",
            "status": 503,
            "detail": "no connection was free within 2 seconds",
            "code": "storage-unavailable",
            "instance": "urn:uuid:01939b2e-7a4c-7c1a-9d0e-5b8c2f1a6e31"
        })
    )]
    StorageUnavailable(Problem),
}

/// What every operation may answer, also those that ask for nothing.
#[derive(IntoResponses)]
#[response(
    status = 500,
    description = "A fault of the service itself.",
    content_type = "application/problem+json",
    example = json!({
        "type": "https://search.example/problems/internal",
        "title": "The service failed",
        "status": 500,
        "detail": "the fault was logged",
        "code": "internal",
        "instance": "urn:uuid:01939b2e-7a4c-7c1a-9d0e-5b8c2f1a6e35"
    })
)]
pub struct Fault(pub Problem);

/// What every operation with parameters or a body may answer when these cannot be used.
#[derive(IntoResponses)]
#[response(
    status = 400,
    description = "A parameter or a field cannot be used; `errors` says which.",
    content_type = "application/problem+json",
    headers(
        ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
        ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
    ),
    example = json!({
        "type": "https://search.example/problems/invalid-request",
        "title": "The request cannot be used",
        "status": 400,
        "detail": "`perPage` must be between 1 and 100",
        "code": "invalid-request",
        "errors": [{"field": "perPage", "detail": "must be between 1 and 100"}]
    })
)]
pub struct InvalidRequest(pub Problem);

/// What every operation with a body may answer besides.
#[derive(IntoResponses)]
pub enum BodyProblems {
    /// The body is larger than 1 MiB.
    #[response(
        status = 413,
        content_type = "application/problem+json",
        headers(
            ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
            ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
        ),
        example = json!({
            "type": "https://search.example/problems/body-too-large",
            "title": "The body is too large",
            "status": 413,
            "detail": "length limit exceeded",
            "code": "body-too-large"
        })
    )]
    TooLarge(Problem),
    /// The body is not `application/json`.
    #[response(
        status = 415,
        content_type = "application/problem+json",
        headers(
            ("RateLimit-Policy" = String, description = "Name, quota and window in seconds of the policy that applies."),
            ("RateLimit" = String, description = "Requests left, and seconds until the window ends.")
        ),
        example = json!({
            "type": "https://search.example/problems/unsupported-media-type",
            "title": "The body is not JSON",
            "status": 415,
            "detail": "Expected request with `Content-Type: application/json`",
            "code": "unsupported-media-type"
        })
    )]
    UnsupportedMediaType(Problem),
}

/// The answer to a caller that has used up a policy.
pub fn rate_limited(policy: &limits::Policy, retry_after: u64) -> Problem {
    let detail =
        format!("the policy `{}` allows {} requests in {} seconds", policy.name, policy.quota, policy.window);
    Problem { retry_after: Some(retry_after), ..Problem::new(ErrorCode::RateLimited, detail) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_answered_with_a_problem() {
        use axum::body::Body;
        use axum::routing::get;
        use tower::ServiceExt as _;

        async fn fails() {
            panic!("a fault of a test");
        }
        let router = axum::Router::new().route("/", get(fails)).layer(axum::middleware::from_fn(catch_panic));
        let request = Request::get("/").body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()[header::CONTENT_TYPE], CONTENT_TYPE);
    }

    #[test]
    fn the_name_of_a_code_is_what_callers_read() {
        for code in [
            ErrorCode::InvalidRequest,
            ErrorCode::ModelTimedOut,
            ErrorCode::RouteNotFound,
            ErrorCode::Internal,
        ] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
    }
}
