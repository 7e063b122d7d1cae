//! Blocks of Rust as programs: one Cargo project for all of them, so that a few compilations do.
//!
//! As rustdoc does since the edition of 2024, blocks become modules of one program; what does not compile as a module (it
//! names `crate::`, has attributes of a whole crate, or is wrong) becomes a program of its own. A block keeps the numbers
//! of its lines, so that the compiler's places are the page's.

use crate::base::RelPath;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// A block of Rust as it is compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The source; each line is the block's line of that number.
    pub source: String,
    /// Whether it cannot be a module among others.
    pub alone: bool,
    /// Whether it must not compile, and with which error.
    pub fails: Option<Option<String>>,
    /// Whether it is only compiled.
    pub no_run: bool,
    /// Whether it must panic.
    pub panics: bool,
    /// Its edition.
    pub edition: String,
}

/// The end of a module's file: how its `main` is called.
const RUN: &str = include_str!("run.in");
/// The program of all modules.
const MAIN: &str = include_str!("main.in");

const EDITIONS: &[&str] = &["2015", "2018", "2021", "2024"];

/// Reads a block; `edition` is what holds where it names none.
pub fn program(text: &str, words: &[String], edition: &str) -> Program {
    let shown = unhidden(text);
    let has = |word: &str| words.iter().any(|known| known == word);
    let named = words.iter().find_map(|word| word.strip_prefix("edition"));
    let edition = named.filter(|named| EDITIONS.contains(named)).unwrap_or(edition).to_owned();
    let code = |word: &&String| word.len() == 5 && word.starts_with('E') && word[1..].parse::<u16>().is_ok();
    let fails = has("compile_fail").then(|| words.iter().find(code).cloned());
    let main = has_main(&shown);
    let source = if main { shown.clone() } else { wrapped(&shown) };
    let whole = ["#![feature", "#![no_std]", "#![no_main]", "#![no_implicit_prelude]"];
    let own_crate = [
        "crate::",
        "$crate",
        "#[macro_export]",
        "macro_use",
        "extern crate",
        "global_allocator",
        "no_mangle",
    ];
    let alone =
        whole.iter().chain(&own_crate).any(|word| shown.contains(word)) || syn::parse_file(&source).is_err();
    let panics = has("should_panic");
    Program { source, alone, fails, no_run: has("no_run"), panics, edition }
}

/// The text with mdBook's and rustdoc's hidden lines shown.
fn unhidden(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let bare = line.trim_start();
        let rest = match bare.strip_prefix('#') {
            Some("") => "",
            Some(rest) if rest.starts_with(' ') => &rest[1..],
            Some(rest) if rest.starts_with('#') => rest,
            _ => bare,
        };
        out.push_str(&line[..line.len() - bare.len()]);
        out.push_str(rest);
        out.push('\n');
    }
    out
}

fn has_main(text: &str) -> bool {
    if !text.contains("fn main") && !text.contains("quick_main!") {
        return false;
    }
    match syn::parse_file(text) {
        Ok(file) => file.items.iter().any(|item| match item {
            syn::Item::Fn(function) => function.sig.ident == "main",
            syn::Item::Macro(_) => text.contains("quick_main!"),
            _ => false,
        }),
        Err(_) => true,
    }
}

/// Statements within `fn main`, behind attributes of the whole; no line moves.
fn wrapped(text: &str) -> String {
    let is_head = |line: &str| {
        let bare = line.trim();
        bare.is_empty() || bare.starts_with("#![") || bare.starts_with("//")
    };
    let mut at = 0;
    for line in text.split_inclusive('\n').take_while(|line| is_head(line)) {
        at += line.len();
    }
    let (head, body) = text.split_at(at);
    // rustdoc's way to use `?`: the last line says which error.
    let tries = body.trim_end().ends_with("(())");
    if tries {
        let open = "fn main() { fn inner() -> ::core::result::Result<(), impl ::core::fmt::Debug> { ";
        format!("{head}{open}{body}}} inner().unwrap() }}\n")
    } else {
        format!("{head}fn main() {{ {body}}}\n")
    }
}

/// Where a program stands in the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A module of its edition's program.
    Module,
    /// A program of its own.
    Binary,
    /// One that must not compile.
    Failing,
}

