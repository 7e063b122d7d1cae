//! The first page of an API: what it is, where it stands, who may call it how often, and all operations.

use super::html::{attribute, brief, code, prose, slug, text};
use super::words::{method_class, value};
use super::{Group, Writer};
use crate::base::is_web;
use crate::openapi::node::Node;
use crate::openapi::source::limit_of;
use std::fmt::Write as _;

/// Operations of one tag that the overview lists.
const LISTED: usize = 200;

/// A limit in words: `300 requests per minute per caller`; as it is written where it is not in the usual form.
pub(super) fn limit_words(limit: &Node) -> String {
    if let Some(said) = limit.text() {
        return said.to_owned();
    }
    if limit.bool() == Some(false) {
        return "none".into();
    }
    let policy = limit.get_text("policy").map(|policy| format!(" (policy {policy})")).unwrap_or_default();
    match limit_of(limit) {
        Some(known) => known.describe() + &policy,
        None if limit.map().is_some() => {
            let part = |entry: &crate::openapi::node::Entry| format!("{} {}", entry.key, value(&entry.node));
            limit.entries().map(part).collect::<Vec<_>>().join(", ")
        }
        None => value(limit),
    }
}

impl Writer<'_> {
    /// The body of the overview.
    pub(super) fn overview(
        &self,
        title: &str,
        groups: &[Group<'_>],
        others: &[(&str, &str)],
        raw: &str,
    ) -> String {
        let root = &self.document.root;
        let mut html = format!("<h1>{}</h1>\n", text(title));
        let info = root.get("info");
        let version = info.and_then(|info| info.get("version")).map(value).unwrap_or_default();
        let count: usize = groups.iter().map(|group| group.operations.len()).sum();
        let _ = writeln!(
            html,
            "<p class=\"facts\">Version {} <span>·</span> {count} operations <span>·</span> OpenAPI {} <span>·</span> <a href=\"{}\" download>{}</a></p>",
            code(&version),
            text(root.get_text("openapi").unwrap_or(self.document.version.name())),
            attribute(raw),
            text(raw)
        );
        if let Some(said) = info.and_then(|info| info.get_text("summary")) {
            let _ = writeln!(html, "<p>{}</p>", brief(said));
        }
        if let Some(said) = info.and_then(|info| info.get_text("description")) {
            prose(said, &mut html);
        }
        self.servers(&mut html);
        self.authentication(&mut html);
        self.rate_limits(groups, &mut html);
        self.errors(others, &mut html);
        self.all_operations(groups, &mut html);
        self.more(others, &mut html);
        self.versions(groups, &mut html);
        html
    }

    fn servers(&self, html: &mut String) {
        let servers = self.document.root.get("servers").map(Node::list).unwrap_or_default();
        if servers.is_empty() {
            return;
        }
        html.push_str("<h2 id=\"servers\">Servers</h2>\n<dl class=\"fields\">\n");
        for server in servers {
            let url = server.get_text("url").unwrap_or("/");
            let said = server.get_text("description").map(brief).unwrap_or_default();
            let _ = write!(html, "<div><dt>{}</dt><dd>{said}", code(url));
            for entry in server.get("variables").map(Node::entries).into_iter().flatten() {
                let said = entry.node.get_text("description").map(brief).unwrap_or_default();
                let default = entry.node.get("default").map(value).unwrap_or_default();
                let values = entry.node.get("enum").map(Node::list).unwrap_or_default().iter();
                let values: Vec<String> = values.map(|node| code(&value(node))).collect();
                let values =
                    if values.is_empty() { String::new() } else { format!(" One of {}.", values.join(" ")) };
                let _ = write!(
                    html,
                    "<p class=\"limits\">{}: {} if not given.{values} {said}</p>",
                    code(&format!("{{{}}}", entry.key)),
                    code(&default)
                );
            }
            html.push_str("</dd></div>\n");
        }
        html.push_str("</dl>\n");
    }

    fn authentication(&self, html: &mut String) {
        let schemes = self.document.components("securitySchemes");
        if schemes.is_empty() {
            return;
        }
        html.push_str("<h2 id=\"authentication\">Authentication</h2>\n<dl class=\"fields\">\n");
        for (entry, at) in schemes {
            let node = self.document.resolve(at).node;
            let id = attribute(&format!("auth-{}", slug(&entry.key)));
            let how = match (node.get_text("type"), node.get_text("in"), node.get_text("scheme")) {
                (Some("apiKey"), place, _) => {
                    let name = code(node.get_text("name").unwrap_or_default());
                    format!(
                        "a key in the {} {name}",
                        text(&place.unwrap_or("header").replace("query", "query parameter"))
                    )
                }
                (Some("http"), _, Some(scheme)) if scheme.eq_ignore_ascii_case("bearer") => {
                    let format = node.get_text("bearerFormat").map(|format| format!(" ({})", text(format)));
                    format!("header {}{}", code("Authorization: Bearer TOKEN"), format.unwrap_or_default())
                }
                (Some("http"), _, Some(scheme)) => format!("HTTP authentication, {}", text(scheme)),
                (Some("oauth2"), ..) => "OAuth 2.0".into(),
                (Some("openIdConnect"), ..) => "OpenID Connect".into(),
                (Some("mutualTLS"), ..) => "a client certificate (mutual TLS)".into(),
                (kind, ..) => text(kind.unwrap_or("unknown")),
            };
            let _ = write!(
                html,
                "<div id=\"{id}\"><dt><a class=\"f\" href=\"#{id}\"><code>{}</code></a> <span class=\"type\">{how}</span></dt><dd>",
                text(&entry.key)
            );
            if let Some(said) = node.get_text("description") {
                prose(said, html);
            }
            self.flows(node, html);
            html.push_str("</dd></div>\n");
        }
        html.push_str("</dl>\n");
    }

    fn flows(&self, scheme: &Node, html: &mut String) {
        if let Some(address) = scheme.get_text("openIdConnectUrl") {
            let _ = writeln!(html, "<p class=\"limits\">{}</p>", code(address));
        }
        for flow in scheme.get("flows").map(Node::entries).into_iter().flatten() {
            let _ = write!(html, "<p class=\"limits\">{}", code(&flow.key));
            for (key, words) in [
                ("authorizationUrl", "authorize at"),
                ("tokenUrl", "token from"),
                ("refreshUrl", "refresh at"),
            ] {
                if let Some(address) = flow.node.get_text(key) {
                    let _ = write!(html, " <span>·</span> {words} {}", code(address));
                }
            }
            html.push_str("</p>\n");
            let scopes: Vec<_> = flow.node.get("scopes").map(Node::entries).into_iter().flatten().collect();
            if !scopes.is_empty() {
                html.push_str("<div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr><th>Scope</th><th>Allows</th></tr></thead><tbody>\n");
                for scope in scopes {
                    let said = scope.node.text().map(brief).unwrap_or_default();
                    let _ = writeln!(html, "<tr><td>{}</td><td>{said}</td></tr>", code(&scope.key));
                }
                html.push_str("</tbody></table></div>\n");
            }
        }
    }

    /// Limits that operations state, grouped by what they say.
    fn rate_limits(&self, groups: &[Group<'_>], html: &mut String) {
        let mut by_words: std::collections::BTreeMap<String, Vec<&super::Placed<'_>>> =
            std::collections::BTreeMap::new();
        for placed in groups.iter().flat_map(|group| &group.operations) {
            let node = placed.operation.at.node;
            if let Some(limit) = node.get("x-rate-limit").or_else(|| node.get("x-ratelimit")) {
                by_words.entry(text(&limit_words(limit))).or_default().push(placed);
            }
        }
        if by_words.is_empty() {
            return;
        }
        html.push_str("<h2 id=\"rate-limits\">Rate limits</h2>\n<p>Past a limit the answer is <code>429</code>; its <code>Retry-After</code> header says how many seconds to wait.</p>\n<dl class=\"fields\">\n");
        for (words, list) in by_words {
            let links: Vec<String> = list.iter().take(40).map(|placed| self.link(placed)).collect();
            let more = list.len().saturating_sub(links.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let _ = writeln!(html, "<div><dt>{words}</dt><dd>{}{more}</dd></div>", links.join(", "));
        }
        html.push_str("</dl>\n");
    }

    fn link(&self, placed: &super::Placed<'_>) -> String {
        format!(
            "<a href=\"{}\">{}</a>",
            attribute(&placed.address),
            text(&self.operation_title(&placed.operation))
        )
    }

    fn errors(&self, others: &[(&str, &str)], html: &mut String) {
        let media = super::catalogue::error_media(self.document);
        let Some((name, schema)) = media else { return };
        html.push_str("<h2 id=\"errors\">Errors</h2>\n<p>Errors are ");
        if name.contains("problem+json") {
            html.push_str("problem details (RFC 9457), ");
        }
        let _ = write!(html, "{}", code(&name));
        if let Some(schema) = schema {
            let to = self.schema_link(&schema);
            let _ = match to {
                Some(to) => write!(html, ", a <a href=\"{to}\">{}</a>", text(&schema)),
                None => write!(html, ", a {}", text(&schema)),
            };
        }
        html.push('.');
        if others.iter().any(|(_, address)| *address == "errors.html") {
            html.push_str(" <a href=\"errors.html\">All error codes</a> with what to do about each.");
        }
        html.push_str("</p>\n");
    }

    fn all_operations(&self, groups: &[Group<'_>], html: &mut String) {
        html.push_str("<h2 id=\"operations\">Operations</h2>\n");
        for group in groups {
            let _ =
                writeln!(html, "<h3><a href=\"{}\">{}</a></h3>", attribute(&group.file), text(&group.title));
            if let Some(said) = &group.description {
                let _ = writeln!(html, "<p>{}</p>", brief(said));
            }
            self.index(&group.operations[..group.operations.len().min(LISTED)], html);
            if group.operations.len() > LISTED {
                let more = group.operations.len() - LISTED;
                let _ = writeln!(html, "<p><a href=\"{}\">{more} more</a></p>", attribute(&group.file));
            }
        }
    }

    /// Method, path and title of operations.
    pub(super) fn index(&self, operations: &[super::Placed<'_>], html: &mut String) {
        html.push_str("<ul class=\"ops\">\n");
        for placed in operations {
            let operation = &placed.operation;
            let old = operation.at.node.get("deprecated").and_then(Node::bool) == Some(true);
            let _ = writeln!(
                html,
                "<li{}><a href=\"{}\"><b class=\"m {}\">{}</b><span>{}</span><code>{}</code></a></li>",
                if old { " class=\"gone\"" } else { "" },
                attribute(&placed.address),
                method_class(operation.method),
                text(&operation.method.to_uppercase()),
                text(&self.operation_title(operation)),
                text(operation.path)
            );
        }
        html.push_str("</ul>\n");
    }

    fn more(&self, others: &[(&str, &str)], html: &mut String) {
        if others.is_empty() {
            return;
        }
        html.push_str("<h2 id=\"more\">More</h2>\n<ul>\n");
        for (title, address) in others {
            let _ = writeln!(html, "<li><a href=\"{}\">{}</a></li>", attribute(address), text(title));
        }
        let external = self.document.root.get("externalDocs");
        if let Some((address, said)) =
            external.and_then(|docs| Some((docs.get_text("url")?, docs.get_text("description"))))
            && is_web(address)
        {
            let _ = writeln!(
                html,
                "<li><a href=\"{}\">{}</a></li>",
                attribute(address),
                text(said.unwrap_or(address))
            );
        }
        html.push_str("</ul>\n");
    }

    /// What goes away, contact and licence.
    fn versions(&self, groups: &[Group<'_>], html: &mut String) {
        let info = self.document.root.get("info");
        let old: Vec<&super::Placed<'_>> = groups
            .iter()
            .flat_map(|group| &group.operations)
            .filter(|placed| placed.operation.at.node.get("deprecated").and_then(Node::bool) == Some(true))
            .collect();
        html.push_str("<h2 id=\"versions\">Version and licence</h2>\n<ul>\n");
        let version = info.and_then(|info| info.get("version")).map(value).unwrap_or_default();
        let _ = writeln!(html, "<li>This is version {}.</li>", code(&version));
        if !old.is_empty() {
            let shown: Vec<String> = old.iter().take(40).map(|placed| self.link(placed)).collect();
            let more = old.len() - shown.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let _ = writeln!(html, "<li>Deprecated: {}{more}.</li>", shown.join(", "));
        }
        for (key, words) in [("license", "Licence"), ("contact", "Contact")] {
            let Some(node) = info.and_then(|info| info.get(key)) else { continue };
            let name = node
                .get_text("name")
                .or_else(|| node.get_text("identifier"))
                .or_else(|| node.get_text("email"));
            let name = text(name.or_else(|| node.get_text("url")).unwrap_or("see the document"));
            let address = node.get_text("url").filter(|url| is_web(url));
            let _ = match address {
                Some(address) => {
                    writeln!(html, "<li>{words}: <a href=\"{}\">{name}</a></li>", attribute(address))
                }
                None => writeln!(html, "<li>{words}: {name}</li>"),
            };
        }
        html.push_str("</ul>\n");
    }
}
