//! A view to a picture.

use super::super::graph::{Binding, Cluster, Edge, Facts, Graph, Head, Line, Node, Shape, Target, Tone};
use super::super::sequence::{self, Actor, Block, BlockKind, Item, Look, Section, Sequence};
use super::super::{BINDINGS, Picture, View as Drawn, colour};
use super::model::{ElementKind, Property, Scope, Step, Styles, View, Workspace};
use std::collections::{BTreeMap, BTreeSet};

/// The picture of a view.
pub(super) fn picture(workspace: &Workspace, view: &View) -> Drawn {
    let picture = match view.scope {
        Scope::Dynamic(_) => Picture::Sequence(Dynamic::new(workspace, view).sequence()),
        _ => Picture::Graph(Static::new(workspace, view).graph()),
    };
    Drawn { key: view.key.clone(), picture }
}

fn title(workspace: &Workspace, view: &View) -> String {
    if !view.title.is_empty() {
        return view.title.clone();
    }
    let name = |at: usize| workspace.path(at);
    match view.scope {
        Scope::Landscape if workspace.name.is_empty() => "System landscape".into(),
        Scope::Landscape => format!("{}: system landscape", workspace.name),
        Scope::Context(at) => format!("{}: system context", name(at)),
        Scope::Containers(at) => format!("{}: containers", name(at)),
        Scope::Components(at) => format!("{}: components", name(at)),
        Scope::Dynamic(Some(at)) => format!("{}: messages", name(at)),
        Scope::Dynamic(None) => "Messages".into(),
        Scope::Deployment(Some(at), environment) => {
            format!("{}: deployment, {}", name(at), workspace.environments[environment].name)
        }
        Scope::Deployment(None, environment) => {
            format!("Deployment: {}", workspace.environments[environment].name)
        }
        Scope::Custom => view.key.clone(),
    }
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn bindings<'p>(properties: impl IntoIterator<Item = &'p Property>) -> Vec<Binding> {
    let bound = properties.into_iter().filter(|property| BINDINGS.contains(&property.name.as_str()));
    bound.map(|p| Binding { key: p.name.clone(), value: p.value.clone(), place: p.place.clone() }).collect()
}

/// The settings that hold for something with these tags; later tags win.
fn style<'s>(styles: &'s Styles, tags: &[&str]) -> BTreeMap<&'s str, &'s str> {
    let settings = tags.iter().filter_map(|tag| styles.get(*tag)).flatten();
    settings.map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}

impl Workspace {
    /// What the picture says of an element.
    fn facts(&self, at: usize, view: &View) -> Facts {
        let element = &self.elements[at];
        let of = element.of.map(|of| &self.elements[of]);
        let tags = self.tags(at);
        let settings = style(&self.element_styles, &tags);
        let kind = of.map_or(element.kind, |of| of.kind);
        let word = self.terminology.get(kind.keyword()).map_or(kind.name(), String::as_str);
        let shown = |name: &str| settings.get(name) != Some(&"false");
        let mut bound = bindings(&element.properties);
        bound.extend(bindings(of.into_iter().flat_map(|of| &of.properties)));
        Facts {
            kind: some(word).filter(|_| shown("metadata") && element.kind != ElementKind::Custom),
            technology: some(&element.technology).filter(|_| shown("metadata")),
            description: some(&element.description).filter(|_| shown("description")),
            link: some(&element.url).or_else(|| of.and_then(|of| some(&of.url))),
            tooltip: None,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            bindings: bound,
            tone: settings
                .get("background")
                .and_then(|value| colour::tone(value))
                .unwrap_or_else(|| self.tone(at, view)),
            line: border(settings.get("border").copied()),
            place: Some(element.place.clone()),
        }
    }

