//! mdBook's directives: `{{#include}}`, `{{#rustdoc_include}}`, `{{#playground}}`, `{{#title}}` and the escape
//! `\{{#…}}`. They are found in the raw text, in code blocks too, before Markdown is parsed.
//!
//! Beyond mdBook: `{{#include path.rs#item}}` quotes a Rust item by name. Where mdBook leaves raw text or nothing
//! behind, this does the same to the page, and records a [`Flaw`].

use super::source::Mapped;
use super::{Flaw, FlawKind, IncludeFact};
use crate::base::{RelPath, Steps};
use crate::diag::{Nearest, Place};
use crate::rust;
use crate::world::{ReadError, World, absent_submodules};
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

/// As in mdBook.
const DEEPEST: usize = 10;
/// Includes on one page; ten levels of a hundred includes each would never end.
const MOST: usize = 5_000;
/// Bytes that the includes of one page may read and paste: pages that people read are a thousand times smaller.
const LARGEST: u64 = 64 << 20;

/// What expanding a page's directives found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub includes: Vec<IncludeFact>,
    pub flaws: Vec<Flaw>,
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
    let mut expander = Expander {
        world,
        found,
        out: Mapped::empty(),
        includes: Steps::new(MOST as u64),
        bytes: Steps::new(LARGEST),
        near: Nearest::default(),
        files: HashMap::new(),
        submodules: None,
        told: HashSet::new(),
        gave_up: false,
    };
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
    includes: Steps,
    bytes: Steps,
    near: Nearest,
    /// What was read, without byte-order marks.
    files: HashMap<RelPath, Rc<Text>>,
    /// Submodules that were not cloned.
    submodules: Option<Vec<RelPath>>,
    /// Directives that something was said of.
    told: HashSet<Place>,
    /// Nothing more is quoted.
    gave_up: bool,
}

/// A file's text, and where its parts are; each is found out once.
#[derive(Debug)]
pub struct Text {
    text: String,
    items: OnceCell<rust::Items>,
    regions: OnceCell<Regions>,
}

impl Text {
    /// A text of which nothing was asked yet.
    pub fn new(text: String) -> Self {
        Self { text, items: OnceCell::new(), regions: OnceCell::new() }
    }

    /// All of it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A part of it as `{{#include}}` names it after the path: `#item`, `anchor`, `3:9`; empty for all of it. `near` answers
    /// for names that are not there.
    ///
    /// # Errors
    /// What is not there.
    pub fn quote(&self, path: &RelPath, part: &str, near: &Nearest) -> Result<String, FlawKind> {
        let place = Place::whole(path.clone());
        let file = File { path, text: self, place: &place };
        file.part(part, false, near).map(|mapped| mapped.text().to_owned())
    }

    /// Its items, if it is Rust.
    pub fn items(&self) -> &rust::Items {
        self.items.get_or_init(|| rust::Items::of(&self.text))
    }

    fn regions(&self) -> &Regions {
        self.regions.get_or_init(|| Regions::of(&self.text))
    }
}

/// Where lines and regions between anchors are.
#[derive(Debug)]
struct Regions {
    /// Where each line begins, and its text without its ending.
    lines: Vec<(usize, usize)>,
    /// The line of the first `ANCHOR:` of each name, and of the `ANCHOR_END:` after it.
    named: HashMap<String, (usize, usize)>,
    /// Lines that only mark.
    marks: Vec<bool>,
    /// The names in the order of their first anchors.
    names: Vec<String>,
}

impl Regions {
    fn of(text: &str) -> Self {
        let begin = text.as_ptr() as usize;
        let mut found =
            Self { lines: Vec::new(), named: HashMap::new(), marks: Vec::new(), names: Vec::new() };
        for line in text.lines() {
            let from = line.as_ptr() as usize - begin;
            let at = found.lines.len();
            found.lines.push((from, from + line.len()));
            let mark = marker(line);
            found.marks.push(mark.is_some());
            match mark {
                Some((false, name)) if !found.named.contains_key(name) => {
                    found.named.insert(name.to_owned(), (at, usize::MAX));
                    found.names.push(name.to_owned());
                }
                Some((true, name)) => {
                    if let Some(end) = found.named.get_mut(name).map(|region| &mut region.1)
                        && *end == usize::MAX
                    {
                        *end = at;
                    }
                }
                _ => {}
            }
        }
        found
    }
}

