//! Expressions: `element.tag==Database`, `->gateway->`, `* -> db`, and the blocks that apply to what they find.

use super::build::{Builder, Here, Named};
use super::model::{ElementKind, Property};
use super::text::{Statement, Token};
use crate::diag::code;
use std::collections::BTreeSet;

/// What an expression found.
#[derive(Clone, Debug, Default)]
pub(super) struct Items {
    pub elements: BTreeSet<usize>,
    pub relations: BTreeSet<usize>,
}

impl Items {
    fn both(mut self, other: &Self) -> Self {
        self.elements.retain(|at| other.elements.contains(at));
        self.relations.retain(|at| other.relations.contains(at));
        self
    }

    fn either(mut self, other: Self) -> Self {
        self.elements.extend(other.elements);
        self.relations.extend(other.relations);
        self
    }
}

/// Whether a word is an expression and not an identifier.
pub(super) fn is_expression(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("->") || lower.contains("==") || lower.contains("!=")
}

impl Builder<'_> {
    /// What a word of a view or of `!elements` names: an identifier, or an expression.
    pub fn evaluate(&mut self, token: &Token, here: Here) -> Items {
        let mut items = Items::default();
        for alternative in token.text.split(" || ") {
            let mut found: Option<Items> = None;
            for part in alternative.split(" && ") {
                let part = self.term(part.trim(), token, here, 0);
                found = Some(match found {
                    Some(found) => found.both(&part),
                    None => part,
                });
            }
            items = items.either(found.unwrap_or_default());
        }
        items.relations.retain(|at| !self.workspace.relations[*at].removed);
        items
    }

    fn term(&mut self, text: &str, token: &Token, here: Here, depth: usize) -> Items {
        if depth > 8 || !self.look_at_all(&token.place) {
            return Items::default();
        }
        if let Some((subject, negated, value)) = comparison(text) {
            return self.compare(&subject, negated, value, token, here, depth);
        }
        match text.split_once("->") {
            Some(("", rest)) if !rest.trim().is_empty() => {
                let (inner, after) = match rest.trim().strip_suffix("->") {
                    Some(inner) => (inner.trim(), true),
                    None => (rest.trim(), false),
                };
                self.neighbours(inner, (true, after), token, here, depth)
            }
            Some((source, "")) if !source.trim().is_empty() => {
                self.neighbours(source.trim(), (false, true), token, here, depth)
            }
            Some((source, destination)) => self.arrows(source.trim(), destination.trim(), token, here, depth),
            None => self.named(text, token, here),
        }
    }

    /// `->x->`: an element and those before or behind it.
    fn neighbours(
        &mut self,
        inner: &str,
        sides: (bool, bool),
        token: &Token,
        here: Here,
        depth: usize,
    ) -> Items {
        let mut items = self.term(inner, token, here, depth + 1);
        items.relations.clear();
        for at in items.elements.clone() {
            let centres = if here.environment.is_some() && !self.workspace.elements[at].kind.deployed() {
                self.instances(at, here.environment)
            } else {
                vec![at]
            };
            for at in centres {
                self.count(self.touching(at).count());
                items.elements.insert(at);
                if sides.0 {
                    items.elements.extend(
                        self.incoming[at].iter().map(|relation| self.workspace.relations[*relation].source),
                    );
                }
                if sides.1 {
                    items.elements.extend(
                        self.outgoing[at]
                            .iter()
                            .map(|relation| self.workspace.relations[*relation].destination),
                    );
                }
            }
        }
        items
    }

    /// `a -> b`: relationships.
    fn arrows(&mut self, source: &str, destination: &str, token: &Token, here: Here, depth: usize) -> Items {
        let all = |text: &str| text == "*" || text.is_empty();
        let sources = (!all(source)).then(|| self.term(source, token, here, depth + 1).elements);
        let destinations =
            (!all(destination)).then(|| self.term(destination, token, here, depth + 1).elements);
        let fits =
            |side: &Option<BTreeSet<usize>>, at: usize| side.as_ref().is_none_or(|side| side.contains(&at));
        let relations = self.workspace.relations.iter().enumerate();
        let found = relations.filter(|(_, relation)| {
            fits(&sources, relation.source) && fits(&destinations, relation.destination)
        });
        Items { elements: BTreeSet::new(), relations: found.map(|(at, _)| at).collect() }
    }

    fn named(&mut self, text: &str, token: &Token, here: Here) -> Items {
        let mut items = Items::default();
        match self.lookup(text, here) {
            Some(Named::Element(at)) => {
                items.elements.insert(at);
            }
            Some(Named::Group(group)) => items.elements.extend(self.in_group(group)),
            Some(Named::Relation(at)) => {
                items.relations.insert(at);
                let linked = self
                    .workspace
                    .relations
                    .iter()
                    .enumerate()
                    .filter(|(_, relation)| relation.linked == Some(at));
                items.relations.extend(linked.map(|(at, _)| at));
            }
            _ if text == "*" => items.elements.extend(0..self.workspace.elements.len()),
            _ => self.unknown(&Token { text: text.to_owned(), ..token.clone() }, "element or relationship"),
        }
        items
    }

    fn compare(
        &mut self,
        subject: &str,
        negated: bool,
        value: &str,
        token: &Token,
        here: Here,
        depth: usize,
    ) -> Items {
        let mut items = Items::default();
        match subject {
            "element" | "relationship" if value == "*" => {
                if subject == "element" {
                    items.elements.extend(0..self.workspace.elements.len());
                } else {
                    items.relations.extend(0..self.workspace.relations.len());
                }
            }
            "element" | "relationship" => {
                let inner = self.term(value, token, here, depth + 1);
                return if negated { self.all_but(&inner, subject) } else { inner };
            }
            "relationship.source" => return self.arrows(value, "*", token, here, depth),
            "relationship.destination" => return self.arrows("*", value, token, here, depth),
            "element.parent" => {
                let parents = self.term(value, token, here, depth + 1).elements;
                let elements = self.workspace.elements.iter().enumerate();
                let found = elements
                    .filter(|(_, element)| element.parent.is_some_and(|at| parents.contains(&at)) != negated);
                items.elements.extend(found.map(|(at, _)| at));
            }
            _ if subject.starts_with("element.") => {
                let known =
                    (0..self.workspace.elements.len()).map(|at| (at, self.element_fits(at, subject, value)));
                items
                    .elements
                    .extend(known.filter(|(_, fits)| *fits != negated).map(|(at, _)| at).collect::<Vec<_>>());
            }
            _ => {
                let known = (0..self.workspace.relations.len())
                    .map(|at| (at, self.relation_fits(at, subject, value)));
                items
                    .relations
                    .extend(known.filter(|(_, fits)| *fits != negated).map(|(at, _)| at).collect::<Vec<_>>());
            }
        }
        if !SUBJECTS.contains(&subject) && !subject.contains(".properties[") {
            let message = format!("`{subject}` is no part of an expression");
            let help = format!("use one of {}", SUBJECTS.join(", "));
            self.problem(code::DIAGRAM_SYNTAX, &token.place, subject, message, &help);
        }
        items
    }

    fn all_but(&self, items: &Items, subject: &str) -> Items {
        let mut rest = Items::default();
        if subject == "element" {
            rest.elements
                .extend((0..self.workspace.elements.len()).filter(|at| !items.elements.contains(at)));
        } else {
            rest.relations
                .extend((0..self.workspace.relations.len()).filter(|at| !items.relations.contains(at)));
        }
        rest
    }

    fn element_fits(&self, at: usize, subject: &str, value: &str) -> bool {
        let element = &self.workspace.elements[at];
        match subject {
            "element.type" => {
                let wanted = value.to_ascii_lowercase();
                wanted == element.kind.keyword()
                    || (wanted == "custom" && element.kind == ElementKind::Custom)
            }
            "element.tag" => {
                let tags = self.workspace.tags(at);
                self.count(tags.len() * (1 + value.len() / 16));
                value.split(',').all(|tag| tags.contains(&tag.trim()))
            }
            "element.technology" => element.technology == value,
            "element.group" => element.group.is_some_and(|group| self.workspace.groups[group].path == value),
            _ => {
                let of = element.of.map(|of| &self.workspace.elements[of].properties);
                self.count(element.properties.len() + of.map_or(0, Vec::len));
                has_property(subject, value, element.properties.iter().chain(of.into_iter().flatten()))
            }
        }
    }

    fn relation_fits(&self, at: usize, subject: &str, value: &str) -> bool {
        if subject == "relationship.tag" {
            let tags = self.workspace.relation_tags(at);
            self.count(tags.len() * (1 + value.len() / 16));
            return value.split(',').all(|tag| tags.contains(&tag.trim()));
        }
        let relation = &self.workspace.relations[at];
        let linked = relation.linked.map(|linked| &self.workspace.relations[linked].properties);
        self.count(relation.properties.len() + linked.map_or(0, Vec::len));
        has_property(subject, value, relation.properties.iter().chain(linked.into_iter().flatten()))
    }

    /// `!element x {`: the statements belong to an element that is defined elsewhere.
    pub fn find_element(&mut self, statement: &Statement, here: Here) {
        let (name, rest) = statement.assigned();
        let keyword = rest.first().map(|token| token.text.to_ascii_lowercase()).unwrap_or_default();
        if keyword != "!element" {
            let message = format!("`{keyword}` was removed from the language");
            self.syntax(&statement.place, &keyword, message, "use `!element` instead");
        }
        let Some(target) = rest.get(1).cloned() else {
            self.syntax(
                &statement.place,
                &keyword,
                "an identifier is missing",
                "write `!element identifier {`",
            );
            return;
        };
        let found = self.lookup(&target.text, here).or_else(|| self.by_path(&target.text));
        match found {
            Some(Named::Element(at)) => {
                if let Some(name) = name {
                    self.register(name, &name.text.clone(), Named::Element(at));
                }
                let environment = self.workspace.elements[at].environment;
                self.element_body(statement.body(), Here { element: Some(at), environment, group: None });
            }
            Some(Named::Environment(at)) => {
                let here = Here { environment: Some(at), ..Here::default() };
                for inner in statement.body() {
                    if !self.relationship(inner, here) && !self.general(inner, here) {
                        self.model(std::slice::from_ref(inner), here);
                    }
                }
            }
            _ => self.unknown(&target, "element"),
        }
    }

    /// An element by its canonical name: `Container://Shop.API`, `DeploymentNode://Live/Cluster`.
    fn by_path(&self, text: &str) -> Option<Named> {
        let (_, path) = text.split_once("://")?;
        self.count(self.workspace.elements.iter().map(|element| 4 + element.name.len() / 8).sum());
        let plain = |name: &str| name.replace(['.', '/'], "");
        let canonical = |at: usize| {
            let mut names: Vec<String> =
                self.workspace.upwards(at).map(|at| plain(&self.workspace.elements[at].name)).collect();
            let environment = self.workspace.elements[at].environment;
            names.extend(environment.map(|at| plain(&self.workspace.environments[at].name)));
            names.reverse();
            names.join(if environment.is_some() { "/" } else { "." })
        };
        (0..self.workspace.elements.len()).find(|at| canonical(*at) == path).map(Named::Element)
    }

    /// `!relationship x {`.
    pub fn find_relation(&mut self, statement: &Statement, here: Here) {
        let Some(target) = statement.tokens.get(1).cloned() else { return };
        let Some(Named::Relation(at)) = self.lookup(&target.text, here) else {
            self.unknown(&target, "relationship");
            return;
        };
        for inner in statement.body() {
            self.relation_detail(at, inner, here);
        }
    }

    /// `!elements expression {`: the statements belong to each that is found.
    pub fn find_elements(&mut self, statement: &Statement, here: Here) {
        let Some(token) = statement.tokens.get(1).cloned() else { return };
        let items = self.evaluate(&token, here);
        if items.elements.is_empty() {
            let message = format!("no element fits `{}`", token.text);
            self.problem(
                code::DIAGRAM_SYNTAX,
                &token.place,
                &token.text,
                message,
                "correct the expression, or remove the block",
            );
        }
        for at in items.elements {
            if !self.go_on(&statement.place) {
                return;
            }
            let environment = self.workspace.elements[at].environment;
            self.element_body(statement.body(), Here { element: Some(at), environment, group: None });
        }
    }

    /// `!relationships expression {`.
    pub fn find_relations(&mut self, statement: &Statement, here: Here) {
        let Some(token) = statement.tokens.get(1).cloned() else { return };
        let items = self.evaluate(&token, here);
        if items.relations.is_empty() {
            let message = format!("no relationship fits `{}`", token.text);
            self.problem(
                code::DIAGRAM_SYNTAX,
                &token.place,
                &token.text,
                message,
                "correct the expression, or remove the block",
            );
        }
        for at in items.relations {
            if !self.go_on(&statement.place) {
                return;
            }
            for inner in statement.body() {
                self.relation_detail(at, inner, here);
            }
        }
    }
}