    /// What a view is of stands out from its surroundings when no style says otherwise.
    fn tone(&self, at: usize, view: &View) -> Tone {
        let element = &self.elements[at];
        let (Scope::Context(scope)
        | Scope::Containers(scope)
        | Scope::Components(scope)
        | Scope::Dynamic(Some(scope))
        | Scope::Deployment(Some(scope), _)) = view.scope
        else {
            return Tone::Neutral;
        };
        let at = element.of.unwrap_or(at);
        match element.kind {
            _ if at == scope || self.part_of(at, scope) => Tone::Blue,
            ElementKind::Person | ElementKind::DeploymentNode | ElementKind::InfrastructureNode => {
                Tone::Neutral
            }
            _ => Tone::Muted,
        }
    }

    fn shape(&self, at: usize) -> Shape {
        let settings = style(&self.element_styles, &self.tags(at));
        let wanted = settings.get("shape").map(|shape| shape.to_ascii_lowercase()).unwrap_or_default();
        match wanted.as_str() {
            "box" => Shape::Rectangle,
            "roundedbox" => Shape::Box,
            "circle" => Shape::Circle,
            "ellipse" => Shape::Ellipse,
            "hexagon" => Shape::Hexagon,
            "diamond" => Shape::Diamond,
            "cylinder" => Shape::Cylinder,
            "bucket" => Shape::TrapezoidDown,
            "pipe" => Shape::Queue,
            "person" | "robot" => Shape::Person,
            "folder" => Shape::Folder,
            "webbrowser" | "window" => Shape::Browser,
            "terminal" | "shell" => Shape::Terminal,
            "mobiledeviceportrait" | "mobiledevicelandscape" => Shape::Mobile,
            "component" => Shape::Component,
            _ => match self.elements[at].kind {
                ElementKind::Person => Shape::Person,
                ElementKind::Component => Shape::Component,
                ElementKind::DeploymentNode | ElementKind::InfrastructureNode => Shape::Cube,
                _ => Shape::Box,
            },
        }
    }

    /// The name, with how many there are.
    fn label(&self, at: usize) -> Vec<String> {
        let element = &self.elements[at];
        let mut label = lines(&element.name);
        if let Some(last) = label.last_mut().filter(|_| !matches!(element.instances.as_str(), "" | "1")) {
            last.push_str(&format!(" ×{}", element.instances));
        }
        label
    }
}

fn border(value: Option<&str>) -> Line {
    match value.map(str::to_ascii_lowercase).as_deref() {
        Some("dashed") => Line::Dashed,
        Some("dotted") => Line::Dotted,
        _ => Line::Solid,
    }
}

/// What a cluster stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Around {
    Element(usize),
    Group(Option<usize>, usize),
}

/// Makes the graph of a view.
struct Static<'w> {
    workspace: &'w Workspace,
    view: &'w View,
    graph: Graph,
    clusters: BTreeMap<Around, usize>,
}

impl<'w> Static<'w> {
    fn new(workspace: &'w Workspace, view: &'w View) -> Self {
        let graph = Graph {
            title: Some(title(workspace, view)),
            description: some(&view.description),
            direction: view.direction,
            legend: true,
            ..Graph::default()
        };
        Self { workspace, view, graph, clusters: BTreeMap::new() }
    }

    fn graph(mut self) -> Graph {
        let mut targets = BTreeMap::new();
        let elements = &self.workspace.elements;
        let holders: BTreeSet<usize> =
            self.view.elements.iter().filter_map(|at| elements[*at].parent).collect();
        for at in &self.view.elements {
            let target = if elements[*at].kind == ElementKind::DeploymentNode && holders.contains(at) {
                Target::Cluster(self.cluster(Around::Element(*at)))
            } else {
                Target::Node(self.node(*at))
            };
            targets.insert(*at, target);
        }
        for relation in &self.view.relations {
            self.edge(*relation, &targets);
        }
        self.graph
    }

    fn node(&mut self, at: usize) -> usize {
        let parent = self.around(at);
        self.graph.nodes.push(Node {
            id: self.workspace.elements[at].identifier.clone(),
            label: self.workspace.label(at),
            shape: self.workspace.shape(at),
            parent,
            cells: None,
            facts: self.workspace.facts(at, self.view),
        });
        self.graph.nodes.len() - 1
    }

