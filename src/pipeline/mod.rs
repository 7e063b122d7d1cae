//! The stages, in order: find projects, configure, list, parse, link up, check. Pure; the shell does the rest.

mod internal;
mod load;
mod moving;
mod pictures;
mod projects;
mod references;
mod single;

pub use moving::{Move, plan_move};
pub use projects::projects;
pub use single::{Single, single};

use crate::base::{Memo, RelPath};
use crate::config::Config;
use crate::diag::Problem;
use crate::evidence::api::{Api, Apis};
use crate::evidence::capacity::Capacity;
use crate::evidence::criteria::Criteria;
use crate::evidence::diagrams::Diagrams;
use crate::evidence::external::Links;
use crate::evidence::incidents::Incidents;
use crate::evidence::oncall::Oncall;
use crate::evidence::recovery::Recovery;
use crate::evidence::reviews::Reviews;
use crate::evidence::runs::Runs;
use crate::evidence::{self, Base, Baseline, Context, Gathered, Held, Report, check, samples};
use crate::highlight::Standard;
use crate::markdown::{self, Doc, Input};
use crate::model::{Mode, Page, PageId, Parts, Site};
use crate::openapi::utoipa::Cache;
use crate::render::{Reference, Subject};
use crate::world::{Guarded, ReadError, Without, World, absent_submodules};
use load::{configure, list, not_found, options, parse, summary, titles_alone, wanted};
use projects::generated;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, OnceLock};

/// The repository as a project's pages may see it.
type Scoped<'w> = Without<Guarded<'w>>;

/// One thing to check: a book, or the Markdown of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its folder.
    pub root: RelPath,
    /// Whether pages become a site.
    pub mode: Mode,
    /// Folders below that are projects of their own.
    pub without: Vec<RelPath>,
}

/// What a run may change about a project.
#[expect(clippy::struct_excessive_bools, reason = "each is an option of a command line")]
#[derive(Clone, Copy, Default)]
pub struct Settings<'s> {
    /// mdBook's environment variables.
    pub overrides: &'s [(String, String)],
    /// Turn the pedantic checks on.
    pub pedantic: bool,
    /// Keep what the search index and pages need; `check` alone does not.
    pub render: bool,
    /// Leave the checks for later: a preview shows its first page before they have run.
    pub unjudged: bool,
    /// Leave out what only the team sees.
    pub public: bool,
    /// What earlier runs read.
    pub memory: Option<&'s Memory>,
    /// The revision to compare with, and the files that differ, sorted.
    pub base: Option<(&'s dyn World, &'s [RelPath])>,
    /// Judge review dates.
    pub due: bool,
    /// What `test` found just now; without it, what it recorded.
    pub samples: Option<&'s samples::Record>,
    /// What `linkcheck` learned just now; without it, what it recorded.
    pub links: Option<&'s Links>,
    /// Run these checks alone, by their codes; all that are on, where there are none.
    pub only: &'s [String],
    /// Told of each page that is read, and how many there are.
    pub progress: Option<&'s (dyn Fn(usize) + Sync)>,
}

/// What runs on the same files need not read twice.
#[derive(Default)]
pub struct Memory {
    /// Pages.
    pub pages: Memo<Doc>,
    /// The sources of API documents.
    pub services: Cache,
}

impl Memory {
    /// Ends a round: what was not asked for in the last `rounds` rounds is forgotten.
    pub fn end_round(&self, rounds: u64) {
        self.pages.end_round(rounds);
        self.services.end_round(rounds);
    }
}

/// A project whose parts are read when somebody asks for them: `openapi show` never reads a page.
pub struct Opened<'w> {
    world: Scoped<'w>,
    project: &'w Project,
    settings: Settings<'w>,
    config: Arc<Config>,
    mistakes: Vec<Problem>,
    pages: OnceLock<Read>,
    services: Cache,
    gathered: Gathered,
}

/// The pages of a project.
struct Read {
    site: Site,
    not_found: Option<Arc<Doc>>,
}

impl<'w> Opened<'w> {
    /// Reads a project's configuration.
    pub fn new(world: &'w dyn World, project: &'w Project, settings: Settings<'w>) -> Self {
        let (config, mistakes) = configure(world, project, settings);
        let config = Arc::new(config);
        let guarded = evidence::guarded(world, Arc::clone(&config));
        // What is hidden must not be quoted either, so it is known before anything is read.
        let hidden = if settings.public {
            let mut hidden = internal::of_files(&guarded, &config, &list(&guarded, project, &config));
            hidden.extend(internal::of_records(&guarded, &config));
            hidden
        } else {
            BTreeSet::new()
        };
        Self {
            world: Without { world: guarded, hidden },
            project,
            settings,
            config,
            mistakes,
            pages: OnceLock::new(),
            services: Cache::default(),
            gathered: Gathered::default(),
        }
    }

