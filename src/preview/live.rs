//! The project as it is now.

use super::patch::{Splice, difference};
use crate::base::{RelPath, plain};
use crate::diag::{Diagnostic, Severity, settle};
use crate::model::PageId;
use crate::pipeline::{self, Checked, Memory, Project, Reread, Settings};
use crate::render::{Artifact, Counts, Hit, Renderer, SearchIndex, Theme, blocks};
use crate::report::Sources;
use crate::world::World;
use serde::Serialize;
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// A project that is edited while it is shown.
pub struct Live {
    project: Project,
    overrides: Vec<(String, String)>,
    memory: Arc<Memory>,
    checked: Checked,
    /// Whether the checks have run: the first reading leaves them for later.
    judged: bool,
    theme: Theme,
    /// Why the theme on disk is not the one in use.
    theme_error: Option<String>,
    index: OnceLock<Arc<dyn SearchIndex>>,
    /// What the index is merged from: an edit counts its own page only.
    counts: Counts,
}

/// What a check of the whole project needs.
pub struct Parts {
    project: Project,
    overrides: Vec<(String, String)>,
    memory: Arc<Memory>,
}

/// What an edit of one page changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The page's address.
    pub url: String,
    /// Its blocks that changed.
    pub ops: Vec<Splice>,
    /// Whether other pages see a difference.
    pub beyond: bool,
}

/// A finding as the preview shows it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Finding {
    /// The check's code.
    pub code: String,
    /// error, warning or note.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The file, from the repository's root.
    pub file: String,
    /// The file and the line, as they may be shown.
    pub place: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// The line's text.
    pub excerpt: String,
    /// The address of the page that the file makes, if it makes one.
    pub url: Option<String>,
}

/// How the whole site stands.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Status {
    /// Pages of the site.
    pub pages: usize,
    /// Findings of error level.
    pub errors: usize,
    /// Findings of warning level.
    pub warnings: usize,
    /// Findings of note level.
    pub notes: usize,
    /// The first findings, most severe first; at most 200.
    pub findings: Vec<Finding>,
}

/// Findings sent to a browser.
const MOST_FINDINGS: usize = 200;
/// Parses not asked for in this many rounds are forgotten.
const ROUNDS: u64 = 8;

impl Live {
    /// Reads a project, to be checked by [`Live::recheck`] once its first page is shown.
    ///
    /// # Errors
    /// When the theme cannot be used: there is nothing to show pages with.
    pub fn load(
        world: &dyn World,
        project: Project,
        overrides: Vec<(String, String)>,
    ) -> Result<Self, String> {
        let memory = Arc::new(Memory::default());
        let remembered = Settings { memory: Some(&memory), ..Settings::default() };
        let settings = Settings { overrides: &overrides, render: true, unjudged: true, ..remembered };
        let checked = pipeline::run(world, &project, settings);
        let theme = Theme::load(&checked.config, world).map_err(|error| error.to_string())?;
        let (index, counts) = (OnceLock::new(), Counts::default());
        let (judged, theme_error) = (false, None);
        Ok(Self { project, overrides, memory, checked, judged, theme, theme_error, index, counts })
    }

    /// Whether the checks have run.
    pub fn judged(&self) -> bool {
        self.judged
    }

    /// The checked project.
    pub fn checked(&self) -> &Checked {
        &self.checked
    }

    /// A page that was edited: reads it, swaps it in, and says what to replace. None if the file is no page, or
    /// cannot be read just now (an editor may be about to move a new one into place).
    pub fn edit(&mut self, world: &dyn World, file: &RelPath) -> Option<Change> {
        let below = file.below(self.checked.site.src())?;
        let page = self.checked.site.page_at(&below)?;
        let before = self.blocks_of(page);
        let outcome = pipeline::reread(world, &mut self.checked, page).ok()?;
        let url = self.checked.site.pages[page].url.clone();
        Some(Change { url, ops: difference(&before, &self.blocks_of(page)), beyond: outcome == Reread::Site })
    }

    fn blocks_of(&self, page: PageId) -> Vec<String> {
        blocks(&self.checked.subject(), page).into_iter().map(|(html, _)| html).collect()
    }

    /// What a check of the whole project needs; it runs without holding the project.
    pub fn recheck_parts(&self) -> Parts {
        Parts {
            project: self.project.clone(),
            overrides: self.overrides.clone(),
            memory: Arc::clone(&self.memory),
        }
    }

    /// Reads and checks the whole project with remembered parses.
    pub fn recheck(world: &dyn World, parts: &Parts) -> Checked {
        let Parts { project, overrides, memory } = parts;
        let settings = Settings { overrides, render: true, memory: Some(memory), ..Settings::default() };
        let checked = pipeline::run(world, project, settings);
        memory.end_round(ROUNDS);
        checked
    }

    /// Takes a new reading of the whole project. With nothing left to show, the last pages stay behind what is wrong.
    pub fn replace(&mut self, world: &dyn World, checked: Checked) {
        match Theme::load(&checked.config, world) {
            Ok(theme) => {
                self.theme = theme;
                self.theme_error = None;
            }
            Err(error) => self.theme_error = Some(error.to_string()),
        }
        self.judged = true;
        if checked.site.pages.is_empty() && !self.checked.site.pages.is_empty() {
            self.checked.report.diagnostics = checked.report.diagnostics;
        } else {
            self.checked = checked;
        }
        self.index = OnceLock::new();
    }

