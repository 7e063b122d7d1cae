//! Paths, operations, parameters, bodies, responses and headers.

use super::engine::{At, Engine, Thing};
use super::keywords::shown;
use super::lifecycle::{PARAMETER, is_deprecated, sunset, unstable};
use super::rules::Spot;
use crate::openapi::node::Node;
use crate::openapi::view::resolve;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Methods of a path item (OpenAPI 3.2, §4.9).
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// Media types of one body whose names are held against each other.
const NAMES: usize = 200;

/// One operation of a document.
#[derive(Clone, Copy)]
struct Operation<'d> {
    method: &'d str,
    path: &'d str,
    item: &'d Node,
    node: &'d Node,
}

impl Operation<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

/// A path with its parameters' names taken out, which is what callers see of it.
fn template(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        inside = (inside || c == '{') && c != '}';
        if !inside {
            out.push(c);
        }
    }
    out
}

/// The names of a path's parameters, in order.
fn names(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

fn operations<'d>(root: &'d Node, under: &str) -> Vec<Operation<'d>> {
    let mut out = Vec::new();
    for entry in root.get(under).map(Node::entries).into_iter().flatten() {
        let item = resolve(root, &entry.node);
        let mut add = |method: &'d str, node: &'d Node| {
            if node.map().is_some() {
                out.push(Operation { method, path: &entry.key, item, node });
            }
        };
        for part in item.entries().filter(|part| METHODS.contains(&&*part.key)) {
            add(&part.key, &part.node);
        }
        for part in item.get("additionalOperations").map(Node::entries).into_iter().flatten() {
            add(&part.key, &part.node);
        }
    }
    out
}

impl<'d> Engine<'d> {
    /// Compares everything that documents offer.
    pub(super) fn operations(&mut self) {
        let (before, after) = (operations(self.base, "paths"), operations(self.head, "paths"));
        let key = |operation: &Operation<'d>| (template(operation.path), operation.method.to_uppercase());
        let known: HashMap<_, Operation<'d>> =
            after.iter().map(|operation| (key(operation), *operation)).collect();
        let paths: HashSet<String> = after.iter().map(|operation| template(operation.path)).collect();
        let mut kept = HashSet::new();
        for old in &before {
            match known.get(&key(old)) {
                Some(new) => {
                    kept.insert(key(old));
                    if !unstable(old.node) {
                        self.operation_pair(*old, *new);
                    }
                }
                None => self.operation_removed(*old, paths.contains(&template(old.path))),
            }
        }
        for new in after.iter().filter(|new| !kept.contains(&key(new))) {
            let at = self.operation(&new.name(), self.base, new.node);
            self.found(&at, "endpoint-added", Thing::Absent, Thing::Is(new.node), &[]);
        }
        self.webhooks();
        self.components();
    }

    fn operation_removed(&mut self, old: Operation<'d>, path_is_there: bool) {
        if unstable(old.node) {
            return;
        }
        let what = if path_is_there { "api" } else { "api-path" };
        let (id, values) = match sunset(old.node.get("x-sunset")) {
            _ if !is_deprecated(old.node) => (format!("{what}-removed-without-deprecation"), Vec::new()),
            Some(Err(said)) => ("api-path-sunset-parse".to_owned(), vec![shown(said)]),
            Some(Ok(day)) if self.options.today < day => {
                (format!("{what}-removed-before-sunset"), vec![day.to_string()])
            }
            _ => (format!("{what}-removed-with-deprecation"), Vec::new()),
        };
        let at = self.operation(&old.name(), old.node, self.head);
        self.found(&at, &id, Thing::Is(old.node), Thing::Absent, &values);
    }

    fn operation_pair(&mut self, old: Operation<'d>, new: Operation<'d>) {
        let at = self.operation(&new.name(), old.node, new.node);
        self.operation_lifecycle(old.node, new.node, &at);
        self.labels(old.node, new.node, &at);
        self.security(old.node, new.node, &at);
        self.parameters(old, new, &at);
        self.request_body(old.node.get("requestBody"), new.node.get("requestBody"), &at);
        self.responses(old.node.get("responses"), new.node.get("responses"), &at);
    }

