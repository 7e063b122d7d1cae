//! An API document: OpenAPI 3.0, 3.1 or 3.2, as written, with a place for every value. Nothing is checked here; what
//! is missing or of a wrong type is passed over, and the checks say so.

use super::node::{self, Entry, Node};
use super::read::{self, Format};
use crate::base::RelPath;
use crate::diag::{Place, Problem};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// A version of the specification, by its first two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 3.0.x, whose schemas are a dialect of their own.
    V3_0,
    /// 3.1.x, whose schemas are JSON Schema 2020-12.
    V3_1,
    /// 3.2.x.
    V3_2,
}

impl Version {
    /// By the value of `openapi`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        match (parts.next()?, parts.next()?) {
            ("3", "0") => Some(Self::V3_0),
            ("3", "1") => Some(Self::V3_1),
            ("3", "2") => Some(Self::V3_2),
            _ => None,
        }
    }

    /// As in `3.1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V3_2 => "3.2",
        }
    }
}

/// A value and the pointer that leads to it.
#[derive(Clone, Debug)]
pub struct At<'d> {
    /// RFC 6901, from the document's root.
    pub pointer: String,
    /// The value.
    pub node: &'d Node,
}

impl<'d> At<'d> {
    /// The value of a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<At<'d>> {
        let node = self.node.get(key)?;
        Some(At { pointer: node::join(&self.pointer, key), node })
    }

    /// The entries of an object: key, where the key is written, and value.
    pub fn entries(&self) -> impl Iterator<Item = (&'d Entry, At<'d>)> + use<'d> {
        let base = self.pointer.clone();
        self.node
            .entries()
            .map(move |entry| (entry, At { pointer: node::join(&base, &entry.key), node: &entry.node }))
    }

    /// The items of an array.
    pub fn items(&self) -> impl Iterator<Item = At<'d>> + use<'d> {
        let base = self.pointer.clone();
        let item = move |(at, node)| At { pointer: format!("{base}/{at}"), node };
        self.node.list().iter().enumerate().map(item)
    }
}

/// Where a reference leads.
#[derive(Clone, Debug)]
pub enum Reference<'d> {
    /// To a value of this document that is no reference itself.
    Found(At<'d>),
    /// To nothing; the reference as written.
    Missing(String),
    /// Out of this document; the reference as written. It is never fetched.
    Remote(String),
    /// To itself, through others.
    Circle(String),
}

/// What an operation belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Belongs {
    /// `paths`.
    Path,
    /// `webhooks` (from 3.1 on).
    Webhook,
    /// `callbacks` of another operation.
    Callback,
}

/// One method of one path.
#[derive(Clone, Debug)]
pub struct Operation<'d> {
    /// What it belongs to.
    pub belongs: Belongs,
    /// The path, the webhook's name, or the callback's expression.
    pub path: &'d str,
    /// Lower case, as written in the document; any spelling below `additionalOperations` (3.2).
    pub method: &'d str,
    /// The path item, references followed.
    pub item: At<'d>,
    /// The operation.
    pub at: At<'d>,
    /// Where its method is written.
    pub place: &'d Place,
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter<'d> {
    /// `name`.
    pub name: &'d str,
    /// `in`: `path`, `query`, `header`, `cookie`, or `querystring` (3.2).
    pub location: &'d str,
    /// The parameter, references followed.
    pub at: At<'d>,
    /// Where it is listed.
    pub place: &'d Place,
    /// Listed with the path and not with the operation.
    pub shared: bool,
}

/// A response of an operation.
#[derive(Clone, Debug)]
pub struct Response<'d> {
    /// `200`, `4XX`, `default`.
    pub status: &'d str,
    /// The response, references followed.
    pub at: At<'d>,
    /// Where its status is written.
    pub place: &'d Place,
}

/// The fixed methods of a path item, in the specification's order; `query` from 3.2 on.
pub const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    /// All of it.
    pub root: Node,
    /// By `openapi`; where that says something else, 3.1.
    pub version: Version,
    /// What is wrong with the text itself.
    pub problems: Vec<Problem>,
    anchors: OnceLock<HashMap<String, String>>,
    ends: OnceLock<HashMap<String, End>>,
}

/// References that are followed one after another before the ends of all chains are worked out.
const FEW: usize = 8;

