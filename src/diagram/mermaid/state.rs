//! State diagrams (<https://mermaid.js.org/syntax/stateDiagram.html>).

use super::super::graph::{
    Cluster, Direction, Edge, End, Facts, Graph, Head, Line, Node, Rank, RankKind, Shape, Target, Tone,
};
use super::flow::direction;
use super::source::{Source, SourceLine};
use crate::diag::code;
use std::collections::BTreeMap;
use std::ops::Range;

/// States in states deeper than this are drawn flat.
const DEEPEST: usize = 100;

/// A state that others are in, or the whole diagram.
#[derive(Default)]
struct Scope {
    cluster: Option<usize>,
    /// The part between two `--`, where there are some.
    region: Option<usize>,
    /// Its first line, to say where it began.
    start: usize,
    id: String,
}

/// A state: a box, or a frame once something is in it.
#[derive(Clone, Copy)]
enum State {
    Node(usize),
    Cluster(usize),
}

struct States<'s, 't> {
    source: &'s mut Source<'t>,
    graph: Graph,
    known: BTreeMap<String, State>,
    scopes: Vec<Scope>,
    flat: usize,
    /// Nodes that became frames.
    framed: BTreeMap<usize, usize>,
    classes: BTreeMap<String, (String, Range<usize>)>,
    given: Vec<(String, String, Range<usize>)>,
    styles: Vec<(String, String, Range<usize>)>,
}

/// Reads the body of a state diagram.
pub(super) fn read(source: &mut Source<'_>) -> Graph {
    let lines = source.lines(true);
    let mut states = States {
        source,
        graph: Graph::default(),
        known: BTreeMap::new(),
        scopes: vec![Scope::default()],
        flat: 0,
        framed: BTreeMap::new(),
        classes: BTreeMap::new(),
        given: Vec::new(),
        styles: Vec::new(),
    };
    let mut at = 0;
    while at < lines.len() {
        at += states.statement(&lines[at..]).max(1);
    }
    states.finish()
}

