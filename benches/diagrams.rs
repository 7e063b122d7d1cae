//! Quality and speed of diagrams: crossings beside Graphviz's, processor time of a page's picture and of a large one.
//!
//! `cargo bench --bench diagrams` measures and prints; `-- --write` also records the table in
//! `content/developing/benchmarks.md`. Graphviz's corpus is looked for as in `tests/diagram_layout.rs`.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(clippy::disallowed_methods, reason = "a benchmark starts programs and writes files")]

#[path = "../tests/diagram_layout/graphviz.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod graphviz;

use oathbook::base::RelPath;
use oathbook::diagram::arrange::{Wishes, arrange};
use oathbook::diagram::graph::Graph;
use oathbook::diagram::layout::quality::Quality;
use oathbook::diagram::{Language, Picture, read, svg};
use oathbook::world::MemoryWorld;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const HEADING: &str = "## Diagrams";

fn main() -> Outcome<()> {
    let mut out = format!(
        "{HEADING}\n\n`cargo bench --bench diagrams`; `cargo test --test main diagram_layout -- --nocapture` for the geometry.\n\n"
    );
    writeln!(out, "| what | figure | bar |\n|---|---|---|")?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut own: Vec<PathBuf> = std::fs::read_dir(root.join("tests/data/architecture"))?
        .flatten()
        .map(|entry| entry.path())
        .collect();
    own.sort();
    quality(&mut out, &own)?;
    speed(&mut out, &own)?;
    for recorded in [false, true] {
        handbook(&mut out, &root.join("diagrams"), recorded)?;
    }
    println!("{out}");
    if std::env::args().any(|argument| argument == "--write") {
        record(&out)?;
    }
    Ok(())
}

/// Puts the report where the page has this section, or behind the last one.
fn record(report: &str) -> Outcome<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/developing/benchmarks.md");
    let page = std::fs::read_to_string(&path)?;
    let (before, after) = match page.find(HEADING) {
        Some(at) => {
            let end = page[at + 1..].find("\n## ").map_or(page.len(), |n| at + 1 + n + 1);
            (&page[..at], &page[end..])
        }
        None => (page.as_str(), ""),
    };
    let gap = if after.is_empty() { "" } else { "\n" };
    Ok(std::fs::write(&path, format!("{}\n\n{report}{gap}{after}", before.trim_end()))?)
}

fn graph(text: &str) -> Option<Graph> {
    let reading = read(Language::Dot, &MemoryWorld::new(), &RelPath::parse("a.dot").ok()?, text);
    match reading.views.into_iter().next()?.picture {
        Picture::Graph(graph) => Some(graph),
        Picture::Sequence(_) => None,
    }
}

fn draw(graph: &Graph) -> usize {
    let style = svg::Style { prefix: "d", alone: false, link: &|_| None };
    arrange(graph, Wishes::default())
        .map_or(0, |placed| svg::write(graph, &placed.layout, &placed.measured, &style).len())
}

fn quality(out: &mut String, own: &[PathBuf]) -> Outcome<()> {
    let mut sets: Vec<(&str, &str, Vec<_>)> = Vec::new();
    if graphviz::installed() {
        let architecture =
            own.iter().filter_map(|path| graphviz::dot(path).map(|(g, l)| (path.clone(), g, l)));
        sets.push(("architecture graphs of our own", "0.6", architecture.collect()));
        if let Some(corpus) = graphviz::corpus("graphviz") {
            sets.push(("graphs of Graphviz's corpus", "1.1", graphviz::measured(&corpus)));
        }
    }
    for (name, bar, graphs) in sets {
        let (mut ours, mut theirs, mut hits, mut broken) = (0, 0, (0, 0), (0, 0));
        let count = graphs.len();
        for (path, dots, layout) in graphs {
            let Some(graph) = graph(&String::from_utf8_lossy(&std::fs::read(&path)?)) else { continue };
            let Ok(placed) = arrange(&graph, Wishes::default()) else { continue };
            let (us, them) = (Quality::of(&graph, &placed.layout), Quality::of(&dots, &layout));
            let wrong = |q: &Quality| q.node_overlaps + q.edges_through_nodes + q.edges_through_clusters;
            ours += us.crossings;
            theirs += them.crossings;
            hits = (hits.0 + us.label_hits, hits.1 + them.label_hits);
            broken = (broken.0 + wrong(&us), broken.1 + wrong(&them));
        }
        #[expect(clippy::cast_precision_loss, reason = "a few thousand crossings")]
        let ratio = ours as f64 / theirs as f64;
        writeln!(out, "| crossings, {count} {name} | {ours}, `dot` {theirs}: {ratio:.2} | {bar} |")?;
        writeln!(
            out,
            "| overlaps, edges through nodes or foreign clusters, there | {}, `dot` {} | 0 |",
            broken.0, broken.1
        )?;
        writeln!(
            out,
            "| labels on labels, nodes or other edges, there | {}, `dot` {} | 5 |",
            hits.0, hits.1
        )?;
    }
    Ok(())
}

