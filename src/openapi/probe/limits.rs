//! Rate limits as answers announce them: `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers (as
//! a list of named policies since draft 8, as plain numbers before), and the `X-RateLimit-Limit` of common practice.

use super::Answer;
use crate::openapi::source::Limit;

/// A limit that an answer announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The policy's name, where it has one.
    pub name: Option<String>,
    /// Requests in a window.
    pub requests: u64,
    /// Seconds, where they are said.
    pub window: Option<u64>,
    /// The header that says so, with its value.
    pub header: String,
}

/// All limits that an answer announces.
pub fn announced(answer: &Answer) -> Vec<Announced> {
    let mut out = Vec::new();
    for (name, value) in &answer.headers {
        match name.to_ascii_lowercase().as_str() {
            "ratelimit-policy" => {
                out.extend(split(value, ',').iter().filter_map(|item| policy(name, value, item)))
            }
            // The two have the same meaning; the older draft has no policy in it.
            "ratelimit-limit" | "x-ratelimit-limit" | "x-rate-limit-limit" => {
                let first = value.split([',', ';']).next().unwrap_or_default().trim();
                if let Ok(requests) = first.parse() {
                    out.push(Announced {
                        name: None,
                        requests,
                        window: None,
                        header: format!("{name}: {value}"),
                    });
                }
            }
            _ => {}
        }
    }
    out
}

/// `"search";q=300;w=60`, or `100;w=60`.
fn policy(header: &str, whole: &str, item: &str) -> Option<Announced> {
    let mut parts = split(item, ';').into_iter();
    let head = parts.next()?;
    let (mut requests, mut window) = (head.parse().ok(), None);
    for part in parts {
        match part.split_once('=') {
            Some(("q", value)) => requests = value.trim().parse().ok(),
            Some(("w", value)) => window = value.trim().parse().ok(),
            _ => {}
        }
    }
    let name = head.parse::<u64>().is_err().then(|| head.trim_matches('"').to_owned());
    Some(Announced { name, requests: requests?, window, header: format!("{header}: {whole}") })
}

/// Parts between a separator that stands outside of quotes, trimmed.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
    .map(str::trim)
    .collect()
}

impl Announced {
    /// Whether it is the limit that a document states.
    pub fn is(&self, stated: &Limit) -> bool {
        self.requests == stated.requests && self.window.is_none_or(|window| window == stated.window)
    }

    /// `300 requests in 60 seconds`.
    pub fn describe(&self) -> String {
        let window = self.window.map(|window| format!(" in {window} seconds")).unwrap_or_default();
        format!("{} requests{window}", self.requests)
    }
}

/// Requests that are left, as `RateLimit`, `RateLimit-Remaining` or `X-RateLimit-Remaining` say.
pub fn remaining(answer: &Answer) -> Option<u64> {
    if let Some(value) = answer.header("ratelimit") {
        return split(value, ',').iter().find_map(|item| {
            split(item, ';').iter().find_map(|part| part.strip_prefix("r=")?.trim().parse().ok())
        });
    }
    let plain = ["ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining"];
    plain.iter().find_map(|name| answer.header(name)?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(name: &str, value: &str) -> Answer {
        Answer { headers: vec![(name.into(), value.into())], ..Answer::default() }
    }

    #[test]
    fn limits_are_read_from_the_headers_of_each_draft_and_of_practice() {
        let read = |name: &str, value: &str| -> Vec<_> {
            let list = announced(&answer(name, value));
            list.into_iter().map(|limit| (limit.name, limit.requests, limit.window)).collect()
        };
        assert_eq!(
            read("RateLimit-Policy", "\"search\";q=300;w=60"),
            [(Some("search".into()), 300, Some(60))]
        );
        assert_eq!(
            read("ratelimit-policy", "\"a,b\";q=1;w=2, \"day\";q=9;w=86400;qu=\"requests\""),
            [(Some("a,b".into()), 1, Some(2)), (Some("day".into()), 9, Some(86400))]
        );
        assert_eq!(read("RateLimit-Policy", "100;w=60"), [(None, 100, Some(60))]);
        assert_eq!(read("X-RateLimit-Limit", "5000"), [(None, 5000, None)]);
        assert_eq!(read("RateLimit-Policy", "nonsense"), []);
        assert_eq!(remaining(&answer("RateLimit", "\"search\";r=12;t=3")), Some(12));
        assert_eq!(remaining(&answer("X-RateLimit-Remaining", "0")), Some(0));
    }
}