impl<'t> States<'_, 't> {
    /// Reads the statement that begins with the first line; how many lines it took.
    fn statement(&mut self, lines: &[SourceLine<'t>]) -> usize {
        let taken = self.source.accessible(lines);
        if taken > 0 {
            return taken;
        }
        let line = lines[0];
        let (word, rest) = line.text.split_once(char::is_whitespace).unwrap_or((line.text, ""));
        match word {
            "}" => self.end(line),
            "--" => self.region(line),
            "state" => self.state(line, rest.trim()),
            "note" => return self.note(lines),
            "direction" if direction(rest.trim()).is_some() => self.direction(line, rest.trim()),
            "classDef" => {
                let (names, css) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest, ""));
                for name in names.split(',') {
                    self.classes.insert(name.trim().to_owned(), (css.to_owned(), line.range()));
                }
            }
            "class" => {
                if let Some((ids, class)) = rest.trim().rsplit_once(char::is_whitespace) {
                    self.given.extend(
                        ids.split(',')
                            .map(|id| (id.trim().to_owned(), class.trim().to_owned(), line.range())),
                    );
                }
            }
            "style" => {
                let (ids, css) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest, ""));
                self.styles
                    .extend(ids.split(',').map(|id| (id.trim().to_owned(), css.to_owned(), line.range())));
            }
            "click" => self.click(line, rest.trim()),
            "scale" | "hide" => {
                self.source.undrawn(line.range(), word, format!("`{word}` is not drawn"), "remove it");
            }
            _ if line.text.contains("-->") => self.transition(line),
            _ => self.described(line),
        }
        1
    }

    /// Where new elements go.
    fn parent(&self) -> Option<usize> {
        self.scopes.last().and_then(|scope| scope.region.or(scope.cluster))
    }

    fn node(&mut self, id: &str, start: usize) -> State {
        if let Some(known) = self.known.get(id) {
            return *known;
        }
        let bindings = self.source.bound(id);
        let facts =
            Facts { place: Some(self.source.place(start..start + id.len())), bindings, ..Facts::default() };
        self.graph.nodes.push(Node {
            id: id.to_owned(),
            label: vec![id.to_owned()],
            parent: self.parent(),
            facts,
            ..Node::default()
        });
        let state = State::Node(self.graph.nodes.len() - 1);
        self.known.insert(id.to_owned(), state);
        state
    }

    /// The beginning or the end of the part that this line is in.
    fn pseudo(&mut self, shape: Shape, start: usize) -> State {
        let scope = self.parent().map_or_else(|| "root".to_owned(), |at| self.graph.clusters[at].id.clone());
        let id = format!("[*]{scope}{}", if shape == Shape::Start { "start" } else { "end" });
        let fresh = !self.known.contains_key(&id);
        let state = self.node(&id, start);
        if let (true, State::Node(at)) = (fresh, state) {
            self.graph.nodes[at].shape = shape;
            self.graph.nodes[at].label.clear();
            self.graph.nodes[at].facts.place = Some(self.source.place(start..start + 3));
        }
        state
    }

    /// One end of a transition: `[*]`, a name, a name with a class.
    fn party(&mut self, text: &str, start: usize, pseudo: Shape) -> State {
        let (id, class) =
            text.split_once(":::").map_or((text.trim(), None), |(id, class)| (id.trim(), Some(class.trim())));
        if id == "[*]" {
            return self.pseudo(pseudo, start);
        }
        if let Some(class) = class {
            self.given.push((id.to_owned(), class.to_owned(), start..start + text.len()));
        }
        self.node(id, start)
    }

    fn transition(&mut self, line: SourceLine<'t>) {
        let Some((from, rest)) = line.text.split_once("-->") else { return };
        let offset = from.len() + 3;
        // `B:::class : words`
        let colon = rest.match_indices(':').find(|(at, _)| {
            !rest[*at..].starts_with(":::") && !rest[..*at].ends_with(':') && !rest[..*at].ends_with("::")
        });
        let (to, words) = match colon {
            Some((at, _)) => (&rest[..at], Some((&rest[at + 1..], line.start + offset + at + 1))),
            None => (rest, None),
        };
        if from.trim().is_empty() || to.trim().is_empty() {
            self.source.syntax(
                line.range(),
                "-->",
                "a transition leads from a state to a state",
                "write `A --> B`",
            );
            return;
        }
        let lead = to.len() - to.trim_start().len();
        let from = self.party(from.trim(), line.start, Shape::Start);
        let to = self.party(to.trim(), line.start + offset + lead, Shape::End);
        let mut edge = Edge::new(Target::Node(0), Target::Node(0));
        edge.label = words.map(|(words, at)| self.source.label(words, at)).unwrap_or_default();
        edge.facts.place = Some(self.source.place(line.range()));
        (edge.from.target, edge.to.target) = (target(from), target(to));
        self.graph.edges.push(edge);
    }

    /// `id : words`, or a name alone.
    fn described(&mut self, line: SourceLine<'t>) {
        let (name, class) =
            line.text.split_once(":::").map_or((line.text, None), |(id, class)| (id, Some(class.trim())));
        let (id, words) = match name.split_once(':') {
            Some((id, words)) if class.is_none() => (id.trim(), Some(words)),
            _ => (name.trim(), None),
        };
        if id.is_empty() || id.contains(['{', '}', '"', '<', '>']) {
            self.source.syntax(
                line.range(),
                line.text,
                format!("`{}` is not understood", line.text),
                "write `A --> B`, `A : words` or `state A {`",
            );
            return;
        }
        let state = self.node(id, line.start);
        if let Some(class) = class {
            self.given.push((id.to_owned(), class.to_owned(), line.range()));
        }
        if let Some(words) = words {
            let words = self.source.label(words, line.start);
            self.describe(state, id, words);
        }
    }

    /// More than one description of a state stand below each other, under its first.
    fn describe(&mut self, state: State, id: &str, words: Vec<String>) {
        let label = match state {
            State::Node(at) => &mut self.graph.nodes[at].label,
            State::Cluster(at) => &mut self.graph.clusters[at].label,
        };
        if label.as_slice() == [id.to_owned()] {
            label.clear();
        }
        label.extend(words);
    }

    /// `state "words" as id`, `state id <<fork>>`, `state id {`.
    fn state(&mut self, line: SourceLine<'t>, rest: &'t str) {
        let opens = rest.ends_with('{');
        let mut head = rest.trim_end_matches('{').trim();
        let mut words = None;
        if let Some((label, id)) = head.strip_prefix('"').and_then(|inner| inner.split_once('"')) {
            let id = id.trim().strip_prefix("as").map(str::trim).filter(|id| !id.is_empty());
            words = Some(self.source.label(label, line.start));
            head = id.unwrap_or(label);
        }
        let (head, class) =
            head.split_once(":::").map_or((head, None), |(id, class)| (id.trim(), Some(class.trim())));
        let shape = [("fork", Shape::Bar), ("join", Shape::Bar), ("choice", Shape::Diamond)]
            .into_iter()
            .find_map(|(name, shape)| {
                let id = head
                    .strip_suffix(&format!("<<{name}>>"))
                    .or_else(|| head.strip_suffix(&format!("[[{name}]]")))?;
                Some((id.trim(), shape))
            });
        let id = shape.map_or(head, |(id, _)| id);
        if id.is_empty() {
            self.source.syntax(
                line.range(),
                "state",
                "a state has a name",
                "write `state A` or `state \"Words\" as a`",
            );
            return;
        }
        let state = self.node(id, line.start + line.text.find(id).unwrap_or(0));
        if let (Some((_, shape)), State::Node(at)) = (shape, state) {
            self.graph.nodes[at].shape = shape;
            self.graph.nodes[at].label.clear();
        }
        if let Some(words) = words {
            self.describe(state, id, words);
        }
        if let Some(class) = class {
            self.given.push((id.to_owned(), class.to_owned(), line.range()));
        }
        if opens {
            self.open(id, state, line);
        }
    }

    fn open(&mut self, id: &str, state: State, line: SourceLine<'t>) {
        if self.scopes.len() > DEEPEST {
            if self.flat == 0 {
                let place = self.source.place(line.range());
                let message = format!("states deeper than {DEEPEST} are drawn flat");
                self.source.problem(
                    code::DIAGRAM_REFUSED,
                    place,
                    id,
                    message,
                    "use fewer levels: no reader follows that many",
                );
            }
            self.flat += 1;
            return;
        }
        let cluster = match state {
            State::Cluster(at) => at,
            State::Node(at) => {
                let node = &self.graph.nodes[at];
                let (label, facts) = (node.label.clone(), node.facts.clone());
                // Named before it was opened, it may be known from another part; it stands where it is opened.
                let parent = self.parent();
                self.graph.clusters.push(Cluster { id: id.to_owned(), label, parent, facts });
                let cluster = self.graph.clusters.len() - 1;
                self.framed.insert(at, cluster);
                self.known.insert(id.to_owned(), State::Cluster(cluster));
                cluster
            }
        };
        self.scopes.push(Scope {
            cluster: Some(cluster),
            region: None,
            start: line.start,
            id: id.to_owned(),
        });
    }

    fn end(&mut self, line: SourceLine<'t>) {
        if self.flat > 0 {
            self.flat -= 1;
        } else if self.scopes.len() > 1 {
            self.scopes.pop();
        } else {
            self.source.syntax(line.range(), "}", "`}` closes no state", "remove it");
        }
    }

    /// `--`: what follows happens at the same time as what stood before.
    fn region(&mut self, line: SourceLine<'t>) {
        let Some(scope) = self.scopes.last_mut() else { return };
        let Some(cluster) = scope.cluster else {
            self.source.syntax(
                line.range(),
                "--",
                "`--` stands outside of a state",
                "open a state around what happens at the same time",
            );
            return;
        };
        let (first, id) = (scope.region.is_none(), scope.id.clone());
        let place = Some(self.source.place(line.range()));
        let make = |graph: &mut Graph| {
            let facts = Facts { line: Line::Dashed, place: place.clone(), ..Facts::default() };
            let number = graph.clusters.len();
            graph.clusters.push(Cluster {
                id: format!("{id}/{number}"),
                label: Vec::new(),
                parent: Some(cluster),
                facts,
            });
            number
        };
        if first {
            // What stood before is a part as well.
            let before = make(&mut self.graph);
            for node in &mut self.graph.nodes {
                if node.parent == Some(cluster) {
                    node.parent = Some(before);
                }
            }
            self.known.retain(|id, _| !id.starts_with(&format!("[*]{}", self.graph.clusters[cluster].id)));
        }
        let region = make(&mut self.graph);
        if let Some(scope) = self.scopes.last_mut() {
            scope.region = Some(region);
        }
    }

    fn direction(&mut self, line: SourceLine<'t>, word: &str) {
        if self.scopes.len() == 1 {
            self.graph.direction = direction(word);
        } else if direction(word) != self.graph.direction {
            let message =
                "the direction of a state is not drawn: transitions lead one way in all of the picture";
            self.source.undrawn(
                line.range(),
                "direction",
                message,
                "give the direction to the whole diagram",
            );
        }
    }

    /// `note right of A : words`, or with its words on lines of their own up to `end note`.
    fn note(&mut self, lines: &[SourceLine<'t>]) -> usize {
        let line = lines[0];
        let rest = line.text["note".len()..].trim();
        let side = rest.strip_prefix("right of").or_else(|| rest.strip_prefix("left of")).map(str::trim);
        let Some(rest) = side else {
            self.source.syntax(
                line.range(),
                "note",
                "a note stands right or left of a state",
                "write `note right of A : words`",
            );
            return 1;
        };
        let (id, mut words, taken) = match rest.split_once(':') {
            Some((id, words)) => (id.trim(), self.source.label(words, line.start), 1),
            None => {
                let end = lines.iter().position(|line| line.text == "end note");
                let inner = &lines[1..end.unwrap_or(lines.len())];
                let words = inner.iter().flat_map(|line| self.source.label(line.text, line.start)).collect();
                if end.is_none() {
                    self.source.syntax(line.range(), "note", "the note is never closed", "add `end note`");
                }
                (rest, words, inner.len() + 2)
            }
        };
        words.retain(|line| !line.is_empty());
        let target = target(self.node(id, line.start + line.text.find(id).unwrap_or(0)));
        let number = self.graph.nodes.len();
        let facts =
            Facts { place: Some(self.source.place(line.range())), tone: Tone::Amber, ..Facts::default() };
        let parent = self.graph.parent(target);
        self.graph.nodes.push(Node {
            id: format!("note {number} of {id}"),
            label: words,
            shape: Shape::Note,
            parent,
            facts,
            ..Node::default()
        });
        let mut edge = Edge::new(target, Target::Node(number));
        edge.to = End::node(number).with(Head::None);
        edge.facts.line = Line::Dotted;
        self.graph.edges.push(edge);
        taken
    }

    /// `click A "address" "tooltip"`, `click A href "address"`.
    fn click(&mut self, line: SourceLine<'t>, rest: &str) {
        let id = rest.split_whitespace().next().unwrap_or_default();
        let mut quoted = rest.split('"').skip(1).step_by(2);
        let (Some(url), State::Node(at)) = (quoted.next(), self.node(id, line.start)) else {
            self.source.undrawn(
                line.range(),
                id,
                format!("a click on `{id}` is not drawn"),
                "write `click A \"page.md\"`",
            );
            return;
        };
        self.graph.nodes[at].facts.link = self.source.link(url, line.range());
        self.graph.nodes[at].facts.tooltip = quoted.next().map(str::to_owned);
    }

    fn finish(mut self) -> Graph {
        for scope in self.scopes.drain(1..) {
            self.source.syntax(
                scope.start..scope.start + 5,
                &scope.id,
                format!("the state `{}` is never closed", scope.id),
                "add `}` on a line of its own",
            );
        }
        self.paint();
        self.source.unbound();
        // Frames take the place of the nodes they were when they were first named.
        let mut targets = Vec::new();
        let mut kept = Vec::new();
        for (at, node) in std::mem::take(&mut self.graph.nodes).into_iter().enumerate() {
            if let Some(cluster) = self.framed.get(&at) {
                targets.push(Target::Cluster(*cluster));
            } else {
                targets.push(Target::Node(kept.len()));
                kept.push(node);
            }
        }
        self.graph.nodes = kept;
        for edge in &mut self.graph.edges {
            for end in [&mut edge.from, &mut edge.to] {
                if let Target::Node(at) = end.target {
                    end.target = targets[at];
                }
            }
        }
        let top = |shape: Shape| {
            let nodes = self.graph.nodes.iter().enumerate();
            nodes
                .filter(move |(_, node)| node.shape == shape && node.parent.is_none())
                .map(|(at, _)| at)
                .collect::<Vec<_>>()
        };
        let ranks = [(RankKind::First, top(Shape::Start)), (RankKind::Last, top(Shape::End))];
        self.graph.ranks.extend(
            ranks
                .into_iter()
                .filter(|(_, nodes)| !nodes.is_empty())
                .map(|(kind, nodes)| Rank { kind, nodes }),
        );
        // A bar lies across what forks from it.
        if self.graph.direction.is_none() && self.graph.nodes.iter().any(|node| node.shape == Shape::Bar) {
            self.graph.direction = Some(Direction::Down);
        }
        self.graph.title = self.source.acc_title.take().or_else(|| self.source.title.take());
        self.graph.description = self.source.acc_description.take();
        self.graph
    }

    fn paint(&mut self) {
        let mut jobs = Vec::new();
        for (id, class, range) in std::mem::take(&mut self.given) {
            match self.classes.get(&class) {
                Some((css, defined)) => jobs.push((id, css.clone(), defined.clone())),
                None => {
                    let message = format!("there is no class `{class}`");
                    self.source.undrawn(range, &class, message, "define it: `classDef name fill:#f96`");
                }
            }
        }
        jobs.extend(std::mem::take(&mut self.styles));
        for (id, css, range) in jobs {
            match self.known.get(&id) {
                Some(State::Node(at)) => self.source.css(&css, range, &mut self.graph.nodes[*at].facts),
                Some(State::Cluster(at)) => self.source.css(&css, range, &mut self.graph.clusters[*at].facts),
                None => {
                    let help = "correct the name; the beginning and the end of a diagram have no style";
                    self.source.undrawn(range, &id, format!("there is no state `{id}` to style"), help);
                }
            }
        }
    }
}

fn target(state: State) -> Target {
    match state {
        State::Node(at) => Target::Node(at),
        State::Cluster(at) => Target::Cluster(at),
    }
}
