//! DOT statements to a graph: defaults and scopes, clusters, edges between groups, attributes.

use super::attributes::{self, Use};
use super::label;
use super::lexer::Form;
use super::parse::{Attribute, End as Written, File, Of, Statement, Subgraph, Word, shortened};
use crate::base::{RelPath, Span, Steps};
use crate::diag::{Place, Problem, code, nearest};
use crate::diagram::colour;
use crate::diagram::graph::{
    Binding, Cell, Cluster, Direction, Edge, End, Facts, Graph, Head, Line, Node, Rank, RankKind, Shape,
    Target, Tone,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Bytes of attributes that may be given to elements, with what elements and memberships count: defaults and
/// `{a..z} -> {a..z}` multiply. 0.5 s.
const MOST_MADE: u64 = 32 << 20;
/// What an element counts.
const ELEMENT: usize = 150;

type Attributes = BTreeMap<String, Word>;

/// What holds inside a pair of braces.
#[derive(Clone, Default)]
struct Scope {
    node: Attributes,
    edge: Attributes,
    graph: Attributes,
    cluster: Option<usize>,
}

struct RawNode {
    id: Word,
    attributes: Attributes,
    parent: Option<usize>,
}

struct RawCluster {
    id: String,
    attributes: Attributes,
    parent: Option<usize>,
    span: Span,
}

struct RawEdge {
    from: (usize, Vec<Word>),
    to: (usize, Vec<Word>),
    attributes: Attributes,
    span: Span,
}

struct Builder<'f> {
    file: &'f RelPath,
    strict: bool,
    nodes: Vec<RawNode>,
    by_id: HashMap<String, usize>,
    clusters: Vec<RawCluster>,
    edges: Vec<RawEdge>,
    /// Members of named subgraphs, which may be opened again.
    groups: HashMap<String, (Option<usize>, Vec<usize>)>,
    pairs: HashSet<(usize, usize)>,
    ranks: Vec<(Rank, Span)>,
    problems: Vec<Problem>,
    not_drawn: BTreeMap<String, (Span, usize)>,
    made: Steps,
    gave_up: bool,
}

/// Makes the graph of one file, and says what is not drawn.
pub(super) fn graph(file: &RelPath, parsed: &File) -> (Graph, Vec<Problem>) {
    let mut builder = Builder {
        file,
        strict: parsed.strict,
        nodes: Vec::new(),
        by_id: HashMap::new(),
        clusters: Vec::new(),
        edges: Vec::new(),
        groups: HashMap::new(),
        pairs: HashSet::new(),
        ranks: Vec::new(),
        problems: Vec::new(),
        not_drawn: BTreeMap::new(),
        made: Steps::new(MOST_MADE),
        gave_up: false,
    };
    let mut scope = Scope::default();
    let mut members = Vec::new();
    builder.statements(&parsed.body, &mut scope, &mut members, parsed.directed);
    builder.finish(parsed, &scope.graph)
}

/// Adds an attribute; the last one wins.
fn put(into: &mut Attributes, attributes: &[Attribute]) {
    for attribute in attributes {
        into.insert(attribute.key.id.text.clone(), attribute.value.clone());
    }
}

/// What a copy of attributes counts.
fn weight(attributes: &Attributes) -> usize {
    attributes.iter().map(|(key, value)| key.len() + value.id.text.len() + 50).sum()
}

fn word<'a>(attributes: &'a Attributes, key: &str) -> Option<&'a str> {
    attributes.get(key).map(|word| word.id.text.as_str())
}

fn truth(value: Option<&str>) -> Option<bool> {
    let value = value?;
    match value.to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        other => other.parse::<i64>().ok().map(|number| number != 0),
    }
}

