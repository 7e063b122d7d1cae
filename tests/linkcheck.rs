//! `oathbook linkcheck` against a server of this process: no test leaves the machine.

use crate::cli::{Scratch, err, out};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Answers each request by its method and path, and remembers them. The thread ends with the process.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                std::thread::spawn(move || answer(stream, &log));
            }
        });
        Self { port, asked }
    }

    fn asked(&self, request: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|line| *line == request).count()
    }

    fn forget(&self) {
        self.asked.lock().unwrap().clear();
    }
}

fn answer(mut stream: TcpStream, log: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut first = String::new();
    let mut line = String::new();
    reader.read_line(&mut first).unwrap();
    while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
        line.clear();
    }
    let mut words = first.split_whitespace();
    let request = format!("{} {}", words.next().unwrap_or(""), words.next().unwrap_or(""));
    let times = {
        let mut log = log.lock().unwrap();
        log.push(request.clone());
        log.iter().filter(|line| **line == request).count()
    };
    let page = "<h1 id=\"top-of-it\">x</h1><a name=\"old\">y</a>";
    let (status, headers, body) = match request.as_str() {
        "HEAD /good" | "GET /good" | "GET /get-only" | "HEAD /here" => ("200 OK", "", page),
        "HEAD /get-only" => ("405 Method Not Allowed", "", ""),
        "HEAD /moved" => ("301 Moved Permanently", "Location: /here\r\n", ""),
        "HEAD /circle" => ("302 Found", "Location: circle\r\n", ""),
        "HEAD /away" => ("302 Found", "Location: file:///etc/passwd\r\n", ""),
        "HEAD /busy" if times == 1 => ("429 Too Many Requests", "Retry-After: 0\r\n", ""),
        "HEAD /later" | "GET /later" => ("429 Too Many Requests", "Retry-After: 86400\r\n", ""),
        "HEAD /flaky" | "GET /flaky" if times == 1 => ("503 Service Unavailable", "", ""),
        "HEAD /flaky" | "HEAD /busy" => ("200 OK", "", ""),
        "HEAD /secret" | "GET /secret" => ("403 Forbidden", "", ""),
        slow if slow.contains(" /slow") => {
            std::thread::sleep(Duration::from_secs(5));
            ("200 OK", "", "")
        }
        _ => ("404 Not Found", "", "gone"),
    };
    let length = body.len();
    let body = if request.starts_with("HEAD") { "" } else { body };
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    );
}

const SETTINGS: &str = "[book]\ntitle = \"T\"\n[linkcheck]\npause = 1\ntimeout = 1\nretries = 1\n";

fn book(name: &str, page: &str) -> Scratch {
    Scratch::new(name)
        .with("book.toml", SETTINGS)
        .with("src/SUMMARY.md", "# Summary\n\n- [A](a.md)\n")
        .with("src/a.md", format!("# A\n\n{page}\n"))
}

/// The record's answers by path.
fn recorded(book: &Scratch) -> BTreeMap<String, String> {
    let value = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| value[key].as_str().unwrap_or("").to_owned();
        let path = text("url").splitn(4, '/').nth(3).unwrap_or("").to_owned();
        (path, format!("{} {}", text("answer"), text("said")).trim().to_owned())
    };
    book.read(".oathbook/links.jsonl").lines().map(value).collect()
}

#[test]
fn hosts_are_asked_as_servers_really_answer() {
    let server = Server::start();
    let paths = [
        "good",
        "good#top-of-it",
        "good#old",
        "good#nowhere",
        "good#L10",
        "get-only",
        "moved",
        "circle",
        "away",
        "busy",
        "later",
        "flaky",
        "secret",
        "gone",
    ];
    let links: Vec<String> =
        paths.iter().map(|path| format!("[x](http://127.0.0.1:{}/{path})", server.port)).collect();
    let twice = format!("<http://127.0.0.1:{}/gone>", server.port);
    let book = book("linkcheck-answers", &format!("{}\n\n{twice}", links.join("\n")));
    let done = book.run(&["linkcheck", "--allow-private", "--moved"]);
    let said = err(&done);
    assert_eq!(done.status.code(), Some(0), "{said}{}", out(&done));
    let expected = [
        ("good", "good"),
        ("good#top-of-it", "good"),
        ("good#old", "good"),
        ("good#nowhere", "bad the page has no `#nowhere`"),
        ("good#L10", "good"),
        ("get-only", "good"),
        ("moved", "good"),
        ("circle", "bad it redirects in a circle"),
        ("away", "bad it redirects to `file:///etc/passwd`"),
        ("busy", "good"),
        ("later", "unknown 429 Too Many Requests"),
        ("flaky", "good"),
        ("secret", "unknown 403 Forbidden"),
        ("gone", "bad 404 Not Found"),
    ];
    let expected: BTreeMap<String, String> =
        expected.iter().map(|(path, said)| ((*path).to_owned(), (*said).to_owned())).collect();
    assert_eq!(recorded(&book), expected);
    assert!(said.contains("/moved is now http://127.0.0.1:"), "{said}");
    assert!(said.contains("14 links: 8 good, 4 bad, 2 not judged"), "{said}");
    // One page is fetched once for all its fragments, and a dead link on two places asked once.
    assert_eq!(server.asked("GET /good"), 1);
    assert_eq!(server.asked("GET /gone"), 1);

    // What was good is not asked again on the same day.
    server.forget();
    book.run(&["linkcheck", "--allow-private"]);
    assert_eq!(server.asked("GET /good"), 1, "one of its fragments failed");
    assert_eq!(server.asked("HEAD /moved") + server.asked("HEAD /busy"), 0);
}