/// What each picture of the handbook costs from nothing, the start of the program included: with the positions that
/// are recorded beside its model, or placed afresh.
fn handbook(out: &mut String, diagrams: &Path, recorded: bool) -> Outcome<()> {
    const TIMES: u32 = 40;
    let file = RelPath::parse("a.dsl").map_err(|_| "a.dsl")?;
    let scratch = std::env::temp_dir().join(format!("oathbook-bench-diagrams-{}", std::process::id()));
    std::fs::create_dir_all(&scratch)?;
    let mut costs = Vec::new();
    for model in std::fs::read_dir(diagrams)?.flatten().map(|entry| entry.path()) {
        if model.extension().is_none_or(|extension| extension != "dsl") {
            continue;
        }
        let text = std::fs::read_to_string(&model)?;
        let alone = scratch.join(model.file_name().unwrap_or_default());
        std::fs::write(&alone, &text)?;
        let source = if recorded { &model } else { &alone };
        let reading = read(Language::Structurizr, &MemoryWorld::new(), &file, &text);
        for view in reading.views {
            let start = cpu_of_children();
            for _ in 0..TIMES {
                let mut command = Command::new(env!("CARGO_BIN_EXE_oathbook"));
                command.args(["diagram", "render", "--view", &view.key, "-o"]).arg(scratch.join("out.svg"));
                if !command.arg(source).stderr(Stdio::null()).status()?.success() {
                    return Err(format!("{} was not drawn", view.key).into());
                }
            }
            costs.push((cpu_of_children() - start) / f64::from(TIMES) * 1000.0);
        }
    }
    std::fs::remove_dir_all(&scratch)?;
    costs.sort_by(f64::total_cmp);
    let how = if recorded { "with recorded positions" } else { "placed afresh" };
    if let (Some(middle), Some(worst)) = (costs.get(costs.len() / 2), costs.last()) {
        let many = costs.len();
        writeln!(
            out,
            "| a picture of the handbook, {how}, whole program, CPU, {many} pictures | median {middle:.0} ms, worst {worst:.0} ms | 20 ms |"
        )?;
    }
    Ok(())
}

/// Processor time of this process in seconds: the kernel counts hundredths.
fn cpu() -> f64 {
    ticks(11) + ticks(12)
}

/// The same of all programs that it started and that have ended.
fn cpu_of_children() -> f64 {
    ticks(13) + ticks(14)
}

/// A field of `/proc/self/stat`, counted from behind the program's name, in seconds.
fn ticks(field: usize) -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    after.split_whitespace().nth(field).and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 100.0
}

fn timed(times: u32, work: impl Fn() -> usize) -> f64 {
    let start = cpu();
    for _ in 0..times {
        std::hint::black_box(work());
    }
    (cpu() - start) / f64::from(times)
}

fn speed(out: &mut String, own: &[PathBuf]) -> Outcome<()> {
    let mut costs = Vec::new();
    for path in own {
        if let Some(graph) = graph(&std::fs::read_to_string(path)?) {
            costs.push(timed(10, || draw(&graph)) * 1000.0);
        }
    }
    costs.sort_by(f64::total_cmp);
    if let (Some(middle), Some(worst)) = (costs.get(costs.len() / 2), costs.last()) {
        writeln!(
            out,
            "| an architecture graph, read to drawn, CPU | median {middle:.0} ms, worst {worst:.0} ms | 20 ms |"
        )?;
    }
    // A random graph without cycles, 1.4 edges a node, as the engines were compared with at first.
    let mut dice = 7_u64;
    let mut below = |many: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(dice >> 33).unwrap_or(0) % many
    };
    let mut text = String::from("digraph {");
    for node in 1..1_000 {
        write!(text, "n{} -> n{node};", below(node))?;
        if node % 5 < 2 {
            write!(text, "n{} -> n{node};", below(node))?;
        }
    }
    text.push('}');
    if let Some(graph) = graph(&text) {
        writeln!(
            out,
            "| 1,000 nodes, {} edges, CPU | {:.2} s | 1 s |",
            graph.edges.len(),
            timed(3, || draw(&graph))
        )?;
    }
    Ok(())
}
