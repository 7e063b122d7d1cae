//! Several files that change together.
//!
//! All new contents are written beside first, then a journal that names them, then each takes its place. A run that is
//! killed before the journal is there has changed nothing; one that is killed later is finished by the next command
//! that writes. A file that somebody changed meanwhile is never overwritten.

use super::folder::Entry;
use super::staging::{OF_SET, STAGING, Staging};
use super::target::Target;
use super::{Error, put, stage};
use crate::base::{Fingerprint, RelPath};
use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::path::Path;

/// What one file becomes.
#[derive(Clone, Debug)]
pub struct Change {
    /// The file.
    pub path: RelPath,
    /// What it held when the change was made; none where it must not exist.
    pub before: Option<Vec<u8>>,
    /// What it shall hold; none removes it, once all others are in place.
    pub after: Option<Vec<u8>>,
    /// A file whose permissions a new one takes.
    pub like: Option<RelPath>,
}

impl Change {
    /// A file with new content.
    pub fn edit(path: RelPath, before: Vec<u8>, after: Vec<u8>) -> Self {
        Self { path, before: Some(before), after: Some(after), like: None }
    }
}

/// An interrupted set that was finished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// What it was, as in `mv a.md b.md`.
    pub title: String,
    /// Files that were left as they are, because somebody changed them meanwhile.
    pub left: Vec<RelPath>,
}

const JOURNAL: &str = "set-journal";

#[derive(serde::Serialize, serde::Deserialize)]
struct Journal {
    /// The journal file's own number on its file system: a journal that came with a commit has another, and is not
    /// obeyed.
    inode: u64,
    title: String,
    steps: Vec<Step>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Step {
    path: String,
    /// The staged file; none for a removal.
    staged: Option<String>,
    before: Option<String>,
    after: Option<String>,
}

/// Changes all files, or none; interrupted in between, [`finish`] does the rest.
///
/// # Errors
/// When a path leads out of the repository, a file is not what it was, or the disk refuses.
pub fn all(root: &Path, title: &str, changes: &[Change]) -> Result<(), Error> {
    let staging = Staging::open(root)?;
    finish_in(root, &staging)?;
    let outcome = record(root, &staging, title, changes).and_then(|journal| {
        let left = apply(root, &staging, &journal)?;
        left.first().map_or(Ok(()), |path| Err(changed_meanwhile(path)))
    });
    if outcome.is_err() {
        // What is left of it is of no use: the files that changed are named in the error.
        let _ = staging.forget_sets();
    }
    outcome
}

/// Finishes the set that a killed run left, if there is one.
///
/// # Errors
/// When the disk refuses.
pub fn finish(root: &Path) -> Result<Option<Finished>, Error> {
    if !root.join(STAGING).exists() {
        return Ok(None);
    }
    let staging = Staging::open(root)?;
    finish_in(root, &staging)
}

/// The title of the set that a killed run left, if there is one; nothing is changed.
pub fn pending(root: &Path) -> Option<String> {
    let folder = super::Folder::open(root).and_then(|root| root.child(OsStr::new(STAGING))).ok()?;
    read(&folder).map(|journal| journal.title)
}

fn finish_in(root: &Path, staging: &Staging) -> Result<Option<Finished>, Error> {
    let failed = |cause: std::io::Error| Error::new("finish an interrupted run in", root, cause);
    let journal = read(staging.folder());
    let finished = match journal {
        Some(journal) => {
            let left = apply(root, staging, &journal)?;
            Some(Finished { title: journal.title, left })
        }
        None => None,
    };
    staging.forget_sets().map_err(failed)?;
    Ok(finished)
}

/// The journal, if it is there and was written in this place.
fn read(folder: &super::Folder) -> Option<Journal> {
    let entry = folder.entry(OsStr::new(JOURNAL)).ok()?;
    let mut text = Vec::new();
    folder.read(OsStr::new(JOURNAL)).ok()?.read_to_end(&mut text).ok()?;
    let journal: Journal = serde_json::from_slice(&text).ok()?;
    (journal.inode == entry.inode).then_some(journal)
}

/// Stages all contents, holding each file against what it was, and writes the journal.
fn record(root: &Path, staging: &Staging, title: &str, changes: &[Change]) -> Result<Journal, Error> {
    let mut steps = Vec::new();
    for change in changes {
        let target = Target::below(root, &change.path)?;
        let failed = |cause: std::io::Error| Error::new("write", &target.path, cause);
        if content(&target).map_err(failed)? != change.before {
            return Err(changed_meanwhile(&change.path));
        }
        let mut staged = None;
        if let Some(bytes) = &change.after {
            let name = Staging::fresh(OF_SET);
            stage(staging.folder(), &name, bytes, like(root, change, &target)).map_err(failed)?;
            staged = Some(name.to_string_lossy().into_owned());
        }
        let print = |bytes: &Option<Vec<u8>>| bytes.as_ref().map(|bytes| Fingerprint::of(bytes).to_string());
        let (before, after) = (print(&change.before), print(&change.after));
        steps.push(Step { path: change.path.as_str().to_owned(), staged, before, after });
    }
    // Removals come last: until then the content is in two places, and afterwards in one.
    steps.sort_by_key(|step| step.staged.is_none());
    let mut journal = Journal { inode: 0, title: title.to_owned(), steps };
    write(staging, &mut journal).map_err(|cause| Error::new("write in", root, cause))?;
    Ok(journal)
}

fn like(root: &Path, change: &Change, target: &Target) -> Option<Entry> {
    let other = || Target::below(root, change.like.as_ref()?).ok()?.old;
    target.old.or_else(other)
}

fn write(staging: &Staging, journal: &mut Journal) -> std::io::Result<()> {
    let folder = staging.folder();
    let fresh = Staging::fresh(OF_SET);
    let mut file = folder.create(&fresh)?;
    journal.inode = folder.entry(&fresh)?.inode;
    file.write_all(&serde_json::to_vec(&journal)?)?;
    file.sync_all()?;
    folder.rename(&fresh, folder, OsStr::new(JOURNAL))?;
    folder.sync();
    Ok(())
}

/// Puts what is staged in its place; the files that are no longer what they were stay, and are returned.
fn apply(root: &Path, staging: &Staging, journal: &Journal) -> Result<Vec<RelPath>, Error> {
    let mut left = Vec::new();
    for step in &journal.steps {
        let Ok(path) = RelPath::parse(&step.path) else { continue };
        let target = Target::below(root, &path)?;
        let failed = |cause: std::io::Error| Error::new("write", &target.path, cause);
        let now = content(&target).map_err(failed)?.map(|bytes| Fingerprint::of(&bytes).to_string());
        if now == step.after {
            continue;
        }
        let is_removal = step.staged.is_none();
        if now != step.before || (is_removal && !left.is_empty()) {
            left.push(path);
            continue;
        }
        match &step.staged {
            Some(name) => put(staging, OsStr::new(name), &target).map_err(failed)?,
            None => target.folder.remove_file(&target.name).map_err(failed)?,
        }
        target.folder.sync();
    }
    let done = staging.folder().remove_file(OsStr::new(JOURNAL)).and_then(|()| staging.forget_sets());
    done.map_err(|cause| Error::new("finish in", root, cause))?;
    Ok(left)
}

pub(super) fn content(target: &Target) -> std::io::Result<Option<Vec<u8>>> {
    if target.old.is_none() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    target.folder.read(&target.name)?.read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

fn changed_meanwhile(path: &RelPath) -> Error {
    let cause = "it changed while this ran, so it is left as it is; run this again";
    Error::new("write", path.as_str(), cause).for_the_user()
}
