//! The navigation: one flat list in reading order, with depths and parents.

use super::{Parts, StructureFlaw, is_markdown, is_readme};
use crate::base::RelPath;
use crate::diag::Place;
use crate::markdown::{Doc, Entry, Item, Summary, Value};
use std::collections::BTreeMap;

/// The navigation of a site.
#[derive(Debug, Default)]
pub struct Nav {
    /// In reading order.
    pub items: Vec<NavItem>,
    /// Whether it was made from folders.
    pub from_folders: bool,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NavKind {
    /// A page, or one still to be written.
    Chapter,
    /// A part's title.
    Part,
    /// A line.
    Separator,
}

/// One line of the navigation.
#[derive(Debug)]
pub struct NavItem {
    /// What it is.
    pub kind: NavKind,
    /// What it says.
    pub title: String,
    /// The chapter's section number.
    pub number: Option<Vec<u32>>,
    /// The chapter's file, from the repository's root; none for drafts.
    pub source: Option<RelPath>,
    /// The chapter's page, once there is one.
    pub page: Option<super::PageId>,
    /// The item it stands below.
    pub parent: Option<usize>,
    /// 0 for the top level.
    pub depth: usize,
    /// Items directly below.
    pub children: Vec<usize>,
}

impl Nav {
    fn push(&mut self, kind: NavKind, title: String, parent: Option<usize>) -> usize {
        let depth = parent.map_or(0, |at| self.items[at].depth + 1);
        let at = self.items.len();
        self.items.push(NavItem {
            kind,
            title,
            number: None,
            source: None,
            page: None,
            parent,
            depth,
            children: Vec::new(),
        });
        if let Some(parent) = parent {
            self.items[parent].children.push(at);
        }
        at
    }

    /// Items from the root to `at`, `at` left out.
    pub fn ancestors(&self, at: usize) -> Vec<usize> {
        let mut out = Vec::new();
        let mut parent = self.items.get(at).and_then(|item| item.parent);
        while let Some(at) = parent {
            out.push(at);
            parent = self.items[at].parent;
        }
        out.reverse();
        out
    }

    /// Items of the top level.
    pub fn roots(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.items.len()).filter(|at| self.items[*at].parent.is_none())
    }
}

/// Reads a summary into a navigation; what it lists and is not there, or is no page, is flaw.
pub(super) fn from_summary(
    summary: &Summary,
    file: &RelPath,
    parts: &Parts<'_>,
) -> (Nav, Vec<StructureFlaw>) {
    let mut reader = SummaryReader { nav: Nav::default(), flaws: Vec::new(), file, parts };
    for (message, span) in &summary.problems {
        reader.flaws.push(StructureFlaw::Summary(message.clone(), Place { file: file.clone(), span: *span }));
    }
    for item in &summary.items {
        match item {
            Item::Entry(entry) => reader.entry(entry, None),
            Item::Part(title) => drop(reader.nav.push(NavKind::Part, title.clone(), None)),
            Item::Separator => drop(reader.nav.push(NavKind::Separator, String::new(), None)),
        }
    }
    (reader.nav, reader.flaws)
}

struct SummaryReader<'r, 'p> {
    nav: Nav,
    flaws: Vec<StructureFlaw>,
    file: &'r RelPath,
    parts: &'r Parts<'p>,
}

impl SummaryReader<'_, '_> {
    fn entry(&mut self, entry: &Entry, parent: Option<usize>) {
        let at = self.nav.push(NavKind::Chapter, entry.name.clone(), parent);
        self.nav.items[at].number.clone_from(&entry.number);
        if let Some(target) = &entry.target {
            let place = Place { file: self.file.clone(), span: entry.span };
            self.nav.items[at].source = self.file_of(target, place);
        }
        for child in &entry.children {
            self.entry(child, Some(at));
        }
    }

    fn file_of(&mut self, target: &str, place: Place) -> Option<RelPath> {
        let web = target.contains("://") || target.starts_with("mailto:");
        if web || target.contains('#') {
            let why = if web {
                "an address on the web is no page of the book"
            } else {
                "a section is no page of its own"
            };
            self.flaws.push(StructureFlaw::ForeignChapter(target.to_owned(), why, place));
            return None;
        }
        let path = self
            .parts
            .config
            .src
            .join(target)
            .ok()
            .filter(|path| path.below(&self.parts.config.src).is_some());
        let Some(path) = path else {
            let why = "it lies outside the source folder";
            self.flaws.push(StructureFlaw::ForeignChapter(target.to_owned(), why, place));
            return None;
        };
        let missing = self.parts.without_file.contains(&path);
        let there = self.parts.docs.contains_key(&path);
        if missing || !there {
            self.flaws.push(StructureFlaw::MissingChapter(target.to_owned(), place));
        }
        there.then_some(path)
    }
}

