//! `oathbook openapi update`.

use super::super::update::{self, UpdateArguments};
use super::{Context, Exit};
use crate::evidence::Evidence as _;
use crate::evidence::api::Apis;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook openapi update           write the recorded documents that are out of date
  oathbook openapi update --exec    first run the commands of `command` sources";

/// Arguments of `openapi update`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct OpenApiUpdateArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Run the commands of `command` sources; each is printed before it runs.
    #[arg(long)]
    exec: bool,
}

pub(super) fn openapi_update(context: &Context, arguments: &OpenApiUpdateArguments) -> Exit {
    let OpenApiUpdateArguments { dir, exec } = arguments;
    let only = Apis::RECORDS.map(str::to_owned);
    update::update(context, &UpdateArguments { dir: dir.clone(), only, exec: *exec })
}
