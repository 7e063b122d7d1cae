//! `oathbook test --api URL`: the contract probe.

mod run;

use crate::base::RelPath;
use crate::cli::check::Format;
use crate::cli::session::Session;
use crate::cli::{Context, Exit};
use crate::evidence::api::{Api, Apis};
use crate::openapi::Document;
use crate::openapi::probe::{Given, plan};
use crate::shell::disk::DiskWorld;
use crate::shell::probe::{Client, is_local, variable};
use crate::shell::write;
use crate::world::World as _;
use run::Run;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the contract probe is told.
#[derive(clap::Args, Debug)]
#[command(next_help_heading = "Contract probe")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own on the command line")]
pub(in crate::cli) struct ProbeArguments {
    /// Send the documented examples to the service at this address, which stands for the document's server.
    #[arg(long, value_name = "URL")]
    pub(super) api: Option<String>,
    /// Hold it against this document instead of the book's.
    #[arg(long, value_name = "FILE", requires = "api", conflicts_with_all = ["name", "record"])]
    document: Option<PathBuf>,
    /// Of several API documents of the book, the one of this name.
    #[arg(long, value_name = "NAME", requires = "api")]
    name: Option<String>,
    /// The secret of a security scheme; `$VARIABLE` is read from the environment.
    #[arg(long, value_name = "SCHEME=SECRET", requires = "api")]
    auth: Vec<String>,
    /// The same of a caller that may do less: what it is refused with must be documented.
    #[arg(long, value_name = "SCHEME=SECRET", requires = "api")]
    weak: Vec<String>,
    /// A header of every request.
    #[arg(long, value_name = "NAME: VALUE", requires = "api")]
    header: Vec<String>,
    /// Probe only the operation of this id.
    #[arg(long, value_name = "ID", requires = "api")]
    operation: Vec<String>,
    /// Send only what reads: no POST, PUT, PATCH and DELETE.
    #[arg(long, requires = "api")]
    read_only: bool,
    /// Send what changes something to a service on another machine, too.
    #[arg(long, requires = "api", conflicts_with = "read_only")]
    writes: bool,
    /// Use each documented rate limit up, and see whether it holds.
    #[arg(long, requires = "api")]
    exhaust: bool,
    /// Record what was seen, so that pages and `check` can tell.
    #[arg(long, requires = "api")]
    record: bool,
    /// Seconds that an answer may take.
    #[arg(long, value_name = "SECONDS", requires = "api", default_value = "10", value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,
    /// How findings are printed.
    #[arg(long, value_enum, default_value = "terminal", help_heading = "Options")]
    pub(super) format: Format,
}

/// The document that a service is held against.
pub(super) struct Subject {
    pub document: Document,
    pub error_codes: Option<String>,
    pub api: Option<Api>,
}

pub(super) fn probe(context: &Context, dir: &Path, url: &str, arguments: &ProbeArguments) -> Exit {
    let base = url.trim_end_matches('/');
    if let Err(message) = usable(base) {
        context.error(&message);
        return Exit::Usage;
    }
    let given = match given(base, arguments) {
        Ok(given) => given,
        Err(message) => {
            context.error(&message);
            return Exit::Usage;
        }
    };
    let (world, subject) = match load(context, dir, arguments) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    if let Some(unknown) = given.only.iter().find(|id| !has(&subject.document, id)) {
        context.error(&format!("the document has no operation `{unknown}`"));
        return Exit::Usage;
    }
    for scheme in given.secrets.keys().chain(given.weak.keys()) {
        if !subject.document.components("securitySchemes").iter().any(|(entry, _)| &*entry.key == scheme) {
            context.error(&format!("the document has no security scheme `{scheme}`"));
            return Exit::Usage;
        }
    }
    let plan = plan(&subject.document, &given);
    let client = Client::new(base, Duration::from_secs(arguments.timeout));
    let mut run = Run::new(context, &subject, &client, base, &given);
    if let Err(message) = run.send(&plan) {
        context.error(&message);
        return Exit::Machine;
    }
    if arguments.exhaust {
        run.exhaust(&plan);
    }
    let exit = run.print(arguments.format, &plan, &world);
    match subject.api.as_ref().filter(|_| arguments.record) {
        Some(api) => exit.and(record(context, &world, api, &run)),
        None => exit,
    }
}

