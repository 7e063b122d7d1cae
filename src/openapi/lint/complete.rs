//! What a caller must be told: what an operation does, what it takes and gives, how often it may be called, how it
//! fails.

use super::{Codes, Role, Score, Survey};
use crate::diag::{Problem, code};
use crate::openapi::node::{Node, Value};
use crate::openapi::source::stated_limit;
use crate::openapi::view::constant;
use crate::openapi::{At, Document, Operation, Response, media};
use std::collections::HashSet;

fn says(node: &Node, key: &str) -> bool {
    node.get_text(key).is_some_and(|text| !text.trim().is_empty())
}

pub(super) fn descriptions(document: &Document) -> Score {
    const CODE: &str = code::OPENAPI_DESCRIPTION;
    let mut score = Score::new(CODE, "operations with a summary and a description");
    for operation in document.operations().into_iter().chain(document.webhooks()) {
        let name = operation.name();
        let lacks = ["summary", "description"].into_iter().filter(|key| !says(operation.at.node, key));
        let gaps: Vec<Problem> = lacks
            .map(|key| {
                let message = format!("{name} has no {key}");
                Problem::new(CODE, operation.place, format!("{name} {key}"), message)
            })
            .collect();
        score.count(gaps);
    }
    score
}

/// A schema that says nothing: `{}`, `true`, or an object of which no field is known.
fn is_empty(document: &Document, schema: Option<&At<'_>>) -> bool {
    let Some(schema) = schema else { return true };
    let schema = document.resolve(schema.clone()).node;
    match &schema.value {
        Value::Bool(false) => false,
        Value::Map(map) => {
            let silent = |key: &str| {
                matches!(key, "description" | "title" | "example" | "examples" | "deprecated" | "nullable")
            };
            let says = map.iter().filter(|entry| !silent(&entry.key) && !entry.key.starts_with("x-"));
            let keys: Vec<&str> = says.map(|entry| &*entry.key).collect();
            keys.is_empty() || keys == ["type"] && schema.get_text("type") == Some("object")
        }
        _ => true,
    }
}

/// Statuses whose answers have no body (RFC 9110 §15).
fn has_body(status: &str) -> bool {
    status.starts_with('2') && !matches!(status, "204" | "205")
}

pub(super) fn bodies(document: &Document) -> Score {
    const CODE: &str = code::OPENAPI_BODY_SCHEMA;
    let mut score = Score::new(CODE, "bodies with a schema");
    for operation in document.operations().into_iter().chain(document.webhooks()) {
        let name = operation.name();
        if let Some(body) = operation.body(document) {
            let content = media(document, &body);
            let bare = content.is_empty()
                || content.iter().any(|(_, media)| {
                    let schema = media.get("schema").or_else(|| media.get("itemSchema"));
                    is_empty(document, schema.as_ref())
                });
            score.count(bare.then(|| {
                let message = format!("the request body of {name} has no schema");
                Problem::new(CODE, operation.at.node.place_of("requestBody"), format!("{name} body"), message)
                    .help("say which fields it has")
            }));
        }
        let responses = operation.responses(document);
        if !responses.iter().any(|response| response.status.starts_with(['2', '3', '1'])) {
            let message = format!("{name} documents no answer of success");
            score.count([Problem::new(CODE, operation.place, format!("{name} 2xx"), message)
                .help("document the answer that a caller hopes for")]);
        }
        for response in responses.iter().filter(|response| has_body(response.status)) {
            let content = media(document, &response.at);
            let text = |kind: &str| !kind.contains("json") && !kind.contains("xml") && !kind.contains('*');
            let bare = content.is_empty() && operation.method != "head"
                || content.iter().any(|(entry, media)| {
                    let schema = media.get("schema").or_else(|| media.get("itemSchema"));
                    // A file or a text needs no schema: its media type says what it is.
                    is_empty(document, schema.as_ref()) && !text(&entry.key)
                });
            score.count(bare.then(|| {
                let message = format!("the answer {} of {name} has no schema", response.status);
                Problem::new(CODE, response.place, format!("{name} {}", response.status), message)
                    .help("say what the body holds; an answer without a body is 204")
            }));
        }
    }
    score
}