const SUBJECTS: &[&str] = &[
    "element",
    "element.type",
    "element.tag",
    "element.technology",
    "element.group",
    "element.parent",
    "element.properties[name]",
    "relationship",
    "relationship.tag",
    "relationship.source",
    "relationship.destination",
    "relationship.properties[name]",
];

/// `subject==value` or `subject!=value`; whether it is the second.
fn comparison(text: &str) -> Option<(String, bool, &str)> {
    let equal = text.find("==").map(|at| (at, false));
    let unequal = text.find("!=").map(|at| (at, true));
    let (at, negated) = equal.into_iter().chain(unequal).min()?;
    let subject = text[..at].trim();
    // `* -> element.tag==X` is an arrow whose end is a comparison.
    if subject.contains("->") {
        return None;
    }
    let lower = match subject.find('[') {
        Some(bracket) => format!("{}{}", subject[..bracket].to_ascii_lowercase(), &subject[bracket..]),
        None => subject.to_ascii_lowercase(),
    };
    Some((lower, negated, text[at + 2..].trim()))
}

fn has_property<'p>(subject: &str, value: &str, mut properties: impl Iterator<Item = &'p Property>) -> bool {
    let name = subject.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']')).unwrap_or_default();
    properties.any(|property| property.name == name && property.value == value)
}
