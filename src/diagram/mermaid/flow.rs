//! Flowcharts (<https://mermaid.js.org/syntax/flowchart.html>).

use super::super::graph::{Cluster, Direction, Edge, Facts, Graph, Line, Node, Shape, Target};
use super::flow_text::{Cursor, Link};
use super::shapes;
use super::source::{LONGEST, Source};
use crate::base::beginning;
use crate::diag::{code, nearest};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Subgraphs deeper than this are drawn flat.
const DEEPEST: usize = 100;

/// What a link counts, in bytes.
const EDGE: usize = 150;

/// A subgraph that is still open.
struct Open {
    cluster: usize,
    nodes: Vec<usize>,
    start: usize,
}

struct Flow<'s, 't> {
    source: &'s mut Source<'t>,
    cursor: Cursor<'t>,
    graph: Graph,
    nodes: BTreeMap<String, usize>,
    clusters: BTreeMap<String, usize>,
    open: Vec<Open>,
    /// Ends of subgraphs to come that were opened too deep.
    flat: usize,
    classes: BTreeMap<String, (String, Range<usize>)>,
    /// Which class was given to which name, and where.
    given: Vec<(String, String, Range<usize>)>,
    edge_names: BTreeMap<String, usize>,
    /// Style settings to come: of an element, or of edges by number.
    styles: Vec<(String, String, Range<usize>)>,
    edge_styles: Vec<(Option<usize>, String, Range<usize>)>,
    /// Where edges name their ends, to be resolved when all subgraphs are known.
    edges: Vec<(usize, usize)>,
}

/// Reads the body of a flowchart.
pub(super) fn read(source: &mut Source<'_>) -> Graph {
    let cursor = Cursor { text: source.text, at: source.body };
    let mut flow = Flow {
        source,
        cursor,
        graph: Graph::default(),
        nodes: BTreeMap::new(),
        clusters: BTreeMap::new(),
        open: Vec::new(),
        flat: 0,
        classes: BTreeMap::new(),
        given: Vec::new(),
        edge_names: BTreeMap::new(),
        styles: Vec::new(),
        edge_styles: Vec::new(),
        edges: Vec::new(),
    };
    flow.cursor.spaces();
    let (word, start) = {
        let mut cursor = flow.cursor;
        let rest = cursor.rest();
        let word = rest.split(|c: char| c.is_whitespace() || c == ';').next().unwrap_or("");
        cursor.at += word.len();
        (word, cursor.at - word.len())
    };
    if let Some(direction) = direction(word) {
        flow.graph.direction = Some(direction);
        flow.cursor.at = start + word.len();
    }
    flow.statements();
    flow.finish()
}

/// Where edges lead, by the words all kinds use.
pub(super) fn direction(word: &str) -> Option<Direction> {
    match word {
        "TB" | "TD" | "v" => Some(Direction::Down),
        "BT" | "^" => Some(Direction::Up),
        "LR" | ">" => Some(Direction::Right),
        "RL" | "<" => Some(Direction::Left),
        _ => None,
    }
}

