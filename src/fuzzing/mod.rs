//! What the fuzz targets run, and what the tests replay on the inputs they found. One function for each parser;
//! none may panic, whatever the bytes.

mod api;
mod markup;
mod repository;

pub use api::{attributes, document, service};
pub use repository::{lock, manifest, names, owners, tree};

use crate::base::{Glob, RelPath};
use crate::config;
use crate::diagram::arrange::{Wishes, arrange};
use crate::diagram::graph::Graph;
use crate::diagram::sidecar::Sidecar;
use crate::diagram::{self, Language, Picture, svg};
use crate::evidence::Baseline;
use crate::highlight::{self, Highlighter as _, Standard};
use crate::markdown::{self, Dialect, Input, Options};
use crate::pipeline::{self, Settings};
use crate::runs;
use crate::rust;
use crate::world::MemoryWorld;

/// A fuzz target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub static TARGETS: &[Target] = &[
    ("page", page),
    ("summary", summary),
    ("configuration", configuration),
    ("yaml", yaml),
    ("highlight", highlight),
    ("items", items),
    ("structurizr", structurizr),
    ("mermaid", mermaid),
    ("dot", dot),
    ("sidecar", sidecar),
    ("runbook", runbook),
    ("attributes", attributes),
    ("book", book),
    ("document", document),
    ("service", service),
    ("manifest", manifest),
    ("owners", owners),
    ("lock", lock),
    ("tree", tree),
    ("names", names),
];

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// The files that one input stands for, with NUL bytes between them.
fn parts(text: &str) -> std::str::Split<'_, char> {
    text.split('\0')
}

/// A page in both dialects, front matter, directives and raw HTML included; it may quote `other.md` and itself.
pub fn page(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let world =
        MemoryWorld::new().with("p.md", text).with("other.md", "// ANCHOR: a\nfn x() {}\n// ANCHOR_END: a\n");
    let Ok(file) = RelPath::parse("p.md") else { return };
    for dialect in [Dialect::Book, Dialect::Forge] {
        let options = Options { search: true, edition: Some("2024".into()), ..Options::new(dialect) };
        let doc = markdown::parse(&Input {
            file: &file,
            text,
            options: &options,
            highlighter: &Standard,
            world: &world,
        });
        // Every slot lies inside the HTML, on character borders, in order.
        let mut last = 0;
        for slot in &doc.body.slots {
            assert!(
                last <= slot.start && doc.body.html.get(slot.start as usize..slot.end as usize).is_some()
            );
            last = slot.end;
        }
    }
}

/// `SUMMARY.md`.
pub fn summary(bytes: &[u8]) {
    if let Some(text) = text(bytes) {
        markdown::parse_summary(text);
    }
}

/// `book.toml`.
pub fn configuration(bytes: &[u8]) {
    if let Some(text) = text(bytes) {
        let (config, mistakes) = config::read(None, &RelPath::root(), text, &[]);
        for (glob, ..) in &config.kinds {
            for glob in [Glob::new(glob), Glob::with_sets(glob)] {
                glob.matches("a/b/c.md");
            }
        }
        for mistake in mistakes {
            assert!(mistake.place.span.end as usize <= text.len());
        }
    }
}

/// Front matter, and a baseline file.
pub fn yaml(bytes: &[u8]) {
    if let Some(text) = text(bytes) {
        if let Err(error) = markdown::parse_yaml(text) {
            assert!(error.offset <= text.len());
        }
        Baseline::parse(text);
    }
}

/// Code in every language of the lexer; the first byte chooses.
pub fn highlight(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let Some(code) = text(rest) else { return };
    let names: Vec<&str> = highlight::names().collect();
    let Some(name) = names.get(usize::from(*first) % names.len()) else { return };
    let runs = Standard.highlight(name, code).unwrap_or_default();
    let mut last = 0;
    for run in &runs {
        assert!(run.end > last && code.is_char_boundary(run.end), "{name}");
        last = run.end;
    }
    assert_eq!(last, code.len(), "{name}");
}

/// Rust source to items.
pub fn items(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    for item in rust::items(text) {
        assert!(text.get(item.span.range()).is_some());
    }
}

/// A Structurizr workspace that may include itself, and another one; what it shows is placed and written.
pub fn structurizr(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let world =
        MemoryWorld::new().with("a.dsl", text).with("b.dsl", "workspace {\nmodel {\nx = person X\n}\n}\n");
    picture(Language::Structurizr, &world, "a.dsl", text);
}