/// A page of the folder listing, sorted by weight, then name.
type Folder<'p> = BTreeMap<(i64, String), (RelPath, Option<&'p Doc>)>;

/// The order without a summary: in each folder its front page, then pages and folders by `weight` or `order` of
/// their front matter, then by name.
pub(super) fn from_folders(parts: &Parts<'_>) -> Nav {
    let mut nav = Nav { items: Vec::new(), from_folders: true };
    let mut folders: BTreeMap<RelPath, Vec<RelPath>> = BTreeMap::new();
    let pages = parts.docs.keys().filter(|path| {
        is_markdown(path) && path.below(&parts.config.src).is_some_and(|path| path.as_str() != "404.md")
    });
    for page in pages {
        let mut folder = page.parent();
        folders.entry(folder.clone()).or_default().push(page.clone());
        // Folders without pages of their own still hold the ones below together.
        while folder != parts.config.src {
            let parent = folder.parent();
            let children = folders.entry(parent.clone()).or_default();
            if !children.contains(&folder) {
                children.push(folder.clone());
            }
            folder = parent;
        }
    }
    folder(&mut nav, parts, &folders, &parts.config.src, None, 0);
    let mut next = 0;
    for at in 0..nav.items.len() {
        if nav.items[at].parent.is_none() {
            next += 1;
            number(&mut nav, at, &[next]);
        }
    }
    nav
}

fn doc<'p>(parts: &'p Parts<'_>, path: &RelPath) -> Option<&'p Doc> {
    parts.docs.get(path).and_then(|doc| doc.as_ref().ok()).map(|doc| &**doc)
}

fn is_front(path: &RelPath) -> bool {
    is_markdown(path) && (is_readme(path) || path.stem() == "index")
}

fn folder(
    nav: &mut Nav,
    parts: &Parts<'_>,
    folders: &BTreeMap<RelPath, Vec<RelPath>>,
    at: &RelPath,
    parent: Option<usize>,
    depth: usize,
) {
    let Some(children) = folders.get(at) else { return };
    let front = children.iter().find(|path| is_front(path));
    let mut here = parent;
    if let Some(front) = front {
        let item = chapter(nav, parts, front, parent);
        if !at.is_root() && *at != parts.config.src {
            here = Some(item);
        }
    } else if *at != parts.config.src {
        let item = nav.push(NavKind::Chapter, title_from_name(at.file_name()), parent);
        here = Some(item);
    }
    let mut sorted: Folder<'_> = BTreeMap::new();
    for path in children.iter().filter(|path| Some(*path) != front) {
        let own = if is_markdown(path) && parts.docs.contains_key(path) {
            doc(parts, path)
        } else {
            folders
                .get(path)
                .and_then(|below| below.iter().find(|path| is_front(path)))
                .and_then(|front| doc(parts, front))
        };
        sorted.insert((weight(own), path.as_str().to_owned()), (path.clone(), own));
    }
    for (path, _) in sorted.into_values() {
        if parts.docs.contains_key(&path) {
            chapter(nav, parts, &path, here);
        } else if depth < 64 {
            folder(nav, parts, folders, &path, here, depth + 1);
        }
    }
}

fn weight(doc: Option<&Doc>) -> i64 {
    let front = doc.map(|doc| &doc.facts.front);
    let get = |key: &str| front.and_then(|front| front.get(key));
    match get("weight").or_else(|| get("order")) {
        Some(Value::Integer(weight)) => *weight,
        _ => i64::MAX,
    }
}

fn chapter(nav: &mut Nav, parts: &Parts<'_>, path: &RelPath, parent: Option<usize>) -> usize {
    let facts = doc(parts, path).map(|doc| &doc.facts);
    let title = facts
        .and_then(|facts| {
            facts
                .front
                .text("title")
                .map(str::to_owned)
                .or_else(|| facts.headings.first().map(|heading| heading.text.clone()))
        })
        .filter(|title| !title.trim().is_empty())
        .unwrap_or_else(|| title_from_name(path.stem()));
    let at = nav.push(NavKind::Chapter, title, parent);
    nav.items[at].source = Some(path.clone());
    at
}

fn number(nav: &mut Nav, at: usize, own: &[u32]) {
    nav.items[at].number = Some(own.to_vec());
    for (child, n) in nav.items[at].children.clone().into_iter().zip(1..) {
        let mut below = own.to_vec();
        below.push(n);
        number(nav, child, &below);
    }
}

/// `02-getting_started` as words.
fn title_from_name(name: &str) -> String {
    let bare = name.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches(['-', '_', '.']);
    let bare = if bare.is_empty() { name } else { bare };
    let words = bare.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
