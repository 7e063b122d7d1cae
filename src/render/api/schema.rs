//! A schema for readers: fields with ids, nested objects to unfold, variants by their value.

use super::html::{attribute, brief, code, prose, slug, text};
use super::words::{self, limits, value};
use crate::base::UniqueNames;
use crate::openapi::example::Way;
use crate::openapi::node::Node;
use crate::openapi::view::{self, Properties, Property, View, constant, is_null, target, variant_name};
use std::fmt::Write as _;

/// Levels of shared schemas that are unfolded in place; below stands a link.
const LEVELS: usize = 3;
/// Values of a list that are shown without unfolding.
const VALUES: usize = 12;

/// Fields of one body that are written in place: of the 120 first a reader looks at some, and the rest stands with the
/// schema.
const FIELDS: usize = 120;

/// Writes schemas of one section.
pub(super) struct Fields<'s, 'd> {
    /// The document.
    pub root: &'d Node,
    /// Who writes the value; none on the page of schemas.
    pub way: Option<Way>,
    /// Where a component stands.
    pub link: &'s dyn Fn(&str) -> Option<String>,
    /// Ids of the page.
    pub ids: &'s mut UniqueNames,
    /// Fields that may still be written.
    pub left: usize,
    /// Whether shared schemas are unfolded in place.
    pub unfold: bool,
    /// What is written.
    pub out: &'s mut String,
    /// Names and descriptions of the fields, for the search.
    pub found: &'s mut Vec<Found>,
    /// Schemas that are being written, to end recursion.
    stack: Vec<*const Node>,
}

/// A field as the search knows it.
pub(super) struct Found {
    /// Its id on the page.
    pub id: String,
    /// Its path below what holds it.
    pub name: String,
    /// What is said of it.
    pub text: String,
}

impl<'s, 'd> Fields<'s, 'd> {
    /// A writer; `left` fields are written at most.
    pub fn new(
        root: &'d Node,
        way: Option<Way>,
        link: &'s dyn Fn(&str) -> Option<String>,
        ids: &'s mut UniqueNames,
        out: &'s mut String,
        found: &'s mut Vec<Found>,
    ) -> Self {
        Self { root, way, link, ids, left: FIELDS, unfold: way.is_some(), out, found, stack: Vec::new() }
    }

    /// All of a schema below an id: what it is, its fields, its variants.
    pub fn schema(&mut self, schema: &'d Node, id: &str) {
        let view = View::of(self.root, schema);
        let kind = words::kind(self.root, schema, self.link);
        // On its own page a component's name stands above.
        if self.way.is_some() || view.component.is_none() {
            let _ = writeln!(self.out, "<p class=\"type\">{kind}</p>");
        }
        self.facts(&view, false);
        self.inside(schema, id, 0);
    }

    /// As [`Fields::schema`], where the type stands above already.
    pub fn below(&mut self, schema: &'d Node, id: &str, with_example: bool) {
        let view = View::of(self.root, schema);
        self.facts(&view, with_example);
        self.inside(schema, id, 1);
    }

    /// What a schema holds: fields, variants, or those of its items.
    fn inside(&mut self, schema: &'d Node, id: &str, depth: usize) {
        let view = View::of(self.root, schema);
        let here = std::ptr::from_ref(view.node);
        if self.stack.contains(&here) || depth > 40 {
            return;
        }
        self.stack.push(here);
        let properties = Properties::of(self.root, view.node);
        if properties.iter().next().is_some() {
            self.fields(&properties, id, depth);
        }
        self.variants(view.node, id, depth);
        for (key, name) in [("items", "[]"), ("additionalProperties", "*")] {
            if let Some(inner) =
                view.node.get(key).filter(|node| node.map().is_some_and(|map| !map.is_empty()))
            {
                self.element(inner, &format!("{id}{name}"), depth);
            }
        }
        for (at, item) in view.node.get("prefixItems").map(Node::list).unwrap_or_default().iter().enumerate()
        {
            let kind = words::kind(self.root, item, self.link);
            let _ = writeln!(self.out, "<p class=\"type\">Item {}: {kind}</p>", at + 1);
            self.element(item, &format!("{id}[{at}]"), depth);
        }
        self.stack.pop();
    }

