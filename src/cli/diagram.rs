//! `oathbook diagram`.

use super::session::Session;
use super::{Context, Exit, print_bytes};
use crate::base::{LineIndex, RelPath};
use crate::diag::{Problem, code, nearest};
use crate::diagram::arrange::{Wishes, arrange, engines};
use crate::diagram::layout::Refusal;
use crate::diagram::sidecar::{self, Sidecar};
use crate::diagram::{Picture, Reading, View, geometry, language_of, read, sequence, svg};
use crate::evidence::diagrams::import::workspace;
use crate::evidence::diagrams::{Diagrams, afresh};
use crate::report::count;
use crate::shell::{disk::DiskWorld, write};
use crate::world::World;
use std::path::{Path, PathBuf};

/// Arguments of `diagram`.
#[derive(clap::Args, Debug)]
pub(super) struct DiagramArguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand, Debug)]
enum Command {
    /// Draw a diagram's source as an SVG file.
    Render(RenderArguments),
    /// Record where the elements of diagrams stand, placing all of them afresh.
    Relayout(RelayoutArguments),
    /// Write a first model from a Compose file, Kubernetes manifests or a Cargo workspace.
    Import(ImportArguments),
}

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  oathbook diagram import docker-compose.yml -o diagrams/system.dsl\n  oathbook diagram import deploy/\n  oathbook diagram import Cargo.toml"
)]
struct ImportArguments {
    /// A Compose file, a Kubernetes manifest or a folder of them, or a Cargo.toml.
    path: PathBuf,
    /// Where the model goes; an existing file is not replaced [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  oathbook diagram relayout diagrams/shop.dsl    writes diagrams/shop.dsl.layout.json\n  oathbook diagram relayout                       all sources of the book whose positions are recorded\n\nA recorded picture keeps its shape when the text changes a little; `oathbook update` adds what is new. Delete the\nfile to have elements placed afresh each time."
)]
struct RelayoutArguments {
    /// The sources [default: all of the book here whose positions are recorded].
    files: Vec<PathBuf>,
}

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  oathbook diagram render diagrams/context.dot -o context.svg\n  oathbook diagram render diagrams/model.dot --view deployment --geometry out.json"
)]
struct RenderArguments {
    /// The source: .dot, .gv, .dsl (Structurizr), .mmd (Mermaid).
    file: PathBuf,
    /// Which picture of a source that has several [default: the first].
    #[arg(long, value_name = "KEY")]
    view: Option<String>,
    /// Where the SVG goes [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Also write where everything stands, as JSON.
    #[arg(long, value_name = "FILE")]
    geometry: Option<PathBuf>,
    /// The layout engine [default: elk].
    #[arg(long, value_name = "NAME")]
    engine: Option<String>,
    /// Write the SVG for a page whose colour scheme decides, without a style block.
    #[arg(long)]
    inline: bool,
}

pub(super) fn diagram(context: &Context, arguments: &DiagramArguments) -> Exit {
    match &arguments.command {
        Command::Render(arguments) => render(context, arguments).unwrap_or_else(|exit| exit),
        Command::Relayout(arguments) => relayout(context, arguments).unwrap_or_else(|exit| exit),
        Command::Import(arguments) => import(context, arguments).unwrap_or_else(|exit| exit),
    }
}

/// A file that was named, as its folder's world sees it.
struct Opened {
    world: DiskWorld,
    file: RelPath,
    reading: Reading,
}

impl Opened {
    /// Whatever was printed as an error is one.
    fn exit(&self) -> Exit {
        let wrong = self.reading.problems.iter().any(|problem| problem.code != code::DIAGRAM_NOT_DRAWN);
        if wrong { Exit::Findings } else { Exit::Clean }
    }

    fn sidecar(&self) -> Option<(RelPath, String)> {
        let file = sidecar::of_source(&self.file)?;
        let text = self.world.text(&file).ok()?;
        Some((file, text))
    }
}

fn open(context: &Context, path: &Path) -> Result<Opened, Exit> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let (world, root) = context.open(folder.unwrap_or(Path::new(".")))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let usage = |message: &str| {
        context.error(message);
        Exit::Usage
    };
    let file = root.join(&name).map_err(|_| usage("the file lies outside of the repository"))?;
    let text = world.text(&file).map_err(|error| usage(&format!("{}: {error}", path.display())))?;
    let language = language_of(file.extension().unwrap_or_default())
        .ok_or_else(|| usage(&format!("{}: no language of diagrams has this ending", path.display())))?;
    let reading = read(language, &world, &file, &text);
    for problem in &reading.problems {
        context.error_or_note(problem, &text);
    }
    Ok(Opened { world, file, reading })
}

fn render(context: &Context, arguments: &RenderArguments) -> Result<Exit, Exit> {
    let opened = open(context, &arguments.file)?;
    let reading = &opened.reading;
    let view = pick(context, &reading.views, arguments.view.as_deref())?;
    let engine = match &arguments.engine {
        None => None,
        Some(name) => Some(*engines().iter().find(|engine| engine.name() == name).ok_or_else(|| {
            let known: Vec<&str> = engines().iter().map(|engine| engine.name()).collect();
            let known = known.join(", ");
            context.error(&format!("there is no engine `{name}` in this build; there are: {known}"));
            Exit::Usage
        })?),
    };
    let sidecar = match opened.sidecar().map(|(file, text)| (file, Sidecar::parse(&text))) {
        Some((_, Ok(sidecar))) => sidecar,
        Some((file, Err(error))) => {
            context.say(&format!("{file}: {error}; everything is placed afresh"));
            Sidecar::default()
        }
        None => Sidecar::default(),
    };
    let pinned = sidecar.views.get(&view.key).filter(|_| engine.is_none());
    draw(context, arguments, view, &opened.file, Wishes { engine, pinned, ..Wishes::default() })?;
    Ok(opened.exit())
}