impl Expander<'_, '_> {
    fn expand(&mut self, text: &Mapped<'_>, folder: &RelPath, stack: &mut Vec<RelPath>) {
        let source = text.text();
        let mut done = 0;
        let mut directives = Directives::of(source);
        while let Some((range, directive)) = directives.next() {
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
                        self.flaw(kind, place);
                        false
                    }
                },
            };
            if replaced {
                done = range.end;
            }
            if self.gave_up {
                break;
            }
        }
        self.out.push_range(text, done..source.len());
    }

    /// Says what is wrong with a directive, once: a file that is quoted often is read as often.
    fn flaw(&mut self, kind: FlawKind, place: Place) {
        if self.told.insert(place.clone()) {
            self.found.flaws.push(Flaw { kind, place });
        }
    }

    fn nested(&mut self, target: RelPath, content: &Mapped<'_>, stack: &mut Vec<RelPath>, place: Place) {
        let (cycle, deep) = (stack.contains(&target), stack.len() > DEEPEST);
        if cycle || deep {
            let subject = target.as_str().to_owned();
            let kind =
                if cycle { FlawKind::IncludeCycle(subject) } else { FlawKind::IncludeTooDeep(subject) };
            self.flaw(kind, place);
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

    /// A file's text, read once for the page.
    fn text(&mut self, target: &RelPath, written: &str) -> Result<Rc<Text>, FlawKind> {
        if let Some(known) = self.files.get(target) {
            return Ok(Rc::clone(known));
        }
        let text = match self.world.text(target) {
            Ok(text) => text,
            Err(ReadError::Missing) if self.world.kind(target).is_some() => {
                return Err(FlawKind::IncludeUnreadable(written.to_owned(), ReadError::NotAFile));
            }
            Err(ReadError::Missing) => {
                let world = self.world;
                let absent = self.submodules.get_or_insert_with(|| absent_submodules(world));
                let inside = absent.iter().find(|folder| target.below(folder).is_some());
                return Err(match inside {
                    Some(folder) => FlawKind::IncludeSubmodule(written.to_owned(), folder.clone()),
                    None => FlawKind::IncludeUnreadable(written.to_owned(), ReadError::Missing),
                });
            }
            Err(error) => return Err(FlawKind::IncludeUnreadable(written.to_owned(), error)),
        };
        let text = Rc::new(Text::new(text));
        self.spend(text.text.len())?;
        self.files.insert(target.clone(), Rc::clone(&text));
        Ok(text)
    }

    fn spend(&mut self, bytes: usize) -> Result<(), FlawKind> {
        self.gave_up |= !self.bytes.take(bytes as u64);
        if self.gave_up { Err(FlawKind::IncludeTooMany) } else { Ok(()) }
    }

    /// What the directive pastes.
    fn content(
        &mut self,
        directive: &Directive<'_>,
        folder: &RelPath,
        place: &Place,
    ) -> Result<(RelPath, Mapped<'static>), FlawKind> {
        let (Directive::Include { path: written, .. } | Directive::Playground { path: written, .. }) =
            directive
        else {
            return Err(FlawKind::IncludeTooMany);
        };
        self.gave_up |= !self.includes.take(1);
        self.spend(0)?;
        let (path, part) = split_part(written);
        let target = folder.join(path).map_err(|leaves| FlawKind::IncludeLeaves(leaves.0))?;
        let text = self.text(&target, path)?;
        let rustdoc = matches!(directive, Directive::Include { rustdoc: true, .. });
        let file = File { path: &target, text: &text, place };
        let content = match directive {
            Directive::Playground { attributes, .. } => Ok(file.playground(attributes)),
            _ => file.part(part, rustdoc, &self.near),
        };
        let content = match content {
            Ok(content) => {
                let (target, part) = (target.clone(), part.to_owned());
                self.found.includes.push(IncludeFact { target, part, place: place.clone() });
                content
            }
            Err(kind) => {
                // As in mdBook, nothing is shown of a part that is not there; around it, hidden lines stay.
                let shown = if rustdoc { file.lines_with_context(&(0..0)) } else { Mapped::empty() };
                self.flaw(kind, place.clone());
                shown
            }
        };
        self.spend(content.text().len())?;
        Ok((target, content))
    }
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
    text: &'f Text,
    place: &'f Place,
}

impl File<'_> {
    /// The part of the file that a directive names.
    fn part(&self, part: &str, rustdoc: bool, near: &Nearest) -> Result<Mapped<'static>, FlawKind> {
        match Part::parse(part) {
            Part::Item(name) => self.item(name, near),
            Part::Lines(lines) if lines.start > 0 && lines.start >= self.text.regions().lines.len() => {
                Err(FlawKind::IncludeLines {
                    path: self.path.clone(),
                    lines: part.to_owned(),
                    count: self.text.regions().lines.len(),
                })
            }
            Part::Lines(lines) if rustdoc => Ok(self.lines_with_context(&lines)),
            Part::Lines(lines) => Ok(self.lines(&lines)),
            Part::Anchor(name) if rustdoc => self.anchored_with_context(name, near),
            Part::Anchor(name) => self.anchored(name, near),
        }
    }

    /// Whole lines joined by newlines, each preceded by `# ` where it is only context.
    fn join(&self, lines: impl Iterator<Item = (bool, usize)>) -> Mapped<'static> {
        let mut out = Mapped::empty();
        let mut first = true;
        for (context, number) in lines {
            let Some((at, end)) = self.text.regions().lines.get(number).copied() else { continue };
            let here = Place { file: self.path.clone(), span: crate::base::Span::new(at, at) };
            if !first {
                out.push_made("\n", &here);
            }
            first = false;
            if context {
                out.push_made("# ", &here);
            }
            out.push_verbatim(self.text.text.get(at..end).unwrap_or(""), self.path, at);
        }
        out
    }

    fn lines(&self, range: &Range<usize>) -> Mapped<'static> {
        let text = &self.text.text;
        if *range == (0..usize::MAX) && !text.contains('\r') {
            // All of it: one segment instead of one for each line.
            let mut out = Mapped::empty();
            out.push_verbatim(text.strip_suffix('\n').unwrap_or(text), self.path, 0);
            return out;
        }
        let end = range.end.min(self.text.regions().lines.len());
        self.join((range.start..end).map(|line| (false, line)))
    }

    fn lines_with_context(&self, range: &Range<usize>) -> Mapped<'static> {
        self.join((0..self.text.regions().lines.len()).map(|line| (!range.contains(&line), line)))
    }

    /// The lines after a region's beginning, up to its end, without those that only mark.
    fn anchored(&self, name: &str, near: &Nearest) -> Result<Mapped<'static>, FlawKind> {
        let regions = self.text.regions();
        let Some((from, to)) = regions.named.get(name).copied() else {
            return Err(self.no_anchor(name, near));
        };
        let to = to.min(regions.lines.len());
        Ok(self.join(
            (from + 1..to).filter(|line| regions.marks.get(*line) == Some(&false)).map(|line| (false, line)),
        ))
    }

    fn anchored_with_context(&self, name: &str, near: &Nearest) -> Result<Mapped<'static>, FlawKind> {
        let regions = self.text.regions();
        if !regions.named.contains_key(name) {
            return Err(self.no_anchor(name, near));
        }
        let mut lines = Vec::new();
        let mut inside = false;
        for (number, (at, end)) in regions.lines.iter().enumerate() {
            match marker(self.text.text.get(*at..*end).unwrap_or("")) {
                Some((end, anchor)) if anchor == name => inside = !end,
                Some(_) => {}
                None => lines.push((!inside, number)),
            }
        }
        Ok(self.join(lines.into_iter()))
    }

    fn no_anchor(&self, name: &str, near: &Nearest) -> FlawKind {
        let known = self.text.regions().names.iter().map(String::as_str);
        let nearest = near.find(&format!("{}:", self.path), name, known);
        FlawKind::IncludeAnchor { path: self.path.clone(), anchor: name.to_owned(), nearest }
    }

    fn item(&self, name: &str, near: &Nearest) -> Result<Mapped<'static>, FlawKind> {
        let items = self.text.items();
        let Some(item) = items.named(name) else {
            let known = items.list().iter().map(|item| item.path.as_str());
            let nearest = near.find(&format!("{}#", self.path), name, known);
            return Err(FlawKind::IncludeItem { path: self.path.clone(), item: name.to_owned(), nearest });
        };
        let mut out = Mapped::empty();
        let text = self.text.text.get(item.span.range()).unwrap_or("");
        out.push_verbatim(text, self.path, item.span.start as usize);
        Ok(out)
    }

    fn playground(&self, attributes: &[&str]) -> Mapped<'static> {
        let mut out = Mapped::empty();
        let comma = if attributes.is_empty() { "" } else { "," };
        out.push_made(&format!("```rust{comma}{}\n", attributes.join(",")), self.place);
        out.push_verbatim(&self.text.text, self.path, 0);
        out.push_made(if self.text.text.ends_with('\n') { "```\n" } else { "\n```\n" }, self.place);
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

