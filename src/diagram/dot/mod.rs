//! DOT, the language of Graphviz: the whole of it is read; what is not drawn is said.

mod attributes;
mod build;
mod label;
mod lexer;
mod parse;

use super::{Picture, Reading, View};
use crate::base::{RelPath, Span};
use crate::diag::{Place, Problem, code};
use lexer::Fault;

/// Reads a DOT text; each graph of it is a view, keyed by its name. Places are in bytes of `text`.
pub fn read(file: &RelPath, text: &str) -> Reading {
    let (tokens, mut faults) = lexer::tokens(text);
    let mut parser = parse::Parser::new(tokens);
    let files = parser.files();
    faults.append(&mut parser.faults);
    let place = |span: Span| Place { file: file.clone(), span };
    let mut problems: Vec<Problem> = faults
        .into_iter()
        .map(|Fault { message, help, span }| {
            let subject = text.get(span.range()).map(parse::shortened).unwrap_or_default();
            Problem::new(code::DIAGRAM_SYNTAX, &place(span), subject, message).help(help)
        })
        .collect();
    if let Some(span) = parser.too_deep {
        let message = "subgraphs are nested too deep to be drawn";
        let found = Problem::new(code::DIAGRAM_REFUSED, &place(span), "subgraph", message);
        problems.push(found.help("at most 100 levels are read; the rest of the file is left out"));
    }
    let mut views = Vec::new();
    for parsed in &files {
        let (graph, mut found) = build::graph(file, parsed);
        problems.append(&mut found);
        let key = parsed.id.as_ref().map(|id| id.id.text.clone()).unwrap_or_default();
        views.push(View { key, picture: Picture::Graph(graph) });
    }
    problems.sort_by(|a, b| (&a.place, &a.message).cmp(&(&b.place, &b.message)));
    Reading { views, problems }
}
