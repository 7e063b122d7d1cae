//! DOT tokens to statements. What is no statement is a fault, and reading goes on behind it.

use super::lexer::{Fault, Form, Id, Token, TokenKind};
use crate::base::Span;

/// Deeper subgraphs are not read: no diagram that people read nests so, and each level costs stack.
const DEEPEST: usize = 100;

/// A word with its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    pub id: Id,
    pub span: Span,
}

/// `key = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub key: Word,
    pub value: Word,
}

/// A whole `graph` or `digraph`.
#[derive(Clone, Debug, Default)]
pub(super) struct File {
    pub strict: bool,
    pub directed: bool,
    pub id: Option<Word>,
    pub body: Vec<Statement>,
}

#[derive(Clone, Debug)]
pub(super) enum Statement {
    /// `node [...]`, `edge [...]`, `graph [...]`, `key = value`.
    Defaults(Of, Vec<Attribute>),
    /// `a -> b -> c [...]`, and a node or subgraph alone.
    Chain { ends: Vec<End>, directed: Vec<bool>, attributes: Vec<Attribute>, span: Span },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Graph,
    Node,
    Edge,
}

#[derive(Clone, Debug)]
pub(super) enum End {
    Node { id: Word, port: Vec<Word> },
    Subgraph(Subgraph),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Subgraph {
    pub id: Option<Word>,
    pub body: Vec<Statement>,
    pub span: Span,
}

pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    pub faults: Vec<Fault>,
    /// Where subgraphs were nested too deep, if they were.
    pub too_deep: Option<Span>,
}

impl Parser {
    pub(super) fn new(tokens: Vec<Token>) -> Self {
        Self { tokens, at: 0, depth: 0, faults: Vec::new(), too_deep: None }
    }

    /// Reads all graphs of a file.
    pub(super) fn files(&mut self) -> Vec<File> {
        let mut out = Vec::new();
        while self.peek().kind != TokenKind::End && self.too_deep.is_none() {
            let before = self.at;
            out.extend(self.file());
            if self.at == before {
                self.at += 1;
            }
        }
        out
    }

    fn peek(&self) -> &Token {
        // The last token is the end.
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn is_sign(&self, sign: char) -> bool {
        self.peek().kind == TokenKind::Sign(sign)
    }

    fn take_sign(&mut self, sign: char) -> bool {
        let is = self.is_sign(sign);
        self.at += usize::from(is);
        is
    }

    fn keyword(&self) -> Option<&'static str> {
        let TokenKind::Id(Id { text, form: Form::Plain }) = &self.peek().kind else { return None };
        ["strict", "graph", "digraph", "node", "edge", "subgraph"]
            .into_iter()
            .find(|word| text.eq_ignore_ascii_case(word))
    }

    fn take_keyword(&mut self, word: &str) -> bool {
        let is = self.keyword() == Some(word);
        self.at += usize::from(is);
        is
    }

    fn fault(&mut self, message: String, help: &'static str) {
        let span = self.peek().span;
        if self.faults.len() < 100 && self.faults.last().is_none_or(|last| last.span != span) {
            self.faults.push(Fault { message, help, span });
        }
    }

    fn seen(&self) -> String {
        match &self.peek().kind {
            TokenKind::Id(id) if id.form == Form::Quoted => format!("\"{}\"", shortened(&id.text)),
            TokenKind::Id(id) => format!("`{}`", shortened(&id.text)),
            TokenKind::Sign(sign) => format!("`{sign}`"),
            TokenKind::Arrow { directed: true } => "`->`".into(),
            TokenKind::Arrow { directed: false } => "`--`".into(),
            TokenKind::End => "the end of the text".into(),
        }
    }

    fn word(&mut self) -> Option<Word> {
        if self.keyword().is_some() {
            return None;
        }
        let TokenKind::Id(id) = &self.peek().kind else { return None };
        let word = Word { id: id.clone(), span: self.peek().span };
        self.at += 1;
        Some(word)
    }

    fn file(&mut self) -> Option<File> {
        let strict = self.take_keyword("strict");
        let directed = self.take_keyword("digraph");
        if !directed && !self.take_keyword("graph") {
            let seen = self.seen();
            self.fault(
                format!("expected `digraph` or `graph`, found {seen}"),
                "a DOT file begins with `digraph {`",
            );
            // On to the next graph, so that one stray word gives one finding.
            while self.peek().kind != TokenKind::End
                && !matches!(self.keyword(), Some("strict" | "graph" | "digraph"))
            {
                self.at += 1;
            }
            return None;
        }
        let id = self.word();
        if !self.take_sign('{') {
            let seen = self.seen();
            self.fault(format!("expected `{{`, found {seen}"), "the graph's statements stand in braces");
            return None;
        }
        let body = self.statements();
        self.close();
        Some(File { strict, directed, id, body })
    }

    fn close(&mut self) {
        if self.too_deep.is_none() && !self.take_sign('}') {
            let seen = self.seen();
            self.fault(format!("expected `}}`, found {seen}"), "each `{` needs its `}`");
        }
    }

