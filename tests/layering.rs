//! The layers, as `src/lib.rs` lists them, hold: a module uses only modules of lower layers, only the shell touches the
//! machine, and a crate is used where this page says.
//!
//! Files are read as syntax, not as text: `use` trees are taken apart, `self`, `super` and renamed imports are followed, and
//! only what is compiled for tests alone is left out. Calls inside of macros are read as words, since nobody knows what a
//! macro makes of them.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Item, UseTree};

/// What only the shell and what stands above it may name, with all below it.
const MACHINE: &[&str] = &[
    "std::fs",
    "std::process",
    "std::env",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::net::ToSocketAddrs",
    "std::net::UdpSocket",
    "std::os",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::panic::set_hook",
    "std::panic::take_hook",
    "std::thread::sleep",
    "std::thread_local",
];

/// Macros that write to the process's own streams, or read its environment.
const MACROS: &[&str] = &["println", "print", "eprintln", "eprint", "dbg", "thread_local"];

/// Methods of paths that ask the disk.
const ON_DISK: &[&str] = &[
    "exists",
    "try_exists",
    "is_file",
    "is_dir",
    "is_symlink",
    "metadata",
    "symlink_metadata",
    "canonicalize",
    "read_dir",
    "read_link",
];

/// Types that make of a `static` a memory of the whole process.
const SHARED: &[&str] = &[
    "Mutex",
    "RwLock",
    "OnceLock",
    "OnceCell",
    "RefCell",
    "Cell",
    "Once",
    "LazyCell",
    "UnsafeCell",
    "Memo",
    "Cache",
];

/// Where each crate is used. A crate that is not listed is used nowhere.
const CRATES: &[(&str, &str)] = &[
    ("aho_corasick", "evidence runs"),
    ("axum", "shell"),
    ("blake3", "base"),
    ("calcard", "oncall"),
    ("clap", "cli"),
    ("clap_complete", "cli"),
    ("data_encoding", "openapi render runs"),
    ("elk_layout", "diagram"),
    ("jiff", "cli evidence incident oncall render"),
    ("promql_parser", "evidence"),
    ("foldhash", "render"),
    ("granit_parser", "evidence openapi"),
    ("harfrust", "diagram"),
    ("html5gum", "evidence fuzzing markdown"),
    ("hyper", "shell"),
    ("hyper_util", "shell"),
    ("imagesize", "pipeline"),
    ("landlock", "shell"),
    ("layout", "diagram"),
    ("libm", "capacity forecast"),
    ("notify", "shell"),
    ("proc_macro2", "openapi"),
    ("pulldown_cmark", "markdown render"),
    ("regex_lite", "config evidence openapi runs"),
    ("rustix", "shell"),
    ("sha1", "shell"),
    ("sha2", "runs"),
    ("signal_hook", "shell"),
    ("seccompiler", "shell"),
    ("serde", "diag evidence markdown preview render runs shell"),
    (
        "serde_json",
        "capacity cli code config diagram evidence incident oncall openapi render report runs shell",
    ),
    ("serde_saphyr", "markdown"),
    ("syn", "evidence openapi rust"),
    ("syntect", "highlight"),
    ("tera", "render"),
    ("tokio", "shell"),
    ("toml", "config evidence runs rust"),
    ("tree_sitter", "code"),
    ("tree_sitter_go", "code"),
    ("tree_sitter_python", "code"),
    ("tree_sitter_typescript", "code"),
    ("two_face", "highlight"),
    ("ureq", "shell"),
    ("utoipa", "openapi preview render shell"),
    ("walkdir", "shell"),
];

/// What is so today and should not be: the beginning of a file's path, and what it uses.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// `//! 3 config markdown` lines of `src/lib.rs`: module to layer.
fn layers() -> BTreeMap<String, u32> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let mut out = BTreeMap::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("//! ")) {
        let mut words = line.split_whitespace();
        let Some(Ok(layer)) = words.next().map(str::parse) else { continue };
        out.extend(words.take_while(|word| *word != "-").map(|module| (module.to_owned(), layer)));
    }
    out
}

