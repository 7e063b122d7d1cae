//! One operation: what it takes, what it answers, and how to call it.

use super::html::{attribute, block, brief, code, prose, text};
use super::samples::{LANGUAGES, Request};
use super::schema::{Fields, Found};
use super::words::method_class;
use super::{Origin, Writer};
use crate::base::UniqueNames;
use crate::openapi::example::{self, Way};
use crate::openapi::node::Node;
use crate::openapi::view::View;
use crate::openapi::{At, Belongs, Operation, Parameter, Response, media};
use std::fmt::Write as _;

/// A section of a page.
pub(super) struct Section {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its HTML.
    pub html: String,
    /// Its fields, for the search.
    pub found: Vec<Found>,
    /// What is searched beside the fields.
    pub text: String,
}

/// Characters of an example that a page shows; more is what the raw document is for.
const EXAMPLE: usize = 6_000;

/// Media types of one body that a page shows.
const MEDIA: usize = 30;

impl<'d> Writer<'d> {
    /// The section of an operation.
    pub(super) fn operation(&self, operation: &Operation<'d>, id: &str) -> Section {
        let node = operation.at.node;
        let title = self.operation_title(operation);
        let mut html = String::new();
        let mut found = Vec::new();
        let mut ids = UniqueNames::default();
        ids.take(id);
        let id_attribute = attribute(id);
        let _ = write!(
            html,
            "<section class=\"op\" id=\"{id_attribute}\">\n<h2>{}<a class=\"header\" href=\"#{id_attribute}\" aria-label=\"Link to this section\"></a></h2>\n",
            text(&title)
        );
        html.push_str("<div class=\"about\">\n");
        self.route(operation, &mut html);
        if let Some(said) = node.get_text("description").filter(|said| said.trim() != title) {
            prose(said, &mut html);
        }
        self.needs(operation, &mut html);
        self.parameters(operation, id, (&mut ids, &mut found), &mut html);
        self.body(operation, id, (&mut ids, &mut found), &mut html);
        self.responses(operation, id, (&mut ids, &mut found), &mut html);
        self.origin(&operation.at.pointer, &mut html);
        html.push_str("</div>\n");
        self.side(operation, &mut html);
        html.push_str("</section>\n");
        let mut searched = format!("{} {} ", operation.method, operation.path);
        if let Some(said) = node.get_text("description") {
            super::html::plain(said, &mut searched);
        }
        Section { id: id.to_owned(), title, html, found, text: searched }
    }

    /// What readers call an operation.
    pub(super) fn operation_title(&self, operation: &Operation<'_>) -> String {
        let said = operation.at.node.get_text("summary").map(str::trim).unwrap_or_default();
        let mut plain = String::new();
        super::html::plain(said, &mut plain);
        let words = without_route(plain.trim(), operation.method).trim_end_matches('.');
        match (words, operation.id()) {
            ("", Some(id)) => id.to_owned(),
            ("", None) => operation.name(),
            (words, _) => words.to_owned(),
        }
    }

    /// Method and path, marks.
    fn route(&self, operation: &Operation<'_>, html: &mut String) {
        let class = method_class(operation.method);
        let method = operation.method.to_uppercase();
        let path = match operation.belongs {
            Belongs::Path => path_parts(operation.path),
            _ => text(operation.path),
        };
        let _ = write!(
            html,
            "<p class=\"route\"><b class=\"m {class}\">{}</b> <code>{path}</code>",
            text(&method)
        );
        let node = operation.at.node;
        if node.get("deprecated").and_then(Node::bool) == Some(true) {
            let until = node
                .get_text("x-sunset")
                .map(|day| format!(", goes away on {}", text(day)))
                .unwrap_or_default();
            let _ = write!(html, " <b class=\"old\">deprecated{until}</b>");
        }
        if let Some(level) = node.get_text("x-stability-level").filter(|level| *level != "stable") {
            let _ = write!(html, " <b class=\"way\">{}</b>", text(level));
        }
        html.push_str("</p>\n");
    }

