//! YAML in comments of source code of any language: what follows `@openapi` or `@swagger` on its line's comment, as
//! swagger-jsdoc reads it. A block's keys are those of a document, or paths.

use super::{Yield, merge, object};
use crate::base::RelPath;
use crate::diag::{Place, Problem, code};
use crate::openapi::node::{Node, Value};
use crate::openapi::read::{place, read_yaml};
use crate::world::World;

/// The words that begin a block.
const WORDS: &[&str] = &["@openapi", "@swagger"];

/// What begins a comment of one line, longest first.
const LINES: &[&str] = &["///", "//!", "//", "##", "#", "--", ";;", ";", "%"];

/// What begins and what ends a comment of several lines, or a text that stands for one.
const SPANS: &[(&str, &str)] = &[
    ("/*", "*/"),
    ("<!--", "-->"),
    ("(*", "*)"),
    ("{-", "-}"),
    ("\"\"\"", "\"\"\""),
    ("'''", "'''"),
    ("=begin", "=end"),
    ("=pod", "=cut"),
];

/// Lines above a block in which the beginning of its comment is looked for.
const ABOVE: usize = 300;

/// Keys of an OpenAPI document, which a block may hold; a key that begins with `/` is a path.
const TOP: &[&str] = &[
    "openapi",
    "info",
    "jsonSchemaDialect",
    "servers",
    "paths",
    "webhooks",
    "components",
    "security",
    "tags",
    "externalDocs",
];

/// The YAML of one comment, without the comment's own signs.
struct Block {
    yaml: String,
    /// Where each line of it stands: its offset in the YAML, and in the file.
    lines: Vec<(usize, usize)>,
    /// The word that begins it.
    place: Place,
}

pub(super) fn of_files(world: &dyn World, files: &[RelPath], place: &Place) -> Yield {
    let mut problems = Vec::new();
    let mut root = object(place);
    let mut found = 0;
    for file in files {
        let Ok(text) = world.text(file) else { continue };
        if !WORDS.iter().any(|word| text.contains(word)) {
            continue;
        }
        for block in blocks(file, &text) {
            found += 1;
            if let Some(node) = read_block(file, &block, &mut problems) {
                merge(&mut root, node, &mut problems);
            }
        }
    }
    if found == 0 {
        let message = format!("no comment with `@openapi` in {} files", files.len());
        problems.push(
            Problem::new(code::OPENAPI_SOURCE, place, "comments", message)
                .help("correct the glob, which is relative to the folder of book.toml"),
        );
        return Yield::nothing(place, problems);
    }
    Yield { root, problems, holes: Vec::new() }
}

fn read_block(file: &RelPath, block: &Block, problems: &mut Vec<Problem>) -> Option<Node> {
    let at = |offset: usize| {
        let line = block.lines.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
        block.lines.get(line).map_or(block.place.span.end as usize, |(start, real)| real + (offset - start))
    };
    let tree = read_yaml(file, &block.yaml, &at);
    let broken = !tree.problems.is_empty();
    problems.extend(tree.problems);
    let Value::Map(keys) = &tree.root.value else {
        if !broken {
            let message = format!("`@openapi` is followed by {}, not by keys", tree.root.type_name());
            problems.push(Problem::new(code::OPENAPI_SYNTAX, &block.place, "@openapi", message));
        }
        return None;
    };
    let mut out = object(&block.place);
    let mut paths = object(&block.place);
    for entry in keys {
        let target = if entry.key.starts_with('/') { &mut paths } else { &mut out };
        if !entry.key.starts_with('/') && !entry.key.starts_with("x-") && !TOP.contains(&&*entry.key) {
            let message = format!("`{}` is neither a path nor a key of an OpenAPI document", entry.key);
            problems.push(
                Problem::new(code::OPENAPI_SYNTAX, &entry.place, &*entry.key, message)
                    .help("a path begins with `/`"),
            );
            continue;
        }
        if let Some(map) = target.map_mut() {
            map.insert(&entry.key, entry.place.clone(), entry.node.clone());
        }
    }
    if paths.map().is_some_and(|map| !map.is_empty()) {
        let mut with_paths = object(&block.place);
        if let Some(map) = with_paths.map_mut() {
            map.insert("paths", block.place.clone(), paths);
        }
        merge(&mut out, with_paths, problems);
    }
    Some(out)
}

