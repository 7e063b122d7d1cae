//! `oathbook check`.

use super::{Context, Exit, fix};
use crate::base::{LinePairs, RelPath};
use crate::diag::{Claim, Diagnostic, LedgerDifference, Origin, Severity, Tally, nearest, settle};
use crate::evidence::Report;
use crate::evidence::check::{ALL, MENDED_BY_UPDATE, find};
use crate::evidence::names::{self, Sides};
use crate::evidence::{bindings, lock};
use crate::pipeline::{self, Checked, Memory, Settings};
use crate::report::{self, Listing, Sources, Story, Style};
use crate::shell::sandbox::broker::{Broker, Grants};
use crate::shell::sandbox::{self, Limits};
use crate::shell::write::named;
use crate::shell::{self, disk::DiskWorld, git};
use crate::world::{Alike, World};
use clap::ValueEnum;
use std::collections::HashSet;
use std::io::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook check docs               check the book in docs/, or the Markdown below it
  oathbook check --pedantic         with the checks of style and structure
  oathbook check --fix              apply the mends that are sure
  oathbook check --base main        only what this branch adds decides the exit code
  oathbook check --only anchor      one check alone; `oathbook explain` lists them
  oathbook check --due              at night: pages whose review is due are errors
  oathbook check --format sarif > findings.sarif";

/// Arguments of `check`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct CheckArguments {
    /// The folder of the book, or any folder with Markdown.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// How findings are printed.
    #[arg(long, value_enum, default_value = "terminal")]
    format: Format,
    /// Turn on the checks of style and structure.
    #[arg(long)]
    pedantic: bool,
    /// Apply the mends that are sure.
    #[arg(long)]
    fix: bool,
    /// Judge review dates, too: for the run of each night, not for pull requests.
    #[arg(long)]
    due: bool,
    /// Run this check alone, and read only what it asks for; may be given more than once.
    #[arg(long, value_name = "CODE", value_parser = code_of)]
    only: Vec<String>,
    /// Compare with this revision: only findings that it does not have decide the exit code.
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// Write another report to a file, too, as `markdown=summary.md`; may be given more than once.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report_of)]
    report: Vec<(Format, PathBuf)>,
    /// Check this revision instead of the work tree.
    #[arg(long, value_name = "REV", requires = "base", conflicts_with = "fix")]
    head: Option<String>,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// For people.
    Terminal,
    /// One JSON object a line.
    Json,
    /// SARIF 2.1.0.
    Sarif,
    /// GitHub's annotations.
    Github,
    /// JUnit's XML.
    Junit,
    /// A summary in Markdown.
    Markdown,
    /// GitLab's code quality report.
    Gitlab,
    /// Sure mends as suggestions for a review, in JSON.
    Suggestions,
}

/// The code of a check.
fn code_of(text: &str) -> Result<String, String> {
    if find(text).is_some() {
        return Ok(text.to_owned());
    }
    let near = nearest(text, ALL.iter().map(|check| check.code));
    Err(near.map_or_else(
        || "there is no such check; `oathbook explain` lists them".to_owned(),
        |near| format!("there is no such check; did you mean `{near}`?"),
    ))
}

/// `markdown=summary.md`.
fn report_of(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("write it as FORMAT=FILE")?;
    let format = Format::from_str(format, true).map_err(|_| format!("`{format}` is no format"))?;
    if file.is_empty() { Err("the file has no name".into()) } else { Ok((format, file.into())) }
}

/// Everything a run on one or more projects found.
#[derive(Default)]
pub(super) struct Outcome {
    pub diagnostics: Vec<Diagnostic>,
    pub tally: Tally,
    pub pages: usize,
    pub held_back: usize,
    pub fatal: bool,
    /// All claims, where they are to be compared.
    pub claims: Vec<Claim>,
    /// What the change does beside its findings.
    pub story: Story,
    /// The pages' files.
    pub sources: Vec<RelPath>,
}

impl Outcome {
    pub fn add(&mut self, checked: &Checked) {
        let Report { diagnostics, held_back, .. } = &checked.report;
        self.diagnostics.extend(diagnostics.iter().cloned());
        self.held_back += held_back;
        self.pages += checked.site.pages.len();
        self.fatal |= diagnostics
            .iter()
            .any(|found| found.code == "configuration" && found.severity == Severity::Error);
        self.tally.join(checked.report.total());
    }

