//! The structure of the source: circles of files that use one another, and places that say the same twice.
//! `cargo test --test main -- structure:: --nocapture` prints both.

use crate::layering::{Uses, files};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// Files of the largest circle outside of the reader of utoipa, whose parts take turns by the nature of types.
const LARGEST_CIRCLE: usize = 4;

/// Where a circle may be larger.
const APART: &str = "openapi/utoipa/";

/// Lines that two places share before they count as a pair.
const SHARED: usize = 6;

/// Pairs of files with such places, at most.
const MOST_PAIRS: usize = 200;

/// A run that stands in more places than these is the language's or a table's, and no copy.
const COMMON: usize = 8;

/// Which file each module stands in, and what its imports bring in.
struct House {
    files: BTreeMap<Vec<String>, (String, Uses)>,
}

impl House {
    fn read() -> Self {
        let mut out = BTreeMap::new();
        for (name, file) in files() {
            let mut module: Vec<String> =
                name.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
            module.pop_if(|last| last == "mod");
            let uses = Uses::of(&module, &std::fs::read_to_string(file).unwrap());
            out.insert(module, (name, uses));
        }
        Self { files: out }
    }

    /// The file that declares what a path names; names that a module hands on are followed.
    fn file_of(&self, path: &[String], depth: usize) -> Option<&str> {
        let below = path.strip_prefix(&["crate".to_owned()])?;
        let end = (1..=below.len()).rev().find(|end| self.files.contains_key(&below[..*end]))?;
        let (name, uses) = &self.files[&below[..end]];
        let handed_on = below.get(end).and_then(|next| uses.names.get(next)).filter(|_| depth > 0);
        handed_on.and_then(|full| self.file_of(full, depth - 1)).or(Some(name))
    }

    /// Who uses whom. A folder's own file and its parts are one whole: what they use of one another is no arrow.
    fn arrows(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let whole = |name: &str| name.trim_end_matches("mod.rs").trim_end_matches(".rs").to_owned();
        let of = |name: &str, uses: &Uses| {
            let own = whole(name);
            let all = uses.paths.iter().filter_map(|(path, _)| self.file_of(path, 8));
            let is_part = |other: &str| whole(other).starts_with(&own) || own.starts_with(&whole(other));
            all.filter(|other| !is_part(other)).collect()
        };
        self.files.values().map(|(name, uses)| (name.as_str(), of(name, uses))).collect()
    }
}

/// Files that reach one another, the largest circle first.
fn circles<'h>(arrows: &BTreeMap<&'h str, BTreeSet<&'h str>>) -> Vec<Vec<&'h str>> {
    let reach = |from: &'h str| {
        let mut seen = BTreeSet::new();
        let mut left: Vec<&str> = arrows[from].iter().copied().collect();
        while let Some(at) = left.pop() {
            if seen.insert(at) {
                left.extend(arrows.get(at).into_iter().flatten().copied());
            }
        }
        seen
    };
    let all: BTreeMap<&str, BTreeSet<&str>> = arrows.keys().map(|file| (*file, reach(file))).collect();
    let mut out: BTreeSet<Vec<&str>> = BTreeSet::new();
    for (file, reached) in &all {
        if reached.contains(file) {
            let both = reached.iter().filter(|other| all.get(*other).is_some_and(|back| back.contains(file)));
            out.insert(both.copied().collect());
        }
    }
    let mut out: Vec<_> = out.into_iter().collect();
    out.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    out
}

#[test]
fn no_circle_of_files_is_larger_than_four() {
    let house = House::read();
    let found = circles(&house.arrows());
    for circle in &found {
        println!("circle of {}: {}", circle.len(), circle.join(", "));
    }
    let wrong = |circle: &&Vec<&str>| {
        circle.len() > LARGEST_CIRCLE && !circle.iter().all(|file| file.starts_with(APART))
    };
    assert_eq!(found.iter().filter(wrong).count(), 0);
}

#[test]
fn a_circle_is_seen() {
    let arrows = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")];
    let arrows = arrows.map(|(from, to)| (from, BTreeSet::from([to]))).into_iter().collect();
    assert_eq!(circles(&arrows), [["a", "b", "c"]]);
}

/// The lines of a text that say something, with their numbers.
fn said(text: &str) -> Vec<(usize, String)> {
    let lines =
        text.lines().enumerate().map(|(number, line)| (number + 1, line.split_whitespace().collect()));
    let lines = lines.map(|(number, words): (usize, Vec<&str>)| (number, words.join(" ")));
    let empty = |line: &str| {
        line.starts_with("//")
            || line.starts_with("use ")
            || line.starts_with("#[")
            || !line.chars().any(char::is_alphanumeric)
    };
    lines.filter(|(_, line)| !empty(line)).collect()
}

/// Pairs of files that share runs of lines, with the first place in each.
fn pairs(texts: &[(String, String)]) -> BTreeMap<(usize, usize), (usize, usize)> {
    let mut runs: HashMap<Vec<String>, Vec<(usize, usize)>> = HashMap::new();
    for (file, (_, text)) in texts.iter().enumerate() {
        let lines = said(text);
        for window in lines.windows(SHARED) {
            let run = window.iter().map(|(_, line)| line.clone()).collect();
            runs.entry(run).or_default().push((file, window[0].0));
        }
    }
    let mut out = BTreeMap::new();
    for places in runs.into_values().filter(|places| places.len() <= COMMON) {
        for (at, (first, one)) in places.iter().enumerate() {
            for (second, other) in &places[at + 1..] {
                out.entry((*first, *second)).or_insert((*one, *other));
            }
        }
    }
    out
}

#[test]
fn few_places_say_the_same_twice() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    for folder in ["src", "tests", "benches"] {
        for file in crate::support::rust_files(&root.join(folder)) {
            let name = file.strip_prefix(root).unwrap().display().to_string();
            // Cases are whole programs that are alike on purpose.
            if !name.starts_with("tests/conformance") {
                texts.push((name, std::fs::read_to_string(&file).unwrap()));
            }
        }
    }
    let found = pairs(&texts);
    for ((first, second), (one, other)) in &found {
        println!("{}:{one} ~ {}:{other}", texts[*first].0, texts[*second].0);
    }
    println!("{} pairs of files share {SHARED} lines or more (at most {MOST_PAIRS})", found.len());
    assert!(found.len() <= MOST_PAIRS);
}

#[test]
fn a_copy_is_seen() {
    let text = "fn a() {\n    one();\n    two();\n    three();\n    four();\n    five();\n}\n";
    let copy = format!("fn b() {{\n    other();\n}}\n{}", text.replace("    ", "\t"));
    let texts = [("a.rs".to_owned(), text.to_owned()), ("b.rs".to_owned(), copy)];
    assert_eq!(pairs(&texts), BTreeMap::from([((0, 1), (1, 4))]));
    assert!(pairs(&[texts[0].clone(), ("c.rs".into(), text.replace("three", "tree"))]).is_empty());
}
