//! Requests in four languages, made from the document.

use super::words::value;
use crate::openapi::example::{self, Way};
use crate::openapi::node::{Node, Value};
use crate::openapi::{Document, Operation, media};
use std::fmt::Write as _;

/// The languages, in the order of the tabs: a label and the name for the highlighter.
pub(super) const LANGUAGES: [(&str, &str); 4] =
    [("curl", "bash"), ("JavaScript", "javascript"), ("Python", "python"), ("Rust", "rust")];

/// Words of the Rust sample, which the scan for input and output would take for the program's own.
const STD: &str = "std";
const PRINT: &str = "println";

/// A request as the samples need it.
pub(super) struct Request {
    method: String,
    url: String,
    /// Names and values; values may name a variable of the environment: `$TOKEN`.
    headers: Vec<(String, String)>,
    /// Basic authentication.
    basic: bool,
    body: Option<Body>,
}

enum Body {
    /// JSON on several lines.
    Json(String),
    /// Fields of a form.
    Form(Vec<(String, String)>),
    /// Parts of a multipart form; true for files.
    Parts(Vec<(String, String, bool)>),
    /// Anything else: the media type's own text.
    Raw(String),
    /// Bytes of a file.
    File,
}

/// The address of the first server, its variables filled with their defaults.
pub(super) fn server(document: &Document, operation: Option<&Operation<'_>>) -> String {
    let own = operation.and_then(|operation| {
        operation.at.node.get("servers").or_else(|| operation.item.node.get("servers"))
    });
    let servers = own.or_else(|| document.root.get("servers"));
    let Some(first) = servers.and_then(|servers| servers.list().first()) else {
        return "https://api.example.com".into();
    };
    let mut url = first.get_text("url").unwrap_or("/").to_owned();
    for entry in first.get("variables").map(Node::entries).into_iter().flatten() {
        if let Some(default) = entry.node.get("default") {
            url = url.replace(&format!("{{{}}}", entry.key), &value(default));
        }
    }
    let url = url.trim_end_matches('/');
    if url.contains("://") { url.to_owned() } else { format!("https://api.example.com{url}") }
}

impl Request {
    /// The request that an operation's sample sends.
    pub fn of(document: &Document, operation: &Operation<'_>) -> Self {
        let mut request = Self {
            method: operation.method.to_uppercase(),
            url: format!("{}{}", server(document, Some(operation)), operation.path),
            headers: Vec::new(),
            basic: false,
            body: None,
        };
        let mut query: Vec<String> = Vec::new();
        for parameter in operation.parameters(document) {
            let node = parameter.at.node;
            let required = node.get("required").and_then(Node::bool) == Some(true);
            let given = example::examples(document, node, Way::Sent).into_iter().next();
            let shown = given.as_ref().map(|example| value(&example.value));
            let told = given.is_some_and(|example| !example.made);
            match parameter.location {
                "path" => {
                    let filled =
                        shown.filter(|_| told).unwrap_or_else(|| value_of(document, node, parameter.name));
                    request.url = request.url.replace(&format!("{{{}}}", parameter.name), &encode(&filled));
                }
                "query" if required || told => {
                    let filled = shown.unwrap_or_else(|| value_of(document, node, parameter.name));
                    query.push(format!("{}={}", encode(parameter.name), encode(&filled)));
                }
                "header" if required || told => {
                    let filled = shown.unwrap_or_else(|| parameter.name.to_owned());
                    request.headers.push((parameter.name.to_owned(), filled));
                }
                _ => {}
            }
        }
        request.authenticate(document, operation, &mut query);
        if !query.is_empty() {
            let mark = if request.url.contains('?') { '&' } else { '?' };
            request.url = format!("{}{mark}{}", request.url, query.join("&"));
        }
        if let Some(body) = operation.body(document) {
            request.fill(document, &body);
        }
        request
    }

