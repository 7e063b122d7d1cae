//! An open folder: everything in it is reached through its descriptor and by one name, so that no link is followed
//! and nothing that is exchanged meanwhile leads elsewhere.
//!
//! `openat2` with `RESOLVE_BENEATH` would resolve a path in one call, on Linux alone; going down name by name with
//! `O_NOFOLLOW` refuses strictly more and works on each Unix.

#![expect(clippy::disallowed_methods, reason = "this is the door")]

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RenameFlags};
use rustix::fs::{mkdirat, openat, renameat, renameat_with, statat, unlinkat};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// See the module.
pub struct Folder {
    fd: OwnedFd,
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
    /// User and group that own it.
    pub owner: (u32, u32),
    /// Identifies it on its device.
    pub inode: u64,
}

impl Folder {
    /// Opens a folder by its path; links in the path are followed.
    pub fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self { fd: openat(CWD, path, flags, Mode::empty())?, path: path.to_owned() })
    }

    /// A folder in it; a link is refused.
    pub fn child(&self, name: &OsStr) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(Self { fd: openat(&self.fd, name, flags, Mode::empty())?, path: self.path.join(name) })
    }

    /// A folder in it, created when there is none.
    pub fn make(&self, name: &OsStr, mode: u32) -> io::Result<Self> {
        match mkdirat(&self.fd, name, Mode::from_bits_truncate(mode)) {
            Err(rustix::io::Errno::EXIST) | Ok(()) => self.child(name),
            Err(error) => Err(error.into()),
        }
    }

    /// Where it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Creates a file that must not exist.
    pub fn create(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(openat(&self.fd, name, flags, Mode::from_bits_truncate(0o666))?))
    }

    /// Creates a file that appears with its content, where the system can do that.
    pub fn create_whole(&self, name: &OsStr, content: &[u8]) -> io::Result<()> {
        use std::io::Write as _;
        #[cfg(target_os = "linux")]
        {
            use std::os::fd::AsRawFd as _;
            let flags = OFlags::WRONLY | OFlags::TMPFILE | OFlags::CLOEXEC;
            if let Ok(fd) = openat(&self.fd, ".", flags, Mode::from_bits_truncate(0o666)) {
                let mut file = File::from(fd);
                file.write_all(content)?;
                let own = format!("/proc/self/fd/{}", file.as_raw_fd());
                let linked = rustix::fs::linkat(CWD, own, &self.fd, name, AtFlags::SYMLINK_FOLLOW);
                match linked {
                    Ok(()) => return Ok(()),
                    Err(rustix::io::Errno::EXIST) => return Err(rustix::io::Errno::EXIST.into()),
                    // Without /proc the file is written in two steps.
                    Err(_) => {}
                }
            }
        }
        self.create(name)?.write_all(content)
    }

    /// Opens a regular file for reading; a link is refused, a pipe is not waited for.
    pub fn read(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
        let file = File::from(openat(&self.fd, name, flags, Mode::empty())?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    /// What is there, itself and not what it leads to.
    pub fn entry(&self, name: &OsStr) -> io::Result<Entry> {
        let found = statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW)?;
        let kind = FileType::from_raw_mode(found.st_mode);
        Ok(Entry {
            is_file: kind.is_file(),
            is_folder: kind.is_dir(),
            mode: found.st_mode & 0o7777,
            owner: (found.st_uid, found.st_gid),
            inode: found.st_ino,
        })
    }

    /// All names in it, sorted.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        Ok(self.list()?.into_iter().map(|(name, _)| name).collect())
    }

    /// All names in it, sorted, and whether each is a folder.
    pub fn list(&self) -> io::Result<Vec<(OsString, bool)>> {
        let mut out = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.fd)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name == "." || name == ".." {
                continue;
            }
            // The folder mostly knows; some file systems have to be asked for each.
            let is_folder = match entry.file_type() {
                FileType::Unknown => self.entry(name)?.is_folder,
                kind => kind.is_dir(),
            };
            out.push((name.to_owned(), is_folder));
        }
        out.sort_unstable();
        Ok(out)
    }

    /// Renames; what stands at the new name is replaced.
    pub fn rename(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        Ok(renameat(&self.fd, name, &to.fd, new)?)
    }

    /// Renames; what stands at the new name is an error, also where it came a moment ago.
    pub fn rename_new(&self, name: &OsStr, to: &Self, new: &OsStr) -> io::Result<()> {
        match renameat_with(&self.fd, name, &to.fd, new, RenameFlags::NOREPLACE) {
            // File systems without it: the folder is locked, so that only a stranger could come between.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::NOTSUP)
                if to.entry(new).is_err() =>
            {
                self.rename(name, to, new)
            }
            other => Ok(other?),
        }
    }

    /// Exchanges two entries in one step.
    pub fn exchange(&self, name: &OsStr, to: &Self, other: &OsStr) -> io::Result<()> {
        Ok(renameat_with(&self.fd, name, &to.fd, other, RenameFlags::EXCHANGE)?)
    }

    /// Removes a file, or a link.
    pub fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        Ok(unlinkat(&self.fd, name, AtFlags::empty())?)
    }

    /// Removes an empty folder.
    pub fn remove_folder(&self, name: &OsStr) -> io::Result<()> {
        Ok(unlinkat(&self.fd, name, AtFlags::REMOVEDIR)?)
    }

    /// Removes an entry with all that is below it; links are removed, never followed. Nothing there is no error.
    pub fn remove_all(&self, name: &OsStr) -> io::Result<()> {
        let removed = match self.entry(name) {
            Ok(entry) if entry.is_folder => {
                let folder = self.child(name)?;
                for (name, is_folder) in folder.list()? {
                    if is_folder { folder.remove_all(&name)? } else { folder.remove_file(&name)? }
                }
                self.remove_folder(name)
            }
            Ok(_) => self.remove_file(name),
            Err(error) => Err(error),
        };
        removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
    }

    /// Gives a file the permissions of another, and its owner where that is allowed.
    pub fn adopt(file: &File, like: Entry) -> io::Result<()> {
        let user = rustix::fs::Uid::from_raw(like.owner.0);
        let group = rustix::fs::Gid::from_raw(like.owner.1);
        // Only root may give a file away; another user's run keeps what it made.
        let _ = rustix::fs::fchown(file, Some(user), Some(group));
        Ok(rustix::fs::fchmod(file, Mode::from_bits_truncate(like.mode))?)
    }

    /// Waits until what was renamed in it is on the disk.
    pub fn sync(&self) {
        // Some file systems know no such thing for folders; then there is nothing to wait for.
        let _ = rustix::fs::fsync(&self.fd);
    }

    /// A handle to lock it by.
    pub fn handle(&self) -> io::Result<File> {
        Ok(File::from(self.fd.try_clone()?))
    }

    /// Whether the folder is this user's own.
    pub fn is_own(&self) -> bool {
        let user = rustix::process::geteuid();
        rustix::fs::fstat(&self.fd).is_ok_and(|found| found.st_uid == user.as_raw())
    }
}