    /// Operation id and tags.
    fn labels(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        let (before, after) = (base.get("operationId"), head.get("operationId"));
        let things = (Thing::of(before), Thing::of(after));
        match (before, after) {
            (Some(old), None) => {
                self.found(at, "api-operation-id-removed", things.0, things.1, &[shown(old)])
            }
            (None, Some(new)) => self.found(at, "api-operation-id-added", things.0, things.1, &[shown(new)]),
            (Some(old), Some(new)) if !old.same(new) => {
                self.found(at, "api-operation-id-changed", things.0, things.1, &[shown(old), shown(new)]);
            }
            _ => {}
        }
        let tags = |node: &'d Node| node.get("tags").map(Node::list).unwrap_or_default();
        let (before, after) = (tags(base), tags(head));
        let lines = |tags: &[Node]| -> HashSet<String> { tags.iter().map(Node::to_line).collect() };
        let (old, new) = (lines(before), lines(after));
        for tag in before.iter().filter(|tag| !new.contains(&tag.to_line())) {
            self.found(at, "api-tag-removed", Thing::Is(tag), Thing::Key(head, "tags"), &[shown(tag)]);
        }
        for tag in after.iter().filter(|tag| !old.contains(&tag.to_line())) {
            self.found(at, "api-tag-added", Thing::Key(base, "tags"), Thing::Is(tag), &[shown(tag)]);
        }
    }

    /// Whether whoever was let in before is let in now.
    fn security(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        let (was, is) = (said_security(self.base, base), said_security(self.head, head));
        let (before, after) = (ways_in(was), ways_in(is));
        let things = (Thing::of(was), Thing::of(is));
        let shut = before.iter().find(|old| !after.iter().any(|new| new.is_subset(old)));
        if let Some(shut) = shut {
            let now = after.iter().map(way_in).collect::<Vec<_>>().join(" or ");
            self.found(at, "api-security-tightened", things.0, things.1, &[way_in(shut), now]);
            return;
        }
        for new in after.difference(&before) {
            self.found(at, "api-security-added", things.0, things.1, &[way_in(new)]);
        }
        for old in before.difference(&after) {
            self.found(at, "api-security-removed", things.0, things.1, &[way_in(old)]);
        }
    }

    fn parameters(&mut self, old: Operation<'d>, new: Operation<'d>, at: &At<'d>) {
        let (before, after) = (parameters(self.base, old), parameters(self.head, new));
        for (key, was) in &before {
            match after.get(key) {
                Some(is) => self.parameter(was, is, at),
                None => self.parameter_removed(was, at),
            }
        }
        for is in after.iter().filter(|(key, _)| !before.contains_key(*key)).map(|(_, is)| is) {
            self.parameter_added(is, at);
        }
    }

    fn parameter(&mut self, was: &Parameter<'d>, is: &Parameter<'d>, at: &At<'d>) {
        let mut at = self.part(at, &is.subject(), Spot::Parameter, was.node, is.node);
        let things = (Thing::Is(was.node), Thing::Is(is.node));
        let aspect = match (was.required(), is.required()) {
            (false, true) => Some("request-parameter-became-required"),
            (true, false) => Some("request-parameter-became-optional"),
            _ => None,
        };
        if let Some(id) = aspect {
            self.found(&at, id, things.0, things.1, &[]);
        }
        let until = is.node.get("x-sunset");
        let (before, after) = (is_deprecated(was.node), is_deprecated(is.node));
        if let Some((id, values)) = self.deprecation(&PARAMETER, before, after, until) {
            self.found(&at, id, things.0, things.1, &values);
        } else if after {
            let ids = [
                "request-parameter-sunset-deleted",
                "request-parameter-sunset-parse",
                "request-parameter-sunset-date-changed-too-small",
            ];
            self.sunset_moved((was.node.get("x-sunset"), until), ids, &at);
        }
        let (before, after) = (was.written(), is.written());
        if before != after {
            self.found(&at, "request-parameter-serialization-changed", things.0, things.1, &[before, after]);
        }
        if is.place == "header" {
            at.spot = Spot::HeaderParameter;
        }
        self.schemas(was.schema(), is.schema(), &at);
    }

