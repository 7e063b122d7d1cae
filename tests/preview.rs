//! The preview's door, knocked at byte by byte: what other sites, slow clients and strange requests get.

use crate::cli::{book, preview};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What is answered to bytes, and the connection closed after.
fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(address: &str, path: &str, fields: &str) -> String {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{fields}Connection: close\r\n\r\n"))
}

#[test]
fn other_sites_read_nothing_of_the_preview() {
    let book = book("preview-door").with("src/a.md", "# A\n\nThe password is hunter2.\n");
    let (_server, address) = preview(&book);
    let script = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n";
    for path in ["/search/d-0.js", "/a.html", "/__preview/client.js", "/__preview/api/search?q=password"] {
        for fields in [script, &script.replace("cross-site", "same-site")] {
            let refused = get(&address, path, fields);
            assert!(refused.starts_with("HTTP/1.1 403") && !refused.contains("hunter2"), "{path}: {refused}");
        }
        let own = get(&address, path, &script.replace("cross-site", "same-origin"));
        assert!(own.starts_with("HTTP/1.1 200"), "{path}: {own}");
        // Browsers that do not say where a request comes from keep the answer from other sites by these.
        for field in [
            "cross-origin-resource-policy: same-origin",
            "x-content-type-options: nosniff",
            "x-frame-options: SAMEORIGIN",
            "content-security-policy: frame-ancestors 'self'",
            "cross-origin-opener-policy: same-origin",
        ] {
            assert!(own.contains(field), "{path}: {field}: {own}");
        }
    }
    assert!(
        get(&address, "/search/d-0.js", "").contains("hunter2"),
        "the file is the one that a script would read"
    );
    let frame = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n";
    assert!(get(&address, "/a.html", frame).starts_with("HTTP/1.1 403"));
    let link = frame.replace("iframe", "document");
    assert!(get(&address, "/a.html", &link).starts_with("HTTP/1.1 200"), "a link may lead here");
}

#[test]
fn strange_requests_are_refused_and_long_ones_cut_off() {
    let book = book("preview-strange");
    let (_server, address) = preview(&book);
    let lines = |fields: &str| ask(&address, &format!("GET / HTTP/1.1\r\n{fields}Connection: close\r\n\r\n"));
    assert!(lines(&format!("Host: {address}\r\nHost: {address}\r\n")).starts_with("HTTP/1.1 400"));
    assert!(lines(&format!("Host: {address}\r\nHost: evil.example\r\n")).starts_with("HTTP/1.1 400"));
    assert!(lines("").starts_with("HTTP/1.1 400"));
    let absolute =
        format!("GET http://evil.example/ HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    assert!(ask(&address, &absolute).starts_with("HTTP/1.1 403"));
    let large = format!("Host: {address}\r\nX: {}\r\n", "x".repeat(200_000));
    assert!(!lines(&large).starts_with("HTTP/1.1 200"), "a head of 200 kB is too large");
    let many = format!("Host: {address}\r\n{}", "X: y\r\n".repeat(1_000));
    assert!(lines(&many).starts_with("HTTP/1.1 431"));
}

#[test]
fn a_client_that_does_not_finish_its_request_is_hung_up_on() {
    let book = book("preview-slow");
    let (_server, address) = preview(&book);
    let begin = Instant::now();
    let silent = |begun: String| {
        let address = address.clone();
        std::thread::spawn(move || {
            let answer = ask(&address, &begun);
            (answer, begin.elapsed())
        })
    };
    let body = format!(
        "POST /__preview/open HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{{"
    );
    let head = format!("GET / HTTP/1.1\r\nHost: {address}\r\n");
    for waiting in [silent(head), silent(body), silent(String::new())] {
        let (answer, after) = waiting.join().unwrap();
        assert!(after < Duration::from_secs(25), "{after:?}: {answer}");
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    // One byte now and then is no request, either.
    let mut stream = TcpStream::connect(&address).unwrap();
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(25) && stream.write_all(b"G").is_ok() {
        std::thread::sleep(Duration::from_millis(500));
    }
    assert!(begin.elapsed() < Duration::from_secs(25), "the connection stays open as long as it drips");
    assert!(get(&address, "/", "").starts_with("HTTP/1.1 200"), "others are answered all the time");
}