    /// What stands at an address, marked for the preview's script.
    pub fn answer(&self, world: &dyn World, address: &str) -> Option<Result<Cow<'static, [u8]>, String>> {
        let artifact = self.artifact(world, address)?;
        let index = matches!(artifact, Artifact::SearchFile(_)).then(|| Arc::clone(self.index(world)));
        Some(self.renderer(world, index).render(address, &artifact))
    }

    /// Pages are found without listing the whole output, which takes long at 10,000 pages.
    fn artifact(&self, world: &dyn World, address: &str) -> Option<Artifact> {
        if let Some(page) = self.checked.site.page_by_url(address) {
            return Some(Artifact::Page(page));
        }
        if address == "index.html" && !self.checked.site.pages.is_empty() {
            return Some(Artifact::Front(0));
        }
        let searching = address.starts_with("search/");
        let index = searching.then(|| Arc::clone(self.index(world)));
        self.renderer(world, index).at(address)
    }

    fn renderer<'l>(&'l self, world: &'l dyn World, index: Option<Arc<dyn SearchIndex>>) -> Renderer<'l> {
        Renderer::new(self.checked.subject(), &self.theme, world).for_preview(index, &self.counts)
    }

    fn index(&self, world: &dyn World) -> &Arc<dyn SearchIndex> {
        self.index.get_or_init(|| {
            let index = Arc::clone(self.renderer(world, None).index());
            self.counts.end_round(ROUNDS);
            index
        })
    }

    /// What a reader's search finds, best first.
    pub fn search(&self, world: &dyn World, query: &str) -> Vec<Hit> {
        self.index(world).search(query, &self.checked.site)
    }

    /// The page that is shown at an address: the first one is shown at `index.html`, too, and takes its patches
    /// there if links mean the same from both places.
    pub fn shown_at<'u>(&'u self, address: &'u str) -> &'u str {
        let first = self.checked.site.pages.first().map(|page| page.url.as_str());
        let front = address == "index.html" && self.checked.site.page_by_url(address).is_none();
        first.filter(|url| front && !url.contains('/')).unwrap_or(address)
    }

    /// How the site stands.
    pub fn status(&self, world: &dyn World) -> Status {
        let diagnostics = self.diagnostics();
        let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
        let mut findings: Vec<Finding> = self.theme_finding().into_iter().collect();
        let broken_theme = findings.len();
        findings.extend(self.located(world, diagnostics.iter().take(MOST_FINDINGS)));
        Status {
            pages: self.checked.site.pages.len(),
            errors: count(Severity::Error) + broken_theme,
            warnings: count(Severity::Warning),
            notes: count(Severity::Note),
            findings,
        }
    }

    /// All findings, most severe first.
    pub fn findings(&self, world: &dyn World) -> Vec<Finding> {
        let diagnostics = self.diagnostics();
        self.theme_finding().into_iter().chain(self.located(world, diagnostics.iter())).collect()
    }

    fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut diagnostics = self.checked.report.diagnostics.clone();
        settle(&mut diagnostics);
        diagnostics.sort_by_key(|found| found.severity);
        diagnostics
    }

    fn located<'d>(
        &self,
        world: &dyn World,
        diagnostics: impl Iterator<Item = &'d Diagnostic>,
    ) -> Vec<Finding> {
        let mut sources = Sources::new(world);
        let site = &self.checked.site;
        diagnostics
            .map(|found| {
                let at = sources.locate(&found.primary);
                let page = found.primary.file.below(site.src()).and_then(|path| site.page_at(&path));
                Finding {
                    code: found.code.to_owned(),
                    severity: found.severity.name().to_owned(),
                    message: plain(&found.message).into_owned(),
                    help: found.help.as_deref().map(|help| plain(help).into_owned()),
                    file: found.primary.file.as_str().to_owned(),
                    place: plain(&format!("{}:{}", found.primary.file, at.start.line)).into_owned(),
                    line: at.start.line,
                    column: at.start.column,
                    excerpt: plain(at.line.trim()).into_owned(),
                    url: page.map(|page| site.pages[page].url.clone()),
                }
            })
            .collect()
    }

    /// Why the theme on disk is not the one that is shown.
    fn theme_finding(&self) -> Option<Finding> {
        let error = self.theme_error.as_ref()?;
        let file = self.checked.config.html.theme.clone().unwrap_or_else(|| "theme".into());
        Some(Finding {
            code: "theme".into(),
            severity: "error".into(),
            message: "the theme cannot be used; the last one that could is shown".into(),
            help: Some(plain(error).into_owned()),
            place: plain(&file).into_owned(),
            file,
            line: 1,
            column: 1,
            excerpt: String::new(),
            url: None,
        })
    }

    /// The file and line of a block of a page.
    pub fn block_source(&self, world: &dyn World, url: &str, block: usize) -> Option<(String, u32)> {
        let page = self.checked.site.page_by_url(url)?;
        let found = blocks(&self.checked.subject(), page);
        let (_, place) = found.get(block)?;
        Some((place.file.as_str().to_owned(), Sources::new(world).locate(place).start.line))
    }
}