/// Whether an item is compiled for tests alone.
pub fn only_in_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        if attribute.path().is_ident("test") {
            return true;
        }
        let Ok(list) = attribute.meta.require_list() else { return false };
        list.path.is_ident("cfg") && {
            let words: Vec<String> = list.tokens.clone().into_iter().map(|tree| tree.to_string()).collect();
            // `cfg(test)` and `cfg(all(test, …))`; what `any` and `not` say may be compiled without.
            words == ["test"]
                || (words.first().is_some_and(|word| word == "all")
                    && words.get(1).is_some_and(|rest| rest.starts_with("(test")))
        }
    })
}

/// What a file uses.
pub struct Uses {
    /// The file's module and those around the place that is read, from the crate's root.
    module: Vec<String>,
    /// Names that `use` brings in, and what they stand for.
    pub names: HashMap<String, Vec<String>>,
    /// Full paths, each from `crate` or from a crate's name, with their lines.
    pub paths: Vec<(Vec<String>, usize)>,
    /// Methods that are called.
    methods: Vec<(String, usize)>,
    /// Macros that are called.
    macros: Vec<(String, usize)>,
    /// Statics that remember something.
    statics: Vec<(String, usize)>,
}

impl Uses {
    pub fn of(module: &[String], text: &str) -> Self {
        let file = syn::parse_file(text).unwrap();
        let mut out = Self {
            module: module.to_vec(),
            names: HashMap::new(),
            paths: Vec::new(),
            methods: Vec::new(),
            macros: Vec::new(),
            statics: Vec::new(),
        };
        for item in &file.items {
            if let Item::Mod(item) = item {
                let name = item.ident.to_string();
                let full =
                    ["crate".to_owned()].into_iter().chain(module.iter().cloned()).chain([name.clone()]);
                out.names.insert(name, full.collect());
            }
        }
        // Imports hold in all of a module, before they are written as well as after.
        Names { uses: &mut out }.visit_file(&file);
        out.visit_file(&file);
        out
    }

    /// From the crate's root, or from the name of a crate.
    fn resolve(&self, segments: &[String]) -> Vec<String> {
        let mut at = self.module.clone();
        at.insert(0, "crate".to_owned());
        let mut rest = segments;
        match rest.first().map(String::as_str) {
            Some("crate") => return segments.to_vec(),
            Some("self") => rest = &rest[1..],
            Some("super") => {}
            Some(first) => {
                return match self.names.get(first) {
                    Some(full) => full.iter().chain(&rest[1..]).cloned().collect(),
                    None => segments.to_vec(),
                };
            }
            None => return Vec::new(),
        }
        while rest.first().is_some_and(|word| word == "super") {
            at.pop();
            rest = &rest[1..];
        }
        at.extend(rest.iter().cloned());
        at
    }

    fn note(&mut self, segments: &[String], line: usize) {
        let full = self.resolve(segments);
        self.paths.push((full, line));
    }