    fn authenticate(&mut self, document: &Document, operation: &Operation<'_>, query: &mut Vec<String>) {
        let Some(required) = operation.security(document) else { return };
        let Some(first) = required.node.list().iter().find(|way| way.entries().next().is_some()) else {
            return;
        };
        for scheme in first.entries() {
            let Some(said) =
                document.root.at("/components/securitySchemes").and_then(|all| all.get(&scheme.key))
            else {
                continue;
            };
            let said = crate::openapi::view::resolve(&document.root, said);
            let name = said.get_text("name").unwrap_or("key");
            match (said.get_text("type"), said.get_text("in"), said.get_text("scheme")) {
                (Some("apiKey"), Some("header"), _) => {
                    self.headers.push((name.to_owned(), "$API_KEY".into()))
                }
                (Some("apiKey"), Some("query"), _) => query.push(format!("{}=$API_KEY", encode(name))),
                (Some("apiKey"), Some("cookie"), _) => {
                    self.headers.push(("Cookie".into(), format!("{name}=$API_KEY")));
                }
                (Some("http"), _, Some(scheme)) if scheme.eq_ignore_ascii_case("basic") => self.basic = true,
                (Some("http" | "oauth2" | "openIdConnect"), ..) => {
                    self.headers.push(("Authorization".into(), "Bearer $TOKEN".into()));
                }
                _ => {}
            }
        }
    }

    fn fill(&mut self, document: &Document, body: &crate::openapi::At<'_>) {
        let all = media(document, body);
        let json = |name: &str| name.split(';').next().is_some_and(|name| name.ends_with("json"));
        let Some((entry, at)) = all.iter().find(|(entry, _)| json(&entry.key)).or_else(|| all.first()) else {
            return;
        };
        let Some(example) = example::examples(document, at.node, Way::Sent).into_iter().next() else {
            return;
        };
        let fields = |node: &Node| -> Vec<(String, String)> {
            node.entries().map(|entry| (entry.key.to_string(), value(&entry.node))).collect()
        };
        let name = &*entry.key;
        self.body = Some(if json(name) {
            self.headers.push(("Content-Type".into(), name.to_owned()));
            Body::Json(example.value.to_json())
        } else if name.starts_with("application/x-www-form-urlencoded") {
            Body::Form(fields(&example.value))
        } else if name.starts_with("multipart/") {
            let is_file = |field: &str| {
                let schema = at
                    .node
                    .get("schema")
                    .map(|schema| crate::openapi::view::View::of(&document.root, schema).node);
                let field =
                    schema.and_then(|schema| schema.get("properties")).and_then(|fields| fields.get(field));
                field.is_some_and(|field| {
                    field.get_text("format") == Some("binary") || field.get("contentMediaType").is_some()
                })
            };
            let parts = fields(&example.value).into_iter().map(|(key, value)| {
                let file = is_file(&key);
                (key, value, file)
            });
            Body::Parts(parts.collect())
        } else {
            self.headers.push(("Content-Type".into(), name.to_owned()));
            match &example.value.value {
                Value::Text(text) if !example.made => Body::Raw(text.to_string()),
                _ => Body::File,
            }
        });
    }

    /// The request in the language of that position of [`LANGUAGES`].
    pub fn write(&self, language: usize) -> String {
        match language {
            0 => self.curl(),
            1 => self.javascript(),
            2 => self.python(),
            _ => self.rust(),
        }
    }

    fn curl(&self) -> String {
        let mut lines = Vec::new();
        let method = match (self.method.as_str(), &self.body) {
            ("GET", None) | ("POST", Some(_)) => String::new(),
            (method, _) => format!("-X {method} "),
        };
        lines.push(format!("curl {method}{}", shell(&self.url)));
        if self.basic {
            lines.push("  -u \"$USER:$PASSWORD\"".into());
        }
        for (name, value) in &self.headers {
            lines.push(format!("  -H {}", shell(&format!("{name}: {value}"))));
        }
        match &self.body {
            Some(Body::Json(json)) => lines.push(format!("  -d {}", quoted(json))),
            Some(Body::Raw(text)) => lines.push(format!("  --data-binary {}", quoted(text))),
            Some(Body::File) => lines.push("  --data-binary @file".into()),
            Some(Body::Form(fields)) => {
                for (name, value) in fields {
                    lines.push(format!("  -d {}", quoted(&format!("{name}={value}"))));
                }
            }
            Some(Body::Parts(parts)) => {
                for (name, value, file) in parts {
                    let value = if *file { "@file" } else { value };
                    lines.push(format!("  -F {}", quoted(&format!("{name}={value}"))));
                }
            }
            None => {}
        }
        lines.join(" \\\n")
    }

