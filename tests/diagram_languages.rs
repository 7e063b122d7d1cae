//! Diagram languages, on the examples of those who made them. Checkouts of their public repositories are looked for
//! under `$OATHBOOK_CORPORA` and `../shared/corpora`: `structurizr` (structurizr/structurizr), `mermaid`
//! (mermaid-js/mermaid).

use crate::support::corpus;
use oathbook::base::{LineIndex, RelPath};
use oathbook::diag::{Problem, code};
use oathbook::diagram::{Language, Picture, mermaid, structurizr};
use oathbook::world::{MemoryWorld, World};
use std::path::{Path, PathBuf};

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
            assert!(workspace.problems.iter().any(|problem| problem.code == code::DIAGRAM_SYNTAX), "{file}");
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
        refused += usize::from(reading.problems.iter().any(|problem| problem.code == code::DIAGRAM_REFUSED));
        read += 1;
        for problem in &reading.problems {
            if !matches!(problem.code, code::DIAGRAM_REFUSED | code::DIAGRAM_NOT_DRAWN) {
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
                if problem.code != code::DIAGRAM_NOT_DRAWN || std::env::var_os("OATHBOOK_VERBOSE").is_some() {
                    let at = LineIndex::new(&example).position(&example, problem.place.span.start);
                    failures.push(format!(
                        "{file}:{}:{}: {:?} {}",
                        line + at.line as usize,
                        at.column,
                        problem.code,
                        problem.message
                    ));
                }
            }
        }
    }
    println!("mermaid: {shown:?}");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What a text of that language says, within two seconds (of an optimised program; tests are not, so they get more).
/// Whether something is refused because it is more than can be drawn, and not because it asks for what is never done.
pub fn is_too_large(problem: &Problem) -> bool {
    let never = ["is refused", "no command reaches the network", "leads out of the repository"];
    problem.code == code::DIAGRAM_REFUSED && !never.iter().any(|words| problem.message.contains(words))
}

fn soon(language: Language, text: &str) -> oathbook::diagram::Reading {
    let file = RelPath::parse("a.dsl").unwrap();
    let start = std::time::Instant::now();
    let reading = oathbook::diagram::read(language, &MemoryWorld::new(), &file, text);
    assert!(
        start.elapsed().as_secs() < 20,
        "{:?} for {}",
        start.elapsed(),
        text.chars().take(60).collect::<String>()
    );
    reading
}

#[test]
fn hostile_diagrams_are_read_in_time() {
    let lines = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let deep = format!(
        "flowchart LR\n{}{}",
        lines(20_000, &|at| format!("subgraph s{at}\n")),
        "end\n".repeat(20_000)
    );
    assert!(soon(Language::Mermaid, &deep).problems.iter().any(is_too_large));
    let edges =
        format!("flowchart LR\n{}", lines(100_000, &|at| format!("n{} --> n{}\n", at % 997, at % 991)));
    let said = soon(Language::Mermaid, &edges).problems;
    assert!(said.len() == 1 && said.iter().all(is_too_large), "{said:?}");
    let states = format!("stateDiagram-v2\n{}", lines(20_000, &|at| format!("state s{at} {{\n")));
    assert!(!soon(Language::Mermaid, &states).problems.is_empty());
    let blocks = format!("sequenceDiagram\n{}A->>A: x\n", "loop x\n".repeat(20_000));
    assert!(!soon(Language::Mermaid, &blocks).problems.is_empty());
    let messages =
        format!("sequenceDiagram\n{}", lines(100_000, &|at| format!("a{}->>a{}: x\n", at % 997, at % 991)));
    assert!(soon(Language::Mermaid, &messages).problems.is_empty());

    let nested = lines(20_000, &|at| format!("deploymentNode n{at} {{\n"));
    let nested = format!("workspace {{\nmodel {{\ndeploymentEnvironment e {{\n{nested}");
    assert!(!soon(Language::Structurizr, &nested).problems.is_empty());
    let systems = lines(40_000, &|at| format!("s{at} = softwareSystem \"S{at}\"\n"));
    let relations = lines(100_000, &|at| format!("s{} -> s{}\n", at % 39_989, at % 39_979));
    let large = format!(
        "workspace {{\nmodel {{\n{systems}{relations}}}\nviews {{\nsystemLandscape a {{\ninclude *\n}}\n}}\n}}\n"
    );
    assert!(soon(Language::Structurizr, &large).problems.iter().any(is_too_large));
    let unknown = lines(50_000, &|at| format!("a{at} -> b{at}\n"));
    assert!(
        !soon(Language::Structurizr, &format!("workspace {{\nmodel {{\n{unknown}}}\n}}\n"))
            .problems
            .is_empty()
    );
}

