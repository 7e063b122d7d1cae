//! The scratch folder of a run of a runbook: it goes when the run ends, and with the next run when that one was killed.

use super::staging::Staging;
use crate::shell::Error;
use std::fs::File;
use std::path::{Path, PathBuf};

const PREFIX: &str = "oathbook-run-";

/// Held as long as the run lives; the system lets go of it however the run ends.
const LOCK: &str = ".lock";

/// A folder that nobody else's run takes away. It has a folder for the steps, which may be another user's.
pub struct RunFolder {
    path: PathBuf,
    _lock: File,
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
impl RunFolder {
    /// A new one; folders of runs that were killed are removed first. The steps' folder belongs to that user and group.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn new(owner: Option<(u32, u32)>) -> Result<Self, Error> {
        let above = std::env::temp_dir();
        sweep(&above);
        let path = above.join(Staging::fresh(PREFIX));
        let failed = |cause: std::io::Error| Error::new("make", &path, cause);
        std::fs::create_dir(&path).map_err(failed)?;
        // The lock is in its place before the folder can be taken for one that was left.
        let lock = File::create_new(path.join(LOCK)).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let path = std::fs::canonicalize(&path).unwrap_or(path);
        let failed = |cause: std::io::Error| Error::new("make", &path, cause);
        for below in ["work", "work/tmp"] {
            let folder = path.join(below);
            std::fs::create_dir(&folder).map_err(failed)?;
            own(&folder, owner).map_err(failed)?;
        }
        Ok(Self { path, _lock: lock })
    }

    /// Where steps work.
    pub fn work(&self) -> PathBuf {
        self.path.join("work")
    }
}

/// Removes all that steps left in their folder, for a run that was killed and can do so no more. The folder itself, and the
/// one around it, are its user's, and go with the next run.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
pub fn empty(work: &Path) {
    for entry in std::fs::read_dir(work).into_iter().flatten().flatten() {
        // What cannot be removed goes with the next run, too.
        let _ = match entry.file_type() {
            Ok(kind) if kind.is_dir() => std::fs::remove_dir_all(entry.path()),
            _ => std::fs::remove_file(entry.path()),
        };
    }
}

impl Drop for RunFolder {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    fn drop(&mut self) {
        // What cannot be removed is tried again by the next run.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

/// Gives a folder to a user, and shuts it for all others.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn own(folder: &Path, owner: Option<(u32, u32)>) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    match owner {
        Some((user, group)) => std::os::unix::fs::chown(folder, Some(user), Some(group)),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "on other systems it may fail")]
fn own(_: &Path, _: Option<(u32, u32)>) -> std::io::Result<()> {
    Ok(())
}

/// Removes what killed runs of this user left: folders whose lock nobody holds.
#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn sweep(above: &Path) {
    for entry in std::fs::read_dir(above).into_iter().flatten().flatten() {
        let named = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let own_folder = |found: std::fs::Metadata| found.is_dir() && is_ours(&found);
        if !named || !std::fs::symlink_metadata(entry.path()).is_ok_and(own_folder) {
            continue;
        }
        // Without a lock it may be a run's that is just about to make one.
        let Ok(lock) = File::open(entry.path().join(LOCK)) else { continue };
        if lock.try_lock().is_ok() {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn is_ours(found: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(found) == rustix::process::geteuid().as_raw()
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn is_ours(_: &std::fs::Metadata) -> bool {
    true
}
