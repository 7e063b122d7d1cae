//! `oathbook openapi`: one file for each command.

mod against;
mod check;
mod coverage;
mod diff;
mod extract;
mod show;
mod update;

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
    /// Write the recorded documents that are out of date.
    Update(update::OpenApiUpdateArguments),
    /// Say whether the recorded documents say what the code says.
    Check(check::OpenApiCheckArguments),
    /// Say how much of what callers must know is documented.
    Coverage(coverage::CoverageArguments),
    /// Print a value of a document, and where it is written.
    Show(show::ShowArguments),
    /// Say what a caller notices between two documents, and whom it breaks.
    Diff(diff::DiffArguments),
    /// Print the document that utoipa would make of a service, from its source.
    Extract(extract::ExtractArguments),
}

pub(super) fn openapi(context: &Context, arguments: &OpenApiArguments) -> Exit {
    match &arguments.command {
        OpenApiCommand::Update(arguments) => update::openapi_update(context, arguments),
        OpenApiCommand::Check(arguments) => check::openapi_check(context, arguments),
        OpenApiCommand::Coverage(arguments) => coverage::coverage(context, arguments),
        OpenApiCommand::Show(arguments) => show::show(context, arguments),
        OpenApiCommand::Diff(arguments) => diff::diff(context, arguments),
        OpenApiCommand::Extract(arguments) => extract::extract(context, arguments),
    }
}