#[test]
fn a_link_fails_after_three_days_and_not_before() {
    let server = Server::start();
    let book = book("linkcheck-days", &format!("[x](http://127.0.0.1:{}/gone)", server.port));
    let on = |day: &str| book.run(&["linkcheck", "--allow-private", "--as-of", day]);
    for day in ["2026-11-20", "2026-11-20", "2026-11-20", "2026-11-21"] {
        let done = on(day);
        assert_eq!(done.status.code(), Some(0), "{day}");
        assert!(err(&done).contains("failing, not yet a finding"), "{}", err(&done));
    }
    let done = on("2026-11-22");
    assert_eq!(done.status.code(), Some(1));
    assert!(
        out(&done).contains("has led nowhere on 3 days since 2026-11-20: 404 Not Found"),
        "{}",
        out(&done)
    );
    assert!(out(&done).contains("src/a.md:3:"), "{}", out(&done));
    // `check` reads the record, asks nobody, and only warns.
    server.forget();
    let check = book.run(&["check"]);
    assert_eq!(check.status.code(), Some(0));
    assert!(out(&check).contains("warning[external-link]"), "{}", out(&check));
    assert_eq!(server.asked.lock().unwrap().len(), 0);
}

#[test]
fn a_link_that_a_change_adds_has_to_answer_at_once() {
    let server = Server::start();
    let link = |path: &str| format!("[x](http://127.0.0.1:{}/{path})", server.port);
    let book = book("linkcheck-added", &link("old"));
    book.git(&["init", "-q", "-b", "main"]);
    book.commit("first");
    let page = format!("# A\n\n{}\n\n{}\n\n{}\n", link("old"), link("new"), link("good"));
    let book = book.with("src/a.md", page);
    let done = book.run(&["linkcheck", "--allow-private", "--base", "HEAD"]);
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
    assert!(out(&done).contains("/new` leads nowhere: 404 Not Found"), "{}", out(&done));
    assert_eq!(server.asked("HEAD /old"), 0);
    assert_eq!(server.asked("HEAD /good"), 1);
    assert!(!book.git(&["status", "--porcelain"]).contains(".oathbook"), "the record is not to be committed");
    // A name that is no revision is the user's mistake.
    assert_eq!(book.run(&["linkcheck", "--base", "nowhere"]).status.code(), Some(2));
}

#[test]
fn addresses_of_this_machine_are_never_asked_without_leave() {
    let server = Server::start();
    let port = server.port;
    let hosts = ["127.0.0.1", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "0x7f.1", "127.1"];
    let links: Vec<String> = hosts.iter().map(|host| format!("[x](http://{host}:{port}/good)")).collect();
    let book = book("linkcheck-private", &links.join("\n"));
    let done = book.run(&["linkcheck"]);
    assert_eq!(server.asked.lock().unwrap().len(), 0, "{}", err(&done));
    let answers = book.read(".oathbook/links.jsonl");
    assert!(!answers.contains("\"good\""), "{answers}");
    assert!(answers.contains("its address is not public"), "{answers}");
}

#[test]
fn a_silent_host_is_given_up_and_a_dead_network_is_not_recorded() {
    let server = Server::start();
    let links: Vec<String> =
        (0..20).map(|n| format!("[x](http://127.0.0.1:{}/slow?{n})", server.port)).collect();
    let slow = book("linkcheck-slow", &links.join("\n"));
    let begin = std::time::Instant::now();
    let done = slow.run(&["linkcheck", "--allow-private"]);
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    assert!(recorded(&slow).values().all(|said| said == "bad no answer in time"), "{}", err(&done));

    let nobody: Vec<String> = (2..6).map(|n| format!("[x](http://127.0.0.{n}:1/)")).collect();
    let dead = book("linkcheck-dead", &nobody.join("\n"));
    let done = dead.run(&["linkcheck", "--allow-private"]);
    assert_eq!(done.status.code(), Some(4), "{}", err(&done));
    assert!(err(&done).contains("none of 4 hosts answers"), "{}", err(&done));
    assert!(!dead.0.join(".oathbook").exists());
}

#[test]
fn links_are_listed_without_asking_and_patterns_leave_them_out() {
    let page = "[a](https://docs.rs/a#b) [c](//docs.rs/c) [d](https://example.com/d) [e](mailto:e@docs.rs) <https://docs.rs/private/f>";
    let book = book("linkcheck-list", page)
        .with("book.toml", "[book]\ntitle = \"T\"\n[linkcheck]\nexclude = ['^https://docs\\.rs/private/']\n");
    let done = book.run(&["linkcheck", "--list"]);
    assert_eq!(out(&done), "https://docs.rs/a#b\nhttps://docs.rs/c\n");
    let wrong = book.with("book.toml", "[linkcheck]\nexclude = ['(']\nretries = 99\nrecord = \"src/a.md\"\n");
    let done = wrong.run(&["check"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(
        out(&done).contains("`(` is no pattern") && out(&done).contains("`linkcheck.retries` is 99"),
        "{}",
        out(&done)
    );
}

#[test]
fn a_record_replaces_nothing_else() {
    let server = Server::start();
    let book = book("linkcheck-record", &format!("[x](http://127.0.0.1:{}/gone)", server.port));
    for name in ["src/a.md", ".git/config", "../outside.jsonl"] {
        let before = book.read("src/a.md");
        let book_toml = format!("{SETTINGS}record = \"{name}\"\n");
        std::fs::write(book.0.join("book.toml"), book_toml).unwrap();
        book.run(&["linkcheck", "--allow-private"]);
        assert_eq!(book.read("src/a.md"), before);
        assert!(!book.0.join(".git/config").exists() && !book.0.join("../outside.jsonl").exists());
    }
}