    pub fn exit(&self) -> Exit {
        let failing =
            |found: &&Diagnostic| found.severity == Severity::Error && found.origin == Origin::Change;
        let failing: Vec<&Diagnostic> = self.diagnostics.iter().filter(failing).collect();
        match (self.fatal, failing.as_slice()) {
            (true, _) => Exit::Usage,
            (false, []) => Exit::Clean,
            (false, all) if all.iter().all(|found| MENDED_BY_UPDATE.contains(&found.code)) => Exit::Recorded,
            _ => Exit::Findings,
        }
    }
}

pub(super) fn check(context: &Context, arguments: &CheckArguments) -> Exit {
    let (disk, root) = match open(context, arguments) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let mut reports = Reports::open(arguments, &disk);
    let overrides = shell::overrides();
    let progress = context.progress();
    let read = |total| progress.step("reading pages", total);
    let settings = Settings {
        overrides: &overrides,
        pedantic: arguments.pedantic,
        due: arguments.due,
        only: &arguments.only,
        progress: Some(&read),
        ..Settings::default()
    };
    let worlds = match worlds(context, arguments, &disk) {
        Ok(worlds) => worlds,
        Err(exit) => return exit,
    };
    let world: &dyn World = worlds.head.as_ref().map_or(&disk, |head| head);
    // Most files are the same on both sides: they are read once and parsed once.
    let memory = Memory::default();
    let settings = Settings { memory: worlds.base.is_some().then_some(&memory), ..settings };
    let alike = worlds.base.as_ref().map(|base| Alike { base, head: world, changed: &worlds.changed });
    let base = alike.as_ref().map(|base| (base as &dyn World, worlds.changed.as_slice()));
    let judged = Settings { base, ..settings };
    let mut outcome = run(world, &root, judged);
    if let Err(exit) = context.settled().and_then(|()| worlds.settled(context)) {
        return exit;
    }
    if arguments.fix {
        match fix::apply(context, &disk, &outcome.diagnostics) {
            Ok(0) => {}
            Ok(count) => {
                context.say(&format!("mended {}", report::count(count, "finding")));
                outcome = run(&disk, &root, judged);
            }
            Err(exit) => return exit,
        }
    }
    if let Some(base) = &alike {
        let before = run(base, &root, settings);
        if let Err(exit) = worlds.settled(context) {
            return exit;
        }
        compare(arguments, &mut outcome, &before, Sides { base, head: world, changed: &worlds.changed });
    }
    progress.clear();
    let listing = Listing { diagnostics: &outcome.diagnostics, compared: worlds.base.is_some() };
    let base = worlds.base.as_ref().map(|base| base as &dyn World);
    let sides = (world, base);
    outcome.fatal |= has_no_page(context, arguments, &outcome);
    let exit = outcome.exit().and(reports.write(context, &arguments.report, &outcome, listing, sides));
    exit.and(print(context, arguments.format, &outcome, listing, sides))
}

/// A folder without a page has no finding, and nothing was checked.
fn has_no_page(context: &Context, arguments: &CheckArguments, outcome: &Outcome) -> bool {
    let empty = outcome.pages == 0 && !outcome.fatal;
    if empty {
        let folder = arguments.dir.display();
        context.error(&format!(
            "there is no page in {folder}, so nothing was checked; name a folder that holds Markdown"
        ));
    }
    empty
}

/// What the change does to what the base has.
fn compare(arguments: &CheckArguments, outcome: &mut Outcome, before: &Outcome, sides: Sides<'_>) {
    outcome.story.ledger = Some(LedgerDifference::of(before.claims.iter(), outcome.claims.iter()));
    let markdown = |format: &Format| *format == Format::Markdown;
    let reports = arguments.report.iter().map(|(format, _)| format);
    if reports.chain([&arguments.format]).any(markdown) {
        outcome.story.hints = names::hints(sides, &outcome.sources);
    }
    let before: HashSet<_> = before.diagnostics.iter().map(Diagnostic::fingerprint).collect();
    for found in &mut outcome.diagnostics {
        found.origin = if before.contains(&found.fingerprint()) { Origin::Existing } else { Origin::Change };
    }
}

