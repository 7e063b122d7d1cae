//! The one door through which files are written.
//!
//! What belongs to a repository is resolved below its root: a link that leaves it is refused, one inside leads to the
//! file that is mended. New bytes are written beside, under a name that nobody can guess, and take the old file's place
//! in one step, with its permissions. Several files change together or, after an interruption, when the next command
//! that writes finishes them. What the user named outside of a repository is written the same way, but a device or a
//! pipe is written through.

mod content;
mod folder;
pub mod named;
pub mod output;
mod run_folder;
mod scratch;
mod set;
mod site;
mod staging;
mod target;

pub use content::Content;
pub use named::named;
pub use run_folder::{RunFolder, empty};
pub use scratch::Scratch;
pub use set::{Change, Finished, all, finish, pending};
pub use site::{Prepared, Written, clean, differences, exchange, tidy};
pub use staging::STAGING;

use super::Error;
use crate::base::RelPath;
use folder::{Entry, Folder};
use staging::Staging;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use target::Target;

/// Replaces or creates one file of the repository at `root`, in one step.
///
/// # Errors
/// When the path leads out of the repository or into `.git`, or the disk refuses; the old file then still stands.
pub fn below(root: &Path, path: &RelPath, bytes: &[u8]) -> Result<(), Error> {
    let target = Target::below(root, path)?;
    let staging = Staging::open(root)?;
    replace(&staging, &target, bytes)
}

/// Replaces one file of the repository at `root` by what `change` makes of its bytes, none where there is no file; whoever else writes
/// there waits meanwhile, so that of two changes none is lost.
///
/// # Errors
/// When the path leads out of the repository or into `.git`, the disk refuses, or `change` does, with its words; the old file then
/// still stands.
pub fn changed(
    root: &Path,
    path: &RelPath,
    change: impl FnOnce(Option<Vec<u8>>) -> Result<Vec<u8>, String>,
) -> Result<(), Error> {
    let staging = Staging::open(root)?;
    let target = Target::below(root, path)?;
    let failed = |cause: std::io::Error| Error::new("write", &target.path, cause);
    let before = set::content(&target).map_err(failed)?;
    let after = change(before).map_err(|why| Error::new("write", path.as_str(), why).for_the_user())?;
    replace(&staging, &target, &after)
}

/// Makes a folder of the repository at `root` for files that are ours, and gives its path without links.
///
/// # Errors
/// When a link leads it out of the repository, or the disk refuses.
pub fn folder(root: &Path, path: &RelPath) -> Result<std::path::PathBuf, Error> {
    let inside = path.join("x").map_err(|left| Error::new("make", root, left.0))?;
    Ok(Target::below(root, &inside)?.folder.path().to_owned())
}

/// Writes bytes beside a file, and puts them in its place.
fn replace(staging: &Staging, target: &Target, bytes: &[u8]) -> Result<(), Error> {
    let failed = |cause: std::io::Error| Error::new("write", &target.path, cause);
    let fresh = Staging::fresh("new-");
    stage(staging.folder(), &fresh, bytes, target.old).map_err(failed)?;
    put(staging, &fresh, target).map_err(failed)?;
    target.folder.sync();
    Ok(())
}

/// A new file with its bytes on the disk and another's permissions.
fn stage(folder: &Folder, name: &OsStr, bytes: &[u8], like: Option<Entry>) -> std::io::Result<()> {
    let mut file = folder.create(name)?;
    let written = file.write_all(bytes).and_then(|()| {
        if let Some(like) = like {
            Folder::adopt(&file, like)?;
        }
        file.sync_all()
    });
    if written.is_err() {
        // The next run would remove it as well.
        let _ = folder.remove_file(name);
    }
    written
}

/// Puts a staged file in a target's place.
fn put(staging: &Staging, name: &OsStr, target: &Target) -> std::io::Result<()> {
    let moved = staging.folder().rename(name, &target.folder, &target.name);
    let Err(error) = moved else { return Ok(()) };
    if error.kind() != std::io::ErrorKind::CrossesDevices {
        let _ = staging.folder().remove_file(name);
        return Err(error);
    }
    // The file lies on another file system than the root: stage it there.
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut staging.folder().read(name)?, &mut bytes)?;
    let there = Staging::fresh(".oathbook-");
    stage(&target.folder, &there, &bytes, target.old)?;
    target.folder.rename(&there, &target.folder, &target.name)?;
    staging.folder().remove_file(name)
}
