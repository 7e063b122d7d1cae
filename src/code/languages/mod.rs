//! Python, Go, TypeScript and JavaScript, through tree-sitter's grammars. A tree is walked without recursion; text
//! with mistakes is read as far as it goes.

mod go;
mod python;
mod script;

use super::{Name, NameKind, reads_like_a_key};
use crate::base::Span;
use std::ops::ControlFlow;
use tree_sitter::{Language, Node, ParseOptions, Parser};

/// Larger files are generated or data; a tree takes about thirty times the memory of its text.
const LARGEST: usize = 1 << 20;

/// A language that is read through a grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grammar {
    /// Python.
    Python,
    /// Go.
    Go,
    /// TypeScript without JSX.
    TypeScript,
    /// JavaScript, and TypeScript with JSX.
    Script,
}

/// The grammar for files of this extension.
pub(super) fn grammar(extension: &str) -> Option<Grammar> {
    Some(match extension {
        "py" | "pyi" => Grammar::Python,
        "go" => Grammar::Go,
        "ts" | "mts" | "cts" => Grammar::TypeScript,
        "tsx" | "js" | "jsx" | "mjs" | "cjs" => Grammar::Script,
        _ => return None,
    })
}

fn tree(grammar: Grammar, source: &str) -> Option<tree_sitter::Tree> {
    if source.len() > LARGEST {
        return None;
    }
    let language: Language = match grammar {
        Grammar::Python => tree_sitter_python::LANGUAGE.into(),
        Grammar::Go => tree_sitter_go::LANGUAGE.into(),
        Grammar::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        Grammar::Script => tree_sitter_typescript::LANGUAGE_TSX.into(),
    };
    let mut parser = Parser::new();
    parser.set_language(&language).ok()?;
    // The parser asks once in a hundred steps, about one step a token; recovery from mistakes may take far more, and
    // nobody waits for it.
    let mut left = 500 + source.len() / 100;
    let mut watch = |_: &tree_sitter::ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut watch);
    let mut read = |at: usize, _| source.as_bytes().get(at..).unwrap_or(&[]);
    parser.parse_with_options(&mut read, None, Some(options))
}

/// The names of a file.
pub(super) fn names(grammar: Grammar, source: &str) -> Vec<Name> {
    let Some(tree) = tree(grammar, source) else { return Vec::new() };
    let mut reader = QueryReader { source, out: Vec::new() };
    walk(tree.root_node(), |node| match grammar {
        Grammar::Python => python::read(&mut reader, node),
        Grammar::Go => go::read(&mut reader, node),
        Grammar::TypeScript | Grammar::Script => script::read(&mut reader, node),
    });
    reader.out
}

/// The text without its comments.
pub(super) fn without_comments(grammar: Grammar, source: &str) -> Option<String> {
    let tree = tree(grammar, source)?;
    let mut out = String::with_capacity(source.len());
    let mut last = 0;
    walk(tree.root_node(), |node| {
        let range = node.byte_range();
        if node.kind() == "comment" && range.start >= last {
            out.push_str(source.get(last..range.start).unwrap_or(""));
            out.push(' ');
            last = range.end;
        }
    });
    out.push_str(source.get(last..).unwrap_or(""));
    Some(out)
}

/// Deeper nodes are not visited: asking for a parent costs the depth.
const DEEPEST: u32 = 100;

/// Every node, parents before children.
fn walk<'t>(root: Node<'t>, mut visit: impl FnMut(Node<'t>)) {
    let mut cursor = root.walk();
    loop {
        visit(cursor.node());
        if cursor.depth() < DEEPEST && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

struct QueryReader<'s> {
    source: &'s str,
    out: Vec<Name>,
}

impl<'s> QueryReader<'s> {
    fn text(&self, node: Node<'_>) -> &'s str {
        self.source.get(node.byte_range()).unwrap_or("")
    }

    /// The text of a named field of a node.
    fn field(&self, node: Node<'_>, name: &str) -> &'s str {
        node.child_by_field_name(name).map_or("", |child| self.text(child))
    }

    /// The value of a string literal without its quotes; none for one with holes.
    fn string(&self, node: Node<'_>) -> Option<&'s str> {
        let literal = matches!(
            node.kind(),
            "string" | "interpreted_string_literal" | "raw_string_literal" | "template_string"
        );
        let written = self.text(node).trim_start_matches(['r', 'b', 'f', 'u', 'R']);
        let inner = written.trim_matches(['"', '\'', '`']);
        (literal && !inner.contains("${") && !self.text(node).starts_with('f')).then_some(inner)
    }

    fn push(&mut self, kind: NameKind, text: &str, set: &str, at: Node<'_>, whole: Node<'_>) {
        let (span, whole) = (Span::from(at.byte_range()), Span::from(whole.byte_range()));
        self.out.push(Name { kind, text: text.to_owned(), set: set.to_owned(), span, whole, hidden: false });
    }

    /// A string that reads like a key.
    fn literal(&mut self, node: Node<'_>) {
        if let Some(text) = self.string(node).filter(|text| reads_like_a_key(text)) {
            self.push(NameKind::Literal, text, "", node, node);
        }
    }

    /// The string literals among a call's arguments, lists of them included.
    fn strings<'t>(&self, arguments: Node<'t>) -> Vec<(Node<'t>, &'s str)> {
        let mut out = Vec::new();
        for at in 0..arguments.named_child_count().min(32) {
            let Some(child) = child(arguments, at) else { continue };
            if let Some(text) = self.string(child) {
                out.push((child, text));
            }
        }
        out
    }
}

fn child(node: Node<'_>, at: usize) -> Option<Node<'_>> {
    node.named_child(u32::try_from(at).ok()?)
}

/// The nearest node around this one that is of a kind; at most a few levels up.
fn around<'t>(node: Node<'t>, kinds: &[&str], levels: usize) -> Option<Node<'t>> {
    let mut at = node;
    for _ in 0..levels {
        at = at.parent()?;
        if kinds.contains(&at.kind()) {
            return Some(at);
        }
    }
    None
}

/// A variable's name as people write it.
fn is_variable(text: &str) -> bool {
    text.len() > 2 && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// The long options in a declaration like `-p, --port <number>`.
fn long_options(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',', '=', '/', '|', '[', '<']).filter(|part| {
        part.strip_prefix("--").is_some_and(|rest| {
            rest.len() > 1 && rest.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        })
    })
}

/// `/users/{id}`, and `GET /users/{id}`.
fn route(text: &str) -> Option<&str> {
    let path = text.split_once(' ').map_or(text, |(method, path)| {
        if method.bytes().all(|b| b.is_ascii_uppercase()) { path } else { text }
    });
    (path.starts_with('/') && path.len() > 1 && !path.contains(' ')).then_some(path)
}
