//! `oathbook test`: compiles and runs code of pages, and records what it found.

use crate::base::{Glob, RelPath};
use crate::cli::check::{self, Format, Outcome as Found};
use crate::cli::{Context, Exit, print_bytes, push_line};
use crate::diag::settle;
use crate::evidence::samples::{self, Outcome, Record, Sort, Tested, rust, session};
use crate::pipeline::{self, Checked, Project, Settings};
use crate::report::{Listing, count};
use crate::shell::samples::{self as running, Bench};
use crate::shell::{self, disk::DiskWorld, http, write};
use crate::world::{PathKind, World};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Which code of pages is run.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Code of pages")]
pub(in crate::cli) struct SampleArguments {
    /// Only this sort of block; may be given more than once.
    #[arg(long, value_enum, value_name = "SORT")]
    only: Vec<Which>,
    /// Only pages that this glob matches, from the repository's root.
    #[arg(long, value_name = "GLOB")]
    page: Option<String>,
    /// The service to which blocks of HTTP are sent.
    #[arg(long, value_name = "URL", conflicts_with = "api")]
    service: Option<String>,
    /// Print what would be run, and run nothing.
    #[arg(long)]
    list: bool,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// Compiled and run against the workspace's crates.
    Rust,
    /// Marked with `run`.
    Shell,
    /// Marked with `run`, and only with `--api`.
    Http,
}

impl SampleArguments {
    fn wants(&self, tested: &Tested<'_>, checked: &Checked) -> bool {
        let sort = match tested.sort {
            Sort::Rust => Which::Rust,
            Sort::Shell => Which::Shell,
            Sort::Http => Which::Http,
        };
        let page = checked.site.pages[tested.page].source.as_str();
        (self.only.is_empty() || self.only.contains(&sort))
            && (sort != Which::Http || self.service.is_some() || self.list)
            && self.page.as_ref().is_none_or(|glob| Glob::new(glob).matches(page))
    }
}

/// What became of blocks, in the order in which they were asked for.
type Results = Vec<Option<Outcome>>;

/// One project and everything that running its blocks needs.
struct Run<'r> {
    context: &'r Context,
    disk: &'r DiskWorld,
    checked: &'r Checked,
    tested: Vec<Tested<'r>>,
    workspace: Option<rust::Dependencies>,
    /// For what is written.
    folder: PathBuf,
}

pub(super) fn test(context: &Context, dir: &Path, arguments: &SampleArguments, format: Format) -> Exit {
    let (disk, root) = match context.open(dir) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let overrides = shell::overrides();
    let settings = Settings { overrides: &overrides, ..Settings::default() };
    let (mut exit, mut found) = (Exit::Clean, Found::default());
    let mut listed = String::new();
    for project in pipeline::projects(&disk, &root) {
        let checked = pipeline::run(&disk, &project, settings);
        let tested: Vec<Tested<'_>> = samples::on_pages(&checked.site)
            .into_iter()
            .filter(|one| arguments.wants(one, &checked))
            .collect();
        if arguments.list {
            list(&disk, &checked, &tested, &mut listed);
            continue;
        }
        match project_outcome(context, arguments, &disk, (&project, &checked, tested), settings) {
            Ok(checked) => found.add(&checked),
            Err(other) => exit = exit.and(other),
        }
    }
    if arguments.list {
        return print_bytes(listed.as_bytes());
    }
    settle(&mut found.diagnostics);
    let listing = Listing { diagnostics: &found.diagnostics, compared: false };
    let printed = check::print(context, format, &found, listing, (&disk, None));
    exit.and(found.exit()).and(printed)
}

