//! The site as a value: a sorted map from address to artifact, each rendered when it is asked for.
//!
//! Nothing here knows where the output goes: `build` renders all of it and writes, `serve` renders what is asked
//! for, tests compare.

mod api;
mod bundle;
mod calendar;
mod capacity;
mod criteria;
mod feeds;
mod incidents;
mod oncall;
mod page;
mod pictures;
mod plot;
mod print;
mod recovery;
mod runs;
mod search;
mod theme;

pub use api::{ApiPage, Origin, Record, Reference, Source as ApiReferenceSource};
pub use bundle::{Bundle, MOST_BUNDLED};
use page::Around;
pub use page::blocks;
pub use search::{Counts, Hit, Index, SearchIndex};
pub use theme::{BUILT_IN, Theme, ThemeError};

use crate::base::RelPath;
use crate::config::Config;
use crate::evidence::Report;
use crate::evidence::diagrams::Diagrams;
use crate::markdown::Doc;
use crate::model::{PageId, Site, Target};
use crate::world::{World, is_secret, is_source_code};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

/// What stands at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Artifact {
    /// A page.
    Page(PageId),
    /// The first page again, at `index.html`.
    Front(PageId),
    /// The whole book on one page.
    Print,
    /// All pages' titles.
    Contents,
    /// What the person on call sees, and the runbook for it.
    Symptoms,
    /// What runbooks are for.
    Tasks,
    /// All incidents, with their figures.
    Incidents,
    /// What is done about incidents.
    Actions,
    /// Criteria of success.
    Criteria,
    /// Check boxes that name what proves them.
    Proofs,
    /// What is due, by its day.
    Due,
    /// RTO and RPO of runs of runbooks that restore.
    RecoveryTrend,
    /// When pages are to be read, and runbooks to run, again.
    Calendar,
    /// The page for addresses that do not exist; its own source, if the book has one.
    NotFound,
    /// The search form and its results.
    SearchPage,
    /// A redirect; index into the distinct old addresses.
    Redirect(String),
    /// A file of the search index.
    SearchFile(usize),
    /// The ledger of claims as JSON.
    Claims,
    /// The ledger of claims for people.
    Ledger,
    /// A page as Markdown.
    Markdown(PageId),
    /// The list of pages for language models.
    Llms,
    /// All pages in one text.
    LlmsFull,
    /// Addresses for search engines.
    Sitemap,
    /// A page of an API: which API, which page.
    Api(usize, usize),
    /// The same as Markdown.
    ApiMarkdown(usize, usize),
    /// An API's document.
    ApiDocument(usize),
    /// Bytes that need no rendering.
    Bytes(Cow<'static, [u8]>),
    /// A file of the repository as it is.
    Copy(RelPath),
}

/// Everything a site consists of, by address.
pub type Output = BTreeMap<String, Artifact>;

/// What is rendered.
#[derive(Clone, Copy)]
pub struct Subject<'r> {
    /// The site.
    pub site: &'r Site,
    /// Its configuration.
    pub config: &'r Config,
    /// What the checks said.
    pub report: &'r Report,
    /// The diagrams.
    pub diagrams: &'r Diagrams,
    /// Who answers for each page, by its id; empty where nobody wants to know.
    pub owners: &'r [Option<String>],
    /// Pages that say how often they are to be read.
    pub duties: &'r [crate::evidence::reviews::owners::Duty],
    /// The pages of its APIs.
    pub references: &'r [Reference],
    /// Runbooks that run, and their evidence.
    pub runs: &'r [crate::evidence::runs::Known],
    /// What is declared about recovery.
    pub recovery: Option<&'r crate::evidence::recovery::Plan>,
    /// Who is on call.
    pub oncall: Option<&'r crate::evidence::oncall::Oncall>,
    /// What capacity is planned from, where book.toml names it.
    pub capacity: Option<&'r crate::evidence::capacity::Capacity>,
    /// Incidents, where there is a plan for them.
    pub incidents: Option<&'r crate::evidence::incidents::Incidents>,
    /// Criteria of success, and check boxes with proofs.
    pub criteria: Option<&'r crate::evidence::criteria::Criteria>,
    /// The book's own page for addresses that do not exist.
    pub not_found: Option<&'r Doc>,
}

