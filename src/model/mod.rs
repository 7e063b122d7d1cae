//! The site: pages, navigation, and where every link leads. Built once from parsed pages, then only read.

mod nav;
mod resolve;

pub use nav::{Nav, NavItem, NavKind};
pub use resolve::{Missing, Target, relative};

use crate::base::{Glob, RelPath};
use crate::config::Config;
use crate::diag::Place;
use crate::markdown::{Doc, Summary};
use crate::world::Changes;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Index of a page in [`Site::pages`].
pub type PageId = usize;

/// How pages are read by people: on the site that is built, or on a forge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A book: pages become a site.
    Book,
    /// Markdown files read where they lie.
    Forge,
}

/// Bytes of Markdown, with what it quotes, of the largest book that gets a page of all of it for printing: some 4,000
/// pages of 4 KB. That is 26 MB of HTML, which is in memory several times while it is rendered: of a book of 50,000 pages it was
/// 320 MB and the largest part of a build's memory.
pub const MOST_PRINTED: usize = 16 << 20;

/// One page.
#[derive(Debug)]
pub struct Page {
    /// Its file, from the repository's root.
    pub source: RelPath,
    /// Its file below the source folder.
    pub path: RelPath,
    /// Where it stands on the site.
    pub url: String,
    /// Its title in the navigation.
    pub title: String,
    /// Its section number.
    pub number: Option<Vec<u32>>,
    /// What was read from it.
    pub doc: Arc<Doc>,
    /// Where each of the facts' links leads, in their order.
    pub targets: Vec<Target>,
    /// Its ids, sorted by name, each once: indices into the facts' ids.
    ids: Box<[u32]>,
    /// On a forge: its ids in lower case without dashes at their ends, sorted.
    pub bare_ids: Vec<String>,
    /// Page kind, by front matter or folder.
    pub kind: Option<String>,
    /// Its place in the navigation, if it is listed.
    pub nav: Option<usize>,
}

impl Page {
    /// Whether an element of the page has this id.
    pub fn has_id(&self, id: &str) -> bool {
        self.ids.binary_search_by(|known| self.id(*known).cmp(id)).is_ok()
    }

    /// Its ids, sorted, each once.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(|at| self.id(*at))
    }

    fn id(&self, at: u32) -> &str {
        self.doc.facts.ids.get(at as usize).map_or("", |id| &id.name)
    }

    /// The file, for findings about all of it.
    pub fn place(&self) -> Place {
        Place::whole(self.source.clone())
    }
}

/// Something wrong with the book's structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StructureFlaw {
    /// `SUMMARY.md` cannot be read as one.
    Summary(String, Place),
    /// A chapter without a file: as listed.
    MissingChapter(String, Place),
    /// A chapter that is no page: as listed, and why.
    ForeignChapter(String, &'static str, Place),
    /// Two pages, or a page and a file, want one place on the site.
    Collision(String, Place, Place),
    /// A page at the address of one that oathbook makes.
    TakesMadePage(String, Place),
    /// A file name that some system cannot have.
    ReservedName(RelPath, &'static str),
    /// A page that cannot be read, and why.
    Unreadable(RelPath, String),
}

/// A redirect of the configuration.
#[derive(Clone, Debug)]
pub struct Redirect {
    /// The old address below the site's root, without a fragment.
    pub from: String,
    /// The old fragment, if only one section moved.
    pub fragment: Option<String>,
    /// The new address as written.
    pub to: String,
    /// Where it is written.
    pub place: Option<Place>,
}

/// A whole site.
#[derive(Debug)]
pub struct Site {
    /// How it is read.
    pub mode: Mode,
    /// Pages in reading order; unlisted ones are not among them in a book.
    pub pages: Vec<Page>,
    /// The navigation.
    pub nav: Nav,
    /// Other files of the source folder, below it.
    pub files: BTreeSet<RelPath>,
    /// Markdown files of the source folder that no summary lists, below it.
    pub unlisted: BTreeSet<RelPath>,
    /// Redirects.
    pub redirects: Vec<Redirect>,
    /// What is wrong with the structure.
    pub flaws: Vec<StructureFlaw>,
    /// Files of the source folder that only the team sees, from the repository's root; left out of a public build.
    pub internal: BTreeSet<RelPath>,
    /// Width and height of pictures in pixels, by their path below the source folder.
    pub image_sizes: BTreeMap<RelPath, (u32, u32)>,
    /// When each file was changed last, if anybody wants to know.
    pub changes: Option<Changes>,
    /// On a forge: folders whose pages another generator turns into a site.
    pub generated: BTreeSet<RelPath>,
    /// Where things of APIs stand, by the name that `api:` links give; known once their pages are made.
    pub api_addresses: BTreeMap<String, String>,
    by_path: HashMap<RelPath, PageId>,
    by_url: HashMap<String, PageId>,
    /// Pages by their file's name, without folders.
    by_name: HashMap<String, Vec<PageId>>,
    /// Addresses that are no pages: made files and redirects.
    made: BTreeSet<String>,
    redirect_by_url: HashMap<String, usize>,
    /// Fragments of pages that are sent elsewhere, by the page's address.
    moved_fragments: HashMap<String, HashSet<String>>,
    /// Pages by their file's folder.
    by_folder: HashMap<RelPath, Vec<PageId>>,
    src: RelPath,
}

/// What a site is built from; reading files is over by then.
pub struct Parts<'p> {
    /// The configuration.
    pub config: &'p Config,
    /// How it is read.
    pub mode: Mode,
    /// The parsed summary and its file, if there is one.
    pub summary: Option<(Summary, RelPath)>,
    /// All files of the source folder, from the repository's root.
    pub files: Vec<RelPath>,
    /// Parsed pages by file, or why one cannot be read.
    pub docs: BTreeMap<RelPath, Result<Arc<Doc>, String>>,
    /// Listed chapters without a file; their docs hold the title alone.
    pub without_file: std::collections::BTreeSet<RelPath>,
    /// See [`Site::generated`].
    pub generated: Vec<RelPath>,
    /// See [`Site::internal`].
    pub internal: BTreeSet<RelPath>,
    /// Whether something is at a path of the repository, beside the source folder's files.
    pub exists: &'p (dyn Fn(&RelPath) -> bool + Sync),
}

