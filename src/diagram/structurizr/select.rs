//! What `include` and `exclude` make of a view.

use super::build::{Builder, Here, SHOWN};
use super::expression::is_expression;
use super::model::{ElementKind, Scope, View};
use super::text::Token;
use crate::diag::code;
use std::collections::BTreeSet;

impl Builder<'_> {
    fn here(view: &View) -> Here {
        let environment = match view.scope {
            Scope::Deployment(_, environment) => Some(environment),
            _ => None,
        };
        Here { environment, ..Here::default() }
    }

    /// `include ...`
    pub fn include(&mut self, view: &mut View, tokens: &[Token]) {
        for token in tokens {
            match token.text.as_str() {
                "*" | "element==*" => self.defaults(view, true),
                "*?" => self.defaults(view, false),
                text => {
                    let named = !is_expression(text);
                    let items = self.evaluate(token, Self::here(view));
                    for at in items.elements {
                        self.show(view, at, named.then_some(token));
                    }
                    self.count(view.relations.len());
                    let there: BTreeSet<usize> = view.relations.iter().copied().collect();
                    for at in items.relations.difference(&there) {
                        self.show_relation(view, *at);
                    }
                }
            }
        }
    }

    /// `exclude ...`
    pub fn exclude(&mut self, view: &mut View, tokens: &[Token]) {
        for token in tokens {
            let items = self.evaluate(token, Self::here(view));
            self.count(view.elements.len() + view.relations.len());
            let mut gone = items.elements;
            match view.scope {
                Scope::Context(scope) => {
                    gone.remove(&scope);
                }
                Scope::Deployment(_, environment) => {
                    let inner = |at: &usize| self.workspace.upwards(*at).any(|outer| gone.contains(&outer));
                    let parts: Vec<usize> = view.elements.iter().copied().filter(inner).collect();
                    let named = std::mem::take(&mut gone);
                    gone.extend(named.iter().flat_map(|at| self.instances(*at, Some(environment))));
                    gone.extend(parts);
                }
                _ => {}
            }
            view.elements.retain(|at| !gone.contains(at));
            view.shown.retain(|at| !gone.contains(at));
            let touches = |at: usize| {
                let relation = self.workspace.relations.get(at);
                relation.is_some_and(|one| gone.contains(&one.source) || gone.contains(&one.destination))
            };
            view.relations.retain(|at| !touches(*at));
            let copied = |at: usize| self.workspace.relations[at].linked;
            let deployment = matches!(view.scope, Scope::Deployment(..));
            view.relations.retain(|at| {
                let linked =
                    deployment && copied(*at).is_some_and(|linked| items.relations.contains(&linked));
                !items.relations.contains(at) && !linked
            });
        }
    }

    fn of_kind(&self, kinds: &[ElementKind]) -> Vec<usize> {
        self.count(self.workspace.elements.len());
        let elements = self.workspace.elements.iter().enumerate();
        elements.filter(|(_, element)| kinds.contains(&element.kind)).map(|(at, _)| at).collect()
    }

    /// `include *`, and with `greedy` false `include *?`, which leaves out relationships among the surroundings.
    fn defaults(&mut self, view: &mut View, greedy: bool) {
        let around = [ElementKind::Custom, ElementKind::Person, ElementKind::SoftwareSystem];
        let mut centre = Vec::new();
        match view.scope {
            Scope::Landscape => {
                for at in self.of_kind(&[ElementKind::SoftwareSystem, ElementKind::Person]) {
                    self.show(view, at, None);
                }
                for at in view.elements.clone() {
                    self.show_neighbours(view, at, &[ElementKind::Custom]);
                }
            }
            Scope::Context(system) => {
                centre.push(system);
                self.show_neighbours(view, system, &around);
            }
            Scope::Containers(system) => {
                centre = self.children(system);
                for at in centre.clone() {
                    self.show(view, at, None);
                    self.show_neighbours(view, at, &around);
                }
            }
            Scope::Components(container) => {
                centre = self.children(container);
                let parent = |at: usize| self.workspace.elements.get(at).and_then(|element| element.parent);
                let system = parent(container);
                let siblings_of = |at: usize| -> BTreeSet<usize> {
                    let others = self.neighbours_of(at).into_iter();
                    others.filter(|other| system.is_some() && parent(*other) == system).collect()
                };
                let siblings: Vec<BTreeSet<usize>> = centre.iter().map(|at| siblings_of(*at)).collect();
                for (at, siblings) in centre.clone().into_iter().zip(siblings) {
                    self.show(view, at, None);
                    for sibling in siblings {
                        self.show(view, sibling, None);
                    }
                    self.show_neighbours(view, at, &around);
                }
            }
            Scope::Custom => {
                for at in self.of_kind(&[ElementKind::Custom]) {
                    self.show(view, at, None);
                }
            }
            Scope::Deployment(system, environment) => self.deployment_defaults(view, system, environment),
            Scope::Dynamic(_) => {}
        }
        if !greedy && !centre.is_empty() {
            let relations = &self.workspace.relations;
            let centre: BTreeSet<usize> = centre.into_iter().collect();
            view.relations.retain(|at| {
                centre.contains(&relations[*at].source) || centre.contains(&relations[*at].destination)
            });
        }
    }

    fn children(&self, of: usize) -> Vec<usize> {
        let children = self.children.get(of).cloned().unwrap_or_default();
        self.count(children.len());
        children
    }

    /// Everything within an element.
    fn within(&self, of: usize) -> Vec<usize> {
        let mut all = vec![of];
        let mut next = 0;
        while let Some(at) = all.get(next).copied() {
            all.extend(&self.children[at]);
            next += 1;
        }
        all.remove(0);
        self.count(all.len());
        all
    }

    fn deployment_defaults(&mut self, view: &mut View, system: Option<usize>, environment: usize) {
        self.count(self.workspace.elements.len());
        for at in 0..self.workspace.elements.len() {
            let element = &self.workspace.elements[at];
            if element.environment != Some(environment) || element.kind == ElementKind::DeploymentNode {
                continue;
            }
            let foreign = element.kind == ElementKind::ContainerInstance
                && system.is_some()
                && element.of.and_then(|of| self.workspace.elements[of].parent) != system;
            if !foreign {
                self.show(view, at, None);
            }
        }
        for at in view.elements.clone() {
            self.show_neighbours(view, at, &[ElementKind::Custom]);
        }
    }

    fn show_neighbours(&mut self, view: &mut View, at: usize, kinds: &[ElementKind]) {
        let mut found = self.neighbours_of(at);
        found.retain(|at| self.workspace.elements.get(*at).is_some_and(|other| kinds.contains(&other.kind)));
        for at in found {
            self.show(view, at, None);
        }
    }

    /// What relationships lead to from an element, then what they come from.
    fn neighbours_of(&self, at: usize) -> Vec<usize> {
        let relations = self.touching(at).filter_map(|relation| self.workspace.relations.get(relation));
        relations
            .map(|relation| if relation.source == at { relation.destination } else { relation.source })
            .collect()
    }

    /// Whether an element may stand in a view.
    fn permitted(&self, view: &View, at: usize) -> bool {
        let kind = self.workspace.elements[at].kind;
        let nested = || {
            self.workspace.upwards(at).any(|outer| view.shown.contains(&outer))
                || self.within(at).iter().any(|inner| view.shown.contains(inner))
        };
        match view.scope {
            Scope::Landscape | Scope::Context(_) => {
                matches!(kind, ElementKind::Custom | ElementKind::Person | ElementKind::SoftwareSystem)
            }
            Scope::Custom => kind == ElementKind::Custom,
            Scope::Containers(system) => match kind {
                ElementKind::Custom | ElementKind::Person => true,
                ElementKind::SoftwareSystem | ElementKind::Container => at != system && !nested(),
                _ => false,
            },
            Scope::Components(container) => match kind {
                ElementKind::Custom | ElementKind::Person => true,
                ElementKind::SoftwareSystem | ElementKind::Container | ElementKind::Component => {
                    at != container && !self.workspace.part_of(container, at) && !nested()
                }
                _ => false,
            },
            Scope::Deployment(system, environment) => match kind {
                ElementKind::Custom => true,
                ElementKind::SystemInstance => {
                    self.workspace.elements[at].of != system
                        && self.workspace.elements[at].environment == Some(environment)
                }
                _ => self.workspace.elements[at].environment == Some(environment),
            },
            Scope::Dynamic(_) => true,
        }
    }

    /// Adds an element with its relationships to what is shown already. `token` names it; then it is a finding when
    /// this sort of view cannot show it.
    pub fn show(&mut self, view: &mut View, at: usize, token: Option<&Token>) {
        if !self.go_on(&view.place) {
            return;
        }
        let kind = self.workspace.elements[at].kind;
        if let Scope::Deployment(_, environment) = view.scope {
            if matches!(kind, ElementKind::SoftwareSystem | ElementKind::Container) {
                for instance in self.instances(at, Some(environment)) {
                    self.show(view, instance, None);
                }
                return;
            }
            if kind == ElementKind::DeploymentNode {
                for inner in self.within(at) {
                    if self.workspace.elements[inner].kind != ElementKind::DeploymentNode {
                        self.show(view, inner, None);
                    }
                }
                return;
            }
        }
        if view.shown.contains(&at) {
            return;
        }
        if !self.permitted(view, at) {
            if let Some(token) = token {
                let message = format!("`{}` cannot stand in this sort of view", token.text);
                let help = "a view shows one level: not an element together with its parts, and no part of a lower level";
                self.problem(code::DIAGRAM_NOT_DRAWN, &token.place, &token.text, message, help);
            }
            return;
        }
        self.place(view, at);
        // The nodes that something is deployed on come with it.
        if kind.deployed()
            && let Some(parent) =
                self.workspace.elements[at].parent.filter(|parent| !view.shown.contains(parent))
        {
            self.show_node(view, parent);
        }
    }

    fn show_node(&mut self, view: &mut View, at: usize) {
        let outer: Vec<usize> = self.workspace.upwards(at).filter(|at| !view.shown.contains(at)).collect();
        for at in outer {
            self.place(view, at);
        }
    }

    fn place(&mut self, view: &mut View, at: usize) {
        view.elements.push(at);
        view.shown.insert(at);
        self.count_shown(&[at], &[], 1);
        // A relation from and to itself stands in both lists.
        let relations = &self.workspace.relations;
        let back = self.incoming[at].iter().filter(|relation| relations[**relation].source != at);
        let touching: Vec<usize> = self.outgoing[at].iter().chain(back).copied().collect();
        self.count(touching.len());
        for relation in touching {
            self.show_relation(view, relation);
        }
    }

    fn show_relation(&mut self, view: &mut View, at: usize) {
        let relation = &self.workspace.relations[at];
        let shown = |at: usize| view.shown.contains(&at);
        if !relation.removed && shown(relation.source) && shown(relation.destination) {
            self.count(SHOWN + relation.bytes() / 8);
            view.relations.push(at);
        }
    }
}
