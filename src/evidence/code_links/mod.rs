//! Places in code that pages point at: `[…](src/search.rs#L10)`, `[…](src/search.rs#Limits)`, the same below the address
//! of the repository's own forge, and `src/search.rs:10` as inline code. The repository is a closed world: whether a
//! line or an item is there is known.

mod code_link;

use super::check::Check;
use super::{Base, Context, Evidence, Reads};
use crate::base::{LineIndex, LinePairs, RelPath, Span, percent_decode};
use crate::config::Config;
use crate::diag::Place;
use crate::evidence::shelf::Shelf;
use crate::markdown::{LinkKind, cited};
use crate::model::{PageId, Site, Target, is_markdown};
use crate::world::{PathKind, World};
use std::collections::HashMap;
use std::rc::Rc;

/// A place in code that a page points at.
#[derive(Clone, Debug)]
pub struct CodeLink {
    /// The page.
    pub page: PageId,
    /// The words that name the line or the item.
    pub place: Place,
    /// `src/search.rs#L10`.
    pub subject: String,
    /// What is there.
    pub outcome: Outcome,
}

/// What is at a place in code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A line or an item.
    There,
    /// The file has so many lines.
    NoLine(usize),
    /// No such item; a name that may be meant.
    NoItem(Option<String>),
    /// Its own forge would show nothing: no such file; one that may be meant.
    NoFile,
    /// The change moves the line to another number.
    Shifted(u32),
    /// The change takes the line away.
    Rewritten,
}

/// How the lines of a file moved where the change under review touched it.
struct Before {
    text: String,
    index: LineIndex,
    pairs: LinePairs,
}

struct LinkedCodeReader<'w> {
    world: &'w dyn World,
    change: Option<Base<'w>>,
    shelf: Shelf<'w>,
    /// How many lines a file has, and how they moved.
    lines: HashMap<RelPath, (usize, Option<Rc<Before>>)>,
}

/// What a fragment or a suffix asks for.
enum Wanted<'w> {
    Line(u32),
    Item(&'w str),
    Nothing,
}

/// Judges all places in code that pages point at.
pub fn read(world: &dyn World, config: &Config, site: &Site, change: Option<Base<'_>>) -> Vec<CodeLink> {
    let mut reader = LinkedCodeReader { world, change, shelf: Shelf::new(world), lines: HashMap::new() };
    let mut out = Vec::new();
    for (id, page) in site.pages.iter().enumerate() {
        for (link, target) in page.doc.facts.links.iter().zip(&page.targets) {
            if link.kind == LinkKind::Image {
                continue;
            }
            let written = link.target.as_str();
            let fragment = written.split_once('#').map(|(_, fragment)| fragment);
            let (file, own) = match target {
                Target::InRepository(file) | Target::File(file) if fragment.is_some() => {
                    (file.clone(), false)
                }
                Target::External => match own_address(config, written) {
                    Some(file) => (file, true),
                    None => continue,
                },
                _ => continue,
            };
            let file = if matches!(target, Target::File(_)) {
                site.src().join(file.as_str()).unwrap_or(file)
            } else {
                file
            };
            let place = link.target_place.as_ref().unwrap_or(&link.place);
            if let Some(outcome) = reader.judge(&file, fragment.unwrap_or(""), own) {
                let place = reader.within(place, fragment.unwrap_or(written));
                let subject =
                    fragment.map_or_else(|| file.to_string(), |fragment| format!("{file}#{fragment}"));
                out.push(CodeLink { page: id, place, subject, outcome });
            }
        }
        in_code(&mut reader, id, &page.source, change, &mut out);
    }
    out
}

/// The file of an address below the repository's own, on a branch that is not a version of the past.
fn own_address(config: &Config, written: &str) -> Option<RelPath> {
    let own = config.html.repository.as_deref()?.trim_end_matches('/');
    let rest = written.strip_prefix(own)?.strip_prefix("/-").or_else(|| written.strip_prefix(own))?;
    let rest = rest.strip_prefix("/blob/").or_else(|| rest.strip_prefix("/tree/"))?;
    let (branch, path) = rest.split_once('/')?;
    let path = path.split(['#', '?']).next().unwrap_or(path);
    matches!(branch, "main" | "master" | "HEAD" | "trunk" | "develop")
        .then(|| RelPath::parse(&percent_decode(path)).ok())
        .flatten()
}

/// `L10`, `L10-L20`, `L10C3`: the first line.
fn wanted(fragment: &str) -> Wanted<'_> {
    let digits =
        fragment.strip_prefix('L').map(|rest| &rest[..rest.bytes().take_while(u8::is_ascii_digit).count()]);
    if let Some(line) = digits.and_then(|digits| digits.parse().ok()) {
        return Wanted::Line(line);
    }
    let is_name = fragment.split("::").all(|part| {
        !part.is_empty()
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !part.starts_with(|c: char| c.is_ascii_digit())
    });
    if is_name { Wanted::Item(fragment) } else { Wanted::Nothing }
}

