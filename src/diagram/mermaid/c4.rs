//! C4 diagrams (<https://mermaid.js.org/syntax/c4.html>), whose macros are those of C4-PlantUML.

use super::super::colour;
use super::super::graph::{Cluster, Edge, Facts, Graph, Head, Line, Node, Shape, Target, Tone};
use super::source::{Source, SourceLine};
use crate::diag::{Nearest, code};
use std::collections::BTreeMap;

/// Boundaries deeper than this are drawn flat.
const DEEPEST: usize = 100;

/// The words of a macro.
struct Call<'t> {
    name: &'t str,
    plain: Vec<String>,
    named: BTreeMap<String, String>,
    opens: bool,
}

struct C4<'s, 't> {
    source: &'s mut Source<'t>,
    graph: Graph,
    known: BTreeMap<String, Target>,
    open: Vec<(usize, SourceLine<'t>)>,
    flat: usize,
    /// Relationships, until all elements are known.
    relations: Vec<(Call<'t>, SourceLine<'t>)>,
    numbered: bool,
    nearest: Nearest,
}

/// Reads the body of a C4 diagram; relationships of a dynamic one are numbered.
pub(super) fn read(source: &mut Source<'_>, numbered: bool) -> Graph {
    let lines = source.lines(false);
    let graph = Graph { legend: true, ..Graph::default() };
    let mut c4 = C4 {
        source,
        graph,
        known: BTreeMap::new(),
        open: Vec::new(),
        flat: 0,
        relations: Vec::new(),
        numbered,
        nearest: Nearest::default(),
    };
    let mut at = 0;
    while at < lines.len() {
        let taken = c4.source.accessible(&lines[at..]);
        if taken == 0 {
            c4.line(lines[at]);
        }
        at += taken.max(1);
    }
    c4.finish()
}

impl<'t> C4<'_, 't> {
    fn line(&mut self, line: SourceLine<'t>) {
        let text = line.text;
        if let Some(title) = text.strip_prefix("title ") {
            self.source.title = Some(title.trim().to_owned());
        } else if let Some(word) = text.strip_prefix("direction ") {
            self.graph.direction = super::flow::direction(word.trim());
        } else if text == "}" {
            self.end(line);
        } else if text == "{" {
            // The brace of a boundary whose line ended before it.
        } else if let Some(call) = self.call(line) {
            self.statement(call, line);
        } else {
            self.source.syntax(
                line.range(),
                text,
                format!("`{}` is not understood", text.chars().take(40).collect::<String>()),
                "write `System(alias, \"Name\")` or `Rel(a, b, \"Uses\")`",
            );
        }
    }

    fn end(&mut self, line: SourceLine<'t>) {
        if self.flat > 0 {
            self.flat -= 1;
        } else if self.open.pop().is_none() {
            self.source.syntax(line.range(), "}", "`}` closes no boundary", "remove it");
        }
    }

    /// `Name(word, "words", $key="words") {`
    fn call(&mut self, line: SourceLine<'t>) -> Option<Call<'t>> {
        let (name, rest) = line.text.split_once('(')?;
        let name = name.trim();
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return None;
        }
        let (mut parts, mut quoted, mut closed) = (vec![String::new()], false, None);
        for (at, c) in rest.char_indices() {
            match c {
                '"' => quoted = !quoted,
                ')' if !quoted => {
                    closed = Some(at);
                    break;
                }
                ',' if !quoted => {
                    parts.push(String::new());
                    continue;
                }
                _ => {}
            }
            if let Some(part) = parts.last_mut() {
                part.push(c);
            }
        }
        let opens = match closed {
            Some(at) => rest[at + 1..].trim() == "{",
            None => {
                self.source.syntax(line.range(), name, format!("`{name}(` is never closed"), "add `)`");
                false
            }
        };
        let mut call = Call { name, plain: Vec::new(), named: BTreeMap::new(), opens };
        for part in parts {
            let part = part.trim();
            match part.strip_prefix('$').and_then(|part| part.split_once('=')) {
                Some((key, value)) => {
                    call.named.insert(key.trim().to_owned(), value.trim().trim_matches('"').to_owned());
                }
                None => call.plain.push(part.trim_matches('"').trim().to_owned()),
            }
        }
        Some(call)
    }