/// Where a chain of references ends.
#[derive(Clone, Debug)]
struct End {
    kind: EndKind,
    /// How many references lead there, this one included.
    steps: usize,
}

#[derive(Clone, Debug)]
enum EndKind {
    /// The pointer of what is there.
    Found(String),
    Missing(String),
    Remote(String),
    Circle,
}

impl Document {
    /// Reads JSON or YAML text.
    pub fn parse(file: &RelPath, text: &str) -> Self {
        let tree = read::read(file, text, 0, Format::of(file, text));
        Self::new(tree.root, tree.problems)
    }

    /// A document with this root; `problems` is what was wrong when it was read.
    pub fn new(root: Node, problems: Vec<Problem>) -> Self {
        let version = root.get_text("openapi").and_then(Version::parse).unwrap_or(Version::V3_1);
        Self { root, version, problems, anchors: OnceLock::new(), ends: OnceLock::new() }
    }

    /// The root, as a value with a pointer.
    pub fn top(&self) -> At<'_> {
        At { pointer: String::new(), node: &self.root }
    }

    /// What a pointer leads to.
    pub fn at(&self, pointer: &str) -> Option<At<'_>> {
        Some(At { node: self.root.at(pointer)?, pointer: pointer.to_owned() })
    }

    /// Where what a pointer leads to is written, by its key if it has one; the provenance of a value.
    pub fn place(&self, pointer: &str) -> Option<&Place> {
        self.root.place_at(pointer)
    }

    /// The provenance map: every pointer and its place, in the document's order.
    pub fn places(&self) -> Vec<(String, &Place)> {
        fn visit<'n>(node: &'n Node, pointer: &mut String, out: &mut Vec<(String, &'n Place)>) {
            let length = pointer.len();
            for entry in node.entries() {
                node::push_token(pointer, &entry.key);
                out.push((pointer.clone(), &entry.place));
                visit(&entry.node, pointer, out);
                pointer.truncate(length);
            }
            for (at, item) in node.list().iter().enumerate() {
                node::push_token(pointer, &at.to_string());
                out.push((pointer.clone(), &item.place));
                visit(item, pointer, out);
                pointer.truncate(length);
            }
        }
        let mut out = vec![(String::new(), &self.root.place)];
        visit(&self.root, &mut String::new(), &mut out);
        out
    }

    /// Where a reference such as `#/components/schemas/Pet` or `#anchor` leads, one step.
    fn target(&self, reference: &str) -> Result<Option<At<'_>>, ()> {
        let Some(fragment) = reference.strip_prefix('#') else {
            return if reference.is_empty() { Ok(Some(self.top())) } else { Err(()) };
        };
        let fragment = node::pointer_of_fragment(fragment);
        if fragment.is_empty() || fragment.starts_with('/') {
            return Ok(self.at(&fragment));
        }
        let anchors = self.anchors.get_or_init(|| anchors(&self.root));
        Ok(anchors.get(&fragment).and_then(|pointer| self.at(pointer)))
    }

    /// Where a reference leads, through references to references.
    pub fn reference(&self, reference: &str) -> Reference<'_> {
        let mut wanted = reference;
        for _ in 0..FEW {
            match self.step(wanted) {
                Ok(Ok(at)) => return Reference::Found(at),
                Ok(Err(next)) => wanted = next,
                Err(end) => return end,
            }
        }
        match self.ends().get(wanted).map(|end| &end.kind) {
            Some(EndKind::Found(pointer)) => match self.at(pointer) {
                Some(at) => Reference::Found(at),
                None => Reference::Missing(wanted.to_owned()),
            },
            Some(EndKind::Missing(to)) => Reference::Missing(to.clone()),
            Some(EndKind::Remote(to)) => Reference::Remote(to.clone()),
            Some(EndKind::Circle) | None => Reference::Circle(reference.to_owned()),
        }
    }

    /// How many references are followed from a reference to where it leads.
    pub fn steps(&self, reference: &str) -> usize {
        let mut wanted = reference;
        for step in 1..=FEW {
            match self.step(wanted) {
                Ok(Err(next)) => wanted = next,
                _ => return step,
            }
        }
        FEW + self.ends().get(wanted).map_or(0, |end| end.steps)
    }

    /// One step: what is there, or the reference that it is itself.
    fn step(&self, wanted: &str) -> Result<Result<At<'_>, &str>, Reference<'_>> {
        match self.target(wanted) {
            Err(()) => Err(Reference::Remote(wanted.to_owned())),
            Ok(None) => Err(Reference::Missing(wanted.to_owned())),
            Ok(Some(at)) => match at.node.get_text("$ref") {
                // A schema may have a reference beside other keywords (3.1): it is then no alias.
                Some(next) if at.node.map().is_some_and(|map| map.len() == 1) => Ok(Err(next)),
                _ => Ok(Ok(at)),
            },
        }
    }

    /// The ends of all references of the document; each is stepped over once, however long the chains are.
    fn ends(&self) -> &HashMap<String, End> {
        self.ends.get_or_init(|| {
            let mut ends: HashMap<String, End> = HashMap::new();
            let mut all = Vec::new();
            references(&self.root, &mut all);
            for reference in all {
                let mut passed: Vec<&str> = Vec::new();
                let mut wanted = reference;
                let end = loop {
                    if let Some(end) = ends.get(wanted) {
                        break end.clone();
                    }
                    // Until its end is known, whoever comes back here runs in a circle.
                    ends.insert(wanted.to_owned(), End { kind: EndKind::Circle, steps: 0 });
                    passed.push(wanted);
                    let kind = match self.step(wanted) {
                        Ok(Ok(at)) => EndKind::Found(at.pointer),
                        Err(Reference::Missing(to)) => EndKind::Missing(to),
                        Err(Reference::Remote(to)) => EndKind::Remote(to),
                        Err(_) => EndKind::Circle,
                        Ok(Err(next)) => {
                            wanted = next;
                            continue;
                        }
                    };
                    break End { kind, steps: 0 };
                };
                for (number, reference) in passed.iter().rev().enumerate() {
                    let steps = end.steps + number + 1;
                    ends.insert((*reference).to_owned(), End { kind: end.kind.clone(), steps });
                }
            }
            ends
        })
    }

    /// The value itself, or what its `$ref` leads to; the value itself if that is nowhere in this document.
    pub fn resolve<'d>(&'d self, at: At<'d>) -> At<'d> {
        match at.node.get_text("$ref").map(|reference| self.reference(reference)) {
            Some(Reference::Found(found)) => found,
            _ => at,
        }
    }

    /// The operations of `paths`, in the document's order.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        self.items(&["paths"], Belongs::Path)
    }

    /// The operations of `webhooks`.
    pub fn webhooks(&self) -> Vec<Operation<'_>> {
        self.items(&["webhooks"], Belongs::Webhook)
    }

    /// Paths, webhooks and the callbacks of both.
    pub fn all_operations(&self) -> Vec<Operation<'_>> {
        let mut out = self.operations();
        out.extend(self.webhooks());
        let mut at = 0;
        let mut seen = std::collections::HashSet::new();
        while at < out.len() {
            let callbacks = out[at].at.get("callbacks");
            for (_, callback) in callbacks.iter().flat_map(At::entries) {
                let callback = self.resolve(callback);
                // A callback that is shared, or that names itself, is listed once.
                if seen.insert(callback.pointer.clone()) {
                    for (entry, item) in callback.entries().filter(|(entry, _)| !entry.key.starts_with("x-"))
                    {
                        self.item(Belongs::Callback, &entry.key, self.resolve(item), &mut out);
                    }
                }
            }
            at += 1;
        }
        out
    }

    fn items(&self, path: &[&str], belongs: Belongs) -> Vec<Operation<'_>> {
        let mut out = Vec::new();
        let items = path.iter().try_fold(self.top(), |at, key| at.get(key));
        for (entry, item) in items.iter().flat_map(At::entries) {
            if !entry.key.starts_with("x-") {
                self.item(belongs, &entry.key, self.resolve(item), &mut out);
            }
        }
        out
    }

    fn item<'d>(&'d self, belongs: Belongs, path: &'d str, item: At<'d>, out: &mut Vec<Operation<'d>>) {
        let mut push = |entry: &'d Entry, at: At<'d>| {
            if at.node.map().is_some() {
                out.push(Operation {
                    belongs,
                    path,
                    method: &entry.key,
                    item: item.clone(),
                    at,
                    place: &entry.place,
                });
            }
        };
        for (entry, at) in item.entries().filter(|(entry, _)| METHODS.contains(&&*entry.key)) {
            push(entry, at);
        }
        for (entry, at) in item.get("additionalOperations").iter().flat_map(At::entries) {
            push(entry, at);
        }
    }

    /// The values of `components/KIND`, by name.
    pub fn components(&self, kind: &str) -> Vec<(&Entry, At<'_>)> {
        let found = self.top().get("components").and_then(|components| components.get(kind));
        found.map(|found| found.entries().collect()).unwrap_or_default()
    }

    /// The schemas below `components`, by name.
    pub fn schemas(&self) -> Vec<(&Entry, At<'_>)> {
        self.components("schemas")
    }
}