/// The comment that a block stands in.
#[derive(Clone, Copy)]
enum Comment {
    /// Every line begins with this sign.
    Line(&'static str),
    /// Up to this sign; lines may begin with a star.
    Span(&'static str),
}

/// What precedes the text of a comment's line, in bytes.
fn sign(line: &str, comment: Comment) -> Option<usize> {
    let bare = line.trim_start();
    let blank = line.len() - bare.len();
    match comment {
        Comment::Line(sign) => bare.starts_with(sign).then_some(blank + sign.len()),
        Comment::Span("*/") if bare.starts_with('*') && !bare.starts_with("*/") => Some(blank + 1),
        Comment::Span(_) => Some(0),
    }
}

fn blocks(file: &RelPath, text: &str) -> Vec<Block> {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        lines.push((start, line.trim_end_matches(['\n', '\r'])));
        start += line.len();
    }
    let mut out = Vec::new();
    let mut n = 0;
    while n < lines.len() {
        let (start, line) = lines[n];
        n += 1;
        let Some((column, comment)) = opening(line, &lines[..n - 1]) else { continue };
        let place = place(file, start + column, start + column + WORDS[0].len());
        let mut body: Vec<(usize, &str)> = Vec::new();
        while let Some((start, line)) = lines.get(n) {
            let Some(offset) = sign(line, comment) else { break };
            n += 1;
            let mut content = &line[offset..];
            let end = match comment {
                Comment::Span(end) => content.find(end),
                Comment::Line(_) => None,
            };
            if let Some(end) = end {
                content = &content[..end];
            }
            // Another tag of the same comment; no plain YAML text begins like that.
            if content.trim_start().starts_with('@') {
                n -= 1;
                break;
            }
            body.push((start + offset, content));
            if end.is_some() {
                break;
            }
        }
        out.push(block(&body, place));
    }
    out
}

/// Where a line has `@openapi` alone, and the comment that it stands in; `above` are the lines before it.
fn opening(line: &str, above: &[(usize, &str)]) -> Option<(usize, Comment)> {
    let word = WORDS.iter().find(|word| line.contains(**word))?;
    let column = line.find(word)?;
    let (before, after) = (line[..column].trim(), line[column + word.len()..].trim());
    if !after.is_empty() {
        return None;
    }
    if let Some(sign) = LINES.iter().find(|sign| **sign == before) {
        return Some((column, Comment::Line(sign)));
    }
    if let Some((_, end)) =
        SPANS.iter().find(|(begin, _)| before == *begin || before == "/**" && *begin == "/*")
    {
        return Some((column, Comment::Span(end)));
    }
    if !matches!(before, "" | "*") {
        return None;
    }
    // The nearest sign above says whether a comment is open here.
    for (_, line) in above.iter().rev().take(ABOVE) {
        let last = SPANS.iter().filter_map(|(begin, end)| {
            let (begin_at, end_at) = (line.rfind(begin), line.rfind(end));
            match (begin_at, end_at) {
                (None, None) => None,
                // A sign that both begins and ends is a beginning where it has text or nothing before it.
                _ if begin == end => {
                    Some((begin_at?, Some(*end).filter(|_| line.matches(begin).count() == 1)))
                }
                _ => Some((begin_at.max(end_at)?, Some(*end).filter(|_| begin_at > end_at))),
            }
        });
        if let Some((_, open)) = last.max_by_key(|(at, _)| *at) {
            return open.map(|end| (column, Comment::Span(end)));
        }
    }
    None
}

/// Takes away the indentation that all lines share.
fn block(body: &[(usize, &str)], place: Place) -> Block {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let common = body.iter().filter(|(_, line)| !line.trim().is_empty()).map(|(_, line)| indent(line)).min();
    let common = common.unwrap_or(0);
    let mut yaml = String::new();
    let mut lines = Vec::new();
    for (at, line) in body {
        let cut = common.min(indent(line));
        lines.push((yaml.len(), at + cut));
        yaml.push_str(&line[cut..]);
        yaml.push('\n');
    }
    Block { yaml, lines, place }
}
