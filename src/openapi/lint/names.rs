//! Names that must lead somewhere, be unique, or be used: references, components, paths, ids, tags.

use super::{Role, Score, Survey};
use crate::base::beginning;
use crate::diag::{Nearest, Problem, code};
use crate::openapi::node::Node;
use crate::openapi::view::FOLLOWED;
use crate::openapi::{Belongs, Document, METHODS, Operation, Reference, Version};
use std::collections::{BTreeMap, BTreeSet, HashSet};

pub(super) fn references(document: &Document, survey: &Survey<'_>) -> Score {
    const CODE: &str = code::OPENAPI_REFERENCE;
    let mut score = Score::new(CODE, "references that lead somewhere");
    let near = NearComponents { document, near: Nearest::default() };
    let mut check = |place, wanted: &str| {
        let wrong = match document.reference(wanted) {
            Reference::Found(_) if document.steps(wanted) > FOLLOWED => {
                let help = "let it lead to the schema itself; the site and comparisons take it for one that says nothing";
                let message =
                    format!("gave up following `{wanted}` after {FOLLOWED} references, each to the next");
                Some((message, Some(help.to_owned())))
            }
            Reference::Found(_) => None,
            Reference::Missing(to) => {
                let near = near.of(wanted).map(|near| format!("did you mean `{near}`?"));
                Some((format!("`{to}` leads nowhere"), near))
            }
            Reference::Circle(to) => Some((format!("`{to}` leads to itself"), None)),
            Reference::Remote(to) => {
                let help =
                    "nothing is fetched, so what stands there is not judged; bring it into the document";
                Some((format!("`{to}` leads out of the document"), Some(help.to_owned())))
            }
        };
        score.count(wrong.map(|(message, help)| {
            let problem = Problem::new(CODE, place, wanted, message);
            match help {
                Some(help) => problem.help(help),
                None => problem,
            }
        }));
    };
    for (_, at, reference) in &survey.references {
        check(at.node.place_of("$ref"), reference);
    }
    for discriminator in survey.of(Role::Discriminator) {
        for (entry, to) in discriminator.get("mapping").iter().flat_map(super::super::At::entries) {
            if let Some(text) = to.node.text().filter(|text| text.starts_with('#')) {
                check(&entry.place, text);
            }
        }
    }
    score
}

struct NearComponents<'d> {
    document: &'d Document,
    near: Nearest,
}

impl NearComponents<'_> {
    /// The component that a reference may mean.
    fn of(&self, reference: &str) -> Option<String> {
        let (folder, name) = reference.rsplit_once('/')?;
        let kind = folder.strip_prefix("#/components/")?;
        let known = self.document.root.get("components")?.get(kind)?;
        let near = self.near.find(kind, name, known.entries().map(|entry| &*entry.key))?;
        Some(format!("{folder}/{near}"))
    }
}