/// Renders a checked site.
pub struct Renderer<'r> {
    site: &'r Site,
    config: &'r Config,
    report: &'r Report,
    diagrams: &'r Diagrams,
    owners: &'r [Option<String>],
    duties: &'r [crate::evidence::reviews::owners::Duty],
    references: &'r [Reference],
    theme: &'r Theme,
    world: &'r dyn World,
    /// Merged when it is first asked for: a preview that shows one page needs none.
    index: OnceLock<Arc<dyn SearchIndex>>,
    /// Files that a page links, below the source folder.
    linked: OnceLock<std::collections::BTreeSet<RelPath>>,
    /// Terms of pages that were counted before.
    counts: Option<&'r Counts>,
    twins: Mutex<feeds::Twins>,
    /// Whether blocks of the top level are marked for the preview.
    marked: bool,
    /// What the templates see of the site, the same for all pages.
    site_value: tera::Value,
    /// Items of the navigation's top level.
    nav_roots: Vec<usize>,
    runs: &'r [crate::evidence::runs::Known],
    recovery: Option<&'r crate::evidence::recovery::Plan>,
    oncall: Option<&'r crate::evidence::oncall::Oncall>,
    capacity: Option<&'r crate::evidence::capacity::Capacity>,
    incidents: Option<&'r crate::evidence::incidents::Incidents>,
    criteria: Option<&'r crate::evidence::criteria::Criteria>,
    not_found_doc: Option<&'r Doc>,
}

impl<'r> Renderer<'r> {
    /// Prepares rendering.
    pub fn new(subject: Subject<'r>, theme: &'r Theme, world: &'r dyn World) -> Self {
        let Subject {
            site,
            config,
            report,
            diagrams,
            owners,
            duties,
            references,
            runs,
            recovery,
            oncall,
            capacity,
            incidents,
            criteria,
            not_found,
        } = subject;
        let nav_roots = site.nav.roots().collect();
        let mut renderer = Self {
            site,
            config,
            report,
            diagrams,
            owners,
            references,
            theme,
            world,
            index: OnceLock::new(),
            linked: OnceLock::new(),
            twins: Mutex::default(),
            counts: None,
            marked: false,
            site_value: tera::Value::none(),
            nav_roots,
            runs,
            recovery,
            oncall,
            capacity,
            incidents,
            criteria,
            duties,
            not_found_doc: not_found,
        };
        renderer.site_value = renderer.site_context();
        renderer
    }

    /// What there is.
    pub fn output(&self) -> Output {
        let mut out = Output::new();
        self.made(&mut out);
        self.theme.files(&mut out);
        self.copies(&mut out, "");
        for (id, page) in self.site.pages.iter().enumerate() {
            out.insert(page.url.clone(), Artifact::Page(id));
            if self.config.site.markdown {
                out.entry(feeds::twin(&page.url)).or_insert(Artifact::Markdown(id));
            }
        }
        without_file_over_folder(&mut out);
        out
    }

    /// Uses an index that was made before.
    #[must_use]
    pub fn with_index(mut self, index: Option<Arc<dyn SearchIndex>>) -> Self {
        if let Some(index) = index {
            self.index = OnceLock::from(index);
        }
        self
    }

    /// Uses an index that was merged before or the counts that it is merged from, and marks blocks for the preview's script.
    #[must_use]
    pub fn for_preview(mut self, index: Option<Arc<dyn SearchIndex>>, counts: &'r Counts) -> Self {
        self.counts = Some(counts);
        self.marked = true;
        self.with_index(index)
    }

    /// The merged search index.
    pub fn index(&self) -> &Arc<dyn SearchIndex> {
        self.index.get_or_init(|| Arc::new(Index::build(self.site, self.references, self.counts)))
    }

    /// What stands at an address, as [`Renderer::output`] would say, without listing everything: a preview of
    /// 10,000 pages must not build the search index to find a style sheet.
    pub fn at(&self, address: &str) -> Option<Artifact> {
        let mut some = Output::new();
        self.theme.files(&mut some);
        if let Some(name) = address.strip_prefix("search/").filter(|_| self.config.html.search) {
            let at = self.index().names().iter().position(|known| known == name)?;
            return Some(Artifact::SearchFile(at));
        }
        if let Some(page) = self.site.page_by_url(address) {
            return Some(Artifact::Page(page));
        }
        if let Some(name) = address.strip_suffix(".md").filter(|_| self.config.site.markdown)
            && let Some(page) = self.site.page_by_url(&format!("{name}.html"))
        {
            return Some(Artifact::Markdown(page));
        }
        self.made_without_search(&mut some);
        self.copies(&mut some, address);
        some.remove(address)
    }