    fn tree(&mut self, tree: &UseTree, before: &[String]) {
        let with = |word: &str| before.iter().cloned().chain([word.to_owned()]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident.to_string())),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item, before)),
            UseTree::Glob(glob) => self.note(&with("*"), glob.span().start().line),
            UseTree::Name(name) if name.ident == "self" => self.note(before, name.span().start().line),
            UseTree::Name(name) => self.note(&with(&name.ident.to_string()), name.span().start().line),
            UseTree::Rename(rename) if rename.ident == "self" => {
                self.note(before, rename.span().start().line)
            }
            UseTree::Rename(rename) => {
                self.note(&with(&rename.ident.to_string()), rename.span().start().line)
            }
        }
    }

    /// Paths, methods and macros in what a macro is given.
    fn words(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let is = |at: usize, text: &str| trees.get(at).is_some_and(|tree| tree.to_string() == text);
        let mut at = 0;
        while at < trees.len() {
            match &trees[at] {
                TokenTree::Group(group) => self.words(group.stream()),
                TokenTree::Ident(first) => {
                    let line = first.span().start().line;
                    if at > 0 && is(at - 1, ".") {
                        self.methods.push((first.to_string(), line));
                    } else if is(at + 1, "!") && matches!(trees.get(at + 2), Some(TokenTree::Group(_))) {
                        self.macros.push((first.to_string(), line));
                    }
                    let mut segments = vec![first.to_string()];
                    while is(at + 1, ":")
                        && is(at + 2, ":")
                        && matches!(trees.get(at + 3), Some(TokenTree::Ident(_)))
                    {
                        segments.push(trees[at + 3].to_string());
                        at += 3;
                    }
                    if segments.len() > 1 {
                        self.note(&segments, line);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }
}

/// All words of a type.
struct Idents(Vec<String>);

impl<'a> Visit<'a> for Idents {
    fn visit_ident(&mut self, ident: &'a syn::Ident) {
        self.0.push(ident.to_string());
    }
}

/// The imports of a file, by the name that they bring in.
struct Names<'u> {
    uses: &'u mut Uses,
}

impl Names<'_> {
    fn take(&mut self, tree: &UseTree, before: &[String]) {
        let with = |word: &str| before.iter().cloned().chain([word.to_owned()]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.take(&path.tree, &with(&path.ident.to_string())),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.take(item, before)),
            UseTree::Glob(_) => {}
            UseTree::Name(name) if name.ident == "self" => {
                self.add(before.last().cloned().unwrap_or_default(), before);
            }
            UseTree::Name(name) => self.add(name.ident.to_string(), &with(&name.ident.to_string())),
            UseTree::Rename(rename) if rename.ident == "self" => self.add(rename.rename.to_string(), before),
            UseTree::Rename(rename) => self.add(rename.rename.to_string(), &with(&rename.ident.to_string())),
        }
    }

    fn add(&mut self, name: String, path: &[String]) {
        let full = self.uses.resolve(path);
        if full.first() != Some(&name) || full.len() > 1 {
            self.uses.names.insert(name, full);
        }
    }
}

impl<'a> Visit<'a> for Names<'_> {
    fn visit_item(&mut self, item: &'a Item) {
        match item {
            Item::Use(item) => self.take(&item.tree, &[]),
            Item::ExternCrate(item) => {
                if let Some((_, name)) = &item.rename {
                    self.uses.names.insert(name.to_string(), vec![item.ident.to_string()]);
                }
            }
            _ => visit::visit_item(self, item),
        }
    }
}