pub(super) fn fields(document: &Document, survey: &Survey<'_>) -> Score {
    const CODE: &str = code::OPENAPI_FIELD_DESCRIPTION;
    let mut score = Score::new(CODE, "parameters and fields with a description");
    for at in survey.of(Role::Parameter) {
        let name = at.node.get_text("name").unwrap_or("?");
        let described = says(at.node, "description");
        score.count((!described).then(|| {
            Problem::new(
                CODE,
                &at.node.place,
                &*at.pointer,
                format!("the parameter `{name}` has no description"),
            )
        }));
    }
    for schema in survey.of(Role::Schema) {
        let required = schema.node.get("required").map(Node::list).unwrap_or_default();
        let required: HashSet<&str> = required.iter().filter_map(Node::text).collect();
        for (entry, field) in schema.get("properties").iter().flat_map(At::entries) {
            let referred = document.resolve(field.clone());
            let described = says(field.node, "description") || says(referred.node, "description");
            let parts = ["allOf", "oneOf", "anyOf"];
            let inside = parts.iter().filter_map(|key| field.node.get(key)).flat_map(Node::list);
            let by_part = inside.into_iter().any(|part| {
                let at = document.resolve(At { pointer: String::new(), node: part });
                says(at.node, "description")
            });
            // A required field of one value, as serde's tags are, tells variants apart: the variant says what it means.
            let is_tag = required.contains(&*entry.key) && constant(field.node).is_some();
            score.count((!described && !by_part && !is_tag).then(|| {
                let message = format!("the field `{}` has no description", entry.key);
                Problem::new(CODE, &entry.place, &*field.pointer, message)
            }));
        }
    }
    score
}

/// Headers that tell a caller of a limit (draft-ietf-httpapi-ratelimit-headers, and what was used before it).
const LIMIT_HEADERS: &[&str] = &[
    "ratelimit",
    "ratelimit-policy",
    "ratelimit-limit",
    "x-ratelimit-limit",
    "x-rate-limit-limit",
    "ratelimit-remaining",
    "x-ratelimit-remaining",
];

pub(super) fn rate_limits(document: &Document) -> Score {
    const CODE: &str = code::OPENAPI_RATE_LIMIT;
    let mut score = Score::new(CODE, "operations that say how often they may be called");
    for operation in document.operations() {
        let name = operation.name();
        let responses = operation.responses(document);
        let limited = responses.iter().find(|response| response.status == "429");
        let stated = stated_limit(operation.at.node);
        let by_extension = operation.at.node.entries().any(|entry| {
            let key = entry.key.to_ascii_lowercase().replace(['-', '_'], "");
            key.starts_with("xratelimit") && !matches!(entry.node.value, Value::Null)
        });
        let gap = match (limited, stated) {
            (None, Some(None)) => None,
            (None, _) if by_extension => None,
            (None, _) => Some((operation.place, format!("{name} does not say how often it may be called"))),
            (Some(response), _) => headers(document, response)
                .map(|lacks| (response.place, format!("the answer 429 of {name} has no header {lacks}"))),
        };
        score.count(gap.map(|(place, message)| {
            Problem::new(CODE, place, &*name, message)
                .help("document 429 with `Retry-After` and `RateLimit`, or state the limit below `rate-limits` in book.toml")
        }));
    }
    score
}

/// What a 429 lacks.
fn headers(document: &Document, response: &Response<'_>) -> Option<&'static str> {
    let headers = response.at.get("headers");
    let names: Vec<String> =
        headers.iter().flat_map(At::entries).map(|(entry, _)| entry.key.to_ascii_lowercase()).collect();
    let _ = document;
    if !names.iter().any(|name| name == "retry-after") {
        return Some("`Retry-After`");
    }
    (!names.iter().any(|name| LIMIT_HEADERS.contains(&name.as_str()))).then_some("`RateLimit`")
}

const PROBLEM: &str = "application/problem+json";

pub(super) fn errors(document: &Document) -> Score {
    const CODE: &str = code::OPENAPI_ERROR_RESPONSE;
    let mut score = Score::new(CODE, "errors with a description and a schema");
    let operations = document.operations();
    let failing = |operation: &Operation<'_>| -> bool {
        operation.responses(document).iter().any(|response| is_error(response.status))
    };
    let chose_problems =
        operations.iter().flat_map(|operation| operation.responses(document)).any(|response| {
            is_error(response.status)
                && media(document, &response.at).iter().any(|(entry, _)| kind(&entry.key) == PROBLEM)
        });
    for operation in &operations {
        let name = operation.name();
        if !failing(operation) {
            let message = format!("{name} documents no error");
            score.count([Problem::new(CODE, operation.place, &*name, message)
                .help("say how it fails: at least what a wrong request is answered")]);
        }
        for response in operation.responses(document).iter().filter(|response| is_error(response.status)) {
            let what = format!("{} of {name}", response.status);
            let content = media(document, &response.at);
            let mut gaps = Vec::new();
            let mut say = |message: String, help: &str| {
                gaps.push(Problem::new(CODE, response.place, &*what, message).help(help));
            };
            if !says(response.at.node, "description") {
                say(format!("the error {what} has no description"), "say when it is answered");
            }
            // A refusal by a limiter in front of the service often has no body.
            let bare = content.is_empty()
                || content.iter().any(|(_, media)| is_empty(document, media.get("schema").as_ref()));
            if bare && operation.method != "head" && !(response.status == "429" && content.is_empty()) {
                say(format!("the error {what} has no schema"), "callers must know what its body holds");
            } else if chose_problems
                && !content.is_empty()
                && !content.iter().any(|(entry, _)| kind(&entry.key) == PROBLEM)
            {
                say(
                    format!("the error {what} is no `{PROBLEM}`, as others are"),
                    "one sort of error body is enough (RFC 9457)",
                );
            }
            score.count(gaps);
        }
    }
    score
}