/// Only `--fix` writes, so only it finishes what a killed run left; otherwise that is told.
fn open(context: &Context, arguments: &CheckArguments) -> Result<(DiskWorld, RelPath), Exit> {
    if arguments.fix {
        return context.open_to_write(&arguments.dir).map(|(disk, root, _)| (disk, root));
    }
    let (disk, root) = context.open(&arguments.dir)?;
    if let Some(title) = shell::write::pending(disk.root()) {
        context.say(&format!("`oathbook {title}` was interrupted here: run it again to finish it"));
    }
    Ok((disk, root))
}

fn run(world: &dyn World, root: &RelPath, settings: Settings<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    for project in pipeline::projects(world, root) {
        let checked = pipeline::run(world, &project, settings);
        outcome.add(&checked);
        outcome.claims.extend(checked.report.all().cloned());
        outcome.story.suspicions.extend(checked.report.hints.iter().cloned());
        outcome.sources.extend(checked.site.pages.iter().map(|page| page.source.clone()));
        if let Some((base, _)) = settings.base {
            let before = lock::read(base, &checked.config);
            outcome.story.restamps.extend(bindings::restamps(&before, &lock::read(world, &checked.config)));
        }
    }
    settle(&mut outcome.diagnostics);
    outcome
}

impl Worlds {
    /// Whether all objects of both sides could be read: what cannot be read is not the same as what is not there.
    fn settled(&self, context: &Context) -> Result<(), Exit> {
        let trouble = self.base.iter().chain(&self.head).find_map(git::GitWorld::trouble);
        trouble.map_or(Ok(()), |refusal| Err(context.by_git(refusal)))
    }
}

struct Worlds {
    base: Option<git::GitWorld>,
    head: Option<git::GitWorld>,
    /// Files that differ between the two.
    changed: Vec<RelPath>,
}

fn worlds(context: &Context, arguments: &CheckArguments, disk: &DiskWorld) -> Result<Worlds, Exit> {
    let refuse = |refusal: git::Refusal| context.by_git(&refusal);
    let Some(base) = &arguments.base else {
        return Ok(Worlds { base: None, head: None, changed: Vec::new() });
    };
    let head = arguments.head.as_deref().unwrap_or("HEAD");
    let parted = git::merge_base(disk.root(), base, head).map_err(refuse)?;
    let open = if arguments.head.is_none() { git::GitWorld::open } else { git::GitWorld::open_many };
    let base = open(disk.root(), &parted, disk.today()).map_err(refuse)?;
    if arguments.head.is_none() {
        let changed = git::changed(disk.root(), &base).map_err(refuse)?;
        return Ok(Worlds { base: Some(base), head: None, changed });
    }
    let head = git::resolve(disk.root(), head).and_then(|commit| base.at(&commit)).map_err(refuse)?;
    let changed = base.changed(&head);
    Ok(Worlds { base: Some(base), head: Some(head), changed })
}

/// Who writes the reports that go to files.
struct Reports {
    broker: Option<Broker>,
}

impl Reports {
    /// Starts a broker for them, then gives up every right that a check does not need: the pages are a stranger's.
    fn open(arguments: &CheckArguments, disk: &DiskWorld) -> Self {
        let files: Vec<PathBuf> = arguments.report.iter().map(|(_, file)| file.clone()).collect();
        // Devices, pipes and open files are this process's own: it writes to them itself.
        let mut write: Vec<PathBuf> = files.iter().filter(|file| named::is_open(file)).cloned().collect();
        if arguments.fix {
            write.push(disk.root().to_owned());
        }
        let broker = if files.is_empty() {
            None
        } else {
            let broker = Broker::start(&Grants { reports: files, ..Grants::default() });
            if broker.is_none() {
                return Self { broker };
            }
            broker
        };
        sandbox::apply(&Limits { write });
        Self { broker }
    }

