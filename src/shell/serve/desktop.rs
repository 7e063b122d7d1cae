//! The writer's own editor and browser.

use std::path::Path;
use std::process::{Command, Stdio};

/// Opens a file at a line with `$OATHBOOK_EDITOR`, `$VISUAL` or `$EDITOR`, if that is one with a window of its own; an
/// editor in the terminal would fight with the server for it. Whether one was started.
#[expect(clippy::disallowed_methods, reason = "the editor that the user has named is started here")]
pub fn edit(file: &Path, line: u32) -> bool {
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

/// Shows an address in the browser that `$BROWSER` names, or the system's own. Whether one was started.
#[expect(clippy::disallowed_methods, reason = "the browser that the user has asked for is started here")]
pub fn browse(address: &str) -> bool {
    let named = std::env::var("BROWSER").ok().filter(|name| !name.trim().is_empty());
    let system = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    // `BROWSER` is a list, and `%s` in it stands for the address: environ(7).
    let list = named.as_deref().unwrap_or(system).split(':');
    list.into_iter().any(|program| {
        let mut words: Vec<String> =
            program.split_whitespace().map(|word| word.replace("%s", address)).collect();
        if !program.contains("%s") {
            words.push(address.to_owned());
        }
        let Some((first, rest)) = words.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            return false;
        };
        let mut command = Command::new(first);
        command.args(rest).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().is_ok()
    })
}
