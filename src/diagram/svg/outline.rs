//! The picture in words: its elements, nested as they are, and its relations.

use super::{escape, named};
use crate::base::trusted;
use crate::diagram::graph::{Facts, Graph, Line, Target};

/// A list of all elements and relations, as HTML inside `<details>`; `link` is as in [`super::Style`].
pub fn outline(graph: &Graph, link: &dyn Fn(&str) -> Option<String>) -> String {
    let mut inside: Vec<Vec<Target>> = vec![Vec::new(); graph.clusters.len() + 1];
    let slot = |parent: Option<usize>| parent.map_or(0, |parent| parent + 1);
    for (at, cluster) in graph.clusters.iter().enumerate() {
        inside[slot(cluster.parent)].push(Target::Cluster(at));
    }
    for (at, node) in graph.nodes.iter().enumerate().filter(|(_, node)| node.facts.line != Line::Hidden) {
        inside[slot(node.parent)].push(Target::Node(at));
    }
    let mut out = String::from("<details class=\"diagram-text\"><summary>Elements and relations</summary>");
    elements(graph, &inside, 0, link, &mut out);
    let visible = graph.edges.iter().filter(|edge| edge.facts.line != Line::Hidden);
    let relations: Vec<String> = visible
        .map(|edge| {
            let name = |target: Target| match target {
                Target::Node(at) => plain(&graph.nodes[at].label, &graph.nodes[at].id),
                Target::Cluster(at) => plain(&graph.clusters[at].label, &graph.clusters[at].id),
            };
            let label = edge.label.join(" ");
            let technology =
                edge.facts.technology.as_ref().map_or(String::new(), |what| format!(" [{what}]"));
            let said = if label.is_empty() && technology.is_empty() {
                String::new()
            } else {
                format!(": {label}{technology}")
            };
            format!(
                "<li>{}</li>",
                escape(&format!("{} → {}{said}", name(edge.from.target), name(edge.to.target)))
            )
        })
        .collect();
    if !relations.is_empty() {
        out += "<ul>";
        out += &relations.concat();
        out += "</ul>";
    }
    out + "</details>"
}

fn plain(label: &[String], id: &str) -> String {
    if label.is_empty() { id.to_owned() } else { label.join(" ") }
}

/// Nesting is at most as deep as languages read (100).
fn elements(
    graph: &Graph,
    inside: &[Vec<Target>],
    at: usize,
    link: &dyn Fn(&str) -> Option<String>,
    out: &mut String,
) {
    if inside[at].is_empty() {
        return;
    }
    *out += "<ul>";
    for target in &inside[at] {
        let (label, id, facts): (_, _, &Facts) = match target {
            Target::Node(node) => {
                (&graph.nodes[*node].label, &graph.nodes[*node].id, &graph.nodes[*node].facts)
            }
            Target::Cluster(cluster) => (
                &graph.clusters[*cluster].label,
                &graph.clusters[*cluster].id,
                &graph.clusters[*cluster].facts,
            ),
        };
        *out += "<li>";
        let name = escape(&named(label, id, facts));
        match facts.link.as_deref().and_then(trusted).and_then(|to| link(&to)) {
            Some(to) => *out += &format!("<a href=\"{}\">{name}</a>", escape(&to)),
            None => *out += &name,
        }
        if let Some(description) = &facts.description {
            *out += &format!(": {}", escape(description));
        }
        if let Target::Cluster(cluster) = target {
            elements(graph, inside, cluster + 1, link, out);
        }
        *out += "</li>";
    }
    *out += "</ul>";
}
