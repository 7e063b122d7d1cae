//! Books against mdBook 0.5.4: two real books whose content is frozen, and mdBook's own test books.

mod openapi;

use crate::support::{build_dir, corpus, skip};
use crate::units::units;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[test]
fn two_real_books_have_the_content_that_mdbook_gives_them() {
    let Some(books) = corpus("books") else { return };
    for name in ["nomicon", "rbe"] {
        let text = std::fs::read_to_string(books.join(format!("{name}.units.json"))).unwrap();
        let wanted: BTreeMap<String, Vec<serde_json::Value>> = serde_json::from_str(&text).unwrap();
        let site = build_dir(&books.join(name), &[]);
        let mut wrong = Vec::new();
        for (page, wanted) in &wanted {
            let got = site.get(page).map(|html| units(html));
            if got.as_ref() != Some(wanted) {
                wrong.push(format!("{page}: {}", first_difference(wanted, &got.unwrap_or_default())));
            }
        }
        println!("{name}: {} of {} pages equal", wanted.len() - wrong.len(), wanted.len());
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

fn first_difference(wanted: &[serde_json::Value], got: &[serde_json::Value]) -> String {
    let at = wanted.iter().zip(got).position(|(a, b)| a != b).unwrap_or_else(|| wanted.len().min(got.len()));
    let show = |list: &[serde_json::Value]| {
        list.get(at).map_or_else(|| "(end)".to_owned(), std::string::ToString::to_string)
    };
    format!("unit {at}: wanted {} got {}", show(wanted), show(got))
}

/// One expectation of mdBook's test suite.
#[derive(Debug, Clone)]
struct Expectation {
    test: String,
    book: PathBuf,
    page: String,
    html: String,
    overrides: Vec<(String, String)>,
    changes: Vec<(String, String)>,
}

/// The package's source, once `cargo fetch --manifest-path tests/mdbook/Cargo.toml` has run. `cargo metadata` leaves
/// out a package without a library, so it is looked for where cargo unpacks it.
fn package() -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))?;
    let registries = std::fs::read_dir(home.join("registry/src")).ok()?;
    registries
        .flatten()
        .map(|entry| entry.path().join("mdbook-0.5.4/tests/testsuite"))
        .find(|path| path.is_dir())
}

/// Reads the calls of one test function, in order, and the expectations among them.
#[derive(Default)]
struct Reading {
    suite: PathBuf,
    test: String,
    book: Option<PathBuf>,
    overrides: Vec<(String, String)>,
    changes: Vec<(String, String)>,
    out: Vec<Expectation>,
}

fn literals(stream: TokenStream) -> Vec<String> {
    let mut out = Vec::new();
    for tree in stream {
        match tree {
            TokenTree::Literal(literal) => out.extend(text_of(&literal.to_string())),
            TokenTree::Group(group) => out.extend(literals(group.stream())),
            _ => {}
        }
    }
    out
}

/// A string literal's text; escapes that the suite uses.
fn text_of(literal: &str) -> Option<String> {
    if let Some(raw) = literal.strip_prefix('r') {
        let hashes = raw.bytes().take_while(|b| *b == b'#').count();
        return Some(raw[hashes + 1..raw.len() - hashes - 1].to_owned());
    }
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut out = String::new();
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('n')) => {
                chars.next();
                out.push('\n');
            }
            ('\\', Some('\n')) => while chars.next_if(|c| c.is_whitespace()).is_some() {},
            ('\\', Some(_)) => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    Some(out)
}

