//! `book.toml`: mdBook's keys as mdBook 0.5 reads them, and oathbook's own tables.
//!
//! One table ([`KEYS`]) says which keys there are; it drives reading, the findings about keys, and the generated
//! reference. Nothing in mdBook's part stops a build; a mistake in oathbook's own tables does, because a misspelled
//! check would otherwise silently not run.

mod alerts;
mod capacity;
mod incidents;
mod keys;
mod linkcheck;
mod oncall;
mod openapi;
mod read;
mod run;
mod samples;

pub use alerts::AlertsTable;
pub use capacity::CapacityTable;
pub use incidents::IncidentsTable;
pub use keys::{KEYS, Key, Kind, OWN_TABLES, Owner};
pub use linkcheck::Linkcheck;
pub use oncall::OncallTable;
pub use openapi::{Api, ApiSource, ApiSourceKind};
pub use read::read;
pub use run::RunTable;
pub use samples::Samples;

use crate::base::{Date, Glob, RelPath};
use crate::diag::{Place, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// Everything a run needs to know, with defaults filled in.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "mirrors mdBook's keys one to one")]
pub struct Config {
    /// The file it was read from, if there is one.
    pub file: Option<RelPath>,
    /// The folder of `book.toml`.
    pub root: RelPath,
    /// `book.title`.
    pub title: Option<String>,
    /// `book.authors`.
    pub authors: Vec<String>,
    /// `book.description`.
    pub description: Option<String>,
    /// `book.src`, from the repository's root.
    pub src: RelPath,
    /// `book.language`.
    pub language: String,
    /// Right to left: `book.text-direction`, or by the language.
    pub rtl: bool,
    /// `build.create-missing`: a listed chapter without a file is a page with its title alone. The file is not made.
    pub create_missing: bool,
    /// `build.extra-watch-dirs`, as written.
    pub watch: Vec<String>,
    /// `build.build-dir`, as written.
    pub build_dir: String,
    /// `build.use-default-preprocessors`, or both named: expand directives, `README.md` is `index.html`.
    pub directives: bool,
    /// See `directives`.
    pub readme_is_index: bool,
    /// `rust.edition`.
    pub edition: Option<String>,
    /// `output.html`.
    pub html: Html,
    /// `checks`.
    pub checks: Checks,
    /// `openapi`: API documents, by name.
    pub apis: Vec<Api>,
    /// `diagrams`.
    pub diagrams: Diagrams,
    /// `samples`.
    pub samples: Samples,
    /// `linkcheck`.
    pub linkcheck: Linkcheck,
    /// `run`.
    pub run: RunTable,
    /// `reviews.every`: by page kind, how often such pages are to be read.
    pub reviews: BTreeMap<String, String>,
    /// `incidents`.
    pub incidents: IncidentsTable,
    /// `capacity`.
    pub capacity: CapacityTable,
    /// `criteria.file`: criteria of success, from the folder of `book.toml`.
    pub criteria: Option<String>,
    /// `oncall`.
    pub oncall: OncallTable,
    /// `alerts`.
    pub alerts: AlertsTable,
    /// Every path that a value of `book.toml` is, from the folder of that file, and the defaults of records.
    pub named: BTreeSet<RelPath>,
    /// `site`.
    pub site: SiteTable,
    /// `kinds`: globs below the source folder and the page kind they stand for.
    pub kinds: Vec<(String, String, Option<Place>)>,
    /// Names of preprocessors that would change pages and are not run.
    pub preprocessors: Vec<String>,
    /// Whether other renderers are named, which may make files of the site.
    pub other_outputs: bool,
}

/// `diagrams`.
#[derive(Clone, Debug, Default)]
pub struct Diagrams {
    /// The folder of sources, as written.
    pub folder: String,
    /// By the name of an inventory: `auto`, `on`, `off`.
    pub inventory: BTreeMap<String, String>,
    /// What need not be drawn, and why.
    pub leave_out: BTreeMap<String, String>,
}

/// Preprocessors that are known to add no ids, link definitions or link targets that a page could lead to.
const HARMLESS: &[&str] = &[
    "admonish",
    "alerts",
    "bob",
    "callouts",
    "d2",
    "embedify",
    "emojicodes",
    "footnote",
    "gettext",
    "git-metadata",
    "graphviz",
    "i18n",
    "katex",
    "last-changed",
    "linkcheck",
    "linkcheck2",
    "mermaid",
    "open-on-gh",
    "pagetoc",
    "plantuml",
    "quiz",
    "svgbob",
    "tabs",
    "theme",
    "toc",
    "trpl-listing",
    "trpl-note",
    "variables",
];

impl Config {
    /// Whether a preprocessor is named that may add what links lead to; what is not there can then not be judged.
    pub fn has_unknown_preprocessors(&self) -> bool {
        self.preprocessors.iter().any(|name| !HARMLESS.contains(&name.as_str()))
    }
}

/// `output.html`.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "mirrors mdBook's keys one to one")]
pub struct Html {
    /// `smart-punctuation`.
    pub smart_punctuation: bool,
    /// `definition-lists`.
    pub definition_lists: bool,
    /// `admonitions`.
    pub admonitions: bool,
    /// `mathjax-support`.
    pub mathjax: bool,
    /// `additional-css`.
    pub css: Vec<String>,
    /// `additional-js`.
    pub js: Vec<String>,
    /// `no-section-label`.
    pub no_section_label: bool,
    /// `git-repository-url`.
    pub repository: Option<String>,
    /// `edit-url-template`.
    pub edit: Option<String>,
    /// `input-404`: none means `404.md` if there is one; empty means no page.
    pub input_404: Option<String>,
    /// `site-url`.
    pub site_url: Option<String>,
    /// `cname`.
    pub cname: Option<String>,
    /// `code.hidelines`.
    pub hidelines: BTreeMap<String, String>,
    /// `playground.runnable`.
    pub runnable: bool,
    /// `playground.editable`.
    pub editable: bool,
    /// `print.enable`.
    pub print: bool,
    /// `search.enable`.
    pub search: bool,
    /// `theme`: folder of templates that win over the built-in ones, as written.
    pub theme: Option<String>,
    /// `redirect`: from, to, and where it is written.
    pub redirects: Vec<(String, String, Option<Place>)>,
}

/// `site`.
#[derive(Clone, Debug, Default)]
pub struct SiteTable {
    /// `address`, without a slash at its end.
    pub address: Option<String>,
    /// `theme`: a folder's name in `themes`.
    pub theme: Option<String>,
    /// `image`.
    pub image: Option<String>,
    /// `markdown`: twins of the pages, and `llms.txt`.
    pub markdown: bool,
    /// `last-changed`.
    pub last_changed: bool,
    /// `internal`: globs below the source folder.
    pub internal: Vec<String>,
    /// `allow-files`: globs from the folder of `book.toml`.
    pub allow_files: Vec<String>,
}

impl Config {
    /// Whether `site.allow-files` names a file, or any other value of `book.toml` is its path.
    pub fn names(&self, file: &RelPath) -> bool {
        let below = |glob: &String| {
            file.below(&self.root).is_some_and(|below| Glob::new(glob).matches(below.as_str()))
        };
        self.named.contains(file) || self.site.allow_files.iter().any(below)
    }
}

/// `checks`.
#[derive(Clone, Debug, Default)]
pub struct Checks {
    /// A severity, or off, for a check's code or a group's name.
    pub levels: BTreeMap<String, Level>,
    /// Where each of them is written.
    pub level_places: BTreeMap<String, Place>,
    /// `baseline`: a file of findings that are known, from the repository's root.
    pub baseline: Option<RelPath>,
    /// `allow`.
    pub allow: Vec<Allow>,
}

/// What a check's findings count as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Shown with this severity.
    On(Severity),
    /// Not shown.
    Off,
}

/// An accepted finding: `[[checks.allow]]`, or a remark `<!-- oathbook: allow(code) reason -->` on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The check.
    pub code: String,
    /// A glob over pages, below the source folder.
    pub page: String,
    /// Why.
    pub reason: String,
    /// After this day it no longer holds.
    pub until: Option<Date>,
    /// Where it is written.
    pub place: Option<Place>,
}
