//! `oathbook explain`.

use super::{Context, Exit, print_bytes};
use crate::diag::nearest;
use crate::evidence::check;

/// Arguments of `explain`.
#[derive(clap::Args, Debug)]
pub(super) struct ExplainArguments {
    /// The code of a check, as findings show it in brackets.
    code: Option<String>,
}

pub(super) fn explain(context: &Context, arguments: &ExplainArguments) -> Exit {
    let Some(code) = &arguments.code else {
        let mut out = String::new();
        let mut group = None;
        for check in check::ALL.iter() {
            if group != Some(check.group) {
                out.push_str(&format!(
                    "{}{}\n",
                    if group.is_some() { "\n" } else { "" },
                    context.bold(check.group.name())
                ));
                group = Some(check.group);
            }
            out.push_str(&format!("  {:<20} {}\n", check.code, check.title));
        }
        return print_bytes(out.as_bytes());
    };
    match check::find(code) {
        Some(check) => print_bytes(format!("{}\n", check.doc.trim_end()).as_bytes()),
        None => {
            let near = nearest(code, check::ALL.iter().map(|check| check.code));
            let help = near.map_or_else(
                || "`oathbook explain` lists them".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            context.error(&format!("there is no check `{code}`; {help}"));
            Exit::Usage
        }
    }
}
