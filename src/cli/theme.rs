//! `oathbook theme`.

use super::{Context, Exit, print_bytes};
use crate::diag::nearest;
use crate::render::BUILT_IN;
use crate::shell::write;
use clap::Subcommand;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  oathbook theme list               the files that a theme may replace
  oathbook theme eject page.html    copy the built-in template to theme/page.html";

/// Arguments of `theme`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct ThemeArguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// List the files of the built-in theme.
    List,
    /// Copy one file of the built-in theme, to be changed.
    Eject {
        /// The file, as `theme list` names it.
        file: String,
        /// The folder of the theme.
        #[arg(short, long, default_value = "theme", value_name = "DIR")]
        into: PathBuf,
    },
}

pub(super) fn theme(context: &Context, arguments: &ThemeArguments) -> Exit {
    match &arguments.action {
        Action::List => {
            let names: String = BUILT_IN.iter().map(|(name, _)| format!("{name}\n")).collect();
            print_bytes(names.as_bytes())
        }
        Action::Eject { file, into } => eject(context, file, into),
    }
}

fn eject(context: &Context, file: &str, into: &std::path::Path) -> Exit {
    let Some((_, text)) = BUILT_IN.iter().find(|(name, _)| *name == file) else {
        let near = nearest(file, BUILT_IN.iter().map(|(name, _)| *name));
        let help = near.map_or_else(
            || "`oathbook theme list` lists them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        context.error(&format!("the theme has no file `{file}`; {help}"));
        return Exit::Usage;
    };
    let path = into.join(file);
    if path.exists() {
        context.error(&format!("{} exists already; nothing is written", path.display()));
        return Exit::Usage;
    }
    match write::named(&path, text.as_bytes()) {
        Ok(()) => {
            context.say(&format!("wrote {}: it wins over the built-in file from now on", path.display()));
            Exit::Clean
        }
        Err(error) => context.refused(&error),
    }
}
