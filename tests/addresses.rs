//! Addresses that would run a script: a book that holds one in every place where one can stand is built, and every
//! attribute of every page is read as a browser would read it.

use crate::cli::{Scratch, err, out};
use html5gum::{DefaultEmitter, Token, Tokenizer};
use std::path::{Path, PathBuf};

/// How strangers hide the scheme from who looks for it.
const HIDDEN: &[&str] = &[
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\tscript:alert(1)",
    "\u{1}javascript:alert(1)",
    "vbscript:msgbox",
    "data:text/html,x",
];

/// The scheme that a browser finds (URL Standard, §4.4): its own reading, not the product's.
fn scheme(address: &str) -> String {
    let kept: String =
        address.trim_matches(|c: char| c <= ' ').chars().filter(|c| !"\t\n\r".contains(*c)).collect();
    kept.split_once(':').map_or(String::new(), |(scheme, _)| scheme.to_ascii_lowercase())
}

fn runs(element: &str, address: &str) -> bool {
    let scheme = scheme(address);
    let picture = matches!(element, "img" | "source" | "link") && scheme == "data";
    ["javascript", "vbscript", "data"].contains(&scheme.as_str()) && !picture
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

/// Every attribute of every page below a folder that a click or a load would run.
fn running(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    files(folder, &mut all);
    let mut found = Vec::new();
    for file in all.iter().filter(|file| file.extension().is_some_and(|ext| ext == "html" || ext == "svg")) {
        let html = std::fs::read_to_string(file).unwrap();
        for token in Tokenizer::new_with_emitter(&html, DefaultEmitter::<()>::new_with_span()).flatten() {
            let Token::StartTag(tag) = token else { continue };
            let name = String::from_utf8_lossy(&tag.name).into_owned();
            for (attribute, value) in &tag.attributes {
                let value = String::from_utf8_lossy(value).into_owned();
                let refresh = value.split_once("URL=").map_or("", |(_, address)| address);
                if runs(&name, &value) || runs(&name, refresh) {
                    let attribute = String::from_utf8_lossy(attribute);
                    found.push(format!("{}: <{name} {attribute}={value:?}>", file.display()));
                }
            }
        }
    }
    found
}

/// A JSON string, which TOML and YAML read as well.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn page() -> String {
    let mut out = String::from("# Links\n\n");
    for (at, address) in HIDDEN.iter().enumerate() {
        let encoded: String = address.chars().map(|c| format!("&#{};", u32::from(c))).collect();
        out += &format!(
            "[a](<{address}>) ![i](<{address}>) [r][r{at}] <a href=\"{encoded}\">h</a> <a href='{address}'>h</a>\n\
             <form action=\"{address}\"><button formaction=\"{address}\">b</button></form>\n\
             <svg><a xlink:href=\"{address}\"><text>t</text></a></svg> <img src=\"{address}\" alt=\"\"> \
             <iframe src=\"{address}\"></iframe> <object data=\"{address}\"></object> <embed src=\"{address}\">\n\n[r{at}]: <{address}>\n\n\
             ```dot\ndigraph {{ a [URL=\"{address}\"]; a -> b [href=\"{address}\"] }}\n```\n\n\
             ```mermaid\nflowchart LR\n  a --> b\n  click a \"{address}\"\n```\n\n"
        );
    }
    out + "<javascript:alert(1)> [up](./javascript:alert(1)) [page](<./javascript:alert(2).md>) [script](javascript:alert(2).md)\n"
}

