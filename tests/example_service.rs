//! The example service, built and started as its README says, and asked over a socket.

use crate::support::skip;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

/// The service's folder.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/search-service")
}

fn cargo(words: &[&str]) -> Output {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/search-service");
    let mut command = Command::new(env!("CARGO"));
    command.args(words).args(["--offline", "--locked", "--manifest-path"]).arg(folder().join("Cargo.toml"));
    command.env("CARGO_TARGET_DIR", target).output().unwrap()
}

/// The service's program, built once; `None` where its packages were not fetched. `tests/run` has built it before.
pub fn program() -> Option<&'static Path> {
    static PROGRAM: OnceLock<Option<PathBuf>> = OnceLock::new();
    let built = PROGRAM.get_or_init(|| {
        let manifest = folder().join("Cargo.toml");
        if !cargo(&["metadata", "--format-version", "1"]).status.success() {
            skip("example-service", &format!("cargo fetch --manifest-path {}", manifest.display()));
            return None;
        }
        let built = cargo(&["build", "--quiet"]);
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("target/search-service/debug/search-service"))
    });
    built.as_deref()
}

/// The running service, with a database of its own in memory.
pub struct Service {
    child: Child,
    /// `127.0.0.1:PORT`.
    pub address: String,
}

impl Service {
    /// Starts it on a free port, with more settings; `None` where it cannot be built.
    pub fn start(settings: &[(&str, &str)]) -> Option<Self> {
        let mut child = Command::new(program()?)
            .env("SEARCH_ADDRESS", "127.0.0.1:0")
            .env("SEARCH_DATABASE_URL", "sqlite::memory:")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap_or_default().to_owned();
        assert!(!address.is_empty(), "the service said `{line}`");
        Some(Self { child, address })
    }

    /// Sends a request and returns the whole answer as text.
    pub fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_starts_with_one_command_and_documents_go_in_are_found_and_answer_questions() {
    let Some(service) = Service::start(&[]) else { return };
    assert!(service.send("GET", "/ready", "", "").contains("\"storage\":\"sqlite\""));
    let json = "Content-Type: application/json\r\n";
    let document = r#"{"id": "quokkas", "title": "Quokkas", "body": "A quokka lives on Rottnest Island.", "category": "animals"}"#;
    let stored =
        service.send("POST", "/v1/documents", &format!("X-API-Key: demo-writer-key\r\n{json}"), document);
    assert!(
        stored.starts_with("HTTP/1.1 201 ") && stored.contains("location: /v1/documents/quokkas"),
        "{stored}"
    );
    let found = service.send("GET", "/v1/search?q=island&facets=true", "X-API-Key: demo-reader-key\r\n", "");
    assert!(
        found.contains("\"total\":1") && found.contains("{\"value\":\"animals\",\"count\":1}"),
        "{found}"
    );
    let answered = service.send(
        "POST",
        "/v1/answers",
        &format!("Authorization: Bearer demo-app-token\r\n{json}"),
        r#"{"question": "On which island lives the quokka?"}"#,
    );
    assert!(answered.contains("\"answer\":\"A quokka lives on Rottnest Island.\""), "{answered}");
    let figures = service.send("GET", "/metrics", "", "");
    assert!(figures.contains("llm_requests_total{outcome=\"ok\"} 1\n"), "{figures}");
    let refused = service.send("GET", "/v1/search?q=x", "", "");
    assert!(refused.contains("application/problem+json") && refused.contains("\"code\":\"unauthenticated\""));
}