/// Workspaces that each find or make far more than they spell.
fn growing() -> Vec<(&'static str, String)> {
    let lines = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let model =
        |model: &str, views: &str| format!("workspace {{\nmodel {{\n{model}}}\nviews {{\n{views}}}\n}}\n");
    let people = lines(3_000, &|at| format!("p{at} = person \"P{at}\"\n"));
    let long = "x".repeat(60_000);
    let views = lines(20_000, &|at| format!("systemLandscape v{at} {{\ninclude *\n}}\n"));
    let tags = lines(4_000, &|at| format!("tags t{at}\n"));
    let nested = format!("{}tags x\n{}", "!elements \"element==*\" {\n".repeat(90), "}\n".repeat(90));
    let archetypes = lines(9_000, &|at| format!("a{} = a{at} {{\ntags t{at}\n}}\n", at + 1));
    let nodes = lines(300, &|_| "containerInstance c\n".to_owned());
    vec![
        (
            "a constant in thousands of lines",
            model(
                &format!(
                    "!const L \"{long}\"\n{}",
                    lines(2_000, &|at| format!("p{at} = person \"${{L}}\"\n"))
                ),
                "",
            ),
        ),
        (
            "constants of constants",
            model(
                &format!(
                    "!const c0 \"{}\"\n{}x = person \"${{c8}}\"\n",
                    "x".repeat(100),
                    lines(8, &|at| format!("!const c{} \"{}\"\n", at + 1, format!("${{c{at}}}").repeat(10)))
                ),
                "",
            ),
        ),
        ("thousands of views of everything", model(&people, &views)),
        ("tags of everything", model(&format!("{people}!elements \"element==*\" {{\n{tags}}}\n"), "")),
        ("blocks for everything in each other", model(&format!("{people}{nested}"), "")),
        (
            "archetypes of archetypes",
            model(&format!("archetypes {{\na0 = softwareSystem {{\n}}\n{archetypes}}}\n"), ""),
        ),
        (
            "expressions",
            model(
                &people,
                &format!("systemLandscape v {{\n{}}}\n", "include element.tag==Person\n".repeat(20_000)),
            ),
        ),
        (
            "instances of both ends",
            model(
                &format!(
                    "s = softwareSystem s {{\nc = container c\nc -> c\n}}\ndeploymentEnvironment e {{\ndeploymentNode n {{\n{nodes}{nodes}}}\n}}\n"
                ),
                "",
            ),
        ),
        ("a group of everything to itself", model(&format!("g = group g {{\n{people}}}\ng -> g\n"), "")),
    ]
}

#[test]
fn workspaces_that_grow_when_read_end_with_a_finding_that_says_where() {
    for (name, text) in growing() {
        let problems = soon(Language::Structurizr, &text).problems;
        let said = problems.iter().any(is_too_large);
        assert!(said, "{name}: {:?}", problems.iter().take(3).collect::<Vec<_>>());
    }
}

/// A file that includes ten files that each include ten.
#[test]
fn includes_of_a_workspace_have_a_budget_of_bytes() {
    let mut world = MemoryWorld::new();
    for level in 0..8 {
        world = world.with(&format!("{level}.dsl"), format!("!include {}.dsl\n", level + 1).repeat(10));
    }
    let world = world.with("8.dsl", "# a comment\n".repeat(1_000));
    let started = std::time::Instant::now();
    let text = "workspace {\nmodel {\n!include 0.dsl\n}\n}\n";
    let workspace = structurizr::read(&world, &RelPath::parse("w.dsl").unwrap(), text);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    let said: Vec<&str> = workspace.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with("gave up here: "), "{said:?}");
}

#[test]
fn imported_models_are_valid_and_bound_to_what_they_were_made_from() {
    let world = MemoryWorld::new()
        .with("docker-compose.yml", "services:\n  api:\n    image: a:1\n    depends_on: [db]\n  db:\n    image: postgres\n")
        .with("deploy/a.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\nspec:\n  args: [db]\n---\napiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\n")
        .with("Cargo.toml", "[workspace]\nmembers = [\"crates/*\"]\n")
        .with("crates/api/Cargo.toml", "[package]\nname = \"api\"\n[dependencies]\ndb = { path = \"../db\" }\n")
        .with("crates/db/Cargo.toml", "[package]\nname = \"db\"\n");
    for (from, first, second) in [
        ("docker-compose.yml", "docker-compose.yml#api", "docker-compose.yml#db"),
        ("deploy", "deploy/a.yaml#Deployment/api", "deploy/a.yaml#StatefulSet/db"),
        ("Cargo.toml", "crates/api", "crates/db"),
    ] {
        let text =
            oathbook::evidence::diagrams::import::workspace(&world, &RelPath::parse(from).unwrap()).unwrap();
        let workspace = structurizr::read(&world, &RelPath::parse("m.dsl").unwrap(), &text);
        assert!(workspace.problems.is_empty(), "{from}: {:?}", workspace.problems);
        let bound: Vec<&str> = workspace
            .elements
            .iter()
            .flat_map(|element| &element.properties)
            .map(|property| property.value.as_str())
            .collect();
        assert_eq!(bound, [first, second], "{from}");
        let relation = &workspace.relations[0];
        assert_eq!(
            (
                workspace.elements[relation.source].name.as_str(),
                workspace.elements[relation.destination].name.as_str()
            ),
            ("api", "db"),
            "{from}"
        );
        assert_eq!(workspace.views.len(), 1);
    }
    assert!(
        oathbook::evidence::diagrams::import::workspace(&world, &RelPath::parse("none.yml").unwrap())
            .is_err()
    );
}