    /// Credentials, rate limit, and what was seen of the running service.
    fn needs(&self, operation: &Operation<'_>, html: &mut String) {
        let mut rows = Vec::new();
        if let Some(said) = operation.security(self.document) {
            let way = |node: &Node| -> String {
                let needs: Vec<String> =
                    node.entries().map(|entry| self.scheme(&entry.key, &entry.node)).collect();
                if needs.is_empty() { "no credentials".to_owned() } else { needs.join(" and ") }
            };
            let ways: Vec<String> = said.node.list().iter().map(way).collect();
            let ways = if ways.is_empty() { "no credentials".into() } else { ways.join(", or ") };
            rows.push(("Needs", ways));
        }
        if let Some(limit) =
            operation.at.node.get("x-rate-limit").or_else(|| operation.at.node.get("x-ratelimit"))
        {
            rows.push(("Rate limit", text(&super::overview::limit_words(limit))));
        }
        if let Some(seen) = self.probed.get(&operation.name()).filter(|_| operation.belongs == Belongs::Path)
        {
            rows.push(("Probed", text(seen)));
        }
        if rows.is_empty() {
            return;
        }
        html.push_str("<dl class=\"needs\">\n");
        for (name, value) in rows {
            let _ = writeln!(html, "<div><dt>{name}</dt><dd>{value}</dd></div>");
        }
        html.push_str("</dl>\n");
    }

    fn scheme(&self, name: &str, scopes: &Node) -> String {
        let id = attribute(&format!("auth-{}", super::html::slug(name)));
        let scopes: Vec<String> = scopes.list().iter().filter_map(Node::text).map(code).collect();
        let scopes = if scopes.is_empty() { String::new() } else { format!(" with {}", scopes.join(", ")) };
        format!("<a href=\"index.html#{id}\">{}</a>{scopes}", text(name))
    }

    fn parameters(
        &self,
        operation: &Operation<'_>,
        id: &str,
        (ids, found): (&mut UniqueNames, &mut Vec<Found>),
        html: &mut String,
    ) {
        let all = operation.parameters(self.document);
        for (location, title) in [
            ("path", "Path parameters"),
            ("query", "Query parameters"),
            ("querystring", "Query string"),
            ("header", "Header parameters"),
            ("cookie", "Cookie parameters"),
        ] {
            let list: Vec<&Parameter<'_>> = all.iter().filter(|one| one.location == location).collect();
            if list.is_empty() {
                continue;
            }
            let _ = write!(html, "<h3>{title}</h3>\n<dl class=\"fields\">\n");
            for parameter in list {
                self.parameter(parameter, &format!("{id}.{location}.{}", parameter.name), (ids, found), html);
            }
            html.push_str("</dl>\n");
        }
    }

    fn parameter(
        &self,
        parameter: &Parameter<'_>,
        name: &str,
        (ids, found): (&mut UniqueNames, &mut Vec<Found>),
        html: &mut String,
    ) {
        let node = parameter.at.node;
        let id = ids.take(&super::html::slug(name));
        let content = node.get("content").and_then(|content| content.entries().next());
        let schema = node.get("schema").or_else(|| content.and_then(|entry| entry.node.get("schema")));
        let link = |name: &str| self.schema_link(name);
        let kind =
            schema.map(|schema| super::words::kind(&self.document.root, schema, &link)).unwrap_or_default();
        let _ = write!(
            html,
            "<div id=\"{id}\"><dt><a class=\"f\" href=\"#{id}\"><code>{}</code></a> <span class=\"type\">{kind}</span>",
            text(parameter.name),
            id = attribute(&id),
        );
        if parameter.location == "path" || node.get("required").and_then(Node::bool) == Some(true) {
            html.push_str(" <b class=\"need\">required</b>");
        }
        if node.get("deprecated").and_then(Node::bool) == Some(true) {
            html.push_str(" <b class=\"old\">deprecated</b>");
        }
        html.push_str("</dt><dd>");
        let mut searched = String::new();
        let said =
            node.get_text("description").or_else(|| schema.and_then(|schema| schema.get_text("description")));
        if let Some(said) = said {
            prose(said, html);
            super::html::plain(said, &mut searched);
        }
        let style = written(
            parameter.location,
            node,
            schema.map(|schema| View::of(&self.document.root, schema).node),
        );
        if let Some(style) = style {
            let _ = writeln!(html, "<p class=\"limits\">{style}</p>");
        }
        found.push(Found { id: id.clone(), name: name.to_owned(), text: searched });
        if let Some(schema) = schema {
            let mut fields = Fields::new(&self.document.root, Some(Way::Sent), &link, ids, html, found);
            fields.parameter(schema, &id, node.get("example"));
        }
        html.push_str("</dd></div>\n");
    }

