//! Blocks of JSON, YAML and TOML: whether they are what they say, and whether they fit a schema that they name.
//!
//! Pages show parts of documents, several after one another, and what is left out by dots: none of that is wrong. A
//! block is a finding only if no reading of it makes sense.

use crate::base::RelPath;
use crate::evidence::api::Api;
use crate::markdown::{CodeFact, Sample};
use crate::model::Site;
use crate::openapi::{At, Document, Operation, Side, Validator, media};
use crate::world::World;
use granit_parser::Parser;
use std::collections::BTreeMap;

/// A language of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON, with comments and trailing commas where the block says `jsonc` or `json5`.
    Json,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
}

impl Format {
    /// The language of a block, if it is one.
    pub fn of(language: &str) -> Option<Self> {
        match language {
            "json" | "jsonc" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            "toml" => Some(Self::Toml),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
        }
    }
}

/// What reading a block came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It is what it says.
    Fine,
    /// It cannot be told: why.
    Open(&'static str),
    /// It is not: the line, from 0, and the parser's words.
    Wrong(usize, String),
}

/// Reads a block.
pub fn read(format: Format, text: &str) -> Reading {
    if text.trim().is_empty() {
        return Reading::Open("the block is empty");
    }
    let wrong = match format {
        Format::Json => json(text),
        Format::Yaml => yaml(text),
        Format::Toml => toml(text),
    };
    match wrong {
        None => Reading::Fine,
        Some(_) if leaves_out(text) => Reading::Open("the block leaves something out"),
        Some(_) if is_a_session(text) => Reading::Open("the block shows more than data"),
        Some((line, words)) => Reading::Wrong(line, words),
    }
}

/// Dots, templates and placeholders.
fn leaves_out(text: &str) -> bool {
    const MARKS: &[&str] = &["...", "…", "{{", "{%", "<%", "${", "[..]", "<<", "$(", "⋮"];
    let placeholder = text.match_indices('<').any(|(at, _)| {
        let inside = text[at + 1..].split(['>', '\n']).next().unwrap_or("");
        let closed = text[at + 1 + inside.len()..].starts_with('>');
        closed && inside.starts_with(|c: char| c.is_alphabetic())
    });
    MARKS.iter().any(|mark| text.contains(mark)) || placeholder
}

/// A command with its output, a request with its answer, a difference.
fn is_a_session(text: &str) -> bool {
    const BEGINS: &[&str] =
        &["$ ", "> ", "HTTP/", "GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "HEAD ", "curl ", "+", "@@"];
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let difference = text.lines().any(|line| line.starts_with('+'));
    BEGINS.iter().any(|begin| first.starts_with(begin)) || difference
}

fn json(text: &str) -> Option<(usize, String)> {
    let values = |text: &str| {
        let mut all = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
        all.find_map(Result::err)
    };
    let first = values(text)?;
    let bare = without_comments(text);
    let fields = bare.trim().trim_end_matches(',');
    // Fields of an object, items of an array; blank characters before keep the first line first.
    let readings = [bare.clone(), format!("{{{fields}}}"), format!("[{fields}]")];
    if readings.iter().any(|reading| values(reading).is_none()) {
        return None;
    }
    let words = first.to_string();
    let words = words.split(" at line ").next().unwrap_or(&words);
    Some((first.line().saturating_sub(1), words.to_owned()))
}

/// JSON without `//`, `/* */` and `#` comments outside of strings, and without commas before a closing bracket; lines
/// stay.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let taken = match next {
            '"' => {
                let mut escaped = false;
                let end = rest[1..].find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                let length = end.map_or(rest.len(), |end| end + 2);
                out.push_str(&rest[..length]);
                length
            }
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => {
                let length = rest.find("*/").map_or(rest.len(), |end| end + 2);
                out.extend(rest[..length].chars().filter(|c| *c == '\n'));
                length
            }
            '}' | ']' => {
                let end = out.trim_end().len();
                if out[..end].ends_with(',') {
                    out.replace_range(end - 1..end, " ");
                }
                out.push(next);
                1
            }
            _ => {
                out.push(next);
                next.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    out
}

fn yaml(text: &str) -> Option<(usize, String)> {
    let error = Parser::new_from_str(text).find_map(Result::err)?;
    Some((error.marker().line().saturating_sub(1), error.info().clone()))
}

fn toml(text: &str) -> Option<(usize, String)> {
    let (_, errors) = toml::de::DeTable::parse_recoverable(text);
    // Alternatives are shown one below the other: keys and tables that come twice are no slip of the pen.
    let error = errors.iter().find(|error| !error.message().contains("duplicate"))?;
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count();
    Some((line, error.message().to_owned()))
}

/// What a block says it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// `schema=FILE`: a JSON Schema, from the page's folder, or from the root with a slash.
    Schema(String),
    /// `operation=ID`, with `response=STATUS` where it is an answer.
    Operation(String, Option<String>),
}

/// What a block names in its info string.
pub fn named(sample: &Sample) -> Option<Named> {
    let value = |key: &str| {
        let word = sample.words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
        word.map(|value| value.trim_matches('"').to_owned())
    };
    if let Some(id) = value("operation") {
        return Some(Named::Operation(id, value("response")));
    }
    value("schema").map(Named::Schema)
}

/// The schema files that blocks name, by path; none where there is no such file.
pub type Schemas = BTreeMap<RelPath, Option<Document>>;