    fn parameter_removed(&mut self, was: &Parameter<'d>, at: &At<'d>) {
        let at = self.part(at, &was.subject(), Spot::Parameter, was.node, self.nothing);
        let (id, values) = match sunset(was.node.get("x-sunset")) {
            _ if !is_deprecated(was.node) => ("request-parameter-removed", Vec::new()),
            Some(Err(said)) => ("request-parameter-sunset-parse", vec![shown(said)]),
            Some(Ok(day)) if self.options.today < day => {
                ("request-parameter-removed-before-sunset", vec![day.to_string()])
            }
            _ => ("request-parameter-removed-with-deprecation", Vec::new()),
        };
        self.found(&at, id, Thing::Is(was.node), Thing::Absent, &values);
    }

    fn parameter_added(&mut self, is: &Parameter<'d>, at: &At<'d>) {
        let at = self.part(at, &is.subject(), Spot::Parameter, self.nothing, is.node);
        let id = match (is.place, is.required(), is.of_path) {
            ("path", ..) => "new-request-path-parameter",
            (_, true, true) => "new-required-request-default-parameter-to-existing-path",
            (_, true, false) => "new-required-request-parameter",
            (_, false, true) => "new-optional-request-default-parameter-to-existing-path",
            (_, false, false) => "new-optional-request-parameter",
        };
        self.found(&at, id, Thing::Absent, Thing::Is(is.node), &[]);
    }

    fn request_body(&mut self, base: Option<&'d Node>, head: Option<&'d Node>, at: &At<'d>) {
        let before = base.map(|node| resolve(self.base, node));
        let after = head.map(|node| resolve(self.head, node));
        let required = |node: &Node| node.get("required").and_then(Node::bool) == Some(true);
        let nothing = self.nothing;
        let at = self.part(
            at,
            "the request body",
            Spot::RequestBody,
            before.unwrap_or(nothing),
            after.unwrap_or(nothing),
        );
        let (before, after) = match (before, after) {
            (None, None) => return,
            (None, Some(after)) => {
                let id = if required(after) {
                    "request-body-added-required"
                } else {
                    "request-body-added-optional"
                };
                return self.found(&at, id, Thing::Absent, Thing::Is(after), &[]);
            }
            (Some(before), None) => {
                return self.found(&at, "request-body-removed", Thing::Is(before), Thing::Absent, &[]);
            }
            (Some(before), Some(after)) => (before, after),
        };
        let things = (Thing::Key(before, "required"), Thing::Key(after, "required"));
        match (required(before), required(after)) {
            (false, true) => self.found(&at, "request-body-became-required", things.0, things.1, &[]),
            (true, false) => self.found(&at, "request-body-became-optional", things.0, things.1, &[]),
            _ => {}
        }
        self.contents_of(before, after, &at, "request-body-media-type", "request-body-media-type-schema");
    }

    fn responses(&mut self, base: Option<&'d Node>, head: Option<&'d Node>, at: &At<'d>) {
        let nothing = self.nothing;
        let (before, after) = (base.unwrap_or(nothing), head.unwrap_or(nothing));
        let is_status = |key: &str| !key.starts_with("x-");
        for entry in before.entries().filter(|entry| is_status(&entry.key)) {
            let old = resolve(self.base, &entry.node);
            let wildcard = format!("{}XX", entry.key.get(..1).unwrap_or_default());
            let found = after.get(&entry.key).or_else(|| after.get(&wildcard));
            let subject = format!("the response {}", entry.key);
            match found {
                Some(new) => {
                    let new = resolve(self.head, new);
                    let at = self.part(at, &subject, Spot::ResponseBody, old, new);
                    self.headers(old, new, &entry.key, &at);
                    self.contents_of(old, new, &at, "response-media-type", "response-body-media-type-schema");
                }
                None => {
                    let at = self.part(at, &subject, Spot::ResponseBody, old, nothing);
                    let id = format!("response-{}-status-removed", success(&entry.key));
                    self.found(&at, &id, Thing::Is(old), Thing::Absent, &[]);
                }
            }
        }
        for entry in after.entries().filter(|entry| is_status(&entry.key) && before.get(&entry.key).is_none())
        {
            let new = resolve(self.head, &entry.node);
            let at = self.part(at, &format!("the response {}", entry.key), Spot::ResponseBody, nothing, new);
            let id = format!("response-{}-status-added", success(&entry.key));
            self.found(&at, &id, Thing::Absent, Thing::Is(new), &[]);
        }
    }