/// Components that nothing leads to from the paths, directly or through others.
pub(super) fn unused(document: &Document, survey: &Survey<'_>) -> Score {
    const CODE: &str = code::OPENAPI_UNUSED_COMPONENT;
    let mut score = Score::new(CODE, "components that are used");
    // From each reference's owner, which is a component or everything else, to the component that it names.
    let owner = |pointer: &str| -> Option<String> {
        let mut parts = pointer.strip_prefix("/components/")?.splitn(3, '/');
        Some(format!("/components/{}/{}", parts.next()?, parts.next()?))
    };
    let mut edges: BTreeMap<Option<String>, BTreeSet<String>> = BTreeMap::new();
    let mut add = |from: &str, to: &str| {
        let target = to.strip_prefix('#').map(crate::openapi::node::pointer_of_fragment);
        if let Some(target) = target.and_then(|target| owner(&target)) {
            edges.entry(owner(from)).or_default().insert(target);
        }
    };
    for (_, at, reference) in &survey.references {
        add(&at.pointer, reference);
    }
    for at in survey.of(Role::Discriminator) {
        for entry in at.node.get("mapping").iter().flat_map(|mapping| mapping.entries()) {
            let Some(to) = entry.node.text() else { continue };
            let full = if to.contains('/') { to.to_owned() } else { format!("#/components/schemas/{to}") };
            add(&at.pointer, &full);
        }
    }
    for at in survey.of(Role::SecurityRequirement) {
        for entry in at.node.entries() {
            add(&at.pointer, &format!("#/components/securitySchemes/{}", entry.key));
        }
    }
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<String> = edges.get(&None).into_iter().flatten().cloned().collect();
    while let Some(pointer) = open.pop() {
        if used.insert(pointer.clone()) {
            open.extend(edges.get(&Some(pointer)).into_iter().flatten().cloned());
        }
    }
    for (kind, components) in document.top().get("components").iter().flat_map(super::super::At::entries) {
        if kind.key.starts_with("x-") {
            continue;
        }
        for (entry, at) in components.entries() {
            let gap = (!used.contains(&at.pointer)).then(|| {
                let message = format!("nothing uses `{}` of `{}`", entry.key, kind.key);
                Problem::new(CODE, &entry.place, &*at.pointer, message).help("remove it, or use it")
            });
            score.count(gap);
        }
    }
    score
}

/// Names between braces.
fn templates(path: &str) -> Vec<&str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, inside)) = rest.split_once('{') {
        let Some((_, after)) = inside.split_once('}') else { break };
        out.push_str(before);
        out.push_str("{}");
        rest = after;
    }
    out + rest
}

pub(super) fn paths(document: &Document) -> Score {
    const CODE: &str = code::OPENAPI_PATH;
    let mut score = Score::new(CODE, "paths that fit their parameters");
    let mut shapes: BTreeMap<String, &str> = BTreeMap::new();
    let operations = document.operations();
    let mut by_path: BTreeMap<&str, Vec<&Operation<'_>>> = BTreeMap::new();
    for operation in &operations {
        by_path.entry(operation.path).or_default().push(operation);
    }
    for (entry, _) in document.top().get("paths").iter().flat_map(super::super::At::entries) {
        let path = &*entry.key;
        if path.starts_with("x-") {
            continue;
        }
        let mut gaps = Vec::new();
        let mut say = |message: String, help: &str| {
            gaps.push(Problem::new(CODE, &entry.place, path, message).help(help));
        };
        if !path.starts_with('/') {
            say(format!("the path `{path}` does not begin with `/`"), "begin it with a slash");
        }
        if path.contains("//") {
            say(
                format!("the path `{path}` has an empty part"),
                "a prefix that ends in a slash was put before a path that begins with one",
            );
        }
        if path.contains(['?', '#']) {
            say(
                format!("the path `{path}` has a query or a fragment"),
                "query parameters are listed below `parameters`",
            );
        }
        let names = templates(path);
        let opening = path.matches('{').count();
        if opening != names.len() || opening != path.matches('}').count() {
            say(format!("the braces of `{path}` do not match"), "write each parameter as `{name}`");
        }
        if names.iter().collect::<HashSet<_>>().len() < names.len() {
            say(format!("`{path}` has a parameter twice"), "give each part a name of its own");
        }
        if let Some(other) = shapes.insert(shape(path), path) {
            say(
                format!("`{path}` and `{other}` are the same path"),
                "parameters' names do not tell paths apart",
            );
        }
        for operation in by_path.get(path).into_iter().flatten() {
            parameters(document, operation, &names, &mut gaps);
        }
        score.count(gaps);
    }
    score
}

/// The longest name of an operation, in bytes, that each of its parameters' findings repeats.
const LONGEST_NAME: usize = 300;