/// Reads the schemas that the blocks of a site name.
pub fn schemas(world: &dyn World, site: &Site) -> Schemas {
    let mut out = Schemas::new();
    for page in &site.pages {
        for sample in page.doc.facts.code.iter().filter_map(|code| code.sample.as_deref()) {
            let Some(Named::Schema(written)) = named(sample) else { continue };
            let Some(path) = schema_path(&page.source, &written) else { continue };
            out.entry(path.clone())
                .or_insert_with(|| world.text(&path).ok().map(|text| Document::parse(&path, &text)));
        }
    }
    out
}

/// Where a schema lies.
pub fn schema_path(page: &RelPath, written: &str) -> Option<RelPath> {
    match written.strip_prefix('/') {
        Some(path) => RelPath::parse(path).ok(),
        None => page.parent().join(written).ok(),
    }
}

/// What holding a block against a schema found: lines, from 0, and what is wrong there; or why it could not be held.
pub type Held = Result<Vec<(usize, String)>, String>;

/// Holds a block against a schema file.
///
/// # Errors
/// Why it cannot be held.
pub fn fits_schema(code: &CodeFact, text: &str, schema: &Document) -> Held {
    let value = value(code, text).ok_or("it cannot be read")?;
    let validator = Validator::new(schema);
    Ok(violations(&validator.check(&schema.root, &value.root, Side::Either), text))
}

/// Holds a block against an operation's body or answer.
///
/// # Errors
/// Why it cannot be held.
pub fn fits_operation(code: &CodeFact, text: &str, apis: &[Api], id: &str, response: Option<&str>) -> Held {
    let found = apis.iter().find_map(|api| {
        let operation = api.document.all_operations().into_iter().find(|one| one.id() == Some(id))?;
        Some((&api.document, operation))
    });
    let (document, operation) = found.ok_or_else(|| format!("no API document has the operation `{id}`"))?;
    let (schema, side) = schema_of(document, &operation, response)?;
    let value = value(code, text).ok_or("it cannot be read")?;
    Ok(violations(&Validator::new(document).check(schema.node, &value.root, side), text))
}

fn schema_of<'d>(
    document: &'d Document,
    operation: &Operation<'d>,
    response: Option<&str>,
) -> Result<(At<'d>, Side), String> {
    let name = operation.name();
    let (holder, side) = match response {
        None => {
            let body = operation.body(document).ok_or_else(|| format!("`{name}` takes no body"))?;
            (body, Side::Request)
        }
        Some(status) => {
            let known = operation.responses(document);
            let range = format!("{}XX", &status[..status.len().min(1)]);
            let wanted = [status, range.as_str(), "default"];
            let found = wanted.iter().find_map(|wanted| known.iter().find(|one| one.status == *wanted));
            let found = found.ok_or_else(|| format!("`{name}` does not answer {status}"))?;
            (found.at.clone(), Side::Response)
        }
    };
    let json = media(document, &holder).into_iter().find(|(entry, _)| entry.key.contains("json"));
    let schema = json.and_then(|(_, media)| media.get("schema"));
    schema.map(|schema| (schema, side)).ok_or_else(|| format!("`{name}` has no schema in JSON there"))
}

fn value(code: &CodeFact, text: &str) -> Option<Document> {
    let format = Format::of(&code.language)?;
    let (name, text) = match format {
        Format::Json => ("sample.json", text.to_owned()),
        Format::Yaml => ("sample.yaml", text.to_owned()),
        Format::Toml => ("sample.json", toml::from_str::<serde_json::Value>(text).ok()?.to_string()),
    };
    let document = Document::parse(&RelPath::parse(name).ok()?, &text);
    document.problems.is_empty().then_some(document)
}

fn violations(outcome: &crate::openapi::Outcome, text: &str) -> Vec<(usize, String)> {
    let line = |at: u32| {
        let at = (at as usize).min(text.len());
        text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count()
    };
    let one = |found: &crate::openapi::Violation| {
        let place = if found.pointer.is_empty() { String::new() } else { format!("`{}`: ", found.pointer) };
        (line(found.place.span.start), format!("{place}{}", found.message))
    };
    outcome.violations.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_sequences_and_comments_of_json_are_fine() {
        for text in [
            "{\"a\": 1}",
            "{\"a\": 1}\n{\"b\": 2}",
            "// first\n{\"a\": 1,}\n/* then\n */ [1,]",
            "\"a\": 1,\n\"b\": {\"c\": [1]}",
            "\"a\", \"b\"",
            "{\"url\": \"http://x#y\", # where\n \"b\": \"\\\"//\"}",
            "true",
        ] {
            assert_eq!(read(Format::Json, text), Reading::Fine, "{text}");
        }
        assert_eq!(read(Format::Json, "{\"a\": ...}"), Reading::Open("the block leaves something out"));
        assert_eq!(read(Format::Json, "{\"a\": <number>}"), Reading::Open("the block leaves something out"));
        assert_eq!(
            read(Format::Json, "$ x --json\n{\"a\": 1}"),
            Reading::Open("the block shows more than data")
        );
        let wrong = Reading::Wrong(2, "expected `,` or `}`".into());
        assert_eq!(read(Format::Json, "{\n  \"a\": 1\n  \"b\": 2\n}"), wrong);
    }

    #[test]
    fn yaml_and_toml_are_read_as_their_parsers_do() {
        assert_eq!(read(Format::Yaml, "a: 1\n---\nb: [c, d]\n"), Reading::Fine);
        assert!(matches!(read(Format::Yaml, "a: 1\n b: 2\n"), Reading::Wrong(1, _)));
        assert_eq!(read(Format::Toml, "[a]\nb = 1\nb = 2\n[a]\n"), Reading::Fine);
        assert!(matches!(read(Format::Toml, "[a]\nb = \n"), Reading::Wrong(1, _)));
        assert!(matches!(read(Format::Toml, "[a]\nb = '${X}\n"), Reading::Open(_)));
    }
}