/// A dependency table for all samples: the workspace's libraries by path, and what they depend on.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    /// By the name that code uses.
    pub lines: BTreeMap<String, String>,
    /// The folders of the workspace's packages, from the workspace's root on disk.
    pub packages: Vec<String>,
    /// The folder for what is built.
    pub target: String,
    /// The workspace's root.
    pub root: String,
    /// The edition of the first package.
    pub edition: Option<String>,
    /// Whether the workspace has programs.
    pub has_programs: bool,
}

impl Dependencies {
    /// Adds what `samples.dependencies` names: a version, or a table as in Cargo's manifest.
    pub fn add(&mut self, name: &str, value: &str) {
        let value = if value.trim_start().starts_with('{') { value.to_owned() } else { quoted(value) };
        self.lines.insert(name.to_owned(), format!("{name} = {value}"));
    }
}

/// Reads `cargo metadata --no-deps`.
pub fn dependencies(metadata: &serde_json::Value) -> Option<Dependencies> {
    let text = |value: &serde_json::Value, key: &str| value.get(key)?.as_str().map(str::to_owned);
    let list = |value: &serde_json::Value, key: &str| -> Vec<serde_json::Value> {
        value.get(key).and_then(|list| list.as_array()).cloned().unwrap_or_default()
    };
    let mut out = Dependencies {
        target: text(metadata, "target_directory")?,
        root: text(metadata, "workspace_root")?,
        ..Dependencies::default()
    };
    let packages = list(metadata, "packages");
    let kinds = |package: &serde_json::Value| -> BTreeSet<String> {
        let targets = list(package, "targets");
        targets
            .iter()
            .flat_map(|target| list(target, "kind"))
            .filter_map(|k| Some(k.as_str()?.to_owned()))
            .collect()
    };
    for package in &packages {
        let kinds = kinds(package);
        out.edition = out.edition.or_else(|| text(package, "edition"));
        out.has_programs |= kinds.contains("bin");
        let folder = text(package, "manifest_path")?
            .trim_end_matches("Cargo.toml")
            .trim_end_matches(['/', '\\'])
            .to_owned();
        out.packages.push(folder.clone());
        if ["lib", "rlib", "proc-macro"].iter().any(|kind| kinds.contains(*kind)) {
            let name = text(package, "name")?;
            out.lines.insert(name.clone(), format!("{name} = {{ path = {} }}", quoted(&folder)));
        }
    }
    // The workspace's own come first; of two versions of one name the first package's is taken.
    for dependency in packages.iter().flat_map(|package| list(package, "dependencies")) {
        let usable = dependency.get("optional").and_then(serde_json::Value::as_bool) != Some(true)
            && dependency.get("target").is_none_or(serde_json::Value::is_null)
            && text(&dependency, "kind").is_none_or(|kind| kind != "build");
        let Some(name) = text(&dependency, "name").filter(|_| usable) else { continue };
        let key = text(&dependency, "rename").unwrap_or_else(|| name.clone());
        if !out.lines.contains_key(&key) {
            out.lines.insert(key.clone(), line(&key, &name, &dependency));
        }
    }
    Some(out)
}

/// One line of the table.
fn line(key: &str, name: &str, dependency: &serde_json::Value) -> String {
    let text = |field: &str| dependency.get(field).and_then(|value| value.as_str());
    let mut parts = Vec::new();
    match (text("path"), text("source").and_then(|source| source.strip_prefix("git+"))) {
        (Some(path), _) => parts.push(format!("path = {}", quoted(path))),
        (None, Some(git)) => {
            let (address, query) = git.split('#').next().unwrap_or(git).split_once('?').unwrap_or((git, ""));
            parts.push(format!("git = {}", quoted(address)));
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let known = pairs.filter(|(key, _)| ["branch", "tag", "rev"].contains(key));
            parts.extend(known.map(|(key, value)| format!("{key} = {}", quoted(value))));
        }
        (None, None) => parts.push(format!("version = {}", quoted(text("req").unwrap_or("*")))),
    }
    if key != name {
        parts.push(format!("package = {}", quoted(name)));
    }
    if dependency.get("uses_default_features").and_then(serde_json::Value::as_bool) == Some(false) {
        parts.push("default-features = false".into());
    }
    let features = dependency.get("features").and_then(|list| list.as_array()).cloned().unwrap_or_default();
    let features: Vec<String> = features.iter().filter_map(|feature| feature.as_str().map(quoted)).collect();
    if !features.is_empty() {
        parts.push(format!("features = [{}]", features.join(", ")));
    }
    format!("{key} = {{ {} }}", parts.join(", "))
}

