//! Reading a project: configuration, files, summary, pages.

use super::projects::is_test_data;
use super::{Project, Settings};
use crate::base::{Fingerprint, RelPath, parallel_map};
use crate::config::{self, Config, Level};
use crate::diag::{Problem, Severity, code};
use crate::evidence::Baseline;
use crate::highlight::{Colourless, Highlighter, Standard};
use crate::markdown::{self, Dialect, Doc, Input, Options};
use crate::model::{Mode, is_markdown};
use crate::world::{PathKind, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) fn configure(
    world: &dyn World,
    project: &Project,
    settings: Settings<'_>,
) -> (Config, Vec<Problem>) {
    let file = project.root.join("book.toml").ok().filter(|path| world.kind(path).is_some());
    let text = file.as_ref().map(|path| world.text(path)).transpose();
    let (mut config, mut mistakes) = config::read(
        file.as_ref(),
        &project.root,
        text.as_ref().map_or("", |text| text.as_deref().unwrap_or("")),
        settings.overrides,
    );
    if let (Err(error), Some(file)) = (&text, &file) {
        let place = crate::diag::Place::whole(file.clone());
        let message = format!("`{file}` cannot be read: {error}");
        mistakes.push(Problem::new(code::CONFIGURATION, &place, "book.toml", message));
    }
    if let Some(path) = &config.checks.baseline {
        baseline_mistakes(world, path, &config, &mut mistakes);
    }
    missing_assets(world, &config, &mut mistakes);
    missing_source(world, project, &config, &mut mistakes);
    if settings.pedantic {
        config.checks.levels.entry("pedantic".into()).or_insert(Level::On(Severity::Warning));
    }
    (config, mistakes)
}

/// A source folder that is not there: without this a misspelled `src` would be a book without pages and without findings.
fn missing_source(world: &dyn World, project: &Project, config: &Config, mistakes: &mut Vec<Problem>) {
    let is_folder = config.src.is_root() || world.kind(&config.src) == Some(PathKind::Folder);
    let Some(file) = config.file.clone().filter(|_| project.mode == Mode::Book && !is_folder) else { return };
    let text = world.text(&file).unwrap_or_default();
    // The first line that sets `src`; where there is none, it is the default, and the whole file is meant.
    let lines = text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line))
    });
    let is_key = |line: &str| {
        line.trim_start().strip_prefix("src").is_some_and(|rest| rest.trim_start().starts_with('='))
    };
    let set = lines.into_iter().find(|(_, line)| is_key(line));
    let place = set.map_or_else(
        || crate::diag::Place::whole(file.clone()),
        |(start, line)| {
            let (start, end) = (start, start + line.trim_end().len());
            let span = |at: usize| u32::try_from(at).unwrap_or(0);
            let span = crate::base::Span { start: span(start), end: span(end) };
            crate::diag::Place { file: file.clone(), span }
        },
    );
    let message = format!("the source folder `{}` does not exist", config.src);
    let help = "`src` in `[book]` is relative to the folder of book.toml, and `src` where it is not set";
    mistakes.push(Problem::new(code::CONFIGURATION, &place, "book.src", message).help(help));
}

/// Style sheets and scripts that are named and not there.
fn missing_assets(world: &dyn World, config: &Config, mistakes: &mut Vec<Problem>) {
    for (key, files) in [("additional-css", &config.html.css), ("additional-js", &config.html.js)] {
        for file in files {
            if config.root.join(file).is_ok_and(|path| world.kind(&path) == Some(PathKind::File)) {
                continue;
            }
            let place = crate::diag::Place::whole(config.file.clone().unwrap_or_else(RelPath::root));
            let message = format!("`output.html.{key}` names `{file}`, which does not exist");
            let help =
                "the path is relative to the folder of book.toml; mdBook stops at it, here it is left out";
            mistakes.push(Problem::new(code::CONFIGURATION_KEY, &place, file, message).help(help));
        }
    }
}

/// A baseline that is not there, or lines of it that are none.
fn baseline_mistakes(world: &dyn World, path: &RelPath, config: &Config, mistakes: &mut Vec<Problem>) {
    let mut say = |code, message: String, help: &str, place| {
        mistakes.push(Problem::new(code, &place, "checks.baseline", message).help(help));
    };
    match world.text(path) {
        Err(error) => {
            let place = crate::diag::Place::whole(config.file.clone().unwrap_or_else(RelPath::root));
            say(
                code::CONFIGURATION,
                format!("the baseline `{path}` cannot be read: {error}"),
                "`oathbook baseline` writes it",
                place,
            );
        }
        Ok(text) => {
            let index = crate::base::LineIndex::new(&text);
            for line in Baseline::parse(&text).1 {
                let at = u32::try_from(line).ok().and_then(|line| index.start_of(line)).unwrap_or(0);
                let place = crate::diag::Place {
                    file: path.clone(),
                    span: crate::base::Span { start: at, end: at + 1 },
                };
                say(
                    code::CONFIGURATION_KEY,
                    format!("line {line} of the baseline is none"),
                    "write the file with `oathbook baseline`",
                    place,
                );
            }
        }
    }
}