fn list(disk: &DiskWorld, checked: &Checked, tested: &[Tested<'_>], out: &mut String) {
    for one in tested {
        let place = &one.code.place;
        let text = disk.text(&place.file).unwrap_or_default();
        let line = crate::base::LineIndex::new(&text).position(&text, place.span.start).line;
        let page = &checked.site.pages[one.page].source;
        push_line(out, &format!("{page}:{line}: {}", one.sort.name()));
    }
}

/// Runs the blocks of a project, records what became of them, and checks again with that.
fn project_outcome(
    context: &Context,
    arguments: &SampleArguments,
    disk: &DiskWorld,
    (project, checked, tested): (&Project, &Checked, Vec<Tested<'_>>),
    settings: Settings<'_>,
) -> Result<Checked, Exit> {
    let workspace = workspace(context, disk, checked)?;
    let folder = match &workspace {
        Some(workspace) => Path::new(&workspace.target).join("oathbook"),
        None => {
            let own = checked.config.root.join(".oathbook").unwrap_or_else(|_| checked.config.root.clone());
            write::folder(disk.root(), &own).map_err(|error| context.refused(&error))?
        }
    };
    let folders = packages(disk, workspace.as_ref());
    let run = Run { context, disk, checked, tested, workspace, folder };
    let results = run.all(arguments)?;
    let mut record = Record::recorded(disk, &checked.config);
    let ground = samples::ground(disk, &folders);
    if !record.holds(disk) {
        record.results.clear();
    }
    record.ground = Some((folders, ground));
    let (mut passed, mut failed) = (0, 0);
    for (tested, outcome) in run.tested.iter().zip(&results) {
        let Some(outcome) = outcome else { continue };
        passed += usize::from(*outcome == Outcome::Passed);
        failed += usize::from(*outcome != Outcome::Passed);
        let key = (checked.site.pages[tested.page].source.clone(), tested.fingerprint());
        record.results.insert(key, (disk.today(), outcome.clone()));
    }
    context.say(&format!("tested {}: {passed} passed, {failed} failed", count(passed + failed, "block")));
    write_record(context, disk, checked, &record)?;
    let settings = Settings { samples: Some(&record), ..settings };
    let mut checked = pipeline::run(disk, project, settings);
    checked.report.diagnostics.retain(|found| matches!(found.code, "sample" | "configuration"));
    Ok(checked)
}

fn workspace(
    context: &Context,
    disk: &DiskWorld,
    checked: &Checked,
) -> Result<Option<rust::Dependencies>, Exit> {
    let Some(folder) = crate::rust::manifest::nearest_manifest(disk, &checked.config.root) else {
        return Ok(None);
    };
    let folder = disk.on_disk(&folder);
    let found = running::workspace(&folder).map_err(|error| context.refused(&error))?;
    Ok(found.map(|mut found| {
        for (name, value) in &checked.config.samples.dependencies {
            found.add(name, value);
        }
        found
    }))
}

/// The folders of the workspace's packages, from the repository's root.
fn packages(disk: &DiskWorld, workspace: Option<&rust::Dependencies>) -> Vec<RelPath> {
    let below = |folder: &String| {
        let below = Path::new(folder).strip_prefix(disk.root()).ok()?;
        RelPath::parse(&below.to_string_lossy()).ok()
    };
    let mut out: Vec<RelPath> =
        workspace.iter().flat_map(|found| &found.packages).filter_map(below).collect();
    out.sort_unstable();
    out.dedup();
    out
}

fn write_record(context: &Context, disk: &DiskWorld, checked: &Checked, record: &Record) -> Result<(), Exit> {
    let Some(file) = samples::file(&checked.config).filter(|_| !record.results.is_empty()) else {
        return Ok(());
    };
    let folder = file.parent();
    if folder.file_name() == ".oathbook" && disk.kind(&folder).is_none() {
        ignore_all(context, disk, &folder)?;
    }
    write::below(disk.root(), &file, record.text().as_bytes()).map_err(|error| context.refused(&error))
}

/// Keeps a folder of records out of commits.
fn ignore_all(context: &Context, disk: &DiskWorld, folder: &RelPath) -> Result<(), Exit> {
    let Ok(ignore) = folder.join(".gitignore") else { return Ok(()) };
    write::below(disk.root(), &ignore, b"*\n").map_err(|error| context.refused(&error))
}

impl Run<'_> {
    fn all(&self, arguments: &SampleArguments) -> Result<Results, Exit> {
        let mut out: Results = vec![None; self.tested.len()];
        self.rust(&mut out)?;
        self.shell(&mut out)?;
        if let Some(service) = &arguments.service {
            self.http(service, &mut out)?;
        }
        Ok(out)
    }

    fn of(&self, sort: Sort) -> Vec<(usize, &Tested<'_>)> {
        self.tested.iter().enumerate().filter(|(_, one)| one.sort == sort).collect()
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(u64::from(self.checked.config.samples.timeout))
    }

    fn rust(&self, out: &mut Results) -> Result<(), Exit> {
        let blocks = self.of(Sort::Rust);
        if blocks.is_empty() {
            return Ok(());
        }
        let none = rust::Dependencies {
            target: self.folder.join("target").to_string_lossy().into_owned(),
            root: self.folder.to_string_lossy().into_owned(),
            ..rust::Dependencies::default()
        };
        let dependencies = self.workspace.as_ref().unwrap_or(&none);
        let edition = self.checked.config.edition.clone().or_else(|| dependencies.edition.clone());
        let edition = edition.unwrap_or_else(|| "2021".into());
        let programs: Vec<rust::Program> = blocks
            .iter()
            .map(|(_, one)| rust::program(&one.sample.text, &one.sample.words, &edition))
            .collect();
        let folder = self.folder.join("samples");
        self.context.say(&format!("compiling {} in {}", count(blocks.len(), "Rust block"), folder.display()));
        let project = running::Project { folder, dependencies, timeout: self.timeout() };
        let outcomes = project.test(&programs).map_err(|error| self.context.refused(&error))?;
        for ((at, _), outcome) in blocks.into_iter().zip(outcomes) {
            out[at] = Some(outcome);
        }
        Ok(())
    }

    fn shell(&self, out: &mut Results) -> Result<(), Exit> {
        let blocks = self.of(Sort::Shell);
        if blocks.is_empty() {
            return Ok(());
        }
        let programs = match &self.workspace {
            Some(workspace) if workspace.has_programs => {
                self.context.say(&format!("running `cargo build --bins` in {}", workspace.root));
                Some(running::programs(workspace).map_err(|error| self.context.refused(&error))?)
            }
            _ => None,
        };
        let mut by_page: BTreeMap<usize, Vec<(usize, &Tested<'_>)>> = BTreeMap::new();
        for (at, one) in blocks {
            by_page.entry(one.page).or_default().push((at, one));
        }
        for (page, blocks) in by_page {
            self.shell_page(page, &blocks, programs.as_deref(), out)?;
        }
        Ok(())
    }

    /// The blocks of one page share a folder, in which the page's files appear as the reader meets them.
    fn shell_page(
        &self,
        number: usize,
        blocks: &[(usize, &Tested<'_>)],
        programs: Option<&Path>,
        out: &mut Results,
    ) -> Result<(), Exit> {
        let page = &self.checked.site.pages[number];
        let scratch = write::Scratch::new().map_err(|error| self.context.refused(&error))?;
        let shown = scratch.path().display();
        self.context.say(&format!("running {} of {} in {shown}", count(blocks.len(), "block"), page.source));
        // Where the reader stands: a `cd` holds for the blocks after it.
        let (mut written, mut here) = (0, scratch.path().to_owned());
        for (at, one) in blocks {
            for code in &page.doc.facts.code[written..one.number] {
                let Some(sample) = code.sample.as_deref() else { continue };
                let Some(path) = sample.title.as_ref().and_then(|title| RelPath::parse(title).ok()) else {
                    continue;
                };
                if sample.words.iter().any(|word| word == "file") {
                    running::file(&here, &path, &sample.text)
                        .map_err(|error| self.context.refused(&error))?;
                }
            }
            written = one.number;
            let inside = one.sample.words.iter().find_map(|word| word.strip_prefix("cwd="));
            let inside = inside.and_then(|path| RelPath::parse(path.trim_matches('"')).ok());
            let inside = inside.filter(|path| self.disk.kind(path) == Some(PathKind::Folder));
            let elsewhere = inside.map(|path| self.disk.on_disk(&path));
            let start = elsewhere.as_ref().unwrap_or(&here);
            let bench = Bench { folder: start, programs, root: self.disk.root(), timeout: self.timeout() };
            let (outcome, ended) = running::shell(&session::steps(one, page), &one.code.language, &bench);
            out[*at] = Some(outcome);
            if elsewhere.is_none() {
                here = ended.unwrap_or(here);
            }
        }
        Ok(())
    }

    fn http(&self, service: &str, out: &mut Results) -> Result<(), Exit> {
        // The user names the service: it may well be on this machine.
        let manners = http::Manners { timeout: self.timeout(), private: true };
        let client = http::Client::new(manners).map_err(|error| self.context.refused(&error))?;
        for (at, one) in self.of(Sort::Http) {
            let page = &self.checked.site.pages[one.page];
            out[at] = Some(match session::request(&one.sample.text) {
                Err(why) => Outcome::Failed(0, why),
                Ok(request) => running::http(&client, service, &request, session::answer(one, page).as_ref()),
            });
        }
        Ok(())
    }
}
