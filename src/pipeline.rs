//! The stages, in order: find projects, configure, list, parse, link up, check. Pure; the shell does the rest.

use crate::base::{Fingerprint, Memo, RelPath, parallel_map};
use crate::check::{self, Baseline, Report};
use crate::config::{self, Config, Level, Mistake};
use crate::diag::Severity;
use crate::highlight::Standard;
use crate::markdown::{self, Dialect, Doc, Input, Options};
use crate::model::{Mode, PageId, Parts, Site, is_markdown, is_readme};
use crate::world::{PathKind, ReadError, World};
use std::collections::{BTreeMap, BTreeSet};
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
#[derive(Clone, Copy, Default)]
pub struct Settings<'s> {
    /// mdBook's environment variables.
    pub overrides: &'s [(String, String)],
    /// Turn the pedantic checks on.
    pub pedantic: bool,
    /// Keep what the search index and pages need; `check` alone does not.
    pub render: bool,
    /// Remembered parses.
    pub memo: Option<&'s Memo<Doc>>,
}

/// A checked project.
pub struct Checked {
    /// Its configuration.
    pub config: Config,
    /// What reading the configuration said.
    pub mistakes: Vec<Mistake>,
    /// The site.
    pub site: Site,
    /// What the checks said.
    pub report: Report,
    /// The book's own page for addresses that do not exist.
    pub not_found: Option<Arc<Doc>>,
}

/// The projects at `root`: a book if there is one, else the folder's Markdown and every book below it.
pub fn projects(world: &dyn World, root: &RelPath) -> Vec<Project> {
    let has = |folder: &RelPath, name: &str| folder.join(name).is_ok_and(|path| world.kind(&path).is_some());
    if has(root, "book.toml") || has(root, "src/SUMMARY.md") {
        return vec![Project { root: root.clone(), mode: Mode::Book, without: Vec::new() }];
    }
    let mut books: Vec<RelPath> = Vec::new();
    for file in world.tracked(root) {
        // A configuration without pages beside it is a test's or a template's.
        let with_summary = || {
            let (config, _) = config::read(Some(&file), &file.parent(), &world.text(&file).unwrap_or_default(), &[]);
            has(&config.src, "SUMMARY.md")
        };
        let book = file.file_name() == "book.toml" && !is_test_data(&file) && with_summary();
        if book && !books.iter().any(|outer| file.below(outer).is_some()) {
            books.push(file.parent());
        }
    }
    let mut out = vec![Project { root: root.clone(), mode: Mode::Forge, without: books.clone() }];
    out.extend(books.into_iter().map(|root| Project { root, mode: Mode::Book, without: Vec::new() }));
    out
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
    let options = options(&config, project.mode, settings.render);
    let files = list(world, project, &config);
    let summary = summary(world, project, &config);
    let wanted = wanted(world, project, &config, &files, summary.as_ref());
    let mut docs = parse(world, &options, &wanted, settings.memo);
    let without_file = titles_alone(world, &config, &options, summary.as_ref(), &mut docs);
    let not_found = not_found(world, &config, &options, project.mode);
    let exists = |path: &RelPath| world.kind(path).is_some();
    let generated = generated(world, project, &files);
    let site = Site::build(Parts { config: &config, mode: project.mode, summary, files, docs, without_file, generated, exists: &exists });
    let subject = check::Subject { site: &site, config: &config, mistakes: &mistakes, today: world.today() };
    let report = check::run(&subject);
    Checked { config, mistakes, site, report, not_found }
}

/// What re-reading a page found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reread {
    /// Only what the page itself shows has changed.
    PageOnly,
    /// What other pages see of it (title, ids, links) has changed: the model must be built anew.
    Site,
}

/// Reads one page again and swaps it in, which is all that most edits need. After [`Reread::Site`] the page is
/// shown as it is now, and what others know of it is not yet.
///
/// # Errors
/// When the page can no longer be read; the site is then as before.
pub fn reread(world: &dyn World, checked: &mut Checked, page: PageId) -> Result<Reread, ReadError> {
    let Some(source) = checked.site.pages.get(page).map(|page| page.source.clone()) else { return Err(ReadError::Missing) };
    let text = world.text(&source)?;
    let options = options(&checked.config, checked.site.mode, true);
    let doc = markdown::parse(&Input { file: &source, text: &text, options: &options, highlighter: &Standard, world });
    let same = checked.site.pages[page].doc.facts.seen_alike(&doc.facts);
    let exists = |path: &RelPath| world.kind(path).is_some();
    checked.site.swap(page, Arc::new(doc), &checked.config, &exists);
    Ok(if same { Reread::PageOnly } else { Reread::Site })
}

