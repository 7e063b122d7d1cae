//! What `oathbook test --api … --record` saw of a running service, and whether the document still says the same.

use crate::base::{Date, Fingerprint, RelPath};
use crate::openapi::node::Node;
use crate::openapi::view::target;
use crate::openapi::{Document, Operation};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The record of one run against one document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The day of the run.
    pub date: Date,
    /// By `GET /pets`, in the order written.
    pub operations: Vec<(String, Probed)>,
}

/// What was seen of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// What the document said of it.
    pub fingerprint: Fingerprint,
    /// Requests that were sent.
    pub requests: usize,
    /// Documented responses that came as documented.
    pub responses: Vec<String>,
    /// Answers that contradicted the document.
    pub contradictions: usize,
}

/// What a record says of an operation today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds for what the document says.
    Holds(Probed),
    /// The document says something else since.
    Changed,
}

/// How an operation stands to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stood {
    /// `GET /pets`.
    pub operation: String,
    /// Where its method is written.
    pub place: crate::diag::Place,
    /// What the record says; none if it says nothing.
    pub standing: Option<Standing>,
}

impl Evidence {
    /// As it is written to a file.
    pub fn text(&self) -> String {
        let operation = |(name, probed): &(String, Probed)| {
            let Probed { fingerprint, requests, responses, contradictions } = probed;
            let value = json!({
                "fingerprint": fingerprint.to_string(), "requests": requests, "responses": responses,
                "contradictions": contradictions,
            });
            (name.clone(), value)
        };
        let operations: Map<String, Value> = self.operations.iter().map(operation).collect();
        let all = json!({ "date": self.date.to_string(), "operations": operations });
        serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
    }

    /// Reads what [`Evidence::text`] wrote; none if it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let all: Value = serde_json::from_str(text).ok()?;
        let date = all.get("date")?.as_str()?.parse().ok()?;
        let operation = |(name, value): (&String, &Value)| {
            let number = |key: &str| value.get(key)?.as_u64().and_then(|number| usize::try_from(number).ok());
            let responses = value.get("responses")?.as_array()?.iter();
            let probed = Probed {
                fingerprint: Fingerprint::parse(value.get("fingerprint")?.as_str()?)?,
                requests: number("requests")?,
                responses: responses.filter_map(Value::as_str).map(str::to_owned).collect(),
                contradictions: number("contradictions")?,
            };
            Some((name.clone(), probed))
        };
        let operations: Option<Vec<_>> = all.get("operations")?.as_object()?.iter().map(operation).collect();
        Some(Self { date, operations: operations? })
    }

    /// How the operations of a document stand to this record.
    pub fn standing(&self, document: &Document) -> Vec<Stood> {
        let known: BTreeMap<&str, &Probed> =
            self.operations.iter().map(|(name, probed)| (name.as_str(), probed)).collect();
        let one = |operation: Operation<'_>| {
            let name = operation.name();
            let standing = known.get(name.as_str()).map(|probed| {
                let same = fingerprint(document, &operation) == probed.fingerprint;
                if same { Standing::Holds((*probed).clone()) } else { Standing::Changed }
            });
            Stood { operation: name, place: operation.place.clone(), standing }
        };
        document.operations().into_iter().map(one).collect()
    }
}

/// Of all that a document says of an operation: itself, the parameters of its path, what it refers to, who may call.
pub fn fingerprint(document: &Document, operation: &Operation<'_>) -> Fingerprint {
    let mut parts = vec![operation.name(), operation.at.node.to_line()];
    let mut wanted: Vec<&Node> = vec![operation.at.node];
    parts.extend(operation.item.node.get("parameters").map(|node| {
        wanted.push(node);
        node.to_line()
    }));
    parts.extend(operation.security(document).map(|at| at.node.to_line()));
    let mut seen = BTreeSet::new();
    while let Some(node) = wanted.pop() {
        let mut references = Vec::new();
        collect(node, &mut references);
        for reference in references {
            if seen.insert(reference)
                && let Some((found, _)) = target(&document.root, reference)
            {
                wanted.push(found);
            }
        }
    }
    for reference in seen {
        let said = target(&document.root, reference).map(|(node, _)| node.to_line());
        parts.push(format!("{reference} {}", said.unwrap_or_default()));
    }
    Fingerprint::of_parts(parts.iter().map(String::as_bytes))
}

fn collect<'n>(node: &'n Node, out: &mut Vec<&'n str>) {
    out.extend(node.get_text("$ref"));
    node.entries().map(|entry| &entry.node).chain(node.list()).for_each(|node| collect(node, out));
}

impl crate::config::Api {
    /// The file of the record: `openapi/search.probe.json` beside `openapi/search.json`.
    pub fn probe_file(&self) -> RelPath {
        let path = self.document.as_str();
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        RelPath::parse(&format!("{stem}.probe.json")).unwrap_or_else(|_| self.document.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_holds_until_something_that_the_operation_refers_to_changes() {
        let text = "paths: {/a: {get: {responses: {200: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}\ncomponents: {schemas: {A: {$ref: '#/components/schemas/B'}, B: {type: string}, C: {type: string}}}\n";
        let file = RelPath::parse("a.yaml").unwrap();
        let read = |text: &str| Document::parse(&file, text);
        let document = read(text);
        let operation = document.operations().remove(0);
        let probed = Probed {
            fingerprint: fingerprint(&document, &operation),
            requests: 3,
            responses: vec!["200".into()],
            contradictions: 0,
        };
        let evidence = Evidence {
            date: Date::new(2026, 11, 27).unwrap(),
            operations: vec![("GET /a".into(), probed.clone())],
        };
        assert_eq!(Evidence::parse(&evidence.text()), Some(evidence.clone()));
        let standing = |text: &str| evidence.standing(&read(text)).remove(0).standing;
        assert_eq!(standing(text), Some(Standing::Holds(probed.clone())));
        assert_eq!(
            standing(&text.replace("C: {type: string}", "C: {type: integer}")),
            Some(Standing::Holds(probed))
        );
        assert_eq!(
            standing(&text.replace("B: {type: string}", "B: {type: integer}")),
            Some(Standing::Changed)
        );
        assert_eq!(standing(&text.replace("/a:", "/b:")), None);
        assert_eq!(Evidence::parse("{\"date\": \"2026-11-27\"}"), None);
    }
}
