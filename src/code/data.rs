//! Keys of TOML and YAML files, read line by line: enough to know a key's spelling and place, total on any text.

use super::{Name, NameKind};
use crate::base::{RelPath, Span};

/// One `key = value` of a TOML file, or a table's header with an empty key.
pub(super) struct Line<'t> {
    pub table: &'t str,
    pub key: &'t str,
    /// Without quotes; only the first line of a longer one.
    pub value: &'t str,
    /// The key.
    pub span: Span,
    /// The line.
    pub whole: Span,
}

/// The lines of a TOML text that have a key or open a table.
pub(super) fn toml_lines(text: &str) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut table = "";
    let mut multiline: Option<&str> = None;
    let mut brackets = 0_i32;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        if let Some(quote) = multiline {
            if trimmed.contains(quote) {
                multiline = None;
            }
            continue;
        }
        if brackets > 0 {
            brackets += depth(trimmed);
            continue;
        }
        let whole = Span::new(start, start + line.trim_end().len());
        let offset = start + (line.len() - line.trim_start().len());
        if let Some(name) = trimmed.strip_prefix('[') {
            table = name.trim_start_matches('[').split(']').next().unwrap_or("").trim();
            let span = Span::new(offset, offset + trimmed.len());
            out.push(Line { table, key: "", value: "", span, whole });
            continue;
        }
        let Some((key, value)) = trimmed.split_once('=').filter(|_| !trimmed.starts_with('#')) else {
            continue;
        };
        let (written, value) = (key.trim(), value.trim());
        for quote in ["\"\"\"", "'''"] {
            if value.starts_with(quote) && !value[3..].contains(quote) {
                multiline = Some(quote);
            }
        }
        brackets = depth(value).max(0);
        let key = written.trim_matches(['"', '\'']);
        let span = Span::new(offset, offset + written.len());
        out.push(Line { table, key, value: plain(value), span, whole });
    }
    out
}

/// How many more brackets open than close, outside of quotes.
fn depth(value: &str) -> i32 {
    let (mut depth, mut quote) = (0, 0_u8);
    for byte in value.bytes() {
        match byte {
            b'"' | b'\'' if quote == 0 => quote = byte,
            _ if byte == quote => quote = 0,
            b'#' if quote == 0 => break,
            b'[' | b'{' if quote == 0 => depth += 1,
            b']' | b'}' if quote == 0 => depth -= 1,
            _ => {}
        }
    }
    depth
}

fn plain(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote) {
            return rest.split(quote).next().unwrap_or("");
        }
    }
    value.split('#').next().unwrap_or("").trim()
}

/// A lock file's lines are nobody's settings.
fn is_lock(path: &RelPath) -> bool {
    path.file_name().contains("lock")
}

/// The settings of a TOML file.
pub(super) fn toml(path: &RelPath, text: &str) -> Vec<Name> {
    if is_lock(path) {
        return Vec::new();
    }
    let line =
        |line: Line<'_>| (!line.key.is_empty()).then(|| setting(line.key, line.table, line.span, line.whole));
    toml_lines(text).into_iter().filter_map(line).collect()
}

fn setting(key: &str, set: &str, span: Span, whole: Span) -> Name {
    // A key in capitals is a variable that the file sets for someone.
    let variable = key.len() > 2
        && key.contains('_')
        && key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let kind = if variable { NameKind::Variable } else { NameKind::Setting };
    Name {
        kind,
        text: key.to_owned(),
        set: if variable { String::new() } else { set.to_owned() },
        span,
        whole,
        hidden: false,
    }
}

/// The keys of a YAML file.
pub(super) fn yaml(path: &RelPath, text: &str) -> Vec<Name> {
    let mut out = Vec::new();
    if is_lock(path) {
        return out;
    }
    let mut at = 0;
    // Lines deeper than this belong to a block of text.
    let mut block: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let body = line.trim_end();
        let trimmed = body.trim_start();
        let indent = body.len() - trimmed.len();
        if trimmed.is_empty() || block.is_some_and(|deep| indent > deep) {
            continue;
        }
        block = None;
        let item = trimmed.trim_start_matches("- ").trim_start();
        let Some(colon) =
            item.find(':').filter(|colon| item[colon + 1..].is_empty() || item[colon + 1..].starts_with(' '))
        else {
            continue;
        };
        let written = &item[..colon];
        let key = written.trim_matches(['"', '\'']);
        let value = item[colon + 1..].trim();
        if value.starts_with('|') || value.starts_with('>') {
            block = Some(indent);
        }
        let name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        if key.is_empty() || !key.bytes().all(name) {
            continue;
        }
        let from = start + (body.len() - item.len());
        let whole = Span::new(start, start + body.len());
        out.push(setting(key, "", Span::new(from, from + written.len()), whole));
        // clap reads its options from such files, too.
        if key == "long" && !value.is_empty() {
            let text = format!("--{}", plain(value));
            out.push(Name {
                kind: NameKind::Flag,
                text,
                set: String::new(),
                span: whole,
                whole,
                hidden: false,
            });
        }
    }
    out
}
