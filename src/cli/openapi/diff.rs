//! `oathbook openapi diff`.

use super::{Context, Exit};
use crate::base::RelPath;
use crate::openapi::Document;
use crate::openapi::diff::{self, Class, Options};
use crate::report::{Changes, Text};
use crate::shell::git::GitWorld;
use crate::world::World;
use clap::ValueEnum;
use std::io::Write as _;
use std::path::Path;

const EXAMPLES: &str = "\
Examples:
  oathbook openapi diff old.yaml new.yaml
  oathbook openapi diff main:openapi/search.json openapi/search.json
  oathbook openapi diff v1.2.0:api.json HEAD:api.json --format markdown
  oathbook openapi diff old.json new.json --fail-on risky --grace-days 90

Exit codes: 0 no change of the class that fails; 1 there is one; 2 a document cannot be read.";

/// Arguments of `openapi diff`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct DiffArguments {
    /// The document before: a file, or REV:FILE of git, from the repository's root.
    base: String,
    /// The document after.
    head: String,
    /// How changes are printed.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// The mildest class that fails.
    #[arg(long, value_enum, default_value = "breaking", value_name = "CLASS")]
    fail_on: FailOn,
    /// Days that a deprecated thing must stay before it goes (x-sunset).
    #[arg(long, default_value = "0", value_name = "DAYS")]
    grace_days: u16,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
    /// A summary in Markdown.
    Markdown,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum FailOn {
    /// Some callers stop working.
    Breaking,
    /// Some callers may stop working.
    Risky,
    /// Any change.
    Compatible,
    /// Never fail.
    Never,
}

pub(super) fn diff(context: &Context, arguments: &DiffArguments) -> Exit {
    let (base, head) = match (load(context, &arguments.base), load(context, &arguments.head)) {
        (Ok(base), Ok(head)) => (base, head),
        (base, head) => {
            [base.err(), head.err()].into_iter().flatten().for_each(|error| context.error(&error));
            return Exit::Usage;
        }
    };
    let today = context.global.as_of.unwrap_or_else(crate::shell::today);
    let options = Options { today, grace_days: i64::from(arguments.grace_days) };
    let list = diff::compare(&base.0.root, &head.0.root, options);
    let changes = Changes { list: &list, base: &base.1, head: &head.1 };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let printed = match arguments.format {
        Format::Text => changes.text(context.colour, &mut out),
        Format::Json => changes.json(&mut out),
        Format::Markdown => changes.markdown(&mut out),
    }
    .and_then(|()| out.flush());
    drop(out);
    if arguments.format == Format::Text {
        context.say_bold(&changes.counts(), "");
    }
    if printed.is_err_and(|error| error.kind() != std::io::ErrorKind::BrokenPipe) {
        return Exit::Machine;
    }
    let limit = match arguments.fail_on {
        FailOn::Breaking => Class::Breaking,
        FailOn::Risky => Class::Risky,
        FailOn::Compatible => Class::Compatible,
        FailOn::Never => return Exit::Clean,
    };
    if list.iter().any(|change| change.rule.class >= limit) { Exit::Findings } else { Exit::Clean }
}

/// The document of an argument, and its text.
pub(super) fn load(context: &Context, name: &str) -> Result<(Document, Text), String> {
    let (file, text) = text(context, name).map_err(|error| format!("{name}: {error}"))?;
    let document = Document::parse(&file, &text);
    if document.root.map().is_none() {
        let why = document.problems.first().map_or("it is no object", |problem| &problem.message);
        return Err(format!("{name}: {why}"));
    }
    Ok((document, Text::new(name, text)))
}

fn text(context: &Context, name: &str) -> Result<(RelPath, String), String> {
    let path = Path::new(name);
    let today = context.global.as_of.unwrap_or_else(crate::shell::today);
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let in_git = name.split_once(':').filter(|_| !path.exists());
    if let Some((revision, file)) = in_git {
        let (disk, _) = crate::shell::disk::DiskWorld::open(Path::new("."), None, today)
            .map_err(|error| error.to_string())?;
        let world = GitWorld::open(disk.root(), revision, today).map_err(|refusal| refusal.words)?;
        return read(&world, file);
    }
    let (disk, below) = crate::shell::disk::DiskWorld::open(folder, context.global.root.as_deref(), today)
        .map_err(|error| error.to_string())?;
    let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let file = below.join(file).map_err(|_| "no such file".to_owned())?;
    read(&disk, file.as_str())
}

fn read(world: &dyn World, file: &str) -> Result<(RelPath, String), String> {
    let file = RelPath::parse(file).map_err(|_| "no such file".to_owned())?;
    let text = world.text(&file).map_err(|error| error.to_string())?;
    Ok((file, text))
}
