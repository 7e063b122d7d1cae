//! Requests to a running service, for `oathbook test --api`: plain, bounded, never redirected.

use crate::openapi::probe::{Answer, Sending};
use std::io::Read as _;
use std::time::Duration;

/// Bytes of an answer that are read.
const MOST: u64 = 16 << 20;

/// How often a large request is sent again.
const TRIES: u32 = 8;

/// Sends requests to one service.
pub struct Client {
    agent: ureq::Agent,
    base: String,
}

impl Client {
    /// For the service at an address such as `http://127.0.0.1:8080`; each request may take so long.
    pub fn new(base: &str, timeout: Duration) -> Self {
        let mut config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .timeout_global(Some(timeout))
            .user_agent(concat!("oathbook/", env!("CARGO_PKG_VERSION")));
        if is_local(base) {
            config = config.proxy(None);
        }
        Self { agent: config.build().into(), base: base.to_owned() }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When no answer begins in time; what the service did wrong or the system said.
    pub fn send(&self, sending: &Sending) -> Result<Answer, String> {
        let mut tries = 0;
        loop {
            match self.send_once(sending) {
                Err(Failure::Cut(_)) if tries < TRIES && large(sending) => tries += 1,
                Err(Failure::Cut(message) | Failure::Other(message)) => return Err(message),
                Ok(answer) => return Ok(answer),
            }
        }
    }

    fn send_once(&self, sending: &Sending) -> Result<Answer, Failure> {
        let mut request = ureq::http::Request::builder()
            .method(sending.method.as_str())
            .uri(format!("{}{}", self.base, sending.target));
        for (name, value) in &sending.headers {
            request = request.header(name, value);
        }
        let response = match &sending.body {
            Some(body) => request.body(body.as_slice()).map(|request| self.agent.run(request)),
            None => request.body(()).map(|request| self.agent.run(request)),
        };
        let mut response =
            response.map_err(|error| Failure::Other(error.to_string()))?.map_err(Failure::of)?;
        let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers =
            response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let mut answer =
            Answer { status: response.status().as_u16(), headers, body: Vec::new(), whole: false };
        // What came before time ran out is kept: a stream of events has no end.
        let read = response.body_mut().as_reader().take(MOST).read_to_end(&mut answer.body);
        answer.whole = read.is_ok() && (answer.body.len() as u64) < MOST;
        Ok(answer)
    }
}

/// Why there is no answer.
enum Failure {
    /// The service closed the connection before it had all of the request.
    Cut(String),
    Other(String),
}

impl Failure {
    fn of(error: ureq::Error) -> Self {
        use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
        let cut = matches!(&error, ureq::Error::Io(io) if matches!(io.kind(), BrokenPipe | ConnectionAborted | ConnectionReset));
        let message = error.to_string();
        if cut { Self::Cut(message) } else { Self::Other(message) }
    }
}

/// A service that refuses a large body may answer and close while the body is still being sent; the system then drops the
/// answer now and then. Such a request is sent again.
fn large(sending: &Sending) -> bool {
    sending.body.as_ref().is_some_and(|body| body.len() > 64 << 10)
}

/// Whether an address is this machine's own.
pub fn is_local(url: &str) -> bool {
    let Ok(uri) = url.parse::<ureq::http::Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Waits.
pub fn wait(seconds: u64) {
    std::thread::sleep(Duration::from_secs(seconds));
}

/// A secret of the environment.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Since a moment, for windows of time.
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts.
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Seconds since the start, rounded down.
    pub fn seconds(&self) -> u64 {
        self.0.elapsed().as_secs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_told_from_others() {
        for local in
            ["http://127.0.0.1:80", "http://localhost", "http://[::1]:8080/v1", "http://api.localhost"]
        {
            assert!(is_local(local), "{local}");
        }
        for other in ["http://example.com", "http://10.0.0.1", "http://localhost.example.com", "nonsense"] {
            assert!(!is_local(other), "{other}");
        }
    }
}