    /// Files that are copied; of the source folder only the one at `only`, unless that is empty.
    fn copies(&self, out: &mut Output, only: &str) {
        let src = self.site.src();
        let one = RelPath::parse(only).ok().and_then(|path| self.site.files.get(&path));
        let wanted: Vec<&RelPath> =
            if only.is_empty() { self.site.files.iter().collect() } else { one.into_iter().collect() };
        for path in wanted {
            if let Ok(source) = src.join(path.as_str())
                && !self.is_kept_back(path, &source)
            {
                out.entry(path.as_str().to_owned()).or_insert(Artifact::Copy(source));
            }
        }
        for file in self.config.html.css.iter().chain(&self.config.html.js) {
            if let (Ok(source), Ok(path)) = (self.config.root.join(file), RelPath::parse(file))
                && self.world.kind(&source).is_some()
            {
                out.entry(path.as_str().to_owned()).or_insert(Artifact::Copy(source));
            }
        }
        for redirect in &self.site.redirects {
            if self.site.page_by_url(&redirect.from).is_none()
                && RelPath::parse(&redirect.from).is_ok_and(|path| path.as_str() == redirect.from)
            {
                out.entry(redirect.from.clone()).or_insert(Artifact::Redirect(redirect.from.clone()));
            }
        }
    }

    /// Whether a file of the source folder is not published: source code and what looks like a secret, unless a page links
    /// it or book.toml names it. A book whose source folder is a program's would otherwise publish the program.
    fn is_kept_back(&self, path: &RelPath, source: &RelPath) -> bool {
        if !is_source_code(path) && !is_secret(path) || self.config.names(source) {
            return false;
        }
        let linked = self.linked.get_or_init(|| {
            let targets = self.site.pages.iter().flat_map(|page| &page.targets);
            targets
                .filter_map(|target| match target {
                    Target::File(path) => Some(path.clone()),
                    _ => None,
                })
                .collect()
        });
        !linked.contains(path)
    }

    /// The files of the source folder that are not published.
    pub fn kept_back(&self) -> Vec<&RelPath> {
        let src = self.site.src();
        let kept =
            |path: &&RelPath| src.join(path.as_str()).is_ok_and(|source| self.is_kept_back(path, &source));
        self.site.files.iter().filter(kept).collect()
    }

    /// The bytes of the pages' text, if they are so many that the page of the whole book is left out.
    pub fn unprinted(&self) -> Option<usize> {
        let wanted = self.config.html.print && !self.site.pages.is_empty();
        (wanted && !self.site.is_made("print.html")).then(|| self.site.bytes())
    }

    fn made(&self, out: &mut Output) {
        if self.config.html.search {
            for (at, name) in self.index().names().iter().enumerate() {
                out.insert(format!("search/{name}"), Artifact::SearchFile(at));
            }
        }
        self.made_without_search(out);
    }

    fn made_without_search(&self, out: &mut Output) {
        let html = &self.config.html;
        if !self.site.pages.is_empty() && self.site.page_by_url("index.html").is_none() {
            out.insert("index.html".into(), Artifact::Front(0));
        }
        out.insert("contents.html".into(), Artifact::Contents);
        if self.site.is_made("symptoms.html") {
            out.insert("symptoms.html".into(), Artifact::Symptoms);
        }
        if self.site.is_made("tasks.html") {
            out.insert("tasks.html".into(), Artifact::Tasks);
        }
        for (name, artifact) in [
            (incidents::INCIDENTS, Artifact::Incidents),
            (incidents::ACTIONS, Artifact::Actions),
            (criteria::CRITERIA, Artifact::Criteria),
            (criteria::PROOFS, Artifact::Proofs),
        ] {
            if self.site.is_made(name) {
                out.insert(name.into(), artifact);
            }
        }
        out.insert("claims.json".into(), Artifact::Claims);
        out.insert("ledger.html".into(), Artifact::Ledger);
        self.feeds(out);
        if html.input_404.as_deref() != Some("") {
            out.insert("404.html".into(), Artifact::NotFound);
        }
        if html.print && self.site.is_made("print.html") {
            out.insert("print.html".into(), Artifact::Print);
        }
        if html.search {
            out.insert("search.html".into(), Artifact::SearchPage);
        }
        self.apis(out);
        if let Some(name) = &html.cname {
            out.insert("CNAME".into(), Artifact::Bytes(format!("{name}\n").into_bytes().into()));
        }
        out.insert(".nojekyll".into(), Artifact::Bytes(Cow::Borrowed(b"")));
    }

