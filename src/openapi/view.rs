//! A schema as it applies: references followed, wrappers that say nothing taken off, parts of `allOf` laid together.

use crate::base::RelPath;
use crate::diag::Place;
use crate::openapi::node::{Node, pointer_of_fragment};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// References that are followed before giving up: real documents need four, a cycle never ends. The rule on references
/// says where it was given up.
pub const FOLLOWED: usize = 40;
/// Parts of one schema that are laid together: real ones have a dozen. The rule on schemas says where there are more.
pub const PARTS: usize = 100;

/// Stands for what is behind too many references: a schema that says nothing.
static NOTHING: LazyLock<Node> = LazyLock::new(|| Node::null(Place::whole(RelPath::root())));

/// A schema without what wraps it.
#[derive(Clone)]
pub struct View<'d> {
    /// The schema.
    pub node: &'d Node,
    /// Whether a wrapper lets it be null, too.
    pub nullable: bool,
    /// The component that a reference named last.
    pub component: Option<&'d str>,
    /// The wrappers, outermost first; annotations beside a reference win over those of its target.
    pub wrappers: Vec<&'d Node>,
}

impl<'d> View<'d> {
    /// Takes references and wrappers off.
    pub fn of(root: &'d Node, node: &'d Node) -> Self {
        let mut view = Self { node, nullable: false, component: None, wrappers: Vec::new() };
        let mut references = 0;
        while let Some((next, nullable, component)) = unwrap(root, view.node) {
            // Wrappers that are written inside of each other end with the document.
            references += usize::from(view.node.get("$ref").is_some());
            if references > FOLLOWED {
                view.node = &NOTHING;
                break;
            }
            view.wrappers.push(view.node);
            view.nullable |= nullable;
            view.component = component.or(view.component);
            view.node = next;
        }
        view
    }

    /// The value of an annotation, outermost first.
    pub fn annotation(&self, key: &str) -> Option<&'d Node> {
        self.wrappers.iter().chain([&self.node]).find_map(|node| node.get(key))
    }

    /// Whether an annotation is `true`.
    pub fn flag(&self, key: &str) -> bool {
        self.annotation(key).and_then(Node::bool) == Some(true)
    }
}

/// What a node that is only a wrapper holds, whether it allows null, and the component it names.
fn unwrap<'d>(root: &'d Node, node: &'d Node) -> Option<(&'d Node, bool, Option<&'d str>)> {
    let map = node.map()?;
    let nullable = node.get("nullable").and_then(Node::bool) == Some(true);
    let bare = |keyword: &str| map.iter().all(|entry| &*entry.key == keyword || is_annotation(&entry.key));
    if let Some(reference) = node.get_text("$ref") {
        return bare("$ref")
            .then(|| target(root, reference))
            .flatten()
            .map(|(node, name)| (node, nullable, name));
    }
    if let [only] = node.get("allOf").map(Node::list).unwrap_or_default() {
        return bare("allOf").then_some((only, nullable, None));
    }
    for keyword in ["oneOf", "anyOf"] {
        let Some(branches) = node.get(keyword).filter(|_| bare(keyword)) else { continue };
        let some: Vec<&Node> = branches.list().iter().filter(|branch| !is_null(branch)).collect();
        if let [only] = some[..] {
            return Some((only, nullable || branches.list().len() > 1, None));
        }
    }
    None
}

/// Whether a schema is that of null alone.
pub fn is_null(node: &Node) -> bool {
    let of_type = node.get("type").is_some_and(|kind| {
        kind.text() == Some("null") || matches!(kind.list(), [only] if only.text() == Some("null"))
    });
    of_type
        || node.get("const").is_some_and(|value| value.type_name() == "null")
        || node.get("enum").is_some_and(|list| matches!(list.list(), [only] if only.type_name() == "null"))
}

/// The types a schema names, `null` among them.
pub fn types(node: &Node) -> Vec<&str> {
    match node.get("type") {
        Some(kind) => match kind.text() {
            Some(one) => vec![one],
            None => kind.list().iter().filter_map(Node::text).collect(),
        },
        None if node.get("properties").is_some() || node.get("additionalProperties").is_some() => {
            vec!["object"]
        }
        None if node.get("items").is_some() => vec!["array"],
        None => Vec::new(),
    }
}

/// The variants of a choice and its keyword.
pub fn variants(node: &Node) -> Option<(&'static str, &[Node])> {
    ["oneOf", "anyOf"].into_iter().find_map(|keyword| {
        let list = node.get(keyword)?.list();
        (!list.is_empty()).then_some((keyword, list))
    })
}

/// Whether a keyword tells readers something and constrains nothing.
pub fn is_annotation(key: &str) -> bool {
    matches!(
        key,
        "title"
            | "description"
            | "summary"
            | "deprecated"
            | "readOnly"
            | "writeOnly"
            | "default"
            | "example"
            | "examples"
            | "externalDocs"
            | "xml"
            | "nullable"
            | "$comment"
            | "$schema"
            | "$id"
            | "$anchor"
            | "$defs"
            | "definitions"
    ) || key.starts_with("x-")
}

/// What a reference within the document leads to, and the last part of its pointer.
pub fn target<'d>(root: &'d Node, reference: &'d str) -> Option<(&'d Node, Option<&'d str>)> {
    let fragment = reference.strip_prefix('#')?;
    let node = root.at(&pointer_of_fragment(fragment))?;
    Some((node, fragment.rsplit('/').next()))
}