impl LinkedCodeReader<'_> {
    /// The part of a place that spells some words; the place itself if it does not.
    fn within(&self, place: &Place, words: &str) -> Place {
        let file = self.shelf.file(&place.file).ok();
        let written = file.as_ref().and_then(|file| file.text().get(place.span.range()));
        match written.and_then(|written| written.rfind(words)) {
            Some(at) if !words.is_empty() => {
                let from = place.span.start as usize + at;
                Place { file: place.file.clone(), span: Span::new(from, from + words.len()) }
            }
            _ => place.clone(),
        }
    }

    /// How many lines a file has, and how they moved where the change touched it.
    fn lines(&mut self, path: &RelPath) -> Option<(usize, Option<Rc<Before>>)> {
        if let Some(known) = self.lines.get(path) {
            return Some(known.clone());
        }
        let file = self.shelf.file(path).ok()?;
        let changed = self.change.filter(|change| change.changed.binary_search(path).is_ok());
        let before = changed.and_then(|change| change.world.text(path).ok()).map(|text| {
            let (index, pairs) = (LineIndex::new(&text), LinePairs::of(&text, file.text()));
            Rc::new(Before { text, index, pairs })
        });
        let found = (file.text().lines().count(), before);
        self.lines.insert(path.clone(), found.clone());
        Some(found)
    }

    fn judge(&mut self, path: &RelPath, fragment: &str, own: bool) -> Option<Outcome> {
        if own && self.world.kind(path).is_none() {
            return Some(Outcome::NoFile);
        }
        if is_markdown(path) || self.world.kind(path) != Some(PathKind::File) {
            return own.then_some(Outcome::There);
        }
        match wanted(fragment) {
            Wanted::Line(line) => self.line(path, line),
            Wanted::Item(name) if path.extension() == Some("rs") => {
                let file = self.shelf.file(path).ok()?;
                if file.item(name).is_some() {
                    return Some(Outcome::There);
                }
                let names = file.items().list().iter().map(|item| item.path.as_str());
                Some(Outcome::NoItem(self.shelf.near.find(path.as_str(), name, names)))
            }
            _ => own.then_some(Outcome::There),
        }
    }

    fn line(&mut self, path: &RelPath, line: u32) -> Option<Outcome> {
        let (lines, before) = self.lines(path)?;
        let Some(before) = before else {
            return Some(if line as usize > lines || line == 0 {
                Outcome::NoLine(lines)
            } else {
                Outcome::There
            });
        };
        // What the page pointed at is what stood there before.
        let blank = before.index.line(&before.text, line).trim().len() < 2;
        Some(match before.pairs.kept(line) {
            Some(now) if now != line => Outcome::Shifted(now),
            None if line as usize > lines => Outcome::NoLine(lines),
            None if !blank => Outcome::Rewritten,
            _ => Outcome::There,
        })
    }
}

/// `src/search.rs:10` as inline code.
fn in_code(
    reader: &mut LinkedCodeReader<'_>,
    id: PageId,
    page: &RelPath,
    change: Option<Base<'_>>,
    out: &mut Vec<CodeLink>,
) {
    // Only a change asks for more than what the page's links say: reading all pages again costs as much as they do.
    let Some(change) = change else { return };
    let Ok(text) = reader.world.text(page) else { return };
    if !has_line_numbers(&text) {
        return;
    }
    let index = LineIndex::new(&text);
    let written = change.changed.binary_search(page).ok().and_then(|_| change.world.text(page).ok());
    let pairs = written.map(|before| LinePairs::of(&before, &text));
    for piece in cited(&text).into_iter().filter(|piece| piece.block.is_none()) {
        let Some((path, line)) = piece.text.rsplit_once(':') else { continue };
        let (Ok(file), Ok(number)) = (RelPath::parse(path), line.parse::<u32>()) else { continue };
        // Whoever writes the line now has seen the code.
        let is_new =
            pairs.as_ref().is_some_and(|pairs| pairs.is_added(index.position(&text, piece.span.start).line));
        if !path.contains('/') || reader.world.kind(&file) != Some(PathKind::File) {
            continue;
        }
        let outcome = if is_new {
            reader.lines(&file).map(|(lines, _)| {
                if number as usize > lines { Outcome::NoLine(lines) } else { Outcome::There }
            })
        } else {
            reader.line(&file, number)
        };
        if let Some(outcome) = outcome {
            let end = piece.span.end as usize;
            let place = Place { file: page.clone(), span: Span::new(end - line.len(), end) };
            out.push(CodeLink { page: id, place, subject: piece.text.clone(), outcome });
        }
    }
}

/// Whether a text has `.x:1` anywhere, which is what a place in a file looks like.
fn has_line_numbers(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is = |at: usize, test: fn(&u8) -> bool| bytes.get(at).is_some_and(test);
    text.match_indices(':').any(|(at, _)| {
        at > 2
            && is(at + 1, u8::is_ascii_digit)
            && bytes[at - 1].is_ascii_alphabetic()
            && bytes[at.saturating_sub(5)..at].contains(&b'.')
    })
}

/// Places in code that pages point at.
pub struct CodeLinks {
    /// By page and place.
    pub list: Vec<CodeLink>,
}

impl Evidence for CodeLinks {
    const NAME: &'static str = "code_links";
    const READS: &'static [Reads] = &[Reads::Sources, Reads::Base];
    const CHECKS: &'static [&'static Check] = &[&code_link::CHECK];

    fn read(cx: &Context<'_>) -> Self {
        Self { list: read(cx.world, cx.config, cx.site(), cx.base) }
    }
}