/// The references of all aliases.
fn references<'d>(node: &'d Node, out: &mut Vec<&'d str>) {
    if let Some(reference) = node.get_text("$ref")
        && node.map().is_some_and(|map| map.len() == 1)
    {
        out.push(reference);
    }
    node.entries().map(|entry| &entry.node).chain(node.list()).for_each(|inner| references(inner, out));
}

/// `$anchor` and `$dynamicAnchor` names and the pointers of their schemas.
fn anchors(root: &Node) -> HashMap<String, String> {
    fn visit(node: &Node, pointer: &mut String, out: &mut HashMap<String, String>) {
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = node.get_text(key) {
                out.entry(name.to_owned()).or_insert_with(|| pointer.clone());
            }
        }
        let length = pointer.len();
        for entry in node.entries() {
            node::push_token(pointer, &entry.key);
            visit(&entry.node, pointer, out);
            pointer.truncate(length);
        }
        for (at, item) in node.list().iter().enumerate() {
            node::push_token(pointer, &at.to_string());
            visit(item, pointer, out);
            pointer.truncate(length);
        }
    }
    let mut out = HashMap::new();
    visit(root, &mut String::new(), &mut out);
    out
}

impl<'d> Operation<'d> {
    /// `operationId`.
    pub fn id(&self) -> Option<&'d str> {
        self.at.node.get_text("operationId")
    }

    /// `GET /pets`.
    pub fn name(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }

    /// `tags`, those that are text.
    pub fn tags(&self) -> impl Iterator<Item = &'d str> + use<'d> {
        self.at.node.get("tags").map(Node::list).unwrap_or_default().iter().filter_map(Node::text)
    }

    /// The parameters: those of the path that the operation does not override, then its own.
    pub fn parameters(&self, document: &'d Document) -> Vec<Parameter<'d>> {
        let mut out: Vec<Parameter<'d>> = Vec::new();
        let mut own = HashSet::new();
        for (shared, holder) in [(true, &self.item), (false, &self.at)] {
            for listed in holder.get("parameters").iter().flat_map(At::items) {
                let place = &listed.node.place;
                let at = document.resolve(listed);
                let (Some(name), Some(location)) = (at.node.get_text("name"), at.node.get_text("in")) else {
                    continue;
                };
                if !shared {
                    own.insert((name, location));
                }
                out.push(Parameter { name, location, at, place, shared });
            }
        }
        out.retain(|one| !one.shared || !own.contains(&(one.name, one.location)));
        out
    }

    /// `requestBody`, references followed.
    pub fn body(&self, document: &'d Document) -> Option<At<'d>> {
        self.at.get("requestBody").map(|body| document.resolve(body))
    }

    /// `responses`, references followed.
    pub fn responses(&self, document: &'d Document) -> Vec<Response<'d>> {
        let responses = self.at.get("responses");
        let listed = responses.iter().flat_map(At::entries).filter(|(entry, _)| !entry.key.starts_with("x-"));
        listed
            .map(|(entry, at)| Response { status: &entry.key, at: document.resolve(at), place: &entry.place })
            .collect()
    }

    /// The requirements that hold: the operation's own, else the document's.
    pub fn security(&self, document: &'d Document) -> Option<At<'d>> {
        self.at.get("security").or_else(|| document.top().get("security"))
    }
}

/// The media types of a body or a response, references followed (3.2 lets media types be shared).
pub fn media<'d>(document: &'d Document, holder: &At<'d>) -> Vec<(&'d Entry, At<'d>)> {
    let content = holder.get("content");
    content.iter().flat_map(At::entries).map(|(entry, at)| (entry, document.resolve(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(name: &str, text: &str) -> Document {
        Document::parse(&RelPath::parse(name).unwrap(), text)
    }

    #[test]
    fn values_have_places_in_both_notations() {
        let json = parse("a.json", "{\"openapi\": \"3.1.0\",\n \"paths\": {\"/a\": {\"get\": {}}}}");
        assert_eq!(json.place("/paths/~1a/get").map(|place| place.span.range()), Some(39..44));
        let yaml =
            parse("a.yaml", "openapi: 3.0.3\npaths:\n  /ä: &item\n    get: {operationId: x}\n  /b: *item\n");
        assert_eq!(yaml.version, Version::V3_0);
        assert_eq!(yaml.place("/paths/~1ä/get/operationId").map(|place| place.span.range()), Some(45..56));
        assert_eq!(yaml.operations().iter().map(Operation::name).collect::<Vec<_>>(), ["GET /ä", "GET /b"]);
        assert!(yaml.problems.is_empty(), "{:?}", yaml.problems);
    }

    #[test]
    fn references_lead_to_values_to_nothing_in_circles_and_out() {
        let text = r##"{"components": {"schemas": {
            "A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/C%20D"}, "C D": {"type": "object"},
            "X": {"$ref": "#/components/schemas/Y"}, "Y": {"$ref": "#/components/schemas/X"},
            "N": {"$anchor": "here", "type": "string"}}}}"##;
        let document = parse("a.json", text);
        let lead = |reference: &str| match document.reference(reference) {
            Reference::Found(at) => at.pointer,
            Reference::Missing(to) => format!("missing {to}"),
            Reference::Remote(to) => format!("remote {to}"),
            Reference::Circle(to) => format!("circle {to}"),
        };
        assert_eq!(lead("#/components/schemas/A"), "/components/schemas/C D");
        assert_eq!(lead("#here"), "/components/schemas/N");
        assert_eq!(lead("#/components/schemas/X"), "circle #/components/schemas/X");
        assert_eq!(lead("#/nope"), "missing #/nope");
        assert_eq!(lead("b.yaml#/x"), "remote b.yaml#/x");
    }

    #[test]
    fn long_chains_and_circles_of_references_are_followed_to_their_ends() {
        let schemas = |last: &str| -> Document {
            let link = |n: usize| format!("\"S{n}\": {{\"$ref\": \"#/components/schemas/S{}\"}}, ", n + 1);
            let links: String = (0..500).map(link).collect();
            parse("a.json", &format!("{{\"components\": {{\"schemas\": {{{links}\"S500\": {last}}}}}}}"))
        };
        let chain = schemas("{\"type\": \"string\"}");
        assert!(
            matches!(chain.reference("#/components/schemas/S0"), Reference::Found(at) if at.pointer.ends_with("S500"))
        );
        assert_eq!(
            ["S0", "S495", "S500"].map(|name| chain.steps(&format!("#/components/schemas/{name}"))),
            [501, 6, 1]
        );
        let circle = schemas("{\"$ref\": \"#/components/schemas/S7\"}");
        for name in ["S0", "S7", "S400"] {
            let reference = format!("#/components/schemas/{name}");
            assert!(matches!(circle.reference(&reference), Reference::Circle(to) if to == reference));
        }
        let gone = schemas("{\"$ref\": \"#/nope\"}");
        assert!(
            matches!(gone.reference("#/components/schemas/S0"), Reference::Missing(to) if to == "#/nope")
        );
    }

    #[test]
    fn parameters_of_an_operation_override_those_of_its_path() {
        let text = "paths:\n  /a/{id}:\n    parameters:\n      - {name: id, in: path}\n      - {name: q, in: query}\n    get:\n      parameters: [{$ref: '#/components/parameters/Q'}]\ncomponents: {parameters: {Q: {name: q, in: query, required: true}}}\n";
        let document = parse("a.yaml", text);
        let operations = document.operations();
        let names: Vec<_> = operations[0].parameters(&document).iter().map(|p| (p.name, p.shared)).collect();
        assert_eq!(names, [("id", true), ("q", false)]);
    }
}