impl<'t> Flow<'_, 't> {
    fn statements(&mut self) {
        loop {
            self.skip();
            if self.cursor.rest().is_empty() {
                break;
            }
            let before = self.cursor.at;
            self.statement();
            if self.cursor.at == before {
                // Whatever it is, go on behind it.
                let (line, start) = self.cursor.line();
                let what = line.chars().take(30).collect::<String>();
                self.source.syntax(
                    start..start + line.len(),
                    &what,
                    format!("`{what}` is not understood"),
                    "quote words that have brackets or other marks: `A[\"f(x)\"]`",
                );
                self.cursor.at = self.cursor.at.max(before + 1);
            }
        }
        while let Some(open) = self.open.pop() {
            self.source.syntax(
                open.start..open.start + 8,
                "subgraph",
                "the subgraph is never closed",
                "add `end`",
            );
            self.close(open);
        }
    }

    /// White space, `;` and comments.
    fn skip(&mut self) {
        loop {
            self.cursor.at += self.cursor.rest().len()
                - self.cursor.rest().trim_start_matches(|c: char| c.is_whitespace() || c == ';').len();
            let rest = self.cursor.rest();
            if !rest.starts_with("%%") {
                return;
            }
            let length = if rest.starts_with("%%{") {
                beginning(rest, LONGEST).find("}%%").map(|end| end + 3)
            } else {
                None
            };
            let length = length.unwrap_or_else(|| rest.find('\n').unwrap_or(rest.len()));
            self.source.comment(self.cursor.at, &rest[..length]);
            self.cursor.at += length;
        }
    }

    fn statement(&mut self) {
        let rest = self.cursor.rest();
        let word = rest
            .split(|c: char| c.is_whitespace() || matches!(c, ';' | ':' | '{' | '['))
            .next()
            .unwrap_or("");
        let start = self.cursor.at;
        let ends =
            |after: &str| after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || c == ';');
        let alone = ends(&rest[word.len()..]);
        match word {
            "accTitle" | "accDescr" => self.accessible(),
            "subgraph" if alone || rest[word.len()..].starts_with('[') => {
                self.cursor.at += word.len();
                self.subgraph(start);
            }
            "end" if alone => {
                self.cursor.at += word.len();
                self.end(start);
            }
            "direction"
                if alone && rest[word.len()..].split_whitespace().next().and_then(direction).is_some() =>
            {
                self.cursor.at += word.len();
                let (line, at) = self.cursor.line();
                self.direction(line, start..at + line.len());
            }
            "classDef" | "class" | "style" | "linkStyle" | "click"
                if alone
                    && !rest[word.len()..]
                        .trim_start_matches([' ', '\t'])
                        .starts_with(['-', '=', '\n', '&', '@']) =>
            {
                self.cursor.at += word.len();
                let (line, at) = self.cursor.line();
                let range = start..at + line.len();
                match word {
                    "classDef" => self.class_def(line, range),
                    "class" => self.class(line, range),
                    "style" => self.style(line, range),
                    "linkStyle" => self.link_style(line, range),
                    _ => self.click(line, at),
                }
            }
            _ => self.chain(),
        }
    }

    fn accessible(&mut self) {
        let length = self.cursor.rest().find('\n').unwrap_or(self.cursor.rest().len());
        let line = &self.cursor.rest()[..length];
        let block = line.contains('{') && !line.contains(':');
        let length = if block {
            beginning(self.cursor.rest(), LONGEST.max(length)).find('}').map_or(length, |end| end + 1)
        } else {
            length
        };
        let said = &self.cursor.rest()[..length];
        let (word, value) = said.split_at(8.min(said.len()));
        let value = value.trim().trim_start_matches([':', '{']).trim_end_matches('}');
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        if word == "accTitle" {
            self.source.acc_title = Some(value);
        } else {
            self.source.acc_description = Some(value);
        }
        self.cursor.at += length;
    }

    fn direction(&mut self, line: &str, range: Range<usize>) {
        if self.open.is_empty() {
            self.graph.direction = direction(line.split_whitespace().next().unwrap_or(""));
        } else {
            let message =
                "the direction of a subgraph is not drawn: edges lead one way in all of the picture";
            self.source.undrawn(
                range,
                "direction",
                message,
                "give the direction to the flowchart, or make the subgraph a diagram of its own",
            );
        }
    }

    fn subgraph(&mut self, start: usize) {
        self.cursor.spaces();
        let (line, at) = self.cursor.line();
        let head = line.split("%%").next().unwrap_or("").trim_end();
        let (id, title) = match head.find('[') {
            Some(bracket) if head.ends_with(']') && !head.starts_with('"') => {
                (head[..bracket].trim(), &head[bracket + 1..head.len() - 1])
            }
            _ => (head, head),
        };
        let label = self.source.label(title, at);
        let id = id.trim_matches(['"', '`']).to_owned();
        if self.open.len() >= DEEPEST {
            if self.flat == 0 {
                let place = self.source.place(start..at + line.len());
                let message = format!("subgraphs deeper than {DEEPEST} are drawn flat");
                self.source.problem(
                    code::DIAGRAM_REFUSED,
                    place,
                    "subgraph",
                    message,
                    "use fewer levels: no reader follows that many",
                );
            }
            self.flat += 1;
            return;
        }
        let cluster = self.graph.clusters.len();
        let unique = if id.is_empty() || self.clusters.contains_key(&id) {
            format!("{id}#{cluster}")
        } else {
            id.clone()
        };
        self.clusters.entry(id).or_insert(cluster);
        let facts = Facts { place: Some(self.source.place(at..at + line.len())), ..Facts::default() };
        self.graph.clusters.push(Cluster {
            id: unique,
            label,
            parent: self.open.last().map(|open| open.cluster),
            facts,
        });
        self.open.push(Open { cluster, nodes: Vec::new(), start });
    }

    fn end(&mut self, start: usize) {
        if self.flat > 0 {
            self.flat -= 1;
        } else if let Some(open) = self.open.pop() {
            self.close(open);
        } else {
            self.source.syntax(
                start..start + 3,
                "end",
                "`end` closes no subgraph",
                "remove it; a node of that name is written `End` or `\"end\"`",
            );
        }
    }

    /// A node is in the first subgraph that ends and names it, as Mermaid has it.
    fn close(&mut self, open: Open) {
        for node in open.nodes {
            let node = &mut self.graph.nodes[node];
            node.parent = node.parent.or(Some(open.cluster));
        }
    }

    /// `a & b --> c & d --> e`
    fn chain(&mut self) {
        let Some(mut from) = self.group() else { return };
        loop {
            let mut cursor = self.cursor;
            cursor.spaces();
            let start = cursor.at;
            let name = edge_name(&mut cursor);
            let Some(link) = cursor.link() else { break };
            self.cursor = cursor;
            self.cursor.blanks();
            let at = self.cursor.at;
            let Some(to) = self.group() else {
                self.source.syntax(at..at + 1, "-->", "an arrow leads nowhere", "name the node it leads to");
                break;
            };
            self.connect(&from, &to, &link, name, start..self.cursor.at);
            from = to;
        }
    }

    /// Links from each of `from` to each of `to`.
    fn connect(
        &mut self,
        from: &[usize],
        to: &[usize],
        link: &Link,
        name: Option<&str>,
        range: Range<usize>,
    ) {
        if let Some(name) = name {
            self.edge_names.insert(name.to_owned(), self.graph.edges.len());
        }
        let label = link.label.as_ref().map(|(words, at)| self.source.label(words, *at)).unwrap_or_default();
        let weight = label.iter().map(String::len).sum::<usize>() + EDGE;
        for from in from {
            for to in to {
                if !self.source.make(weight, range.clone()) {
                    return;
                }
                let mut edge = Edge::new(Target::Node(*from), Target::Node(*to));
                edge.from.head = link.tail;
                edge.to.head = link.head;
                edge.label = label.clone();
                edge.facts.line = link.line;
                edge.facts.place = Some(self.source.place(range.clone()));
                self.edges.push((*from, *to));
                self.graph.edges.push(edge);
            }
        }
    }

    /// Nodes between `&`.
    fn group(&mut self) -> Option<Vec<usize>> {
        let mut nodes = vec![self.vertex()?];
        loop {
            let mut cursor = self.cursor;
            cursor.spaces();
            if !cursor.take("&") {
                return Some(nodes);
            }
            cursor.blanks();
            self.cursor = cursor;
            nodes.extend(self.vertex());
        }
    }

    fn vertex(&mut self) -> Option<usize> {
        let start = self.cursor.at;
        let quoted = self.cursor.peek() == Some('"');
        let id = if quoted { self.cursor.quoted()?.trim_matches('"') } else { self.cursor.name()? };
        let node = self.node(id, start);
        match self.cursor.brackets() {
            Some(Ok((shape, words, at))) => {
                let label = self.source.label(words, at);
                self.graph.nodes[node].shape = shape;
                self.graph.nodes[node].label = label;
            }
            Some(Err(close)) => {
                let (line, at) = self.cursor.line();
                let message = format!("the shape of `{id}` is never closed");
                let help = format!("add `{close}`, within {LONGEST} bytes");
                self.source.syntax(at..at + line.len(), id, message, &help);
            }
            None => {}
        }
        loop {
            if self.cursor.take(":::") {
                let at = self.cursor.at;
                let class = self.cursor.name().unwrap_or_default().to_owned();
                self.given.push((id.to_owned(), class, at..self.cursor.at));
            } else if self.cursor.rest().starts_with("@{") {
                self.data(id, node);
            } else {
                return Some(node);
            }
        }
    }

    fn node(&mut self, id: &str, start: usize) -> usize {
        let node = match self.nodes.get(id) {
            Some(node) => *node,
            None => {
                let bindings = self.source.bound(id);
                let facts = Facts {
                    place: Some(self.source.place(start..start + id.len())),
                    bindings,
                    ..Facts::default()
                };
                self.graph.nodes.push(Node {
                    id: id.to_owned(),
                    label: vec![id.to_owned()],
                    shape: Shape::Rectangle,
                    facts,
                    ..Node::default()
                });
                self.nodes.insert(id.to_owned(), self.graph.nodes.len() - 1);
                self.graph.nodes.len() - 1
            }
        };
        if let Some(open) = self.open.last_mut() {
            open.nodes.push(node);
        }
        node
    }

    /// `@{ shape: cyl, label: "Words" }` behind a node's or an edge's name.
    fn data(&mut self, id: &str, node: usize) {
        let start = self.cursor.at;
        let rest = self.cursor.rest();
        let mut quoted = false;
        let end = rest.char_indices().find(|(_, c)| {
            quoted ^= *c == '"';
            *c == '}' && !quoted
        });
        let Some((end, _)) = end else {
            self.source.syntax(start..start + 2, id, "`@{` is never closed", "add `}`");
            self.cursor.at = self.source.text.len();
            return;
        };
        self.cursor.at += end + 1;
        let range = start..self.cursor.at;
        for (key, value) in pairs(&rest[2..end]) {
            match key {
                "label" | "title" => self.graph.nodes[node].label = self.source.label(value, start),
                "shape" => self.shape(node, value, range.clone()),
                "icon" | "img" => {
                    let message = format!(
                        "the {} of `{id}` is not drawn",
                        if key == "icon" { "icon" } else { "image" }
                    );
                    self.source.undrawn(
                        range.clone(),
                        key,
                        message,
                        "the label is drawn; say in words what it shows",
                    );
                }
                "form" | "pos" | "h" | "w" | "constraint" => {}
                "animate" | "animation" | "curve" => {
                    self.source.undrawn(range.clone(), key, format!("`{key}` is not drawn"), "remove it");
                }
                _ => self.source.syntax(
                    range.clone(),
                    key,
                    format!("`{key}` is no setting of a node"),
                    "use shape, label, icon, img",
                ),
            }
        }
    }

    fn shape(&mut self, node: usize, name: &str, range: Range<usize>) {
        match shapes::named(name) {
            Some((shape, "")) => self.graph.nodes[node].shape = shape,
            Some((shape, words)) => {
                self.graph.nodes[node].shape = shape;
                let message = format!("the shape `{name}` is drawn as {words}");
                self.source.undrawn(
                    range,
                    name,
                    message,
                    "choose another shape where the difference matters",
                );
            }
            None => {
                let help = nearest(name, shapes::names()).map_or_else(
                    || "choose one that Mermaid knows".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                let place = self.source.place(range);
                self.source.problem(
                    code::DIAGRAM_SYNTAX,
                    place,
                    name,
                    format!("there is no shape `{name}`"),
                    &help,
                );
            }
        }
    }

    fn class_def(&mut self, line: &str, range: Range<usize>) {
        let (names, css) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        for name in names.split(',') {
            self.classes
                .insert(name.trim().to_owned(), (css.trim_end_matches(';').to_owned(), range.clone()));
        }
    }

    fn class(&mut self, line: &str, range: Range<usize>) {
        let Some((ids, class)) = line.trim_end_matches(';').rsplit_once(char::is_whitespace) else { return };
        for id in ids.split(',') {
            self.given.push((id.trim().to_owned(), class.trim().to_owned(), range.clone()));
        }
    }

    fn style(&mut self, line: &str, range: Range<usize>) {
        let (ids, css) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        for id in ids.split(',') {
            self.styles.push((id.trim().to_owned(), css.to_owned(), range.clone()));
        }
    }

    fn link_style(&mut self, line: &str, range: Range<usize>) {
        let (numbers, mut css) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if let Some(rest) = css.trim_start().strip_prefix("interpolate") {
            css = rest.trim_start().split_once(char::is_whitespace).map_or("", |(_, css)| css);
            self.source.undrawn(
                range.clone(),
                "interpolate",
                "`interpolate` is not drawn",
                "remove it: edges run at right angles",
            );
        }
        for number in numbers.split(',') {
            let number = number.trim();
            if number == "default" || number.parse::<usize>().is_ok() {
                self.edge_styles.push((number.parse().ok(), css.to_owned(), range.clone()));
            } else {
                self.source.syntax(
                    range.clone(),
                    number,
                    format!("`{number}` is no number of a link"),
                    "links are counted from 0",
                );
            }
        }
    }

    /// `click A "address" "tooltip" _blank`, `click A href "address"`, `click A call f()`.
    fn click(&mut self, line: &'t str, start: usize) {
        let mut cursor = Cursor { text: &self.source.text[..start + line.len()], at: start };
        let (id, id_at) = (cursor.name().unwrap_or_default().to_owned(), start);
        cursor.spaces();
        let href = cursor.take("href");
        cursor.spaces();
        let range = start..start + line.len();
        let Some(node) = self.nodes.get(&id).copied() else {
            let place = self.source.place(id_at..id_at + id.len());
            self.source.problem(
                code::DIAGRAM_SYNTAX,
                place,
                &id,
                format!("there is no node `{id}` to click"),
                "define the node above this line",
            );
            return;
        };
        if cursor.peek() == Some('"') {
            let url = cursor.quoted().unwrap_or_default().trim_matches('"').to_owned();
            cursor.spaces();
            let tooltip = cursor.quoted().map(|words| words.trim_matches('"').to_owned());
            self.graph.nodes[node].facts.link = self.source.link(&url, range);
            self.graph.nodes[node].facts.tooltip = tooltip;
            return;
        }
        if href {
            self.source.syntax(
                range,
                &id,
                "`href` has no quoted address",
                "write `click A href \"page.md\"`",
            );
            return;
        }
        let message = format!("a click on `{id}` would call a function: it is not drawn");
        self.source.undrawn(range, &id, message, "give the node a link instead: `click A \"page.md\"`");
        if let Some(at) = cursor.rest().find('"') {
            cursor.at += at;
            self.graph.nodes[node].facts.tooltip =
                cursor.quoted().map(|words| words.trim_matches('"').to_owned());
        }
    }

    fn finish(mut self) -> Graph {
        self.paint();
        for id in self.clusters.keys() {
            let bound = self.source.bound(id);
            self.graph.clusters[self.clusters[id]].facts.bindings.extend(bound);
        }
        self.source.unbound();
        self.resolve();
        self.graph.title = self.source.acc_title.take().or_else(|| self.source.title.take());
        self.graph.description = self.source.acc_description.take();
        self.graph
    }

    /// Classes and styles, when all elements are known.
    fn paint(&mut self) {
        for node in &mut self.graph.nodes {
            if let Some((css, range)) = self.classes.get("default") {
                self.source.css(css, range.clone(), &mut node.facts);
            }
        }
        for (id, class, range) in std::mem::take(&mut self.given) {
            let Some((css, defined)) = self.classes.get(&class).cloned() else {
                let message = format!("there is no class `{class}`");
                self.source.undrawn(range, &class, message, "define it: `classDef name fill:#f96`");
                continue;
            };
            self.paint_one(&id, &css, defined, &range);
            if let Some(node) = self.nodes.get(&id) {
                self.graph.nodes[*node].facts.tags.push(class);
            }
        }
        for (id, css, range) in std::mem::take(&mut self.styles) {
            self.paint_one(&id, &css, range.clone(), &range);
        }
        for (number, css, range) in std::mem::take(&mut self.edge_styles) {
            let count = self.graph.edges.len();
            let edges = match number {
                Some(number) if number >= count => {
                    self.source.syntax(
                        range,
                        "linkStyle",
                        format!("there is no link {number}: links are counted from 0"),
                        "correct the number",
                    );
                    continue;
                }
                Some(number) => number..number + 1,
                None => 0..count,
            };
            for edge in &mut self.graph.edges[edges] {
                self.source.css(&css, range.clone(), &mut edge.facts);
            }
        }
    }

    fn paint_one(&mut self, id: &str, css: &str, defined: Range<usize>, used: &Range<usize>) {
        let facts = if let Some(cluster) = self.clusters.get(id) {
            &mut self.graph.clusters[*cluster].facts
        } else if let Some(node) = self.nodes.get(id) {
            &mut self.graph.nodes[*node].facts
        } else if let Some(edge) = self.edge_names.get(id) {
            &mut self.graph.edges[*edge].facts
        } else {
            let place = self.source.place(used.clone());
            self.source.problem(
                code::DIAGRAM_SYNTAX,
                place,
                id,
                format!("there is no `{id}` to style"),
                "correct the name",
            );
            return;
        };
        self.source.css(css, defined, facts);
    }

    /// Names of subgraphs and of edges are no nodes: edges to a subgraph's name meet its border.
    fn resolve(&mut self) {
        let ends: BTreeSet<usize> = self.edges.iter().flat_map(|(from, to)| [*from, *to]).collect();
        let mut kept = Vec::new();
        let mut targets = Vec::new();
        for node in std::mem::take(&mut self.graph.nodes) {
            if let Some(cluster) = self.clusters.get(&node.id) {
                targets.push(Some(Target::Cluster(*cluster)));
            } else if self.edge_names.contains_key(&node.id) && !ends.contains(&targets.len()) {
                targets.push(None);
            } else {
                targets.push(Some(Target::Node(kept.len())));
                kept.push(node);
            }
        }
        self.graph.nodes = kept;
        for (edge, (from, to)) in self.graph.edges.iter_mut().zip(&self.edges) {
            if let (Some(from), Some(to)) = (targets[*from], targets[*to]) {
                (edge.from.target, edge.to.target) = (from, to);
            }
        }
        let (drawn, not): (Vec<Edge>, Vec<Edge>) =
            std::mem::take(&mut self.graph.edges).into_iter().partition(|edge| !within(&self.graph, edge));
        self.graph.edges = drawn;
        for place in not.into_iter().filter_map(|edge| edge.facts.place) {
            let message = "a link between a subgraph and what is in it is not drawn";
            self.source.problem(code::DIAGRAM_NOT_DRAWN, place, "subgraph", message, "let it lead to a node");
        }
    }
}

