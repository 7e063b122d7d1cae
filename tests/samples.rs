//! `oathbook test`: code of pages is compiled and run, and what became of it is recorded.

use crate::cli::{Scratch, err, out};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;

fn crate_with(name: &str, readme: &str) -> Scratch {
    Scratch::new(name)
        .with("Cargo.toml", "[package]\nname = \"sums\"\nversion = \"0.1.0\"\nedition = \"2021\"\n")
        .with("src/lib.rs", "pub fn add(a: u32, b: u32) -> u32 { a + b }\n#[macro_export]\nmacro_rules! sum { ($($n:expr),*) => { 0 $(+ $n)* } }\n")
        .with("src/main.rs", "fn main() { println!(\"sum {}\", sums::add(1, 2)); }\n")
        .with("README.md", readme)
}

/// The findings, as `line: message`.
fn found(output: &std::process::Output) -> Vec<String> {
    let line = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        format!("{}: {}", value["line"], value["message"].as_str().unwrap())
    };
    out(output).lines().map(line).collect()
}

const RUST: &str = r#"# Sums

```rust
use sums::add;
assert_eq!(add(1, 2), 3);
```

```rust
fn main() {
    let text: u32 = "three";
}
```

1. In a list:

   ```rust
   # use sums::add;
   let sum = add(1, 1);
   assert_eq!(sum, 3);
   ```

```rust,compile_fail,E0308
let x: u32 = "";
```

```rust,compile_fail
let x: u32 = 1;
```

```rust,should_panic
panic!("on purpose");
```

```rust,no_run
loop {}
```

```rust,ignore
not rust at all
```

```rust
mod helper { pub fn one() -> u32 { 1 } }
use crate::helper::one;
fn main() { assert_eq!(one(), sums::sum!(1)); }
```

```rust
let n: u32 = "7".parse()?;
assert_eq!(n, 7);
# Ok::<(), std::num::ParseIntError>(())
```

```rust
let x = (1 + ;
```
"#;

#[test]
fn blocks_of_rust_compile_and_run_against_the_workspace() {
    let scratch = crate_with("samples-rust", RUST);
    let done = scratch.run(&["test", "--format", "json"]);
    assert_eq!(done.status.code(), Some(1), "{}", err(&done));
    let findings = found(&done);
    let expected = [
        "10: error[E0308]: mismatched types",
        "19: this fails when it runs: assertion `left == right` failed",
        "27: this compiles, and the page says that it must not",
    ];
    assert_eq!(findings[..3], expected, "{findings:?}");
    assert!(findings[3].starts_with("55: error: "), "{findings:?}");
    assert_eq!(findings.len(), 4);

    // `check` runs nothing: it says what was proven, until the code changes.
    let check = scratch.run(&["check", "--format", "json"]);
    assert_eq!(found(&check), findings);
    let proven = |verdict: &str| {
        let claims = out(&scratch.run(&["claims", "--format", "json"]));
        let claims: Vec<serde_json::Value> = serde_json::from_str(&claims).unwrap();
        claims.iter().filter(|one| one["kind"] == "sample" && one["verdict"] == verdict).count()
    };
    assert_eq!((proven("proven"), proven("contradicted"), proven("not judged")), (6, 4, 0));
    let scratch = scratch.with("src/lib.rs", "pub fn add(a: u32, b: u32) -> u32 { b + a }\n");
    let stale = out(&scratch.run(&["claims", "--verdict", "not-judged"]));
    assert!(stale.contains("stale: the code has changed"), "{stale}");
    assert_eq!(scratch.run(&["check"]).status.code(), Some(0));
}

const SESSIONS: &str = r#"# Use

```text file title="in/numbers.txt"
1
2
```

```console run
$ sums
sum 3
$ cat in/numbers.txt | wc -l
2
$ echo "at $(date +%Y-%m-%d)"; false
at [DATE]
? 1
$ export A=1 &&
> cd in
$ echo $A; ls
1
...
```

```console run
$ echo one; echo two
one
three
```

```sh run
printf '%s\n' a b c
```

```text output
a
...
c
```

```sh run exit=3
exit 3
```

```sh
rm -rf / # never run: it is not marked
```
"#;

#[test]
fn sessions_run_where_they_are_marked_and_are_held_against_their_output() {
    let scratch = crate_with("samples-shell", SESSIONS);
    let listed = scratch.run(&["test", "--list"]);
    assert_eq!(out(&listed).lines().count(), 4, "{}", out(&listed));
    let done = scratch.run(&["test", "--only", "shell", "--format", "json"]);
    let expected = ["26: the output is another: expected `three`, got `two`"];
    assert_eq!(found(&done), expected, "{}", err(&done));
    assert!(err(&done).contains("tested 4 blocks: 3 passed, 1 failed"), "{}", err(&done));
    // Nothing is left in the repository but the record and what Cargo builds.
    scratch.git(&["init", "-q"]);
    let left = scratch.git(&["status", "--porcelain", "--ignored", "-uall"]);
    assert!(!left.contains("numbers.txt") || left.contains("target/"), "{left}");
}

#[test]
fn a_block_that_hangs_is_ended_with_all_that_it_started() {
    let page = "# A\n\n```sh run\nsleep 600 &\nsleep 600\n```\n";
    let scratch = Scratch::new("samples-hang")
        .with("book.toml", "[samples]\ntimeout = 1\n")
        .with("src/SUMMARY.md", "- [A](a.md)\n")
        .with("src/a.md", page);
    let begin = std::time::Instant::now();
    let done = scratch.run(&["test", "--format", "json"]);
    assert!(begin.elapsed().as_secs() < 30);
    assert_eq!(found(&done), ["4: it ran longer than 1 s"], "{}", err(&done));
}

/// Answers every request with what it was asked.
fn echo() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut first, mut line, mut length) = (String::new(), String::new(), 0);
            reader.read_line(&mut first).unwrap();
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let words: Vec<&str> = first.split_whitespace().collect();
            let answer = serde_json::json!({ "method": words[0], "path": words[1], "body": String::from_utf8_lossy(&body), "took": 12 });
            let text = answer.to_string();
            let _ = write!(
                stream,
                "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
                text.len()
            );
        }
    });
    port
}

#[test]
fn requests_are_sent_to_the_service_that_the_user_names() {
    let page = r#"# API

```http run
POST /v1/documents?dry=true HTTP/1.1
Content-Type: application/json

{"title": "a"}
```

```http
HTTP/1.1 201 Created
Content-Type: application/[..]

{
  "method": "POST",
  "path": "/v1/documents?dry=true",
  "body": "{\"title\": \"a\"}\n",
  "took": [NUMBER]
}
```

```http run
GET https://api.example.com/v1/other
```

```json output
{ "method": "PUT", ... }
```
"#;
    let scratch = Scratch::new("samples-http")
        .with("book.toml", "[book]\ntitle = \"T\"\n")
        .with("src/SUMMARY.md", "- [A](a.md)\n")
        .with("src/a.md", page);
    let service = format!("http://127.0.0.1:{}", echo());
    let done = scratch.run(&["test", "--service", &service, "--format", "json"]);
    let findings = found(&done);
    assert_eq!(findings.len(), 1, "{findings:?} {}", err(&done));
    assert!(findings[0].starts_with("23: expected `{ \"method\": \"PUT\", ... }`, got `{`"), "{findings:?}");
    // Without a service nothing is sent, and nothing is recorded.
    let none = scratch.run(&["test"]);
    assert_eq!(none.status.code(), Some(1), "the record holds what was found: {}", out(&none));
}