    fn body(
        &self,
        operation: &Operation<'_>,
        id: &str,
        (ids, found): (&mut UniqueNames, &mut Vec<Found>),
        html: &mut String,
    ) {
        let Some(body) = operation.body(self.document) else { return };
        let title = if operation.belongs == Belongs::Path { "Body" } else { "Payload" };
        let here = ids.take(&format!("{id}.body"));
        let required = body.node.get("required").and_then(Node::bool) == Some(true);
        let mark = if required { " <b class=\"need\">required</b>" } else { "" };
        let _ = writeln!(html, "<h3 id=\"{}\">{title}{mark}</h3>", attribute(&here));
        if let Some(said) = body.node.get_text("description") {
            prose(said, html);
        }
        let way = if operation.belongs == Belongs::Path { Way::Sent } else { Way::Received };
        self.content(&body, &here, way, (ids, found), html);
    }

    /// The media types of a body or response.
    fn content(
        &self,
        holder: &At<'_>,
        id: &str,
        way: Way,
        (ids, found): (&mut UniqueNames, &mut Vec<Found>),
        html: &mut String,
    ) {
        let link = |name: &str| self.schema_link(name);
        let all = media(self.document, holder);
        let mut shown: Vec<(&Node, Vec<&str>)> = Vec::new();
        for (entry, at) in all.iter().take(MEDIA) {
            let Some(schema) = at.node.get("schema").or_else(|| at.node.get("itemSchema")) else {
                let _ = writeln!(html, "<p class=\"media\">{}</p>", code(&entry.key));
                continue;
            };
            // The same schema as another media type is written once.
            match shown.iter_mut().find(|(known, _)| known.same(schema)) {
                Some((_, names)) => names.push(&entry.key),
                None => shown.push((schema, vec![&entry.key])),
            }
        }
        for (schema, names) in shown {
            let names: Vec<String> = names.into_iter().map(code).collect();
            let _ = writeln!(html, "<p class=\"media\">{}</p>", names.join(" "));
            let mut fields = Fields::new(&self.document.root, Some(way), &link, ids, html, found);
            fields.schema(schema, id);
        }
    }

    fn responses(
        &self,
        operation: &Operation<'d>,
        id: &str,
        (ids, found): (&mut UniqueNames, &mut Vec<Found>),
        html: &mut String,
    ) {
        let all = operation.responses(self.document);
        if all.is_empty() {
            return;
        }
        let mut told = Vec::new();
        let (good, bad): (Vec<&Response<'d>>, Vec<&Response<'d>>) = all
            .iter()
            .partition(|response| !matches!(response.status.as_bytes().first(), Some(b'4' | b'5' | b'd')));
        for response in good {
            let here = ids.take(&format!("{id}.{}", response.status));
            let _ = writeln!(
                html,
                "<h3 id=\"{}\"><b class=\"status ok\">{}</b> {}</h3>",
                attribute(&here),
                text(response.status),
                heading(response)
            );
            if let Some(said) = response.at.node.get_text("description").filter(|said| !fits(said)) {
                prose(said, html);
            }
            self.headers(response, &here, ids, &mut told, html);
            self.content(&response.at, &here, Way::Received, (ids, found), html);
        }
        if bad.is_empty() {
            return;
        }
        html.push_str("<h3>Errors</h3>\n<dl class=\"errors\">\n");
        for response in bad {
            let here = ids.take(&format!("{id}.{}", response.status));
            let _ = write!(
                html,
                "<div id=\"{}\"><dt><b class=\"status bad\">{}</b></dt><dd>",
                attribute(&here),
                text(response.status)
            );
            if let Some(said) = response.at.node.get_text("description") {
                let _ = write!(html, "<div>{}</div>", brief(said));
            }
            self.error(response, &here, (ids, found), html);
            self.headers(response, &here, ids, &mut told, html);
            html.push_str("</dd></div>\n");
        }
        html.push_str("</dl>\n");
    }

    /// An error's body: a shared schema by name, another one in place; and the codes it can hold.
    fn error(
        &self,
        response: &Response<'_>,
        id: &str,
        (ids, found): (&mut UniqueNames, &mut Vec<Found>),
        html: &mut String,
    ) {
        let link = |name: &str| self.schema_link(name);
        for (entry, at) in media(self.document, &response.at) {
            let Some(schema) = at.node.get("schema") else { continue };
            let kind = super::words::kind(&self.document.root, schema, &link);
            let _ = writeln!(html, "<p class=\"type\">{kind} <small>{}</small></p>", text(&entry.key));
            if View::of(&self.document.root, schema).component.is_none() {
                let mut fields =
                    Fields::new(&self.document.root, Some(Way::Received), &link, ids, html, found);
                fields.left = 40;
                fields.error(schema, id);
            }
        }
        let codes = super::catalogue::codes_of(self.document, &response.at);
        let known: Vec<String> = codes.iter().filter_map(|code| self.code_link(code)).collect();
        if !known.is_empty() {
            let _ = writeln!(html, "<p class=\"values\">Codes: {}</p>", known.join(" "));
        }
    }

