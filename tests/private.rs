//! What is private stays private: no page quotes it, no site publishes it, and the program says why.

use crate::cli::{Scratch, err, out};

const BOOK: &str = "[book]\ntitle = \"T\"\n";

/// A repository whose book tries to read something in each way that a page has.
fn repository(name: &str, file: &str) -> Scratch {
    let page = format!(
        "# One\n\n{{{{#include ../{file}}}}}\n\n```text\n{{{{#include ../{file}:1}}}}\n```\n\n{{{{#rustdoc_include ../{file}}}}}\n\nAs <!-- fact: {file}#token -->x<!-- /fact --> says.\n\n![](../{file}#view)\n"
    );
    let book = Scratch::new(name)
        .with("book.toml", BOOK)
        .with("src/SUMMARY.md", "# Summary\n\n- [One](one.md)\n")
        .with("src/one.md", page);
    book.git(&["init", "-q", "-b", "main", "."]);
    book.commit("base");
    book
}

/// Whether any file of the site, or anything printed, holds a text.
fn is_told(book: &Scratch, text: &str) -> bool {
    let built = book.run(&["build"]);
    let printed = format!("{}{}", out(&built), err(&built));
    let walk = walkdir::WalkDir::new(book.0.join("book")).into_iter().flatten();
    let files = walk.filter(|entry| entry.file_type().is_file());
    let published = files
        .into_iter()
        .any(|entry| String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).contains(text));
    assert!(book.0.join("book/one.html").exists(), "{printed}");
    printed.contains(text) || published
}

#[test]
fn what_lies_in_git_is_never_read_into_a_page() {
    for file in [".git/config", ".GIT/config", "linked.txt", "folder/config"] {
        let book = repository("private-git", file);
        book.git(&["config", "http.extraheader", "TOKEN=SECRETTOKEN"]);
        std::os::unix::fs::symlink(".git/config", book.0.join("linked.txt")).unwrap();
        std::os::unix::fs::symlink(".git", book.0.join("folder")).unwrap();
        let toml = format!("{BOOK}[site]\nallow-files = [\"**\", \".git/config\", \"{file}\"]\n");
        std::fs::write(book.0.join("book.toml"), toml).unwrap();
        assert!(!is_told(&book, "SECRETTOKEN"), "{file}");
    }
}

#[test]
fn what_is_ignored_or_looks_like_a_secret_is_read_only_if_the_configuration_names_it() {
    for (file, why) in [
        ("local.env", "hold secrets"),
        (".env", "hold secrets"),
        ("deploy/id_ed25519", "hold secrets"),
        ("tls.key", "hold secrets"),
        ("made/help.txt", "git ignores it"),
        ("notes.txt", "git ignores it"),
    ] {
        let book = repository("private-files", file)
            .with(".gitignore", "made\nnotes.txt\n")
            .with(file, "SECRETTOKEN\ntoken = \"SECRETTOKEN\"\n");
        assert!(!is_told(&book, "SECRETTOKEN"), "{file}");
        let checked = book.run(&["check"]);
        assert!(out(&checked).contains(why), "{file}: {}", out(&checked));
        let toml = format!("{BOOK}[site]\nallow-files = [\"{file}\"]\n");
        std::fs::write(book.0.join("book.toml"), toml).unwrap();
        assert!(is_told(&book, "SECRETTOKEN"), "{file} is named and still kept");
    }
}

#[test]
fn source_code_and_secrets_are_published_only_if_a_page_links_them() {
    let book = repository("private-copies", "README.md")
        .with("README.md", "read me\n")
        .with("src/main.rs", "fn main() {}\n")
        .with("src/linked.rs", "fn linked() {}\n")
        .with("src/local.env", "TOKEN=1\n")
        .with("src/named.py", "pass\n")
        .with("src/page.js", "1\n")
        .with("src/one.md", "# One\n\n[code](linked.rs)\n");
    std::fs::write(book.0.join("book.toml"), format!("{BOOK}[site]\nallow-files = [\"src/*.py\"]\n"))
        .unwrap();
    let built = book.run(&["build"]);
    let there = |name: &str| book.0.join("book").join(name).exists();
    assert!(!there("main.rs") && !there("local.env"));
    assert!(there("linked.rs") && there("named.py") && there("page.js"));
    let said = err(&built);
    assert!(said.contains("not published: 2 files") && said.contains("`main.rs`"), "{said}");
}

#[test]
fn init_refuses_a_folder_whose_src_holds_a_program() {
    let code = Scratch::new("init-code")
        .with("src/main.rs", "fn main() {}\n")
        .with("README.md", "# R\n\n[x](gone.md)\n");
    let refused = code.run(&["init"]);
    assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
    assert!(
        err(&refused).contains("main.rs") && err(&refused).contains("oathbook init docs"),
        "{}",
        err(&refused)
    );
    assert!(!code.0.join("book.toml").exists());
    assert_eq!(code.run(&["check"]).status.code(), Some(1));
    assert_eq!(code.run(&["init", "docs"]).status.code(), Some(0));
}

#[test]
fn a_folder_without_a_page_and_a_misspelt_source_folder_are_mistakes() {
    let empty = Scratch::new("no-page");
    let done = empty.run(&["check"]);
    assert_eq!(done.status.code(), Some(2));
    assert!(err(&done).contains("there is no page"), "{}", err(&done));
    let book = Scratch::new("no-src")
        .with("book.toml", "[book]\ntitle = \"T\"\nsrc = \"scr\"\n")
        .with("src/SUMMARY.md", "# S\n\n- [A](a.md)\n")
        .with("src/a.md", "# A\n");
    for command in ["check", "build"] {
        let done = book.run(&[command]);
        assert_eq!(done.status.code(), Some(2), "{command}: {}", err(&done));
        let said = format!("{}{}", out(&done), err(&done));
        assert!(
            said.contains("the source folder `scr` does not exist") && said.contains("book.toml:3:1"),
            "{said}"
        );
    }
}