fn book(name: &str) -> Scratch {
    let redirects: String = HIDDEN
        .iter()
        .enumerate()
        .map(|(at, address)| {
            format!(
                "\"/old-{at}.html\" = {}\n\"/links.html#old-{at}\" = {}\n",
                quoted(address),
                quoted(address)
            )
        })
        .collect();
    let book = format!(
        "[book]\ntitle = \"T\"\n[output.html]\ngit-repository-url = {first}\nedit-url-template = \"{{path}}\"\nsite-url = {first}\n\
         additional-js = [\"data:text/javascript,alert(1)\"]\n[output.html.redirect]\n{redirects}[site]\naddress = {first}\nimage = \"javascript://x\"\n\
         [openapi.shop]\nsources = [{{ file = \"source.json\" }}]\ndocument = \"api.json\"\n",
        first = quoted(HIDDEN[1]),
    );
    let url = HIDDEN[1];
    let document = serde_json::json!({
        "openapi": "3.1.0",
        "info": { "title": "Shop", "version": "1", "description": format!("[d]({url}) <a href=\"{url}\">h</a>"), "termsOfService": url, "contact": { "name": "c", "url": url }, "license": { "name": "l", "url": url } },
        "externalDocs": { "url": url }, "servers": [{ "url": url }],
        "components": { "securitySchemes": { "o": { "type": "openIdConnect", "openIdConnectUrl": url } } },
        "paths": { "/a": { "get": { "operationId": "a", "description": format!("![i]({url})"), "responses": { "200": { "description": "x", "content": { "application/json": { "example": { "url": url } } } } } } } },
    });
    Scratch::new(name)
        .with("book.toml", book)
        .with("source.json", document.to_string())
        .with("src/SUMMARY.md", "# Summary\n\n- [Links](links.md)\n- [Named](<javascript:alert(2).md>)\n- [Deep](deep/links.md)\n- [Gone](javascript:alert(3))\n- [Data](<data:text/html,x.md>)\n")
        .with("src/links.md", page())
        .with("src/deep/links.md", page().replace("./javascript", "../javascript"))
        .with("src/javascript:alert(2).md", "---\nkind: runbook\nsymptoms: [\"It burns\"]\n---\n# Named\n")
        .with("src/data:text/html,x.md", "# Data\n\n[named](<../../javascript:alert(2).md>)\n")
}

#[test]
fn no_page_holds_an_address_that_runs_a_script_wherever_it_was_written() {
    let book = book("addresses-built");
    let built = book.run(&["build", "-d", "out"]);
    assert!(book.0.join("out/links.html").exists(), "{}", err(&built));
    let found = running(&book.0.join("out"));
    assert!(found.is_empty(), "{}", found.join("\n"));
    // Text stays; it is the address that goes.
    assert!(book.read("out/links.html").contains(">a</a>"), "the words of links stay");
    for name in ["out/links.md", "out/llms-full.txt", "out/llms.txt"] {
        let text = book.read(name);
        let left = oathbook::markdown::unsafe_addresses(&text);
        assert!(left.is_empty(), "{name}: {left:?}");
    }
    assert!(!book.0.join("out/old-0.html").exists(), "a redirect that would run a script is not made");
}

#[test]
fn every_such_address_is_a_finding_at_its_place() {
    let book = book("addresses-found");
    let checked = book.run(&["check", "--format", "json"]);
    let findings: Vec<serde_json::Value> =
        out(&checked).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |code: &str, file: &str| {
        findings.iter().filter(|one| one["code"] == code && one["file"] == file).count()
    };
    // Eleven addresses of each way to hide one (a picture in `data:` is none), and the three beside them.
    let all = count("unsafe-address", "src/links.md");
    assert!(all >= HIDDEN.len() * 9, "{all}");
    assert_eq!(all, count("unsafe-address", "src/deep/links.md"));
    // Two redirects each; five more keys.
    assert_eq!(count("unsafe-address", "book.toml"), HIDDEN.len() * 2 + 5);
    // Terms, contact, licence, documentation, server, OpenID, and two descriptions; the example is a value.
    assert_eq!(count("unsafe-address", "source.json"), 8);
    // Each node and edge of each picture.
    assert_eq!(count("diagram-refused", "src/links.md"), HIDDEN.len() * 3, "{findings:?}");
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        findings
            .iter()
            .filter(|one| one["code"] == "unsafe-address")
            .all(|one| one["severity"] == "error" && one["help"].is_string())
    );
}