    /// The headers of an answer. One that an answer before it has, too, is only named.
    fn headers(
        &self,
        response: &Response<'d>,
        id: &str,
        ids: &mut UniqueNames,
        told: &mut Vec<(&'d str, &'d Node, String)>,
        html: &mut String,
    ) {
        let Some(headers) = response.at.get("headers") else { return };
        let (mut known, mut new) = (Vec::new(), Vec::new());
        for (entry, at) in headers.entries() {
            let header = self.document.resolve(at);
            let here = ids.take(&super::html::slug(&format!("{id}.{}", entry.key)));
            let first = told.iter().find(|(name, node, _)| *name == &*entry.key && node.same(header.node));
            match first {
                Some((_, _, first)) => known.push((entry, here, first.clone())),
                None => new.push((entry, here, header)),
            }
        }
        if !known.is_empty() {
            let link = |(entry, here, first): &(&crate::openapi::node::Entry, String, String)| {
                let (here, first) = (attribute(here), attribute(first));
                format!(
                    "<a class=\"f\" id=\"{here}\" href=\"#{first}\"><code>{}</code></a>",
                    text(&entry.key)
                )
            };
            let links: Vec<String> = known.iter().map(link).collect();
            let _ = writeln!(html, "<p class=\"values\">Headers: {}</p>", links.join(" "));
        }
        if new.is_empty() {
            return;
        }
        html.push_str("<dl class=\"fields headers\">\n");
        for (entry, here, header) in new {
            told.push((&*entry.key, header.node, here.clone()));
            let link = |name: &str| self.schema_link(name);
            let kind = header
                .node
                .get("schema")
                .map(|schema| super::words::kind(&self.document.root, schema, &link));
            let _ = write!(
                html,
                "<div id=\"{id}\"><dt><a class=\"f\" href=\"#{id}\"><code>{}</code></a> <span class=\"type\">header, {}</span></dt><dd>",
                text(&entry.key),
                kind.unwrap_or_else(|| "text".into()),
                id = attribute(&here),
            );
            if let Some(said) = header.node.get_text("description") {
                prose(said, html);
            }
            html.push_str("</dd></div>\n");
        }
        html.push_str("</dl>\n");
    }

    /// The line of the source that says all this.
    pub(super) fn origin(&self, pointer: &str, html: &mut String) {
        let Some(Origin { name, address }) =
            self.document.place(pointer).and_then(|place| (self.source)(place))
        else {
            return;
        };
        let _ = match address {
            Some(address) => {
                writeln!(
                    html,
                    "<p class=\"origin\">Source: <a href=\"{}\"><code>{}</code></a></p>",
                    attribute(&address),
                    text(&name)
                )
            }
            None => writeln!(html, "<p class=\"origin\">Source: {}</p>", code(&name)),
        };
    }

    /// Samples and examples.
    fn side(&self, operation: &Operation<'_>, html: &mut String) {
        html.push_str("<div class=\"side\">\n");
        if operation.belongs == Belongs::Path {
            let request = Request::of(self.document, operation);
            html.push_str("<div class=\"sample\"><p class=\"langs\">");
            for (number, (label, _)) in LANGUAGES.iter().enumerate() {
                let _ = write!(html, "<label class=\"t{number}\" for=\"lang-{number}\">{label}</label>");
            }
            html.push_str("</p>\n");
            for (number, (_, language)) in LANGUAGES.iter().enumerate() {
                let _ = write!(html, "<div class=\"l{number}\">");
                block(language, &request.write(number), html);
                html.push_str("</div>\n");
            }
            html.push_str("</div>\n");
        }
        let way = if operation.belongs == Belongs::Path { Way::Sent } else { Way::Received };
        if let Some(body) = operation.body(self.document) {
            let named = operation.belongs != Belongs::Path;
            self.example(&body, way, "Body", named, html);
        }
        let responses = operation.responses(self.document);
        let first = responses.iter().find(|response| response.status.starts_with('2')).or(responses.first());
        for response in responses.iter().filter(|response| {
            let told = media(self.document, &response.at)
                .iter()
                .any(|(_, at)| at.node.get("example").is_some() || at.node.get("examples").is_some());
            told || first.is_some_and(|first| first.status == response.status)
        }) {
            self.example(&response.at, Way::Received, response.status, true, html);
        }
        html.push_str("</div>\n");
    }

