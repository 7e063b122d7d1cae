//! mdBook's directives: `{{#include}}`, `{{#rustdoc_include}}`, `{{#playground}}`, `{{#title}}` and the escape
//! `\{{#…}}`. They are found in the raw text, in code blocks too, before Markdown is parsed.
//!
//! Beyond mdBook: `{{#include path.rs#item}}` quotes a Rust item by name. Where mdBook leaves raw text or nothing
//! behind, this does the same to the page, and records a [`Trouble`].

use super::source::Mapped;
use super::{IncludeFact, Trouble, TroubleKind};
use crate::base::RelPath;
use crate::diag::Place;
use crate::rust;
use crate::world::{ReadError, World, absent_submodules};
use std::ops::Range;

/// As in mdBook.
const DEEPEST: usize = 10;
/// Includes on one page; ten levels of a hundred includes each would never end.
const MOST: usize = 5_000;
/// Bytes a page may grow to.
const LARGEST: usize = 64 << 20;

/// What expanding a page's directives found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub includes: Vec<IncludeFact>,
    pub troubles: Vec<Trouble>,
    pub title: Option<String>,
}

/// Replaces the directives of `page`; without any, `None`: the page stands as it is.
pub(super) fn expand(
    page: &Mapped<'_>,
    file: &RelPath,
    world: &dyn World,
    found: &mut Found,
) -> Option<Mapped<'static>> {
    if !page.text().contains("{{") {
        return None;
    }
    let mut expander = Expander { world, found, out: Mapped::empty(), count: 0 };
    expander.expand(page, &file.parent(), &mut vec![file.clone()]);
    Some(expander.out)
}