fn configure(world: &dyn World, project: &Project, settings: Settings<'_>) -> (Config, Vec<Mistake>) {
    let file = project.root.join("book.toml").ok().filter(|path| world.kind(path).is_some());
    let text = file.as_ref().map(|path| world.text(path)).transpose();
    let (mut config, mut mistakes) = config::read(file.as_ref(), &project.root, text.as_ref().map_or("", |text| text.as_deref().unwrap_or("")), settings.overrides);
    if let (Err(error), Some(file)) = (&text, &file) {
        let place = crate::diag::Place::whole(file.clone());
        let message = format!("`{file}` cannot be read: {error}");
        mistakes.push(Mistake { kind: config::MistakeKind::Fatal, subject: "book.toml".into(), message, help: None, place });
    }
    if let Some(path) = &config.checks.baseline {
        baseline_mistakes(world, path, &config, &mut mistakes);
    }
    missing_assets(world, &config, &mut mistakes);
    if settings.pedantic {
        config.checks.levels.entry("pedantic".into()).or_insert(Level::On(Severity::Warning));
    }
    (config, mistakes)
}

/// Style sheets and scripts that are named and not there.
fn missing_assets(world: &dyn World, config: &Config, mistakes: &mut Vec<Mistake>) {
    for (key, files) in [("additional-css", &config.html.css), ("additional-js", &config.html.js)] {
        for file in files {
            if config.root.join(file).is_ok_and(|path| world.kind(&path) == Some(PathKind::File)) {
                continue;
            }
            let place = crate::diag::Place::whole(config.file.clone().unwrap_or_else(RelPath::root));
            let message = format!("`output.html.{key}` names `{file}`, which does not exist");
            let help = Some("the path is relative to the folder of book.toml; mdBook stops at it, here it is left out".to_owned());
            mistakes.push(Mistake { kind: config::MistakeKind::Key, subject: file.clone(), message, help, place });
        }
    }
}

/// A baseline that is not there, or lines of it that are none.
fn baseline_mistakes(world: &dyn World, path: &RelPath, config: &Config, mistakes: &mut Vec<Mistake>) {
    let mut say = |kind, message, help: &str, place| {
        mistakes.push(Mistake { kind, subject: "checks.baseline".into(), message, help: Some(help.to_owned()), place });
    };
    match world.text(path) {
        Err(error) => {
            let place = crate::diag::Place::whole(config.file.clone().unwrap_or_else(RelPath::root));
            say(config::MistakeKind::Fatal, format!("the baseline `{path}` cannot be read: {error}"), "`oathbook baseline` writes it", place);
        }
        Ok(text) => {
            let index = crate::base::LineIndex::new(&text);
            for line in Baseline::parse(&text).1 {
                let at = u32::try_from(line).ok().and_then(|line| index.start_of(line)).unwrap_or(0);
                let place = crate::diag::Place { file: path.clone(), span: crate::base::Span { start: at, end: at + 1 } };
                say(config::MistakeKind::Key, format!("line {line} of the baseline is none"), "write the file with `oathbook baseline`", place);
            }
        }
    }
}

fn options(config: &Config, mode: Mode, search: bool) -> Options {
    let dialect = if mode == Mode::Book { Dialect::Book } else { Dialect::Forge };
    let html = &config.html;
    let base = Options::new(dialect);
    if mode == Mode::Forge {
        return base;
    }
    Options {
        smart_punctuation: html.smart_punctuation,
        definition_lists: html.definition_lists,
        admonitions: html.admonitions,
        edition: config.edition.clone(),
        hidelines: html.hidelines.clone(),
        runnable: html.runnable,
        editable: html.editable,
        directives: config.directives,
        search: search && html.search,
        ..base
    }
}

