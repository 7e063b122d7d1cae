//! How good layouts are, counted over the geometry and held against Graphviz's `dot`; how steady; how quick.
//!
//! Graphviz's own corpus (repository `ellson/MOTHBALLED-graphviz`) is looked for under `$OATHBOOK_CORPORA/graphviz` and
//! `../shared/corpora/graphviz`; the architecture graphs are in `tests/data/architecture`.

mod graphviz;

use crate::support::skip;
use graphviz::{accepted, corpus, dot, files, installed, measured};
use oathbook::base::RelPath;
use oathbook::diag::code;
use oathbook::diagram::arrange::{Placed, Wishes, arrange};
use oathbook::diagram::graph::{Edge, Graph, Head, Node, Target};
use oathbook::diagram::layout::quality::Quality;
use oathbook::diagram::sidecar::Positions;
use oathbook::diagram::{Language, Picture, Reading, read, svg};
use oathbook::world::MemoryWorld;
use std::path::{Path, PathBuf};

fn architecture() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/architecture");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn reading(text: &str) -> Reading {
    read(Language::Dot, &MemoryWorld::new(), &RelPath::parse("a.dot").unwrap(), text)
}

fn graph(text: &str) -> Option<Graph> {
    match reading(text).views.into_iter().next()?.picture {
        Picture::Graph(graph) => Some(graph),
        Picture::Sequence(_) => None,
    }
}

fn of_file(path: &Path) -> Graph {
    graph(&String::from_utf8_lossy(&std::fs::read(path).unwrap())).unwrap()
}

fn placed(graph: &Graph) -> Placed {
    arrange(graph, Wishes::default()).unwrap()
}

fn write(graph: &Graph, placed: &Placed) -> String {
    let link = |link: &str| Some(link.to_owned());
    let style = svg::Style { prefix: "d", alone: true, link: &link };
    svg::write(graph, &placed.layout, &placed.measured, &style)
}

/// Sums over graphs, ours beside those of `dot`.
#[derive(Default)]
struct Sums {
    ours: Quality,
    theirs: Quality,
    graphs: usize,
}

fn add(into: &mut Quality, of: &Quality) {
    into.crossings += of.crossings;
    into.node_overlaps += of.node_overlaps;
    into.edges_through_nodes += of.edges_through_nodes;
    into.edges_through_clusters += of.edges_through_clusters;
    into.nodes_in_clusters += of.nodes_in_clusters;
    into.label_hits += of.label_hits;
}

impl Sums {
    fn add(&mut self, name: &Path, ours: &Quality, theirs: &Quality) {
        if std::env::var_os("OATHBOOK_VERBOSE").is_some() {
            println!("{}: crossings {} (dot {}), {ours:?}", name.display(), ours.crossings, theirs.crossings);
        }
        add(&mut self.ours, ours);
        add(&mut self.theirs, theirs);
        self.graphs += 1;
    }

    fn judge(&self, what: &str, bar: f64) {
        let (ours, theirs) = (self.ours, self.theirs);
        #[expect(clippy::cast_precision_loss, reason = "a few thousand crossings")]
        let ratio = ours.crossings as f64 / theirs.crossings as f64;
        println!(
            "{what}: {} graphs; crossings {} (dot {}), ratio {ratio:.2} (bar {bar}); node overlaps {} ({}); edges through nodes {} ({}), through clusters {} ({}); nodes in foreign clusters {} ({}); label hits {} ({})",
            self.graphs,
            ours.crossings,
            theirs.crossings,
            ours.node_overlaps,
            theirs.node_overlaps,
            ours.edges_through_nodes,
            theirs.edges_through_nodes,
            ours.edges_through_clusters,
            theirs.edges_through_clusters,
            ours.nodes_in_clusters,
            theirs.nodes_in_clusters,
            ours.label_hits,
            theirs.label_hits
        );
        let broken = ours.node_overlaps + ours.edges_through_nodes + ours.edges_through_clusters;
        assert_eq!(broken + ours.nodes_in_clusters, 0, "{ours:?}");
        assert!(ours.label_hits <= 5 && ratio <= bar, "{ours:?} against {theirs:?}");
    }
}

/// Graphviz's own graphs, where there is a `dot` to hold them against.
fn graphviz_corpus() -> Option<PathBuf> {
    if !installed() {
        skip("graphviz", "no `dot` on the path");
        return None;
    }
    let found = corpus("graphviz");
    if found.is_none() {
        skip("corpus-graphviz", "put a checkout into $OATHBOOK_CORPORA/graphviz");
    }
    found
}

