//! The real program: exit codes, messages, and what it does to the disk when things go wrong.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A folder of its own for one test, removed at the end.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("oathbook-test-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub fn with_changed(&self, name: &str, content: &str) {
        std::fs::write(self.0.join(name), content).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        program(&self.0, arguments).output().unwrap()
    }

    /// What git says; its own settings and the user's are left out.
    pub fn git(&self, arguments: &[&str]) -> String {
        let who = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
        let done = Command::new("git").args(who).args(arguments).current_dir(&self.0).output().unwrap();
        assert!(done.status.success(), "git {arguments:?}: {}", err(&done));
        out(&done)
    }

    /// Commits everything.
    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-qm", message]);
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oathbook"));
    command.args(arguments).current_dir(folder).env_remove("NO_COLOR").stdin(Stdio::null());
    command
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn book(name: &str) -> Scratch {
    Scratch::new(name)
        .with("book.toml", "[book]\ntitle = \"T\"\n")
        .with("src/SUMMARY.md", "# Summary\n\n- [A](a.md)\n- [B](sub/README.md)\n")
        .with("src/a.md", "# A\n\n[b](sub/README.md)\n")
        .with("src/sub/README.md", "# B\n\n[a](../a.md#a)\n")
}

#[test]
fn a_clean_book_builds_with_exit_0_and_links_to_readmes_work() {
    let book = book("clean");
    let built = book.run(&["build", "-d", "out"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    assert!(book.read("out/a.html").contains("href=\"sub/index.html\""));
    assert!(
        book.read("out/index.html").contains("href=\"sub/index.html\""),
        "the copy at index.html links as well"
    );
    assert!(book.0.join("out/.oathbook.json").exists());
}

#[test]
fn a_finding_is_printed_at_its_line_and_exits_1_and_build_writes_all_the_same() {
    let book = book("finding").with("src/a.md", "# A\n\nsee [gone](gone.md)\n");
    let checked = book.run(&["check"]);
    assert_eq!(checked.status.code(), Some(1));
    let text = out(&checked);
    assert!(text.contains("error[page-link]: there is no page `src/gone.md`"), "{text}");
    assert!(text.contains("--> src/a.md:3:12"), "{text}");
    assert!(text.contains("3 | see [gone](gone.md)"), "{text}");
    assert!(err(&checked).contains("1 error in 2 pages"), "{}", err(&checked));
    assert_eq!(book.run(&["build", "-d", "out"]).status.code(), Some(1));
    assert!(book.0.join("out/a.html").exists());
    assert_eq!(book.run(&["build", "--strict", "-d", "strict"]).status.code(), Some(1));
    assert!(!book.0.join("strict").exists());
}

#[test]
fn usage_and_configuration_mistakes_exit_2_and_machine_trouble_4() {
    let book = book("usage").with("book.toml", "[checks]\npage-lnik = \"off\"\n");
    let checked = book.run(&["check"]);
    assert_eq!(checked.status.code(), Some(2), "{}", out(&checked));
    assert!(out(&checked).contains("did you mean `page-link`?"));
    assert_eq!(book.run(&["chekc"]).status.code(), Some(2));
    assert_eq!(book.run(&["explain", "nothing"]).status.code(), Some(2));
    assert_eq!(book.run(&["check", "no-such-folder"]).status.code(), Some(4));
    assert_eq!(Scratch::new("empty").run(&["build"]).status.code(), Some(2));
}

#[test]
fn machine_forms_are_well_formed() {
    let book = book("forms").with("src/a.md", "# A\n\n[x](gone.md) <i>&\n");
    let json: serde_json::Value =
        serde_json::from_str(out(&book.run(&["check", "--format", "json"])).lines().next().unwrap()).unwrap();
    let schema: serde_json::Value = serde_json::from_str(oathbook::report::JSON_SCHEMA).unwrap();
    for key in schema["required"].as_array().unwrap() {
        assert!(json.get(key.as_str().unwrap()).is_some(), "{key} is missing");
    }
    for key in json.as_object().unwrap().keys() {
        assert!(schema["properties"].get(key).is_some(), "{key} is not in the schema");
    }
    assert_eq!((json["line"].as_u64(), json["column"].as_u64()), (Some(3), Some(5)));
    let sarif: serde_json::Value =
        serde_json::from_str(&out(&book.run(&["check", "--format", "sarif"]))).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert!(sarif["runs"][0]["results"][0].get("baselineState").is_none());
    let github = out(&book.run(&["check", "--format", "github"]));
    assert!(github.contains("::error file=src/a.md,line=3,col=5,title=page-link::"), "{github}");
    let junit = out(&book.run(&["check", "--format", "junit"]));
    assert!(junit.contains("failures=\"1\"") && junit.ends_with("</testsuites>\n"), "{junit}");
    assert!(
        out(&book.run(&["check", "--format", "markdown"]))
            .starts_with("## Documentation: 1 error, 1 warning\n")
    );
}

#[test]
fn colour_is_asked_for_and_never_forced() {
    let book = book("colour").with("src/a.md", "[x](gone.md)\n");
    assert!(!out(&book.run(&["check"])).contains('\x1b'));
    assert!(out(&book.run(&["check", "--color", "always"])).contains("\x1b[1;31m"));
}

#[test]
fn fix_applies_sure_mends_and_nothing_else() {
    let book = book("fix")
        .with("src/a.md", "# A\n\n[A title](#A_) [b](other/b2.md \"b2.md\") [x](gone.md)\n")
        .with("src/SUMMARY.md", "- [A](a.md)\n- [B](sub/README.md)\n- [B2](sub/b2.md)\n")
        .with("src/sub/b2.md", "# B2\n");
    let mended = book.run(&["check", "--fix"]);
    assert_eq!(
        book.read("src/a.md"),
        "# A\n\n[A title](#a) [b](sub/b2.md \"b2.md\") [x](gone.md)\n",
        "{}",
        out(&mended)
    );
    assert_eq!(mended.status.code(), Some(1));
}

#[test]
fn a_page_that_is_not_utf8_is_a_finding() {
    let book = book("utf8").with("src/a.md", b"# A\n\n\xff\xfe\n");
    let checked = book.run(&["check"]);
    assert!(
        out(&checked)
            .contains("error[unreadable-page]: `src/a.md` cannot be read: not UTF-8: the byte at offset 5"),
        "{}",
        out(&checked)
    );
    assert_eq!(book.run(&["build", "-d", "out"]).status.code(), Some(1));
}

#[test]
fn a_folder_with_something_else_in_it_is_never_replaced() {
    let book = book("foreign").with("precious/thesis.txt", "years of work");
    let built = book.run(&["build", "-d", "precious"]);
    assert_eq!(built.status.code(), Some(2));
    assert!(err(&built).contains("was not written by oathbook"), "{}", err(&built));
    assert_eq!(book.read("precious/thesis.txt"), "years of work");
    assert_eq!(book.run(&["clean", "-d", "precious"]).status.code(), Some(2));
    assert_eq!(book.read("precious/thesis.txt"), "years of work");
}

#[test]
fn what_did_not_change_keeps_its_file_and_what_is_gone_is_removed() {
    let book = book("again");
    book.run(&["build", "-d", "out"]);
    let modified =
        |book: &Scratch| std::fs::metadata(book.0.join("out/sub/index.html")).unwrap().modified().unwrap();
    let before = modified(&book);
    let book = book.with("src/a.md", "# A\n\n[b](sub/README.md) edited\n");
    book.run(&["build", "-d", "out"]);
    assert_eq!(modified(&book), before, "a page that did not change keeps its time stamp");
    let same = book.run(&["build", "-d", "out"]);
    assert!(err(&same).contains("(0 changed)"), "{}", err(&same));
    let book = book.with("src/SUMMARY.md", "- [A](a.md)\n");
    book.run(&["build", "-d", "out"]);
    assert!(!book.0.join("out/sub").exists(), "a page that is no longer listed leaves the site");
}

#[cfg(unix)]
#[test]
fn a_build_killed_in_the_middle_leaves_the_old_site_whole() {
    let mut book = book("killed").with("src/a.md", "# A\n").with("src/SUMMARY.md", "- [A](a.md)\n");
    book.run(&["build", "-d", "out"]);
    let mut summary = String::from("- [A](a.md)\n");
    for page in 0..3_000 {
        summary.push_str(&format!("- [P](p{page}.md)\n"));
        book = book.with(&format!("src/p{page}.md"), format!("# P{page}\n\ntext\n"));
    }
    let book = book.with("src/SUMMARY.md", summary);
    let old = book.read("out/a.html");
    for wait in [20, 60, 120, 200] {
        let mut child = program(&book.0, &["build", "-d", "out"]).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = book.read("out/a.html");
        let whole = now == old || (book.0.join("out/p2999.html").exists() && now.ends_with("</html>\n"));
        assert!(whole, "after {wait} ms the site is neither the old one nor the new one");
    }
    let done = book.run(&["build", "-d", "out"]);
    assert_eq!(done.status.code(), Some(0), "{}", err(&done));
    let left: Vec<_> = std::fs::read_dir(&book.0)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .filter(|name| name.to_string_lossy().starts_with(".out"))
        .collect();
    assert!(left.is_empty(), "nothing is left behind: {left:?}");
}

#[cfg(unix)]
#[test]
fn links_that_loop_or_leave_the_repository_are_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = Scratch::new("outside").with("secret.txt", "SECRET");
    let book = book("links")
        .with(".git/HEAD", "")
        .with("src/a.md", "# A\n\n{{#include leak.txt}}\n\n{{#include ../../../../../../etc/passwd}}\n");
    symlink(outside.0.join("secret.txt"), book.0.join("src/leak.txt")).unwrap();
    symlink(&outside.0, book.0.join("src/away")).unwrap();
    symlink(book.0.join("src"), book.0.join("src/loop")).unwrap();
    let built = book.run(&["build", "-d", "out"]);
    assert_eq!(built.status.code(), Some(1), "{}", err(&built));
    assert!(err(&built).contains("the path leads out of the repository"), "{}", err(&built));
    assert!(err(&built).contains("lies outside of the repository"), "{}", err(&built));
    assert!(!book.read("out/a.html").contains("SECRET"));
    assert!(!book.0.join("out/away").exists() && !book.0.join("out/leak.txt").exists());
}

#[test]
fn nothing_that_a_book_names_is_started() {
    let book = book("commands").with("book.toml", "[preprocessor.evil]\ncommand = \"touch started\"\n[output.html]\n[output.worse]\ncommand = \"touch started\"\n");
    let built = book.run(&["build", "-d", "out"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    assert_eq!(err(&built).matches("is not started").count(), 2);
    assert!(!book.0.join("started").exists());
}

#[test]
fn large_and_strange_pages_end_in_seconds() {
    let headings: String = (0..100_000).map(|n| format!("## Same {}\n\n", n % 7)).collect();
    let ten_megabytes = "word [link](a.md) `code` *emphasis* <b>bold</b>\n".repeat(220_000);
    let nested = format!("{}x", "> ".repeat(20_000));
    let lists = (0..3_000).map(|depth| format!("{}- x\n", " ".repeat(depth * 2))).collect::<String>();
    let book = book("large")
        .with(
            "src/SUMMARY.md",
            "- [A](a.md)\n- [H](h.md)\n- [T](t.md)\n- [N](n.md)\n- [L](l.md)\n- [C](c.md)\n",
        )
        .with("src/h.md", headings)
        .with("src/t.md", ten_megabytes)
        .with("src/n.md", nested)
        .with("src/l.md", lists)
        .with("src/c.md", "{{#include c.md}}\n{{#include d.md}}\n")
        .with("src/d.md", "{{#include c.md}}\n{{#include d.md}}\n".repeat(50));
    let begin = Instant::now();
    let checked = book.run(&["check", "-q"]);
    assert!(matches!(checked.status.code(), Some(0 | 1)), "{}", err(&checked));
    assert!(out(&checked).contains("quotes itself"));
    // Generous: a debug build on a shared machine. What is held here is that no step is quadratic.
    assert!(begin.elapsed() < Duration::from_secs(120), "{:?}", begin.elapsed());
}

#[test]
fn baselines_start_a_book_clean_and_only_shrink() {
    let book = book("baseline")
        .with("src/a.md", "# A\n\n[x](gone.md)\n")
        .with("book.toml", "[checks]\nbaseline = \"known.txt\"\n");
    assert_eq!(book.run(&["check"]).status.code(), Some(2), "the file is named and not there");
    assert_eq!(book.run(&["baseline"]).status.code(), Some(0));
    assert_eq!(book.run(&["check"]).status.code(), Some(0));
    let book = book.with("src/a.md", "# A\n\nmoved down\n\n[x](gone.md) [y](lost.md)\n");
    let checked = book.run(&["check"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(out(&checked).contains("lost.md") && !out(&checked).contains("gone.md\n"), "{}", out(&checked));
    assert_eq!(book.run(&["baseline"]).status.code(), Some(1), "a new finding is not taken in by itself");
    assert_eq!(book.read("known.txt").lines().filter(|line| !line.starts_with('#')).count(), 1);
}

#[test]
fn a_base_revision_leaves_only_what_the_change_added() {
    let book = book("base").with("src/a.md", "# A\n\n[old](gone.md)\n");
    let git = |arguments: &[&str]| {
        let done = Command::new("git")
            .args([
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.org",
                "-c",
                "init.defaultBranch=main",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .current_dir(&book.0)
            .output()
            .unwrap();
        assert!(done.status.success(), "{}", err(&done));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    let same = book.run(&["check", "--base", "HEAD"]);
    assert_eq!(same.status.code(), Some(0), "{}", out(&same));
    std::fs::write(book.0.join("src/a.md"), "# A\n\nmore\n\n[old](gone.md) [new](lost.md)\n").unwrap();
    let changed = book.run(&["check", "--base", "HEAD", "--format", "json"]);
    assert_eq!(changed.status.code(), Some(1));
    let text = out(&changed);
    assert!(
        text.lines().any(|line| line.contains("lost.md") && line.contains("\"origin\":\"change\"")),
        "{text}"
    );
    assert!(
        text.lines().any(|line| line.contains("gone.md") && line.contains("\"origin\":\"existing\"")),
        "{text}"
    );
    git(&["commit", "-qam", "two"]);
    std::fs::write(book.0.join("src/a.md"), "the work tree is not looked at").unwrap();
    let replayed = book.run(&["check", "--base", "HEAD~1", "--head", "HEAD"]);
    assert_eq!(replayed.status.code(), Some(1), "{}", out(&replayed));
    let wrong = book.run(&["check", "--base", "no-such"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(err(&wrong).contains("there is no revision `no-such`"));
}

#[test]
fn init_and_new_write_books_without_findings() {
    let scratch = Scratch::new("init");
    assert_eq!(scratch.run(&["init", "b", "--title", "A \"quoted\" title"]).status.code(), Some(0));
    for kind in oathbook::kind::ALL {
        let file = format!("b/src/{}.md", kind.name);
        assert_eq!(scratch.run(&["new", kind.name, &file]).status.code(), Some(0));
        let mut summary = scratch.read("b/src/SUMMARY.md");
        summary.push_str(&format!("- [{}]({}.md)\n", kind.name, kind.name));
        std::fs::write(scratch.0.join("b/src/SUMMARY.md"), summary).unwrap();
    }
    // A plan of recovery needs the file that declares it, which only people can write.
    let checked = scratch.run(&["check", "b", "--format", "json"]);
    let said = out(&checked);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("\"recovery-plan\"") && said.contains("book.toml has no `run.recovery`"), "{said}");
    let plan = scratch.read("b/src/recovery-plan.md").replace("kind: recovery-plan", "kind: guide");
    std::fs::write(scratch.0.join("b/src/recovery-plan.md"), plan).unwrap();
    let checked = scratch.run(&["check", "b"]);
    assert_eq!((checked.status.code(), out(&checked).as_str()), (Some(0), ""));
    assert_eq!(scratch.run(&["init", "b"]).status.code(), Some(2), "nothing is overwritten");
}

/// A program that ends with the test, also when that fails: one left behind holds the pipes of whoever runs the tests.
pub struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The preview of a book, and its host and port.
pub fn preview(book: &Scratch) -> (Running, String) {
    use std::io::{BufRead as _, BufReader};
    let mut server = Running(program(&book.0, &["serve", "-p", "0"]).stderr(Stdio::piped()).spawn().unwrap());
    let mut lines = BufReader::new(server.0.stderr.take().unwrap()).lines();
    let address = lines
        .find_map(|line| {
            let line = line.unwrap();
            Some(line.split("http://").nth(1)?.split('/').next()?.to_owned())
        })
        .unwrap();
    std::thread::spawn(move || lines.for_each(drop));
    (server, address)
}

#[test]
fn the_server_answers_pages_and_nothing_outside_of_the_site() {
    use std::io::{Read as _, Write as _};
    let book = book("serve");
    let (server, address) = preview(&book);
    let get = |path: &str| {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(get("/a.html").starts_with("HTTP/1.1 200"));
    assert!(get("/").contains("<h1 id=\"a\">"));
    for path in ["/../book.toml", "/%2e%2e/book.toml", "/src/a.md", "/no-such"] {
        assert!(get(path).starts_with("HTTP/1.1 404"), "{path}");
    }
    let mut stream = std::net::TcpStream::connect(&address).unwrap();
    write!(stream, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
    let page = get("/a.html");
    assert!(page.contains("/__preview/client.js") && page.contains("<!--block-->"), "{page}");
    assert!(get("/__preview/api/openapi.json").contains("\"/__preview/api/status\""));
    std::fs::write(book.0.join("src/a.md"), "# A\n\n[x](gone.md) edited\n").unwrap();
    let begin = Instant::now();
    while !(get("/a.html").contains("edited") && get("/__preview/api/status").contains("src/gone.md")) {
        assert!(begin.elapsed() < Duration::from_secs(20), "the edit is not shown");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::fs::remove_file(book.0.join("src/SUMMARY.md")).unwrap();
    std::fs::write(book.0.join("book.toml"), "[book\n").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(get("/a.html").contains("edited"), "the last good page stays");
    std::fs::write(book.0.join("book.toml"), "[book]\ntitle = \"Mended\"\n").unwrap();
    while !get("/a.html").contains("Mended") {
        assert!(begin.elapsed() < Duration::from_secs(40), "the mended book.toml is not seen");
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(server);
    book.run(&["build", "-d", "out"]);
    assert!(!book.read("out/a.html").contains("__preview"), "nothing of the preview is in a build");
}

#[test]
fn carriage_returns_change_neither_the_site_nor_the_lines() {
    let text = "# A\n\n{{#include part.txt:2:3}}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```rust\nfn main() {}\n# hidden\n```\n\n[x](gone.md)\n";
    let part = "one\ntwo\nthree\n";
    let plain = book("lf").with("src/a.md", text).with("src/part.txt", part);
    let other = book("crlf")
        .with("src/a.md", text.replace('\n', "\r\n"))
        .with("src/part.txt", part.replace('\n', "\r\n"));
    let (one, two) = (plain.run(&["check", "--format", "json"]), other.run(&["check", "--format", "json"]));
    assert_eq!(out(&one), out(&two));
    assert!(out(&one).contains("\"line\":14"), "{}", out(&one));
    plain.run(&["build", "-d", "out"]);
    other.run(&["build", "-d", "out"]);
    let units = |book: &Scratch| crate::units::units(&book.read("out/a.html"));
    assert_eq!(units(&plain), units(&other));
}

#[test]
fn byte_order_marks_change_neither_the_site_nor_the_places_and_stay_where_they_are() {
    let mark = |text: &str| format!("\u{feff}{text}");
    let files = [
        ("CODEOWNERS", "/src/b.md @team\n"),
        ("book.toml", "[book]\ntitle = \"T\"\n"),
        ("code.rs", "pub const ROWS: u8 = 20;\n"),
        ("src/SUMMARY.md", "# Summary\n\n- [A](a.md)\n- [B](b.md)\n"),
        (
            "src/a.md",
            "Rows: <!-- fact: code.rs#ROWS -->10<!-- /fact --> and [b](b.md).\n\n```rust\n{{#include ../code.rs}}\n```\n",
        ),
        ("src/b.md", "---\nreview-every: 1 day\n---\n# B\n\n[a](a.md)\n"),
    ];
    let plain = files.iter().fold(Scratch::new("unmarked"), |book, (name, text)| book.with(name, text));
    let marked = files.iter().fold(Scratch::new("marked"), |book, (name, text)| book.with(name, mark(text)));
    let same = |arguments: &[&str]| {
        let (a, b) = (plain.run(arguments), marked.run(arguments));
        assert_eq!((a.status.code(), out(&a), err(&a)), (b.status.code(), out(&b), err(&b)), "{arguments:?}");
    };
    same(&["check"]);
    same(&["check", "--format", "json"]);
    same(&["check", "--due"]);
    assert!(out(&marked.run(&["check", "--due"])).contains("@team"));
    for book in [&plain, &marked] {
        book.run(&["build", "-d", "out"]);
    }
    assert!(!marked.read("out/a.html").contains('\u{feff}'));
    assert_eq!(plain.read("out/a.html"), marked.read("out/a.html"));
    same(&["check", "--fix"]);
    assert!(plain.read("src/a.md").starts_with("Rows: <!-- fact: code.rs#ROWS -->20<!-- /fact -->"));
    same(&["mv", "src/b.md", "src/c.md"]);
    assert!(plain.read("src/a.md").contains("](c.md)"), "{}", plain.read("src/a.md"));
    marked.with_changed("code.rs", &mark("pub const ROWS: u8 = 30;\n"));
    plain.with_changed("code.rs", "pub const ROWS: u8 = 30;\n");
    same(&["update"]);
    for name in ["src/a.md", "src/c.md", "src/SUMMARY.md", "CODEOWNERS", "code.rs"] {
        assert_eq!(marked.read(name), mark(&plain.read(name)), "{name}");
    }
}

#[test]
fn a_book_without_a_summary_is_ordered_by_weight_and_name() {
    let scratch = Scratch::new("folders")
        .with("book.toml", "")
        .with("src/README.md", "# Start\n")
        .with("src/b.md", "# Bee\n")
        .with("src/a.md", "---\nweight: 9\ntitle: Ay\n---\n# A\n")
        .with("src/02-part/README.md", "---\nweight: 1\n---\n# Part\n")
        .with("src/02-part/x.md", "# X\n");
    let built = scratch.run(&["build", "-d", "out"]);
    assert_eq!(built.status.code(), Some(0), "{}", err(&built));
    let contents = scratch.read("out/contents.html");
    let order: Vec<usize> = [">Start<", ">Part<", ">X<", ">Ay<", ">Bee<"]
        .iter()
        .map(|title| contents.find(title).unwrap_or_else(|| panic!("{title}")))
        .collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn an_output_that_cannot_be_written_is_said_and_nothing_is_lost() {
    let book = book("readonly").with("blocked", "a file where a folder should be");
    let built = book.run(&["build", "-d", "blocked/out"]);
    assert_eq!(built.status.code(), Some(4), "{}", err(&built));
    assert!(err(&built).contains("error: cannot create"), "{}", err(&built));
    assert_eq!(book.read("blocked"), "a file where a folder should be");
    assert_eq!(book.run(&["build", "-d", "blocked"]).status.code(), Some(2));
}

#[test]
fn what_lies_in_a_submodule_that_is_not_cloned_is_not_judged() {
    let book = book("submodule")
        .with(".git/HEAD", "")
        .with(".gitmodules", "[submodule \"dep\"]\n\tpath = dep\n\turl = https://example.org/dep\n")
        .with("src/a.md", "# A\n\n{{#include ../dep/x.rs}}\n");
    std::fs::create_dir_all(book.0.join("dep")).unwrap();
    let checked = book.run(&["check", "-q"]);
    assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    assert!(
        out(&checked).contains("note[include-target]: `../dep/x.rs` is quoted from the submodule `dep`"),
        "{}",
        out(&checked)
    );
}

#[test]
fn a_moved_page_takes_its_links_along_and_leaves_a_redirect() {
    let book = book("moved")
        .with("src/SUMMARY.md", "- [A](a.md)\n- [B](b.md)\n")
        .with("src/a.md", "# A\n\nSee [b](b.md#b), [it](./b.md) and `code`.\n")
        .with("src/b.md", "# B\n\nBack to [a](a.md), [here](#b), ![p](img/p.svg).\n")
        .with("src/img/p.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    let moved = book.run(&["mv", "src/b.md", "src/deep/er/c d.md"]);
    assert_eq!(moved.status.code(), Some(0), "{}", err(&moved));
    assert_eq!(book.read("src/SUMMARY.md"), "- [A](a.md)\n- [B](deep/er/c%20d.md)\n");
    assert_eq!(
        book.read("src/a.md"),
        "# A\n\nSee [b](deep/er/c%20d.md#b), [it](deep/er/c%20d.md) and `code`.\n"
    );
    assert_eq!(
        book.read("src/deep/er/c d.md"),
        "# B\n\nBack to [a](../../a.md), [here](#b), ![p](../../img/p.svg).\n"
    );
    assert!(!book.0.join("src/b.md").exists());
    assert!(book.read("book.toml").contains("[output.html.redirect]\n\"/b.html\" = \"deep/er/c d.html\"\n"));
    let checked = book.run(&["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    assert_eq!(book.run(&["mv", "src/b.md", "src/x.md"]).status.code(), Some(2), "it is gone");
}

#[test]
fn a_history_is_replayed_without_a_book_and_without_the_work_tree() {
    let scratch = Scratch::new("replay");
    let git = |folder: &Path, arguments: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
        let done = Command::new("git").args(identity).args(arguments).current_dir(folder).output().unwrap();
        assert!(done.status.success(), "{}", err(&done));
    };
    let source = |flag: &str| {
        format!(
            "#[derive(clap::Parser)]\nstruct Cli {{\n    /// Most hits.\n    #[arg(long)]\n    {flag}: Option<u32>,\n}}\n"
        )
    };
    let write = |name: &str, text: &str| std::fs::write(scratch.0.join(name), text).unwrap();
    write("main.rs", &source("max_results"));
    write("README.md", "# Tool\n\nUse `--max-results 3`.\n");
    git(&scratch.0, &["init", "-q"]);
    git(&scratch.0, &["add", "."]);
    git(&scratch.0, &["commit", "-qm", "one"]);
    write("main.rs", &source("result_limit"));
    git(&scratch.0, &["commit", "-qam", "two"]);
    // The work tree says something else; with both sides named nobody reads it.
    write("README.md", "# Tool\n");
    let replayed = scratch.run(&["check", "--base", "HEAD^", "--head", "HEAD"]);
    assert_eq!(replayed.status.code(), Some(1), "{}", err(&replayed));
    assert!(
        out(&replayed).contains("renames the flag `--max-results` to `--result-limit`"),
        "{}",
        out(&replayed)
    );
    assert!(
        out(&replayed).contains("main.rs:5:5") && out(&replayed).contains("README.md"),
        "{}",
        out(&replayed)
    );
    assert_eq!(
        scratch.run(&["check", "--base", "HEAD^"]).status.code(),
        Some(0),
        "the work tree's page is mended"
    );
    write("README.md", "# Tool\n\nUse `--max-results 3`.\n");
    let mended = scratch.run(&["check", "--base", "HEAD^", "--fix"]);
    assert_eq!(mended.status.code(), Some(0), "{}", out(&mended));
    assert_eq!(scratch.read("README.md"), "# Tool\n\nUse `--result-limit 3`.\n");
    let clone = Scratch::new("shallow");
    let url = format!("file://{}", scratch.0.display());
    git(&clone.0, &["clone", "-q", "--depth", "1", &url, "c"]);
    let shallow = clone.run(&["check", "c", "--base", "HEAD^"]);
    assert_eq!(shallow.status.code(), Some(2));
    assert!(err(&shallow).contains("git fetch --unshallow"), "{}", err(&shallow));
}
