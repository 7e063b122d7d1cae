//! Error codes: what each means, which operations answer it, and which runbooks help.

use super::html::{attribute, brief, slug, text};
use super::{Placed, Writer};
use crate::openapi::codes::Code;
use crate::openapi::node::Node;
use crate::openapi::view::{Properties, View, constant, resolve};
use crate::openapi::{At, Document, media};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Values that examples and schemas of a response give its `code`: what the answer can say.
pub(super) fn codes_of(document: &Document, response: &At<'_>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for (_, at) in media(document, response) {
        let mut values: Vec<&Node> = at.node.get("example").into_iter().collect();
        for entry in at.node.get("examples").map(Node::entries).into_iter().flatten() {
            values.extend(resolve(&document.root, &entry.node).get("value"));
        }
        for value in values {
            texts(value, 4, &mut out);
        }
        if let Some(schema) = at.node.get("schema") {
            let properties = Properties::of(&document.root, View::of(&document.root, schema).node);
            for property in properties.iter() {
                out.extend(constant(View::of(&document.root, property.node).node));
            }
        }
    }
    out
}

/// All short texts of a value; those that are codes are picked by the caller.
fn texts(node: &Node, depth: u8, out: &mut BTreeSet<String>) {
    if let Some(text) = node.text().filter(|text| text.len() < 80) {
        out.insert(text.to_owned());
    }
    if depth > 0 {
        node.entries().for_each(|entry| texts(&entry.node, depth - 1, out));
        node.list().iter().for_each(|item| texts(item, depth - 1, out));
    }
}

/// The media type of most error answers, and the component of its schema.
pub(super) fn error_media(document: &Document) -> Option<(String, Option<String>)> {
    let mut seen: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
    for operation in document.operations() {
        for response in
            operation.responses(document).iter().filter(|response| response.status.starts_with(['4', '5']))
        {
            for (entry, at) in media(document, &response.at) {
                let schema = at.node.get("schema").map(|schema| View::of(&document.root, schema));
                let name = schema.and_then(|view| view.component).map(str::to_owned);
                *seen.entry((entry.key.to_string(), name)).or_default() += 1;
            }
        }
    }
    seen.into_iter().max_by_key(|(_, count)| *count).map(|(media, _)| media)
}

/// Where the codes are explained.
fn explained((title, to): &(String, String)) -> String {
    format!(" <a href=\"{}\">{}</a> says what each means and what to do.", attribute(to), text(title))
}

/// The id of a code on the page of codes.
pub(super) fn id(code: &str) -> String {
    format!("error-{}", slug(code))
}

impl Writer<'_> {
    /// A code as a link to what is said of it, if it is one.
    pub(super) fn code_link(&self, name: &str) -> Option<String> {
        let address = self.codes.get(name)?;
        Some(format!("<a href=\"{}\"><code>{}</code></a>", attribute(address), text(name)))
    }

    /// The page of codes.
    pub(super) fn catalogue(&self, codes: &[Code], operations: &[&Placed<'_>]) -> String {
        let mut by_code: BTreeMap<&str, BTreeMap<String, Vec<&Placed<'_>>>> = BTreeMap::new();
        let known: BTreeMap<&str, &Code> = codes.iter().map(|code| (code.name.as_str(), code)).collect();
        for placed in operations {
            for response in placed.operation.responses(self.document) {
                for name in codes_of(self.document, &response.at) {
                    if let Some(code) = known.get(name.as_str()) {
                        let by_status = by_code.entry(&code.name).or_default();
                        by_status.entry(response.status.to_owned()).or_default().push(placed);
                    }
                }
            }
        }
        let explained = self.catalogue.map(explained).unwrap_or_default();
        let mut html = format!(
            "<h1>Error codes</h1>\n<p>Each error says its code, for programs.{explained}</p>\n<dl class=\"fields codes\">\n"
        );
        for one in codes {
            let id = attribute(&id(&one.name));
            let statuses = by_code.get(one.name.as_str());
            let marks: Vec<String> = statuses
                .into_iter()
                .flat_map(BTreeMap::keys)
                .map(|status| format!(" <b class=\"status bad\">{}</b>", text(status)))
                .collect();
            let _ = write!(
                html,
                "<div id=\"{id}\"><dt><a class=\"f\" href=\"#{id}\"><code>{}</code></a>{}</dt><dd>",
                text(&one.name),
                marks.concat()
            );
            if let Some(about) = &one.about {
                super::html::prose(about, &mut html);
            }
            if let Some(books) = self.runbooks.get(&one.name) {
                let links: Vec<String> = books
                    .iter()
                    .map(|(title, to)| format!("<a href=\"{}\">{}</a>", attribute(to), text(title)))
                    .collect();
                let _ = writeln!(html, "<p class=\"limits\">Runbook: {}</p>", links.join(", "));
            }
            let list: BTreeMap<&str, String> = statuses
                .into_iter()
                .flat_map(BTreeMap::values)
                .flatten()
                .map(|placed| (placed.address.as_str(), self.operation_title(&placed.operation)))
                .collect();
            if !list.is_empty() {
                let links: Vec<String> = list
                    .iter()
                    .take(20)
                    .map(|(to, title)| format!("<a href=\"{}\">{}</a>", attribute(to), brief(title)))
                    .collect();
                let _ = writeln!(html, "<p class=\"limits\">Answered by {}</p>", links.join(", "));
            }
            html.push_str("</dd></div>\n");
        }
        html.push_str("</dl>\n");
        html
    }
}