    fn write(
        &mut self,
        context: &Context,
        reports: &[(Format, PathBuf)],
        outcome: &Outcome,
        listing: Listing<'_>,
        sides: (&dyn World, Option<&dyn World>),
    ) -> Exit {
        let mut exit = Exit::Clean;
        for (number, (format, file)) in reports.iter().enumerate() {
            let mut bytes = Vec::new();
            // Writing to memory cannot fail.
            let told = (outcome.tally, &outcome.story);
            let _ = write_report(context, *format, told, listing, sides, &mut bytes);
            let written = match &mut self.broker {
                Some(broker) if !named::is_open(file) => broker.report(number, &bytes),
                _ => shell::write::named(file, &bytes),
            };
            if let Err(error) = written {
                exit = exit.and(context.refused(&error));
            }
        }
        exit
    }
}

/// Prints findings that no pages go with, in a format.
pub(super) fn print_findings(
    context: &Context,
    format: Format,
    diagnostics: &[Diagnostic],
    world: &dyn World,
) -> Exit {
    let listing = Listing { diagnostics, compared: false };
    write(context, format, (Tally::default(), &Story::default()), listing, (world, None))
}

/// Prints findings in a format; counts go to standard error. `sides` is what was checked, and its base.
pub(super) fn print(
    context: &Context,
    format: Format,
    outcome: &Outcome,
    listing: Listing<'_>,
    sides: (&dyn World, Option<&dyn World>),
) -> Exit {
    let exit = write(context, format, (outcome.tally, &outcome.story), listing, sides);
    if format == Format::Terminal {
        say_counts(context, outcome, &listing);
    }
    exit
}

fn write(
    context: &Context,
    format: Format,
    told: (Tally, &Story),
    listing: Listing<'_>,
    sides: (&dyn World, Option<&dyn World>),
) -> Exit {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let printed = write_report(context, format, told, listing, sides, &mut out).and_then(|()| out.flush());
    match printed {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Exit::Machine,
        _ => Exit::Clean,
    }
}

fn write_report(
    context: &Context,
    format: Format,
    (tally, story): (Tally, &Story),
    listing: Listing<'_>,
    (world, base): (&dyn World, Option<&dyn World>),
    out: &mut dyn std::io::Write,
) -> std::io::Result<()> {
    let mut sources = Sources::new(world);
    let style = Style { colour: context.colour, short: context.global.quiet };
    match format {
        Format::Terminal => report::terminal(listing, &mut sources, style, out),
        Format::Json => report::json(listing, &mut sources, out),
        Format::Sarif => report::sarif(listing, &mut sources, out),
        Format::Github => report::github(listing, &mut sources, out),
        Format::Junit => report::junit(listing, &mut sources, out),
        Format::Markdown => report::summary(listing, tally, story, &mut sources, out),
        Format::Gitlab => report::gitlab(listing, &mut sources, out),
        Format::Suggestions => {
            let is_added = |file: &RelPath, line: u32| match base {
                None => true,
                Some(base) => {
                    let before = base.text(file).unwrap_or_default();
                    let after = world.text(file).unwrap_or_default();
                    LinePairs::of(&before, &after).is_added(line)
                }
            };
            report::suggestions(listing, &mut sources, &is_added, out)
        }
    }
}

/// `3 errors in 120 pages; 512 claims proven, 3 contradicted, 40 not judged`.
pub(super) fn say_counts(context: &Context, outcome: &Outcome, listing: &Listing<'_>) {
    let Tally { proven, contradicted, not_judged, .. } = outcome.tally;
    let demonstrated = outcome.tally.demonstrated_words();
    let pages = report::count(outcome.pages, "page");
    let proven = report::count(proven as usize, "claim");
    let held =
        if outcome.held_back > 0 { format!("; {} held back", outcome.held_back) } else { String::new() };
    let rest = format!(
        " in {pages}{held}; {proven} proven{demonstrated}, {contradicted} contradicted, {not_judged} not judged"
    );
    context.say_bold(&listing.counts(), &rest);
    if let Some(ledger) = outcome.story.ledger.as_ref().filter(|ledger| !ledger.is_empty()) {
        context.say(&format!("{} by this change", ledger.counts()));
    }
    if let Some(first) = listing.diagnostics.iter().find(|found| found.severity == Severity::Error) {
        context.say(&format!("`oathbook explain {}` says more", first.code));
    }
}