    fn statement(&mut self, call: Call<'t>, line: SourceLine<'t>) {
        match call.name {
            name if name.starts_with("Rel") || name.starts_with("BiRel") => self.relations.push((call, line)),
            "UpdateElementStyle" | "UpdateBoundaryStyle" | "UpdateRelStyle" => {
                self.relations.push((call, line))
            }
            // Where Mermaid's own layout puts things.
            "UpdateLayoutConfig" => {
                self.source.undrawn(
                    line.range(),
                    call.name,
                    "`UpdateLayoutConfig` is not used: the layout is oathbook's",
                    "remove it",
                );
            }
            "AddElementTag" | "AddRelTag" | "AddBoundaryTag" => {
                self.source.undrawn(
                    line.range(),
                    call.name,
                    format!("`{}` is not drawn", call.name),
                    "style elements with `UpdateElementStyle`",
                );
            }
            name if name.ends_with("Boundary") || name == "Deployment_Node" || name.starts_with("Node") => {
                self.boundary(call, line)
            }
            _ => self.element(&call, line),
        }
    }

    fn facts(&mut self, call: &Call<'_>, line: SourceLine<'t>) -> Facts {
        let alias = call.plain.first().map_or("", String::as_str);
        let link = call.named.get("link").and_then(|url| self.source.link(url, line.range()));
        if call.named.contains_key("sprite") {
            self.source.undrawn(line.range(), "sprite", "a sprite is not drawn", "remove it");
        }
        let tags = call
            .named
            .get("tags")
            .map(|tags| tags.split('+').map(|tag| tag.trim().to_owned()).collect())
            .unwrap_or_default();
        Facts {
            place: Some(self.source.place(line.range())),
            bindings: self.source.bound(alias),
            link,
            tags,
            ..Facts::default()
        }
    }

    fn words(&mut self, call: &Call<'_>, at: usize, name: &str, line: SourceLine<'t>) -> Vec<String> {
        let raw = call.named.get(name).or_else(|| call.plain.get(at)).cloned().unwrap_or_default();
        self.source.label(&raw, line.start)
    }

    fn boundary(&mut self, call: Call<'t>, line: SourceLine<'t>) {
        if self.open.len() >= DEEPEST {
            if self.flat == 0 {
                let place = self.source.place(line.range());
                let message = format!("boundaries deeper than {DEEPEST} are drawn flat");
                self.source.problem(
                    code::DIAGRAM_REFUSED,
                    place,
                    call.name,
                    message,
                    "use fewer levels: no reader follows that many",
                );
            }
            self.flat += 1;
            return;
        }
        let mut facts = self.facts(&call, line);
        let node = !call.name.ends_with("Boundary");
        let sort = self.words(&call, 2, "type", line).join(" ");
        facts.kind = match call.name.strip_suffix("_Boundary") {
            Some(kind) => Some(if kind == "System" { "Software System".into() } else { kind.to_owned() }),
            None if node => Some("Deployment Node".into()),
            None => None,
        };
        facts.technology = Some(sort).filter(|sort| !sort.is_empty());
        facts.description =
            Some(self.words(&call, 3, "descr", line).join(" ")).filter(|words| node && !words.is_empty());
        facts.line = if node { Line::Solid } else { Line::Dashed };
        let alias = call.plain.first().cloned().unwrap_or_default();
        let mut label = self.words(&call, 1, "label", line);
        if label.is_empty() {
            label.push(alias.clone());
        }
        let parent = self.open.last().map(|(cluster, _)| *cluster);
        let cluster = self.graph.clusters.len();
        let id = self.unique(&alias, cluster, Target::Cluster(cluster), line);
        self.graph.clusters.push(Cluster { id, label, parent, facts });
        if call.opens || node || call.name.ends_with("Boundary") {
            self.open.push((cluster, line));
        }
    }

    /// Registers an alias; one that is used twice is a finding.
    fn unique(&mut self, alias: &str, number: usize, target: Target, line: SourceLine<'t>) -> String {
        if self.known.contains_key(alias) {
            self.source.syntax(
                line.range(),
                alias,
                format!("the alias `{alias}` is used twice"),
                "give each element an alias of its own",
            );
            return format!("{alias}#{number}");
        }
        self.known.insert(alias.to_owned(), target);
        alias.to_owned()
    }

