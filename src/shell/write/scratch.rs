//! Folders outside of every repository that go when they are dropped.

use super::staging::Staging;
use crate::base::RelPath;
use crate::shell::Error;
use std::path::{Path, PathBuf};

/// A folder for scripts and programs of pages.
pub struct Scratch(PathBuf);

#[expect(clippy::disallowed_methods, reason = "this is the door")]
impl Scratch {
    /// An empty one.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn new() -> Result<Self, Error> {
        let folder = std::env::temp_dir().join(Staging::fresh("oathbook-"));
        // `create_dir` refuses what somebody else put there.
        std::fs::create_dir(&folder).map_err(|cause| Error::new("make", &folder, cause))?;
        let folder = std::fs::canonicalize(&folder).unwrap_or(folder);
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file in a folder of ours, with the folders that it needs; nobody else reads it before it is whole.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn file(folder: &Path, path: &RelPath, bytes: &[u8]) -> Result<(), Error> {
        let file = super::target::on_disk(folder, path);
        let above = file.parent().unwrap_or(folder);
        let written = std::fs::create_dir_all(above).and_then(|()| std::fs::write(&file, bytes));
        written.map_err(|cause| Error::new("write", &file, cause))
    }

    /// Makes a folder in a folder of ours.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn folder(path: &Path) -> Result<(), Error> {
        std::fs::create_dir_all(path).map_err(|cause| Error::new("make", path, cause))
    }

    /// Copies a file into a folder of ours.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn copy(from: &Path, to: &Path) -> Result<(), Error> {
        std::fs::copy(from, to).map(drop).map_err(|cause| Error::new("write", to, cause))
    }

    /// Removes a file from a folder of ours.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn remove(file: &Path) -> Result<(), Error> {
        std::fs::remove_file(file).map_err(|cause| Error::new("remove", file, cause))
    }
}

impl Drop for Scratch {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    fn drop(&mut self) {
        // A file that cannot be removed stays for the system to tidy up.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
