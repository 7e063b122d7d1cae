//! `oathbook build` and `oathbook clean`.

use super::check::{Outcome, say_counts};
use super::{Context, Exit, print_bytes};
use crate::base::RelPath;
use crate::config::Config;
use crate::model::{MOST_PRINTED, Mode};
use crate::pipeline::{self, Checked, Project, Settings};
use crate::render::{Artifact, Index, MOST_BUNDLED, Renderer, SearchIndex, Theme};
use crate::report::{self, Listing, Sources, Style};
use crate::shell;
use crate::shell::disk::DiskWorld;
use crate::shell::sandbox::broker::{Broker, Grants};
use crate::shell::sandbox::{self, Limits};
use crate::shell::write::{self, Content, Prepared, named, output};
use crate::world::World;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const EXAMPLES: &str = "\
Examples:
  oathbook build                    write the site to the book's build-dir (book/)
  oathbook build docs -d public     build docs/ into public/
  oathbook build --public           leave out pages that only the team sees
  oathbook build --strict           write nothing when there are errors
  oathbook build --offline-bundle runbooks.html
                                    write the runbooks alone, as one file that needs no network
  oathbook build --check-output     say what in book/ is damaged, stale or not of the site";

/// Arguments of `build`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct BuildArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Where the site is written [default: the book's `build.build-dir`].
    #[arg(short = 'd', long, value_name = "OUT")]
    dest_dir: Option<PathBuf>,
    /// Write nothing when there are errors.
    #[arg(long)]
    strict: bool,
    /// Write nothing: list what in the site is not as this build would write it.
    #[arg(long, conflicts_with = "strict")]
    check_output: bool,
    /// Write no site, but its runbooks as one file that works without a network, for a phone and for paper.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dest_dir", "check_output"])]
    offline_bundle: Option<PathBuf>,
    /// Leave out what is internal: pages with `visibility: internal`, and what `site.internal` names.
    #[arg(long)]
    public: bool,
}

/// Arguments of `clean`.
#[derive(clap::Args, Debug)]
pub(super) struct CleanArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// The site to remove [default: the book's `build.build-dir`].
    #[arg(short = 'd', long, value_name = "OUT")]
    dest_dir: Option<PathBuf>,
}

pub(super) fn build(context: &Context, arguments: &BuildArguments) -> Exit {
    let begin = Instant::now();
    let (world, root) = match context.open(&arguments.dir) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let overrides = shell::overrides();
    let mut output = match Output::prepare(&world, arguments, &root, &overrides) {
        Ok(output) => output,
        Err(error) => return context.refused(&error),
    };
    let project = Project { root: root.clone(), mode: Mode::Book, without: Vec::new() };
    let progress = context.progress();
    let read = |total| progress.step("reading pages", total);
    let settings = Settings {
        overrides: &overrides,
        render: true,
        public: arguments.public,
        progress: Some(&read),
        ..Settings::default()
    };
    let mut checked = pipeline::run(&world, &project, settings);
    progress.clear();
    if let Err(exit) = context.settled() {
        return exit;
    }
    let mut outcome = Outcome::default();
    outcome.add(&checked);
    let listing = Listing { diagnostics: &outcome.diagnostics, compared: false };
    let style = Style { colour: context.colour, short: context.global.quiet };
    let mut sources = Sources::new(&world);
    // Findings are on standard error: a build's result is the site.
    if report::terminal(listing, &mut sources, style, &mut std::io::stderr().lock()).is_err() {
        return Exit::Machine;
    }
    if checked.site.pages.is_empty() {
        context
            .error(&format!("there are no pages in {}: is this the folder of a book?", checked.config.src));
        return Exit::Usage;
    }
    let theme = match Theme::load(&checked.config, &world) {
        Ok(theme) => theme,
        Err(error) => {
            context.error(&format!("the theme cannot be used: {error}"));
            return Exit::Usage;
        }
    };
    say_counts(context, &outcome, &listing);
    let exit = outcome.exit();
    if arguments.strict && exit != Exit::Clean {
        context.say("nothing is written: --strict, and there are errors");
        return exit;
    }
    if let Output::Bundled(broker, file) = &mut output {
        let renderer = Renderer::new(checked.subject(), &theme, &world);
        return write_bundle(context, &renderer, broker.as_mut(), file).and(exit);
    }
    let index = index(&mut checked);
    let renderer = Renderer::new(checked.subject(), &theme, &world).with_index(index);
    write_site(context, &world, &renderer, &mut output, begin).and(exit)
}