fn list(world: &dyn World, project: &Project, config: &Config) -> Vec<RelPath> {
    if project.mode == Mode::Forge {
        let mut files = world.tracked(&project.root);
        files.retain(|file| !project.without.iter().any(|book| file.below(book).is_some()) && !is_test_data(file));
        return files;
    }
    let output = config.root.join(&config.build_dir).ok();
    let mut files = world.files(&config.src);
    // An output inside the source folder is no source; `src = "."` holds the configuration and the theme, too.
    files.retain(|file| !output.as_ref().is_some_and(|output| *output != config.src && file.below(output).is_some()));
    files
}

/// Whether a file lies in a folder of inputs for tests or of other people's code: its Markdown is nobody's
/// documentation here.
fn is_test_data(file: &RelPath) -> bool {
    const FOLDERS: &[&str] = &[
        "test", "tests", "__tests__", "testdata", "test-data", "test_data", "fixtures", "__fixtures__", "snapshots", "__snapshots__", "benchmark", "benchmarks", "vendor",
        "third_party", "thirdparty", "node_modules",
    ];
    let folder = file.parent();
    is_markdown(file) && !is_readme(file) && folder.as_str().split('/').any(|part| FOLDERS.contains(&part.to_ascii_lowercase().as_str()))
        || file.file_name() == "book.toml" && folder.as_str().split('/').any(|part| FOLDERS.contains(&part))
}

fn summary(world: &dyn World, project: &Project, config: &Config) -> Option<(markdown::Summary, RelPath)> {
    let path = config.src.join("SUMMARY.md").ok().filter(|_| project.mode == Mode::Book)?;
    let text = world.text(&path).ok()?;
    let text = text.strip_prefix('\u{feff}').map_or(text.as_str(), |text| text);
    Some((markdown::parse_summary(text), path))
}

/// The files that are pages: listed ones, or all Markdown.
fn wanted(world: &dyn World, project: &Project, config: &Config, files: &[RelPath], summary: Option<&(markdown::Summary, RelPath)>) -> Vec<RelPath> {
    let Some((summary, _)) = summary else {
        return files.iter().filter(|file| is_markdown(file) && file.file_name() != "SUMMARY.md").cloned().collect();
    };
    let is_file = |path: &RelPath| files.binary_search(path).is_ok() || world.kind(path) == Some(PathKind::File);
    let mut out: Vec<RelPath> = entries(summary).into_iter().filter_map(|entry| chapter_file(config, entry)).filter(is_file).collect();
    out.sort_unstable();
    out.dedup();
    debug_assert!(project.mode == Mode::Book);
    out
}

/// All chapters of a summary.
fn entries(summary: &markdown::Summary) -> Vec<&markdown::Entry> {
    let of_item = |item| if let &markdown::Item::Entry(ref entry) = item { Some(entry) } else { None };
    let mut stack: Vec<&markdown::Entry> = summary.items.iter().filter_map(of_item).collect();
    let mut out = Vec::new();
    while let Some(entry) = stack.pop() {
        stack.extend(&entry.children);
        out.push(entry);
    }
    out
}

/// The file that a chapter names, inside the source folder.
fn chapter_file(config: &Config, entry: &markdown::Entry) -> Option<RelPath> {
    let target = entry.target.as_ref().filter(|target| !target.contains("://") && !target.contains('#'))?;
    config.src.join(target).ok().filter(|path| path.below(&config.src).is_some())
}

/// Pages for listed chapters that have no file, as mdBook's `create-missing` would show them.
fn titles_alone(
    world: &dyn World,
    config: &Config,
    options: &Options,
    summary: Option<&(markdown::Summary, RelPath)>,
    docs: &mut BTreeMap<RelPath, Result<Arc<Doc>, String>>,
) -> BTreeSet<RelPath> {
    let mut out = BTreeSet::new();
    let listed = summary.filter(|_| config.create_missing).map(|(summary, _)| entries(summary)).unwrap_or_default();
    for entry in listed {
        let Some(file) = chapter_file(config, entry).filter(|file| !docs.contains_key(file) && world.kind(file).is_none()) else { continue };
        let mut title = String::new();
        markdown::escape_text(&entry.name, &mut title);
        let text = format!("# {title}\n");
        let doc = markdown::parse(&Input { file: &file, text: &text, options, highlighter: &Standard, world });
        docs.insert(file.clone(), Ok(Arc::new(doc)));
        out.insert(file);
    }
    out
}