/// Whether a file is a page's.
pub fn is_markdown(path: &RelPath) -> bool {
    matches!(path.extension(), Some("md" | "markdown"))
}

/// Whether a file is a folder's front page.
pub fn is_readme(path: &RelPath) -> bool {
    path.stem().eq_ignore_ascii_case("readme")
}

impl Site {
    /// Puts the parts together.
    pub fn build(parts: Parts<'_>) -> Self {
        let src = if parts.mode == Mode::Book { parts.config.src.clone() } else { RelPath::root() };
        let mut site = Self {
            mode: parts.mode,
            pages: Vec::new(),
            nav: Nav::default(),
            files: BTreeSet::new(),
            unlisted: BTreeSet::new(),
            redirects: redirects(parts.config),
            flaws: Vec::new(),
            generated: parts.generated.iter().cloned().collect(),
            internal: parts.internal.clone(),
            image_sizes: BTreeMap::new(),
            changes: None,
            api_addresses: BTreeMap::new(),
            by_path: HashMap::new(),
            by_url: HashMap::new(),
            by_name: HashMap::new(),
            made: BTreeSet::new(),
            redirect_by_url: HashMap::new(),
            moved_fragments: HashMap::new(),
            by_folder: HashMap::new(),
            src,
        };
        site.add_pages(&parts);
        site.add_files(&parts);
        site.add_made(parts.config);
        site.name_troubles();
        site.resolve(parts.config, parts.exists);
        site
    }

    /// The page of a file below the source folder.
    pub fn page_at(&self, path: &RelPath) -> Option<PageId> {
        self.by_path.get(path).copied()
    }

    /// The page at an address.
    pub fn page_by_url(&self, url: &str) -> Option<PageId> {
        self.by_url.get(url).copied()
    }

    /// The pages whose file has this name, in whatever folder.
    pub fn pages_named(&self, name: &str) -> &[PageId] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// The pages whose file is in a folder itself.
    pub fn pages_in(&self, folder: &RelPath) -> &[PageId] {
        self.by_folder.get(folder).map_or(&[], Vec::as_slice)
    }

    /// Whether a redirect sends readers of a page's section elsewhere.
    pub fn moves_fragment(&self, url: &str, fragment: &str) -> bool {
        self.moved_fragments.get(url).is_some_and(|fragments| fragments.contains(fragment))
    }

    /// What the person on call sees, by the runbooks' front matter, and the runbook that says what to do; sorted.
    pub fn symptoms(&self) -> Vec<(String, PageId)> {
        let is_asked = |page: &Page| matches!(page.kind.as_deref(), Some("runbook" | "known-issue"));
        let mut out: Vec<(String, PageId)> = Vec::new();
        for (id, page) in self.pages.iter().enumerate().filter(|(_, page)| is_asked(page)) {
            let symptoms = page.doc.facts.front.texts("symptoms").into_iter();
            out.extend(symptoms.map(|symptom| (symptom.to_owned(), id)));
        }
        out.sort_by_key(|(symptom, page)| (symptom.to_lowercase(), *page));
        out
    }

