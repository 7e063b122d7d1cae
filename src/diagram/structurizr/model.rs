//! The workspace: elements, relationships, groups, environments, styles, views.

use super::super::graph::Direction;
use super::archetype::{property_bytes, tag_bytes};
use crate::base::RelPath;
use crate::diag::{Place, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// What an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ElementKind {
    /// A user.
    Person,
    /// A system.
    SoftwareSystem,
    /// A part of a system that runs or stores by itself.
    Container,
    /// A part of a container.
    Component,
    /// What the C4 model has no word for.
    Custom,
    /// A place where things run; nested.
    DeploymentNode,
    /// A load balancer, a DNS: infrastructure without a container.
    InfrastructureNode,
    /// A software system, deployed.
    SystemInstance,
    /// A container, deployed.
    ContainerInstance,
}

impl ElementKind {
    /// As people say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Person => "Person",
            Self::SoftwareSystem => "Software System",
            Self::Container => "Container",
            Self::Component => "Component",
            Self::Custom => "Element",
            Self::DeploymentNode => "Deployment Node",
            Self::InfrastructureNode => "Infrastructure Node",
            Self::SystemInstance => "Software System Instance",
            Self::ContainerInstance => "Container Instance",
        }
    }

    /// The keyword, without case.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::SoftwareSystem => "softwaresystem",
            Self::Container => "container",
            Self::Component => "component",
            Self::Custom => "element",
            Self::DeploymentNode => "deploymentnode",
            Self::InfrastructureNode => "infrastructurenode",
            Self::SystemInstance => "softwaresysteminstance",
            Self::ContainerInstance => "containerinstance",
        }
    }

    /// Whether it is part of a deployment.
    pub fn deployed(self) -> bool {
        matches!(
            self,
            Self::DeploymentNode | Self::InfrastructureNode | Self::SystemInstance | Self::ContainerInstance
        )
    }

    /// Whether it is an instance of another element.
    pub fn instance(self) -> bool {
        matches!(self, Self::SystemInstance | Self::ContainerInstance)
    }
}

/// A name with a value, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Where the value stands.
    pub place: Place,
}

/// One element.
#[derive(Clone, Debug)]
pub struct Element {
    /// What it is.
    pub kind: ElementKind,
    /// The full name by which the text refers to it (`shop.api`), or one made up from `#` and its number.
    pub identifier: String,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it is built with; of a custom element, its metadata.
    pub technology: String,
    /// Its tags, without the two that its kind implies.
    pub tags: Vec<String>,
    /// Where it leads.
    pub url: String,
    /// Its properties, in the order of the text.
    pub properties: Vec<Property>,
    /// The element it is part of.
    pub parent: Option<usize>,
    /// The group it is in.
    pub group: Option<usize>,
    /// The environment of what is deployed.
    pub environment: Option<usize>,
    /// What it is an instance of.
    pub of: Option<usize>,
    /// The deployment groups of an instance; none means the one that is not named.
    pub deployment_groups: Vec<String>,
    /// How many there are.
    pub instances: String,
    /// Where the text defines it.
    pub place: Place,
}

impl Element {
    /// The bytes of its text, about.
    pub(super) fn bytes(&self) -> usize {
        let words =
            [&self.identifier, &self.name, &self.description, &self.technology, &self.url, &self.instances];
        let words: usize = words.iter().map(|word| word.len()).sum();
        words + tag_bytes(&self.tags) + property_bytes(&self.properties)
    }
}

/// One relationship.
#[derive(Clone, Debug)]
pub struct Relation {
    /// Who.
    pub source: usize,
    /// Whom.
    pub destination: usize,
    /// Does what.
    pub description: String,
    /// By what.
    pub technology: String,
    /// Its tags, without the one that all have.
    pub tags: Vec<String>,
    /// Where it leads.
    pub url: String,
    /// Its properties.
    pub properties: Vec<Property>,
    /// The relationship that this one follows from: implied by it, or its copy between instances.
    pub linked: Option<usize>,
    /// It was taken out of its environment.
    pub removed: bool,
    /// Where the text states it.
    pub place: Place,
}

impl Relation {
    /// The bytes of its text, about.
    pub(super) fn bytes(&self) -> usize {
        let words = self.description.len() + self.technology.len() + self.url.len();
        words + tag_bytes(&self.tags) + property_bytes(&self.properties)
    }
}

/// A group of elements.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// The group around it.
    pub parent: Option<usize>,
    /// Its names from the outermost on, joined by the model's separator.
    pub path: String,
    /// Where the text defines it.
    pub place: Place,
}