#[test]
#[cfg(feature = "elk")]
fn architecture_crosses_less_than_with_dot() {
    if !installed() {
        return skip("graphviz", "no `dot` on the path");
    }
    let mut sums = Sums::default();
    for path in architecture() {
        let (theirs, layout) = dot(&path).unwrap();
        let ours = of_file(&path);
        sums.add(&path, &Quality::of(&ours, &placed(&ours).layout), &Quality::of(&theirs, &layout));
    }
    sums.judge("architecture", 0.6);
}

#[test]
#[cfg(feature = "elk")]
fn graphs_of_graphviz_cross_hardly_more_than_with_dot() {
    let Some(root) = graphviz_corpus() else { return };
    let mut sums = Sums::default();
    for (path, theirs, layout) in measured(&root) {
        let ours = of_file(&path);
        sums.add(&path, &Quality::of(&ours, &placed(&ours).layout), &Quality::of(&theirs, &layout));
    }
    assert!(sums.graphs >= 100, "{} graphs", sums.graphs);
    sums.judge("corpus", 1.1);
}

#[test]
fn files_that_graphviz_accepts_are_read() {
    let Some(root) = graphviz_corpus() else { return };
    let (mut read, mut rejected, mut other) = (0, 0, 0);
    for path in files(&root) {
        let Ok(text) = String::from_utf8(std::fs::read(&path).unwrap()) else {
            other += 1;
            continue;
        };
        if !accepted(&path) {
            rejected += 1;
            continue;
        }
        let said = reading(&text);
        let wrong = said.problems.iter().find(|problem| problem.code == code::DIAGRAM_SYNTAX);
        assert!(wrong.is_none() && !said.views.is_empty(), "{}: {wrong:?}", path.display());
        read += 1;
    }
    println!("corpus: {read} files read; {rejected} that Graphviz rejects, {other} that are not UTF-8");
    assert!(read >= 250);
}

/// The same numbers in the same order on every machine (Knuth's multiplier, TAOCP 3.3.4).
struct Dice(u64);

impl Dice {
    fn below(&mut self, many: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % many
    }
}

/// A graph with one element more, related to one or two others, in the cluster of one of them.
fn grown(graph: &Graph, dice: &mut Dice) -> Graph {
    let mut out = graph.clone();
    let (one, other) = (dice.below(graph.nodes.len()), dice.below(graph.nodes.len()));
    let at = out.nodes.len();
    let parent = graph.nodes[one].parent;
    out.nodes.push(Node {
        id: "new element".into(),
        label: vec!["New element".into()],
        parent,
        ..Node::default()
    });
    out.edges.push(Edge::new(Target::Node(one), Target::Node(at)));
    if dice.below(2) == 0 && other != one {
        out.edges.push(Edge::new(Target::Node(at), Target::Node(other)));
    }
    out
}

/// A graph whose source says the same in another order.
fn reordered(graph: &Graph, dice: &mut Dice) -> Graph {
    let mut order: Vec<usize> = (0..graph.nodes.len()).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, dice.below(at + 1));
    }
    let mut out = graph.clone();
    let mut place = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        out.nodes[new] = graph.nodes[*old].clone();
        place[*old] = new;
    }
    for end in out.edges.iter_mut().flat_map(|edge| [&mut edge.from, &mut edge.to]) {
        if let Target::Node(node) = &mut end.target {
            *node = place[*node];
        }
    }
    for at in (1..out.edges.len()).rev() {
        out.edges.swap(at, dice.below(at + 1));
    }
    out
}

