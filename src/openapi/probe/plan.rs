//! Which requests a document asks for: each documented example, and each way to break what it states.

use super::Sending;
use super::wrong::{self, Wrong};
use crate::diag::Place;
use crate::openapi::example::{self, Way};
use crate::openapi::node::{Node, Value};
use crate::openapi::view::{View, resolve};
use crate::openapi::{At, Document, Operation, Parameter, Validator, media};
use data_encoding::BASE64;
use std::collections::BTreeMap;

/// What the user gives beside the document.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Secrets by the name of their security scheme.
    pub secrets: BTreeMap<String, String>,
    /// The same of a caller that may do less.
    pub weak: BTreeMap<String, String>,
    /// Headers of every request.
    pub headers: Vec<(String, String)>,
    /// Whether requests are sent that can change something.
    pub writes: bool,
    /// Ids of the operations that are probed; all if there are none.
    pub only: Vec<String>,
}

/// Why a request is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The documented example must be answered as documented.
    Example {
        /// Whether a value was made from the schema because no example is documented.
        made: bool,
    },
    /// Without credentials it must be refused.
    Anonymous,
    /// A caller that may do less asks for the documented example.
    Weak,
    /// The documented example is sent a second time.
    Again,
    /// It asks for something that is not there.
    Missing,
    /// It breaks something that the document states, and must be refused.
    Wrong {
        /// The keyword of the schema.
        keyword: &'static str,
        /// Where the document states it.
        rule: Place,
    },
    /// Its body is no JSON.
    Malformed,
    /// Its body has a media type that is not documented.
    MediaType,
    /// Its body is padded with blanks.
    TooLarge,
}

/// One request, and why.
#[derive(Clone, Debug)]
pub struct Case<'d> {
    /// Whose it is.
    pub operation: Operation<'d>,
    /// Why it is sent.
    pub purpose: Purpose,
    /// What is special about it, a few words.
    pub title: String,
    /// What is sent.
    pub sending: Sending,
}

/// An operation that is not probed.
#[derive(Clone, Debug)]
pub struct Skipped {
    /// `DELETE /pets/{id}`.
    pub operation: String,
    /// Where it is.
    pub place: Place,
    /// Why not.
    pub reason: String,
}

/// All requests, in the order to send them: what writes before what reads before what removes.
#[derive(Clone, Debug, Default)]
pub struct Plan<'d> {
    /// The requests.
    pub cases: Vec<Case<'d>>,
    /// What is left out.
    pub skipped: Vec<Skipped>,
}

/// Requests that break something, of one operation: more tell nobody more.
const MOST_WRONG: usize = 40;

/// Bytes of a body that is meant to be too large: twice of what services that state a limit take most often.
const LARGE: usize = 4 << 20;

/// Reads the requests off a document.
pub fn plan<'d>(document: &'d Document, given: &Given) -> Plan<'d> {
    let mut out = Plan::default();
    let validator = Validator::new(document);
    let wanted = |operation: &Operation<'_>| {
        given.only.is_empty() || operation.id().is_some_and(|id| given.only.iter().any(|only| only == id))
    };
    let mut operations: Vec<Operation<'d>> = document.operations().into_iter().filter(wanted).collect();
    let rank = |operation: &Operation<'_>| match operation.method {
        "post" => 0,
        "put" => 1,
        "patch" => 2,
        "delete" => 4,
        _ => 3,
    };
    operations.sort_by_key(rank);
    for operation in operations {
        let safe = matches!(operation.method, "get" | "head" | "options" | "query" | "trace");
        if safe || given.writes {
            Planner { document, validator: &validator, given, operation }.plan(&mut out);
        } else {
            out.skip(&operation, "it can change something, and writes were not asked for".into());
        }
    }
    out
}

impl Plan<'_> {
    fn skip(&mut self, operation: &Operation<'_>, reason: String) {
        self.skipped.push(Skipped { operation: operation.name(), place: operation.place.clone(), reason });
    }
}

struct Planner<'p, 'd> {
    document: &'d Document,
    validator: &'p Validator<'d>,
    given: &'p Given,
    operation: Operation<'d>,
}

