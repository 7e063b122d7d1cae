//! Who is asking, what it may do, and how often: one gate before every operation that is not public.

use crate::App;
use crate::config::{Config, Credential, Role};
use crate::limits::{self, Policy};
use crate::problems::{self, ErrorCode, Problem};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::time::Instant;

/// What a group of operations asks for.
#[derive(Clone, Copy)]
pub struct Gate {
    /// The least role.
    pub role: Role,
    /// The policy that its requests count against.
    pub policy: &'static Policy,
}

/// Lets a request through whose caller is known, has requests left and has the role, in this order.
pub async fn gate(State((app, gate)): State<(App, Gate)>, request: Request, next: Next) -> Response {
    let Some(caller) = identify(&app.config, request.headers()) else {
        return Problem::new(ErrorCode::Unauthenticated, "send X-API-Key, or Authorization: Bearer")
            .into_response();
    };
    let verdict = app.limiter.take(&caller.caller, gate.policy, Instant::now());
    let mut response = if !verdict.allowed {
        app.metrics.rate_limited(gate.policy.name);
        problems::rate_limited(gate.policy, verdict.reset).into_response()
    } else if caller.role < gate.role {
        Problem::new(ErrorCode::Forbidden, "this needs the role writer").into_response()
    } else {
        next.run(request).await
    };
    limits::write_headers(response.headers_mut(), gate.policy, &verdict);
    response
}

fn identify<'a>(config: &'a Config, headers: &HeaderMap) -> Option<&'a Credential> {
    let (known, sent) = match headers.get("x-api-key") {
        Some(key) => (&config.api_keys, key.as_bytes()),
        None => {
            let value = headers.get(header::AUTHORIZATION)?.as_bytes();
            let (scheme, token) = value.split_at_checked(7)?;
            if !scheme.eq_ignore_ascii_case(b"bearer ") {
                return None;
            }
            (&config.tokens, token)
        }
    };
    // All are compared, so that the time says nothing about which one is near.
    let mut found = None;
    for credential in known {
        if same(credential.secret.as_bytes(), sent) {
            found = Some(credential);
        }
    }
    found
}

/// Compares without stopping at the first difference.
fn same(secret: &[u8], sent: &[u8]) -> bool {
    secret.len() == sent.len() && secret.iter().zip(sent).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}
