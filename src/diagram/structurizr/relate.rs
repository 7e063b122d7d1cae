//! Relationships: stated, implied by their ends' parents, and copied between instances.

use super::archetype::{Archetype, property_bytes, tag_bytes};
use super::build::{Builder, Here, Named};
use super::element::split_tags;
use super::model::{ElementKind, Relation};
use super::text::{Statement, Token};
use crate::diag::{Place, code};

/// What a relationship says.
#[derive(Clone, Default)]
struct Words {
    description: String,
    technology: String,
    tags: Vec<String>,
}

impl Builder<'_> {
    /// A statement with an arrow; whether it was one.
    pub fn relationship(&mut self, statement: &Statement, here: Here) -> bool {
        let (name, rest) = statement.assigned();
        if let [source, arrow, destination, words @ ..] = rest {
            if arrow.is("-/>") && here.environment.is_some() {
                self.no_relationship(source, destination, words, statement, here);
                return true;
            }
            if let Some(archetype) = self.arrow(arrow) {
                let ends = (self.end(source, here), self.end(destination, here));
                if let (Some(sources), Some(destinations)) = ends {
                    self.relate_all(name, (&sources, &destinations), words, &archetype, statement, here);
                }
                return true;
            }
        }
        if let ([arrow, destination, words @ ..], Some(at)) = (rest, here.element)
            && let Some(archetype) = self.arrow(arrow)
        {
            if let Some(destinations) = self.end(destination, here) {
                self.relate_all(name, (&[at], &destinations), words, &archetype, statement, here);
            }
            return true;
        }
        false
    }

    /// The elements that one end of an arrow names: in an environment, the instances of what it names.
    fn end(&mut self, token: &Token, here: Here) -> Option<Vec<usize>> {
        let Some(Named::Element(at)) = self.lookup(&token.text, here) else {
            if let Some(Named::Group(group)) = self.lookup(&token.text, here) {
                return Some(self.in_group(group));
            }
            self.unknown(token, "element");
            return None;
        };
        let kind = self.workspace.elements[at].kind;
        if here.environment.is_some() && matches!(kind, ElementKind::SoftwareSystem | ElementKind::Container)
        {
            return Some(self.instances(at, here.environment));
        }
        Some(vec![at])
    }

    /// The elements of a group and of the groups in it.
    pub fn in_group(&self, group: usize) -> Vec<usize> {
        self.count(self.workspace.elements.len());
        let within = |at: Option<usize>| {
            std::iter::successors(at, |at| self.workspace.groups[*at].parent).any(|at| at == group)
        };
        let elements = self.workspace.elements.iter().enumerate();
        elements.filter(|(_, element)| within(element.group)).map(|(at, _)| at).collect()
    }

    /// The instances of an element in an environment.
    pub fn instances(&self, of: usize, environment: Option<usize>) -> Vec<usize> {
        let found = environment.and_then(|environment| self.deployed.get(&(of, environment)));
        self.count(found.map_or(0, Vec::len));
        found.cloned().unwrap_or_default()
    }

    fn relate_all(
        &mut self,
        name: Option<&Token>,
        ends: (&[usize], &[usize]),
        words: &[Token],
        archetype: &Archetype,
        statement: &Statement,
        here: Here,
    ) {
        if let Some(extra) = words.get(3) {
            let (place, text) = (extra.place.clone(), extra.text.clone());
            self.syntax(
                &place,
                &text,
                format!("`{text}` is one word too many"),
                "after the arrow stand: description, technology, tags; quote what has spaces",
            );
        }
        let word = |at: usize| words.get(at).map(|token: &Token| token.text.clone());
        let mut said = Words {
            description: word(0).unwrap_or_else(|| archetype.description.clone()),
            technology: word(1).unwrap_or_else(|| archetype.technology.clone()),
            tags: archetype.tags.clone(),
        };
        said.tags.extend(split_tags(&word(2).unwrap_or_default()));
        let mut made = Vec::new();
        for source in ends.0 {
            for destination in ends.1 {
                if !self.go_on(&statement.place) {
                    return;
                }
                made.extend(self.relate(*source, *destination, &said, None, &statement.place));
            }
        }
        self.count(made.len() * property_bytes(&archetype.properties) / 8);
        for at in &made {
            self.workspace.relations[*at].properties.extend(archetype.properties.iter().cloned());
        }
        if let (Some(name), Some(at)) = (name, made.first()) {
            self.register(name, &name.text.clone(), Named::Relation(*at));
        }
        for inner in statement.body() {
            for at in &made {
                self.relation_detail(*at, inner, here);
            }
        }
    }

    /// A statement within a relationship.
    pub fn relation_detail(&mut self, at: usize, statement: &Statement, here: Here) {
        self.count(statement.bytes());
        if !self.go_on(&statement.place) {
            return;
        }
        let keyword =
            statement.tokens.first().map(|token| token.text.to_ascii_lowercase()).unwrap_or_default();
        let value = statement.tokens.get(1).map(|token| token.text.clone()).unwrap_or_default();
        match keyword.as_str() {
            "tags" | "tag" => {
                let tags: Vec<String> =
                    statement.tokens[1..].iter().flat_map(|token| split_tags(&token.text)).collect();
                self.workspace.relations[at].tags.extend(tags);
            }
            "url" => self.workspace.relations[at].url = value,
            "description" => self.workspace.relations[at].description = value,
            "technology" => self.workspace.relations[at].technology = value,
            "properties" => {
                let properties = self.properties(statement);
                self.workspace.relations[at].properties.extend(properties);
            }
            "perspectives" => {}
            _ if self.general(statement, here) => {}
            _ => self.unexpected(
                statement,
                &["tags", "url", "properties", "perspectives", "description", "technology"],
            ),
        }
    }

    /// Adds a relationship and, unless switched off, those it implies.
    fn relate(
        &mut self,
        source: usize,
        destination: usize,
        words: &Words,
        linked: Option<usize>,
        place: &Place,
    ) -> Option<usize> {
        if source != destination
            && (self.workspace.part_of(source, destination) || self.workspace.part_of(destination, source))
        {
            let (outer, inner) = (self.workspace.path(source), self.workspace.path(destination));
            let message = format!("`{outer}` and `{inner}` are part of each other and cannot be related");
            self.syntax(place, &format!("{outer} -> {inner}"), message, "relate the parts instead");
            return None;
        }
        let at = self.push_relation(source, destination, words, linked, place)?;
        if self.implied && linked.is_none() && !self.workspace.elements[source].kind.deployed() {
            self.imply(at, words, place);
        }
        Some(at)
    }

    fn push_relation(
        &mut self,
        source: usize,
        destination: usize,
        words: &Words,
        linked: Option<usize>,
        place: &Place,
    ) -> Option<usize> {
        let bytes = words.description.len() + words.technology.len() + tag_bytes(&words.tags);
        if !self.room(bytes, place) {
            return None;
        }
        let at = self.workspace.relations.len();
        self.workspace.relations.push(Relation {
            source,
            destination,
            description: words.description.clone(),
            technology: words.technology.clone(),
            tags: if linked.is_some() { Vec::new() } else { words.tags.clone() },
            url: String::new(),
            properties: Vec::new(),
            linked,
            removed: false,
            place: place.clone(),
        });
        self.outgoing[source].push(at);
        self.incoming[destination].push(at);
        Some(at)
    }

    /// What a relationship says of the parents of its ends, unless they are related already.
    fn imply(&mut self, relation: usize, words: &Words, place: &Place) {
        let (source, destination) =
            (self.workspace.relations[relation].source, self.workspace.relations[relation].destination);
        let sources: Vec<usize> = self.workspace.upwards(source).collect();
        let destinations: Vec<usize> = self.workspace.upwards(destination).collect();
        for source in &sources {
            for destination in &destinations {
                let same = source == destination;
                let nested = self.workspace.part_of(*source, *destination)
                    || self.workspace.part_of(*destination, *source);
                if !same && !nested && !self.related(*source, *destination) {
                    self.push_relation(*source, *destination, words, Some(relation), place);
                }
            }
        }
    }

    /// Whether any relationship leads from one to the other.
    pub fn related(&self, source: usize, destination: usize) -> bool {
        self.between(source, destination).next().is_some()
    }

    /// The relationships that lead from one to the other.
    pub fn between(&self, source: usize, destination: usize) -> impl Iterator<Item = usize> + '_ {
        let relations = &self.workspace.relations;
        let (out, into) = (&self.outgoing[source], &self.incoming[destination]);
        let shorter = if out.len() <= into.len() { out } else { into };
        self.count(shorter.len());
        shorter.iter().copied().filter(move |at| {
            let relation = &relations[*at];
            relation.source == source && relation.destination == destination && !relation.removed
        })
    }

    /// Copies the relationships of what a new instance is of, to the other instances of its environment that share a
    /// deployment group with it.
    pub fn replicate(&mut self, new: usize) {
        let element = self.workspace.elements[new].clone();
        let Some(of) = element.of else { return };
        let shares = |groups: &[String]| match (groups, element.deployment_groups.as_slice()) {
            ([], []) => true,
            (a, b) => {
                self.count(a.len() * b.len());
                a.iter().any(|group| b.contains(group))
            }
        };
        self.count(self.touching(of).count() + element.bytes() / 8);
        let mut copies = Vec::new();
        for (relation, outwards) in self.outgoing[of]
            .iter()
            .map(|at| (*at, true))
            .chain(self.incoming[of].iter().map(|at| (*at, false)))
        {
            let original = &self.workspace.relations[relation];
            let other = if outwards { original.destination } else { original.source };
            for instance in self.instances(other, element.environment) {
                if instance != new && shares(&self.workspace.elements[instance].deployment_groups) {
                    copies.push(if outwards { (new, instance, relation) } else { (instance, new, relation) });
                }
            }
        }
        copies.sort_unstable();
        copies.dedup();
        for (from, to, relation) in copies {
            let original = self.workspace.relations[relation].clone();
            let words = Words {
                description: original.description,
                technology: original.technology,
                tags: Vec::new(),
            };
            let Some(at) = self.push_relation(from, to, &words, Some(relation), &original.place) else {
                return;
            };
            self.workspace.relations[at].url = original.url;
        }
    }

    /// `a -/> b {`: in this environment the relationship takes the way that the block states.
    fn no_relationship(
        &mut self,
        source: &Token,
        destination: &Token,
        words: &[Token],
        statement: &Statement,
        here: Here,
    ) {
        let (Some(sources), Some(destinations)) = (self.end(source, here), self.end(destination, here))
        else {
            return;
        };
        let mut replaced = None;
        for source in &sources {
            for destination in &destinations {
                if !self.go_on(&statement.place) {
                    return;
                }
                let found: Vec<usize> = self.between(*source, *destination).collect();
                for at in found {
                    let relation = &mut self.workspace.relations[at];
                    if words.first().is_none_or(|word| word.text == relation.description)
                        && relation.linked.is_some()
                    {
                        relation.removed = true;
                        replaced = Some(Words {
                            description: relation.description.clone(),
                            technology: relation.technology.clone(),
                            tags: Vec::new(),
                        });
                    }
                }
            }
        }
        let Some(replaced) = replaced else {
            let message = format!(
                "no relationship leads from `{}` to `{}` in this environment",
                source.text, destination.text
            );
            let subject = format!("{} -/> {}", source.text, destination.text);
            self.problem(
                code::DIAGRAM_SYNTAX,
                &statement.place,
                &subject,
                message,
                "remove this block, or correct its ends",
            );
            return;
        };
        for inner in statement.body() {
            let (name, rest) = inner.assigned();
            if rest.len() < 3 || self.arrow(&rest[1]).is_none() {
                self.unexpected(inner, &["identifier -> identifier"]);
                continue;
            }
            // What the block leaves out is said by the relationship it replaces.
            let archetype = Archetype {
                description: replaced.description.clone(),
                technology: replaced.technology.clone(),
                ..Archetype::default()
            };
            let ends = (self.end(&rest[0], here), self.end(&rest[2], here));
            if let (Some(sources), Some(destinations)) = ends {
                self.relate_all(name, (&sources, &destinations), &rest[3..], &archetype, inner, here);
            }
        }
    }
}