/// Mean move in node widths, and the share of pairs whose order from left to right or from top to bottom flipped.
#[expect(clippy::cast_precision_loss, reason = "a few nodes")]
fn moved(before: (&Graph, &Placed), after: (&Graph, &Placed)) -> (f64, f64) {
    let find = |id: &str| after.0.nodes.iter().position(|node| node.id == id);
    let pairs: Vec<_> = before
        .0
        .nodes
        .iter()
        .enumerate()
        .filter_map(|(at, node)| {
            let now = after.1.layout.nodes[find(&node.id)?];
            Some((before.1.layout.nodes[at], now))
        })
        .collect();
    let many = pairs.len() as f64;
    let width = pairs.iter().map(|(was, _)| was.width).sum::<f64>() / many;
    let step = pairs.iter().map(|(was, now)| {
        let (was, now) = (was.centre(), now.centre());
        (was.x - now.x).hypot(was.y - now.y)
    });
    let step = step.sum::<f64>() / many / width;
    let (mut flips, mut all) = (0.0, 0.0);
    for (at, one) in pairs.iter().enumerate() {
        for other in &pairs[at + 1..] {
            for axis in [|x: f64, _: f64| x, |_: f64, y: f64| y] {
                let apart = |a: &oathbook::diagram::layout::Rect, b: &oathbook::diagram::layout::Rect| {
                    axis(a.centre().x - b.centre().x, a.centre().y - b.centre().y)
                };
                all += 1.0;
                // What stood side by side to the pixel had no order.
                let (was, now) = (apart(&one.0, &other.0), apart(&one.1, &other.1));
                flips +=
                    f64::from(u8::from(was.abs() > 1.0 && now.abs() > 1.0 && was.signum() != now.signum()));
            }
        }
    }
    (step, flips / all)
}

#[test]
#[cfg(feature = "elk")]
fn pictures_keep_their_shape_when_the_text_changes_a_little() {
    let mut dice = Dice(7);
    let graphs: Vec<Graph> = architecture().iter().map(|path| of_file(path)).collect();
    let bases: Vec<(Placed, Positions)> = graphs
        .iter()
        .map(|graph| {
            // What is recorded is what `relayout` writes: the layout that is found again from its own positions.
            let positions = Positions::of(graph, &placed(graph).layout);
            let again = arrange(graph, Wishes { pinned: Some(&positions), ..Wishes::default() }).unwrap();
            (again, positions)
        })
        .collect();
    for (what, most, flips, change) in
        [("add", 0.25, 0.03, grown as fn(&Graph, &mut Dice) -> Graph), ("reorder", 0.1, 0.01, reordered)]
    {
        let (mut step, mut flipped, mut crossings) = (0.0, 0.0, (0, 0));
        for trial in 0..60 {
            let at = trial % graphs.len();
            let (base, positions) = &bases[at];
            let edited = change(&graphs[at], &mut dice);
            let after = arrange(&edited, Wishes { pinned: Some(positions), ..Wishes::default() }).unwrap();
            let (one, other) = moved((&graphs[at], base), (&edited, &after));
            if std::env::var_os("OATHBOOK_VERBOSE").is_some() {
                println!("{what} {at}: {one:.2} widths, {:.1} %", other * 100.0);
            }
            step += one / 60.0;
            flipped += other / 60.0;
            crossings.0 += Quality::of(&graphs[at], &base.layout).crossings;
            crossings.1 += Quality::of(&edited, &after.layout).crossings;
        }
        println!(
            "stability, {what}: 60 trials, mean move {step:.2} node widths (bar {most}), order flips {:.1} % (bar {:.0} %), crossings {} before, {} after",
            flipped * 100.0,
            flips * 100.0,
            crossings.0,
            crossings.1
        );
        assert!(step <= most && flipped <= flips);
    }
}

#[test]
fn pictures_are_the_same_bytes_in_every_run_and_on_every_thread() {
    let graphs: Vec<Graph> = architecture().iter().take(3).map(|path| of_file(path)).collect();
    let flat = graph("digraph { a -> b -> c; a -> c; b -> d; d -> a [label=back] }").unwrap();
    let picture = |graph: &Graph| arrange(graph, Wishes::default()).map(|placed| write(graph, &placed)).ok();
    let once: Vec<Option<String>> = graphs.iter().chain([&flat]).map(picture).collect();
    std::thread::scope(|scope| {
        for run in 0..20 {
            let (graphs, once, flat) = (&graphs, &once, &flat);
            scope.spawn(move || {
                let all: Vec<&Graph> = graphs.iter().chain([flat]).collect();
                // Each run begins with another graph, so that threads meet in every order; the large ones take turns.
                for at in [run % all.len(), all.len() - 1] {
                    assert!(picture(all[at]) == once[at], "run {run}, graph {at}");
                }
            });
        }
    });
}