    fn statements(&mut self) -> Vec<Statement> {
        let mut out = Vec::new();
        while !self.is_sign('}') && self.peek().kind != TokenKind::End && self.too_deep.is_none() {
            if self.take_sign(';') {
                continue;
            }
            let before = self.at;
            out.extend(self.statement());
            if self.at == before {
                let seen = self.seen();
                self.fault(
                    format!("expected a node, an edge or an attribute, found {seen}"),
                    "a statement is `a -> b`, `a [label=\"…\"]` or `key=value`",
                );
                self.at += 1;
            }
        }
        out
    }

    fn statement(&mut self) -> Option<Statement> {
        let of = match self.keyword() {
            Some("node") => Some(Of::Node),
            Some("edge") => Some(Of::Edge),
            Some("graph") => Some(Of::Graph),
            _ => None,
        };
        if let Some(of) = of {
            self.at += 1;
            let attributes = self.attribute_lists();
            return Some(Statement::Defaults(of, attributes));
        }
        let start = self.peek().span;
        let first = self.end()?;
        if let (End::Node { id, port }, true) = (&first, self.is_sign('='))
            && port.is_empty()
        {
            self.at += 1;
            let key = id.clone();
            let value = self.value(&key);
            return Some(Statement::Defaults(Of::Graph, vec![Attribute { key, value }]));
        }
        let (mut ends, mut directed) = (vec![first], Vec::new());
        while let TokenKind::Arrow { directed: arrow } = self.peek().kind {
            self.at += 1;
            let Some(end) = self.end() else {
                let seen = self.seen();
                self.fault(
                    format!("expected a node or a subgraph behind the arrow, found {seen}"),
                    "an edge is `a -> b`",
                );
                break;
            };
            ends.push(end);
            directed.push(arrow);
        }
        let attributes = self.attribute_lists();
        Some(Statement::Chain { ends, directed, attributes, span: start })
    }

    fn value(&mut self, key: &Word) -> Word {
        if let TokenKind::Id(id) = &self.peek().kind {
            let word = Word { id: id.clone(), span: self.peek().span };
            self.at += 1;
            return word;
        }
        let seen = self.seen();
        self.fault(
            format!("expected a value for `{}`, found {seen}", shortened(&key.id.text)),
            "values with other signs than letters, digits and _ stand in quotation marks",
        );
        Word { id: Id::default(), span: key.span }
    }

    /// `[a=b, c] [d=e;]`.
    fn attribute_lists(&mut self) -> Vec<Attribute> {
        let mut out = Vec::new();
        while self.take_sign('[') {
            while !self.is_sign(']') {
                if self.take_sign(',') || self.take_sign(';') {
                    continue;
                }
                let Some(key) = self.any_word() else {
                    let seen = self.seen();
                    self.fault(
                        format!("expected an attribute or `]`, found {seen}"),
                        "each `[` needs its `]`",
                    );
                    break;
                };
                let value = if self.take_sign('=') {
                    self.value(&key)
                } else {
                    // `[bold]` is `[bold=true]`.
                    Word { id: Id { text: "true".into(), form: Form::Plain }, span: key.span }
                };
                out.push(Attribute { key, value });
            }
            if !self.take_sign(']') {
                break;
            }
        }
        out
    }

    fn any_word(&mut self) -> Option<Word> {
        let TokenKind::Id(id) = &self.peek().kind else { return None };
        let word = Word { id: id.clone(), span: self.peek().span };
        self.at += 1;
        Some(word)
    }

    fn end(&mut self) -> Option<End> {
        if self.keyword() == Some("subgraph") || self.is_sign('{') {
            return Some(End::Subgraph(self.subgraph()));
        }
        let id = self.word()?;
        let mut port = Vec::new();
        while port.len() < 2 && self.take_sign(':') {
            let Some(word) = self.any_word() else {
                let seen = self.seen();
                self.fault(format!("expected a port behind `:`, found {seen}"), "a port is `node:port:side`");
                break;
            };
            port.push(word);
        }
        Some(End::Node { id, port })
    }

    fn subgraph(&mut self) -> Subgraph {
        let span = self.peek().span;
        let named = self.take_keyword("subgraph");
        let id = if named { self.word() } else { None };
        let mut out = Subgraph { id, body: Vec::new(), span };
        if !self.is_sign('{') {
            // `subgraph name` alone speaks of one that was defined before.
            return out;
        }
        self.next();
        self.depth += 1;
        if self.depth > DEEPEST {
            self.too_deep = Some(span);
            return out;
        }
        out.body = self.statements();
        self.depth -= 1;
        self.close();
        out
    }
}

/// At most 40 characters of a text, for messages.
pub(super) fn shortened(text: &str) -> String {
    let line = text.split('\n').next().unwrap_or("");
    if line.chars().count() <= 40 { line.to_owned() } else { line.chars().take(39).chain(['…']).collect() }
}