    /// The items of a list or the values of a map.
    fn element(&mut self, inner: &'d Node, id: &str, depth: usize) {
        let view = View::of(self.root, inner);
        if view.component.is_some() && !self.unfolds(depth) {
            return;
        }
        self.facts(&view, view.component.is_some());
        self.inside(inner, id, depth);
    }

    /// Whether a shared schema is written in place at this depth.
    fn unfolds(&self, depth: usize) -> bool {
        self.unfold && depth < LEVELS && self.left > 0
    }

    fn fields(&mut self, properties: &Properties<'d>, id: &str, depth: usize) {
        self.out.push_str("<dl class=\"fields\">\n");
        let unseen = match self.way {
            Some(Way::Sent) => "readOnly",
            Some(Way::Received) => "writeOnly",
            None => "",
        };
        let seen =
            |property: &Property<'d>| unseen.is_empty() || !View::of(self.root, property.node).flag(unseen);
        let all: Vec<Property<'d>> = properties.iter().filter(seen).collect();
        // Fields side by side come before what is inside of them.
        let shown = all.len().min(self.left);
        self.left -= shown;
        for property in &all[..shown] {
            self.field(*property, properties.requires(property.name), id, depth);
        }
        let cut = all.len() - shown;
        if cut > 0 {
            let _ = writeln!(self.out, "<div><dt>…</dt><dd>{cut} more</dd></div>");
        }
        self.out.push_str("</dl>\n");
    }

    fn field(&mut self, property: Property<'d>, required: bool, id: &str, depth: usize) {
        let view = View::of(self.root, property.node);
        let name = format!("{id}.{}", property.name);
        let id = self.ids.take(&slug(&name));
        let kind = words::kind(self.root, property.node, self.link);
        let _ = write!(
            self.out,
            "<div id=\"{id}\"><dt><a class=\"f\" href=\"#{id}\"><code>{}</code></a> <span class=\"type\">{kind}</span>",
            text(property.name),
            id = attribute(&id),
        );
        if required {
            self.out.push_str(" <b class=\"need\">required</b>");
        }
        self.marks(&view);
        if let Some(owner) = property.owner {
            let owner_kind = (self.link)(owner);
            let owner = text(owner);
            let _ = match owner_kind {
                Some(to) => {
                    write!(self.out, " <small class=\"from\">from <a href=\"{to}\">{owner}</a></small>")
                }
                None => write!(self.out, " <small class=\"from\">from {owner}</small>"),
            };
        }
        self.out.push_str("</dt><dd>");
        let mut searched = String::new();
        let description = view.annotation("description").and_then(Node::text);
        if let Some(description) = description.filter(|text| !text.trim().is_empty()) {
            prose(description, self.out);
            super::html::plain(description, &mut searched);
        }
        self.found.push(Found { id: id.clone(), name, text: searched });
        self.facts(&view, true);
        self.nested(property.node, &view, &id, property.name, depth);
        self.out.push_str("</dd></div>\n");
    }

    /// The fields of a field, to unfold.
    fn nested(&mut self, schema: &'d Node, view: &View<'d>, id: &str, name: &str, depth: usize) {
        let (inner, suffix, shared) = element(self.root, view);
        let recursive = self.stack.contains(&std::ptr::from_ref(inner));
        if recursive || shared && !self.unfolds(depth + 1) {
            return;
        }
        let holds = Properties::of(self.root, inner).iter().count();
        let choices = view::variants(inner).filter(|(_, list)| !plain_values(list));
        let choices = choices.map_or(0, |(_, list)| list.iter().filter(|node| !is_null(node)).count());
        if holds + choices == 0 {
            return;
        }
        let what = if holds > 0 {
            format!("{holds} field{}", if holds == 1 { "" } else { "s" })
        } else {
            format!("{choices} variants")
        };
        let open = if depth == 0 && holds > 0 && holds <= 4 { " open" } else { "" };
        let _ = writeln!(self.out, "<details{open}><summary>{what} of {}</summary>", code(name));
        let _ = schema;
        self.inside(inner, &format!("{id}{suffix}"), depth + 1);
        self.out.push_str("</details>\n");
    }

