//! Names on lines that the change adds to pages, and that the head has nowhere.
//!
//! Only three kinds are sure enough to ask: a flag behind the name of a program of ours, a variable that shares its
//! first word with others that the code reads, and a path below a folder of the repository.

use super::matching::{LONGEST_PIECE, word};
use super::{Declared, Sides, Written, is_record, page, presence, programs};
use crate::base::{RelPath, Span, beginning, parallel_map};
use crate::code::{Name, NameKind};
use crate::diag::Place;
use crate::markdown::{Cited, cited};
use crate::world::World;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A name that the head has nowhere.
#[derive(Clone, Debug)]
pub struct Dead {
    /// What it would be.
    pub kind: NameKind,
    /// As the page spells it.
    pub text: String,
    /// Where.
    pub place: Place,
    /// A file of that name that is elsewhere.
    pub elsewhere: Option<RelPath>,
}

/// The dead names on added lines of these pages.
pub(super) fn dead(sides: Sides<'_>, pages: &[RelPath]) -> Vec<Dead> {
    let changed: Vec<RelPath> = pages
        .iter()
        .filter(|page| sides.changed.binary_search(page).is_ok() && !is_record(page))
        .cloned()
        .collect();
    if changed.is_empty() {
        return Vec::new();
    }
    let programs = programs::of(sides);
    let files = sides.head.tracked(&RelPath::root());
    let mut by_name: HashMap<&str, Vec<&RelPath>> = HashMap::new();
    for file in &files {
        by_name.entry(file.file_name()).or_default().push(file);
    }
    let moved = super::moved_pages(sides);
    let on_page = |page: &RelPath| -> Vec<Dead> {
        let Ok(text) = sides.head.text(page) else { return Vec::new() };
        let written = Written::of(sides, page, moved.get(page).unwrap_or(page), &text);
        let mut out = Vec::new();
        let pieces = cited(&text);
        let shown = pieces.iter().filter(|piece| piece.text.len() <= LONGEST_PIECE);
        for piece in shown.filter(|piece| written.is_new(piece.span)) {
            if page::tells_of_the_past(&piece.section) {
                continue;
            }
            out.extend(flags(piece, &programs, page));
            out.extend(variable(piece, page));
            out.extend(path(piece, page, sides.head, &by_name));
        }
        out
    };
    let mut found = parallel_map(&changed, on_page).concat();
    keep_what_is_nowhere(sides.head, &mut found, &files);
    found
}

/// Bytes of the longest first word of a variable that is looked for.
const LONGEST_PREFIX: usize = 60;

fn at(piece: &Cited, page: &RelPath, range: std::ops::Range<usize>) -> Place {
    let start = piece.span.start as usize + range.start;
    Place { file: page.clone(), span: Span::new(start, start + range.len()) }
}

/// Flags that every command line has.
const EVERYWHERE: &[&str] = &["--help", "--version", "--"];

fn flags(piece: &Cited, programs: &programs::Programs, page: &RelPath) -> Vec<Dead> {
    let shell = piece.block.is_none()
        || matches!(piece.language.as_str(), "sh" | "bash" | "console" | "shell" | "zsh" | "");
    let text = piece.text.as_str();
    let mut out = Vec::new();
    let mut from = 0;
    // What stands before on the same command line.
    let mut words: Vec<&str> = Vec::new();
    for token in text.split(' ').filter(|_| shell) {
        let start = from;
        from += token.len() + 1;
        let flag = token.split(['=', '[', ']', ',', '\'', '"', ')', '<', '|']).next().unwrap_or("");
        let plain = flag.strip_prefix("--").is_some_and(|rest| {
            rest.len() > 2 && rest.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        });
        let direct = words
            .iter()
            .find(|word| !matches!(**word, "$" | ">" | "%"))
            .is_some_and(|word| programs.is_program(word));
        if plain && direct && !words.contains(&"--") && !EVERYWHERE.contains(&flag) {
            let place = at(piece, page, start..start + flag.len());
            out.push(Dead { kind: NameKind::Flag, text: flag.to_owned(), place, elsewhere: None });
        }
        let mut parts = token.rsplit(['|', ';', '&']);
        let last = parts.next().unwrap_or("");
        if parts.next().is_some() {
            words.clear();
        }
        words.extend(last.split_whitespace());
    }
    out
}

