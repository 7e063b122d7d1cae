//! Where a file of a repository really lies.

use super::folder::{Entry, Folder};
use crate::base::RelPath;
use crate::shell::Error;
use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

/// A place for a file.
pub(super) struct Target {
    /// The open folder.
    pub folder: Folder,
    /// The file's name in it.
    pub name: OsString,
    /// What stands there: a regular file or nothing.
    pub old: Option<Entry>,
    /// As it was named, for messages.
    pub path: PathBuf,
}

impl Target {
    /// A file below a root. Folders that are missing are made.
    pub fn below(root: &Path, path: &RelPath) -> Result<Self, Error> {
        let named = on_disk(root, path);
        let refused = |cause: String| Error::new("write", &named, cause).for_the_user();
        if path.enters_git() {
            return Err(refused("a path into `.git` is never written".into()));
        }
        let failed = |cause: std::io::Error| Error::new("write", &named, cause);
        let root = std::fs::canonicalize(root).map_err(failed)?;
        let real = real(&named)?;
        let below = real
            .strip_prefix(&root)
            .map_err(|_| refused(format!("a link leads out of the repository, to {}", real.display())))?;
        if enters_git(below) {
            return Err(refused("a link leads into `.git`, which is never written".into()));
        }
        Self::within(&root, below, &named)
    }

    /// A file below a folder, by a path without links.
    pub fn within(root: &Path, below: &Path, named: &Path) -> Result<Self, Error> {
        let failed = |cause: std::io::Error| Error::new("write", named, cause);
        let mut folder = Folder::open(root).map_err(failed)?;
        let mut parts: Vec<&OsStr> = below.iter().collect();
        let Some(name) = parts.pop() else {
            return Err(Error::new("write", named, "it is a folder").for_the_user());
        };
        for part in parts {
            folder = folder.make(part, 0o777).map_err(failed)?;
        }
        let old = match folder.entry(name) {
            Ok(entry) if entry.is_file => Some(entry),
            Ok(entry) if entry.is_folder => {
                return Err(Error::new("write", named, "it is a folder").for_the_user());
            }
            Ok(_) => return Err(Error::new("write", named, "it is not a regular file").for_the_user()),
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            Err(error) => return Err(failed(error)),
        };
        Ok(Self { folder, name: name.to_owned(), old, path: named.to_owned() })
    }
}

/// Where a path is on disk.
pub(super) fn on_disk(root: &Path, path: &RelPath) -> PathBuf {
    let mut out = root.to_owned();
    out.extend(path.as_str().split('/').filter(|part| !part.is_empty()));
    out
}

/// Whether a path has a part `.git`.
pub(super) fn enters_git(path: &Path) -> bool {
    path.iter().any(|part| part.eq_ignore_ascii_case(".git"))
}

/// A path with all links resolved; its last parts may be missing, but a link must lead to something.
pub(super) fn real(path: &Path) -> Result<PathBuf, Error> {
    let mut missing = Vec::new();
    let mut above = path.to_owned();
    loop {
        match std::fs::canonicalize(&above) {
            Ok(mut found) => {
                found.extend(missing.iter().rev());
                return Ok(found);
            }
            Err(cause) if std::fs::symlink_metadata(&above).is_ok() => {
                let cause = format!("{} is a link that leads to nothing ({cause})", above.display());
                return Err(Error::new("write", path, cause).for_the_user());
            }
            // Below a file there is nothing either; making the folder will say what is wrong.
            Err(cause) if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {}
            Err(cause) => return Err(Error::new("write", path, cause)),
        }
        let Some(name) = above.file_name().map(OsStr::to_owned) else {
            return Err(Error::new("write", path, "it has no name that a file could have").for_the_user());
        };
        missing.push(name);
        if !above.pop() || above.as_os_str().is_empty() {
            above = PathBuf::from(".");
        }
    }
}

/// A path from the file system's root, without `.` and `..`; links stay as they are.
pub(super) fn absolute(path: &Path) -> std::io::Result<PathBuf> {
    let mut out = PathBuf::new();
    for part in std::path::absolute(path)?.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            other => out.push(other),
        }
    }
    Ok(out)
}