impl Builder<'_> {
    fn place(&self, span: Span) -> Place {
        Place { file: self.file.clone(), span }
    }

    fn problem(&mut self, code: &'static str, subject: &str, message: String, help: &str, span: Span) {
        let place = self.place(span);
        self.problems.push(Problem::new(code, &place, subject, message).help(help));
    }

    /// Counts what is made; whether more may be. Says once when not.
    fn make(&mut self, weight: usize, span: Span) -> bool {
        let more = self.made.take(weight as u64);
        if !more && !std::mem::replace(&mut self.gave_up, true) {
            let message =
                "gave up here: what defaults, groups and edges between groups make is too much".to_owned();
            self.problem(
                code::DIAGRAM_REFUSED,
                "graph",
                message,
                "what follows is left out; split the picture",
                span,
            );
        }
        more
    }

    /// Says of attributes that are not drawn or not known, once for each name.
    fn judge(&mut self, attributes: &[Attribute]) {
        for Attribute { key, .. } in attributes {
            let name = &key.id.text;
            match attributes::use_of(name) {
                Use::Drawn | Use::Silent => {}
                Use::NotDrawn | Use::Unknown => {
                    self.not_drawn.entry(name.clone()).or_insert((key.span, 0)).1 += 1;
                }
            }
        }
    }

    fn statements(
        &mut self,
        body: &[Statement],
        scope: &mut Scope,
        members: &mut Vec<usize>,
        directed: bool,
    ) {
        for statement in body {
            if self.made.spent() {
                return;
            }
            match statement {
                Statement::Defaults(of, attributes) => {
                    self.judge(attributes);
                    let into = match of {
                        Of::Graph => &mut scope.graph,
                        Of::Node => &mut scope.node,
                        Of::Edge => &mut scope.edge,
                    };
                    put(into, attributes);
                }
                Statement::Chain { ends, directed: arrows, attributes, span } => {
                    self.chain((ends, arrows), attributes, *span, scope, members, directed);
                }
            }
        }
    }

    fn chain(
        &mut self,
        (ends, arrows): (&[Written], &[bool]),
        attributes: &[Attribute],
        span: Span,
        scope: &mut Scope,
        members: &mut Vec<usize>,
        directed: bool,
    ) {
        self.judge(attributes);
        let alone = ends.len() == 1;
        let mut met: Vec<Vec<(usize, Vec<Word>)>> = Vec::new();
        for end in ends {
            met.push(match end {
                Written::Node { id, port } => {
                    let index = self.node(id, scope, if alone { attributes } else { &[] });
                    members.push(index);
                    vec![(index, port.clone())]
                }
                Written::Subgraph(subgraph) => {
                    let inside = self.subgraph(subgraph, scope, directed);
                    members.extend(&inside);
                    inside.into_iter().map(|node| (node, Vec::new())).collect()
                }
            });
        }
        if let Some(wrong) = arrows.iter().position(|arrow| *arrow != directed) {
            let (seen, wanted) = if arrows[wrong] { ("->", "--") } else { ("--", "->") };
            let kind = if directed { "digraph" } else { "graph" };
            self.problem(
                code::DIAGRAM_SYNTAX,
                seen,
                format!("`{seen}` in a `{kind}`"),
                &format!("a `{kind}` has edges with `{wanted}`"),
                span,
            );
        }
        if met.len() < 2 || !self.make(weight(&scope.edge), span) {
            return;
        }
        let mut with = scope.edge.clone();
        put(&mut with, attributes);
        for pair in met.windows(2) {
            self.product(&pair[0], &pair[1], &with, span, directed);
        }
    }

    /// Edges from each of `left` to each of `right`.
    fn product(
        &mut self,
        left: &[(usize, Vec<Word>)],
        right: &[(usize, Vec<Word>)],
        attributes: &Attributes,
        span: Span,
        directed: bool,
    ) {
        let each = ELEMENT + weight(attributes);
        for from in left {
            for to in right {
                if !self.make(each, span) {
                    return;
                }
                let pair = if directed || from.0 <= to.0 { (from.0, to.0) } else { (to.0, from.0) };
                if self.strict && !self.pairs.insert(pair) {
                    continue;
                }
                let (from, to) = (from.clone(), to.clone());
                self.edges.push(RawEdge { from, to, attributes: attributes.clone(), span });
            }
        }
    }

    fn node(&mut self, id: &Word, scope: &Scope, attributes: &[Attribute]) -> usize {
        let name = &id.id.text;
        let index = match self.by_id.get(name) {
            Some(index) => *index,
            None => {
                self.make(ELEMENT + weight(&scope.node), id.span);
                self.by_id.insert(name.clone(), self.nodes.len());
                self.nodes.push(RawNode { id: id.clone(), attributes: scope.node.clone(), parent: None });
                self.nodes.len() - 1
            }
        };
        put(&mut self.nodes[index].attributes, attributes);
        self.settle(index, scope.cluster, id.span);
        index
    }

    /// A node belongs to the first cluster that names it, and deeper in it if a cluster inside names it.
    fn settle(&mut self, node: usize, cluster: Option<usize>, span: Span) {
        let Some(cluster) = cluster else { return };
        let inside = |outer: usize, clusters: &[RawCluster]| {
            std::iter::successors(Some(cluster), |at| clusters[*at].parent).any(|at| at == outer)
        };
        match self.nodes[node].parent {
            None => self.nodes[node].parent = Some(cluster),
            Some(now) if now == cluster => {}
            Some(now) if inside(now, &self.clusters) => self.nodes[node].parent = Some(cluster),
            Some(now) => {
                let outer =
                    std::iter::successors(Some(now), |at| self.clusters[*at].parent).any(|at| at == cluster);
                if !outer {
                    let id = self.nodes[node].id.id.text.clone();
                    let message = format!(
                        "`{}` is in `{}` already, so `{}` does not hold it",
                        shortened(&id),
                        shortened(&self.clusters[now].id),
                        shortened(&self.clusters[cluster].id)
                    );
                    self.problem(code::DIAGRAM_NOT_DRAWN, &id, message, "a node stands in one cluster", span);
                }
            }
        }
    }

    fn subgraph(&mut self, subgraph: &Subgraph, outer: &Scope, directed: bool) -> Vec<usize> {
        let name = subgraph.id.as_ref().map(|id| id.id.text.clone());
        let known = name.as_ref().and_then(|name| self.groups.get(name).cloned());
        let copied = weight(&outer.node) + weight(&outer.edge) + weight(&outer.graph);
        let members = known.as_ref().map_or(0, |(_, members)| members.len());
        if !self.make(copied + members * 8, subgraph.id.as_ref().map_or(subgraph.span, |id| id.span)) {
            return Vec::new();
        }
        let mut scope = outer.clone();
        scope.graph.remove("label");
        scope.graph.remove("rank");
        scope.graph.remove("cluster");
        let says = |key: &str| {
            subgraph.body.iter().any(|statement| match statement {
                Statement::Defaults(Of::Graph, attributes) => attributes.iter().any(|attribute| {
                    attribute.key.id.text == key && truth(Some(&attribute.value.id.text)) == Some(true)
                }),
                _ => false,
            })
        };
        let cluster = name.as_ref().is_some_and(|name| name.starts_with("cluster")) || says("cluster");
        let (before, mut members) = known.unwrap_or_default();
        if cluster {
            let index = before.unwrap_or_else(|| {
                let id = name.clone().unwrap_or_else(|| format!("cluster-{}", self.clusters.len() + 1));
                self.clusters.push(RawCluster {
                    id,
                    attributes: Attributes::new(),
                    parent: outer.cluster,
                    span: subgraph.id.as_ref().map_or(subgraph.span, |id| id.span),
                });
                self.clusters.len() - 1
            });
            scope.cluster = Some(index);
        }
        self.statements(&subgraph.body, &mut scope, &mut members, directed);
        members.dedup();
        if let (true, Some(index)) = (cluster, scope.cluster) {
            self.clusters[index].attributes.append(&mut scope.graph.clone());
        }
        self.made.take(members.len() as u64 * 16);
        self.rank(&scope.graph, &members);
        let mut seen = HashSet::new();
        members.retain(|node| seen.insert(*node));
        if let Some(name) = name {
            self.groups.insert(name, (scope.cluster.filter(|_| cluster), members.clone()));
        }
        members
    }

    fn rank(&mut self, attributes: &Attributes, members: &[usize]) {
        let Some(rank) = attributes.get("rank") else { return };
        let kind = match rank.id.text.as_str() {
            "same" => RankKind::Same,
            "min" | "source" => RankKind::First,
            "max" | "sink" => RankKind::Last,
            other => {
                let message = format!("`{}` is no rank", shortened(other));
                let span = rank.span;
                self.problem(
                    code::DIAGRAM_SYNTAX,
                    "rank",
                    message,
                    "ranks are same, min, max, source and sink",
                    span,
                );
                return;
            }
        };
        let mut nodes = members.to_vec();
        nodes.sort_unstable();
        nodes.dedup();
        self.ranks.push((Rank { kind, nodes }, rank.span));
    }

    /// The first and the last layer can be asked for, by elements in no cluster; others are said to be not drawn.
    fn honoured_ranks(&mut self, graph: &Graph) -> Vec<Rank> {
        let mut out = Vec::new();
        for (rank, span) in std::mem::take(&mut self.ranks) {
            let within = rank.nodes.iter().any(|node| graph.nodes[*node].parent.is_some());
            let message = match rank.kind {
                RankKind::Same => "that elements stand on one layer is not drawn",
                _ if within => "that elements within a cluster stand first or last is not drawn",
                _ => {
                    out.push(rank);
                    continue;
                }
            };
            let help =
                "layers follow from the edges; an edge with `style=invis` puts its head below its tail";
            self.problem(code::DIAGRAM_NOT_DRAWN, "rank", message.to_owned(), help, span);
        }
        out
    }

    fn finish(mut self, parsed: &File, root: &Attributes) -> (Graph, Vec<Problem>) {
        let name = parsed.id.as_ref().map_or("", |id| id.id.text.as_str());
        let direction = word(root, "rankdir").and_then(|value| match value.to_ascii_uppercase().as_str() {
            "TB" => Some(Direction::Down),
            "LR" => Some(Direction::Right),
            "BT" => Some(Direction::Up),
            "RL" => Some(Direction::Left),
            _ => None,
        });
        let title = root.get("label").map(|value| text_lines(value, &[('G', name)]).join(" "));
        let mut graph = Graph {
            title: title.filter(|title| !title.is_empty()),
            description: word(root, "description").or_else(|| word(root, "tooltip")).map(str::to_owned),
            direction,
            ..Graph::default()
        };
        for raw in std::mem::take(&mut self.clusters) {
            let cluster = self.cluster(&raw, name);
            graph.clusters.push(cluster);
        }
        let beside = !direction.is_some_and(Direction::horizontal);
        for raw in std::mem::take(&mut self.nodes) {
            let node = self.finished_node(&raw, name, beside);
            graph.nodes.push(node);
        }
        let meet = Meet::of(&graph);
        for raw in std::mem::take(&mut self.edges) {
            let edge = self.edge(&raw, (&graph, &meet), name, parsed.directed);
            graph.edges.push(edge);
        }
        graph.ranks = self.honoured_ranks(&graph);
        self.say_not_drawn();
        (graph.checked(), self.problems)
    }

    fn say_not_drawn(&mut self) {
        for (name, (span, count)) in std::mem::take(&mut self.not_drawn) {
            let times = if count == 1 { String::new() } else { format!(" ({count} times)") };
            if attributes::use_of(&name) == Use::NotDrawn {
                let message = format!("the attribute `{name}` is not drawn{times}");
                let help = "the picture takes its fonts, sizes and spacing from the site";
                self.problem(code::DIAGRAM_NOT_DRAWN, &name, message, help, span);
            } else {
                let near = nearest(&name, attributes::names());
                let help = near.map_or_else(
                    || "it is left out; the page on diagrams lists those that are drawn".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("DOT has no attribute `{}`{times}", shortened(&name));
                self.problem(code::DIAGRAM_SYNTAX, &name, message, &help, span);
            }
        }
    }

    /// What all elements have in common.
    fn facts(&mut self, attributes: &Attributes, span: Span, names: &[(char, &str)]) -> Facts {
        let text = |key: &str| {
            attributes
                .get(key)
                .map(|value| text_lines(value, names).join(" "))
                .filter(|text| !text.is_empty())
        };
        let style = word(attributes, "style").unwrap_or("");
        let thick = word(attributes, "penwidth").and_then(|width| width.parse::<f64>().ok());
        let line = match (attributes::line(style), thick) {
            (Line::Solid, Some(width)) if width >= 1.5 => Line::Thick,
            (line, _) => line,
        };
        let bindings = attributes::BINDINGS
            .iter()
            .filter_map(|key| {
                let value = attributes.get(*key)?;
                let place = Place { file: self.file.clone(), span: value.span };
                Some(Binding { key: (*key).to_owned(), value: value.id.text.clone(), place })
            })
            .collect();
        Facts {
            kind: text("kind"),
            technology: text("technology"),
            description: text("description"),
            link: ["URL", "href", "edgeURL", "edgehref"].iter().find_map(|key| text(key)),
            tooltip: text("tooltip").or_else(|| text("edgetooltip")),
            tags: Vec::new(),
            bindings,
            tone: self.tone(attributes, style),
            line,
            place: Some(Place { file: self.file.clone(), span }),
        }
    }

    fn tone(&mut self, attributes: &Attributes, style: &str) -> Tone {
        let filled =
            style.split(',').any(|word| matches!(word.trim(), "filled" | "radial" | "striped" | "wedged"));
        let keys: &[&str] = if filled { &["fillcolor", "color", "bgcolor"] } else { &["color", "bgcolor"] };
        for key in keys {
            let Some(value) = attributes.get(*key) else { continue };
            match colour::tone(&value.id.text) {
                Some(tone) => return tone,
                None => {
                    let message = format!("`{}` is no colour", shortened(&value.id.text));
                    let span = value.span;
                    self.problem(
                        code::DIAGRAM_SYNTAX,
                        &value.id.text,
                        message,
                        "colours are names of CSS or X11, or `#rrggbb`",
                        span,
                    );
                }
            }
        }
        if filled { Tone::Muted } else { Tone::Neutral }
    }

    fn cluster(&mut self, raw: &RawCluster, graph: &str) -> Cluster {
        let names = [('G', raw.id.as_str()), ('N', graph)];
        let label = raw.attributes.get("label").map(|value| text_lines(value, &names)).unwrap_or_default();
        let facts = self.facts(&raw.attributes, raw.span, &names);
        Cluster { id: raw.id.clone(), label, parent: raw.parent, facts }
    }

    fn finished_node(&mut self, raw: &RawNode, graph: &str, beside: bool) -> Node {
        let id = raw.id.id.text.clone();
        let names = [('N', id.as_str()), ('G', graph)];
        let shape_name = word(&raw.attributes, "shape").unwrap_or("ellipse");
        let style = word(&raw.attributes, "style").unwrap_or("");
        let mut shape = attributes::shape(shape_name).unwrap_or_else(|| {
            let span = raw.attributes.get("shape").map_or(raw.id.span, |value| value.span);
            let message = format!("the shape `{}` is not drawn", shortened(shape_name));
            self.problem(code::DIAGRAM_NOT_DRAWN, shape_name, message, "a box stands in its place", span);
            Shape::Box
        });
        if shape == Shape::Rectangle && style.split(',').any(|word| word.trim() == "rounded") {
            shape = Shape::Box;
        }
        if shape == Shape::Circle && word(&raw.attributes, "peripheries") == Some("2") {
            shape = Shape::DoubleCircle;
        }
        let mut label = vec![id.clone()];
        let mut cells = None;
        if let Some(value) = raw.attributes.get("label") {
            if value.id.form == Form::Html {
                let html = label::html(&value.id.text);
                for what in &html.not_drawn {
                    self.not_drawn.entry(what.clone()).or_insert((value.span, 0)).1 += 1;
                }
                label = html.lines;
                cells = html.table;
            } else if shape_name.ends_with("ecord") {
                cells = Some(label::record(&value.id.text, beside, &names));
            } else {
                label = text_lines(value, &names);
            }
        }
        if let Some(value) = raw.attributes.get("xlabel") {
            label.extend(text_lines(value, &names));
        }
        let facts = self.facts(&raw.attributes, raw.id.span, &names);
        Node { id, label, shape, parent: raw.parent, cells, facts }
    }

    fn edge(&mut self, raw: &RawEdge, (graph, meet): (&Graph, &Meet), name: &str, directed: bool) -> Edge {
        let (tail, head) = (&graph.nodes[raw.from.0].id, &graph.nodes[raw.to.0].id);
        let arrow = if directed { "->" } else { "--" };
        let whole = format!("{tail}{arrow}{head}");
        let names = [('E', whole.as_str()), ('T', tail.as_str()), ('H', head.as_str()), ('G', name)];
        let attributes = &raw.attributes;
        let lines =
            |key: &str| attributes.get(key).map(|value| text_lines(value, &names)).unwrap_or_default();
        let default = if directed { "forward" } else { "none" };
        let dir = word(attributes, "dir").unwrap_or(default).to_ascii_lowercase();
        let (at_tail, at_head) =
            (matches!(dir.as_str(), "back" | "both"), matches!(dir.as_str(), "forward" | "both"));
        let mut end = |at: &(usize, Vec<Word>), prefix: &str, drawn: bool| {
            let shape = word(attributes, &format!("arrow{prefix}"));
            let head = shape.map_or(Head::Arrow, |shape| attributes::head(shape).unwrap_or(Head::Arrow));
            let mut end = End::node(at.0).with(if drawn { head } else { Head::None });
            end.label = lines(&format!("{prefix}label"));
            let from_attribute: Vec<Word> = attributes
                .get(&format!("{prefix}port"))
                .map(|word| {
                    word.id
                        .text
                        .split(':')
                        .map(|part| {
                            let id = super::lexer::Id { text: part.to_owned(), form: Form::Plain };
                            Word { id, span: word.span }
                        })
                        .collect()
                })
                .unwrap_or_default();
            let port = if at.1.is_empty() { &from_attribute } else { &at.1 };
            self.meet(&mut end, port, (&graph.nodes[at.0], meet.ports.get(&at.0)));
            end
        };
        let (mut from, mut to) = (end(&raw.from, "tail", at_tail), end(&raw.to, "head", at_head));
        for (key, end, node) in [("ltail", &mut from, raw.from.0), ("lhead", &mut to, raw.to.0)] {
            let Some(cluster) = word(attributes, key) else { continue };
            match meet.clusters.get(cluster).copied() {
                Some(index) if graph.holds(index, Target::Node(node)) => end.target = Target::Cluster(index),
                _ => {
                    let message =
                        format!("`{key}` names `{}`, which does not hold the edge's end", shortened(cluster));
                    let span = attributes.get(key).map_or(raw.span, |value| value.span);
                    self.problem(
                        code::DIAGRAM_SYNTAX,
                        cluster,
                        message,
                        "name a cluster around that node",
                        span,
                    );
                }
            }
        }
        let label = attributes.get("label").or_else(|| attributes.get("xlabel"));
        let label = label.map(|value| text_lines(value, &names)).unwrap_or_default();
        let facts = self.facts(attributes, raw.span, &names);
        self.unconstrained(attributes);
        Edge { from, to, label, facts }
    }

    /// Every edge decides who stands above whom; that one should not is said.
    fn unconstrained(&mut self, attributes: &Attributes) {
        let value = attributes.get("constraint").filter(|value| truth(Some(&value.id.text)) == Some(false));
        if let Some(value) = value {
            let message = "the edge decides who stands above whom, in spite of `constraint=false`".to_owned();
            let help = "take the attribute out; or draw the edge the other way round, with `dir=back`";
            self.problem(code::DIAGRAM_NOT_DRAWN, "constraint", message, help, value.span);
        }
    }

    /// Sets the port and the side of an end.
    fn meet(&mut self, end: &mut End, port: &[Word], (node, ports): (&Node, Option<&BTreeSet<String>>)) {
        for (at, word) in port.iter().enumerate() {
            let name = word.id.text.as_str();
            if at == 0 && ports.is_some_and(|ports| ports.contains(name)) {
                end.port = Some(name.to_owned());
            } else if let Some(side) = attributes::side(name) {
                end.side = side;
            } else if !name.is_empty() {
                let message = format!("`{}` has no port `{}`", shortened(&node.id), shortened(name));
                let help = "ports are named in a record's or a table's fields; sides are n, e, s and w";
                self.problem(code::DIAGRAM_SYNTAX, name, message, help, word.span);
            }
        }
    }
}