fn parse(world: &dyn World, options: &Options, wanted: &[RelPath], memo: Option<&Memo<Doc>>) -> BTreeMap<RelPath, Result<Arc<Doc>, String>> {
    let parse = |file: &RelPath| -> Result<Arc<Doc>, String> {
        let text = world.text(file).map_err(|error| error.to_string())?;
        let input = Input { file, text: &text, options, highlighter: &Standard, world };
        match memo.filter(|_| !text.contains("{{#")) {
            // What a page quotes is not part of the key, so pages that quote are parsed each time.
            Some(memo) => {
                let key = Fingerprint::of_parts([file.as_str().as_bytes(), text.as_bytes(), format!("{options:?}").as_bytes()]);
                Ok(memo.get_or_make(key, || markdown::parse(&input)))
            }
            None => Ok(Arc::new(markdown::parse(&input))),
        }
    };
    let docs = parallel_map(wanted, parse);
    wanted.iter().cloned().zip(docs).collect()
}

fn not_found(world: &dyn World, config: &Config, options: &Options, mode: Mode) -> Option<Arc<Doc>> {
    if mode == Mode::Forge {
        return None;
    }
    let file = config.src.join(config.html.input_404.as_deref().filter(|name| !name.is_empty()).unwrap_or("404.md")).ok()?;
    let text = world.text(&file).ok()?;
    let options = Options { search: false, ..options.clone() };
    Some(Arc::new(markdown::parse(&Input { file: &file, text: &text, options: &options, highlighter: &Standard, world })))
}

/// Folders whose Markdown another generator turns into a site, by its configuration file; relative links to files
/// are the same there, addresses and ids are not.
fn generated(world: &dyn World, project: &Project, files: &[RelPath]) -> Vec<RelPath> {
    const MARKS: &[&str] = &[
        "mkdocs.yml", "mkdocs.yaml", "zensical.toml", "docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "astro.config.mjs", "astro.config.ts",
        "astro.config.js", "_config.yml", "_config.yaml", "hugo.toml", "hugo.yaml", "hugo.yml", "conf.py", "antora.yml", "_quarto.yml", "gatsby-config.js", "next.config.js",
        "next.config.mjs", "sidebars.js", "sidebars.ts", "_sidebar.md", "mix.exs", "myst.yml", ".readthedocs.yaml", ".readthedocs.yml", "book.json", "rspress.config.ts", "eleventy.config.js",
        "nuxt.config.ts",
    ];
    if project.mode == Mode::Book {
        return Vec::new();
    }
    let mut out: Vec<RelPath> = files.iter().filter(|file| MARKS.contains(&file.file_name())).map(RelPath::parent).collect();
    // Docusaurus is often set up in `website/` for pages in `docs/` beside it.
    let beside: Vec<RelPath> = files
        .iter()
        .filter(|file| file.file_name().starts_with("docusaurus.config."))
        .filter_map(|file| file.parent().parent().join("docs").ok())
        .collect();
    out.extend(beside);
    let zola = |file: &&RelPath| matches!(file.file_name(), "config.toml" | "config.yaml" | "config.yml");
    let with_content = |folder: &RelPath| folder.join("content").is_ok_and(|content| world.kind(&content).is_some());
    out.extend(files.iter().filter(zola).map(RelPath::parent).filter(with_content));
    // VitePress and VuePress keep their configuration in a hidden folder, DocC its pages in folders by extension.
    let mut folders: BTreeSet<RelPath> = BTreeSet::new();
    for file in files.iter().filter(|file| is_markdown(file)) {
        let mut folder = file.parent();
        while folders.insert(folder.clone()) && !folder.is_root() {
            folder = folder.parent();
        }
    }
    let hidden = |folder: &RelPath| [".vitepress", ".vuepress"].iter().any(|name| folder.join(name).is_ok_and(|path| world.kind(&path).is_some()));
    out.extend(folders.into_iter().filter(|folder| folder.extension() == Some("docc") || hidden(folder)));
    out.sort_unstable();
    out.dedup();
    out
}

fn hold_back(world: &dyn World, config: &Config, report: &mut Report) {
    let Some(text) = config.checks.baseline.as_ref().and_then(|path| world.text(path).ok()) else { return };
    let (baseline, _) = Baseline::parse(&text);
    let (held, _) = baseline.apply(&mut report.diagnostics);
    report.held_back += held;
}