#[test]
fn hostile_graphs_end_in_a_picture_or_a_refusal_in_time() {
    let lines = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let nested = format!(
        "digraph {{{}a{}}}",
        lines(20_000, &|at| format!("subgraph cluster_{at} {{")),
        "}".repeat(20_000)
    );
    let edges = format!("digraph {{{}}}", lines(100_000, &|at| format!("n{} -> n{};", at % 997, at % 991)));
    let fan =
        format!("digraph {{{}}}", lines(999, &|at| format!("n{at} -> n{}; n0 -> n{};", at + 1, at + 1)));
    let dense = format!("digraph {{{}}}", lines(3_600, &|at| format!("n{} -> n{};", at / 60, at % 60)));
    let two = format!("digraph {{{}}}", lines(1_600, &|at| format!("a{} -> b{};", at / 40, at % 40)));
    let some = format!("digraph {{{}}}", lines(144, &|at| format!("a{} -> b{};", at / 12, at % 12)));
    let wide = format!("digraph {{{}}}", lines(900, &|at| format!("hub -> n{at};")));
    for (name, text, refused) in [
        ("20,000 nested clusters", nested.as_str(), true),
        ("100,000 edges", &edges, true),
        ("a fan over a chain", &fan, true),
        ("all to all", &dense, true),
        ("all of 40 to 40 others", &two, true),
        ("all of 12 to 12 others", &some, false),
        ("a hub", &wide, false),
        ("a cycle", "digraph { a -> b -> c -> a }", false),
        ("self loops", "digraph { a -> a; a -> a [label=x]; a:n -> a:s; b -> b }", false),
        ("empty", "digraph {}", false),
        ("an empty cluster", "digraph { subgraph cluster_a { label=x } }", false),
        (
            "edges to clusters",
            "digraph { compound=true; subgraph cluster_a { a } subgraph cluster_b { b } a -> b [ltail=cluster_a lhead=cluster_b] }",
            false,
        ),
        (
            "ranks against edges",
            "digraph { a -> b -> c; {rank=min c} {rank=max a} {rank=same b d} a -> d [constraint=false] }",
            false,
        ),
        ("other scripts", "digraph { \"日本語\" -> Ünïcödé -> \"🦀\" [label=\"→ é\"] }", false),
    ] {
        let start = std::time::Instant::now();
        let said = reading(text);
        let too_large = said.problems.iter().any(crate::diagram_languages::is_too_large);
        assert_eq!(too_large, refused, "{name}: {:?}", said.problems.first());
        for view in &said.views {
            let Picture::Graph(graph) = &view.picture else { continue };
            if let Ok(placed) = arrange(graph, Wishes::default()) {
                assert!(!write(graph, &placed).contains("NaN"), "{name}");
            }
        }
        // Two seconds of an optimised program; tests are not, and share their machine.
        assert!(start.elapsed().as_secs() < 20, "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn labels_and_links_bring_no_script_into_a_picture() {
    let text = r#"digraph { a [label="</text><script>alert(1)</script>" URL="javascript:alert(1)" tooltip="\"><script>"];
        b [label=<<b>x</b>&lt;img onerror=1&gt;> URL=" java\tscript:alert(1)"]; c [URL="data:text/html,x"];
        subgraph cluster_x { label="<style>"; URL="vbscript:x"; d [URL="//elsewhere.example/x"] }
        a -> b [label="<svg onload=alert(1)>" URL="JaVaScRiPt:x"] }"#;
    let graph = graph(text).unwrap();
    let picture = write(&graph, &placed(&graph));
    for bad in [
        "<script",
        "javascript:",
        "JaVaScRiPt",
        "<img",
        "vbscript",
        "data:text",
        "<svg onload",
        "//elsewhere",
    ] {
        assert!(!picture.contains(bad), "{bad} in {picture}");
    }
    assert!(picture.contains("&lt;script&gt;"));
}

#[test]
fn what_a_layer_or_a_constraint_asks_for_is_drawn_or_said() {
    let said = |text: &str| -> Vec<String> {
        reading(text).problems.iter().map(|problem| format!("{} {}", problem.code, problem.subject)).collect()
    };
    assert_eq!(said("digraph { {rank=same a b} a -> c }"), ["diagram-not-drawn rank"]);
    assert_eq!(said("digraph { a -> b [constraint=false] }"), ["diagram-not-drawn constraint"]);
    assert_eq!(said("digraph { subgraph cluster_x { {rank=min a} a -> b } }"), ["diagram-not-drawn rank"]);
    assert!(said("digraph { {rank=max a} a -> b }").is_empty());
    let graph = graph("digraph { a -> b; a -> c; {rank=max c} b -> d [arrowhead=none] }").unwrap();
    assert_eq!(graph.edges[2].to.head, Head::None);
    let layout = placed(&graph).layout;
    let far = |at: usize| layout.nodes[at].centre().y + layout.nodes[at].centre().x;
    assert!(far(2) >= far(1), "the last layer holds c: {:?}", layout.nodes);
}