    /// What runbooks are for, by their front matter's `task`, and the runbook; sorted.
    pub fn tasks(&self) -> Vec<(String, PageId)> {
        let runbooks =
            self.pages.iter().enumerate().filter(|(_, page)| page.kind.as_deref() == Some("runbook"));
        let task = |page: &Page| page.doc.facts.front.text("task").map(str::to_owned);
        let mut out: Vec<(String, PageId)> =
            runbooks.filter_map(|(id, page)| Some((task(page)?, id))).collect();
        out.sort();
        out
    }

    /// Whether another generator turns a page into its site.
    pub fn is_generated(&self, page: &Page) -> bool {
        self.is_generated_folder(&page.source.parent())
    }

    /// Whether another generator turns the pages of a folder into its site.
    pub fn is_generated_folder(&self, folder: &RelPath) -> bool {
        if self.generated.is_empty() {
            return false;
        }
        let mut at = folder.clone();
        loop {
            if self.generated.contains(&at) {
                return true;
            }
            if at.is_root() {
                return false;
            }
            at = at.parent();
        }
    }

    /// Whether only the team sees a page.
    pub fn is_internal(&self, page: &Page) -> bool {
        self.internal.contains(&page.source)
    }

    /// Whether something is only missing because it is internal.
    pub fn hides(&self, missing: &Missing) -> bool {
        missing.file().is_some_and(|file| self.internal.contains(file))
    }

    /// Bytes of all pages' text, with what they quote.
    pub fn bytes(&self) -> usize {
        self.pages.iter().map(|page| page.doc.facts.bytes).sum()
    }

    /// The source folder, from the repository's root.
    pub fn src(&self) -> &RelPath {
        &self.src
    }

    /// Redirect for an address without fragment.
    pub fn redirect_for(&self, url: &str) -> Option<&Redirect> {
        self.redirects.get(*self.redirect_by_url.get(url)?)
    }

    fn add_pages(&mut self, parts: &Parts<'_>) {
        let (nav, flaws) = match &parts.summary {
            Some((summary, file)) => nav::from_summary(summary, file, parts),
            None if self.mode == Mode::Book => (nav::from_folders(parts), Vec::new()),
            None => (Nav::default(), Vec::new()),
        };
        self.flaws.extend(flaws);
        self.nav = nav;
        if self.mode == Mode::Forge {
            for (source, doc) in &parts.docs {
                self.add_page(source, doc, None, parts.config);
            }
            return;
        }
        for at in 0..self.nav.items.len() {
            let Some(path) = self.nav.items[at].source.clone() else { continue };
            // Listed twice: `summary` says so; the second entry leads to the same page.
            let known = path.below(&self.src).and_then(|path| self.page_at(&path));
            if known.is_some() {
                self.nav.items[at].page = known;
            } else if let Some(doc) = parts.docs.get(&path) {
                self.nav.items[at].page = self.add_page(&path, doc, Some(at), parts.config);
            }
        }
    }

    fn add_page(
        &mut self,
        source: &RelPath,
        doc: &Result<Arc<Doc>, String>,
        nav: Option<usize>,
        config: &Config,
    ) -> Option<PageId> {
        let doc = match doc {
            Ok(doc) => Arc::clone(doc),
            Err(why) => {
                self.flaws.push(StructureFlaw::Unreadable(source.clone(), why.clone()));
                return None;
            }
        };
        let path = source.below(&self.src)?;
        let url = self.address_of(&path, config);
        if let Some(other) = self.by_url.get(&url) {
            let place = Place::whole(self.pages[*other].source.clone());
            self.flaws.push(StructureFlaw::Collision(url, Place::whole(source.clone()), place));
            return None;
        }
        let (ids, bare_ids) = (sorted_ids(&doc), self.bare_ids(&doc));
        let item = nav.and_then(|at| self.nav.items.get(at));
        let heading = doc.facts.headings.first().map(|heading| heading.text.clone());
        let title = item.map(|item| item.title.clone()).or(heading).unwrap_or_else(|| path.stem().to_owned());
        let kind = page_kind(&doc, &path, config);
        let number = item.and_then(|item| item.number.clone());
        let id = self.pages.len();
        self.by_path.insert(path.clone(), id);
        self.by_url.insert(url.clone(), id);
        self.by_name.entry(source.file_name().to_owned()).or_default().push(id);
        self.by_folder.entry(source.parent()).or_default().push(id);
        self.pages.push(Page {
            source: source.clone(),
            path,
            url,
            title,
            number,
            doc,
            targets: Vec::new(),
            ids,
            bare_ids,
            kind,
            nav,
        });
        Some(id)
    }