    fn element(&mut self, call: &Call<'_>, line: SourceLine<'t>) {
        let external = call.name.ends_with("_Ext");
        let name = call.name.trim_end_matches("_Ext");
        let (base, shape) = match name {
            _ if name.ends_with("Db") => (&name[..name.len() - 2], Shape::Cylinder),
            _ if name.ends_with("Queue") => (&name[..name.len() - 5], Shape::Queue),
            "Person" => (name, Shape::Person),
            "Component" => (name, Shape::Component),
            _ => (name, Shape::Box),
        };
        let technical = matches!(base, "Container" | "Component");
        let kind = match base {
            "Person" | "Container" | "Component" => base.to_owned(),
            "System" => "Software System".to_owned(),
            _ => {
                let help = "known are Person, System, Container, Component with Db, Queue and _Ext, boundaries, and Rel";
                self.source.syntax(
                    line.range(),
                    call.name,
                    format!("`{}` is no macro of C4", call.name),
                    help,
                );
                return;
            }
        };
        let mut facts = self.facts(call, line);
        let description = self.words(call, if technical { 3 } else { 2 }, "descr", line).join(" ");
        let technology = if technical { self.words(call, 2, "techn", line).join(" ") } else { String::new() };
        facts.kind = Some(if external { format!("External {kind}") } else { kind });
        facts.technology = Some(technology).filter(|words| !words.is_empty());
        facts.description = Some(description).filter(|words| !words.is_empty());
        facts.tone = if external { Tone::Muted } else { Tone::Blue };
        let alias = call.plain.first().cloned().unwrap_or_default();
        let mut label = self.words(call, 1, "label", line);
        if label.is_empty() {
            label.push(alias.clone());
        }
        let at = self.graph.nodes.len();
        let id = self.unique(&alias, at, Target::Node(at), line);
        let parent = self.open.last().map(|(cluster, _)| *cluster);
        self.graph.nodes.push(Node { id, label, shape, parent, cells: None, facts });
    }

    fn finish(mut self) -> Graph {
        for (_, line) in std::mem::take(&mut self.open) {
            self.source.syntax(
                line.range(),
                "{",
                "the boundary is never closed",
                "add `}` on a line of its own",
            );
        }
        let mut number = 0;
        for (call, line) in std::mem::take(&mut self.relations) {
            if call.name.starts_with("Update") {
                self.restyle(&call, line);
            } else {
                number += 1;
                self.relation(&call, line, number);
            }
        }
        self.source.unbound();
        self.graph.title = self.source.acc_title.take().or_else(|| self.source.title.take());
        self.graph.description = self.source.acc_description.take();
        self.graph
    }

    fn target(&mut self, call: &Call<'_>, at: usize, line: SourceLine<'t>) -> Option<Target> {
        let alias = call.plain.get(at).map_or("", String::as_str);
        let found = self.known.get(alias).copied();
        if found.is_none() {
            let help = self.nearest.find("", alias, self.known.keys().map(String::as_str));
            let help = help.map_or_else(
                || "define it, or correct the alias".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let place = self.source.place(line.range());
            self.source.problem(
                code::DIAGRAM_SYNTAX,
                place,
                alias,
                format!("there is no element `{alias}`"),
                &help,
            );
        }
        found
    }

    fn relation(&mut self, call: &Call<'t>, line: SourceLine<'t>, number: usize) {
        let index = call.name == "RelIndex";
        let first = usize::from(index);
        let (Some(from), Some(to)) = (self.target(call, first, line), self.target(call, first + 1, line))
        else {
            return;
        };
        let mut edge = Edge::new(from, to);
        edge.label = self.words(call, first + 2, "label", line);
        if index || self.numbered {
            let number =
                if index { call.plain.first().cloned().unwrap_or_default() } else { number.to_string() };
            match edge.label.first_mut() {
                Some(label) => *label = format!("{number}: {label}"),
                None => edge.label.push(number),
            }
        }
        edge.facts = self.facts(call, line);
        edge.facts.technology =
            Some(self.words(call, first + 3, "techn", line).join(" ")).filter(|words| !words.is_empty());
        edge.facts.description =
            Some(self.words(call, first + 4, "descr", line).join(" ")).filter(|words| !words.is_empty());
        match call.name {
            "BiRel" | "BiRel_Neighbor" => edge.from.head = Head::Arrow,
            // The arrow points back; who stands first stays first.
            "Rel_Back" | "Rel_Back_Neighbor" => std::mem::swap(&mut edge.from.head, &mut edge.to.head),
            _ => {}
        }
        self.graph.edges.push(edge);
    }

    fn restyle(&mut self, call: &Call<'t>, line: SourceLine<'t>) {
        let tone = |names: &[&str]| {
            names.iter().find_map(|name| call.named.get(*name)).and_then(|value| colour::tone(value))
        };
        if call.name == "UpdateRelStyle" {
            let (Some(from), Some(to)) = (self.target(call, 0, line), self.target(call, 1, line)) else {
                return;
            };
            let Some(tone) = tone(&["lineColor", "textColor"]) else { return };
            for edge in
                self.graph.edges.iter_mut().filter(|edge| edge.from.target == from && edge.to.target == to)
            {
                edge.facts.tone = tone;
            }
            return;
        }
        let Some(target) = self.target(call, 0, line) else { return };
        let Some(tone) = tone(&["bgColor", "borderColor"]) else { return };
        match target {
            Target::Node(at) => self.graph.nodes[at].facts.tone = tone,
            Target::Cluster(at) => self.graph.clusters[at].facts.tone = tone,
        }
    }
}
