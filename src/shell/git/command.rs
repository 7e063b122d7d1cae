//! How git is started.
//!
//! - `GIT_*` of the environment is dropped: a hook that called us speaks of its own repository and its own index.
//! - The repository is named (`GIT_DIR`, `GIT_WORK_TREE`), so that `core.worktree` leads nowhere else, and so that git does
//!   not refuse a folder of another user, as containers have it: nothing is executed that would make that unsafe.
//! - The system's and the user's configuration are off; of the repository's the keys that start programs without being
//!   asked are overridden. Filters and text converters have names of the repository's choice, so they cannot be: instead no
//!   command is used that converts a file (`diff`, `status`, `diff-files`, `checkout`, `archive`).
//! - Objects that a partial clone left out are not fetched (`GIT_NO_LAZY_FETCH`), and no transport is allowed, for versions
//!   that do not know that variable.

use super::Refusal;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Keys that start programs, or lead elsewhere.
const OVERRIDDEN: &[&str] = &[
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.sshCommand=false",
    "core.askPass=false",
    "core.alternateRefsCommand=true",
    "core.attributesFile=/dev/null",
    "credential.helper=",
    "diff.external=",
    "gpg.program=false",
    "log.showSignature=false",
    "protocol.allow=never",
];

/// The folder that holds `.git`, at or above `root`.
pub(super) fn top(root: &Path) -> Option<&Path> {
    root.ancestors().find(|above| above.join(".git").exists())
}

/// git, in the folder `root` of a repository.
#[expect(clippy::disallowed_methods, reason = "git is started here and nowhere else")]
pub(super) fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    let top = top(root).unwrap_or(root);
    command
        .env("GIT_DIR", top.join(".git"))
        .env("GIT_WORK_TREE", top)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_ATTR_NOSYSTEM", "1")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C");
    command.current_dir(root).arg("--no-pager");
    command.args(OVERRIDDEN.iter().flat_map(|key| ["-c", key]));
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    command
}

/// What git writes.
pub(super) fn output(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, Refusal> {
    let done = git(root).args(arguments).output().map_err(not_started)?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    Err(Refusal::machine(words(&done.stderr)))
}

/// git's own words: the last line that says what is fatal, or the first.
pub(super) fn words(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let fatal = text.lines().rev().find(|line| line.starts_with("fatal: "));
    fatal.or_else(|| text.lines().next()).unwrap_or("git says nothing").trim().to_owned()
}

pub(super) fn not_started(error: std::io::Error) -> Refusal {
    Refusal::machine(format!("git cannot be started ({error}): install it, or see that it is in PATH"))
}

/// Where git keeps what belongs to one work tree: the folder `.git`, or the one that a file of that name leads to.
pub(super) fn own_folder(top: &Path) -> PathBuf {
    let here = top.join(".git");
    let text = std::fs::File::open(&here).and_then(std::io::read_to_string).unwrap_or_default();
    text.strip_prefix("gitdir:").map_or(here, |led| top.join(led.trim()))
}
