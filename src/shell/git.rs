//! git, through its own program: which files it tracks, and a commit's files as a world.
//!
//! A library for git's objects would bring about 200 crates for what three commands answer; the decision page
//! `git-objects` has the figures. git is started without a shell, with its configuration of hooks, pagers and
//! external filters out of the way.

use crate::base::{Date, RelPath};
use crate::world::{PathKind, ReadError, World};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};

#[expect(clippy::disallowed_methods, reason = "git is started here and nowhere else")]
fn git(root: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args([
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.hooksPath=/dev/null",
        "--no-pager",
    ]);
    command
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    command
}

fn output(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let done =
        git(root).args(arguments).output().map_err(|error| format!("git cannot be started: {error}"))?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    Err(String::from_utf8_lossy(&done.stderr).trim().to_owned())
}

/// The files that git tracks, and those that it does not and does not ignore; none outside of a work tree.
pub fn tracked(root: &Path) -> Option<Vec<RelPath>> {
    if !root.join(".git").exists() {
        return None;
    }
    let listed = output(root, &["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).ok()?;
    let names = listed.split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
    let mut out: Vec<RelPath> =
        names.filter_map(|name| RelPath::parse(name).ok()).filter(|path| !path.is_root()).collect();
    // A submodule is listed as a file; a deleted file is still listed.
    out.retain(|path| root.join(path.as_str()).is_file());
    out.retain(|path| !path.as_str().split('/').any(|part| part == "node_modules"));
    out.sort_unstable();
    out.dedup();
    Some(out)
}

/// A commit's files.
pub struct GitWorld {
    /// Object name and size of each file.
    files: BTreeMap<RelPath, (String, u64)>,
    batch: Mutex<Batch>,
    today: Date,
}

struct Batch {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Drop for Batch {
    fn drop(&mut self) {
        // The program ends by itself once its input closes; waiting for it leaves no zombie.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl GitWorld {
    /// The files of `revision` in the repository at `root`.
    ///
    /// # Errors
    /// git's own words, or that the history does not reach that far.
    pub fn open(root: &Path, revision: &str, today: Date) -> Result<Self, String> {
        let commit = resolve(root, revision)?;
        let listed = output(root, &["ls-tree", "-r", "-l", "-z", &commit])?;
        let mut files = BTreeMap::new();
        for line in listed.split(|byte| *byte == 0) {
            let Some((head, name)) = std::str::from_utf8(line).ok().and_then(|line| line.split_once('\t'))
            else {
                continue;
            };
            let mut words = head.split_whitespace();
            let (Some(mode), Some("blob"), Some(object), Some(size)) =
                (words.next(), words.next(), words.next(), words.next())
            else {
                continue;
            };
            // Links are not followed: what they lead to is not a file of the commit.
            if mode != "120000"
                && let Ok(path) = RelPath::parse(name)
            {
                files.insert(path, (object.to_owned(), size.parse().unwrap_or(0)));
            }
        }
        let mut child = git(root)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("git cannot be started: {error}"))?;
        let (Some(input), Some(out)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("git gives no pipes".into());
        };
        Ok(Self { files, batch: Mutex::new(Batch { child, input, output: BufReader::new(out) }), today })
    }
}

/// The commit of a revision; on a shallow clone, how to get it.
///
/// # Errors
/// git's own words.
pub fn resolve(root: &Path, revision: &str) -> Result<String, String> {
    let wanted = format!("{revision}^{{commit}}");
    match output(root, &["rev-parse", "--verify", "--end-of-options", &wanted]) {
        Ok(name) => Ok(String::from_utf8_lossy(&name).trim().to_owned()),
        Err(words) => {
            let shallow = output(root, &["rev-parse", "--is-shallow-repository"])
                .is_ok_and(|answer| answer.starts_with(b"true"));
            let help = if shallow {
                "; the clone is shallow: run `git fetch --unshallow`, or check out with `fetch-depth: 0`"
            } else {
                ""
            };
            Err(format!("there is no revision `{revision}`{help} ({})", words.lines().next().unwrap_or("")))
        }
    }
}

/// Where two revisions parted.
///
/// # Errors
/// git's own words, or that the clone is shallow.
pub fn merge_base(root: &Path, base: &str, head: &str) -> Result<String, String> {
    let (base, head) = (resolve(root, base)?, resolve(root, head)?);
    match output(root, &["merge-base", &base, &head]) {
        Ok(name) => Ok(String::from_utf8_lossy(&name).trim().to_owned()),
        Err(_) => {
            Err("the revisions have no common ancestor here; on a shallow clone run `git fetch --unshallow`"
                .into())
        }
    }
}

/// The files that differ between a commit and another, or the work tree; sorted.
///
/// # Errors
/// git's own words.
pub fn changed(root: &Path, base: &str, head: Option<&str>) -> Result<Vec<RelPath>, String> {
    let mut arguments = vec!["diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", base];
    arguments.extend(head);
    arguments.push("--");
    let mut listed = output(root, &arguments)?;
    if head.is_none() {
        listed.extend(output(root, &["ls-files", "-z", "--others", "--exclude-standard"])?);
    }
    let names = listed.split(|byte| *byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
    let mut out: Vec<RelPath> =
        names.filter_map(|name| RelPath::parse(name).ok()).filter(|path| !path.is_root()).collect();
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

impl World for GitWorld {
    fn files(&self, folder: &RelPath) -> Vec<RelPath> {
        let below = |path: &&RelPath| {
            path.below(folder).is_some_and(|rest| {
                !rest.is_root() && !rest.as_str().split('/').any(|part| part.starts_with('.'))
            })
        };
        self.files.keys().filter(below).cloned().collect()
    }

    fn tracked(&self, folder: &RelPath) -> Vec<RelPath> {
        self.files
            .keys()
            .filter(|path| path.below(folder).is_some_and(|rest| !rest.is_root()))
            .cloned()
            .collect()
    }

    fn kind(&self, path: &RelPath) -> Option<PathKind> {
        if self.files.contains_key(path) {
            return Some(PathKind::File);
        }
        let folder = format!("{}/", path.as_str());
        let inside = path.is_root()
            || self
                .files
                .range::<str, _>((std::ops::Bound::Included(folder.as_str()), std::ops::Bound::Unbounded))
                .next()
                .is_some_and(|(file, _)| file.as_str().starts_with(&folder));
        inside.then_some(PathKind::Folder)
    }

    fn read(&self, path: &RelPath) -> Result<Vec<u8>, ReadError> {
        let Some((object, size)) = self.files.get(path) else {
            return Err(if self.kind(path).is_some() { ReadError::NotAFile } else { ReadError::Missing });
        };
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        let mut ask = || -> std::io::Result<Vec<u8>> {
            writeln!(batch.input, "{object}")?;
            batch.input.flush()?;
            let mut head = String::new();
            batch.output.read_line(&mut head)?;
            let length = head.split_whitespace().nth(2).and_then(|size| size.parse().ok()).unwrap_or(*size);
            let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
            batch.output.read_exact(&mut bytes)?;
            batch.output.read_exact(&mut [0])?;
            Ok(bytes)
        };
        ask().map_err(|error| ReadError::System(format!("git: {error}")))
    }

    fn today(&self) -> Date {
        self.today
    }
}