fn parameters(document: &Document, operation: &Operation<'_>, names: &[&str], gaps: &mut Vec<Problem>) {
    const CODE: &str = code::OPENAPI_PATH;
    let listed = operation.parameters(document);
    // A path may be as long as there are parameters of it.
    let name = beginning(&operation.name(), LONGEST_NAME).to_owned();
    let known: HashSet<&str> = names.iter().copied().collect();
    let given: HashSet<&str> = listed.iter().filter(|p| p.location == "path").map(|p| p.name).collect();
    for wanted in names.iter().filter(|wanted| !given.contains(**wanted)) {
        let message = format!("{name} does not list the path parameter `{wanted}`");
        gaps.push(
            Problem::new(CODE, operation.place, format!("{name} {wanted}"), message)
                .help("add it to `parameters` with `in: path` and `required: true`"),
        );
    }
    for parameter in listed.iter().filter(|parameter| parameter.location == "path") {
        let subject = format!("{name} {}", parameter.name);
        if !known.contains(parameter.name) {
            let message =
                format!("{name} lists the path parameter `{}`, which is not in the path", parameter.name);
            gaps.push(
                Problem::new(CODE, parameter.place, subject, message)
                    .help("remove it, or write it between braces in the path"),
            );
        } else if parameter.at.node.get("required").and_then(Node::bool) != Some(true) {
            let message =
                format!("the path parameter `{}` of {name} is not `required: true`", parameter.name);
            gaps.push(
                Problem::new(CODE, parameter.place, subject, message)
                    .help("a path parameter is always there"),
            );
        }
    }
}

pub(super) fn operation_ids(document: &Document) -> Score {
    const CODE: &str = code::OPENAPI_OPERATION_ID;
    let mut score = Score::new(CODE, "operations with an id of their own");
    let mut seen: BTreeMap<&str, &crate::diag::Place> = BTreeMap::new();
    let operations = document.all_operations();
    for operation in operations.iter().filter(|operation| operation.belongs != Belongs::Callback) {
        let name = operation.name();
        let gap = match operation.id() {
            None => Some(
                Problem::new(CODE, operation.place, &*name, format!("{name} has no `operationId`"))
                    .help("clients and guides name an operation by its id"),
            ),
            Some(id) => {
                let place = operation.at.node.place_of("operationId");
                let first = seen.get(id).copied();
                seen.entry(id).or_insert(place);
                first.map(|first| {
                    Problem::new(CODE, place, id, format!("two operations have the id `{id}`"))
                        .related(first, "first here")
                        .help("give one of them another id")
                })
            }
        };
        score.count(gap);
    }
    score
}

pub(super) fn tags(document: &Document) -> Score {
    const CODE: &str = code::OPENAPI_TAG;
    let mut score = Score::new(CODE, "tags that are declared, described and used");
    let declared = document.root.get("tags").map(Node::list).unwrap_or_default();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let operations = document.all_operations();
    let used: BTreeSet<&str> = operations.iter().flat_map(Operation::tags).collect();
    for tag in declared {
        let Some(name) = tag.get_text("name") else { continue };
        let mut gaps = Vec::new();
        let mut say = |message: String| gaps.push(Problem::new(CODE, tag.place_of("name"), name, message));
        if !known.insert(name) {
            say(format!("the tag `{name}` is declared twice"));
        }
        if tag.get_text("description").is_none_or(|text| text.trim().is_empty()) {
            say(format!("the tag `{name}` has no description"));
        }
        if !used.contains(name) && document.version < Version::V3_2 {
            say(format!("no operation has the tag `{name}`"));
        }
        score.count(gaps);
    }
    if declared.is_empty() {
        return score;
    }
    for operation in operations.iter().filter(|operation| METHODS.contains(&operation.method)) {
        for tag in operation.tags().filter(|tag| !known.contains(tag)) {
            let message = format!("the tag `{tag}` of {} is not declared", operation.name());
            score.count([Problem::new(CODE, operation.at.node.place_of("tags"), tag, message)
                .help("declare it below `tags`, with a description")]);
        }
    }
    score
}