    fn headers(&mut self, base: &'d Node, head: &'d Node, status: &str, at: &At<'d>) {
        // `Content-Type` is said by the media types (OpenAPI 3.1, §4.8.17).
        let read = |root: &'d Node, node: &'d Node| -> BTreeMap<String, &'d Node> {
            let entries = node.get("headers").map(Node::entries).into_iter().flatten();
            entries.map(|entry| (entry.key.to_lowercase(), resolve(root, &entry.node))).collect()
        };
        let required = |node: &Node| node.get("required").and_then(Node::bool) == Some(true);
        let (before, after) = (read(self.base, base), read(self.head, head));
        for (name, old) in &before {
            let subject = format!("the header `{name}` of response {status}");
            let Some(new) = after.get(name) else {
                let at = self.part(at, &subject, Spot::ResponseHeader, old, self.nothing);
                let id = if required(old) {
                    "required-response-header-removed"
                } else {
                    "optional-response-header-removed"
                };
                self.found(&at, id, Thing::Is(old), Thing::Absent, &[]);
                continue;
            };
            let at = self.part(at, &subject, Spot::ResponseHeader, old, new);
            match (required(old), required(new)) {
                (true, false) => {
                    self.found(&at, "response-header-became-optional", Thing::Is(old), Thing::Is(new), &[]);
                }
                (false, true) => {
                    self.found(&at, "response-header-became-required", Thing::Is(old), Thing::Is(new), &[]);
                }
                _ => {}
            }
            self.schemas(content_schema(old), content_schema(new), &at);
        }
        for (name, new) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
            let subject = format!("the header `{name}` of response {status}");
            let at = self.part(at, &subject, Spot::ResponseHeader, self.nothing, new);
            self.found(&at, "response-header-added", Thing::Absent, Thing::Is(new), &[]);
        }
    }

    /// Media types of a body.
    fn contents_of(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>, media: &str, schema: &str) {
        let (mut pairs, left, mut after) = matched_media(base, head);
        // A name that widened or narrowed keeps its schema.
        for old in left {
            let near = (media == "response-media-type" && after.len() <= NAMES)
                .then(|| {
                    after.iter().position(|new| {
                        essence(old.0) == essence(new.0) || holds(old.0, new.0) || holds(new.0, old.0)
                    })
                })
                .flatten();
            match near {
                Some(found) => {
                    let new = after.remove(found);
                    let change = match () {
                        () if essence(old.0) == essence(new.0) => "changed",
                        () if holds(new.0, old.0) => "generalized",
                        () => "specialized",
                    };
                    let values = [format!("`{}`", old.0), format!("`{}`", new.0)];
                    let id = format!("{media}-name-{change}");
                    self.found(at, &id, Thing::Is(old.1), Thing::Is(new.1), &values);
                    pairs.push((old, new));
                }
                None => {
                    let values = [format!("`{}`", old.0)];
                    self.found(at, &format!("{media}-removed"), Thing::Is(old.1), Thing::Absent, &values);
                }
            }
        }
        for new in after {
            self.found(
                at,
                &format!("{media}-added"),
                Thing::Absent,
                Thing::Is(new.1),
                &[format!("`{}`", new.0)],
            );
        }
        for (old, new) in pairs {
            self.media_pair(old.1, new, at, schema);
        }
    }

    /// The schemas of one media type.
    fn media_pair(&mut self, base: &'d Node, new: Media<'d>, at: &At<'d>, schema: &str) {
        let of = |node: &'d Node| node.get("schema").or_else(|| node.get("itemSchema"));
        let values = [format!("`{}`", new.0)];
        match (of(base), of(new.1)) {
            (None, Some(now)) => {
                self.found(at, &format!("{schema}-added"), Thing::Is(base), Thing::Is(now), &values);
            }
            (Some(was), None) => {
                self.found(at, &format!("{schema}-removed"), Thing::Is(was), Thing::Is(new.1), &values);
            }
            (was, now) => self.schemas(was, now, at),
        }
    }

    /// Webhooks: what the API sends is what callers read.
    fn webhooks(&mut self) {
        let (before, after) = (operations(self.base, "webhooks"), operations(self.head, "webhooks"));
        let key = |operation: &Operation<'d>| (operation.path, operation.method.to_uppercase());
        let known: HashMap<_, Operation<'d>> =
            after.iter().map(|operation| (key(operation), *operation)).collect();
        let old_keys: HashSet<_> = before.iter().map(key).collect();
        let subject = |hook: &Operation<'d>| format!("the webhook `{}`", hook.path);
        for old in &before {
            let Some(new) = known.get(&key(old)) else {
                let at = self.operation(&subject(old), old.node, self.head);
                let at = self.part(&at, &subject(old), Spot::ResponseBody, old.node, self.nothing);
                self.found(&at, "webhook-removed", Thing::Is(old.node), Thing::Absent, &[]);
                continue;
            };
            let at = self.operation(&subject(old), old.node, new.node);
            let body = |root: &'d Node, hook: &Operation<'d>| {
                hook.node.get("requestBody").map(|node| resolve(root, node))
            };
            if let (Some(was), Some(is)) = (body(self.base, old), body(self.head, new)) {
                let payload = format!("the payload of {}", subject(new));
                let at = self.part(&at, &payload, Spot::ResponseBody, was, is);
                self.contents_of(was, is, &at, "response-media-type", "response-body-media-type-schema");
            }
        }
        for new in after.iter().filter(|new| !old_keys.contains(&key(new))) {
            let at = self.operation(&subject(new), self.base, new.node);
            let at = self.part(&at, &subject(new), Spot::ResponseBody, self.nothing, new.node);
            self.found(&at, "webhook-added", Thing::Absent, Thing::Is(new.node), &[]);
        }
    }

    /// Schemas that nobody can name any longer.
    fn components(&mut self) {
        let list = |root: &'d Node| root.get("components").and_then(|components| components.get("schemas"));
        let (before, after) = (list(self.base), list(self.head));
        let gone: Vec<_> = before
            .map(Node::entries)
            .into_iter()
            .flatten()
            .filter(|entry| after.is_none_or(|after| after.get(&entry.key).is_none()))
            .collect();
        if gone.is_empty() {
            return;
        }
        let at = self.document();
        for entry in gone {
            let at =
                self.part(&at, &format!("`{}`", entry.key), Spot::ResponseBody, &entry.node, self.nothing);
            self.found(&at, "api-schema-removed", Thing::Is(&entry.node), Thing::Absent, &[]);
        }
    }
}