#[derive(Debug, PartialEq, Eq)]
enum Directive<'t> {
    Escaped,
    Include { path: &'t str, rustdoc: bool, verbatim: bool },
    Playground { path: &'t str, attributes: Vec<&'t str> },
    Title(&'t str),
}

struct Expander<'w, 'f> {
    world: &'w dyn World,
    found: &'f mut Found,
    out: Mapped<'static>,
    count: usize,
}

impl Expander<'_, '_> {
    fn expand(&mut self, text: &Mapped<'_>, folder: &RelPath, stack: &mut Vec<RelPath>) {
        let source = text.text();
        let mut done = 0;
        let mut from = 0;
        while let Some((range, directive)) = next_directive(source, from) {
            from = range.end;
            let place = text.place(range.clone());
            let replaced = match directive {
                Directive::Escaped => {
                    self.out.push_range(text, done..range.start);
                    self.out.push_range(text, range.start + 1..range.end);
                    true
                }
                Directive::Title(title) => {
                    self.out.push_range(text, done..range.start);
                    self.found.title = Some(title.to_owned());
                    true
                }
                directive => match self.content(&directive, folder, &place) {
                    Ok((target, content)) => {
                        self.out.push_range(text, done..range.start);
                        if matches!(directive, Directive::Include { verbatim: true, .. }) {
                            self.out.push_range(&content, 0..content.text().len());
                        } else {
                            self.nested(target, &content, stack, place);
                        }
                        true
                    }
                    Err(kind) => {
                        self.found.troubles.push(Trouble { kind, place });
                        false
                    }
                },
            };
            if replaced {
                done = range.end;
            }
        }
        self.out.push_range(text, done..source.len());
    }

    fn nested(&mut self, target: RelPath, content: &Mapped<'_>, stack: &mut Vec<RelPath>, place: Place) {
        let (cycle, deep) = (stack.contains(&target), stack.len() > DEEPEST);
        if cycle || deep {
            let subject = target.as_str().to_owned();
            let kind =
                if cycle { TroubleKind::IncludeCycle(subject) } else { TroubleKind::IncludeTooDeep(subject) };
            let known = self.found.troubles.iter().any(|trouble| trouble.place == place);
            if !known {
                self.found.troubles.push(Trouble { kind, place });
            }
        }
        if deep {
            return;
        }
        let folder = target.parent();
        stack.push(target);
        if content.text().contains("{{") {
            self.expand(content, &folder, stack);
        } else {
            self.out.push_range(content, 0..content.text().len());
        }
        stack.pop();
    }

    /// What the directive pastes.
    fn content(
        &mut self,
        directive: &Directive<'_>,
        folder: &RelPath,
        place: &Place,
    ) -> Result<(RelPath, Mapped<'static>), TroubleKind> {
        let (Directive::Include { path: written, .. } | Directive::Playground { path: written, .. }) =
            directive
        else {
            return Err(TroubleKind::IncludeTooMany);
        };
        self.count += 1;
        if self.count > MOST || self.out.text().len() > LARGEST {
            return Err(TroubleKind::IncludeTooMany);
        }
        let (path, part) = split_part(written);
        let target = folder.join(path).map_err(|leaves| TroubleKind::IncludeLeaves(leaves.0))?;
        let text =
            self.world.text(&target).map_err(|error| TroubleKind::IncludeUnreadable(path.to_owned(), error));
        let text = match text {
            Err(TroubleKind::IncludeUnreadable(_, ReadError::Missing))
                if self.world.kind(&target).is_some() =>
            {
                return Err(TroubleKind::IncludeUnreadable(path.to_owned(), ReadError::NotAFile));
            }
            Err(TroubleKind::IncludeUnreadable(written, ReadError::Missing)) => {
                let absent =
                    absent_submodules(self.world).into_iter().find(|folder| target.below(folder).is_some());
                return Err(match absent {
                    Some(folder) => TroubleKind::IncludeSubmodule(written, folder),
                    None => TroubleKind::IncludeUnreadable(written, ReadError::Missing),
                });
            }
            other => other?,
        };
        let file = File { path: &target, text: &text, place };
        let content = match directive {
            Directive::Playground { attributes, .. } => Ok(file.playground(attributes)),
            Directive::Include { rustdoc, .. } => file.part(part, *rustdoc),
            _ => Ok(Mapped::empty()),
        };
        let rustdoc = matches!(directive, Directive::Include { rustdoc: true, .. });
        let content = content.unwrap_or_else(|kind| {
            // As in mdBook, nothing is shown of a part that is not there; around it, hidden lines stay.
            self.found.troubles.push(Trouble { kind, place: place.clone() });
            if rustdoc { file.lines_with_context(&(0..0)) } else { Mapped::empty() }
        });
        let failed = self.found.troubles.last().is_some_and(|trouble| trouble.place == *place);
        if !failed {
            let (target, part) = (target.clone(), part.to_owned());
            self.found.includes.push(IncludeFact { target, part, place: place.clone() });
        }
        Ok((target, content))
    }
}

/// A part of a file as `{{#include}}` names it after the path: `#item`, `anchor`, `3:9`; empty for all of it.
///
/// # Errors
/// What is not there.
pub fn quote(path: &RelPath, text: &str, part: &str) -> Result<String, TroubleKind> {
    let place = Place::whole(path.clone());
    File { path, text, place: &place }.part(part, false).map(|mapped| mapped.text().to_owned())
}

/// The path and what follows its first `:` or `#`.
fn split_part(written: &str) -> (&str, &str) {
    let item = written.find('#').filter(|at| !written[..*at].contains(':'));
    match item.or_else(|| written.find(':')) {
        Some(at) if item.is_some() => (&written[..at], &written[at..]),
        Some(at) => (&written[..at], &written[at + 1..]),
        None => (written, ""),
    }
}

/// Which part of a file is meant; the rules are mdBook's, the item is ours.
enum Part<'p> {
    Lines(Range<usize>),
    Anchor(&'p str),
    Item(&'p str),
}

impl<'p> Part<'p> {
    fn parse(part: &'p str) -> Self {
        if let Some(item) = part.strip_prefix('#') {
            return Self::Item(item);
        }
        let mut parts = part.splitn(3, ':');
        let first = parts.next().unwrap_or("");
        let end = parts.next().map(|end| end.parse::<usize>().unwrap_or(usize::MAX));
        match (first, first.parse::<usize>()) {
            (_, Ok(start)) => {
                let start = start.saturating_sub(1);
                Self::Lines(start..end.unwrap_or(start + 1))
            }
            ("", _) => Self::Lines(0..end.unwrap_or(usize::MAX)),
            _ => Self::Anchor(first),
        }
    }
}

struct File<'f> {
    path: &'f RelPath,
    text: &'f str,
    place: &'f Place,
}

impl File<'_> {
    /// The part of the file that a directive names.
    fn part(&self, part: &str, rustdoc: bool) -> Result<Mapped<'static>, TroubleKind> {
        match Part::parse(part) {
            Part::Item(name) => self.item(name),
            Part::Lines(lines) if self.ends_before(&lines) => Err(self.no_lines(part)),
            Part::Lines(lines) if rustdoc => Ok(self.lines_with_context(&lines)),
            Part::Lines(lines) => Ok(self.lines(&lines)),
            Part::Anchor(name) if rustdoc => self.anchored_with_context(name),
            Part::Anchor(name) => self.anchored(name),
        }
    }

    /// Each line with its offset, endings cut off.
    fn each_line(&self) -> impl Iterator<Item = (usize, &str)> {
        let begin = self.text.as_ptr() as usize;
        self.text.lines().map(move |line| (line.as_ptr() as usize - begin, line))
    }

    /// Whole lines joined by newlines, each preceded by `# ` where it is only context.
    fn join<'l>(&self, lines: impl Iterator<Item = (bool, (usize, &'l str))>) -> Mapped<'static> {
        let mut out = Mapped::empty();
        let mut first = true;
        for (context, (at, line)) in lines {
            let here = Place { file: self.path.clone(), span: crate::base::Span::new(at, at) };
            if !first {
                out.push_made("\n", &here);
            }
            first = false;
            if context {
                out.push_made("# ", &here);
            }
            out.push_verbatim(line, self.path, at);
        }
        out
    }

    fn lines(&self, range: &Range<usize>) -> Mapped<'static> {
        if *range == (0..usize::MAX) && !self.text.contains('\r') {
            // All of it: one segment instead of one for each line.
            let mut out = Mapped::empty();
            out.push_verbatim(self.text.strip_suffix('\n').unwrap_or(self.text), self.path, 0);
            return out;
        }
        let count = range.end.saturating_sub(range.start);
        self.join(self.each_line().skip(range.start).take(count).map(|line| (false, line)))
    }

    fn ends_before(&self, range: &Range<usize>) -> bool {
        range.start > 0 && self.text.lines().nth(range.start).is_none()
    }

    fn no_lines(&self, lines: &str) -> TroubleKind {
        TroubleKind::IncludeLines {
            path: self.path.clone(),
            lines: lines.to_owned(),
            count: self.text.lines().count(),
        }
    }

    fn lines_with_context(&self, range: &Range<usize>) -> Mapped<'static> {
        self.join(self.each_line().enumerate().map(|(n, line)| (!range.contains(&n), line)))
    }

    fn anchored(&self, name: &str) -> Result<Mapped<'static>, TroubleKind> {
        let mut lines = Vec::new();
        let (mut inside, mut seen) = (false, false);
        for (at, line) in self.each_line() {
            match (marker(line), inside) {
                (Some((true, anchor)), true) if anchor == name => break,
                (Some((false, anchor)), false) if anchor == name => (inside, seen) = (true, true),
                (None, true) => lines.push((false, (at, line))),
                _ => {}
            }
        }
        if seen { Ok(self.join(lines.into_iter())) } else { Err(self.no_anchor(name)) }
    }

    fn anchored_with_context(&self, name: &str) -> Result<Mapped<'static>, TroubleKind> {
        let mut lines = Vec::new();
        let (mut inside, mut seen) = (false, false);
        for (at, line) in self.each_line() {
            match (marker(line), inside) {
                (Some((true, anchor)), true) if anchor == name => inside = false,
                (Some((false, anchor)), false) if anchor == name => (inside, seen) = (true, true),
                (None, inside) => lines.push((!inside, (at, line))),
                _ => {}
            }
        }
        if seen { Ok(self.join(lines.into_iter())) } else { Err(self.no_anchor(name)) }
    }

    fn no_anchor(&self, name: &str) -> TroubleKind {
        let known = self
            .each_line()
            .filter_map(|(_, line)| marker(line))
            .filter(|(end, _)| !end)
            .map(|(_, known)| known);
        let nearest = crate::diag::nearest(name, known).map(str::to_owned);
        TroubleKind::IncludeAnchor { path: self.path.clone(), anchor: name.to_owned(), nearest }
    }

    fn item(&self, name: &str) -> Result<Mapped<'static>, TroubleKind> {
        let items = rust::items(self.text);
        let Some(item) = items
            .iter()
            .find(|item| item.path == name)
            .or_else(|| items.iter().find(|item| item.name() == name))
        else {
            let nearest =
                crate::diag::nearest(name, items.iter().map(|item| item.path.as_str())).map(str::to_owned);
            return Err(TroubleKind::IncludeItem { path: self.path.clone(), item: name.to_owned(), nearest });
        };
        let mut out = Mapped::empty();
        out.push_verbatim(&self.text[item.span.range()], self.path, item.span.start as usize);
        Ok(out)
    }

    fn playground(&self, attributes: &[&str]) -> Mapped<'static> {
        let mut out = Mapped::empty();
        let comma = if attributes.is_empty() { "" } else { "," };
        out.push_made(&format!("```rust{comma}{}\n", attributes.join(",")), self.place);
        out.push_verbatim(self.text, self.path, 0);
        out.push_made(if self.text.ends_with('\n') { "```\n" } else { "\n```\n" }, self.place);
        out
    }
}

