//! `oathbook init` and `oathbook new`.

use super::{Context, Exit, from_rules, incident};
use crate::base::RelPath;
use crate::kind;
use crate::shell::{self, write};
use crate::world::{World as _, is_source_code};
use std::path::{Path, PathBuf};

/// Arguments of `init`.
#[derive(clap::Args, Debug)]
pub(super) struct InitArguments {
    /// Where the book is created.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// The book's title.
    #[arg(long)]
    title: Option<String>,
}

/// Arguments of `new`.
#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  oathbook new runbook src/runbooks/disk-full.md --title \"Disk full\"\n  oathbook new decision src/decisions/0001-one-binary.md\n  oathbook new postmortem src/postmortems/slow-searches.md --incident k7q\n  oathbook new runbook src/runbooks --from-rules deploy/alerts.yml"
)]
pub(super) struct NewArguments {
    /// The page's kind.
    kind: String,
    /// The file to write.
    file: PathBuf,
    /// The page's title [default: from the file's name].
    #[arg(long)]
    title: Option<String>,
    /// Write the post-mortem of this incident, with what its record knows.
    #[arg(long, value_name = "ID")]
    incident: Option<String>,
    /// Write a runbook for each alert of these rules of Prometheus that has none; FILE is then a folder.
    #[arg(long, value_name = "RULES", conflicts_with = "title")]
    from_rules: Option<PathBuf>,
}

pub(super) fn init(context: &Context, arguments: &InitArguments) -> Exit {
    let title = arguments.title.clone().unwrap_or_else(|| "My book".into());
    let quoted = serde_json::Value::from(title.as_str()).to_string();
    let files = [
        ("book.toml", format!("[book]\ntitle = {quoted}\nlanguage = \"en\"\nsrc = \"src\"\n")),
        ("src/SUMMARY.md", "# Summary\n\n- [First chapter](first-chapter.md)\n".to_owned()),
        ("src/first-chapter.md", "# First chapter\n\nWrite here, then run `oathbook build`.\n".to_owned()),
    ];
    let taken = files.iter().map(|(name, _)| arguments.dir.join(name)).find(|path| path.exists());
    if let Some(path) = taken {
        context.error(&format!("{} exists; nothing is written", path.display()));
        return Exit::Usage;
    }
    if let Some(code) = code_in(context, &arguments.dir) {
        context.error(&format!(
            "src/ holds source code ({code}), and a book publishes its source folder; create the book in a folder of \
             its own: oathbook init docs"
        ));
        return Exit::Usage;
    }
    for (name, text) in &files {
        if let Err(error) = write::named(&arguments.dir.join(name), text.as_bytes()) {
            return context.refused(&error);
        }
    }
    let dir =
        if arguments.dir == Path::new(".") { String::new() } else { format!(" {}", arguments.dir.display()) };
    context.say("wrote book.toml, src/SUMMARY.md and src/first-chapter.md");
    context.say(&format!("now run: oathbook serve{dir}"));
    Exit::Clean
}

/// The first file of source code in `src` of a folder that is there.
fn code_in(context: &Context, dir: &Path) -> Option<RelPath> {
    if !dir.join("src").exists() {
        return None;
    }
    let (world, root) = context.open(dir).ok()?;
    let src = root.join("src").ok()?;
    world.files(&src).into_iter().find(is_source_code)
}

pub(super) fn new(context: &Context, arguments: &NewArguments) -> Exit {
    if let Some(rules) = &arguments.from_rules {
        if arguments.kind != "runbook" {
            context.error("`--from-rules` writes runbooks: oathbook new runbook DIR --from-rules RULES");
            return Exit::Usage;
        }
        return from_rules::scaffold(context, &arguments.file, rules);
    }
    let Some(kind) = kind::find(&arguments.kind) else {
        let names: Vec<&str> = kind::ALL.iter().map(|kind| kind.name).collect();
        context.error(&format!("there is no page kind `{}`; kinds are {}", arguments.kind, names.join(", ")));
        return Exit::Usage;
    };
    if arguments.file.exists() {
        context.error(&format!("{} exists; nothing is written", arguments.file.display()));
        return Exit::Usage;
    }
    if let Some(id) = &arguments.incident {
        if kind.name != "postmortem" {
            context.error("`--incident` writes post-mortems: oathbook new postmortem FILE --incident ID");
            return Exit::Usage;
        }
        return match incident::postmortem(context, &arguments.file, id, arguments.title.as_deref()) {
            Ok(text) => written(context, &arguments.file, &text),
            Err(exit) => exit,
        };
    }
    let stem = arguments
        .file
        .file_stem()
        .map(|stem| stem.to_string_lossy().replace(['-', '_'], " "))
        .unwrap_or_default();
    let title = arguments.title.clone().unwrap_or(stem);
    let date = context.global.as_of.unwrap_or_else(shell::today).to_string();
    let text = kind.template.replace("{title}", &title).replace("{date}", &date);
    written(context, &arguments.file, &text)
}

fn written(context: &Context, file: &Path, text: &str) -> Exit {
    if let Err(error) = write::named(file, text.as_bytes()) {
        return context.refused(&error);
    }
    context.say(&format!("wrote {}; list it in SUMMARY.md", file.display()));
    Exit::Clean
}
