//! Diagram languages, on the examples of those who made them. Checkouts of their public repositories are looked for
//! under `$OATHBOOK_CORPORA` and `../shared/corpora`: `structurizr` (structurizr/structurizr), `mermaid`
//! (mermaid-js/mermaid).

use oathbook::base::{LineIndex, RelPath};
use oathbook::diagram::{Picture, ProblemKind, mermaid, structurizr};
use oathbook::world::{MemoryWorld, World};
use std::path::{Path, PathBuf};

fn corpus(name: &str) -> Option<PathBuf> {
    let named = std::env::var_os("OATHBOOK_CORPORA").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora");
    let found = named.into_iter().chain([beside]).map(|root| root.join(name)).find(|root| root.is_dir());
    if found.is_none() {
        eprintln!("skipped: no {name} (put a checkout into $OATHBOOK_CORPORA/{name})");
    }
    found
}

/// Every file below a folder, by its path from there.
fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() && !entry.ends_with(".git") {
            files(&entry, into);
        } else if entry.is_file() {
            into.push(entry);
        }
    }
}

fn world_of(folder: &Path) -> (MemoryWorld, Vec<RelPath>) {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    let mut world = MemoryWorld::new();
    let mut all = Vec::new();
    for path in paths {
        let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        if ["dsl", "json", "md"].iter().any(|extension| path.extension().is_some_and(|own| own == *extension))
        {
            world.set(&name, std::fs::read(&path).unwrap());
            all.push(RelPath::parse(&name).unwrap());
        }
    }
    (world, all)
}

/// Structurizr rejects these, too: they are the examples of its own tests for errors.
const REJECTED: &[&str] = &[
    "dsl/enterprise.dsl",
    "dsl/multi-line-with-error.dsl",
    "dsl/multiple-model-tokens.dsl",
    "dsl/multiple-view-tokens.dsl",
    "dsl/multiple-workspace-tokens.dsl",
    "dsl/unexpected-tokens-after-workspace.dsl",
    "dsl/unexpected-tokens-before-workspace.dsl",
    "dsl/unexpected-tokens-in-workspace.dsl",
];

#[test]
fn workspaces_of_structurizr_parse_and_their_views_draw() {
    let Some(root) = corpus("structurizr") else { return };
    let failures = read_all(&root);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn workspaces_of_others_parse_and_their_views_draw() {
    let Some(root) = corpus("workspaces") else { return };
    // Some of them name what they do not define, which Structurizr rejects, too.
    println!("{}", read_all(&root).join("\n"));
}

fn read_all(root: &Path) -> Vec<String> {
    let (world, all) = world_of(root);
    let (mut read, mut refused, mut drawn, mut fragments) = (0, 0, 0, 0);
    let mut failures = Vec::new();
    for file in all.iter().filter(|file| file.extension() == Some("dsl")) {
        let Ok(text) = world.text(file) else { continue };
        if REJECTED.iter().any(|name| file.as_str().ends_with(name)) {
            let workspace = structurizr::read(&world, file, &text);
            assert!(workspace.problems.iter().any(|problem| problem.kind == ProblemKind::Syntax), "{file}");
            continue;
        }
        if !text.lines().any(|line| {
            line.trim_start_matches('\u{feff}').trim_start().to_lowercase().starts_with("workspace")
        }) {
            fragments += 1;
            continue;
        }
        let workspace = structurizr::read(&world, file, &text);
        let reading = structurizr::pictures(&workspace);
        refused += usize::from(reading.problems.iter().any(|problem| problem.kind == ProblemKind::Refused));
        read += 1;
        for problem in &reading.problems {
            if !matches!(problem.kind, ProblemKind::Refused | ProblemKind::NotDrawn) {
                let text = world.text(&problem.place.file).unwrap_or_default();
                let at = LineIndex::new(&text).position(&text, problem.place.span.start);
                failures
                    .push(format!("{}:{}:{}: {}", problem.place.file, at.line, at.column, problem.message));
            }
        }
        for view in &reading.views {
            drawn += 1;
            match &view.picture {
                Picture::Graph(graph) => assert_eq!(graph.clone().checked(), *graph, "{file} {}", view.key),
                Picture::Sequence(sequence) => {
                    assert!(sequence.items.is_empty() == sequence.actors.is_empty(), "{file} {}", view.key)
                }
            }
        }
    }
    println!(
        "structurizr: {read} workspaces read, {refused} with something refused, {drawn} views, {fragments} fragments"
    );
    failures
}

/// The fenced examples of a Markdown text, each with its line.
fn fences(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let body = line.trim_start();
        match &mut open {
            Some((_, _, _)) if body.starts_with("```") => {
                let (line, _, text) = open.take().unwrap();
                found.push((line, text));
            }
            Some((_, indent, text)) => {
                let cut = line.len() - line.trim_start().len();
                text.push_str(&line[cut.min(*indent)..]);
                text.push('\n');
            }
            None if body.starts_with("```mermaid") => open = Some((number + 1, indent, String::new())),
            None => {}
        }
    }
    found
}

#[test]
fn examples_of_mermaids_documentation_draw() {
    let Some(root) = corpus("mermaid") else { return };
    let mut paths = Vec::new();
    files(&root.join("packages/mermaid/src/docs"), &mut paths);
    let mut seen = std::collections::BTreeSet::new();
    let (mut failures, mut shown) = (Vec::new(), std::collections::BTreeMap::new());
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "md")) {
        let text = std::fs::read_to_string(path).unwrap();
        let file = RelPath::parse(path.strip_prefix(&root).unwrap().to_str().unwrap()).unwrap();
        for (line, example) in fences(&text) {
            // Its last link leads nowhere, which Mermaid itself rejects.
            if example.contains("g-->") {
                continue;
            }
            if !seen.insert(example.clone()) {
                continue;
            }
            let reading = mermaid::read(&file, &example);
            let Some(view) = reading.views.first() else { continue };
            let kind = match &view.picture {
                Picture::Graph(graph) => {
                    assert_eq!(graph.clone().checked(), *graph, "{file}:{line}");
                    "graph"
                }
                Picture::Sequence(_) => "sequence",
            };
            *shown.entry(kind).or_insert(0) += 1;
            for problem in &reading.problems {
                if problem.kind != ProblemKind::NotDrawn || std::env::var_os("OATHBOOK_VERBOSE").is_some() {
                    let at = LineIndex::new(&example).position(&example, problem.place.span.start);
                    failures.push(format!(
                        "{file}:{}:{}: {:?} {}",
                        line + at.line as usize,
                        at.column,
                        problem.kind,
                        problem.message
                    ));
                }
            }
        }
    }
    println!("mermaid: {shown:?}");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