/// A request before it is written.
#[derive(Clone)]
struct Draft<'d> {
    values: Vec<(Parameter<'d>, Node)>,
    body: Option<Content<'d>>,
    made: bool,
}

#[derive(Clone)]
struct Content<'d> {
    media: String,
    value: Node,
    schema: Option<&'d Node>,
}

/// What an operation wants to know of its caller.
enum Access {
    /// Nothing.
    Open,
    /// These headers, query pairs and cookies.
    Known(Vec<(&'static str, String, String)>),
    /// Credentials that the user did not give.
    Lacking(String),
}

impl<'d> Planner<'_, 'd> {
    fn plan(&self, out: &mut Plan<'d>) {
        let drafts = self.drafts();
        let Some((_, first)) = drafts.first() else { return };
        let (access, secured) = self.access(&self.given.secrets);
        if secured {
            self.push(out, Purpose::Anonymous, "without credentials", first, &[]);
            if let (Access::Known(weak), _) = self.access(&self.given.weak) {
                self.push(out, Purpose::Weak, "with weaker credentials", first, &weak);
            }
        }
        let access = match access {
            Access::Open => Vec::new(),
            Access::Known(known) => known,
            Access::Lacking(reason) => return out.skip(&self.operation, reason),
        };
        for (title, draft) in &drafts {
            self.push(out, Purpose::Example { made: draft.made }, title, draft, &access);
        }
        // A second time something is there that was not before: 409, or 200 after 201.
        let several = self.says("409") || self.says("200") && self.says("201");
        if several && matches!(self.operation.method, "post" | "put") {
            self.push(out, Purpose::Again, "the documented example again", first, &access);
        }
        if let Some(draft) = self.missing(first) {
            self.push(out, Purpose::Missing, "something that is not there", &draft, &access);
        }
        for (wrong, draft) in self.wrong(first) {
            let Wrong { keyword, rule, what, .. } = wrong;
            self.push(out, Purpose::Wrong { keyword, rule }, &what, &draft, &access);
        }
        self.bodies(out, first, &access);
        // What an example removes must still be there for the requests that are refused.
        if self.operation.method == "delete" {
            let from =
                out.cases.iter().rposition(|case| case.operation.at.pointer != self.operation.at.pointer);
            let own = &mut out.cases[from.map_or(0, |at| at + 1)..];
            own.sort_by_key(|case| matches!(case.purpose, Purpose::Example { .. }));
        }
    }

    fn push(
        &self,
        out: &mut Plan<'d>,
        purpose: Purpose,
        title: &str,
        draft: &Draft<'d>,
        access: &[(&'static str, String, String)],
    ) {
        let sending = draft.write(&self.operation, &self.given.headers, access);
        out.cases.push(Case { operation: self.operation.clone(), purpose, title: title.to_owned(), sending });
    }

    /// The documented examples: one of each parameter together, then each further one in its place.
    fn drafts(&self) -> Vec<(String, Draft<'d>)> {
        let mut first = Draft { values: Vec::new(), body: None, made: false };
        let mut others: Vec<(String, Parameter<'d>, Node)> = Vec::new();
        for parameter in self.operation.parameters(self.document) {
            if parameter.location == "header" && is_reserved(parameter.name) {
                continue;
            }
            let required = parameter.at.node.get("required").and_then(Node::bool) == Some(true);
            let mut examples = example::examples(self.document, parameter.at.node, Way::Sent).into_iter();
            let Some(given) = examples.next().filter(|example| required || !example.made) else { continue };
            first.made |= given.made;
            others.extend(
                examples
                    .map(|example| (named(parameter.name, example.title), parameter.clone(), example.value)),
            );
            first.values.push((parameter, given.value));
        }
        let mut out = Vec::new();
        for (title, body, made) in self.contents() {
            let made = first.made || made;
            out.push((title, Draft { body, made, ..first.clone() }));
        }
        let Some((_, base)) = out.first().cloned() else { return out };
        for (title, parameter, value) in others {
            let mut draft = base.clone();
            draft.set(&parameter, value);
            out.push((title, draft));
        }
        out
    }

    /// The documented bodies; one that is nothing where there is none.
    fn contents(&self) -> Vec<(String, Option<Content<'d>>, bool)> {
        let usual = "the documented example".to_owned();
        let Some(body) = self.operation.body(self.document) else { return vec![(usual, None, false)] };
        let mut out = Vec::new();
        for (entry, at) in media(self.document, &body) {
            let schema = at.node.get("schema");
            for example in example::examples(self.document, at.node, Way::Sent) {
                let title =
                    example.title.map_or_else(|| usual.clone(), |title| format!("the example `{title}`"));
                let content = Content { media: entry.key.to_string(), value: example.value, schema };
                out.push((title, Some(content), example.made));
            }
        }
        if out.iter().any(|(_, _, made)| !made) {
            out.retain(|(_, _, made)| !made);
        }
        // JSON is what most callers send, so it is what the requests that break something are made of.
        out.sort_by_key(|(_, content, _)| !content.as_ref().is_some_and(|content| is_json(&content.media)));
        if out.is_empty() {
            out.push((usual, None, false));
        }
        out
    }

    fn says(&self, status: &str) -> bool {
        self.operation.responses(self.document).iter().any(|response| response.status == status)
    }

    fn access(&self, secrets: &BTreeMap<String, String>) -> (Access, bool) {
        let ways = self.operation.security(self.document);
        let ways: Vec<At<'_>> = ways.iter().flat_map(At::items).collect();
        let open = ways.is_empty() || ways.iter().any(|way| way.node.entries().next().is_none());
        let mut lacking = Vec::new();
        for way in &ways {
            let names: Vec<&str> = way.node.entries().map(|entry| &*entry.key).collect();
            let known: Option<Vec<_>> = names.iter().map(|name| self.credential(name, secrets)).collect();
            match known {
                Some(known) if !known.is_empty() => return (Access::Known(known), !open),
                _ if names.is_empty() => {}
                _ => lacking.push(names.join(" and ")),
            }
        }
        if open {
            return (Access::Open, false);
        }
        let wanted = lacking.join("` or `");
        let first = lacking.first().map_or("NAME", |names| names.split(' ').next().unwrap_or_default());
        (Access::Lacking(format!("it needs `{wanted}`: give `--auth {first}=SECRET`")), true)
    }

    fn credential(
        &self,
        scheme: &str,
        secrets: &BTreeMap<String, String>,
    ) -> Option<(&'static str, String, String)> {
        let secret = secrets.get(scheme)?.clone();
        let said = self.document.root.at("/components/securitySchemes")?.get(scheme)?;
        let said = resolve(&self.document.root, said);
        let name = said.get_text("name").unwrap_or(scheme).to_owned();
        Some(match (said.get_text("type")?, said.get_text("in"), said.get_text("scheme")) {
            ("apiKey", Some("query"), _) => ("query", name, secret),
            ("apiKey", Some("cookie"), _) => ("cookie", name, secret),
            ("apiKey", ..) => ("header", name, secret),
            ("http", _, Some(way)) if way.eq_ignore_ascii_case("basic") => {
                ("header", "Authorization".into(), format!("Basic {}", BASE64.encode(secret.as_bytes())))
            }
            ("http" | "oauth2" | "openIdConnect", ..) => {
                ("header", "Authorization".into(), format!("Bearer {secret}"))
            }
            _ => return None,
        })
    }

    /// The same with an identifier that nothing has: a reader always may ask for one, and what is answered must be
    /// documented; a writer is sent so only where it is.
    fn missing(&self, first: &Draft<'d>) -> Option<Draft<'d>> {
        let (parameter, value) = first.values.iter().rfind(|(parameter, _)| parameter.location == "path")?;
        let schema = parameter.at.node.get("schema")?;
        let candidates = [
            Value::Text("oathbook-no-such-thing".into()),
            Value::Text("7f9c24e8-0000-4d5f-9a67-0c1b2d3e4f50".into()),
            Value::Number(crate::openapi::node::Number::new("2147483646")),
        ];
        let fits = |value: &Node| self.validator.check(schema, value, crate::openapi::Side::Request).fits();
        let made = candidates.map(|candidate| Node { value: candidate, place: value.place.clone() });
        let value =
            made.into_iter().find(fits).filter(|_| self.operation.method == "get" || self.says("404"))?;
        let mut draft = first.clone();
        draft.set(&parameter.clone(), value);
        Some(draft)
    }

    fn wrong(&self, first: &Draft<'d>) -> Vec<(Wrong, Draft<'d>)> {
        let mut out = Vec::new();
        for (parameter, value) in self.parameters_with_values(first) {
            let Some(schema) = parameter.at.node.get("schema") else { continue };
            for wrong in wrong::of_parameter(self.validator, &self.document.root, schema, &value, &parameter)
            {
                let mut draft = first.clone();
                match &wrong.value {
                    Some(value) => draft.set(&parameter, value.clone()),
                    None => draft.values.retain(|(other, _)| other.name != parameter.name),
                }
                out.push((wrong, draft));
            }
        }
        if let Some(content) = first.body.as_ref().filter(|content| is_json(&content.media))
            && let Some(schema) = content.schema
        {
            for wrong in wrong::of_body(self.validator, &self.document.root, schema, &content.value) {
                let Some(value) = wrong.value.clone() else { continue };
                let body = Some(Content { value, ..content.clone() });
                out.push((wrong, Draft { body, ..first.clone() }));
            }
        }
        out.truncate(MOST_WRONG);
        out
    }

    /// Every parameter, with a value that its schema allows.
    fn parameters_with_values(&self, first: &Draft<'d>) -> Vec<(Parameter<'d>, Node)> {
        let mut out = first.values.clone();
        for parameter in self.operation.parameters(self.document) {
            let known = out.iter().any(|(other, _)| other.at.pointer == parameter.at.pointer);
            let reserved = parameter.location == "header" && is_reserved(parameter.name);
            if !known
                && !reserved
                && let Some(schema) = parameter.at.node.get("schema")
            {
                let value = example::of_schema(&self.document.root, schema, Way::Sent);
                out.push((parameter, value));
            }
        }
        // A path without one of its parts is another path, and an identifier that is wrong is most often not found.
        out.retain(|(parameter, _)| matches!(parameter.location, "query" | "header"));
        out
    }

    /// Bodies that are no JSON, or say to be something else.
    fn bodies(&self, out: &mut Plan<'d>, first: &Draft<'d>, access: &[(&'static str, String, String)]) {
        let Some(content) = first.body.as_ref().filter(|content| is_json(&content.media)) else { return };
        let mut sending = first.write(&self.operation, &self.given.headers, access);
        let mut push = |purpose, title: &str, sending| {
            out.cases.push(Case {
                operation: self.operation.clone(),
                purpose,
                title: title.to_owned(),
                sending,
            });
        };
        let whole = sending.body.clone();
        sending.body = Some(b"{\"oathbook\":".to_vec());
        push(Purpose::Malformed, "a body that is no JSON", sending.clone());
        if self.says("413")
            && let Some(whole) = &whole
        {
            // Blanks behind a value are JSON still.
            let mut padded = whole.clone();
            padded.resize(LARGE, b' ');
            push(
                Purpose::TooLarge,
                "a body of many blanks",
                Sending { body: Some(padded), ..sending.clone() },
            );
        }
        if self.says("415") {
            sending.body = whole;
            let kind = |(name, value): &mut (String, String)| {
                if name == "Content-Type" && *value == content.media {
                    *value = "application/x-oathbook".into();
                }
            };
            sending.headers.iter_mut().for_each(kind);
            push(Purpose::MediaType, "a media type that is not documented", sending);
        }
    }
}

fn named(name: &str, title: Option<String>) -> String {
    title.map_or_else(
        || format!("another example of `{name}`"),
        |title| format!("`{name}`: the example `{title}`"),
    )
}

/// Headers that OpenAPI does not let parameters describe.
fn is_reserved(name: &str) -> bool {
    ["accept", "content-type", "authorization"].iter().any(|reserved| name.eq_ignore_ascii_case(reserved))
}

pub(super) fn is_json(media: &str) -> bool {
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

impl<'d> Draft<'d> {
    fn set(&mut self, parameter: &Parameter<'d>, value: Node) {
        let same = |(other, _): &&mut (Parameter<'d>, Node)| {
            other.name == parameter.name && other.location == parameter.location
        };
        match self.values.iter_mut().find(same) {
            Some((_, old)) => *old = value,
            None => self.values.push((parameter.clone(), value)),
        }
    }

    fn write(
        &self,
        operation: &Operation<'_>,
        headers: &[(String, String)],
        access: &[(&'static str, String, String)],
    ) -> Sending {
        let mut path = operation.path.to_owned();
        let mut query: Vec<(String, String)> = Vec::new();
        let mut all: Vec<(String, String)> = headers.to_vec();
        let mut cookies: Vec<String> = Vec::new();
        for (parameter, value) in &self.values {
            match parameter.location {
                "path" => {
                    path = path.replace(&format!("{{{}}}", parameter.name), &in_path(parameter, value));
                }
                "query" => query.extend(in_query(parameter, value)),
                "querystring" => {
                    query.extend(value.entries().map(|entry| (entry.key.to_string(), text(&entry.node))))
                }
                "header" => all.push((parameter.name.to_owned(), simple(parameter, value))),
                "cookie" => cookies.push(format!("{}={}", parameter.name, simple(parameter, value))),
                _ => {}
            }
        }
        for (place, name, secret) in access {
            match *place {
                "query" => query.push((name.clone(), secret.clone())),
                "cookie" => cookies.push(format!("{name}={secret}")),
                _ => all.push((name.clone(), secret.clone())),
            }
        }
        if !cookies.is_empty() {
            all.push(("Cookie".into(), cookies.join("; ")));
        }
        let pair = |(name, value): &(String, String)| format!("{}={}", encode(name), encode(value));
        let query: Vec<String> = query.iter().map(pair).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let body = self.body.as_ref().map(|content| {
            let (kind, bytes) = content.write();
            all.push(("Content-Type".into(), kind));
            bytes
        });
        Sending {
            method: operation.method.to_ascii_uppercase(),
            target: format!("{path}{mark}{}", query.join("&")),
            headers: all,
            body,
        }
    }
}

/// Between the parts of a multipart body; no value of an example holds it.
const BOUNDARY: &str = "oathbook-7MA4YWxkTrZu0gW";

impl Content<'_> {
    /// The media type and the bytes.
    fn write(&self) -> (String, Vec<u8>) {
        let fields = || self.value.entries().map(|entry| (entry.key.to_string(), text(&entry.node)));
        if is_json(&self.media) {
            return (self.media.clone(), self.value.to_line().into_bytes());
        }
        if self.media.starts_with("application/x-www-form-urlencoded") {
            let pairs: Vec<String> =
                fields().map(|(k, v)| format!("{}={}", encode(&k), encode(&v))).collect();
            return (self.media.clone(), pairs.join("&").into_bytes());
        }
        if self.media.starts_with("multipart/") {
            let mut out = String::new();
            for (name, value) in fields() {
                let name = name.replace('"', "%22");
                out.push_str(&format!(
                    "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                ));
            }
            out.push_str(&format!("--{BOUNDARY}--\r\n"));
            return (format!("{}; boundary={BOUNDARY}", self.media), out.into_bytes());
        }
        (self.media.clone(), text(&self.value).into_bytes())
    }
}

/// A value as it stands in a form or a header: text without quotes.
fn text(node: &Node) -> String {
    node.text().map_or_else(|| node.to_line(), str::to_owned)
}

fn explodes(parameter: &Parameter<'_>, usual: bool) -> bool {
    parameter.at.node.get("explode").and_then(Node::bool).unwrap_or(usual)
}

/// Style `simple`: of headers and paths.
fn simple(parameter: &Parameter<'_>, value: &Node) -> String {
    joined(value, ",", explodes(parameter, false))
}

fn joined(value: &Node, between: &str, explode: bool) -> String {
    match &value.value {
        Value::List(list) => list.iter().map(text).collect::<Vec<_>>().join(between),
        Value::Map(map) => {
            let sign = if explode { "=" } else { between };
            let pair =
                |entry: &crate::openapi::node::Entry| format!("{}{sign}{}", entry.key, text(&entry.node));
            map.iter().map(pair).collect::<Vec<_>>().join(between)
        }
        _ => text(value),
    }
}

/// A path's part, in the styles `simple`, `label` and `matrix` (OpenAPI 3.1, Style Values).
fn in_path(parameter: &Parameter<'_>, value: &Node) -> String {
    match parameter.at.node.get_text("style") {
        Some("label") => format!(".{}", encode(&joined(value, ",", explodes(parameter, false)))),
        Some("matrix") => format!(";{}={}", encode(parameter.name), encode(&joined(value, ",", false))),
        _ => encode(&simple(parameter, value)),
    }
}

/// Pairs of a query, in the styles `form`, `spaceDelimited`, `pipeDelimited` and `deepObject`.
fn in_query(parameter: &Parameter<'_>, value: &Node) -> Vec<(String, String)> {
    let name = parameter.name;
    if parameter.at.node.get("content").is_some() {
        return vec![(name.to_owned(), value.to_line())];
    }
    let style = parameter.at.node.get_text("style").unwrap_or("form");
    let explode = explodes(parameter, style == "form");
    match &value.value {
        Value::List(list) if explode => list.iter().map(|item| (name.to_owned(), text(item))).collect(),
        Value::Map(map) if style == "deepObject" => {
            map.iter().map(|entry| (format!("{name}[{}]", entry.key), text(&entry.node))).collect()
        }
        Value::Map(map) if explode => {
            map.iter().map(|entry| (entry.key.to_string(), text(&entry.node))).collect()
        }
        _ => {
            let between = match style {
                "spaceDelimited" => " ",
                "pipeDelimited" => "|",
                _ => ",",
            };
            vec![(name.to_owned(), joined(value, between, false))]
        }
    }
}

/// Percent-encoding of everything but what RFC 3986 calls unreserved (§2.3).
fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Whether a schema only describes bytes, which text cannot be held against.
pub(super) fn is_binary(root: &Node, schema: &Node) -> bool {
    let view = View::of(root, schema);
    view.node.get_text("format") == Some("binary") || view.node.get("contentEncoding").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::RelPath;

    fn targets(text: &str, given: &Given) -> Vec<String> {
        let document = Document::parse(&RelPath::parse("a.yaml").unwrap(), text);
        let plan = plan(&document, given);
        let cases = plan.cases.iter().filter(|case| matches!(case.purpose, Purpose::Example { .. }));
        cases.map(|case| format!("{} {}", case.sending.method, case.sending.target)).collect()
    }

    #[test]
    fn parameters_are_written_in_their_styles() {
        let text = "paths:\n  /a/{id}/{list}:\n    get:\n      parameters:\n        - {name: id, in: path, required: true, example: 'x/ü'}\n        - {name: list, in: path, required: true, style: matrix, example: [1, 2]}\n        - {name: many, in: query, example: [a, b]}\n        - {name: few, in: query, explode: false, example: [a, b]}\n        - {name: deep, in: query, style: deepObject, example: {k: v}}\n        - {name: unsaid, in: query, schema: {type: string}}\n";
        let all = targets(text, &Given::default());
        assert_eq!(all, ["GET /a/x%2F%C3%BC/;list=1%2C2?many=a&many=b&few=a%2Cb&deep%5Bk%5D=v"]);
    }

    #[test]
    fn what_writes_comes_first_what_removes_last_and_neither_unasked() {
        let text = "paths:\n  /a:\n    delete: {responses: {204: {description: Gone}}}\n    get: {responses: {200: {description: All}}}\n    post: {responses: {201: {description: One}}}\n";
        assert_eq!(targets(text, &Given::default()), ["GET /a"]);
        let all = Given { writes: true, ..Given::default() };
        assert_eq!(targets(text, &all), ["POST /a", "GET /a", "DELETE /a"]);
    }
}