    /// The address that a page of this file has, or would have.
    pub fn address_of(&self, path: &RelPath, config: &Config) -> String {
        if self.mode == Mode::Forge {
            return path.as_str().to_owned();
        }
        if config.readme_is_index && is_readme(path) {
            let folder = path.parent();
            return if folder.is_root() { "index.html".into() } else { format!("{folder}/index.html") };
        }
        path.with_extension("html").as_str().to_owned()
    }

    fn add_files(&mut self, parts: &Parts<'_>) {
        let summary = parts.summary.as_ref().map(|(_, file)| file);
        let listed: std::collections::HashSet<RelPath> = self
            .nav
            .items
            .iter()
            .filter_map(|item| item.source.clone())
            .chain(self.pages.iter().map(|page| page.source.clone()))
            .collect();
        for file in &parts.files {
            let Some(path) = file.below(&self.src) else { continue };
            if Some(file) == summary || listed.contains(file) {
                continue;
            }
            if is_markdown(&path) && path.extension() == Some("md") {
                if self.mode == Mode::Book
                    && path.as_str() != "404.md"
                    && parts.config.html.input_404.as_deref() != Some(path.as_str())
                {
                    self.unlisted.insert(path);
                }
                continue;
            }
            self.files.insert(path);
        }
        if self.mode == Mode::Book {
            for path in &self.files {
                if let Some(page) = self.by_url.get(path.as_str()) {
                    let file = Place::whole(self.src.join(path.as_str()).unwrap_or_else(|_| path.clone()));
                    let page = Place::whole(self.pages[*page].source.clone());
                    self.flaws.push(StructureFlaw::Collision(path.as_str().to_owned(), file, page));
                }
            }
        }
    }

    /// Addresses that the renderer makes.
    fn add_made(&mut self, config: &Config) {
        if self.mode == Mode::Forge {
            return;
        }
        for name in ["index.html", "404.html", "contents.html", "claims.json", "ledger.html"] {
            self.made.insert(name.to_owned());
        }
        if config.html.print && self.bytes() <= MOST_PRINTED {
            self.made.insert("print.html".to_owned());
        }
        if !self.symptoms().is_empty() {
            self.made.insert("symptoms.html".to_owned());
        }
        if !self.tasks().is_empty() {
            self.made.insert("tasks.html".to_owned());
        }
        if config.incidents.plan.is_some() {
            self.made.extend(["incidents.html", "actions.html"].map(str::to_owned));
        }
        if config.criteria.is_some() {
            self.made.insert("criteria.html".to_owned());
        }
        let is_proof =
            |mark: &crate::markdown::Mark| matches!(mark.kind, crate::markdown::MarkKind::Proof(_));
        if self.pages.iter().any(|page| page.doc.facts.marks.iter().any(is_proof)) {
            self.made.insert("proofs.html".to_owned());
        }
        if config.html.search {
            self.made.insert("search.html".to_owned());
        }
        for (at, redirect) in self.redirects.iter().enumerate() {
            match &redirect.fragment {
                None => drop(self.redirect_by_url.insert(redirect.from.clone(), at)),
                Some(fragment) => {
                    self.moved_fragments.entry(redirect.from.clone()).or_default().insert(fragment.clone());
                }
            }
        }
    }

    /// Names that cannot exist, or cannot exist side by side, on some system.
    fn name_troubles(&mut self) {
        if self.mode == Mode::Forge {
            return;
        }
        let mut folded: BTreeMap<String, RelPath> = BTreeMap::new();
        let mut flaws = Vec::new();
        let pages = self.pages.iter().map(|page| (page.url.to_lowercase(), page.source.clone()));
        let files = self.files.iter().map(|path| {
            (path.as_str().to_lowercase(), self.src.join(path.as_str()).unwrap_or_else(|_| path.clone()))
        });
        for (url, source) in pages.chain(files) {
            match folded.get(&url) {
                // The same address to the letter is reported where it is given.
                Some(other) if other.as_str() != source.as_str() && !self.files_share_with_page(&url) => {
                    flaws.push(StructureFlaw::Collision(
                        url,
                        Place::whole(source),
                        Place::whole(other.clone()),
                    ));
                }
                Some(_) => {}
                None => drop(folded.insert(url, source)),
            }
        }
        for page in &self.pages {
            let replaceable = matches!(page.url.as_str(), "index.html" | "404.html");
            if self.made.contains(&page.url) && !replaceable {
                flaws.push(StructureFlaw::TakesMadePage(page.url.clone(), page.place()));
            }
        }
        for path in self.pages.iter().map(|page| &page.path).chain(&self.files) {
            if let Some(why) = reserved(path) {
                let path = self.src.join(path.as_str()).unwrap_or_else(|_| path.clone());
                flaws.push(StructureFlaw::ReservedName(path, why));
            }
        }
        self.flaws.extend(flaws);
    }

