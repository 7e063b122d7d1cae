//! Places of the code that can panic because an index or a slice is out of its bounds: `list[at]`, `&text[from..to]`. Each is
//! a promise that somebody makes by heart, and `get` makes none. They are counted by folder, against the list in
//! `tests/data/indexing.toml`: the numbers may only fall, and a file that has none stays so. `OATHBOOK_BLESS=1` writes lower
//! numbers down; it never writes a higher one.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};

/// Counts places in what is not compiled for tests alone.
#[derive(Default)]
struct Counter(usize);

impl Counter {
    fn of(text: &str) -> usize {
        let mut counter = Self::default();
        counter.visit_file(&syn::parse_file(text).unwrap());
        counter.0
    }

    /// Square brackets behind a value, in what a macro is given.
    fn words(&mut self, tokens: TokenStream) {
        const KEYWORDS: &[&str] = &[
            "in", "return", "let", "mut", "ref", "match", "if", "else", "as", "dyn", "move", "box", "break",
            "const", "static", "where", "while", "impl", "for",
        ];
        let mut value = false;
        for tree in tokens {
            match &tree {
                TokenTree::Group(group) => {
                    self.0 += usize::from(value && group.delimiter() == Delimiter::Bracket);
                    self.words(group.stream());
                    value = group.delimiter() != Delimiter::Brace;
                }
                TokenTree::Ident(word) => value = !KEYWORDS.contains(&word.to_string().as_str()),
                TokenTree::Punct(mark) => value = mark.as_char() == '?',
                TokenTree::Literal(_) => value = true,
            }
        }
    }
}

impl<'a> Visit<'a> for Counter {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        if !crate::layering::only_in_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        if !crate::layering::only_in_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        if !crate::layering::only_in_tests(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_expr_index(&mut self, place: &'a syn::ExprIndex) {
        self.0 += 1;
        visit::visit_expr_index(self, place);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.words(call.tokens.clone());
    }

    fn visit_attribute(&mut self, _: &'a syn::Attribute) {}
}

/// What one folder has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Folder {
    places: usize,
    /// Files with at least one.
    files: BTreeSet<String>,
}

fn list_file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/indexing.toml")
}

fn counted() -> BTreeMap<String, Folder> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut out: BTreeMap<String, Folder> = BTreeMap::new();
    for file in crate::support::rust_files(&src) {
        let places = Counter::of(&std::fs::read_to_string(&file).unwrap());
        let below = file.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
        let (folder, name) = below.rsplit_once('/').unwrap_or((".", &below));
        if places > 0 {
            let folder = out.entry(folder.to_owned()).or_default();
            folder.places += places;
            folder.files.insert(name.to_owned());
        }
    }
    out
}

fn listed(text: &str) -> BTreeMap<String, Folder> {
    let table: toml::Table = text.parse().unwrap();
    let folder = |value: &toml::Value| Folder {
        places: usize::try_from(value["places"].as_integer().unwrap()).unwrap(),
        files: value["files"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap().to_owned())
            .collect(),
    };
    table.iter().map(|(name, value)| (name.clone(), folder(value))).collect()
}

fn written(all: &BTreeMap<String, Folder>) -> String {
    let total: usize = all.values().map(|folder| folder.places).sum();
    let mut out =
        format!("# Places that can panic by an index, by folder: {total}. See tests/indexing.rs.\n");
    for (name, folder) in all {
        let files: Vec<String> = folder.files.iter().map(|file| format!("{file:?}")).collect();
        out += &format!("\n[{name:?}]\nplaces = {}\nfiles = [{}]\n", folder.places, files.join(", "));
    }
    out
}

/// What is more than the list allows.
fn risen(listed: &BTreeMap<String, Folder>, now: &BTreeMap<String, Folder>) -> Vec<String> {
    let none = Folder::default();
    let mut out = Vec::new();
    for (name, folder) in now {
        let known = listed.get(name).unwrap_or(&none);
        for file in folder.files.difference(&known.files) {
            out.push(format!("src/{name}/{file} had no place that can panic by an index"));
        }
        if folder.places > known.places {
            out.push(format!(
                "src/{name} has {} places that can panic by an index, {} before",
                folder.places, known.places
            ));
        }
    }
    out
}

#[test]
fn places_that_can_panic_by_an_index_become_fewer() {
    let now = counted();
    let text = std::fs::read_to_string(list_file()).unwrap();
    let listed = listed(&text);
    let risen = risen(&listed, &now);
    assert!(
        risen.is_empty(),
        "use `get`, `first`, `split_at_checked` or a pattern instead:\n{}",
        risen.join("\n")
    );
    let total = |all: &BTreeMap<String, Folder>| all.values().map(|folder| folder.places).sum::<usize>();
    println!("{} places that can panic by an index, {} in the list", total(&now), total(&listed));
    if std::env::var_os("OATHBOOK_BLESS").is_some() && now != listed {
        std::fs::write(list_file(), written(&now)).unwrap();
    }
}

#[test]
fn every_way_to_index_is_counted_and_nothing_else() {
    for (text, places) in [
        ("fn f(a: &[u8]) -> u8 { a[0] + a[1..][0] }", 3),
        ("fn f(a: &str) { g(&a[1..]); a.get(1..); }", 1),
        ("fn f(a: &[u8]) { println!(\"{}\", a[0]); assert!(h(a)[1] == a[2]?[3]); }", 4),
        (
            "fn f() { let [a, b] = [1, 2]; vec![1, 2]; matches!(x, [1, ..]); for i in [1] {} #[allow(x)] let c: [u8; 4]; }",
            0,
        ),
        ("fn f() { format!(\"{:?}\", [1, 2]); assert!(!(a in [1])); }", 0),
        ("#[cfg(test)] mod tests { fn f(a: &[u8]) -> u8 { a[0] } } #[test] fn g(a: &[u8]) { a[0]; }", 0),
        ("#[cfg(test)] mod a {} impl X { fn f(&self) -> u8 { self.0[1] } }", 1),
    ] {
        assert_eq!(Counter::of(text), places, "{text}");
    }
}

#[test]
fn a_number_may_fall_and_a_new_file_has_none() {
    let folder = |places, files: &[&str]| Folder {
        places,
        files: files.iter().map(|name| (*name).to_owned()).collect(),
    };
    let list = BTreeMap::from([("a".to_owned(), folder(5, &["x.rs", "y.rs"]))]);
    let now = |name: &str, is: Folder| BTreeMap::from([(name.to_owned(), is)]);
    assert!(risen(&list, &list).is_empty());
    assert!(risen(&list, &now("a", folder(4, &["x.rs"]))).is_empty());
    assert!(!risen(&list, &now("a", folder(6, &["x.rs"]))).is_empty());
    assert!(!risen(&list, &now("a", folder(2, &["z.rs"]))).is_empty());
    assert!(!risen(&list, &now("b", folder(1, &["x.rs"]))).is_empty());
    assert_eq!(listed(&written(&list)), list);
}
