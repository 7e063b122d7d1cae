//! `oathbook claims`.

use super::{Context, Exit, print_bytes, push_line};
use crate::base::plain_json;
use crate::diag::{Tally, Verdict};
use crate::pipeline::{self, Settings};
use crate::report::Sources;
use crate::shell;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook claims                   every claim, by page
  oathbook claims --verdict contradicted
  oathbook claims --format json > claims.json";

/// Arguments of `claims`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct ClaimsArguments {
    /// The folder of the book, or any folder with Markdown.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// How claims are printed.
    #[arg(long, value_enum, default_value = "terminal")]
    format: Format,
    /// Only claims with this verdict.
    #[arg(long, value_enum)]
    verdict: Option<Wanted>,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Format {
    /// For people.
    Terminal,
    /// The ledger as JSON.
    Json,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Wanted {
    Proven,
    Contradicted,
    NotJudged,
}

impl Wanted {
    fn is(self, verdict: &Verdict) -> bool {
        matches!(
            (self, verdict),
            (Self::Proven, Verdict::Proven(_))
                | (Self::Contradicted, Verdict::Contradicted(_))
                | (Self::NotJudged, Verdict::NotJudged(_))
        )
    }
}

pub(super) fn claims(context: &Context, arguments: &ClaimsArguments) -> Exit {
    let (world, root) = match context.open(&arguments.dir) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let overrides = shell::overrides();
    let mut sources = Sources::new(&world);
    let mut out = String::new();
    let mut tally = Tally::default();
    for project in pipeline::projects(&world, &root) {
        let mut report =
            pipeline::run(&world, &project, Settings { overrides: &overrides, ..Settings::default() }).report;
        for list in report.claims.iter_mut().chain([&mut report.recorded]) {
            list.retain(|claim| arguments.verdict.is_none_or(|wanted| wanted.is(&claim.verdict)));
        }
        if matches!(arguments.format, Format::Json) {
            out.push_str(&plain_json(&report.ledger_json().collect::<String>()));
            continue;
        }
        for claim in report.all() {
            tally.add(claim);
            let line = sources.locate(&claim.place).start.line;
            let why = match &claim.verdict {
                Verdict::Proven(by) => by.to_string(),
                Verdict::Contradicted(code) => (*code).to_owned(),
                Verdict::NotJudged(reason) => (*reason).to_owned(),
            };
            let what = format!("{} {} `{}`", claim.verdict.name(), claim.kind.name(), claim.subject);
            push_line(&mut out, &format!("{}:{line}: {what}: {why}", claim.place.file));
        }
    }
    let exit = print_bytes(out.as_bytes());
    if matches!(arguments.format, Format::Terminal) {
        let Tally { proven, contradicted, not_judged, .. } = tally;
        let demonstrated = tally.demonstrated_words();
        context.say(&format!(
            "{proven} proven{demonstrated}, {contradicted} contradicted, {not_judged} not judged"
        ));
    }
    exit
}