    /// What machines read; a book's own file of the name wins.
    fn feeds(&self, out: &mut Output) {
        let table = &self.config.site;
        let shown = self.site.pages.iter().any(|page| page.kind.as_deref() == Some("recovery-plan"));
        let calendar = self.recovery.filter(|_| shown).and_then(recovery::calendar).map(String::into_bytes);
        if let Some(calendar) = calendar
            && !RelPath::parse(recovery::CALENDAR).is_ok_and(|path| self.site.files.contains(&path))
        {
            out.insert(recovery::CALENDAR.into(), Artifact::Bytes(calendar.into()));
        }
        for (name, calendar) in self.shift_calendars() {
            if !RelPath::parse(&name).is_ok_and(|path| self.site.files.contains(&path)) {
                out.insert(name, Artifact::Bytes(calendar.into_bytes().into()));
            }
        }
        let has_trend = shown && self.recovery.is_some_and(|plan| self.recovery_of(plan).has_plots());
        let made = [
            (recovery::TREND_PAGE, Artifact::RecoveryTrend, has_trend),
            ("llms.txt", Artifact::Llms, table.markdown),
            ("llms-full.txt", Artifact::LlmsFull, table.markdown),
            ("sitemap.xml", Artifact::Sitemap, table.address.is_some()),
            ("due.ics", Artifact::Calendar, self.has_calendar()),
            ("due.html", Artifact::Due, self.has_events()),
        ];
        for (name, artifact, _) in made.into_iter().filter(|(_, _, wanted)| *wanted) {
            if !RelPath::parse(name).is_ok_and(|path| self.site.files.contains(&path)) {
                out.insert(name.into(), artifact);
            }
        }
    }

    /// The text of an artifact that grows with the book and can be made a piece at a time.
    pub fn pieces(&self, artifact: &Artifact) -> Option<Box<dyn Iterator<Item = String> + '_>> {
        match artifact {
            Artifact::Claims => Some(Box::new(self.report.ledger_json())),
            Artifact::LlmsFull => Some(Box::new(self.llms_full())),
            _ => None,
        }
    }

    /// The bytes at an address; a copied file is read from the world.
    ///
    /// # Errors
    /// A template's own error, or why a file to copy cannot be read.
    pub fn render(&self, address: &str, artifact: &Artifact) -> Result<Cow<'static, [u8]>, String> {
        let text = match artifact {
            Artifact::Bytes(bytes) => return Ok(bytes.clone()),
            Artifact::Copy(source) => {
                return self.world.read(source).map(Cow::Owned).map_err(|error| format!("{source}: {error}"));
            }
            Artifact::Page(id) => self.page(*id, address)?,
            Artifact::Front(id) => self.page(*id, "index.html")?,
            Artifact::Print => self.print()?,
            Artifact::Contents => self.contents()?,
            Artifact::Symptoms => self.symptoms()?,
            Artifact::Tasks => self.tasks()?,
            Artifact::Due => self.due()?,
            Artifact::Incidents => self.incidents_page()?,
            Artifact::Actions => self.actions_page()?,
            Artifact::RecoveryTrend => self.recovery_trend()?,
            Artifact::Criteria => self.criteria_page()?,
            Artifact::Proofs => self.proofs_page()?,
            Artifact::NotFound => self.not_found()?,
            Artifact::SearchPage => self.search_page()?,
            Artifact::Redirect(from) => self.redirect(from)?,
            Artifact::SearchFile(at) => self.index().file(*at, self.site),
            Artifact::Claims => self.report.ledger_json().collect(),
            Artifact::Ledger => self.ledger()?,
            Artifact::Markdown(id) => self.markdown(*id),
            Artifact::Llms => self.llms(),
            Artifact::LlmsFull => self.llms_full().collect(),
            Artifact::Sitemap => self.sitemap(),
            Artifact::Calendar => self.calendar(),
            Artifact::Api(api, page) => self.api_page(*api, *page)?,
            Artifact::ApiMarkdown(api, page) => self.references[*api].pages[*page].markdown.clone(),
            Artifact::ApiDocument(api) => self.references[*api].raw.clone(),
        };
        Ok(Cow::Owned(text.into_bytes()))
    }
}

/// A file cannot stand where a folder must: `a` and `a/b.html`. The folder wins; a check reports it.
fn without_file_over_folder(out: &mut Output) {
    let names: Vec<&String> = out.keys().collect();
    let mut hidden = Vec::new();
    for name in &names {
        let mut rest = name.as_str();
        while let Some((folder, _)) = rest.rsplit_once('/') {
            if out.contains_key(folder) {
                hidden.push(folder.to_owned());
            }
            rest = folder;
        }
    }
    for name in hidden {
        out.remove(&name);
    }
}
