//! `oathbook test`: runs what pages and documents promise.

mod api;

use super::{Context, Exit};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook test --api http://127.0.0.1:8080                     send the documented examples to a running service
  oathbook test --api http://127.0.0.1:8080 --auth 'key=$KEY'   with a secret from the environment
  oathbook test --api http://127.0.0.1:8080 --document api.yaml a document without a book

Exit codes: 0 nothing contradicts what is documented; 1 something does; 2 bad usage; 4 the service cannot be reached.";

/// Arguments of `test`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct TestArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    #[command(flatten)]
    api: api::ProbeArguments,
}

pub(super) fn test(context: &Context, arguments: &TestArguments) -> Exit {
    if let Some(url) = &arguments.api.api {
        return api::probe(context, &arguments.dir, url, &arguments.api);
    }
    context.error("say what to test: `--api URL` for a running service");
    Exit::Usage
}
