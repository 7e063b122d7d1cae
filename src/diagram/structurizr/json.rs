//! A workspace in JSON, as Structurizr writes it, for `workspace extends workspace.json`: its model; views are written
//! in the DSL that extends it.

use super::build::{Builder, Named};
use super::element::split_tags;
use super::model::{Element, ElementKind, Property, Relation};
use crate::base::{RelPath, Span};
use crate::diag::{Place, code};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

type Object = Map<String, Value>;

/// What holds parts, and of which kind they are.
const PARTS: &[(&str, ElementKind)] = &[
    ("people", ElementKind::Person),
    ("softwareSystems", ElementKind::SoftwareSystem),
    ("customElements", ElementKind::Custom),
    ("containers", ElementKind::Container),
    ("components", ElementKind::Component),
];

struct Json {
    file: RelPath,
    by_id: BTreeMap<String, usize>,
    relations: Vec<(usize, Object)>,
}

impl Builder<'_> {
    /// Adds the model of a JSON workspace.
    pub fn json(&mut self, file: &RelPath, text: &str, place: &Place) {
        let value = serde_json::from_str::<Value>(text).ok();
        let Some(model) = value.as_ref().and_then(|value| value.get("model")).and_then(Value::as_object)
        else {
            let message = format!("`{file}` is no workspace");
            self.syntax(
                place,
                file.as_str(),
                message,
                "it must be JSON with a `model`, as Structurizr exports it",
            );
            return;
        };
        let word = |name: &str| {
            value
                .as_ref()
                .and_then(|value| value.get(name))
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        (self.workspace.name, self.workspace.description) = (word("name"), word("description"));
        let source = value.as_ref().and_then(|value| value.pointer("/properties/structurizr.dsl")).is_some();
        let mut json = Json { file: file.clone(), by_id: BTreeMap::new(), relations: Vec::new() };
        self.json_parts(model, None, &mut json, 0);
        let hierarchical = source && self.names.keys().any(|name| name.contains('.'));
        self.hierarchical |= hierarchical;
        if model
            .get("deploymentNodes")
            .is_some_and(|nodes| nodes.as_array().is_some_and(|nodes| !nodes.is_empty()))
        {
            let message = "deployment nodes of a JSON workspace are not read";
            self.problem(
                code::DIAGRAM_NOT_DRAWN,
                place,
                "deploymentNodes",
                message,
                "write the deployment in the DSL",
            );
        }
        for (from, relation) in std::mem::take(&mut json.relations) {
            self.json_relation(from, &relation, &json, place);
        }
    }

    fn json_parts(&mut self, object: &Object, parent: Option<usize>, json: &mut Json, depth: usize) {
        if depth > 4 {
            return;
        }
        for (list, kind) in PARTS {
            let parts = object.get(*list).and_then(Value::as_array).into_iter().flatten();
            for part in parts.filter_map(Value::as_object) {
                let Some(at) = self.json_element(part, *kind, parent, json) else { return };
                self.json_parts(part, Some(at), json, depth + 1);
            }
        }
    }

    fn json_element(
        &mut self,
        part: &Object,
        kind: ElementKind,
        parent: Option<usize>,
        json: &mut Json,
    ) -> Option<usize> {
        let word = |name: &str| part.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let place = Place { file: json.file.clone(), span: Span::default() };
        let properties = part.get("properties").and_then(Value::as_object).into_iter().flatten();
        let properties: Vec<Property> = properties
            .filter_map(|(name, value)| {
                Some(Property { name: name.clone(), value: value.as_str()?.to_owned(), place: place.clone() })
            })
            .collect();
        let identifier = properties.iter().find(|property| property.name == "structurizr.dsl.identifier");
        let identifier = identifier.map(|property| property.value.clone());
        let implied = ["Element", kind.name()];
        let element = Element {
            kind,
            identifier: String::new(),
            name: word("name"),
            description: word("description"),
            technology: if kind == ElementKind::Custom { word("metadata") } else { word("technology") },
            tags: split_tags(&word("tags"))
                .into_iter()
                .filter(|tag| !implied.contains(&tag.as_str()))
                .collect(),
            url: word("url"),
            properties,
            parent,
            group: None,
            environment: None,
            of: None,
            deployment_groups: Vec::new(),
            instances: String::new(),
            place,
        };
        let at = self.add(element, None)?;
        if let Some(identifier) = identifier {
            self.workspace.elements[at].identifier = identifier.clone();
            self.names.insert(identifier.to_ascii_lowercase(), Named::Element(at));
        }
        json.by_id.insert(word("id"), at);
        let relations = part.get("relationships").and_then(Value::as_array).into_iter().flatten();
        json.relations.extend(relations.filter_map(|relation| Some((at, relation.as_object()?.clone()))));
        Some(at)
    }

    fn json_relation(&mut self, source: usize, relation: &Object, json: &Json, place: &Place) {
        let word = |name: &str| relation.get(name).and_then(Value::as_str).unwrap_or_default();
        let Some(destination) = json.by_id.get(word("destinationId")).copied() else { return };
        if !self.room(0, place) {
            return;
        }
        let at = self.workspace.relations.len();
        self.workspace.relations.push(Relation {
            source,
            destination,
            description: word("description").to_owned(),
            technology: word("technology").to_owned(),
            tags: split_tags(word("tags")).into_iter().filter(|tag| tag != "Relationship").collect(),
            url: word("url").to_owned(),
            properties: Vec::new(),
            linked: None,
            removed: false,
            place: Place { file: json.file.clone(), span: Span::default() },
        });
        self.outgoing[source].push(at);
        self.incoming[destination].push(at);
    }
}