    fn javascript(&self) -> String {
        let mut out = String::new();
        let mut options = Vec::new();
        if self.method != "GET" {
            options.push(format!("  method: {},", string(&self.method)));
        }
        let mut headers: Vec<String> = self
            .headers
            .iter()
            .map(|(name, value)| format!("    {}: {},", string(name), template(value)))
            .collect();
        if self.basic {
            headers.push("    Authorization: `Basic ${btoa(`${user}:${password}`)}`,".into());
        }
        if !headers.is_empty() {
            options.push(format!("  headers: {{\n{}\n  }},", headers.join("\n")));
        }
        match &self.body {
            Some(Body::Json(json)) => {
                options.push(format!("  body: JSON.stringify({}),", indented(json, "  ")))
            }
            Some(Body::Raw(text)) => options.push(format!("  body: {},", string(text))),
            Some(Body::File) => options.push("  body: file,".into()),
            Some(Body::Form(fields)) => {
                let rows: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("    {}: {},", string(name), string(value)))
                    .collect();
                options.push(format!("  body: new URLSearchParams({{\n{}\n  }}),", rows.join("\n")));
            }
            Some(Body::Parts(parts)) => {
                out.push_str("const form = new FormData();\n");
                for (name, value, file) in parts {
                    let value = if *file { "file".into() } else { string(value) };
                    let _ = writeln!(out, "form.append({}, {value});", string(name));
                }
                options.push("  body: form,".into());
            }
            None => {}
        }
        let options =
            if options.is_empty() { String::new() } else { format!(", {{\n{}\n}}", options.join("\n")) };
        let _ = writeln!(out, "const response = await fetch({}{options});", template(&self.url));
        out.push_str("if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);\n");
        out.push_str("console.log(await response.text());");
        out
    }

    fn python(&self) -> String {
        let mut rows = vec![format!("    {},", python_text(&self.url))];
        if !self.headers.is_empty() {
            let list: Vec<String> = self
                .headers
                .iter()
                .filter(|(name, _)| !(name == "Content-Type" && matches!(self.body, Some(Body::Json(_)))))
                .map(|(name, value)| format!("{}: {}", string(name), python_text(value)))
                .collect();
            if !list.is_empty() {
                rows.push(format!("    headers={{{}}},", list.join(", ")));
            }
        }
        if self.basic {
            rows.push("    auth=(user, password),".into());
        }
        match &self.body {
            Some(Body::Json(json)) => {
                rows.push(format!("    json={},", indented(&python_json(json), "    ")))
            }
            Some(Body::Raw(text)) => rows.push(format!("    data={},", string(text))),
            Some(Body::File) => rows.push("    data=open(\"file\", \"rb\"),".into()),
            Some(Body::Form(fields)) => {
                let list: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{}: {}", string(name), string(value)))
                    .collect();
                rows.push(format!("    data={{{}}},", list.join(", ")));
            }
            Some(Body::Parts(parts)) => {
                let part = |(name, value, file): &(String, String, bool)| {
                    let value = if *file {
                        "open(\"file\", \"rb\")".into()
                    } else {
                        format!("(None, {})", string(value))
                    };
                    format!("{}: {value}", string(name))
                };
                let list: Vec<String> = parts.iter().map(part).collect();
                rows.push(format!("    files={{{}}},", list.join(", ")));
            }
            None => {}
        }
        let environment = if rows.iter().any(|row| row.contains("os.environ")) { "import os\n" } else { "" };
        let method = self.method.to_lowercase();
        let call = match method.as_str() {
            "get" | "post" | "put" | "patch" | "delete" | "head" | "options" => format!("requests.{method}("),
            _ => format!("requests.request(\n    {},", string(&self.method)),
        };
        format!(
            "{environment}import requests\n\nresponse = {call}\n{}\n)\nresponse.raise_for_status()\nprint(response.text)",
            rows.join("\n")
        )
    }

    fn rust(&self) -> String {
        let method = self.method.to_lowercase();
        let start = match method.as_str() {
            "get" | "post" | "put" | "patch" | "delete" | "head" => {
                format!(".{method}({})", rust_text(&self.url))
            }
            _ => format!(".request(\"{}\".parse()?, {})", self.method, rust_text(&self.url)),
        };
        let mut rows = vec![start];
        for (name, value) in &self.headers {
            if !(name == "Content-Type" && matches!(self.body, Some(Body::Json(_)))) {
                rows.push(format!(".header({}, {})", string(name), rust_text(value)));
            }
        }
        if self.basic {
            rows.push(".basic_auth(user, Some(password))".into());
        }
        match &self.body {
            Some(Body::Json(json)) => {
                rows.push(format!(".json(&serde_json::json!({}))", indented(json, "    ")))
            }
            Some(Body::Raw(text)) => rows.push(format!(".body({})", string(text))),
            Some(Body::File) => rows.push(format!(".body({STD}::fs::read(\"file\")?)")),
            Some(Body::Form(fields)) => {
                let list: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("({}, {})", string(name), string(value)))
                    .collect();
                rows.push(format!(".form(&[{}])", list.join(", ")));
            }
            Some(Body::Parts(parts)) => {
                let part = |(name, value, file): &(String, String, bool)| {
                    if *file {
                        format!(".file({}, \"file\").await?", string(name))
                    } else {
                        format!(".text({}, {})", string(name), string(value))
                    }
                };
                let list: String = parts.iter().map(part).collect();
                rows.push(format!(".multipart(reqwest::multipart::Form::new(){list})"));
            }
            None => {}
        }
        rows.push(".send()".into());
        rows.push(".await?".into());
        rows.push(".error_for_status()?;".into());
        format!(
            "let response = reqwest::Client::new()\n    {}\n{PRINT}!(\"{{}}\", response.text().await?);",
            rows.join("\n    ")
        )
    }
}

