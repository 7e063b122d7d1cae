//! `oathbook serve`.

use super::{Context, Exit};
use crate::base::plain_line;
use crate::model::Mode;
use crate::pipeline::Project;
use crate::shell::{self, serve};
use std::io::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook serve                    at http://127.0.0.1:3000
  oathbook serve --open             and show it in a browser
  oathbook serve docs -p 0          on any free port
  oathbook serve --poll             in a container that is not told of changes";

/// Arguments of `serve`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct ServeArguments {
    /// The folder of the book.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// The port; 0 takes a free one.
    #[arg(short, long, default_value_t = 3000)]
    port: u16,
    /// The address to listen on; anything but this machine's own shows the pages to the network.
    #[arg(short = 'n', long, default_value = "127.0.0.1", value_name = "HOST")]
    hostname: String,
    /// Look at files again and again instead of waiting to be told of changes.
    #[arg(long)]
    poll: bool,
    /// Show the first page in a browser, the one that BROWSER names or the system's.
    #[arg(short, long)]
    open: bool,
}

pub(super) fn serve(context: &Context, arguments: &ServeArguments) -> Exit {
    let (_, root) = match context.open(&arguments.dir) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let quiet = context.global.quiet;
    let options = serve::Options {
        folder: arguments.dir.clone(),
        boundary: context.global.root.clone(),
        today: context.global.as_of.unwrap_or_else(shell::today),
        host: arguments.hostname.clone(),
        port: arguments.port,
        poll: arguments.poll,
        open: arguments.open,
        overrides: shell::overrides(),
        say: Box::new(move |line| {
            if !quiet {
                let _ = writeln!(std::io::stderr(), "{}", plain_line(line));
            }
        }),
    };
    let project = Project { root, mode: Mode::Book, without: Vec::new() };
    match serve::run(options, project) {
        Ok(()) => Exit::Clean,
        Err(error) => context.refused(&error),
    }
}