/// `ANCHOR: name` or `ANCHOR_END: name` in a line: whether it is an end, and the name.
fn marker(line: &str) -> Option<(bool, &str)> {
    let named = |mark: &str| {
        let mut from = 0;
        while let Some(at) = line[from..].find(mark) {
            let rest = line[from + at + mark.len()..].trim_start();
            let end =
                rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
            if end > 0 {
                return Some(&rest[..end]);
            }
            from += at + mark.len();
        }
        None
    };
    named("ANCHOR_END:").map(|name| (true, name)).or_else(|| named("ANCHOR:").map(|name| (false, name)))
}

/// The next directive at or after `from`.
fn next_directive(text: &str, from: usize) -> Option<(Range<usize>, Directive<'_>)> {
    let mut at = from;
    loop {
        let open = at + text.get(at..)?.find("{{")?;
        let escaped = open > from && text.as_bytes()[open - 1] == b'\\' && text[open + 2..].starts_with('#');
        if escaped {
            let line_end = text[open..].find('\n').map_or(text.len(), |n| open + n);
            if let Some(close) = text[open + 3..line_end].rfind("}}") {
                return Some((open - 1..open + 3 + close + 2, Directive::Escaped));
            }
        } else if let Some((end, directive)) = directive(text, open) {
            return Some((open..end, directive));
        }
        at = open + 1;
    }
}

fn directive(text: &str, open: usize) -> Option<(usize, Directive<'_>)> {
    let rest = text[open + 2..].trim_start().strip_prefix('#')?;
    let word_end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    let (word, rest) = rest.split_at(word_end);
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let brace = rest.find('}')?;
    if !rest[brace..].starts_with("}}") {
        return None;
    }
    let arguments = rest[..brace].trim_start();
    let end = text.len() - rest.len() + brace + 2;
    if word == "title" && !arguments.is_empty() {
        return Some((end, Directive::Title(arguments)));
    }
    let mut words = arguments.split_whitespace();
    let path = words.next()?;
    let directive = match word {
        // `verbatim` behind the path, beyond mdBook: directives in the quoted text stay as they are.
        "include" => Directive::Include { path, rustdoc: false, verbatim: words.next() == Some("verbatim") },
        "rustdoc_include" => Directive::Include { path, rustdoc: true, verbatim: false },
        "playground" | "playpen" => Directive::Playground { path, attributes: words.collect() },
        _ => return None,
    };
    Some((end, directive))
}