impl Reading {
    fn read(&mut self, stream: TokenStream) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        for at in 0..trees.len() {
            let next = match trees.get(at + 1) {
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                    Some(group.stream())
                }
                _ => None,
            };
            match (&trees[at], next) {
                (TokenTree::Ident(word), _) if word == "fn" => {
                    self.test = trees.get(at + 1).map(std::string::ToString::to_string).unwrap_or_default();
                    self.book = None;
                    self.overrides.clear();
                    self.changes.clear();
                }
                (TokenTree::Ident(word), Some(inner)) => self.call(&word.to_string(), inner),
                (TokenTree::Group(group), _) if group.delimiter() == Delimiter::Brace => {
                    self.read(group.stream())
                }
                _ => {}
            }
        }
    }

    fn call(&mut self, name: &str, inner: TokenStream) {
        let found = literals(inner.clone());
        match (name, found.as_slice()) {
            ("from_dir", [dir, ..]) => {
                self.book = Some(self.suite.join(dir));
                self.overrides.clear();
                self.changes.clear();
            }
            ("change_file", [path, text]) => self.changes.push((path.clone(), text.clone())),
            ("run", _) => {
                let mut pairs = found.iter().skip(1);
                while let (Some(key), Some(value)) = (pairs.next(), pairs.next()) {
                    self.overrides.push((key.clone(), value.clone()));
                }
            }
            ("check_main_file", [page, html]) => {
                let from_file = inner.to_string().contains("file !") || inner.to_string().contains("file!");
                let html = if from_file {
                    std::fs::read_to_string(self.suite.join(html)).unwrap_or_default()
                } else {
                    html.clone()
                };
                self.expect(page, html);
            }
            ("check_all_main_files", _) => {
                let Some(book) = self.book.clone() else { return };
                let mut files = Vec::new();
                list(&book.join("expected"), &mut files);
                for file in files {
                    let page = file
                        .strip_prefix(book.join("expected"))
                        .unwrap()
                        .to_string_lossy()
                        .replace('\\', "/");
                    let skipped =
                        ["index.html", "404.html", "print.html", "toc.html"].contains(&page.as_str());
                    if page.ends_with(".html") && !skipped {
                        self.expect(&format!("book/{page}"), std::fs::read_to_string(&file).unwrap());
                    }
                }
            }
            _ => {}
        }
    }

    fn expect(&mut self, page: &str, html: String) {
        let Some(book) = &self.book else { return };
        self.out.push(Expectation {
            test: self.test.clone(),
            book: book.clone(),
            page: page.trim_start_matches("book/").to_owned(),
            html,
            overrides: self.overrides.clone(),
            changes: self.changes.clone(),
        });
    }
}

fn list(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            list(&entry.path(), out);
        } else {
            out.push(entry.path());
        }
    }
    out.sort();
}

/// Pages that differ on purpose, each with its reason.
const INTENDED: &[(&str, &str)] = &[(
    "tables tables.html",
    "equal: the suite's own comparison turns every backslash into a slash, so its expectation has one where the page has a backslash",
)];

#[test]
fn mdbooks_own_test_books_have_the_content_that_it_expects() {
    let Some(suite) = package() else {
        return skip(
            "mdbook",
            "its package is not here: cargo fetch --manifest-path tests/mdbook/Cargo.toml",
        );
    };
    let mut reading = Reading { suite: suite.clone(), ..Reading::default() };
    for entry in std::fs::read_dir(&suite).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && path.file_name().is_some_and(|name| name != "book_test.rs")
        {
            reading.read(std::fs::read_to_string(&path).unwrap().parse().unwrap());
        }
    }
    let (mut wrong, mut equal, mut intended) = (Vec::new(), 0, 0);
    for wanted in reading.out.iter().filter(|wanted| wanted.changes.is_empty()) {
        let key = format!("{} {}", wanted.test, wanted.page);
        let site = build_dir(&wanted.book, &wanted.overrides);
        let got = site.get(&wanted.page).map(|html| units(html)).unwrap_or_default();
        let expected = units(&wanted.html);
        match (expected == got, INTENDED.iter().any(|(page, _)| *page == key)) {
            (true, false) => equal += 1,
            (false, true) => intended += 1,
            (true, true) => wrong.push(format!("{key}: equal, so its allowance is not needed")),
            (false, false) => wrong.push(format!("{key}: {}", first_difference(&expected, &got))),
        }
    }
    println!(
        "mdBook's test books: {equal} pages equal, {intended} different on purpose, {} wrong",
        wrong.len()
    );
    assert!(equal + intended >= 37, "only {} expectations were found in mdBook's suite", equal + intended);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
