//! Diagrams: text to graph to layout to picture.
//!
//! A language reads text into views, each a [`graph::Graph`]; an engine of [`layout`] places it; the drawing is an SVG.
//! Everything is total: what is wrong with a source is a [`Problem`] with its place, and the rest is drawn.

pub mod arrange;
pub mod colour;
pub mod dot;
pub mod geometry;
pub mod graph;
pub mod layout;
pub mod measure;
pub mod mermaid;
pub mod sequence;
pub mod sidecar;
pub mod structurizr;
pub mod svg;
pub mod text;

use crate::base::{ADDRESS_HELP, RelPath, forgiving_scheme, trusted};
use crate::diag::{Place, Problem, code};
use crate::world::World;
use graph::{Facts, Graph};

/// What an element can be bound to in the repository: a folder or file, an item of code, a part of an API document, a
/// service of Docker Compose, a workload of Kubernetes.
pub const BINDINGS: &[&str] = &["src", "item", "openapi", "compose", "k8s"];

/// What a language made of a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The pictures, in the order of the source.
    pub views: Vec<View>,
    /// What is wrong, or not drawn, in the order of the source.
    pub problems: Vec<Problem>,
}

/// One picture of a source.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Its name in the source; empty where a source is one picture without a name.
    pub key: String,
    /// What it shows.
    pub picture: Picture,
}

/// The sorts of pictures.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// Boxes and arrows.
    Graph(Graph),
    /// Messages in their order.
    Sequence(sequence::Sequence),
}

/// The languages of diagrams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Graphviz's.
    Dot,
    /// Mermaid's, which forges render in fences.
    Mermaid,
    /// Structurizr's: one model, many views.
    Structurizr,
}

/// The language of a file's ending or of a fence's first word.
pub fn language_of(name: &str) -> Option<Language> {
    match name.to_ascii_lowercase().as_str() {
        "dot" | "gv" | "graphviz" => Some(Language::Dot),
        "mermaid" | "mmd" => Some(Language::Mermaid),
        "dsl" | "structurizr" => Some(Language::Structurizr),
        _ => None,
    }
}

/// Reads a text of a language. Places are in bytes of `text`, or of the files that it includes from `world`.
pub fn read(language: Language, world: &dyn World, file: &RelPath, text: &str) -> Reading {
    let mut reading = match language {
        Language::Dot => dot::read(file, text),
        Language::Mermaid => mermaid::read(file, text),
        Language::Structurizr => structurizr::pictures(&structurizr::read(world, file, text)),
    };
    reading.problems.extend(too_large(file, &reading.views));
    reading.problems.extend(links(file, &reading.views));
    reading
}

/// Pictures that hold more than can be drawn.
pub fn too_large(file: &RelPath, views: &[View]) -> Vec<Problem> {
    let graphs = views.iter().filter_map(|view| match &view.picture {
        Picture::Graph(graph) => Some((view, graph)),
        Picture::Sequence(_) => None,
    });
    let refused = graphs.filter_map(|(view, graph)| Some((view, graph, arrange::too_large(graph)?)));
    refused
        .map(|(view, graph, refusal)| {
            let place = graph.nodes.first().and_then(|node| node.facts.place.clone());
            let place = place.unwrap_or_else(|| Place::whole(file.clone()));
            Problem::new(code::DIAGRAM_REFUSED, &place, &*view.key, refusal.0)
                .help("show parts of it in several pictures")
        })
        .collect()
}

/// Refused links of one source that are told.
const MOST_LINKS: usize = 200;

/// Links that lead nowhere a reader should be sent; the drawing leaves them out.
fn links(file: &RelPath, views: &[View]) -> Vec<Problem> {
    let mut out: Vec<Problem> = Vec::new();
    for facts in views.iter().flat_map(|view| facts(&view.picture)) {
        let place = facts.place.clone().unwrap_or_else(|| Place::whole(file.clone()));
        let problem = facts.link.as_deref().and_then(|link| link_problem(link, &place));
        // An element stands in several views.
        out.extend(problem.filter(|problem| !out.contains(problem)));
        if out.len() == MOST_LINKS {
            break;
        }
    }
    out
}

/// What elements of a picture carry.
fn facts(picture: &Picture) -> Vec<&Facts> {
    match picture {
        Picture::Graph(Graph { nodes, clusters, edges, .. }) => {
            let boxes = nodes.iter().map(|node| &node.facts);
            let around = clusters.iter().map(|cluster| &cluster.facts);
            boxes.chain(around).chain(edges.iter().map(|edge| &edge.facts)).collect()
        }
        Picture::Sequence(sequence) => {
            let mut out: Vec<&Facts> = sequence.actors.iter().map(|actor| &actor.facts).collect();
            out.extend(sequence.boxes.iter().map(|frame| &frame.facts));
            let mut left: Vec<&sequence::Item> = sequence.items.iter().collect();
            while let Some(item) = left.pop() {
                match item {
                    sequence::Item::Message(message) => out.push(&message.facts),
                    sequence::Item::Block(block) => {
                        left.extend(block.sections.iter().flat_map(|section| &section.items));
                    }
                    _ => {}
                }
            }
            out
        }
    }
}

/// What is wrong with a link, if anything is.
pub fn link_problem(link: &str, place: &Place) -> Option<Problem> {
    if link.trim().is_empty() || trusted(link).is_some() {
        return None;
    }
    let scheme = forgiving_scheme(link);
    let (subject, message) = match &scheme {
        Some(scheme) => (scheme.as_str(), format!("a link to `{scheme}:` is refused")),
        None => (link, "a link to another host without a scheme is refused".to_owned()),
    };
    Some(Problem::new(code::DIAGRAM_REFUSED, place, subject, message).help(ADDRESS_HELP))
}
