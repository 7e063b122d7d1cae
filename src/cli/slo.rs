//! `oathbook slo generate`: the rules of Prometheus that service level objectives give, and promtool's tests of them.

use super::{Context, Exit, print_bytes};
use crate::base::{LineIndex, RelPath};
use crate::evidence::alerts::burn_rate::{rules_file, tests_file};
use crate::evidence::alerts::objectives::Objectives;
use crate::shell::write;
use crate::world::World as _;
use std::path::{Path, PathBuf};

/// Arguments of `slo`.
#[derive(clap::Args, Debug)]
pub(super) struct SloArguments {
    #[command(subcommand)]
    command: SloCommand,
}

#[derive(clap::Subcommand, Debug)]
enum SloCommand {
    /// Write the recording rules and burn-rate alerts that objectives give.
    Generate(GenerateArguments),
}

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  oathbook slo generate deploy/slo.yaml\n  oathbook slo generate deploy/slo.yaml -o deploy/slo.rules.yml --tests deploy/slo.rules.test.yml\n\nObjectives are read in sloth's format, `prometheus/v1`, without plugins. `promtool test rules` runs the tests."
)]
struct GenerateArguments {
    /// The objectives.
    file: PathBuf,
    /// Where the rules go [default: standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write tests of the rules, too, into the same folder.
    #[arg(long, value_name = "FILE", requires = "output")]
    tests: Option<PathBuf>,
}

pub(super) fn slo(context: &Context, arguments: &SloArguments) -> Exit {
    match &arguments.command {
        SloCommand::Generate(arguments) => generate(context, arguments).unwrap_or_else(|exit| exit),
    }
}

fn generate(context: &Context, arguments: &GenerateArguments) -> Result<Exit, Exit> {
    let usage = |message: &str| {
        context.error(message);
        Exit::Usage
    };
    let path = arguments.file.as_path();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (world, root) = context.open(folder)?;
    let name = name_of(path).unwrap_or("");
    let file = root.join(name).unwrap_or_else(|_| RelPath::root());
    let text =
        world.text(&file).map_err(|error| usage(&format!("{} cannot be read: {error}", path.display())))?;
    let mut read = Objectives::default();
    read.add(&file, &text);
    for problem in &read.problems {
        let at = LineIndex::new(&text).position(&text, problem.place.span.start);
        context.error(&format!("{}:{}:{}: {}", path.display(), at.line, at.column, problem.message));
    }
    // Rules of half the objectives would look like rules of all.
    if !read.problems.is_empty() {
        return Ok(Exit::Findings);
    }
    let rules = rules_file(&read.list, name);
    let Some(output) = &arguments.output else { return Ok(print_bytes(rules.as_bytes())) };
    let mut files = vec![(output, rules)];
    if let Some(tests) = &arguments.tests {
        let rules = name_of(output).filter(|_| output.parent() == tests.parent());
        let rules = rules.ok_or_else(|| usage("rules and tests are written into one folder"))?;
        files.push((tests, tests_file(&read.list, rules)));
    }
    for (path, text) in files {
        write::named(path, text.as_bytes()).map_err(|error| context.refused(&error))?;
        context.say(&format!("wrote {}", path.display()));
    }
    Ok(Exit::Clean)
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}
