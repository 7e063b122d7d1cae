//! `oathbook build` and `oathbook clean`.

use super::check::{Outcome, say_counts};
use super::{Context, Exit};
use crate::model::Mode;
use crate::pipeline::{self, Checked, Project, Settings};
use crate::render::{Renderer, Theme};
use crate::report::{self, Listing, Sources, Style};
use crate::shell::{self, write};
use crate::world::World;
use std::path::{Path, PathBuf};
use std::time::Instant;

const EXAMPLES: &str = "\
Examples:
  oathbook build                    write the site to the book's build-dir (book/)
  oathbook build docs -d public     build docs/ into public/
  oathbook build --public           leave out pages that only the team sees
  oathbook build --strict           write nothing when there are errors";

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
    let checked = pipeline::run(&world, &project, settings);
    progress.clear();
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
    write_site(context, arguments, &checked, &theme, &world, begin).and(exit)
}

fn write_site(
    context: &Context,
    arguments: &BuildArguments,
    checked: &Checked,
    theme: &Theme,
    world: &dyn World,
    begin: Instant,
) -> Exit {
    let renderer = Renderer::new(checked.subject(), theme, world);
    let out = destination(&arguments.dir, arguments.dest_dir.as_deref(), &checked.config.build_dir);
    let output = renderer.output();
    let names: Vec<&str> = output.keys().map(String::as_str).collect();
    let progress = context.progress();
    let written = write::site(&out, &names, |name| {
        progress.step("writing files", names.len());
        match output.get(name) {
            Some(artifact) => renderer.render(name, artifact),
            None => Err("no such artifact".into()),
        }
    });
    progress.clear();
    match written {
        Ok(written) => {
            let seconds = begin.elapsed().as_secs_f32();
            let (files, changed) = (written.files, written.changed);
            context.say(&format!(
                "wrote {files} files ({changed} changed) to {} in {seconds:.2} s",
                out.display()
            ));
            Exit::Clean
        }
        Err(error) => context.refused(&error),
    }
}

fn destination(dir: &Path, wanted: Option<&Path>, configured: &str) -> PathBuf {
    let here = dir == Path::new(".");
    wanted.map_or_else(|| if here { PathBuf::from(configured) } else { dir.join(configured) }, Path::to_owned)
}

pub(super) fn clean(context: &Context, arguments: &CleanArguments) -> Exit {
    let (world, root) = match context.open(&arguments.dir) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let text = root.join("book.toml").ok().and_then(|file| world.text(&file).ok()).unwrap_or_default();
    let (config, _) = crate::config::read(None, &root, &text, &shell::overrides());
    let out = destination(&arguments.dir, arguments.dest_dir.as_deref(), &config.build_dir);
    match write::clean(&out) {
        Ok(true) => {
            context.say(&format!("removed {}", out.display()));
            Exit::Clean
        }
        Ok(false) => {
            context.say(&format!("{} does not exist", out.display()));
            Exit::Clean
        }
        Err(error) => context.refused(&error),
    }
}