/// The search index, made before anything is rendered because it frees the texts that it is made of.
fn index(checked: &mut Checked) -> Option<Arc<dyn SearchIndex>> {
    let wanted = checked.config.html.search;
    wanted
        .then(|| Arc::new(Index::build_once(&mut checked.site, &checked.references)) as Arc<dyn SearchIndex>)
}

/// Where the site goes.
enum Output {
    /// It is only looked at.
    Checked(PathBuf),
    /// The runbooks alone go to a file; the broker writes it, unless it is a device or a pipe.
    Bundled(Option<Broker>, PathBuf),
    /// It is written, and the exchange is made by the broker, which ends before the place is given up.
    Written(Option<Broker>, Prepared),
}

impl Output {
    /// Takes the place of the site, then gives up every right that a build does not need: the book is a stranger's. Of
    /// the repository only book.toml was read by then.
    fn prepare(
        world: &DiskWorld,
        arguments: &BuildArguments,
        root: &RelPath,
        overrides: &[(String, String)],
    ) -> Result<Self, shell::Error> {
        if let Some(file) = &arguments.offline_bundle {
            let (broker, limits) = for_file(file);
            if let Some(limits) = limits {
                sandbox::apply(&limits);
            }
            return Ok(Self::Bundled(broker, file.clone()));
        }
        let text = root.join("book.toml").ok().and_then(|file| world.text(&file).ok()).unwrap_or_default();
        let (config, _) = crate::config::read(None, root, &text, overrides);
        let out = destination(world, arguments.dest_dir.as_deref(), &config)?;
        if arguments.check_output {
            sandbox::apply(&Limits::default());
            return Ok(Self::Checked(out));
        }
        let prepared = Prepared::open(&out)?;
        let broker = Broker::start(&Grants { site: Some(out), ..Grants::default() });
        if broker.is_some() {
            sandbox::apply(&Limits { write: prepared.folders() });
        }
        Ok(Self::Written(broker, prepared))
    }
}

/// Who writes a file that the user named, and what this process may still do; nothing is limited where no broker starts. A
/// device, a pipe or an open file is this process's own.
fn for_file(file: &Path) -> (Option<Broker>, Option<Limits>) {
    if named::is_open(file) {
        return (None, Some(Limits { write: vec![file.to_owned()] }));
    }
    let broker = Broker::start(&Grants { reports: vec![file.to_owned()], ..Grants::default() });
    let limits = broker.is_some().then(Limits::default);
    (broker, limits)
}

fn write_bundle(
    context: &Context,
    renderer: &Renderer<'_>,
    broker: Option<&mut Broker>,
    file: &Path,
) -> Exit {
    let bundle = match renderer.bundle() {
        Ok(Some(bundle)) => bundle,
        Ok(None) => {
            context.error("there is no runbook to bundle: no page says `kind: runbook`");
            return Exit::Usage;
        }
        Err(error) => return context.refused(&shell::Error::said(error).for_the_user()),
    };
    let kilobytes = |bytes: usize| format!("{} kB", bytes.div_ceil(1_000));
    let size = kilobytes(bundle.text.len());
    if !bundle.fits() {
        let heavy =
            bundle.sizes.iter().take(3).map(|(bytes, page)| format!("{page} ({})", kilobytes(*bytes)));
        let heavy = heavy.collect::<Vec<_>>().join(", ");
        context.error(&format!(
            "the bundle would have {size}, and a phone is spared more than {}: the heaviest pages are {heavy}",
            kilobytes(MOST_BUNDLED)
        ));
        return Exit::Usage;
    }
    let written = match broker {
        Some(broker) => broker.report(0, bundle.text.as_bytes()),
        None => write::named(file, bundle.text.as_bytes()),
    };
    match written {
        Ok(()) => {
            let (runbooks, others) =
                (report::count(bundle.runbooks, "runbook"), report::count(bundle.others, "other page"));
            let most = kilobytes(MOST_BUNDLED);
            context
                .say(&format!("wrote {runbooks} and {others} to {}: {size} (at most {most})", shown(file)));
            Exit::Clean
        }
        Err(error) => context.refused(&error),
    }
}