/// The directives of a text, in order. What was looked for far ahead is remembered, so that a line of thousands of `{{`
/// is read once.
struct Directives<'t> {
    text: &'t str,
    at: usize,
    /// The last `}` that was looked for, from where on; past the end if there is none.
    brace: (usize, usize),
    /// Up to here no escaped directive ends.
    barren: usize,
}

impl<'t> Directives<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, at: 0, brace: (0, 0), barren: 0 }
    }

    fn next(&mut self) -> Option<(Range<usize>, Directive<'t>)> {
        let (text, from) = (self.text, self.at);
        loop {
            let open = self.at + text.get(self.at..)?.find("{{")?;
            let escaped =
                open > from && text.as_bytes()[open - 1] == b'\\' && text[open + 2..].starts_with('#');
            if escaped {
                if let Some(end) = self.escaped_end(open) {
                    self.at = end;
                    return Some((open - 1..end, Directive::Escaped));
                }
            } else if let Some((end, directive)) = self.directive(open) {
                self.at = end;
                return Some((open..end, directive));
            }
            self.at = open + 1;
        }
    }

    /// The end of the last `}}` on the line.
    fn escaped_end(&mut self, open: usize) -> Option<usize> {
        if open < self.barren {
            return None;
        }
        let line_end = self.text[open..].find('\n').map_or(self.text.len(), |n| open + n);
        let close = self.text[open + 3..line_end].rfind("}}");
        if close.is_none() {
            self.barren = line_end;
        }
        close.map(|close| open + 3 + close + 2)
    }

    /// The first `}` at or after a place.
    fn brace(&mut self, from: usize) -> Option<usize> {
        let (asked, found) = self.brace;
        if !(asked <= from && from <= found) || found == 0 {
            let found = self.text[from..].find('}').map_or(usize::MAX, |at| from + at);
            self.brace = (from, found);
        }
        Some(self.brace.1).filter(|found| *found < self.text.len())
    }

    fn directive(&mut self, open: usize) -> Option<(usize, Directive<'t>)> {
        let text = self.text;
        let rest = text[open + 2..].trim_start().strip_prefix('#')?;
        let word_end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
        let (word, rest) = rest.split_at(word_end);
        if !rest.starts_with(char::is_whitespace) {
            return None;
        }
        let begin = text.len() - rest.len();
        let brace = self.brace(begin)?;
        if !text[brace..].starts_with("}}") {
            return None;
        }
        let arguments = text[begin..brace].trim_start();
        let end = brace + 2;
        if word == "title" && !arguments.is_empty() {
            return Some((end, Directive::Title(arguments)));
        }
        let mut words = arguments.split_whitespace();
        let path = words.next()?;
        let directive = match word {
            // `verbatim` behind the path, beyond mdBook: directives in the quoted text stay as they are.
            "include" => {
                Directive::Include { path, rustdoc: false, verbatim: words.next() == Some("verbatim") }
            }
            "rustdoc_include" => Directive::Include { path, rustdoc: true, verbatim: false },
            "playground" | "playpen" => Directive::Playground { path, attributes: words.collect() },
            _ => return None,
        };
        Some((end, directive))
    }
}
