//! JSON and YAML text to a tree with places, with limits that no text can pass.

mod json;
mod yaml;

use super::Node;
use crate::base::{RelPath, Span};
use crate::diag::{Place, Problem, code};

/// Levels of nesting. Real documents stay below 40.
pub const DEEPEST: usize = 160;

/// Values in a document, each item of an array and each field of an object counted. A value takes about 130 bytes,
/// and GitHub's description of 1,100 operations has 500,000.
pub const MOST_VALUES: usize = 1_500_000;

/// Values that YAML aliases may add by standing for what was written elsewhere.
pub const MOST_ALIASED: usize = 100_000;

/// Bytes of all the keys around a value: every value has a pointer made of them, so keys of thousands of letters multiply.
/// Real ones come to a few hundred.
pub const LONGEST_POINTER: usize = 2_000;

fn pointer_too_long() -> String {
    format!("the keys around this value are longer than {LONGEST_POINTER} bytes together")
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JSON (RFC 8259).
    Json,
    /// YAML 1.2 with the core schema, and merge keys.
    Yaml,
}

impl Format {
    /// By a file's name, or by how its text begins.
    pub fn of(file: &RelPath, text: &str) -> Self {
        match file.extension() {
            Some("json") => Self::Json,
            Some("yaml" | "yml") => Self::Yaml,
            _ if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') => Self::Json,
            _ => Self::Yaml,
        }
    }
}

/// What reading made of a text: a tree, which is null if there is none, and what is wrong.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The value.
    pub root: Node,
    /// What is wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

/// Reads `text`, which stands in `file` from byte `base` on.
pub fn read(file: &RelPath, text: &str, base: usize, format: Format) -> Tree {
    let text_only = text.strip_prefix('\u{feff}').unwrap_or(text);
    let base = base + text.len() - text_only.len();
    match format {
        Format::Json => json::read(file, text_only, base),
        Format::Yaml => yaml::read(file, text_only, &|offset| base + offset),
    }
}

/// Reads YAML whose bytes stand elsewhere in `file`: `at` says where each does, so that YAML in comments has the
/// comments' places.
pub fn read_yaml(file: &RelPath, text: &str, at: &dyn Fn(usize) -> usize) -> Tree {
    yaml::read(file, text, at)
}

fn broken(message: String, place: Place) -> Problem {
    let subject = message.clone();
    Problem::new(code::OPENAPI_SYNTAX, &place, subject, message)
}

fn repeated(key: &str, place: Place, first: Place) -> Problem {
    Problem::new(code::OPENAPI_SYNTAX, &place, key, format!("the key `{key}` is there twice"))
        .related(&first, "first here")
        .help("remove one: readers of the document keep either, and which one differs")
}

pub(super) fn place(file: &RelPath, start: usize, end: usize) -> Place {
    Place { file: file.clone(), span: Span::new(start, end) }
}
