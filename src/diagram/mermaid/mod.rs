//! Mermaid: flowchart, state, C4 and sequence diagrams (<https://mermaid.js.org/intro/syntax-reference.html>), read by
//! parsers of our own, so that colours, links, dark mode and checks are those of every other diagram.

mod c4;
mod flow;
mod flow_text;
mod sequence;
mod shapes;
mod source;
mod state;

use super::{Picture, Reading, View};
use crate::base::RelPath;
use crate::diag::code;
use source::Source;

/// What a text is a picture of, by its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Flow,
    State,
    Sequence,
    C4,
}

/// The kinds that Mermaid has and oathbook does not draw.
const OTHERS: &[&str] = &[
    "classDiagram",
    "classDiagram-v2",
    "erDiagram",
    "gantt",
    "pie",
    "journey",
    "gitGraph",
    "mindmap",
    "timeline",
    "quadrantChart",
    "requirementDiagram",
    "requirement",
    "sankey",
    "sankey-beta",
    "xychart",
    "xychart-beta",
    "block",
    "block-beta",
    "packet",
    "packet-beta",
    "kanban",
    "architecture",
    "architecture-beta",
    "radar",
    "radar-beta",
    "treemap",
    "treemap-beta",
    "zenuml",
    "info",
    "venn-beta",
    "wardley-beta",
    "eventmodeling",
    "ishikawa",
    "ishikawa-beta",
    "treeView-beta",
];

/// Reads a Mermaid text. Places in the problems count from the beginning of `text`. A kind that is not drawn has no
/// view, and says so.
pub fn read(file: &RelPath, text: &str) -> Reading {
    let mut source = Source::new(file, text);
    let Some((word, span)) = source.header() else {
        let place = source.place(0..text.len().min(1));
        source.problem(
            code::DIAGRAM_SYNTAX,
            place,
            "mermaid",
            "the diagram is empty",
            "begin with its kind, for example `flowchart LR`",
        );
        return Reading { views: Vec::new(), problems: source.problems };
    };
    let sort = match word {
        "flowchart" | "graph" | "flowchart-elk" => Sort::Flow,
        "stateDiagram" | "stateDiagram-v2" => Sort::State,
        "sequenceDiagram" => Sort::Sequence,
        "C4Context" | "C4Container" | "C4Component" | "C4Dynamic" | "C4Deployment" => Sort::C4,
        other => {
            not_drawn(&mut source, other, span);
            return Reading { views: Vec::new(), problems: source.problems };
        }
    };
    let picture = match sort {
        Sort::Flow => Picture::Graph(flow::read(&mut source)),
        Sort::State => Picture::Graph(state::read(&mut source)),
        Sort::C4 => Picture::Graph(c4::read(&mut source, word == "C4Dynamic")),
        Sort::Sequence => Picture::Sequence(sequence::read(&mut source)),
    };
    let mut problems = source.problems;
    problems.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
    problems.dedup();
    Reading { views: vec![View { key: String::new(), picture }], problems }
}

fn not_drawn(source: &mut Source<'_>, word: &str, span: std::ops::Range<usize>) {
    let place = source.place(span);
    let known = OTHERS.iter().any(|other| word.trim_end_matches(':') == *other);
    let (kind, message) = if known {
        (code::DIAGRAM_NOT_DRAWN, format!("Mermaid's `{word}` is not drawn; its source is shown"))
    } else {
        (code::DIAGRAM_SYNTAX, format!("`{word}` is no kind of Mermaid diagram"))
    };
    let help = "drawn are flowchart, sequenceDiagram, stateDiagram-v2 and the C4 kinds";
    source.problem(kind, place, word, message, help);
}
