//! `oathbook openapi`: one file for each command.

mod diff;
mod extract;

use super::{Context, Exit};
use clap::Subcommand;

/// Arguments of `openapi`.
#[derive(clap::Args, Debug)]
pub(super) struct OpenApiArguments {
    #[command(subcommand)]
    command: OpenApiCommand,
}

#[derive(Subcommand, Debug)]
enum OpenApiCommand {
    /// Say what a caller notices between two documents, and whom it breaks.
    Diff(diff::DiffArguments),
    /// Print the document that utoipa would make of a service, from its source.
    Extract(extract::ExtractArguments),
}

pub(super) fn openapi(context: &Context, arguments: &OpenApiArguments) -> Exit {
    match &arguments.command {
        OpenApiCommand::Diff(arguments) => diff::diff(context, arguments),
        OpenApiCommand::Extract(arguments) => extract::extract(context, arguments),
    }
}