/// A Mermaid diagram, placed and written.
pub fn mermaid(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    picture(Language::Mermaid, &MemoryWorld::new(), "a.mmd", text);
    for kind in ["flowchart LR", "stateDiagram-v2", "sequenceDiagram", "C4Context"] {
        picture(Language::Mermaid, &MemoryWorld::new(), "a.mmd", &format!("{kind}\n{text}"));
    }
}

/// A DOT file; what it shows is placed and written.
pub fn dot(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    picture(Language::Dot, &MemoryWorld::new(), "a.dot", text);
    picture(Language::Dot, &MemoryWorld::new(), "a.dot", &format!("digraph {{\n{text}\n}}"));
}

/// A record of where elements stand: what is read is written, and read the same.
pub fn sidecar(bytes: &[u8]) {
    let Some(Ok(sidecar)) = text(bytes).map(Sidecar::parse) else { return };
    assert_eq!(Sidecar::parse(&sidecar.text()), Ok(sidecar));
}

/// Reads a source. Its graphs hold together; its sequences are placed and written, which is quick, and hold no script.
fn picture(language: Language, world: &MemoryWorld, file: &str, text: &str) {
    let Ok(file) = RelPath::parse(file) else { return };
    let reading = diagram::read(language, world, &file, text);
    let link = |link: &str| Some(link.to_owned());
    let style = svg::Style { prefix: "x", alone: false, link: &link };
    for view in &reading.views {
        match &view.picture {
            Picture::Graph(graph) => {
                assert_eq!(graph.clone().checked(), *graph);
                // Engines take milliseconds, and have tests of their own.
                if language == Language::Dot && graph.nodes.len() + graph.edges.len() <= 4 {
                    graph_is_safe(graph, &style);
                }
            }
            Picture::Sequence(sequence) => {
                if let Ok(plan) = diagram::sequence::place::place(sequence) {
                    let picture = svg::write_sequence(sequence, &plan, &style);
                    assert!(!picture.contains("<script") && !picture.contains("href=\"javascript"));
                    assert!(!picture.contains("=\"NaN"));
                }
            }
        }
    }
}

fn graph_is_safe(graph: &Graph, style: &svg::Style<'_>) {
    let Ok(placed) = arrange(graph, Wishes::default()) else { return };
    let picture = svg::write(graph, &placed.layout, &placed.measured, style);
    assert!(!picture.contains("<script") && !picture.contains("href=\"javascript"));
    assert!(!picture.contains("=\"NaN"));
}

/// A whole book: parts separated by NUL bytes are book.toml, SUMMARY.md and two pages.
pub fn book(bytes: &[u8]) {
    let mut parts = bytes.split(|byte| *byte == 0);
    let mut world = MemoryWorld::new();
    for name in ["book.toml", "src/SUMMARY.md", "src/a.md", "src/b/README.md"] {
        if let Some(part) = parts.next() {
            world.set(name, part);
        }
    }
    for project in pipeline::projects(&world, &RelPath::root()) {
        let checked =
            pipeline::run(&world, &project, Settings { pedantic: true, render: true, ..Settings::default() });
        checked.report.ledger_json().for_each(drop);
    }
}

/// A text as a runbook.
pub fn read_runbook(text: &str) -> runs::Runbook {
    let (world, file) =
        (MemoryWorld::new().with("p.md", text), RelPath::parse("p.md").unwrap_or_else(|_| RelPath::root()));
    let options = Options::new(Dialect::Book);
    let input = Input { file: &file, text, options: &options, highlighter: &Standard, world: &world };
    runs::convention::read(&file, &markdown::parse(&input))
}

/// A runbook: its convention, its plan, its fingerprint, what its own outputs are held against, and evidence.
pub fn runbook(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let world = MemoryWorld::new().with("p.md", text);
    let Ok(file) = RelPath::parse("p.md") else { return };
    let options = Options::new(Dialect::Book);
    let doc = markdown::parse(&Input {
        file: &file,
        text,
        options: &options,
        highlighter: &Standard,
        world: &world,
    });
    let runbook = runs::convention::read(&file, &doc);
    let mut names: Vec<&str> = runbook.steps.iter().map(|step| step.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    // A name that is there twice would be two steps in evidence.
    assert!(names.len() == runbook.steps.len() || !runbook.problems.is_empty());
    let target = runs::target::Target::default();
    let _ = runs::plan::text(&runbook, ("t", &target), false);
    assert_eq!(runs::evidence::fingerprint(&runbook).len(), 64);
    for step in &runbook.steps {
        let Some(expected) = &step.expected else { continue };
        let _ = runs::expected::compare(expected, &step.code);
    }
    let _ = runs::evidence::Evidence::read(text, "p");
    let _ = runs::target::Target::parse(text);
}