    /// Marks beside a field's type.
    fn marks(&mut self, view: &View<'d>) {
        if view.flag("deprecated") {
            self.out.push_str(" <b class=\"old\">deprecated</b>");
        }
        if view.flag("readOnly") && self.way.is_none() {
            self.out.push_str(" <b class=\"way\">only received</b>");
        }
        if view.flag("writeOnly") && self.way.is_none() {
            self.out.push_str(" <b class=\"way\">only sent</b>");
        }
    }

    /// Limits, default, list of values, example. Those of a shared schema stand with it, too.
    fn facts(&mut self, view: &View<'d>, with_example: bool) {
        let mut words = limits(view.node);
        if let Some(items) = view.node.get("items").filter(|items| items.get("$ref").is_none()) {
            words.extend(limits(items).into_iter().map(|words| format!("each {words}")));
        }
        if let Some(only) = view.annotation("const") {
            words.push(format!("always {}", code(&value(only))));
        }
        if let Some(default) = view.annotation("default") {
            words.push(format!("{} if not given", code(&cut(&value(default)))));
        }
        let example = view
            .annotation("example")
            .or_else(|| view.annotation("examples").and_then(|list| list.list().first()));
        if let Some(example) =
            example.filter(|example| with_example && !matches!(example.type_name(), "an object" | "null"))
        {
            words.push(format!("for example {}", code(&cut(&value(example)))));
        }
        if !words.is_empty() {
            let _ = writeln!(self.out, "<p class=\"limits\">{}</p>", words.join(" <span>·</span> "));
        }
        self.values(view.node);
        if let Some(items) = view.node.get("items") {
            self.values(View::of(self.root, items).node);
        }
    }

    /// A list of allowed values, with what is said of each.
    fn values(&mut self, node: &'d Node) {
        let listed: Vec<(String, Option<String>)> = match node.get("enum") {
            Some(list) => {
                let said = |at: usize, value: &Node| {
                    let by_place = ["x-enum-descriptions", "x-enumDescriptions"]
                        .iter()
                        .find_map(|key| node.get(key))
                        .and_then(|said| said.list().get(at).or_else(|| said.get(value.text()?)));
                    by_place.and_then(Node::text).map(brief)
                };
                let values = list.list().iter().filter(|value| value.type_name() != "null").enumerate();
                values.map(|(at, node)| (value(node), said(at, node))).collect()
            }
            None => match view::variants(node).filter(|(_, list)| plain_values(list)) {
                Some((_, list)) => list
                    .iter()
                    .filter_map(|node| Some((constant(node)?, node.get_text("description").map(brief))))
                    .collect(),
                None => return,
            },
        };
        if listed.iter().any(|(_, said)| said.is_some()) {
            self.out.push_str("<div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr><th>Value</th><th>Meaning</th></tr></thead><tbody>\n");
            for (value, said) in &listed {
                let said = said.as_deref().unwrap_or("");
                let _ = writeln!(self.out, "<tr><td>{}</td><td>{said}</td></tr>", code(value));
            }
            self.out.push_str("</tbody></table></div>\n");
            return;
        }
        let all: Vec<String> = listed.iter().map(|(value, _)| code(value)).collect();
        if all.is_empty() {
            return;
        }
        let all_of_them = all.join(" ");
        let _ = if all.len() > VALUES {
            writeln!(
                self.out,
                "<details><summary>{} values</summary><p class=\"values\">{all_of_them}</p></details>",
                all.len()
            )
        } else {
            writeln!(self.out, "<p class=\"values\">One of {all_of_them}</p>")
        };
    }