fn success(status: &str) -> &'static str {
    if status.starts_with('2') { "success" } else { "non-success" }
}

/// A media type's name and what is said of it.
type Media<'d> = (&'d str, &'d Node);

/// Media types that have one name before and after; then what is left on each side.
fn matched_media<'d>(
    base: &'d Node,
    head: &'d Node,
) -> (Vec<(Media<'d>, Media<'d>)>, Vec<Media<'d>>, Vec<Media<'d>>) {
    let list = |node: &'d Node| -> Vec<Media<'d>> {
        let entries = node.get("content").map(Node::entries).into_iter().flatten();
        entries.map(|entry| (&*entry.key, &entry.node)).collect()
    };
    let (before, after) = (list(base), list(head));
    let mut by_name: HashMap<String, usize> =
        after.iter().enumerate().map(|(at, (name, _))| (plain(name), at)).collect();
    let mut taken = vec![false; after.len()];
    let (mut pairs, mut left) = (Vec::new(), Vec::new());
    for old in before {
        match by_name.remove(&plain(old.0)) {
            Some(found) => {
                taken[found] = true;
                pairs.push((old, after[found]));
            }
            None => left.push(old),
        }
    }
    let rest = after.into_iter().zip(taken).filter(|(_, taken)| !taken);
    (pairs, left, rest.map(|(media, _)| media).collect())
}

/// Media types without blanks and case.
fn plain(media: &str) -> String {
    media.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}

/// Without parameters.
fn essence(media: &str) -> String {
    plain(media).split(';').next().unwrap_or_default().to_owned()
}

