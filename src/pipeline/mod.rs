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
use crate::change::{self, Sides};
use crate::check::{self, Baseline, Report};
use crate::config::{Config, Mistake};
use crate::highlight::Standard;
use crate::markdown::{self, Doc, Input};
use crate::model::{Mode, Page, PageId, Parts, Site};
use crate::openapi::utoipa::Cache;
use crate::record::{self, Held, diagrams, diagrams::Diagrams, external::Links, samples};
use crate::render::{Reference, Subject};
use crate::world::{ReadError, Without, World, absent_submodules};
use load::{configure, list, not_found, options, parse, summary, titles_alone, wanted};
use projects::generated;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

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

/// A checked project.
pub struct Checked {
    /// Its configuration.
    pub config: Config,
    /// What reading the configuration said.
    pub mistakes: Vec<Mistake>,
    /// The site.
    pub site: Site,
    /// The API documents.
    pub apis: Vec<record::openapi::Api>,
    /// Their pages; none when nothing is rendered.
    pub references: Vec<Reference>,
    /// What the checks said.
    pub report: Report,
    /// The diagrams.
    pub diagrams: Diagrams,
    /// What pages say of the code, held against it.
    pub held: Held,
    /// Runbooks that run, and their evidence.
    pub runs: Vec<crate::runs::Known>,
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
            diagrams: &self.diagrams,
            references: &self.references,
            runs: &self.runs,
            not_found: self.not_found.as_deref(),
        }
    }
}

/// Runs all stages on one project.
pub fn run(world: &dyn World, project: &Project, settings: Settings<'_>) -> Checked {
    let mut checked = run_without_baseline(world, project, settings);
    hold_back(world, &checked.config, &mut checked.report);
    checked
}

/// As [`run`], with the findings that a baseline holds back.
pub fn run_without_baseline(world: &dyn World, project: &Project, settings: Settings<'_>) -> Checked {
    let (config, mistakes) = configure(world, project, settings);
    // A copy, because the configuration itself is handed on while the guard still stands.
    let named = config.clone();
    let world: &dyn World = &record::guarded(world, &named);
    let options = options(&config, project.mode, settings.render);
    let mut files = list(world, project, &config);
    let mut summary = summary(world, project, &config);
    let hidden = if settings.public { internal::of_files(world, &config, &files) } else { BTreeSet::new() };
    let world: &dyn World = &Without { world, hidden: &hidden };
    internal::hide(&config, &hidden, &mut files, summary.as_mut());
    let wanted = wanted(world, &config, &files, summary.as_ref());
    let mut docs = parse(world, &options, &wanted, settings);
    let without_file = titles_alone(world, &config, &options, summary.as_ref(), &mut docs);
    let not_found = not_found(world, &config, &options, project.mode);
    let absent = absent_submodules(world);
    let exists = |path: &RelPath| {
        world.kind(path).is_some() || absent.iter().any(|folder| path.below(folder).is_some())
    };
    let internal = if settings.public { hidden.clone() } else { internal::of_docs(&config, &files, &docs) };
    let mut site = Site::build(Parts {
        config: &config,
        internal,
        mode: project.mode,
        summary,
        generated: generated(world, project, &files),
        files,
        docs,
        without_file,
        exists: &exists,
    });
    look_at_files(world, &config, settings, &mut site);
    let change =
        settings.base.map(|(base, changed)| what_changed(&site, Sides { base, head: world, changed }));
    let (apis, api_changes) = apis(world, &config, &site, settings);
    let diagrams = diagrams::read(world, &config, &site);
    let held = held(world, &config, &mut site, &apis, settings);
    let runs = crate::runs::known::read(world, &config, &site);
    let (tested, links) = recorded(world, &config, settings);
    let tested = samples::Known::of(&tested, world, &site);
    let subject = check::Subject {
        samples: &tested,
        links: &links,
        site: &site,
        config: &config,
        mistakes: &mistakes,
        today: world.today(),
        lists: &lists(world, &site),
        change: change.as_ref(),
        apis: &apis,
        diagrams: &diagrams,
        api_changes: &api_changes,
        held: &held,
        runs: &runs,
        due: settings.due,
    };
    let report = if settings.unjudged { Report::default() } else { check::run(&subject) };
    let references =
        if settings.render { references::references(world, &config, &site, &apis) } else { Vec::new() };
    references::addresses(&references, &mut site);
    Checked { config, mistakes, site, apis, references, report, diagrams, held, runs, not_found }
}

/// The API documents, and what the change under review does to their callers.
fn apis(
    world: &dyn World,
    config: &Config,
    site: &Site,
    settings: Settings<'_>,
) -> (Vec<record::openapi::Api>, Vec<record::changes::ApiChange>) {
    let once = Cache::default();
    let services = settings.memory.map_or(&once, |memory| &memory.services);
    let now = record::openapi::apis(world, config, services);
    let changes = match settings.base {
        Some((base, _)) => record::changes::changes(base, world, config, site, (&now, services)),
        None => Vec::new(),
    };
    (now, changes)
}

/// What `test` and `linkcheck` found just now, or recorded when they ran.
fn recorded<'s>(
    world: &dyn World,
    config: &Config,
    settings: Settings<'s>,
) -> (Cow<'s, samples::Record>, Cow<'s, Links>) {
    let tested =
        settings.samples.map_or_else(|| Cow::Owned(samples::Record::recorded(world, config)), Cow::Borrowed);
    let links = settings.links.map_or_else(|| Cow::Owned(Links::recorded(world, config)), Cow::Borrowed);
    (tested, links)
}

/// What a change does to names that pages cite; decisions and postmortems tell of their own time.
fn what_changed(site: &Site, sides: Sides<'_>) -> change::Change {
    let told = |page: &&Page| !matches!(page.kind.as_deref(), Some("decision" | "postmortem"));
    let pages: Vec<RelPath> = site.pages.iter().filter(told).map(|page| page.source.clone()).collect();
    change::read(sides, &pages)
}

/// What pages say of the code, held against it.
fn held(
    world: &dyn World,
    config: &Config,
    site: &mut Site,
    apis: &[record::openapi::Api],
    settings: Settings<'_>,
) -> Held {
    let changed = settings.base.map(|(_, changed)| changed);
    let lock = record::lock::read(world, config);
    let facts = record::facts::read(world, site, apis, &lock);
    let bindings = record::bindings::read(world, config, site, &lock, changed);
    if settings.render || settings.due {
        site.owners = record::owners::owners(world, site);
    }
    let change = settings.base.map(|(base, changed)| record::code_links::Change { base, changed });
    let code_links = record::code_links::read(world, config, site, change);
    let api_mentions = record::api_mentions::read(world, site, apis);
    let duties = record::owners::duties(site, &site.owners);
    Held { lock, facts, bindings, api_mentions, code_links, duties }
}

/// Lists that pages declare to be complete.
fn lists(world: &dyn World, site: &Site) -> Vec<change::DeclaredList> {
    let declaring = site.pages.iter().filter(|page| page.doc.facts.declares_lists);
    declaring.flat_map(|page| change::declared_lists(world, &page.source)).collect()
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
    let config = checked.config.clone();
    let world: &dyn World = &record::guarded(world, &config);
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
    let drawn = checked.diagrams.drawings.contains_key(&page)
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