fn variable(piece: &Cited, page: &RelPath) -> Option<Dead> {
    let name = piece.text.trim();
    let plain = name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let prefix = name.split('_').next().unwrap_or("");
    let fits = plain && piece.block.is_none() && prefix.len() > 1 && name.len() > prefix.len() + 2;
    let found = word(&piece.text, name).filter(|_| fits && !super::matching::is_everybodys(name))?;
    Some(Dead {
        kind: NameKind::Variable,
        text: name.to_owned(),
        place: at(piece, page, found),
        elsewhere: None,
    })
}

fn path(
    piece: &Cited,
    page: &RelPath,
    head: &dyn World,
    by_name: &HashMap<&str, Vec<&RelPath>>,
) -> Option<Dead> {
    let written = piece.text.trim().trim_start_matches("./");
    let plain = written.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-' | b'.'));
    let (first, _) = written.split_once('/')?;
    let path = RelPath::parse(written).ok()?;
    let code = page::is_source(&path)
        || matches!(path.extension(), Some("toml" | "yml" | "yaml" | "sh" | "md" | "json"));
    let folder = RelPath::parse(first).ok()?;
    if piece.block.is_some() || !plain || !code || written.starts_with('.') || head.kind(&folder).is_none() {
        return None;
    }
    let named = by_name.get(path.file_name()).map(Vec::as_slice).unwrap_or_default();
    let ends = |file: &RelPath| {
        file.as_str().strip_suffix(written).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    let there = head.kind(&path).is_some()
        || page.parent().join(written).is_ok_and(|path| head.kind(&path).is_some());
    if there || named.iter().any(|file| ends(file)) {
        return None;
    }
    let elsewhere = match named {
        [only] => Some((*only).clone()),
        _ => None,
    };
    let start = piece.text.find(written)?;
    let place = at(piece, page, start..start + written.len());
    Some(Dead { kind: NameKind::File, text: written.to_owned(), place, elsewhere })
}

/// Drops flags and variables that the head spells anywhere, and variables whose first word no other one shares.
fn keep_what_is_nowhere(head: &dyn World, found: &mut Vec<Dead>, files: &[RelPath]) {
    let asked: Vec<Declared> = found
        .iter()
        .filter(|dead| dead.kind != NameKind::File)
        .map(|dead| {
            let (span, whole) = (Span::default(), Span::default());
            let name = Name {
                kind: dead.kind,
                text: dead.text.clone(),
                set: String::new(),
                span,
                whole,
                hidden: false,
            };
            Declared { file: RelPath::root(), name }
        })
        .collect();
    if asked.is_empty() {
        return;
    }
    let spelled = presence::spelled_anywhere(head, &asked);
    let prefixes: BTreeSet<&str> = asked
        .iter()
        .filter(|declared| declared.name.kind == NameKind::Variable)
        .filter_map(|declared| declared.name.text.split('_').next())
        .collect();
    let mut shared: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files.iter().filter(|file| page::is_source(file) && !prefixes.is_empty()) {
        let Ok(text) = head.text(file) else { continue };
        for (at, _) in text.match_indices('"') {
            let rest = &text[at + 1..];
            let Some((prefix, _)) = beginning(rest, LONGEST_PREFIX).split_once('_') else { continue };
            if prefixes.contains(prefix) {
                let rest: String = rest.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
                shared.entry(prefix.to_owned()).or_default().insert(rest);
            }
        }
    }
    let prefix = |text: &str| text.split('_').next().unwrap_or("").to_owned();
    found.retain(|dead| match dead.kind {
        NameKind::File => true,
        NameKind::Variable => {
            !spelled.contains(&dead.text)
                && shared.get(&prefix(&dead.text)).is_some_and(|names| names.len() > 1)
        }
        _ => !spelled.contains(&dead.text),
    });
}