/// A string of TOML; its escapes are those of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The name of a program's target and file.
pub fn name(number: usize) -> String {
    format!("sample_{number:04}")
}

/// The number in such a name, wherever in a path it stands.
pub fn number_of(path: &str) -> Option<usize> {
    let at = path.rfind("sample_")? + "sample_".len();
    path.get(at..)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The package of an edition's modules and programs, or of those that must not compile.
pub fn package(edition: &str, form: Form) -> String {
    let sort = if form == Form::Failing { "failing" } else { "samples" };
    format!("oathbook-{sort}-{edition}")
}

/// Every file of the project, from its folder.
pub fn project(
    programs: &[(usize, &Program, Form)],
    dependencies: &Dependencies,
) -> BTreeMap<RelPath, String> {
    let mut files = BTreeMap::new();
    let mut put = |path: String, text: String| {
        if let Ok(path) = RelPath::parse(&path) {
            files.insert(path, text);
        }
    };
    let mut members = BTreeMap::<String, (String, Vec<usize>)>::new();
    for (number, program, form) in programs {
        let package = package(&program.edition, *form);
        let member = members.entry(package.clone()).or_insert_with(|| (program.edition.clone(), Vec::new()));
        let name = name(*number);
        let quiet = "#![allow(warnings)] ";
        match form {
            Form::Module => {
                member.1.push(*number);
                put(format!("{package}/src/{name}.rs"), format!("{quiet}{}{RUN}", program.source));
            }
            Form::Binary | Form::Failing => {
                put(format!("{package}/src/bin/{name}.rs"), format!("{quiet}{}", program.source));
            }
        }
    }
    let names: Vec<String> = members.keys().map(|name| quoted(name)).collect();
    let workspace = format!("[workspace]\nresolver = \"2\"\nmembers = [{}]\n\n", names.join(", "));
    put("Cargo.toml".into(), workspace);
    for (package, (edition, modules)) in &members {
        let mut manifest = format!(
            "[package]\nname = {}\nversion = \"0.0.0\"\nedition = {}\npublish = false\nautotests = false\n\n[dependencies]\n",
            quoted(package),
            quoted(edition)
        );
        for line in dependencies.lines.values() {
            manifest.push_str(line);
            manifest.push('\n');
        }
        put(format!("{package}/Cargo.toml"), manifest);
        let mut declared = String::new();
        let mut arms = String::new();
        for name in modules.iter().map(|module| name(*module)) {
            // Writing to a string cannot fail.
            let _ = writeln!(declared, "mod {name};");
            let _ = writeln!(arms, "        Some({}) => {name}::run_sample(),", quoted(&name));
        }
        let main = MAIN.replace("MODULES\n", &declared).replace("ARMS\n", &arms);
        if !package.contains("failing") {
            put(format!("{package}/src/main.rs"), main);
        }
    }
    files
}

/// What the compiler said of one program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The line, from 0.
    pub line: usize,
    /// The first error.
    pub message: String,
    /// Codes of all errors.
    pub codes: Vec<String>,
}

/// What a build said, from Cargo's JSON messages.
#[derive(Clone, Debug, Default)]
pub struct Build {
    /// Errors by program.
    pub errors: BTreeMap<usize, Said>,
    /// Errors that belong to no sample: the workspace itself does not compile.
    pub foreign: Vec<String>,
    /// Executables by the name of their target.
    pub executables: BTreeMap<String, String>,
}

/// Reads the messages of `cargo build --message-format=json`.
pub fn messages(output: &str) -> Build {
    let mut out = Build::default();
    for line in output.lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let target = &message["target"];
        match message["reason"].as_str() {
            Some("compiler-artifact") => {
                if let (Some(name), Some(path)) = (target["name"].as_str(), message["executable"].as_str()) {
                    out.executables.insert(name.to_owned(), path.to_owned());
                }
            }
            Some("compiler-message") if message["message"]["level"] == "error" => {
                error(&message["message"], target["name"].as_str().unwrap_or(""), &mut out);
            }
            _ => {}
        }
    }
    out
}

