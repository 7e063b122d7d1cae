//! An open folder on systems without descriptors for folders: by its path, each name looked at before it is used.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Permissions of a file, where the system has none to tell.
pub const MODE: u32 = 0o644;

/// See the module.
pub struct Folder {
    path: PathBuf,
}

/// What a name in a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// A regular file.
    pub is_file: bool,
    /// A folder, not a link to one.
    pub is_folder: bool,
    /// Permissions.
    pub mode: u32,
    /// When it was created, where the system says nothing better to identify it by.
    pub inode: u64,
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
impl Folder {
    /// Opens a folder by its path; links in the path are followed.
    pub fn open(path: &Path) -> io::Result<Self> {
        if fs::metadata(path)?.is_dir() {
            return Ok(Self { path: path.to_owned() });
        }
        Err(io::ErrorKind::NotADirectory.into())
    }

    /// A folder in it; a link is refused.
    pub fn child(&self, name: &OsStr) -> io::Result<Self> {
        if self.entry(name)?.is_folder {
            return Ok(Self { path: self.path.join(name) });
        }
        Err(io::ErrorKind::NotADirectory.into())
    }

    /// A folder in it, created when there is none.
    pub fn make(&self, name: &OsStr, _: u32) -> io::Result<Self> {
        match fs::create_dir(self.path.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => self.child(name),
        }
    }

    /// Where it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Creates a file that must not exist.
    pub fn create(&self, name: &OsStr) -> io::Result<File> {
        File::create_new(self.path.join(name))
    }

    /// Creates a file with its content.
    pub fn create_whole(&self, name: &OsStr, content: &[u8]) -> io::Result<()> {
        self.create(name)?.write_all(content)
    }

    /// Opens a regular file for reading; a link is refused.
    pub fn read(&self, name: &OsStr) -> io::Result<File> {
        if self.entry(name)?.is_file {
            return File::open(self.path.join(name));
        }
        Err(io::ErrorKind::InvalidInput.into())
    }

    /// What is there, itself and not what it leads to.
    pub fn entry(&self, name: &OsStr) -> io::Result<Entry> {
        let found = fs::symlink_metadata(self.path.join(name))?;
        let created = found.created().ok().and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        let inode = created.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(0));
        Ok(Entry { is_file: found.is_file(), is_folder: found.is_dir(), mode: MODE, inode })
    }

    /// All names in it, sorted.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        let mut out = fs::read_dir(&self.path)?
            .map(|entry| entry.map(|entry| entry.file_name()))
            .collect::<io::Result<Vec<_>>>()?;
        out.sort_unstable();
        Ok(out)
    }

    /// All names in it, sorted, and whether each is a folder.
    pub fn list(&self) -> io::Result<Vec<(OsString, bool)>> {
        let names = self.names()?.into_iter();
        names.map(|name| self.entry(&name).map(|entry| (name, entry.is_folder))).collect()
    }

    /// Renames; what stands at the new name is replaced.
    pub fn rename(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        fs::rename(self.path.join(name), to.path.join(new))
    }

    /// Renames; what stands at the new name is an error.
    pub fn rename_new(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        if to.entry(new).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.rename(name, to, new)
    }

    /// These systems exchange nothing.
    pub fn exchange(&self, _: &OsStr, _: &Self, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Removes a file, or a link.
    pub fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    /// Removes an empty folder.
    pub fn remove_folder(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_dir(self.path.join(name))
    }

    /// Removes an entry with all that is below it; links are removed, never followed. Nothing there is no error.
    pub fn remove_all(&self, name: &OsStr) -> io::Result<()> {
        let removed = match self.entry(name) {
            Ok(entry) if entry.is_folder => fs::remove_dir_all(self.path.join(name)),
            Ok(_) => self.remove_file(name),
            Err(error) => Err(error),
        };
        removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
    }

    /// These systems keep permissions of their own for a file that takes another's place.
    pub fn adopt(_: &File, _: Entry) -> io::Result<()> {
        Ok(())
    }

    /// These systems have nothing to wait for.
    pub fn sync(&self) {}

    /// A handle to lock it by: a file in it, for folders cannot be opened.
    pub fn handle(&self) -> io::Result<File> {
        File::options().write(true).create(true).truncate(false).open(self.path.join(".oathbook-lock"))
    }

    /// Whether the folder is this user's own: the system does not say.
    pub fn is_own(&self) -> bool {
        true
    }
}
