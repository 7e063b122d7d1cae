//! `oathbook openapi check`.

use super::super::check::Outcome;
use super::super::session::Session;
use super::{Context, Exit};
use crate::base::plain_line;
use crate::diag::{code, settle};
use crate::evidence::api::Api;
use crate::evidence::check::ALL;
use crate::pipeline::{self, Checked, Settings};
use crate::report::{self, Listing, Sources, Style};
use std::io::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook openapi check            do the recorded documents say what the code says?
  oathbook openapi check docs

Exit codes: 0 yes; 3 no, and `oathbook openapi update` mends it; 1 a source cannot be read.";

/// Arguments of `openapi check`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct OpenApiCheckArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
}

pub(super) fn openapi_check(context: &Context, arguments: &OpenApiCheckArguments) -> Exit {
    let session = match Session::open(context, &arguments.dir) {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    let of_apis = |code: &&str| code.starts_with("openapi-") || *code == code::CONFIGURATION;
    let only: Vec<String> = ALL.iter().map(|check| check.code).filter(of_apis).map(str::to_owned).collect();
    let settings = Settings { only: &only, ..session.settings() };
    let mut outcome = Outcome::default();
    let mut all: Vec<Checked> = Vec::new();
    for project in session.projects() {
        let checked = pipeline::run(&session.world, &project, settings);
        outcome.add(&checked);
        all.push(checked);
    }
    let apis: Vec<&Api> = all.iter().flat_map(Checked::apis).collect();
    if apis.is_empty() && !outcome.fatal {
        context.error("book.toml has no `[openapi.NAME]`");
        return Exit::Usage;
    }
    settle(&mut outcome.diagnostics);
    let mut sources = Sources::new(&session.world);
    let listing = Listing { diagnostics: &outcome.diagnostics, compared: false };
    let style = Style { colour: context.colour, short: context.global.quiet };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let printed = report::terminal(listing, &mut sources, style, &mut out)
        .and_then(|()| apis.iter().try_for_each(|api| differences(api, &mut sources, &mut out)))
        .and_then(|()| out.flush());
    for api in &apis {
        context.say(&summary(api));
    }
    match printed {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Exit::Machine,
        _ => outcome.exit(),
    }
}

/// All differences of a record, one to a line, as findings tell only the first.
fn differences(api: &Api, sources: &mut Sources<'_>, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    for difference in api.differences() {
        let mut at = |side: &Option<(String, crate::diag::Place)>| {
            let place = &side.as_ref()?.1;
            let start = sources.locate(place).start;
            Some(format!("{}:{}:{}", place.file, start.line, start.column))
        };
        let places: Vec<String> =
            [at(&difference.recorded), at(&difference.now)].into_iter().flatten().collect();
        let line = format!("{}: {} ({})", difference.pointer, difference.words(), places.join(", "));
        writeln!(out, "{}", plain_line(&line))?;
    }
    Ok(())
}

fn summary(api: &Api) -> String {
    let name = &api.config.name;
    let equal = api.compared.iter().filter(|compared| compared.equal).count();
    if !api.is_recorded {
        return format!("{name}: the document is its own source");
    }
    if api.recorded.is_none() {
        return format!("{name}: `{}` is not recorded", api.config.document);
    }
    let (all, file) = (api.compared.len(), &api.config.document);
    format!("{name}: {equal} of {all} operations and components recorded alike in {file}")
}