    /// Its configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Its pages.
    pub fn site(&self) -> &Site {
        &self.pages().site
    }

    /// The repository as the project's pages may see it.
    pub fn world(&self) -> &dyn World {
        &self.world
    }

    /// A sort of evidence.
    pub fn of<E: Held>(&self) -> &E {
        self.context().of::<E>()
    }

    /// A sort of evidence, for whoever keeps it.
    pub fn take<E: Held>(self) -> E {
        self.with(|cx| E::read(cx))
    }

    /// Hands a context to whoever needs several sorts.
    pub fn with<'s, T>(&'s self, ask: impl FnOnce(&Context<'s>) -> T) -> T {
        ask(&self.context())
    }

    fn context(&self) -> Context<'_> {
        let Settings { base, due, samples, links, memory, .. } = self.settings;
        let services = memory.map_or(&self.services, |memory| &memory.services);
        let parts = evidence::Parts { pages: self, gathered: &self.gathered };
        let mut cx = Context::new(&self.world, (&self.config, &self.mistakes), services, parts);
        cx.base = base.map(|(world, changed)| Base { world, changed });
        cx.due = due;
        cx.tested = samples;
        cx.asked = links;
        cx
    }

    fn pages(&self) -> &Read {
        self.pages.get_or_init(|| pages(&self.world, self.project, self.settings, &self.config))
    }

    /// Runs the checks, and makes what is rendered beside the pages.
    pub fn judged(self) -> Checked {
        let cx = self.context();
        let report =
            if self.settings.unjudged { Report::new(cx.site()) } else { check::run(&cx, self.settings.only) };
        let references = if self.settings.render { references::references(&cx) } else { Vec::new() };
        if self.settings.render {
            cx.of::<Diagrams>();
            cx.of::<Reviews>();
            cx.of::<Runs>();
            cx.of::<Incidents>();
            cx.of::<Criteria>();
        }
        let Self { world, project, settings, config, mistakes, pages: read, gathered, .. } = self;
        let read = read.into_inner().unwrap_or_else(|| pages(&world, project, settings, &config));
        let Read { mut site, not_found } = read;
        references::addresses(&references, &mut site);
        Checked { config, mistakes, site, references, report, gathered, not_found }
    }
}

impl evidence::Pages for Opened<'_> {
    fn site(&self) -> &Site {
        &self.pages().site
    }
}

/// A checked project.
pub struct Checked {
    /// Its configuration.
    pub config: Arc<Config>,
    /// What reading the configuration said.
    pub mistakes: Vec<Problem>,
    /// The site.
    pub site: Site,
    /// The pages of its API documents; none when nothing is rendered.
    pub references: Vec<Reference>,
    /// What the checks said.
    pub report: Report,
    /// What they read for it.
    pub gathered: Gathered,
    /// The book's own page for addresses that do not exist.
    pub not_found: Option<Arc<Doc>>,
}

impl Checked {
    /// What there is to render.
    pub fn subject(&self) -> Subject<'_> {
        Subject {
            site: &self.site,
            config: &self.config,
            report: &self.report,
            diagrams: self.diagrams(),
            owners: self.gathered.got::<Reviews>().map_or(&[], |reviews| reviews.owners.as_slice()),
            duties: self.gathered.got::<Reviews>().map_or(&[], |reviews| reviews.duties.as_slice()),
            references: &self.references,
            runs: self.gathered.got::<Runs>().map_or(&[], |runs| runs.list.as_slice()),
            recovery: self.gathered.got::<Recovery>().and_then(|recovery| recovery.plan.as_ref()),
            capacity: self.gathered.got::<Capacity>().filter(|capacity| capacity.plan.is_some()),
            oncall: self.gathered.got::<Oncall>().filter(|oncall| oncall.file.is_some()),
            incidents: self.gathered.got::<Incidents>(),
            criteria: self.gathered.got::<Criteria>(),
            not_found: self.not_found.as_deref(),
        }
    }

    /// The diagrams, if anybody asked for them.
    pub fn diagrams(&self) -> &Diagrams {
        static NONE: LazyLock<Diagrams> = LazyLock::new(Diagrams::default);
        self.gathered.got().unwrap_or(&NONE)
    }

    /// The API documents, if anybody asked for them.
    pub fn apis(&self) -> &[Api] {
        self.gathered.got::<Apis>().map_or(&[], |apis| apis.list.as_slice())
    }
}

