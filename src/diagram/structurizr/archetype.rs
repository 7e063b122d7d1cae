//! Archetypes: kinds of elements and relationships that the workspace itself names.

use super::build::Builder;
use super::element::split_tags;
use super::model::{ElementKind, Property};
use super::text::{Statement, Token};
use std::sync::Arc;

/// What every element or relationship of an archetype begins with.
#[derive(Clone, Debug, Default)]
pub(super) struct Archetype {
    pub description: String,
    pub technology: String,
    pub tags: Vec<String>,
    pub properties: Vec<Property>,
}

impl Archetype {
    /// The bytes of its text.
    pub fn bytes(&self) -> usize {
        self.description.len()
            + self.technology.len()
            + tag_bytes(&self.tags)
            + property_bytes(&self.properties)
    }
}

/// What tags count, in bytes: each may have a style of twenty settings.
pub(super) fn tag_bytes(tags: &[String]) -> usize {
    tags.iter().map(|tag| tag.len() + 64).sum()
}

/// What properties count, in bytes.
pub(super) fn property_bytes(properties: &[Property]) -> usize {
    properties.iter().map(|property| property.name.len() + property.value.len() + 16).sum()
}

const TYPES: &[&str] = &[
    "person",
    "softwaresystem",
    "container",
    "component",
    "element",
    "deploymentnode",
    "infrastructurenode",
    "group",
    "->",
];

impl Builder<'_> {
    /// The archetype that a keyword asks for, if it is the keyword of that kind or a name for one.
    pub fn archetype_of(&self, kind: ElementKind, token: &Token) -> Option<Arc<Archetype>> {
        let word = token.text.to_ascii_lowercase();
        if token.quoted {
            return None;
        }
        let found = self.archetypes.get(&(kind.keyword().to_owned(), word.clone())).cloned();
        found.or_else(|| (word == kind.keyword()).then(Arc::default))
    }

    /// The archetype of an arrow (`->`, `--name->`); none if it is no arrow.
    pub fn arrow(&self, token: &Token) -> Option<Arc<Archetype>> {
        if token.quoted {
            return None;
        }
        let name = match token.text.as_str() {
            "->" => "->",
            text => text.strip_prefix("--").and_then(|text| text.strip_suffix("->"))?,
        };
        let found = self.archetypes.get(&("->".into(), name.to_ascii_lowercase())).cloned();
        found.or_else(|| (name == "->").then(Arc::default))
    }

    /// The block that defines them.
    pub fn archetypes_block(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.count(self.archetypes.len());
            if !self.go_on(&statement.place) {
                return;
            }
            let (name, rest) = statement.assigned();
            let Some(base) = rest.first() else { continue };
            let word = base.text.to_ascii_lowercase();
            let word = word.strip_prefix("--").and_then(|word| word.strip_suffix("->")).unwrap_or(&word);
            // A keyword, or the name of an earlier archetype, which is extended.
            let kind = TYPES.iter().find(|kind| **kind == word).map(|kind| (*kind).to_owned());
            let kind = kind.or_else(|| {
                self.archetypes.keys().find(|(_, known)| known == word).map(|(kind, _)| kind.clone())
            });
            let Some(kind) = kind else {
                self.unexpected(statement, TYPES);
                continue;
            };
            let known = self.archetypes.get(&(kind.clone(), word.to_owned()));
            let mut archetype = known.map(|known| Archetype::clone(known)).unwrap_or_default();
            self.count(archetype.bytes() / 8);
            for inner in statement.body() {
                self.archetype_detail(&mut archetype, inner);
            }
            let name = name.map_or_else(|| kind.clone(), |name| name.text.to_ascii_lowercase());
            self.archetypes.insert((kind, name), Arc::new(archetype));
        }
    }

    fn archetype_detail(&mut self, archetype: &mut Archetype, statement: &Statement) {
        let value = statement.tokens.get(1).map(|token| token.text.clone()).unwrap_or_default();
        let keyword =
            statement.tokens.first().map(|token| token.text.to_ascii_lowercase()).unwrap_or_default();
        match keyword.as_str() {
            "description" => archetype.description = value,
            "technology" | "metadata" => archetype.technology = value,
            "tag" | "tags" => {
                let tags = statement.tokens[1..].iter().flat_map(|token| split_tags(&token.text));
                archetype.tags.extend(tags);
            }
            "properties" => archetype.properties.extend(self.properties(statement)),
            "perspectives" => {}
            _ => self.unexpected(
                statement,
                &["description", "technology", "tag", "tags", "properties", "perspectives"],
            ),
        }
    }
}
