//! The writer's own editor.

use std::path::Path;
use std::process::{Command, Stdio};

/// Opens a file at a line with `$OATHBOOK_EDITOR`, `$VISUAL` or `$EDITOR`, if that is one with a window of its own; an
/// editor in the terminal would fight with the server for it. Whether one was started.
#[expect(clippy::disallowed_methods, reason = "the editor that the user has named is started here")]
pub(super) fn open(file: &Path, line: u32) -> bool {
    let named = ["OATHBOOK_EDITOR", "VISUAL", "EDITOR"].iter().find_map(std::env::var_os);
    let Some(program) = named.and_then(|value| value.into_string().ok()) else { return false };
    let mut words = program.split_whitespace();
    let Some(first) = words.next() else { return false };
    let name =
        Path::new(first).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let at = format!("{}:{line}", file.display());
    let mut command = Command::new(first);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match name.as_str() {
        "code" | "codium" | "cursor" => command.arg("-g").arg(at),
        "zed" | "subl" | "hx-gui" => command.arg(at),
        "idea" | "rustrover" | "pycharm" | "webstorm" | "goland" => {
            command.arg("--line").arg(line.to_string()).arg(file)
        }
        "gvim" | "emacsclient" | "gedit" | "kate" => command.arg(format!("+{line}")).arg(file),
        _ => return false,
    };
    command.spawn().is_ok()
}
