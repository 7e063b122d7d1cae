//! A commit of a few files and of nothing else, made of git's plumbing: `git add` would run the filters, and `git commit` the
//! hooks and the signing program, that a repository's configuration names.
//!
//! Whatever writes the index may hash other files of it again, those that were changed in the moment in which it was written
//! last (git's `Documentation/technical/racy-git.txt`), and converts them for it. So the filters that the configuration
//! names are overridden one by one: a file that a filter would have changed then counts as one to be looked at, which git does
//! when it is asked next.

use super::Refusal;
use super::command::{git, not_started, top, words};
use crate::base::RelPath;
use crate::shell::write::Scratch;
use std::path::Path;
use std::process::Command;

/// Variables by which a caller says who commits, and when.
const IDENTITY: &[&str] = &[
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_DATE",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_DATE",
];

/// Commits files as they are on the disk, those that are gone as removed, on top of what is checked out. What else is staged
/// stays staged. Paths are relative to `root`, a folder of a repository.
///
/// # Errors
/// git's own words: no repository, nobody to commit as, a branch that moved meanwhile.
pub fn commit(root: &Path, title: &str, paths: &[&RelPath]) -> Result<(), Refusal> {
    let Some(top) = top(root) else { return Err(Refusal::usage("this is no git repository")) };
    let scratch = Scratch::new().map_err(|error| Refusal::machine(error.to_string()))?;
    let index = scratch.path().join("index");
    // What git calls a file: its path from the folder that holds `.git`.
    let below = root.strip_prefix(top).unwrap_or(Path::new(""));
    let head = said(git(top).args(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])).ok();
    let base = head.as_deref().unwrap_or("--empty");
    let without = without_filters(top)?;
    said(git(top).env("GIT_INDEX_FILE", &index).args(["read-tree", base]))?;
    for path in paths {
        let name = below.join(path.as_str());
        let entry = entry(top, &name)?;
        for own in [true, false] {
            let mut command = git(top);
            command.args(&without);
            if own {
                command.env("GIT_INDEX_FILE", &index);
            }
            match &entry {
                Some(blob) => command.args(["update-index", "--add", "--cacheinfo", "100644", blob]),
                None => command.args(["update-index", "--force-remove", "--"]),
            };
            said(command.arg(&name))?;
        }
    }
    let tree = said(git(top).env("GIT_INDEX_FILE", &index).arg("write-tree"))?;
    let mut command = by_the_user(git(top));
    command.args(["commit-tree", &tree, "-m", title]);
    if let Some(head) = &head {
        command.args(["-p", head]);
    }
    let made = said(&mut command)?;
    // The old value guards against a branch that moved meanwhile; none is all zeros.
    let old = head.unwrap_or_else(|| "0".repeat(made.len()));
    said(by_the_user(git(top)).args(["update-ref", "-m", title, "HEAD", &made, &old])).map(drop)
}

/// Options that turn off every filter which the configuration names.
fn without_filters(top: &Path) -> Result<Vec<String>, Refusal> {
    // Ends with 1 where there is none.
    let listed = git(top).args(["config", "--null", "--name-only", "--get-regexp", r"^filter\."]).output();
    let listed = listed.map_err(not_started)?.stdout;
    let mut out = Vec::new();
    for key in listed.split(|byte| *byte == 0) {
        let key = String::from_utf8_lossy(key);
        let Some((filter, _)) = key.rsplit_once('.').filter(|(filter, _)| filter.contains('.')) else {
            continue;
        };
        // Behind `-c` the first `=` ends the key, so the override would be of another one.
        if filter.contains(['=', '\n', '\u{fffd}']) {
            return Err(Refusal::usage(format!(
                "git's configuration names a filter that cannot be turned off: {filter}"
            )));
        }
        for value in ["clean=", "smudge=", "process=", "required=false"] {
            out.extend(["-c".to_owned(), format!("{filter}.{value}")]);
        }
    }
    Ok(out)
}

/// The object of a file as it lies on the disk, unconverted; none if the file is gone.
fn entry(top: &Path, name: &Path) -> Result<Option<String>, Refusal> {
    if !top.join(name).is_file() {
        return Ok(None);
    }
    said(git(top).args(["hash-object", "-w", "--no-filters", "--"]).arg(name)).map(Some)
}

/// With the user's own configuration, which says who commits.
fn by_the_user(mut command: Command) -> Command {
    command.env_remove("GIT_CONFIG_GLOBAL").env_remove("GIT_CONFIG_NOSYSTEM");
    let given = IDENTITY.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    command.envs(given);
    command
}

/// What git says, without the line's end.
fn said(command: &mut Command) -> Result<String, Refusal> {
    let done = command.output().map_err(not_started)?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned());
    }
    Err(Refusal::usage(words(&done.stderr)))
}