/// Reads and checks a project; what its baseline knows is held back.
pub fn run(world: &dyn World, project: &Project, settings: Settings<'_>) -> Checked {
    let mut checked = run_without_baseline(world, project, settings);
    hold_back(world, &checked.config, &mut checked.report);
    checked
}

/// As [`run`], with the findings that a baseline holds back.
pub fn run_without_baseline(world: &dyn World, project: &Project, settings: Settings<'_>) -> Checked {
    Opened::new(world, project, settings).judged()
}

/// Lists the files, reads the pages, links them up.
fn pages(world: &Scoped<'_>, project: &Project, settings: Settings<'_>, config: &Config) -> Read {
    let options = options(config, project.mode, settings.render);
    let mut files = list(world, project, config);
    let mut summary = summary(world, project, config);
    internal::hide(config, &world.hidden, &mut files, summary.as_mut());
    let wanted = wanted(world, config, &files, summary.as_ref());
    let mut docs = parse(world, &options, &wanted, settings);
    let without_file = titles_alone(world, config, &options, summary.as_ref(), &mut docs);
    let not_found = not_found(world, config, &options, project.mode);
    let absent = absent_submodules(world);
    let exists = |path: &RelPath| {
        world.kind(path).is_some() || absent.iter().any(|folder| path.below(folder).is_some())
    };
    let internal =
        if settings.public { world.hidden.clone() } else { internal::of_docs(config, &files, &docs) };
    let mut site = Site::build(Parts {
        config,
        internal,
        mode: project.mode,
        summary,
        generated: generated(world, project, &files),
        files,
        docs,
        without_file,
        exists: &exists,
    });
    look_at_files(world, config, settings, &mut site);
    Read { site, not_found }
}

/// What only a site that is shown needs of the files: how large pictures are, and when pages were changed.
fn look_at_files(world: &dyn World, config: &Config, settings: Settings<'_>, site: &mut Site) {
    if !settings.render {
        return;
    }
    (0..site.pages.len()).for_each(|page| pictures::measure(world, site, page));
    if config.site.last_changed {
        let pages: Vec<RelPath> = site.pages.iter().map(|page| page.source.clone()).collect();
        site.changes = Some(world.changes(&config.src, &pages));
    }
}

/// What re-reading a page found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reread {
    /// Only what the page itself shows has changed.
    PageOnly,
    /// What other pages see of it (title, ids, links) has changed, or they quote it: the model must be built anew.
    Site,
}

/// Reads one page again and swaps it in, which is all that most edits need. After [`Reread::Site`] the page is
/// shown as it is now, and what others know of it is not yet.
///
/// # Errors
/// When the page can no longer be read; the site is then as before.
pub fn reread(world: &dyn World, checked: &mut Checked, page: PageId) -> Result<Reread, ReadError> {
    let Some(source) = checked.site.pages.get(page).map(|page| page.source.clone()) else {
        return Err(ReadError::Missing);
    };
    let world: &dyn World = &evidence::guarded(world, Arc::clone(&checked.config));
    let text = world.text(&source)?;
    let options = options(&checked.config, checked.site.mode, true);
    let doc = markdown::parse(&Input {
        file: &source,
        text: &text,
        options: &options,
        highlighter: &Standard,
        world,
    });
    let quoted = |other: &Page| other.doc.facts.includes.iter().any(|include| include.target == source);
    let same =
        checked.site.pages[page].doc.facts.seen_alike(&doc.facts) && !checked.site.pages.iter().any(quoted);
    let exists = |path: &RelPath| world.kind(path).is_some();
    // What a page's diagrams show is read with all others.
    let drawn = checked.diagrams().drawings.contains_key(&page)
        || doc.facts.code.iter().any(|code| crate::diagram::language_of(&code.language).is_some());
    let same = same && !drawn;
    checked.site.swap(page, Arc::new(doc), &checked.config, &exists);
    pictures::measure(world, &mut checked.site, page);
    Ok(if same { Reread::PageOnly } else { Reread::Site })
}

fn hold_back(world: &dyn World, config: &Config, report: &mut Report) {
    let Some(text) = config.checks.baseline.as_ref().and_then(|path| world.text(path).ok()) else { return };
    let (baseline, _) = Baseline::parse(&text);
    let (held, _) = baseline.apply(&mut report.diagnostics);
    report.held_back += held;
}