fn record(context: &Context, world: &DiskWorld, api: &Api, run: &Run<'_, '_>) -> Exit {
    let file = api.config.probe_file();
    match write::below(world.root(), &file, run.evidence(world.today()).text().as_bytes()) {
        Ok(()) => {
            context.say(&format!("recorded in {file}"));
            Exit::Clean
        }
        Err(error) => context.machine(&error),
    }
}

fn has(document: &Document, id: &str) -> bool {
    document.operations().iter().any(|operation| operation.id() == Some(id))
}

fn usable(base: &str) -> Result<(), String> {
    match base.split_once("://") {
        Some(("http", rest)) if !rest.is_empty() && !rest.contains(['?', '#', ' ']) => Ok(()),
        Some(("https", _)) => Err(format!(
            "{base}: this build speaks plain HTTP; name the service's own address behind its TLS proxy"
        )),
        _ => Err(format!("`{base}` is no address of a service; write it as http://127.0.0.1:8080")),
    }
}

fn given(base: &str, arguments: &ProbeArguments) -> Result<Given, String> {
    let mut given = Given {
        writes: !arguments.read_only && (arguments.writes || is_local(base)),
        only: arguments.operation.clone(),
        ..Given::default()
    };
    given.secrets = secrets("--auth", &arguments.auth)?;
    given.weak = secrets("--weak", &arguments.weak)?;
    for header in &arguments.header {
        let (name, value) =
            header.split_once(':').ok_or_else(|| "write `--header` as 'NAME: VALUE'".to_owned())?;
        given.headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(given)
}

/// Secrets by scheme; `$VARIABLE` is read from the environment.
fn secrets(flag: &str, all: &[String]) -> Result<BTreeMap<String, String>, String> {
    let one = |text: &String| {
        let (scheme, secret) =
            text.split_once('=').ok_or_else(|| format!("write `{flag}` as SCHEME=SECRET"))?;
        let secret = match secret.strip_prefix('$') {
            Some(name) => {
                variable(name).ok_or_else(|| format!("the environment has no variable `{name}`"))?
            }
            None => secret.to_owned(),
        };
        Ok((scheme.to_owned(), secret))
    };
    all.iter().map(one).collect()
}

fn load(context: &Context, dir: &Path, arguments: &ProbeArguments) -> Result<(DiskWorld, Subject), Exit> {
    if let Some(file) = &arguments.document {
        return of_file(context, file);
    }
    let session = Session::open(context, dir)?;
    let mut apis: Vec<Api> = Vec::new();
    for project in session.projects() {
        apis.extend(session.opened(&project).take::<Apis>().list);
    }
    let world = session.world;
    apis.retain(|api| arguments.name.as_ref().is_none_or(|name| *name == api.config.name));
    let names: Vec<&str> = apis.iter().map(|api| api.config.name.as_str()).collect();
    if apis.len() != 1 {
        context.error(&match (&arguments.name, names.as_slice()) {
            (_, [_, _, ..]) => format!(
                "the book has several API documents: choose one of {} with `--name`",
                names.join(", ")
            ),
            (Some(name), _) => format!("book.toml has no `[openapi.{name}]`"),
            (None, _) => {
                "book.toml has no `[openapi.NAME]`; name a document with `--document FILE`".to_owned()
            }
        });
        return Err(Exit::Usage);
    }
    let api = apis.remove(0);
    let error_codes = api.config.error_codes.clone();
    Ok((world, Subject { document: api.document.clone(), error_codes, api: Some(api) }))
}

fn of_file(context: &Context, file: &Path) -> Result<(DiskWorld, Subject), Exit> {
    let refuse = |why: &str| {
        context.error(&format!("{}: {why}", file.display()));
        Exit::Usage
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (world, below) = context.open(folder)?;
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let path: RelPath = below.join(name).map_err(|_| refuse("no such file"))?;
    let text = world.text(&path).map_err(|error| refuse(&error.to_string()))?;
    let document = Document::parse(&path, &text);
    if document.root.map().is_none() {
        let why = document.problems.first().map_or("it is no object", |problem| problem.message.as_str());
        return Err(refuse(why));
    }
    Ok((world, Subject { document, error_codes: None, api: None }))
}