    /// The variants of a choice, one open at a time.
    fn variants(&mut self, node: &'d Node, id: &str, depth: usize) {
        let Some((keyword, list)) = view::variants(node).filter(|(_, list)| !plain_values(list)) else {
            return;
        };
        let list: Vec<&Node> = list.iter().filter(|node| !is_null(node)).collect();
        if list.len() < 2 && view::types(node).is_empty() {
            if let Some(only) = list.first() {
                self.inside(only, id, depth);
            }
            return;
        }
        let tag = node.get("discriminator").and_then(|said| said.get_text("propertyName"));
        let words = if keyword == "oneOf" { "One of" } else { "One or more of" };
        let by = tag.map(|tag| format!(", by {}", code(tag))).unwrap_or_default();
        let _ = writeln!(self.out, "<p class=\"choice\">{words} these{by}:</p>");
        let group = self.ids.take(&slug(&format!("{id}.variants")));
        let count = list.len();
        for (number, variant) in list.into_iter().enumerate() {
            if self.left == 0 && number > 0 {
                let _ = writeln!(self.out, "<p class=\"type\">{} more</p>", count - number);
                break;
            }
            self.left = self.left.saturating_sub(1);
            let view = View::of(self.root, variant);
            let (name, _) = variant_name(self.root, variant);
            let title = match tag.and_then(|tag| tag_value(self.root, node, tag, variant)) {
                Some(value) if value != name => {
                    format!(
                        "{} <small>{}</small>",
                        code(&format!("{}: {value}", tag.unwrap_or_default())),
                        text(&name)
                    )
                }
                _ => code(&name),
            };
            let open = if number == 0 && depth == 0 { " open" } else { "" };
            let _ = writeln!(
                self.out,
                "<details class=\"variant\" name=\"{}\"{open}><summary>{title}</summary>",
                attribute(&group)
            );
            let shared = view.component.is_some();
            let recursive = self.stack.contains(&std::ptr::from_ref(view.node));
            if shared && (recursive || !self.unfolds(depth + 1)) || self.left == 0 {
                let kind = words::kind(self.root, variant, self.link);
                let _ = writeln!(self.out, "<p class=\"type\">{kind}</p>");
            } else {
                let kind = words::kind(self.root, variant, self.link);
                let _ = writeln!(self.out, "<p class=\"type\">{kind}</p>");
                if let Some(said) = view.annotation("description").and_then(Node::text) {
                    prose(said, self.out);
                }
                self.facts(&view, true);
                self.inside(variant, &format!("{id}.{}", slug(&name)), depth + 1);
            }
            self.out.push_str("</details>\n");
        }
    }
}

/// What a list's items or a map's values are, through lists of lists; the id's suffix, and whether it is shared.
fn element<'d>(root: &'d Node, view: &View<'d>) -> (&'d Node, String, bool) {
    let mut node = view.node;
    let mut shared = view.component.is_some();
    let mut suffix = String::new();
    for _ in 0..6 {
        let named = node.get("properties").is_some() || node.get("allOf").is_some();
        let next = [("items", "[]"), ("additionalProperties", ".*")].into_iter().find_map(|(key, mark)| {
            let inner = node.get(key).filter(|inner| inner.map().is_some_and(|map| !map.is_empty()))?;
            (!named).then_some((inner, mark))
        });
        let Some((inner, mark)) = next else { break };
        let inner = View::of(root, inner);
        shared |= inner.component.is_some();
        suffix.push_str(mark);
        node = inner.node;
    }
    (node, suffix, shared)
}

/// Whether all variants are single values: a list of values in another notation.
fn plain_values(list: &[Node]) -> bool {
    let plain = |node: &Node| constant(node).is_some() && node.get("properties").is_none();
    list.iter().all(|node| plain(node) || is_null(node)) && list.iter().any(plain)
}

/// The value of a discriminator for one of its variants: what the mapping says, the variant's own constant, else the
/// component's name (OpenAPI 3.1, §4.8.25).
fn tag_value(root: &Node, choice: &Node, tag: &str, variant: &Node) -> Option<String> {
    let view = View::of(root, variant);
    let mapping = choice.get("discriminator").and_then(|said| said.get("mapping"));
    for entry in mapping.map(Node::entries).into_iter().flatten() {
        let to = entry.node.text()?;
        let leads =
            target(root, to).is_some_and(|(node, _)| std::ptr::eq(View::of(root, node).node, view.node));
        if leads || Some(to) == view.component {
            return Some(entry.key.to_string());
        }
    }
    let properties = Properties::of(root, view.node);
    let own = properties.get(tag).and_then(|property| constant(View::of(root, property.node).node));
    own.or_else(|| view.component.map(str::to_owned))
}

/// A value cut short.
fn cut(text: &str) -> String {
    if text.chars().count() <= 80 {
        return text.to_owned();
    }
    text.chars().take(79).chain(['…']).collect()
}
