//! git, through its own program: which files it tracks, and a commit's files as a world.
//!
//! A library for git's objects would bring about 200 crates for what three commands answer; the decision page
//! `git-objects` has the figures. git is started without a shell, with its configuration of hooks, pagers and
//! external filters out of the way.

use crate::base::{Date, RelPath};
use crate::world::{Changes, PathKind, ReadError, World};
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

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

/// When the files below a folder were changed last: the newest commit that names each of `wanted`. Reading the
/// history stops as soon as all of them were seen. A merge that only joins counts as no change.
pub fn last_changes(root: &Path, folder: &RelPath, wanted: &[RelPath]) -> Changes {
    match output(root, &["rev-parse", "--is-shallow-repository"]) {
        Ok(answer) if answer.starts_with(b"true") => {
            return Changes::Unknown(
                "the clone is shallow: its oldest commit seems to have changed everything",
            );
        }
        Ok(_) => {}
        Err(_) => return Changes::Unknown("the pages are not under version control"),
    }
    let below = if folder.is_root() { "." } else { folder.as_str() };
    let child = git(root)
        .args([
            "-c",
            "core.quotePath=false",
            "log",
            "--format=%x01%cs",
            "--name-only",
            "--no-renames",
            "--relative",
            "--",
            below,
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = child else { return Changes::Unknown("git cannot be started") };
    let mut missing: std::collections::BTreeSet<&RelPath> = wanted.iter().collect();
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
                break;
            }
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    Changes::Known(days)
}

/// A commit's files.
pub struct GitWorld {
    /// Object name of each file.
    files: BTreeMap<RelPath, Arc<str>>,
    store: Arc<Store>,
    today: Date,
}

/// One repository's objects, through one `git cat-file --batch`.
struct Store {
    batch: Mutex<Batch>,
    /// Folders by object name: neighbouring commits share nearly all of them.
    trees: Mutex<HashMap<Arc<str>, Arc<Vec<Entry>>>>,
    /// Files by object name, where several commits are looked at.
    files: Option<Mutex<Kept>>,
}

#[derive(Default)]
struct Kept {
    files: HashMap<Arc<str>, Arc<[u8]>>,
    bytes: usize,
}

/// Files kept between commits, in bytes, before all are forgotten; larger ones than the second are never kept.
const KEPT: usize = 256 << 20;
const KEPT_FILE: usize = 1 << 20;

/// Folders deeper than this are not looked into.
const DEEPEST: usize = 100;

/// One entry of a folder.
struct Entry {
    name: String,
    object: Arc<str>,
    folder: bool,
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

impl Batch {
    fn start(root: &Path) -> Result<Self, String> {
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
        Ok(Self { child, input, output: BufReader::with_capacity(1 << 16, out) })
    }

    /// The name and content of an object.
    fn ask(&mut self, object: &str) -> std::io::Result<(String, Vec<u8>)> {
        writeln!(self.input, "{object}")?;
        self.input.flush()?;
        let mut head = String::new();
        self.output.read_line(&mut head)?;
        let mut words = head.split_whitespace();
        let (Some(name), Some(_), Some(Ok(length))) =
            (words.next(), words.next(), words.next().map(str::parse::<usize>))
        else {
            return Err(std::io::Error::new(std::io::ErrorKind::NotFound, head.trim().to_owned()));
        };
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes)?;
        self.output.read_exact(&mut [0])?;
        Ok((name.to_owned(), bytes))
    }
}

impl Store {
    fn ask(&self, object: &str) -> Result<(String, Vec<u8>), String> {
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        batch.ask(object).map_err(|error| format!("git: {error}"))
    }

    fn file(&self, object: &Arc<str>) -> Result<Vec<u8>, String> {
        let Some(kept) = &self.files else { return Ok(self.ask(object)?.1) };
        let known = kept.lock().unwrap_or_else(PoisonError::into_inner).files.get(object).cloned();
        if let Some(bytes) = known {
            return Ok(bytes.to_vec());
        }
        let bytes = self.ask(object)?.1;
        if bytes.len() <= KEPT_FILE {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.bytes > KEPT {
                *kept = Kept::default();
            }
            kept.bytes += bytes.len();
            kept.files.insert(Arc::clone(object), bytes.as_slice().into());
        }
        Ok(bytes)
    }

    fn tree(&self, object: &str) -> Result<Arc<Vec<Entry>>, String> {
        if let Some(tree) = self.trees.lock().unwrap_or_else(PoisonError::into_inner).get(object) {
            return Ok(Arc::clone(tree));
        }
        let (name, bytes) = self.ask(object)?;
        let tree = Arc::new(entries(&bytes, name.len() / 2));
        self.trees.lock().unwrap_or_else(PoisonError::into_inner).insert(name.into(), Arc::clone(&tree));
        Ok(tree)
    }

    /// The files below a folder.
    fn list(&self, object: &str) -> Result<BTreeMap<RelPath, Arc<str>>, String> {
        let mut out = BTreeMap::new();
        let mut folders = vec![(String::new(), self.tree(object)?, 0)];
        while let Some((prefix, tree, depth)) = folders.pop() {
            for entry in tree.iter() {
                let path = format!("{prefix}{}", entry.name);
                if entry.folder && depth < DEEPEST {
                    folders.push((format!("{path}/"), self.tree(&entry.object)?, depth + 1));
                } else if let Ok(path) = RelPath::parse(&path)
                    && !entry.folder
                {
                    out.insert(path, Arc::clone(&entry.object));
                }
            }
        }
        Ok(out)
    }
}

/// The entries of a tree object: mode, blank, name, NUL, and the object's name in `length` bytes. Links are left out,
/// what they lead to is not a file of the commit; so are submodules.
fn entries(mut bytes: &[u8], length: usize) -> Vec<Entry> {
    let mut out = Vec::new();
    while let Some(end) = bytes.iter().position(|byte| *byte == 0) {
        let (head, rest) = (&bytes[..end], &bytes[end + 1..]);
        let Some((object, rest)) = rest.split_at_checked(length) else { break };
        bytes = rest;
        let Some((mode, name)) = std::str::from_utf8(head).ok().and_then(|head| head.split_once(' ')) else {
            continue;
        };
        let folder = mode == "40000";
        if folder || mode.starts_with("100") {
            let object: String = object.iter().map(|byte| format!("{byte:02x}")).collect();
            out.push(Entry { name: name.to_owned(), object: object.into(), folder });
        }
    }
    out
}

impl GitWorld {
    /// The files of `revision` in the repository at `root`.
    ///
    /// # Errors
    /// git's own words, or that the history does not reach that far.
    pub fn open(root: &Path, revision: &str, today: Date) -> Result<Self, String> {
        let commit = resolve(root, revision)?;
        let batch = Mutex::new(Batch::start(root)?);
        let store = Store { batch, trees: Mutex::default(), files: None };
        let files = store.list(&format!("{commit}^{{tree}}"))?;
        Ok(Self { files, store: Arc::new(store), today })
    }

    /// As [`Self::open`], for a look at many commits: what they share is read once.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_many(root: &Path, revision: &str, today: Date) -> Result<Self, String> {
        let one = Self::open(root, revision, today)?;
        let Some(store) = Arc::into_inner(one.store) else { return Err("git's objects are in use".into()) };
        Ok(Self { store: Arc::new(Store { files: Some(Mutex::default()), ..store }), ..one })
    }

    /// Another commit of the same repository.
    ///
    /// # Errors
    /// git's own words.
    pub fn at(&self, commit: &str) -> Result<Self, String> {
        let files = self.store.list(&format!("{commit}^{{tree}}"))?;
        Ok(Self { files, store: Arc::clone(&self.store), today: self.today })
    }

    /// The files that differ from those of another commit, sorted.
    pub fn changed(&self, other: &Self) -> Vec<RelPath> {
        let differs = |path: &&RelPath| self.files.get(*path) != other.files.get(*path);
        let mut out: Vec<RelPath> = self.files.keys().filter(differs).cloned().collect();
        out.extend(other.files.keys().filter(|path| !self.files.contains_key(*path)).cloned());
        out.sort_unstable();
        out
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

/// The commits of a branch's first parents, newest first, each with its parent; the root commit has none and is left
/// out.
///
/// # Errors
/// git's own words.
pub fn first_parents(root: &Path, head: &str) -> Result<Vec<(String, String)>, String> {
    let listed = output(root, &["rev-list", "--first-parent", "--parents", head])?;
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
pub fn commits_of(root: &Path, path: &str, most: usize) -> Result<Vec<String>, String> {
    let most = format!("--max-count={most}");
    let listed = output(root, &["log", "--format=%H", "--full-history", &most, "HEAD", "--", path])?;
    Ok(String::from_utf8_lossy(&listed).lines().map(str::to_owned).collect())
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

/// The files of the work tree that differ from a commit; sorted.
///
/// # Errors
/// git's own words.
pub fn changed(root: &Path, base: &str) -> Result<Vec<RelPath>, String> {
    let mut listed =
        output(root, &["diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", base, "--"])?;
    listed.extend(output(root, &["ls-files", "-z", "--others", "--exclude-standard"])?);
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
        let Some(object) = self.files.get(path) else {
            return Err(if self.kind(path).is_some() { ReadError::NotAFile } else { ReadError::Missing });
        };
        self.store.file(object).map_err(ReadError::System)
    }

    fn today(&self) -> Date {
        self.today
    }
}