/// A deployment environment.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Its identifier.
    pub identifier: String,
    /// Where the text defines it.
    pub place: Place,
}

/// What a view shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// People and systems.
    Landscape,
    /// A system and its surroundings.
    Context(usize),
    /// The containers of a system.
    Containers(usize),
    /// The components of a container.
    Components(usize),
    /// Messages in their order, within a system or container if one is given.
    Dynamic(Option<usize>),
    /// One environment, of one system if one is given.
    Deployment(Option<usize>, usize),
    /// Custom elements.
    Custom,
}

/// One message of a dynamic view.
#[derive(Clone, Debug)]
pub struct Message {
    /// Who sends it.
    pub source: usize,
    /// Who gets it.
    pub destination: usize,
    /// What it says.
    pub text: String,
    /// By what.
    pub technology: String,
    /// Its number as the text gives it; otherwise it is counted.
    pub order: Option<String>,
    /// It answers: the relationship points the other way.
    pub response: bool,
    /// Where it leads.
    pub url: String,
    /// Where the text states it.
    pub place: Place,
}

/// A step of a dynamic view.
#[derive(Clone, Debug)]
pub enum Step {
    /// One message.
    Message(Message),
    /// Sequences that run at the same time as what follows.
    Parallel(Vec<Step>),
}

/// One view.
#[derive(Clone, Debug)]
pub struct View {
    /// Unique in the workspace.
    pub key: String,
    /// What it is of.
    pub scope: Scope,
    /// Its heading, if it was given one.
    pub title: String,
    /// What it shows.
    pub description: String,
    /// The elements, in the order they came in.
    pub elements: Vec<usize>,
    /// The same, to look up.
    pub shown: BTreeSet<usize>,
    /// The relationships.
    pub relations: Vec<usize>,
    /// The steps of a dynamic view.
    pub steps: Vec<Step>,
    /// Where edges lead, if the view says so.
    pub direction: Option<Direction>,
    /// Where the text defines it.
    pub place: Place,
}

/// How elements or relationships look: values by tag and lower-case name of a setting.
pub type Styles = BTreeMap<String, BTreeMap<String, String>>;

/// A workspace.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// Its name.
    pub name: String,
    /// What it describes.
    pub description: String,
    /// All elements, parents before children.
    pub elements: Vec<Element>,
    /// All relationships, implied and copied ones included.
    pub relations: Vec<Relation>,
    /// All groups.
    pub groups: Vec<Group>,
    /// All environments.
    pub environments: Vec<Environment>,
    /// The views that can be drawn.
    pub views: Vec<View>,
    /// Styles of elements.
    pub element_styles: Styles,
    /// Styles of relationships.
    pub relation_styles: Styles,
    /// Words for kinds, by keyword.
    pub terminology: BTreeMap<String, String>,
    /// The files that were read, the workspace's own first.
    pub files: Vec<RelPath>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

impl Workspace {
    /// All tags of an element: those its kind implies, then its own, then those of what it is an instance of.
    pub fn tags(&self, element: usize) -> Vec<&str> {
        let Some(element) = self.elements.get(element) else { return Vec::new() };
        let mut tags = Vec::new();
        if let Some(of) = element.of {
            tags.extend(self.tags(of));
            tags.push(element.kind.name());
        } else {
            tags.extend(
                ["Element", element.kind.name()].into_iter().take(if element.kind == ElementKind::Custom {
                    1
                } else {
                    2
                }),
            );
        }
        tags.extend(element.tags.iter().map(String::as_str));
        tags
    }

    /// All tags of a relationship, with those of the one it copies.
    pub fn relation_tags(&self, relation: usize) -> Vec<&str> {
        let Some(relation) = self.relations.get(relation) else { return Vec::new() };
        let linked = relation.linked.and_then(|at| self.relations.get(at));
        let own = relation.tags.iter().chain(linked.into_iter().flat_map(|linked| &linked.tags));
        std::iter::once("Relationship").chain(own.map(String::as_str)).collect()
    }

    /// The element and everything it is part of, from itself outwards.
    pub fn upwards(&self, element: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(Some(element), |at| self.elements.get(*at)?.parent)
    }

    /// Whether `inner` is part of `outer`, at any depth.
    pub fn part_of(&self, inner: usize, outer: usize) -> bool {
        self.upwards(inner).skip(1).any(|at| at == outer)
    }

    /// Names from the outermost on: `Shop / API / Orders`.
    pub fn path(&self, element: usize) -> String {
        let mut names: Vec<&str> = self.upwards(element).map(|at| self.elements[at].name.as_str()).collect();
        names.reverse();
        names.join(" / ")
    }
}