/// What edges meet by name.
struct Meet {
    /// Ports of the nodes that have some.
    ports: HashMap<usize, BTreeSet<String>>,
    /// Clusters by id, the first of each.
    clusters: HashMap<String, usize>,
}

impl Meet {
    fn of(graph: &Graph) -> Self {
        let mut ports: HashMap<usize, BTreeSet<String>> = HashMap::new();
        for (at, node) in graph.nodes.iter().enumerate() {
            if let Some(cells) = &node.cells {
                collect_ports(cells, ports.entry(at).or_default());
            }
        }
        let mut clusters = HashMap::new();
        for (at, cluster) in graph.clusters.iter().enumerate() {
            clusters.entry(cluster.id.clone()).or_insert(at);
        }
        Self { ports, clusters }
    }
}

fn collect_ports(cell: &Cell, into: &mut BTreeSet<String>) {
    into.extend(cell.port.clone());
    for part in &cell.parts {
        collect_ports(part, into);
    }
}

/// The lines of a label in any form.
fn text_lines(value: &Word, names: &[(char, &str)]) -> Vec<String> {
    match value.id.form {
        Form::Html => {
            let html = label::html(&value.id.text);
            html.table.as_ref().map_or(html.lines, flat)
        }
        _ => label::lines(&value.id.text, names),
    }
}

/// A table's words, where no table can be.
fn flat(cell: &Cell) -> Vec<String> {
    let mut out = cell.label.clone();
    out.extend(cell.parts.iter().flat_map(flat));
    out
}