    /// The cluster that an element stands in: its group, or what it is part of where the view draws that.
    fn around(&mut self, at: usize) -> Option<usize> {
        let element = &self.workspace.elements[at];
        let boundary = element.parent.filter(|_| match self.view.scope {
            Scope::Containers(_) => element.kind == ElementKind::Container,
            Scope::Components(_) => matches!(element.kind, ElementKind::Component),
            Scope::Deployment(..) => true,
            _ => false,
        });
        match element.group {
            Some(group) => Some(self.cluster(Around::Group(boundary, group))),
            None => boundary.map(|boundary| self.cluster(Around::Element(boundary))),
        }
    }

    fn cluster(&mut self, around: Around) -> usize {
        if let Some(known) = self.clusters.get(&around) {
            return *known;
        }
        let cluster = match around {
            Around::Element(at) => {
                let parent = self.around(at);
                let mut facts = self.workspace.facts(at, self.view);
                if !self.workspace.elements[at].kind.deployed() {
                    // A boundary frames what the view shows; its description stands in the view of the level above.
                    facts.description = None;
                    facts.tone = Tone::Neutral;
                }
                Cluster {
                    id: self.workspace.elements[at].identifier.clone(),
                    label: self.workspace.label(at),
                    parent,
                    facts,
                }
            }
            Around::Group(boundary, at) => {
                let group = &self.workspace.groups[at];
                let parent = match group.parent {
                    Some(parent) => Some(self.cluster(Around::Group(boundary, parent))),
                    None => boundary.map(|boundary| self.cluster(Around::Element(boundary))),
                };
                let tags = ["Group".to_owned(), format!("Group:{}", group.path)];
                let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
                let settings = style(&self.workspace.element_styles, &tags);
                let tone =
                    settings.get("color").or(settings.get("colour")).and_then(|value| colour::tone(value));
                let facts = Facts {
                    tone: tone.unwrap_or_default(),
                    line: Line::Dashed,
                    place: Some(group.place.clone()),
                    ..Facts::default()
                };
                let id = match boundary {
                    Some(boundary) => {
                        format!("{}/{}", self.workspace.elements[boundary].identifier, group.path)
                    }
                    None => group.path.clone(),
                };
                Cluster { id: format!("group:{id}"), label: lines(&group.name), parent, facts }
            }
        };
        self.graph.clusters.push(cluster);
        self.clusters.insert(around, self.graph.clusters.len() - 1);
        self.graph.clusters.len() - 1
    }

    fn edge(&mut self, at: usize, targets: &BTreeMap<usize, Target>) {
        let relation = &self.workspace.relations[at];
        let (Some(from), Some(to)) = (targets.get(&relation.source), targets.get(&relation.destination))
        else {
            return;
        };
        let tags = self.workspace.relation_tags(at);
        let settings = style(&self.workspace.relation_styles, &tags);
        let shown = |name: &str| settings.get(name) != Some(&"false");
        let dashed =
            settings.get("dashed").map(|dashed| if *dashed == "true" { Line::Dashed } else { Line::Solid });
        let line = settings.get("style").map(|style| border(Some(style))).or(dashed).unwrap_or_default();
        let thick = settings
            .get("thickness")
            .and_then(|value| value.parse::<u32>().ok())
            .is_some_and(|value| value > 3);
        let mut edge = Edge::new(*from, *to);
        edge.label = if shown("description") { lines(&relation.description) } else { Vec::new() };
        edge.facts = Facts {
            technology: some(&relation.technology).filter(|_| shown("metadata")),
            link: some(&relation.url),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            bindings: bindings(&relation.properties),
            tone: settings
                .get("color")
                .or(settings.get("colour"))
                .and_then(|value| colour::tone(value))
                .unwrap_or_default(),
            line: if thick && line == Line::Solid { Line::Thick } else { line },
            place: Some(relation.place.clone()),
            ..Facts::default()
        };
        self.graph.edges.push(edge);
    }
}

