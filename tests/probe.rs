//! The contract probe, against the example service: the true document, and documents that are wrong on purpose.

use crate::example_service::Service;
use std::path::Path;
use std::process::{Command, Output};

fn oathbook(words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oathbook"));
    command
        .args(words)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("PROBE_KEY", "demo-writer-key")
        .env("PROBE_READER", "demo-reader-key")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn recorded() -> serde_json::Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/search.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A document in a folder of its own, and its path.
fn written(name: &str, document: &serde_json::Value) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("oathbook-probe-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("api.json");
    std::fs::write(&file, serde_json::to_string_pretty(document).unwrap()).unwrap();
    file
}

#[test]
fn the_example_service_answers_as_its_annotations_say() {
    let Some(service) = Service::start(&[]) else { return };
    let url = format!("http://{}", service.address);
    let words = ["test", "--api", &url, "--auth", "api_key=$PROBE_KEY", "--weak", "api_key=$PROBE_READER"];
    let done = oathbook(&words);
    let (out, err) = (text(&done.stdout), text(&done.stderr));
    assert_eq!(done.status.code(), Some(0), "{out}{err}");
    assert!(err.contains("; 0 contradictions, 0 doubts"), "{out}{err}");
    assert!(err.contains("12 of 12 operations answered with success"), "{out}{err}");
    assert!(err.contains("9 of 9 rate limits announced as documented"), "{out}{err}");
    let codes = err.split(" error codes seen").next().and_then(|text| text.rsplit("; ").next()).unwrap();
    assert_eq!(codes, "7 of 14", "{err}");
    let search = out.lines().find(|line| line.starts_with("GET /v1/search ")).unwrap();
    assert!(search.contains("as documented: 200 400 401; not seen: 403 429 500 503"), "{search}");
    let create = out.lines().find(|line| line.starts_with("POST /v1/documents ")).unwrap();
    assert!(create.contains("as documented: 201 400 401 403 409 413 415; not seen: 429 500 503"), "{create}");
    assert!(!out.contains("demo-writer-key") && !err.contains("demo-writer-key"), "the secret is printed");
}

/// The recorded document with seven mistakes, and the line and message that each must lead to.
const WRONG: &[(&str, &str)] = &[
    ("\"type\": \"string\"", "`/total`: expected string"),
    (
        "\"x-rate-limit\": {",
        "documented with 299 requests in 60 seconds, and the service announces 300 requests in 60 seconds",
    ),
    ("\"security\": [", "`GET /health` is answered 200 without credentials"),
    ("\"X-Cost\": {", "without the header `X-Cost`, which is required"),
    ("\"maximum\": 50", "is answered 200 though `perPage` is 51 and `maximum` forbids it"),
    ("\"responses\": {", "is answered 404, which is not documented"),
    ("\"enum\": [", "`/code`: "),
];

fn wrong() -> serde_json::Value {
    let mut document = recorded();
    let mut set = |pointer: &str, value: serde_json::Value| {
        let (above, last) = pointer.rsplit_once('/').unwrap();
        let last = last.replace("~1", "/");
        document.pointer_mut(above).unwrap().as_object_mut().unwrap().insert(last, value);
    };
    // Each value is wrong, and the line that says so is what must be named.
    set("/components/schemas/SearchResults/properties/total/type", "string".into());
    set("/paths/~1v1~1search/get/x-rate-limit/requests", 299.into());
    set("/paths/~1health/get/security", serde_json::json!([{"api_key": []}]));
    set(
        "/paths/~1v1~1answers/post/responses/200/headers/X-Cost",
        serde_json::json!({"required": true, "schema": {"type": "integer"}}),
    );
    let parameters =
        document.pointer_mut("/paths/~1v1~1documents/get/parameters").unwrap().as_array_mut().unwrap();
    let page = parameters.iter_mut().find(|one| one["name"] == "perPage").unwrap();
    page["schema"]["maximum"] = 50.into();
    let responses = document.pointer_mut("/paths/~1v1~1documents~1{id}/get/responses").unwrap();
    responses.as_object_mut().unwrap().remove("404").unwrap();
    let codes = document.pointer_mut("/components/schemas/ErrorCode/enum").unwrap().as_array_mut().unwrap();
    codes.retain(|code| code != "unauthenticated");
    document
}

#[test]
fn a_document_that_is_wrong_is_found_out_at_its_lines() {
    let Some(service) = Service::start(&[]) else { return };
    let file = written("wrong", &wrong());
    let url = format!("http://{}", service.address);
    let path = file.to_str().unwrap();
    let done = oathbook(&[
        "test",
        "--api",
        &url,
        "--auth",
        "api_key=$PROBE_KEY",
        "--document",
        path,
        "--format",
        "json",
    ]);
    let out = text(&done.stdout);
    assert_eq!(done.status.code(), Some(1), "{out}{}", text(&done.stderr));
    let lines: Vec<String> = std::fs::read_to_string(&file).unwrap().lines().map(str::to_owned).collect();
    let found: Vec<(String, String)> = out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .filter(|finding| finding["severity"] == "error")
        .map(|finding| {
            let line = usize::try_from(finding["line"].as_u64().unwrap()).unwrap();
            (lines[line - 1].trim().to_owned(), finding["message"].as_str().unwrap().to_owned())
        })
        .collect();
    for (line, message) in WRONG {
        let there = found.iter().any(|(at, said)| at.contains(line) && said.contains(message));
        assert!(there, "no finding at {line} says: {message}\n{found:#?}");
    }
    for (_, said) in &found {
        assert!(WRONG.iter().any(|(_, message)| said.contains(message)), "another finding: {said}");
    }
    std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
}

#[test]
fn a_limit_that_is_used_up_is_the_documented_one() {
    let Some(service) = Service::start(&[]) else { return };
    let url = format!("http://{}", service.address);
    let words =
        ["test", "--api", &url, "--auth", "api_key=$PROBE_KEY", "--operation", "answerQuestion", "--exhaust"];
    let done = oathbook(&words);
    let (out, err) = (text(&done.stdout), text(&done.stderr));
    assert_eq!(done.status.code(), Some(0), "{out}{err}");
    assert!(err.contains("using up 20 requests per minute per caller"), "{err}");
    let answers = out.lines().find(|line| line.starts_with("POST /v1/answers ")).unwrap();
    assert!(answers.contains(" 429"), "{answers}");
}

#[test]
fn a_service_that_is_not_there_and_an_address_that_is_none_are_told_apart() {
    let file = written("none", &recorded());
    let path = file.to_str().unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let done = oathbook(&["test", "--api", &format!("http://{closed}"), "--document", path]);
    assert_eq!(done.status.code(), Some(4), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("cannot be reached"), "{}", text(&done.stderr));
    for wrong in ["localhost:8080", "ftp://localhost", "http://", "https://example.com"] {
        let done = oathbook(&["test", "--api", wrong, "--document", path]);
        assert_eq!(done.status.code(), Some(2), "{wrong}: {}", text(&done.stderr));
    }
    let unknown = ["test", "--api", "http://127.0.0.1:1", "--document", path, "--auth", "nobody=x"];
    let done = oathbook(&unknown);
    assert!(text(&done.stderr).contains("no security scheme `nobody`"), "{}", text(&done.stderr));
    std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
}