/// Whether a range or a structured suffix holds another media type: `*/*`, `text/*`, `application/json` of
/// `application/problem+json`.
fn holds(general: &str, special: &str) -> bool {
    let (general, special) = (essence(general), essence(special));
    if general == special {
        return false;
    }
    let (kind, name) = general.split_once('/').unwrap_or((&general, ""));
    let (other, part) = special.split_once('/').unwrap_or((&special, ""));
    let suffix = part.rsplit_once('+').map(|(_, suffix)| suffix);
    kind == "*" || kind == other && (name == "*" || suffix == Some(name))
}

/// The schema of a parameter or a header: its own, or that of its content.
fn content_schema(node: &Node) -> Option<&Node> {
    let content = || node.get("content").map(Node::entries).into_iter().flatten().next()?.node.get("schema");
    node.get("schema").or_else(content)
}

/// A parameter and where it came from.
struct Parameter<'d> {
    node: &'d Node,
    name: &'d str,
    place: &'d str,
    /// Whether the path declares it, for all its operations.
    of_path: bool,
}

impl<'d> Parameter<'d> {
    fn subject(&self) -> String {
        format!("the {} parameter `{}`", self.place, self.name)
    }

    fn required(&self) -> bool {
        self.place == "path" || self.node.get("required").and_then(Node::bool) == Some(true)
    }

    fn schema(&self) -> Option<&'d Node> {
        content_schema(self.node)
    }

    /// `style` and `explode` with their defaults (OpenAPI 3.1, §4.8.12).
    fn written(&self) -> String {
        let default = if matches!(self.place, "query" | "cookie") { "form" } else { "simple" };
        let style = self.node.get_text("style").unwrap_or(default);
        let explode = self.node.get("explode").and_then(Node::bool).unwrap_or(style == "form");
        let media = self.node.get("content").map(Node::entries).into_iter().flatten().next();
        let media = media.map_or(String::new(), |entry| format!(" as `{}`", entry.key));
        format!("`{style}`{}{media}", if explode { " exploded" } else { "" })
    }
}

/// Parameters of an operation and its path, by where they are and their name; those of the path by their position.
fn parameters<'d>(root: &'d Node, operation: Operation<'d>) -> BTreeMap<(&'d str, String), Parameter<'d>> {
    let order = names(operation.path);
    let mut out = BTreeMap::new();
    for (holder, of_path) in [(operation.item, true), (operation.node, false)] {
        for node in holder.get("parameters").map(Node::list).unwrap_or_default() {
            let node = resolve(root, node);
            let (Some(name), Some(place)) = (node.get_text("name"), node.get_text("in")) else { continue };
            let key = match place {
                "path" => {
                    order.iter().position(|known| *known == name).map_or(name.to_owned(), |at| at.to_string())
                }
                "header" => name.to_lowercase(),
                _ => name.to_owned(),
            };
            out.insert((place, key), Parameter { node, name, place, of_path });
        }
    }
    out
}

/// What an operation asks for: its own word, or the document's.
fn said_security<'d>(root: &'d Node, operation: &'d Node) -> Option<&'d Node> {
    operation.get("security").or_else(|| root.get("security"))
}

/// The ways in, each a set of schemes and scopes; an empty set lets anyone in.
fn ways_in(said: Option<&Node>) -> BTreeSet<BTreeSet<String>> {
    let way = |node: &Node| {
        let mut needs = BTreeSet::new();
        for entry in node.entries() {
            needs.insert(entry.key.to_string());
            needs.extend(
                entry
                    .node
                    .list()
                    .iter()
                    .filter_map(Node::text)
                    .map(|scope| format!("{}: {scope}", entry.key)),
            );
        }
        needs
    };
    let ways: BTreeSet<_> = said.map(Node::list).unwrap_or_default().iter().map(way).collect();
    if ways.is_empty() { BTreeSet::from([BTreeSet::new()]) } else { ways }
}

fn way_in(way: &BTreeSet<String>) -> String {
    if way.is_empty() {
        return "no credentials".into();
    }
    let parts: Vec<String> = way.iter().map(|need| format!("`{need}`")).collect();
    parts.join(" and ")
}