/// Follows the reference of something that is no schema: a parameter, a response, a path.
pub fn resolve<'d>(root: &'d Node, mut node: &'d Node) -> &'d Node {
    for _ in 0..FOLLOWED {
        match node.get_text("$ref").and_then(|reference| target(root, reference)) {
            Some((next, _)) => node = next,
            None => break,
        }
    }
    node
}

/// A part that must hold beside others: of `allOf`, or a reference with keywords beside it.
#[derive(Clone)]
pub struct Part<'d> {
    /// As written.
    pub node: &'d Node,
    /// Without wrappers.
    pub view: View<'d>,
}

/// The parts that a schema names directly.
pub fn parts<'d>(root: &'d Node, node: &'d Node) -> Vec<Part<'d>> {
    let mut out = Vec::new();
    if let Some((target, component)) = node.get_text("$ref").and_then(|reference| target(root, reference)) {
        let mut view = View::of(root, target);
        view.component = view.component.or(component);
        out.push(Part { node: target, view });
    }
    let listed = node.get("allOf").map(Node::list).unwrap_or_default();
    out.extend(listed.iter().map(|node| Part { node, view: View::of(root, node) }));
    out
}

/// A property, and the component that declares it if that is another than the schema itself.
#[derive(Clone, Copy)]
pub struct Property<'d> {
    /// Its name.
    pub name: &'d str,
    /// Its schema.
    pub node: &'d Node,
    /// Who declares it.
    pub owner: Option<&'d str>,
}

/// The properties of a schema with those of all its parts.
pub struct Properties<'d> {
    list: Vec<Property<'d>>,
    by_name: HashMap<&'d str, usize>,
    required: HashSet<&'d str>,
}

impl<'d> Properties<'d> {
    /// Lays the parts of a schema together.
    pub fn of(root: &'d Node, node: &'d Node) -> Self {
        let mut properties = Self { list: Vec::new(), by_name: HashMap::new(), required: HashSet::new() };
        lay_together(root, node, |node, owner| properties.add(node, owner));
        properties
    }

    fn add(&mut self, node: &'d Node, owner: Option<&'d str>) {
        for entry in node.get("properties").map(Node::entries).into_iter().flatten() {
            if !self.by_name.contains_key(&*entry.key) {
                self.by_name.insert(&entry.key, self.list.len());
                self.list.push(Property { name: &entry.key, node: &entry.node, owner });
            }
        }
        let required = node.get("required").map(Node::list).unwrap_or_default();
        self.required.extend(required.iter().filter_map(Node::text));
    }

    /// In the order written.
    pub fn iter(&self) -> impl Iterator<Item = Property<'d>> + '_ {
        self.list.iter().copied()
    }

    /// By name.
    pub fn get(&self, name: &str) -> Option<Property<'d>> {
        self.by_name.get(name).map(|at| self.list[*at])
    }

    /// Whether callers can count on a property, or must give it.
    pub fn requires(&self, name: &str) -> bool {
        self.required.contains(name)
    }
}

/// Visits a schema and all of its parts, with the component that declares each; whether those are all.
fn lay_together<'d>(
    root: &'d Node,
    node: &'d Node,
    mut visit: impl FnMut(&'d Node, Option<&'d str>),
) -> bool {
    let mut seen = HashSet::new();
    let mut open: Vec<(&'d Node, Option<&'d str>)> = vec![(node, None)];
    while let Some((node, owner)) = open.pop() {
        if !seen.insert(std::ptr::from_ref(node)) {
            continue;
        }
        if seen.len() > PARTS {
            return false;
        }
        visit(node, owner);
        let parts = parts(root, node);
        open.extend(parts.into_iter().rev().map(|part| (part.view.node, part.view.component.or(owner))));
    }
    true
}

/// Whether a schema has more parts than are laid together.
pub fn has_too_many_parts(root: &Node, node: &Node) -> bool {
    !lay_together(root, node, |_, _| {})
}

/// What a reader would call a variant: its component, its title, the value of its tag, its only required property,
/// else its type; and whether that is more than a type.
pub fn variant_name(root: &Node, node: &Node) -> (String, bool) {
    let view = View::of(root, node);
    let inner = view.node;
    if let Some(component) = view.component {
        return (component.to_owned(), true);
    }
    if let Some(title) = view.annotation("title").and_then(Node::text) {
        return (title.to_owned(), true);
    }
    if let Some(value) = constant(inner) {
        return (value, true);
    }
    let properties = inner.get("properties").map(Node::entries).into_iter().flatten();
    let tags: Vec<String> =
        properties.filter_map(|entry| Some(format!("{}: {}", entry.key, constant(&entry.node)?))).collect();
    if !tags.is_empty() {
        return (tags.join(", "), true);
    }
    if let [only] = inner.get("required").map(Node::list).unwrap_or_default()
        && let Some(name) = only.text()
    {
        return (name.to_owned(), true);
    }
    let kind =
        inner.get("type").map_or_else(|| "anything".to_owned(), |kind| kind.to_line().replace('"', ""));
    let format = inner.get_text("format").map(|format| format!(" ({format})")).unwrap_or_default();
    (format!("{kind}{format}"), false)
}

/// The one value that a schema allows.
pub fn constant(node: &Node) -> Option<String> {
    let listed = match node.get("enum").map(Node::list) {
        Some([only]) => Some(only),
        _ => None,
    };
    let value = node.get("const").or(listed)?;
    Some(value.text().map_or_else(|| value.to_line(), str::to_owned))
}