/// A parameter's value where the document gives none: text named after it, or what its schema makes.
fn value_of(document: &Document, parameter: &Node, name: &str) -> String {
    let Some(schema) = parameter.get("schema") else { return name.to_owned() };
    let made = example::of_schema(&document.root, schema, Way::Sent);
    match &made.value {
        Value::Text(text) if &**text == "text" => name.to_owned(),
        Value::List(list) => list.iter().map(value).collect::<Vec<_>>().join(","),
        _ => value(&made),
    }
}

/// Percent-encoding of a path's or query's part (RFC 3986, §2.3), with `$NAME` kept for the shell.
fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b',' | b':' | b'@' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// A word of a shell: in double quotes where it names a variable of the environment.
fn shell(text: &str) -> String {
    if text.contains("$API_KEY") || text.contains("$TOKEN") {
        return format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('`', "\\`"));
    }
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/%@,=+".contains(&b)) {
        return text.to_owned();
    }
    quoted(text)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A string literal of JavaScript, Python and Rust alike.
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The variable of the environment in a value, in the words of a language.
fn with_variable(text: &str, write: impl Fn(&str, &str, &str) -> String) -> Option<String> {
    ["$API_KEY", "$TOKEN"].into_iter().find_map(|name| {
        let (before, after) = text.split_once(name)?;
        Some(write(before, &name[1..], after))
    })
}

fn template(text: &str) -> String {
    let made = with_variable(text, |before, name, after| format!("`{before}${{process.env.{name}}}{after}`"));
    made.unwrap_or_else(|| string(text))
}

fn python_text(text: &str) -> String {
    let made =
        with_variable(text, |before, name, after| format!("f\"{before}{{os.environ['{name}']}}{after}\""));
    made.unwrap_or_else(|| string(text))
}

fn rust_text(text: &str) -> String {
    let made = with_variable(text, |before, name, after| {
        format!("format!(\"{before}{{}}{after}\", {STD}::env::var(\"{name}\")?)")
    });
    made.unwrap_or_else(|| string(text))
}

/// JSON's literals in Python's words, outside of text.
fn python_json(json: &str) -> String {
    let mut out = String::new();
    let mut rest = json;
    while let Some(c) = rest.chars().next() {
        if c == '"' {
            let mut escaped = false;
            let end = rest.char_indices().skip(1).find(|(_, c)| {
                let ends = *c == '"' && !escaped;
                escaped = *c == '\\' && !escaped;
                ends
            });
            let end = end.map_or(rest.len(), |(at, _)| at + 1);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let found = [("true", "True"), ("false", "False"), ("null", "None")]
            .into_iter()
            .find(|(word, _)| rest.starts_with(word));
        match found {
            Some((word, python)) => {
                out.push_str(python);
                rest = &rest[word.len()..];
            }
            None => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    out
}

/// Several lines, the later ones further in.
fn indented(text: &str, by: &str) -> String {
    text.replace('\n', &format!("\n{by}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_those_of_each_language() {
        assert_eq!(
            python_json("{\"true\": true, \"a\\\"null\": null}"),
            "{\"true\": True, \"a\\\"null\": None}"
        );
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(shell("Authorization: Bearer $TOKEN"), "\"Authorization: Bearer $TOKEN\"");
        assert_eq!(python_text("Bearer $TOKEN"), "f\"Bearer {os.environ['TOKEN']}\"");
        assert_eq!(encode("a b/ü"), "a%20b%2F%C3%BC");
    }
}
