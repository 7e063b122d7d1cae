//! How often a caller may ask: fixed windows, counted for each caller and policy in this process.

use axum::http::HeaderMap;
use axum::http::HeaderValue;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How many requests a caller may make in a window. The operations' `x-rate-limit` extensions state the same figures,
/// and a test compares them.
#[derive(Debug, PartialEq, Eq)]
pub struct Policy {
    /// As in `RateLimit-Policy`.
    pub name: &'static str,
    /// Requests in a window.
    pub quota: u32,
    /// Seconds.
    pub window: u64,
}

/// Reading documents.
pub const READ: Policy = Policy { name: "read", quota: 600, window: 60 };
/// Writing documents.
pub const WRITE: Policy = Policy { name: "write", quota: 120, window: 60 };
/// Search and suggestions.
pub const SEARCH: Policy = Policy { name: "search", quota: 300, window: 60 };
/// Answers, which cost the most.
pub const ANSWERS: Policy = Policy { name: "answers", quota: 20, window: 60 };

/// All policies.
pub const POLICIES: [&Policy; 4] = [&READ, &WRITE, &SEARCH, &ANSWERS];

/// Counts requests. Its size is bounded by the configured callers times the policies.
#[derive(Debug, Default)]
pub struct Limiter {
    windows: Mutex<HashMap<(String, &'static str), Window>>,
}

#[derive(Debug)]
struct Window {
    began: Instant,
    used: u32,
}

/// What the limiter said to one request.
#[derive(Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the request may go on.
    pub allowed: bool,
    /// Requests left in this window.
    pub remaining: u32,
    /// Seconds until the window ends, at least 1.
    pub reset: u64,
}

impl Limiter {
    /// Counts a request of a caller.
    pub fn take(&self, caller: &str, policy: &'static Policy, now: Instant) -> Verdict {
        // A panic while the lock is held leaves whole counters behind.
        let mut windows = self.windows.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let length = Duration::from_secs(policy.window);
        let window =
            windows.entry((caller.to_owned(), policy.name)).or_insert(Window { began: now, used: 0 });
        if now.duration_since(window.began) >= length {
            *window = Window { began: now, used: 0 };
        }
        let allowed = window.used < policy.quota;
        if allowed {
            window.used += 1;
        }
        let left = length.saturating_sub(now.duration_since(window.began));
        Verdict {
            allowed,
            remaining: policy.quota - window.used,
            reset: left.as_millis().div_ceil(1000).max(1) as u64,
        }
    }
}

/// Writes `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10).
pub fn write_headers(headers: &mut HeaderMap, policy: &Policy, verdict: &Verdict) {
    let stated = format!("\"{}\";q={};w={}", policy.name, policy.quota, policy.window);
    let left = format!("\"{}\";r={};t={}", policy.name, verdict.remaining, verdict.reset);
    for (name, value) in [("ratelimit-policy", stated), ("ratelimit", left)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_used_up_and_begins_again() {
        let (limiter, start) = (Limiter::default(), Instant::now());
        for left in (0..ANSWERS.quota).rev() {
            let verdict = limiter.take("a", &ANSWERS, start);
            assert_eq!((verdict.allowed, verdict.remaining), (true, left));
        }
        let refused = limiter.take("a", &ANSWERS, start + Duration::from_millis(59_500));
        assert_eq!(refused, Verdict { allowed: false, remaining: 0, reset: 1 });
        assert!(limiter.take("a", &ANSWERS, start + Duration::from_secs(60)).allowed);
    }

    #[test]
    fn callers_and_policies_are_counted_apart() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        assert_eq!(limiter.take("a", &ANSWERS, now).remaining, 19);
        assert_eq!(limiter.take("b", &ANSWERS, now).remaining, 19);
        assert_eq!(limiter.take("a", &SEARCH, now).remaining, 299);
    }
}