/// The words of views, elements and relations that a text makes.
fn told(text: &str) -> (Vec<String>, Vec<String>) {
    let world = MemoryWorld::new();
    let workspace = structurizr::read(&world, &RelPath::parse("m.dsl").unwrap(), text);
    let problems = workspace.problems.iter().map(|problem| problem.message.clone()).collect();
    let mut words: Vec<String> = Vec::new();
    for view in &workspace.views {
        for at in &view.elements {
            words.push(format!("{}: {}", view.key, workspace.path(*at)));
        }
        for at in &view.relations {
            let relation = &workspace.relations[*at];
            words.push(format!(
                "{}: {} -> {}",
                view.key,
                workspace.path(relation.source),
                workspace.path(relation.destination)
            ));
        }
    }
    words.sort();
    (words, problems)
}

#[test]
fn views_show_what_structurizr_shows() {
    let model = "workspace {\n!identifiers hierarchical\nmodel {\nu = person U\ns = softwareSystem S {\na = container A {\nx = component X\n}\nb = container B\nu -> a.x Uses\na -> b Asks\n}\no = softwareSystem O\ns.b -> o Sends\n}\nviews {\nVIEW\n}\n}\n";
    let view = |view: &str| told(&model.replace("VIEW", view));
    // Relations of parts are implied for what holds them.
    let (words, problems) = view("systemContext s k {\ninclude *\n}");
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(words, ["k: O", "k: S", "k: S -> O", "k: U", "k: U -> S"]);
    let (words, _) = view("container s k {\ninclude *\n}");
    assert_eq!(
        words,
        ["k: O", "k: S / A", "k: S / A -> S / B", "k: S / B", "k: S / B -> O", "k: U", "k: U -> S / A"]
    );
    let (words, _) = view("container s k {\ninclude \"->s.b->\"\nexclude \"* -> o\"\n}");
    assert_eq!(words, ["k: O", "k: S / A", "k: S / A -> S / B", "k: S / B"]);
    let (words, problems) = view("systemLandscape k {\ninclude s.a\n}");
    assert!(words.is_empty() && problems[0].contains("cannot stand"), "{words:?} {problems:?}");
    let (words, _) = view("systemLandscape k {\ninclude *\n}\nfiltered k exclude Person f");
    assert_eq!(
        words.iter().filter(|word| word.starts_with("f:")).collect::<Vec<_>>(),
        ["f: O", "f: S", "f: S -> O"]
    );
}

#[test]
fn bindings_links_and_styles_of_mermaid_reach_the_picture() {
    let text = "flowchart LR\n%% bind: a src crates/a\nsubgraph g [Group]\na[(Store)] -->|reads #quot;x#quot;| b\nend\nclick b \"page.html\" \"Tip\"\nclass b hot\nclassDef hot fill:#f00,stroke-dasharray:4\nb --> g\n";
    let reading = mermaid::read(&RelPath::parse("p.md").unwrap(), text);
    let Picture::Graph(graph) = &reading.views[0].picture else { panic!("no graph") };
    let a = &graph.nodes[0];
    assert_eq!(
        (a.label[0].as_str(), a.facts.bindings[0].value.as_str(), a.parent),
        ("Store", "crates/a", Some(0))
    );
    let b = &graph.nodes[1];
    assert_eq!((b.facts.link.as_deref(), b.facts.tooltip.as_deref()), (Some("page.html"), Some("Tip")));
    assert_eq!(
        (b.facts.tone, b.facts.line),
        (oathbook::diagram::graph::Tone::Red, oathbook::diagram::graph::Line::Dashed)
    );
    assert_eq!(graph.edges[0].label, ["reads \"x\""]);
    // `b` is in the group: a line to its own frame is no line, and that is said.
    assert_eq!(graph.edges.len(), 1);
    assert_eq!(
        reading.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(),
        [code::DIAGRAM_NOT_DRAWN]
    );
}