/// Makes the sequence of a dynamic view.
struct Dynamic<'w> {
    workspace: &'w Workspace,
    view: &'w View,
    actors: BTreeMap<usize, usize>,
}

impl<'w> Dynamic<'w> {
    fn new(workspace: &'w Workspace, view: &'w View) -> Self {
        let actors = view.elements.iter().enumerate().map(|(index, at)| (*at, index)).collect();
        Self { workspace, view, actors }
    }

    fn sequence(self) -> Sequence {
        let mut next = 0;
        let mut items = self.items(&self.view.steps, &mut next);
        sort_numbered(&mut items);
        let actors = self.view.elements.iter().map(|at| self.actor(*at)).collect();
        Sequence {
            title: Some(title(self.workspace, self.view)),
            description: some(&self.view.description),
            actors,
            boxes: Vec::new(),
            items,
        }
    }

    fn actor(&self, at: usize) -> Actor {
        let look = match self.workspace.shape(at) {
            Shape::Person => Look::Person,
            Shape::Cylinder => Look::Database,
            Shape::Queue => Look::Queue,
            _ => Look::Box,
        };
        Actor {
            id: self.workspace.elements[at].identifier.clone(),
            label: self.workspace.label(at),
            look,
            facts: self.workspace.facts(at, self.view),
            ..Actor::default()
        }
    }

    /// Parallel sequences that follow each other are the parts of one block. Numbers count on after a sequence as if
    /// it had not been; after a block of sequences, by one (as Structurizr counts).
    fn items(&self, steps: &[Step], next: &mut usize) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        let mut parallel: Vec<Section> = Vec::new();
        for step in steps {
            match step {
                Step::Message(message) => {
                    flush(&mut parallel, &mut items);
                    *next += 1;
                    items.push(Item::Message(self.message(message, *next)));
                }
                Step::Parallel(inner) => {
                    let direct = inner.iter().any(|step| matches!(step, Step::Message(_)));
                    let mut own = *next;
                    let made = self.items(inner, &mut own);
                    if direct {
                        parallel.push(Section { label: Vec::new(), items: made });
                    } else {
                        flush(&mut parallel, &mut items);
                        items.extend(made);
                        *next += 1;
                    }
                }
            }
        }
        flush(&mut parallel, &mut items);
        items
    }

    fn message(&self, message: &super::model::Message, number: usize) -> sequence::Message {
        let index = |at: usize| self.actors.get(&at).copied().unwrap_or_default();
        let mut text = lines(&message.text);
        if !message.technology.is_empty() {
            text.push(format!("[{}]", message.technology));
        }
        sequence::Message {
            from: index(message.source),
            to: index(message.destination),
            text,
            number: Some(message.order.clone().unwrap_or_else(|| number.to_string())),
            tail: Head::None,
            points: [false; 2],
            head: if message.response { Head::Open } else { Head::Arrow },
            line: if message.response { Line::Dashed } else { Line::Solid },
            facts: Facts { link: some(&message.url), place: Some(message.place.clone()), ..Facts::default() },
        }
    }
}

fn flush(parallel: &mut Vec<Section>, items: &mut Vec<Item>) {
    match parallel.len() {
        0 => {}
        1 => items.extend(parallel.pop().into_iter().flat_map(|section| section.items)),
        _ => {
            let sections = std::mem::take(parallel);
            items.push(Item::Block(Block { kind: BlockKind::Par, sections, facts: Facts::default() }));
        }
    }
}

/// Numbers that the text gives decide the order, if all of them are numbers.
fn sort_numbered(items: &mut [Item]) {
    let number = |item: &Item| match item {
        Item::Message(message) => {
            message.number.as_ref()?.parse::<f64>().ok().filter(|number| number.is_finite())
        }
        _ => None,
    };
    if items.iter().all(|item| number(item).is_some()) {
        items.sort_by(|a, b| number(a).partial_cmp(&number(b)).unwrap_or(std::cmp::Ordering::Equal));
    }
}