impl<'a> Visit<'a> for Uses {
    fn visit_item(&mut self, item: &'a Item) {
        let attributes: &[Attribute] = match item {
            Item::Const(item) => &item.attrs,
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Static(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            Item::Macro(item) => &item.attrs,
            _ => &[],
        };
        if only_in_tests(attributes) {
            return;
        }
        if let Item::Mod(item) = item {
            self.module.push(item.ident.to_string());
            visit::visit_item_mod(self, item);
            self.module.pop();
            return;
        }
        if let Item::Use(item) = item {
            return self.tree(&item.tree, &[]);
        }
        if let Item::ExternCrate(item) = item {
            return self.note(&[item.ident.to_string()], item.span().start().line);
        }
        if let Item::Static(item) = item {
            let mut types = Idents(Vec::new());
            types.visit_type(&item.ty);
            let shared =
                types.0.iter().any(|word| SHARED.contains(&word.as_str()) || word.starts_with("Atomic"));
            if shared || !matches!(item.mutability, syn::StaticMutability::None) {
                self.statics.push((item.ident.to_string(), item.span().start().line));
            }
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        if !only_in_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let line = path.span().start().line;
        // One word is a variable or what `use` brought in, not a crate.
        let full = if path.leading_colon.is_some() { segments } else { self.resolve(&segments) };
        if full.len() > 1 {
            self.paths.push((full, line));
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        self.methods.push((call.method.to_string(), call.method.span().start().line));
        visit::visit_expr_method_call(self, call);
    }

    fn visit_attribute(&mut self, attribute: &'a Attribute) {
        // `#[derive(serde::Serialize)]`
        if let syn::Meta::List(list) = &attribute.meta {
            self.words(list.tokens.clone());
        }
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        if let Some(name) = call.path.segments.last() {
            self.macros.push((name.ident.to_string(), call.span().start().line));
        }
        self.visit_path(&call.path);
        self.words(call.tokens.clone());
    }
}

/// What is wrong with a file: `path` from `src`, its text, and who stands where.
fn judge(path: &str, text: &str, layers: &BTreeMap<String, u32>) -> Vec<String> {
    let mut module: Vec<String> = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    module.pop_if(|last| last == "mod");
    let top = module[0].clone();
    let Some(own) = layers.get(&top) else { return vec![format!("{top} has no layer in src/lib.rs")] };
    let uses = Uses::of(&module, text);
    let low = *own < layers["shell"];
    let mut wrong: BTreeSet<(usize, String)> = BTreeSet::new();
    for (full, line) in &uses.paths {
        let first = full.first().map_or("", String::as_str);
        if first == "crate" {
            let other =
                full.get(1).filter(|other| **other != top).and_then(|other| layers.get_key_value(other));
            if let Some((other, layer)) = other.filter(|(_, layer)| *layer >= own) {
                wrong.insert((*line, format!("{top} (layer {own}) uses {other} (layer {layer})")));
            }
            continue;
        }
        let joined = full.join("::").replace("core::", "std::");
        // A glob brings in whatever lies below it.
        let open = joined.strip_suffix("::*");
        let machine = MACHINE.iter().find(|one| {
            joined == **one
                || joined.strip_prefix(**one).is_some_and(|rest| rest.starts_with("::"))
                || open.is_some_and(|open| one.strip_prefix(open).is_some_and(|rest| rest.starts_with("::")))
        });
        if let Some(one) = machine.filter(|_| low) {
            wrong.insert((*line, (*one).to_owned()));
        }
        // `Path::exists(path)` is the method, called otherwise.
        let method = full.len() > 1 && full.last().is_some_and(|last| ON_DISK.contains(&last.as_str()));
        if method && low && full.iter().any(|word| word == "Path" || word == "PathBuf") {
            wrong.insert((*line, format!("the disk, by `{}`", full[full.len() - 1])));
        }
        let used = CRATES.iter().any(|(name, _)| *name == first);
        if used && !CRATES.iter().any(|(name, who)| *name == first && who.split(' ').any(|who| who == top)) {
            wrong.insert((*line, format!("the crate {first}")));
        }
    }
    let lines = |list: &[(String, usize)], words: &[&str], what: &str| -> Vec<(usize, String)> {
        let found = list.iter().filter(|(name, _)| low && words.contains(&name.as_str()));
        found.map(|(name, line)| (*line, format!("{what} `{name}`"))).collect()
    };
    wrong.extend(lines(&uses.methods, ON_DISK, "the disk, by"));
    wrong.extend(lines(&uses.macros, MACROS, "the macro"));
    wrong.extend(uses.statics.iter().filter(|_| low).map(|(name, line)| (*line, format!("static {name}"))));
    let excused = |what: &str| EXCEPTIONS.iter().any(|(file, used)| path.starts_with(file) && what == *used);
    wrong
        .into_iter()
        .filter(|(_, what)| !excused(what))
        .map(|(line, what)| format!("src/{path}:{line}: {what}"))
        .collect()
}

/// Files below `src` that are modules, by their path from there.
pub fn files() -> Vec<(String, PathBuf)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let below = |file: PathBuf| (file.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/"), file);
    let all = crate::support::rust_files(&src).into_iter().map(below);
    all.filter(|(name, _)| name != "lib.rs" && name != "main.rs").collect()
}

#[test]
fn a_module_uses_only_lower_layers_and_only_the_shell_touches_the_machine() {
    let layers = layers();
    let mut wrong = Vec::new();
    for (name, file) in files() {
        wrong.extend(judge(&name, &std::fs::read_to_string(&file).unwrap(), &layers));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_has_its_place_in_the_layers() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let manifest: toml::Table = text.parse().unwrap();
    let targets = manifest["target"].as_table().unwrap().values().map(|target| &target["dependencies"]);
    let names = |table: &toml::Value| {
        table.as_table().unwrap().keys().map(|name| name.replace('-', "_")).collect::<Vec<_>>()
    };
    let mut declared: BTreeSet<String> =
        names(&manifest["dependencies"]).into_iter().chain(targets.flat_map(names)).collect();
    // lib.rs alone names the allocator; the package `layout-rs` is the crate `layout`.
    assert!(declared.remove("mimalloc") && declared.remove("layout_rs") && declared.insert("layout".into()));
    let listed: BTreeSet<String> = CRATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(declared, listed);
    // A place that no longer uses the crate is no place of it.
    let mut used: BTreeSet<(String, String)> = BTreeSet::new();
    for (name, file) in files() {
        let module: Vec<String> =
            name.trim_end_matches(".rs").trim_end_matches("/mod").split('/').map(str::to_owned).collect();
        let paths = Uses::of(&module, &std::fs::read_to_string(&file).unwrap()).paths;
        used.extend(
            paths.into_iter().filter_map(|(path, _)| Some((path.into_iter().next()?, module[0].clone()))),
        );
    }
    for (name, places) in CRATES {
        for place in places.split(' ') {
            assert!(used.contains(&((*name).to_owned(), place.to_owned())), "{place} does not use {name}");
        }
    }
}

#[test]
fn what_hides_from_a_reader_does_not_hide_from_the_layers() {
    let layers = layers();
    for (path, text) in [
        // Trees, renamed and nested, and globs.
        ("model/mod.rs", "use std::{fs};"),
        ("model/mod.rs", "use std::{io::{self, Read}, collections::HashMap, fs as disk};"),
        ("model/mod.rs", "use std as s; fn f() { s::env::var(\"A\").ok(); }"),
        ("model/mod.rs", "extern crate std as s; fn f() { s::process::exit(1) }"),
        ("model/mod.rs", "use std::time; fn f() { time::Instant::now(); }"),
        ("model/mod.rs", "use std::time::*;"),
        ("model/mod.rs", "use crate::{base::RelPath, render::{self, Theme}};"),
        ("model/mod.rs", "use crate::shell as s;"),
        // Relative paths.
        ("model/nav.rs", "use super::super::shell;"),
        ("model/nav.rs", "fn f() { super::super::shell::today(); }"),
        ("model/mod.rs", "fn f() { super::evidence::check::find(\"x\"); }"),
        ("model/mod.rs", "mod inner { fn f() { super::super::report::count(1, \"x\"); } }"),
        ("model/mod.rs", "use self::super::cli;"),
        // What is asked of the machine by another name.
        ("evidence/check.rs", "use std::time::Instant; fn f() { Instant::now(); }"),
        ("evidence/check.rs", "fn f() -> std::time::Instant { todo!() }"),
        ("evidence/check.rs", "fn f(p: &std::path::Path) -> bool { p.exists() }"),
        ("evidence/check.rs", "fn f(p: &std::path::Path) -> bool { std::path::Path::exists(p) }"),
        (
            "evidence/check.rs",
            "use std::path::Path; fn f(all: &[&Path]) { all.iter().filter(|p| Path::is_file(p)).count(); }",
        ),
        ("evidence/check.rs", "fn f(p: std::path::PathBuf) { assert!(p.is_dir()); }"),
        (
            "evidence/check.rs",
            "fn f(p: &std::path::Path) { p.metadata().ok(); p.canonicalize().ok(); p.read_dir().ok(); }",
        ),
        ("evidence/check.rs", "fn f() { std::panic::set_hook(Box::new(|_| {})); }"),
        ("evidence/check.rs", "use std::panic; fn f() { panic::set_hook(Box::new(|_| {})); }"),
        ("evidence/check.rs", "fn f() { print!(\"x\"); }"),
        ("evidence/check.rs", "fn f() { std::eprintln!(\"x\"); }"),
        ("evidence/check.rs", "use std::io::stdout;"),
        ("evidence/check.rs", "use std::net; fn f() { net::TcpStream::connect(\"x\").ok(); }"),
        ("evidence/check.rs", "use std::net::*;"),
        ("evidence/check.rs", "fn f() { vec![std::env::args()]; }"),
        ("evidence/check.rs", "fn f() { assert!(format!(\"{}\", std::fs::read(\"x\").is_ok()) == \"x\"); }"),
        // A memory of the process.
        ("evidence/check.rs", "static CACHE: std::sync::LazyLock<std::sync::Mutex<u8>> = todo!();"),
        ("evidence/check.rs", "static N: std::sync::atomic::AtomicUsize = todo!();"),
        ("evidence/check.rs", "use crate::base::Memo; static M: std::sync::LazyLock<Memo<u8>> = todo!();"),
        ("evidence/check.rs", "static mut N: u8 = 0;"),
        ("evidence/check.rs", "thread_local! { static N: u8 = 0; }"),
        // Crates where they do not belong.
        ("evidence/check.rs", "use walkdir::WalkDir;"),
        ("evidence/check.rs", "fn f() { ureq::get(\"x\").call().ok(); }"),
        ("report/mod.rs", "use tokio::net as n;"),
        ("shell/mod.rs", "use clap::Parser;"),
        ("shell/mod.rs", "use pulldown_cmark::Parser;"),
        ("model/mod.rs", "fn f() { ::walkdir::WalkDir::new(\".\"); }"),
        // Between two parts that are for tests alone, and in what only may be for tests.
        ("model/mod.rs", "#[cfg(test)] mod a {} use std::fs; #[cfg(test)] mod b {}"),
        (
            "model/mod.rs",
            "#[cfg(test)] use std::fs; fn f() { std::fs::read(\"x\").ok(); } #[cfg(test)] mod tests {}",
        ),
        ("model/mod.rs", "#[cfg(not(test))] use std::fs;"),
        ("model/mod.rs", "#[cfg(any(test, unix))] use std::fs;"),
        ("model/mod.rs", "impl X { #[cfg(test)] fn a() {} fn b() { std::fs::read(\"x\").ok(); } }"),
    ] {
        assert!(!judge(path, text, &layers).is_empty(), "{path} is let through: {text}");
    }
}

#[test]
fn what_the_layers_allow_is_let_through() {
    let layers = layers();
    for (path, text) in [
        (
            "model/mod.rs",
            "use crate::{base::RelPath, markdown::Doc}; use std::{io::Read, path::{Path, PathBuf}, time::Duration};",
        ),
        (
            "model/nav.rs",
            "use super::Site; fn f() { super::super::markdown::slug(\"x\"); self::g(); crate::model::h(); }",
        ),
        (
            "shell/disk.rs",
            "use std::{env, fs, process}; use walkdir::WalkDir; static N: std::sync::Once = std::sync::Once::new();",
        ),
        (
            "cli/mod.rs",
            "use std::io; use clap::Parser; fn f(p: &std::path::Path) -> bool { println!(); p.exists() }",
        ),
        (
            "model/mod.rs",
            "#[cfg(test)] mod tests { use std::fs; fn f() { println!(); } } #[cfg(all(test, unix))] use std::env;",
        ),
        (
            "model/mod.rs",
            "#[test] fn f() { std::fs::read(\"x\").ok(); } impl X { #[cfg(test)] fn a() { std::fs::read(\"x\").ok(); } }",
        ),
        (
            "evidence/check.rs",
            "static ALL: &[&str] = &[]; static R: std::sync::LazyLock<Vec<u8>> = todo!(); fn f() { env!(\"CARGO_PKG_VERSION\"); }",
        ),
        (
            "evidence/check.rs",
            "use std::net::Ipv4Addr; fn f() { let fs = 1; let walkdir = fs; let _ = \"std::fs\"; /* std::fs */ }",
        ),
    ] {
        let wrong = judge(path, text, &layers);
        assert!(wrong.is_empty(), "{path}: {text}: {wrong:?}");
    }
}
