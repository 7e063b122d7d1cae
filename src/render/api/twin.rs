//! The Markdown twins of an API's pages, for readers that are programs.

use super::samples::Request;
use super::{Group, Placed, Writer};
use crate::openapi::codes::Code;
use crate::openapi::node::Node;
use crate::openapi::view::{Properties, View};
use crate::openapi::{At, Operation, media};
use std::fmt::Write as _;

/// Levels of fields that a twin lists.
const LEVELS: usize = 3;
/// Fields of one body that a twin lists.
const FIELDS: usize = 200;

impl Writer<'_> {
    pub(super) fn overview_twin(&self, title: &str, groups: &[Group<'_>]) -> String {
        let mut out = format!("# {title}\n");
        if let Some(said) = self.document.root.at("/info/description").and_then(Node::text) {
            let _ = write!(out, "\n{}\n", said.trim());
        }
        for group in groups {
            let _ = write!(out, "\n## {}\n\n", group.title);
            for placed in &group.operations {
                let operation = &placed.operation;
                let to = placed.address.replace(".html", ".md");
                let _ =
                    writeln!(out, "- [{}]({to}): `{}`", self.operation_title(operation), operation.name());
            }
        }
        out
    }

    pub(super) fn operations_twin(&self, title: &str, operations: &[Placed<'_>]) -> String {
        let mut out = format!("# {title}\n");
        for placed in operations {
            let operation = &placed.operation;
            let _ = write!(out, "\n## {}\n\n`{}`\n", self.operation_title(operation), operation.name());
            if let Some(said) = operation.at.node.get_text("description") {
                let _ = write!(out, "\n{}\n", said.trim());
            }
            self.needs_twin(operation, &mut out);
            let parameters = operation.parameters(self.document);
            if !parameters.is_empty() {
                out.push_str("\nParameters:\n\n");
            }
            for parameter in parameters {
                let node = parameter.at.node;
                let required = node.get("required").and_then(Node::bool) == Some(true);
                let kind = node.get("schema").map(|schema| self.plain_kind(schema)).unwrap_or_default();
                let mark = if required { ", required" } else { "" };
                let said = one_line(node.get_text("description"));
                let _ = writeln!(out, "- `{}` ({}, {kind}{mark}){said}", parameter.name, parameter.location);
            }
            if let Some(body) = operation.body(self.document) {
                out.push_str("\nBody:\n");
                self.content_twin(&body, &mut out);
            }
            for response in operation.responses(self.document) {
                let said = one_line(response.at.node.get_text("description"));
                let _ = write!(out, "\nAnswer {}{said}\n", response.status);
                self.content_twin(&response.at, &mut out);
            }
            let request = Request::of(self.document, operation).write(0);
            let _ = write!(out, "\n```bash\n{request}\n```\n");
        }
        out
    }

    pub(super) fn codes_twin(&self, codes: &[Code]) -> String {
        let mut out = String::from("# Error codes\n\n");
        if let Some((title, to)) = self.catalogue {
            let _ = write!(out, "What each means: [{title}]({to})\n\n");
        }
        for code in codes {
            let _ = write!(out, "- `{}`{}", code.name, one_line(code.about.as_deref()));
            for (title, to) in self.runbooks.get(&code.name).into_iter().flatten() {
                let _ = write!(out, "; runbook [{title}]({to})");
            }
            out.push('\n');
        }
        out
    }

    /// Credentials, rate limit, and what was seen of the running service.
    fn needs_twin(&self, operation: &Operation<'_>, out: &mut String) {
        let mut lines = Vec::new();
        if let Some(ways) = operation.security(self.document) {
            let way = |node: &Node| {
                let names: Vec<String> = node.entries().map(|entry| format!("`{}`", entry.key)).collect();
                if names.is_empty() { "no credentials".to_owned() } else { names.join(" and ") }
            };
            let ways: Vec<String> = ways.node.list().iter().map(way).collect();
            let ways = if ways.is_empty() { "no credentials".to_owned() } else { ways.join(", or ") };
            lines.push(format!("- Needs {ways}"));
        }
        if let Some(limit) = operation.at.node.get("x-rate-limit") {
            lines.push(format!("- Rate limit: {}", super::overview::limit_words(limit)));
        }
        if let Some(seen) = self.probed.get(&operation.name()) {
            lines.push(format!("- Probed: {seen}"));
        }
        if !lines.is_empty() {
            let _ = write!(out, "\n{}\n", lines.join("\n"));
        }
    }

    pub(super) fn schemas_twin<'n>(&self, title: &str, names: impl Iterator<Item = &'n str>) -> String {
        let mut out = format!("# {title}\n");
        let all = self.document.root.at("/components/schemas");
        for name in names {
            let Some(schema) = all.and_then(|all| all.get(name)) else { continue };
            let _ = write!(out, "\n## {name}\n\n");
            if let Some(said) = schema.get_text("description") {
                let _ = write!(out, "{}\n\n", said.trim());
            }
            let mut left = FIELDS;
            self.fields_twin(schema, 0, &mut left, &mut out);
        }
        out
    }

    fn content_twin(&self, holder: &At<'_>, out: &mut String) {
        for (entry, at) in media(self.document, holder) {
            let Some(schema) = at.node.get("schema") else { continue };
            let _ = write!(out, "\n`{}`: {}\n\n", entry.key, self.plain_kind(schema));
            let mut left = FIELDS;
            self.fields_twin(schema, 0, &mut left, out);
        }
    }

    /// A type without links.
    fn plain_kind(&self, schema: &Node) -> String {
        let kind = super::words::kind(&self.document.root, schema, &|_| None);
        kind.replace("<small>", "(").replace("</small>", ")").replace("&lt;", "<").replace("&amp;", "&")
    }

    fn fields_twin(&self, schema: &Node, depth: usize, left: &mut usize, out: &mut String) {
        let mut node = View::of(&self.document.root, schema).node;
        if let Some(items) = node.get("items") {
            node = View::of(&self.document.root, items).node;
        }
        let properties = Properties::of(&self.document.root, node);
        for property in properties.iter() {
            if *left == 0 {
                return;
            }
            *left -= 1;
            let view = View::of(&self.document.root, property.node);
            let mark = if properties.requires(property.name) { ", required" } else { "" };
            let said = one_line(view.annotation("description").and_then(Node::text));
            let indent = "  ".repeat(depth);
            let _ = writeln!(
                out,
                "{indent}- `{}` ({}{mark}){said}",
                property.name,
                self.plain_kind(property.node)
            );
            if depth + 1 < LEVELS && view.component.is_none() {
                self.fields_twin(property.node, depth + 1, left, out);
            }
        }
    }
}

/// `: ` and a description's words on one line.
fn one_line(said: Option<&str>) -> String {
    let words: Vec<&str> = said.unwrap_or_default().split_whitespace().collect();
    if words.is_empty() { String::new() } else { format!(": {}", words.join(" ")) }
}