pub(super) fn options(config: &Config, mode: Mode, search: bool) -> Options {
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

pub(super) fn list(world: &dyn World, project: &Project, config: &Config) -> Vec<RelPath> {
    if project.mode == Mode::Forge {
        let mut files = world.tracked(&project.root);
        files.retain(|file| {
            !project.without.iter().any(|book| file.below(book).is_some()) && !is_test_data(file)
        });
        return files;
    }
    let output = config.root.join(&config.build_dir).ok();
    let mut files = world.files(&config.src);
    let evidence = crate::runs::shelf::folder(config);
    files.retain(|file| evidence.as_ref().is_none_or(|evidence| file.below(evidence).is_none()));
    // An output inside the source folder is no source; `src = "."` holds the configuration and the theme, too.
    files.retain(|file| {
        !output.as_ref().is_some_and(|output| *output != config.src && file.below(output).is_some())
    });
    files
}

pub(super) fn summary(
    world: &dyn World,
    project: &Project,
    config: &Config,
) -> Option<(markdown::Summary, RelPath)> {
    let path = config.src.join("SUMMARY.md").ok().filter(|_| project.mode == Mode::Book)?;
    let text = world.text(&path).ok()?;
    Some((markdown::parse_summary(&text), path))
}

/// The files that are pages: listed ones, or all Markdown.
pub(super) fn wanted(
    world: &dyn World,
    config: &Config,
    files: &[RelPath],
    summary: Option<&(markdown::Summary, RelPath)>,
) -> Vec<RelPath> {
    let Some((summary, _)) = summary else {
        return files
            .iter()
            .filter(|file| is_markdown(file) && file.file_name() != "SUMMARY.md")
            .cloned()
            .collect();
    };
    let is_file =
        |path: &RelPath| files.binary_search(path).is_ok() || world.kind(path) == Some(PathKind::File);
    let mut out: Vec<RelPath> = entries(summary)
        .into_iter()
        .filter_map(|entry| chapter_file(config, entry))
        .filter(is_file)
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// All chapters of a summary.
fn entries(summary: &markdown::Summary) -> Vec<&markdown::Entry> {
    let mut stack: Vec<&markdown::Entry> = Vec::new();
    for item in &summary.items {
        if let markdown::Item::Entry(entry) = item {
            stack.push(entry);
        }
    }
    let mut out = Vec::new();
    while let Some(entry) = stack.pop() {
        stack.extend(&entry.children);
        out.push(entry);
    }
    out
}

/// The file that a chapter names, inside the source folder.
pub(super) fn chapter_file(config: &Config, entry: &markdown::Entry) -> Option<RelPath> {
    let target = entry.target.as_ref().filter(|target| !target.contains("://") && !target.contains('#'))?;
    config.src.join(target).ok().filter(|path| path.below(&config.src).is_some())
}

/// Pages for listed chapters that have no file, as mdBook's `create-missing` would show them.
pub(super) fn titles_alone(
    world: &dyn World,
    config: &Config,
    options: &Options,
    summary: Option<&(markdown::Summary, RelPath)>,
    docs: &mut BTreeMap<RelPath, Result<Arc<Doc>, String>>,
) -> BTreeSet<RelPath> {
    let mut out = BTreeSet::new();
    let listed =
        summary.filter(|_| config.create_missing).map(|(summary, _)| entries(summary)).unwrap_or_default();
    for entry in listed {
        let Some(file) =
            chapter_file(config, entry).filter(|file| !docs.contains_key(file) && world.kind(file).is_none())
        else {
            continue;
        };
        let mut title = String::new();
        markdown::escape_text(&entry.name, &mut title);
        let text = format!("# {title}\n");
        let doc =
            markdown::parse(&Input { file: &file, text: &text, options, highlighter: &Standard, world });
        docs.insert(file.clone(), Ok(Arc::new(doc)));
        out.insert(file);
    }
    out
}

pub(super) fn parse(
    world: &dyn World,
    options: &Options,
    wanted: &[RelPath],
    settings: Settings<'_>,
) -> BTreeMap<RelPath, Result<Arc<Doc>, String>> {
    let highlighter: &dyn Highlighter = if settings.render { &Standard } else { &Colourless };
    let parse = |file: &RelPath| -> Result<Arc<Doc>, String> {
        if let Some(progress) = settings.progress {
            progress(wanted.len());
        }
        let text = world.text(file).map_err(|error| error.to_string())?;
        let input = Input { file, text: &text, options, highlighter, world };
        match settings.memory.filter(|_| !text.contains("{{#")) {
            // What a page quotes is not part of the key, so pages that quote are parsed each time.
            Some(memory) => {
                let key = Fingerprint::of_parts([
                    file.as_str().as_bytes(),
                    text.as_bytes(),
                    format!("{options:?} {}", settings.render).as_bytes(),
                ]);
                Ok(memory.pages.get_or_make(key, || markdown::parse(&input)))
            }
            None => Ok(Arc::new(markdown::parse(&input))),
        }
    };
    let docs = parallel_map(wanted, parse);
    wanted.iter().cloned().zip(docs).collect()
}

pub(super) fn not_found(
    world: &dyn World,
    config: &Config,
    options: &Options,
    mode: Mode,
) -> Option<Arc<Doc>> {
    if mode == Mode::Forge {
        return None;
    }
    let file = config
        .src
        .join(config.html.input_404.as_deref().filter(|name| !name.is_empty()).unwrap_or("404.md"))
        .ok()?;
    let text = world.text(&file).ok()?;
    let options = Options { search: false, ..options.clone() };
    Some(Arc::new(markdown::parse(&Input {
        file: &file,
        text: &text,
        options: &options,
        highlighter: &Standard,
        world,
    })))
}
