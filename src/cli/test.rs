//! `oathbook test`: runs what pages and documents promise.

mod api;
mod samples;

use super::{Context, Exit};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook test                     blocks of Rust, and of shell where they are marked with `run`
  oathbook test --only shell        only shell
  oathbook test --list              what would be run, and run nothing
  oathbook test --service http://localhost:8080
                                    send blocks of HTTP that are marked with `run` there
  oathbook test --api http://127.0.0.1:8080                     send the documented examples to a running service
  oathbook test --api http://127.0.0.1:8080 --auth 'key=$KEY'   with a secret from the environment
  oathbook test --api http://127.0.0.1:8080 --document api.yaml a document without a book

Exit codes: 0 nothing contradicts what is documented; 1 something does; 2 bad usage; 4 the service cannot be reached.

Blocks run with your rights on this machine: test only what you would run by hand.";

/// Arguments of `test`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct TestArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    #[command(flatten)]
    samples: samples::SampleArguments,
    #[command(flatten)]
    api: api::ProbeArguments,
}

pub(super) fn test(context: &Context, arguments: &TestArguments) -> Exit {
    if let Some(url) = &arguments.api.api {
        return api::probe(context, &arguments.dir, url, &arguments.api);
    }
    samples::test(context, &arguments.dir, &arguments.samples, arguments.api.format)
}