fn is_error(status: &str) -> bool {
    status.starts_with(['4', '5']) && status.len() == 3
}

/// A media type without its parameters.
fn kind(text: &str) -> String {
    text.split(';').next().unwrap_or(text).trim().to_ascii_lowercase()
}

pub(super) fn error_codes(document: &Document, codes: &Codes<'_>) -> Score {
    const CODE: &str = code::OPENAPI_ERROR_CODE;
    let mut score = Score::new(CODE, "error codes that the catalogue explains");
    let schemas = document.schemas();
    let Some((entry, schema)) = schemas.iter().find(|(entry, _)| &*entry.key == codes.schema) else {
        let message = format!("there is no schema `{}`, which is to hold the error codes", codes.schema);
        score.count([Problem::new(CODE, document.root.place_of("components"), codes.schema, message)
            .help("correct `error-codes` in book.toml")]);
        return score;
    };
    let mut values: Vec<&Node> = schema.node.get("enum").map(Node::list).unwrap_or_default().iter().collect();
    for part in ["oneOf", "anyOf"].iter().filter_map(|key| schema.node.get(key)).flat_map(Node::list) {
        values.extend(part.get("const"));
        values.extend(part.get("enum").map(Node::list).unwrap_or_default());
    }
    if values.is_empty() {
        let message = format!("the schema `{}` has no enum", codes.schema);
        score.count([Problem::new(CODE, &entry.place, codes.schema, message)]);
    }
    for (node, code) in values.iter().filter_map(|node| Some((*node, node.text()?))) {
        let explained = codes.catalogue.as_ref().is_some_and(|(_, text)| explains(text, code));
        score.count((!explained).then(|| {
            let message = match &codes.catalogue {
                Some((page, _)) => format!("the error code `{code}` is not explained on `{page}`"),
                None => format!("the error code `{code}` is explained nowhere"),
            };
            Problem::new(CODE, &node.place, code, message)
                .help("give it a heading or a row of a table on the page that `error-catalogue` names")
        }));
    }
    score
}

/// Whether a heading, a row of a table or a term of a list is about a code.
fn explains(page: &str, code: &str) -> bool {
    let whole = |line: &str| {
        line.match_indices(code).any(|(at, _)| {
            let edge = |c: Option<char>| c.is_none_or(|c| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
            edge(line[..at].chars().next_back()) && edge(line[at + code.len()..].chars().next())
        })
    };
    page.lines().map(str::trim_start).any(|line| line.starts_with(['#', '|', '-', '*']) && whole(line))
}

pub(super) fn metadata(document: &Document) -> Score {
    const CODE: &str = code::OPENAPI_METADATA;
    let mut score = Score::new(CODE, "servers, licence, contact and description of the API");
    let info = document.root.get("info");
    let place = document.root.place_of("info");
    for (key, words) in [("description", "a description"), ("license", "a licence"), ("contact", "a contact")]
    {
        let there =
            info.and_then(|info| info.get(key)).is_some_and(|node| !matches!(node.value, Value::Null));
        score.count(
            (!there).then(|| Problem::new(CODE, place, key, format!("the API does not state {words}"))),
        );
    }
    let servers = document.root.get("servers").map(Node::list).unwrap_or_default();
    if servers.is_empty() {
        score.count([Problem::new(
            CODE,
            &document.root.place,
            "servers",
            "the API does not say where its servers are",
        )
        .help("without `servers`, callers take the address of the document itself")]);
    }
    for server in servers {
        let url = server.get_text("url").unwrap_or("");
        let mut gaps = Vec::new();
        let mut say = |message: String| gaps.push(Problem::new(CODE, server.place_of("url"), url, message));
        if url.len() > 1 && url.ends_with('/') {
            say(format!("the server's address `{url}` ends with a slash, and paths begin with one"));
        }
        for name in url.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name) {
            if server.get("variables").and_then(|variables| variables.get(name)).is_none() {
                say(format!("the variable `{name}` of `{url}` is not declared"));
            }
        }
        score.count(gaps);
    }
    score
}