/// Whether an edge joins a subgraph and something in it.
fn within(graph: &Graph, edge: &Edge) -> bool {
    let holds = |outer: Target, inner: Target| matches!(outer, Target::Cluster(at) if outer != inner && graph.holds(at, inner));
    edge.facts.line != Line::Hidden
        && (holds(edge.from.target, edge.to.target) || holds(edge.to.target, edge.from.target))
}

/// `e1@` before an arrow.
fn edge_name<'t>(cursor: &mut Cursor<'t>) -> Option<&'t str> {
    let mut ahead = *cursor;
    let name = ahead.name()?;
    if !ahead.take("@") || ahead.rest().starts_with('{') {
        return None;
    }
    *cursor = ahead;
    Some(name)
}

/// `key: value` between commas or line ends, quotes off.
fn pairs(text: &str) -> Vec<(&str, &str)> {
    let mut pairs = Vec::new();
    let mut cursor = Cursor { text, at: 0 };
    loop {
        cursor.at += cursor.rest().len()
            - cursor.rest().trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
        let Some((key, _)) = cursor.rest().split_once(':') else { return pairs };
        cursor.at += key.len() + 1;
        cursor.spaces();
        let value = match cursor.quoted() {
            Some(value) => value,
            None => {
                let value = cursor.rest().split([',', '\n']).next().unwrap_or("");
                cursor.at += value.len();
                value.trim()
            }
        };
        pairs.push((key.trim().trim_matches('"'), value.trim_matches(['"', '\''])));
    }
}