    /// Puts another reading of a page in its place and works out where its links lead.
    pub fn swap(
        &mut self,
        page: PageId,
        doc: Arc<Doc>,
        config: &Config,
        exists: &(dyn Fn(&RelPath) -> bool + Sync),
    ) {
        let (ids, bare_ids) = (sorted_ids(&doc), self.bare_ids(&doc));
        let read = &mut self.pages[page];
        (read.bare_ids, read.ids, read.doc) = (bare_ids, ids, doc);
        self.pages[page].targets = resolve::Resolver { site: self, config, exists }.page(page);
    }

    fn bare_ids(&self, doc: &Doc) -> Vec<String> {
        if self.mode == Mode::Book {
            return Vec::new();
        }
        let ids = doc.facts.ids.iter();
        let mut bare: Vec<String> =
            ids.map(|id| id.name.to_lowercase().trim_matches('-').to_owned()).collect();
        bare.sort_unstable();
        bare
    }

    fn files_share_with_page(&self, url: &str) -> bool {
        self.by_url.contains_key(url) && RelPath::parse(url).is_ok_and(|path| self.files.contains(&path))
    }

    /// Whether the renderer makes something at an address.
    pub fn is_made(&self, url: &str) -> bool {
        self.made.contains(url)
    }

    fn resolve(&mut self, config: &Config, exists: &(dyn Fn(&RelPath) -> bool + Sync)) {
        let resolver = resolve::Resolver { site: self, config, exists };
        let all: Vec<PageId> = (0..self.pages.len()).collect();
        let targets = crate::base::parallel_map(&all, |page| resolver.page(*page));
        for (page, targets) in self.pages.iter_mut().zip(targets) {
            page.targets = targets;
        }
    }
}

fn sorted_ids(doc: &Doc) -> Box<[u32]> {
    let mut ids: Vec<(&str, u32)> = doc.facts.ids.iter().map(|id| id.name.as_str()).zip(0..).collect();
    ids.sort_unstable();
    ids.dedup_by_key(|id| id.0);
    ids.into_iter().map(|id| id.1).collect()
}

fn redirects(config: &Config) -> Vec<Redirect> {
    let read = |(from, to, place): &(String, String, Option<Place>)| {
        let (path, fragment) = match from.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment.to_owned())),
            None => (from.as_str(), None),
        };
        let path = path.trim_start_matches("./").trim_start_matches('/');
        let from = RelPath::parse(path).map_or_else(|_| path.to_owned(), |path| path.as_str().to_owned());
        Redirect { from, fragment, to: to.clone(), place: place.clone() }
    };
    config.html.redirects.iter().map(read).collect()
}

/// The kind of a page, by its front matter or its folder. `path` is its file below the source folder.
pub fn page_kind(doc: &Doc, path: &RelPath, config: &Config) -> Option<String> {
    let own = doc.facts.front.text("kind").map(str::to_owned);
    own.or_else(|| {
        let by_folder = config.kinds.iter().find(|(glob, ..)| Glob::new(glob).matches(path.as_str()));
        by_folder.map(|(_, kind, _)| kind.clone())
    })
}

/// Why a path cannot be checked out on Windows (Naming Files, Paths, and Namespaces; Microsoft).
fn reserved(path: &RelPath) -> Option<&'static str> {
    path.as_str().split('/').find_map(|part| {
        let stem = part.split('.').next().unwrap_or("").to_ascii_lowercase();
        let device = matches!(&*stem, "con" | "prn" | "aux" | "nul")
            || (stem.len() == 4
                && (stem.starts_with("com") || stem.starts_with("lpt"))
                && stem.ends_with(|c: char| ('1'..='9').contains(&c)));
        if device {
            Some("it is a device's name on Windows")
        } else if part.contains(['<', '>', ':', '"', '|', '?', '*']) {
            Some("it has a character that Windows does not allow")
        } else if part.ends_with('.') || part.ends_with(' ') {
            Some("it ends with a dot or blank, which Windows drops")
        } else {
            None
        }
    })
}
