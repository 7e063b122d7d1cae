//! Commits: which there are, which touch a path, and when.

use super::Refusal;
use super::command::{git, not_started, output, words};
use crate::base::{Date, RelPath};
use crate::world::Changes;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::Stdio;

fn is_shallow(root: &Path) -> Result<bool, Refusal> {
    output(root, &["rev-parse", "--is-shallow-repository"]).map(|answer| answer.starts_with(b"true"))
}

/// When the files below a folder were changed last: the newest commit that names each of `wanted`. Reading the
/// history stops as soon as all of them were seen. A merge that only joins counts as no change.
pub fn last_changes(root: &Path, folder: &RelPath, wanted: &[RelPath]) -> Changes {
    match is_shallow(root) {
        Ok(true) => {
            return Changes::Unknown(
                "the clone is shallow: its oldest commit seems to have changed everything",
            );
        }
        Ok(false) => {}
        Err(_) => return Changes::Unknown("the pages are not under version control"),
    }
    let below = if folder.is_root() { "." } else { folder.as_str() };
    let child = git(root)
        .args(["-c", "core.quotePath=false", "log", "--format=%x01%cs", "--name-only", "--no-renames"])
        .args(["--no-ext-diff", "--no-textconv", "--no-show-signature", "--relative", "--", below])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return Changes::Unknown("git cannot be started") };
    let mut missing: BTreeSet<&RelPath> = wanted.iter().collect();
    let mut days = BTreeMap::new();
    let mut day = None;
    let lines = child.stdout.take().map(|stdout| BufReader::new(stdout).lines());
    for line in lines.into_iter().flatten().map_while(Result::ok) {
        if let Some(date) = line.strip_prefix('\u{1}') {
            day = date.parse::<Date>().ok();
        } else if let (Some(day), Ok(path)) = (day, RelPath::parse(&line))
            && missing.remove(&path)
        {
            days.insert(path, day);
            if missing.is_empty() {
                let _ = child.kill();
                let _ = child.wait();
                return Changes::Known(days);
            }
        }
    }
    match child.wait() {
        Ok(status) if status.success() => Changes::Known(days),
        // A partial clone without its folders, a damaged object: what was not seen is not unchanged.
        _ => Changes::Unknown("the history cannot be read to its end: objects are missing or damaged"),
    }
}

/// The commit of a revision; on a shallow clone, how to get it.
///
/// # Errors
/// git's own words.
pub fn resolve(root: &Path, revision: &str) -> Result<String, Refusal> {
    let wanted = format!("{revision}^{{commit}}");
    let done = git(root)
        .args(["rev-parse", "--verify", "--end-of-options", &wanted])
        .output()
        .map_err(not_started)?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned());
    }
    // A repository that git cannot read at all is not the user's spelling.
    let help = if is_shallow(root)? {
        "; the clone is shallow: run `git fetch --unshallow`, or check out with `fetch-depth: 0`"
    } else {
        ""
    };
    Err(Refusal::usage(format!("there is no revision `{revision}`{help} ({})", words(&done.stderr))))
}

/// The commits of a branch's first parents, newest first, each with its parent; the root commit has none and is left
/// out.
///
/// # Errors
/// git's own words.
pub fn first_parents(root: &Path, head: &str) -> Result<Vec<(String, String)>, Refusal> {
    let listed = output(root, &["rev-list", "--first-parent", "--parents", "--end-of-options", head])?;
    let pair = |line: &str| {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_owned(), words.next()?.to_owned()))
    };
    Ok(String::from_utf8_lossy(&listed).lines().filter_map(pair).collect())
}

/// The commits of `HEAD`'s history that changed a path, newest first, at most so many.
///
/// # Errors
/// git's own words.
pub fn commits_of(root: &Path, path: &str, most: usize) -> Result<Vec<String>, Refusal> {
    let most = format!("--max-count={most}");
    let asked = ["log", "--format=%H", "--full-history", "--no-show-signature", &most, "HEAD", "--", path];
    let listed = output(root, &asked)?;
    Ok(String::from_utf8_lossy(&listed).lines().map(str::to_owned).collect())
}

/// Where two revisions parted.
///
/// # Errors
/// git's own words, or that the clone is shallow.
pub fn merge_base(root: &Path, base: &str, head: &str) -> Result<String, Refusal> {
    let (base, head) = (resolve(root, base)?, resolve(root, head)?);
    let mut child =
        git(root).args(["merge-base", &base, &head]).stdout(Stdio::piped()).spawn().map_err(not_started)?;
    let mut name = String::new();
    if let Some(stdout) = &mut child.stdout {
        stdout.read_to_string(&mut name).map_err(not_started)?;
    }
    let done = child.wait_with_output().map_err(not_started)?;
    match done.status.code() {
        Some(0) => Ok(name.trim().to_owned()),
        // git's word for "there is none".
        Some(1) => Err(Refusal::usage(
            "the revisions have no common ancestor here; on a shallow clone run `git fetch --unshallow`",
        )),
        _ => Err(Refusal::machine(words(&done.stderr))),
    }
}