fn write_site(
    context: &Context,
    world: &DiskWorld,
    renderer: &Renderer<'_>,
    place: &mut Output,
    begin: Instant,
) -> Exit {
    let output = renderer.output();
    let names: Vec<&str> = output.keys().map(String::as_str).collect();
    let kept: Vec<String> = renderer.kept_back().iter().map(|path| format!("`{path}`")).collect();
    if let Some(first) = kept.get(..kept.len().min(3)).filter(|first| !first.is_empty()) {
        let (files, first) = (report::count(kept.len(), "file"), first.join(", "));
        context.say(&format!(
            "not published: {files} of source code or with names of secrets that no page links ({first}); \
             `site.allow-files` names exceptions"
        ));
    }
    say_unprinted(context, renderer);
    let progress = context.progress();
    let render = |name: &str| {
        progress.step("writing files", names.len());
        match output.get(name) {
            // A copy is read by the piece: it may be a film.
            Some(Artifact::Copy(source)) => {
                let opened = world.open_file(source).map_err(|error| format!("{source}: {error}"));
                opened.map(Content::Copy)
            }
            Some(artifact) => match renderer.pieces(artifact) {
                Some(pieces) => Ok(Content::Pieces(pieces)),
                None => renderer.render(name, artifact).map(Content::Bytes),
            },
            None => Err("no such artifact".into()),
        }
    };
    let (prepared, broker) = match place {
        Output::Checked(out) => {
            let differences = write::differences(out, &names, render);
            progress.clear();
            return told(context, out, differences);
        }
        Output::Written(broker, prepared) => (prepared, broker),
        // It is written before.
        Output::Bundled(..) => return Exit::Clean,
    };
    let written = prepared.write(&names, render, broker.as_mut());
    progress.clear();
    match written {
        Ok(written) => {
            let seconds = begin.elapsed().as_secs_f32();
            let (files, changed) = (written.files, written.changed);
            context.say(&format!(
                "wrote {files} files ({changed} changed) to {} in {seconds:.2} s",
                shown(prepared.path())
            ));
            Exit::Clean
        }
        Err(error) => context.refused(&error),
    }
}

/// Says so when the page of the whole book is left out.
fn say_unprinted(context: &Context, renderer: &Renderer<'_>) {
    if let Some(bytes) = renderer.unprinted() {
        let mib = |bytes: usize| bytes.div_ceil(1 << 20);
        context.say(&format!(
            "left out: `print.html`, the whole book on one page: it is made of at most {} MiB of Markdown, and the pages \
             have {} (`output.html.print.enable = false` asks for none)",
            mib(MOST_PRINTED),
            mib(bytes)
        ));
    }
}

/// Where the site goes, without links.
fn destination(world: &DiskWorld, wanted: Option<&Path>, config: &Config) -> Result<PathBuf, shell::Error> {
    // The environment is the user's, as the command line is.
    let named = wanted.map(Path::to_owned).or_else(|| {
        let from_environment = shell::overrides().iter().any(|(name, _)| name == "MDBOOK_BUILD__BUILD_DIR");
        from_environment.then(|| world.on_disk(&config.root).join(&config.build_dir))
    });
    if let Some(named) = named {
        return output::named(&named);
    }
    let mut kept = vec![config.root.clone(), config.src.clone()];
    kept.extend(config.root.join("theme"));
    let themes = [&config.html.theme, &config.site.theme];
    kept.extend(themes.into_iter().flatten().filter_map(|theme| config.root.join(theme).ok()));
    output::configured(world.root(), &config.root, &config.build_dir, &kept)
}

/// Prints what is not as it should be in a site.
fn told(context: &Context, out: &Path, differences: Result<Vec<String>, shell::Error>) -> Exit {
    match differences {
        Ok(lines) if lines.is_empty() => {
            context.say(&format!("{} is what this build would write", shown(out)));
            Exit::Clean
        }
        Ok(lines) => {
            let listed = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
            let printed = print_bytes(listed.as_bytes());
            let differ = report::count(lines.len(), "file");
            context.say(&format!(
                "{differ} in {} not as this build would write; `oathbook build` mends them",
                shown(out)
            ));
            printed.and(Exit::Findings)
        }
        Err(error) => context.refused(&error),
    }
}

/// A path as a person would write it from here.
fn shown(path: &Path) -> String {
    let here = std::path::absolute(".").and_then(std::fs::canonicalize);
    let below = here.ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    below.unwrap_or_else(|| path.to_owned()).display().to_string()
}

pub(super) fn clean(context: &Context, arguments: &CleanArguments) -> Exit {
    let (world, root) = match context.open(&arguments.dir) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let text = root.join("book.toml").ok().and_then(|file| world.text(&file).ok()).unwrap_or_default();
    let (config, _) = crate::config::read(None, &root, &text, &shell::overrides());
    let out = match destination(&world, arguments.dest_dir.as_deref(), &config) {
        Ok(out) => out,
        Err(error) => return context.refused(&error),
    };
    match write::clean(&out) {
        Ok(true) => {
            context.say(&format!("removed {}", shown(&out)));
            Exit::Clean
        }
        Ok(false) => {
            context.say(&format!("{} does not exist", shown(&out)));
            Exit::Clean
        }
        Err(error) => context.refused(&error),
    }
}