    /// Examples of a body. Of a request's, only those beyond the first, which the samples show.
    fn example(&self, holder: &At<'_>, way: Way, title: &str, with_first: bool, html: &mut String) {
        let Some((entry, at)) = media(self.document, holder).into_iter().next() else { return };
        let examples = example::examples(self.document, at.node, way);
        let from = usize::from(!with_first);
        for (number, example) in examples.iter().enumerate().skip(from) {
            let made = if example.made { " <small>made from the schema</small>" } else { "" };
            let own = example.title.as_ref().map(|title| format!(" {}", text(title))).unwrap_or_default();
            let is_error = title.starts_with(['4', '5']);
            let open = if number == from && with_first && !is_error { " open" } else { "" };
            let class = match title.as_bytes().first() {
                Some(b'2') => " class=\"ok\"",
                _ if is_error => " class=\"bad\"",
                _ => "",
            };
            let _ = writeln!(
                html,
                "<details class=\"example\"{open}><summary><b{class}>{}</b>{own}{made}</summary>",
                text(title)
            );
            let is_text = example.value.text().filter(|_| !entry.key.contains("json"));
            let (language, mut value) = match is_text {
                Some(text) => ("text", text.to_owned()),
                None => ("json", example.value.to_json()),
            };
            if value.len() > EXAMPLE {
                let cut = (0..=EXAMPLE).rev().find(|at| value.is_char_boundary(*at)).unwrap_or(0);
                value.truncate(cut);
                value.push_str("\n…");
            }
            block(language, &value, html);
            html.push_str("</details>\n");
        }
    }
}

impl<'d> Fields<'_, 'd> {
    /// What a parameter's schema says, and its fields if it has any.
    pub(super) fn parameter(&mut self, schema: &'d Node, id: &str, example: Option<&Node>) {
        if let Some(example) = example {
            let _ = writeln!(
                self.out,
                "<p class=\"limits\">for example {}</p>",
                code(&super::words::value(example))
            );
        }
        self.below(schema, id, example.is_none());
    }

    /// An error's own schema.
    fn error(&mut self, schema: &'d Node, id: &str) {
        self.below(schema, id, false);
    }
}

/// A summary without the method and path that some begin with, which stand beside it anyway: `GET /a/b - List`.
fn without_route<'t>(said: &'t str, method: &str) -> &'t str {
    let rest = said
        .get(..method.len())
        .filter(|start| start.eq_ignore_ascii_case(method))
        .map(|_| &said[method.len()..]);
    let Some(path) = rest.map(str::trim_start).filter(|rest| rest.starts_with('/')) else { return said };
    let after = path.split_once(char::is_whitespace).map_or("", |(_, after)| after);
    let words = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':'));
    if words.is_empty() { said } else { words }
}

/// Whether a description fits a heading.
fn fits(said: &str) -> bool {
    said.len() <= 60 && !said.contains('\n')
}

fn heading(response: &Response<'_>) -> String {
    let said = response.at.node.get_text("summary").or_else(|| response.at.node.get_text("description"));
    said.filter(|said| fits(said)).map_or_else(|| "Response".into(), brief)
}

/// A path whose parameters stand out.
fn path_parts(path: &str) -> String {
    let mut out = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let _ = write!(out, "{}<i>{{{}}}</i>", text(before), text(name));
        rest = after;
    }
    out.push_str(&text(rest));
    // A long path may break after each part.
    out.replace('/', "/<wbr>").replace("</<wbr>i>", "</i>")
}

/// How a list or object is written in an address, where that is not plain.
fn written(location: &str, parameter: &Node, schema: Option<&Node>) -> Option<String> {
    let kind = crate::openapi::view::types(schema?);
    let default = if matches!(location, "query" | "cookie") { "form" } else { "simple" };
    let style = parameter.get_text("style").unwrap_or(default);
    let explode = parameter.get("explode").and_then(Node::bool).unwrap_or(style == "form");
    let media = parameter.get("content").and_then(|content| content.entries().next());
    if let Some(media) = media {
        return Some(format!("written as {}", text(&media.key)));
    }
    let words = match (kind.as_slice(), style, explode) {
        (["array"], "form", true) => "given once for each item",
        (["array"], "form" | "simple", _) => "items separated by commas",
        (["array"], "pipeDelimited", _) => "items separated by <code>|</code>",
        (["array"], "spaceDelimited", _) => "items separated by blanks",
        (["object"], "form", true) => "each field is a parameter of its own",
        (["object"], "deepObject", _) => "written as <code>name[field]=value</code>",
        (["object"], ..) => "names and values separated by commas",
        _ => return None,
    };
    Some(words.to_owned())
}