fn relayout(context: &Context, arguments: &RelayoutArguments) -> Result<Exit, Exit> {
    let (mut written, mut exit) = (0, Exit::Clean);
    if arguments.files.is_empty() {
        let session = Session::open(context, Path::new("."))?;
        for project in session.projects() {
            for (file, sidecar) in afresh(&session.world, session.opened(&project).of::<Diagrams>()) {
                put(context, &session.world, &file, &sidecar)?;
                written += 1;
            }
        }
    }
    for path in &arguments.files {
        let opened = open(context, path)?;
        let Some(file) = sidecar::of_source(&opened.file) else { continue };
        let sidecar = sidecar::record(&opened.reading.views, None);
        if sidecar.views.is_empty() {
            context.error(&format!("{} has no picture whose elements could be placed", path.display()));
            return Err(Exit::Findings);
        }
        put(context, &opened.world, &file, &sidecar)?;
        exit = exit.and(opened.exit());
        written += 1;
    }
    context.say(&format!("{} written", count(written, "file")));
    Ok(exit)
}

fn put(context: &Context, world: &DiskWorld, file: &RelPath, sidecar: &Sidecar) -> Result<(), Exit> {
    let views = count(sidecar.views.len(), "view");
    write::below(world.root(), file, sidecar.text().as_bytes()).map_err(|error| context.refused(&error))?;
    context.say(&format!("{file}: the positions of {views}"));
    Ok(())
}

fn import(context: &Context, arguments: &ImportArguments) -> Result<Exit, Exit> {
    let usage = |message: &str| {
        context.error(message);
        Exit::Usage
    };
    let folder = arguments.path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let (world, root) = context.open(folder.unwrap_or(Path::new(".")))?;
    let name = arguments.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let path = root.join(&name).map_err(|_| usage("the path lies outside of the repository"))?;
    let text = workspace(&world, &path).map_err(|message| usage(&message))?;
    let Some(output) = &arguments.output else { return Ok(print_bytes(text.as_bytes())) };
    if output.exists() {
        return Err(usage(&format!(
            "{} is there already: remove it, or name another file",
            output.display()
        )));
    }
    write::named(output, text.as_bytes()).map_err(|error| context.refused(&error))?;
    Ok(Exit::Clean)
}

fn pick<'v>(context: &Context, views: &'v [View], key: Option<&str>) -> Result<&'v View, Exit> {
    let found = match key {
        None => views.first(),
        Some(key) => views.iter().find(|view| view.key == key),
    };
    found.ok_or_else(|| {
        let names: Vec<&str> = views.iter().map(|view| view.key.as_str()).collect();
        let message = match key {
            Some(key) => {
                let near = nearest(key, names.iter().copied());
                let help = near.map_or_else(
                    || format!("there are: {}", names.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                format!("there is no view `{key}`; {help}")
            }
            None => "the file holds no picture".to_owned(),
        };
        context.error(&message);
        if key.is_some() { Exit::Usage } else { Exit::Findings }
    })
}

fn draw(
    context: &Context,
    arguments: &RenderArguments,
    view: &View,
    file: &RelPath,
    wishes: Wishes<'_>,
) -> Result<(), Exit> {
    let refuse = |refusal: Refusal| {
        context.error(&format!("{file}: {}", refusal.0));
        Exit::Findings
    };
    let keep = |link: &str| Some(link.to_owned());
    let style = svg::Style { prefix: "d", alone: !arguments.inline, link: &keep };
    let (picture, geometry) = match &view.picture {
        Picture::Graph(graph) => {
            let placed = arrange(graph, wishes).map_err(refuse)?;
            let picture = svg::write(graph, &placed.layout, &placed.measured, &style);
            (picture, geometry::json(graph, &placed.layout))
        }
        Picture::Sequence(sequence) => {
            let plan = sequence::place::place(sequence).map_err(refuse)?;
            (svg::write_sequence(sequence, &plan, &style), sequence::geometry::json(sequence, &plan))
        }
    };
    if let Some(path) = &arguments.geometry {
        let text = format!("{geometry}\n");
        write::named(path, text.as_bytes()).map_err(|error| context.refused(&error))?;
    }
    match &arguments.output {
        Some(path) => write::named(path, picture.as_bytes()).map_err(|error| context.refused(&error)),
        None => match print_bytes(picture.as_bytes()) {
            Exit::Clean => Ok(()),
            exit => Err(exit),
        },
    }
}

impl Context {
    /// Prints a problem of a source with its place.
    fn error_or_note(&self, problem: &Problem, text: &str) {
        let at = LineIndex::new(text).position(text, problem.place.span.start);
        let help = problem.help.as_ref().map_or(String::new(), |help| format!("; {help}"));
        let line = format!("{}:{}:{}: {}{help}", problem.place.file, at.line, at.column, problem.message);
        if problem.code == code::DIAGRAM_NOT_DRAWN {
            self.say(&line);
        } else {
            self.error(&line);
        }
    }
}