fn error(message: &serde_json::Value, target: &str, out: &mut Build) {
    let words = message["message"].as_str().unwrap_or("");
    if words.starts_with("aborting due to") {
        return;
    }
    let code = message["code"]["code"].as_str().unwrap_or("");
    let place = place(&message["spans"]);
    let Some((number, line)) = place.or_else(|| Some((number_of(target)?, 1))) else {
        out.foreign.push(message["rendered"].as_str().unwrap_or(words).trim_end().to_owned());
        return;
    };
    let said = out.errors.entry(number).or_insert_with(|| Said {
        line: line.saturating_sub(1),
        message: if code.is_empty() { format!("error: {words}") } else { format!("error[{code}]: {words}") },
        codes: Vec::new(),
    });
    if !code.is_empty() {
        said.codes.push(code.to_owned());
    }
}

/// The program and line of a message: its first place in a file of ours, through expansions of macros.
fn place(spans: &serde_json::Value) -> Option<(usize, usize)> {
    let spans = spans.as_array()?;
    let mut ordered: Vec<&serde_json::Value> = spans.iter().collect();
    ordered.sort_by_key(|span| span["is_primary"] != true);
    for first in ordered {
        let mut span = first;
        for _ in 0..20 {
            if let Some(number) = span["file_name"].as_str().and_then(number_of) {
                let line = span["line_start"].as_u64().and_then(|line| usize::try_from(line).ok());
                return Some((number, line.unwrap_or(1)));
            }
            span = &span["expansion"]["span"];
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn blocks_become_programs_and_no_line_moves() {
        let made = program("# use std::fs;\n#![allow(x)]\nlet a = 1;\n", &[], "2021");
        assert_eq!(made.source.lines().nth(2), Some("let a = 1;"));
        let made = program("#![allow(unused)]\n\nlet a = 1;\n# let b = 2;\n## [x]\n", &[], "2021");
        assert_eq!(made.source, "#![allow(unused)]\n\nfn main() { let a = 1;\nlet b = 2;\n# [x]\n}\n");
        assert!(made.alone, "it does not parse");
        let made = program("fn main() {}\n", &words("no_run,edition2018,should_panic"), "2021");
        assert_eq!((made.source.as_str(), made.alone), ("fn main() {}\n", false));
        assert_eq!((made.no_run, made.panics, made.edition.as_str()), (true, true, "2018"));
        let made =
            program("let x: u8 = \"1\".parse()?;\nOk::<(), std::num::ParseIntError>(())\n", &[], "2021");
        assert!(
            made.source.starts_with("fn main() { fn inner()") && made.source.contains("inner().unwrap()")
        );
        let made = program("let x = y;", &words("compile_fail,E0425"), "2021");
        assert_eq!(made.fails, Some(Some("E0425".into())));
        assert!(program("use crate::a;", &[], "2021").alone);
    }

    #[test]
    fn places_are_found_through_macros() {
        let message = r#"{"reason":"compiler-message","target":{"name":"x"},"message":{"level":"error","message":"no","code":{"code":"E0001"},
            "spans":[{"is_primary":true,"file_name":"/lib/macros.rs","line_start":9,"expansion":{"span":{"file_name":"a/src/sample_0012.rs","line_start":4}}}]}}"#;
        let build = messages(&message.replace('\n', ""));
        let said = Said { line: 3, message: "error[E0001]: no".into(), codes: vec!["E0001".into()] };
        assert_eq!(build.errors, BTreeMap::from([(12, said)]));
    }

    #[test]
    fn dependencies_are_the_workspaces_own() {
        let metadata = serde_json::json!({
            "target_directory": "/w/target", "workspace_root": "/w",
            "packages": [{
                "name": "a", "edition": "2021", "manifest_path": "/w/a/Cargo.toml", "targets": [{"kind": ["lib"]}],
                "dependencies": [
                    {"name": "serde", "req": "^1", "features": ["derive"], "uses_default_features": false},
                    {"name": "b", "rename": "bee", "source": "git+https://h/b?rev=1#2", "kind": "dev"},
                    {"name": "cc", "kind": "build", "req": "*"}, {"name": "o", "optional": true, "req": "*"},
                ],
            }],
        });
        let found = dependencies(&metadata).unwrap();
        let lines: Vec<&str> = found.lines.values().map(String::as_str).collect();
        let expected = [
            r#"a = { path = "/w/a" }"#,
            r#"bee = { git = "https://h/b", rev = "1", package = "b" }"#,
            r#"serde = { version = "^1", default-features = false, features = ["derive"] }"#,
        ];
        assert_eq!(lines, expected);
    }
}
