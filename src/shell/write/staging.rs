//! Where new bytes lie until they are whole: one folder beside what is replaced, which nobody else fills, which git
//! does not see, and which is empty between runs.

use super::folder::Folder;
use crate::shell::Error;
use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// The folder's name. It is hidden, so that no page below it is ever read.
pub const STAGING: &str = ".oathbook-staging";

/// What keeps it out of commits; the file leaves itself out, too.
const IGNORE: &str = ".gitignore";

/// How the names of what belongs to a set of changes begin; a journal may still need them.
pub(super) const OF_SET: &str = "set-";

/// Another run that writes here is waited for as long as this: the longest build that was measured (10,000 pages with
/// pictures) takes a tenth of it.
const PATIENCE: Duration = Duration::from_secs(300);

/// An open staging folder. It is held alone: the folder above it is locked.
pub(super) struct Staging {
    /// The folder beside.
    anchor: Folder,
    /// The folder itself; none where another user's is in the way, as in /tmp.
    own: Option<Folder>,
    /// Released by closing it, so a killed run holds nothing.
    _lock: File,
}

impl Staging {
    /// Opens the staging folder of an existing folder, waits for whoever else writes there, and removes what killed
    /// runs left.
    pub fn open(anchor: &Path) -> Result<Self, Error> {
        let failed = |cause: std::io::Error| Error::new("write in", anchor, cause);
        let anchor_folder = Folder::open(anchor).map_err(failed)?;
        let lock = anchor_folder.handle().map_err(failed)?;
        wait(&lock, anchor)?;
        let own = match anchor_folder.make(OsStr::new(STAGING), 0o700) {
            Ok(folder) if folder.is_own() => Some(folder),
            Ok(_) => None,
            Err(cause) if is_in_the_way(&anchor_folder) => {
                let what = format!("`{STAGING}` is not a folder ({cause}); remove it, and run this again");
                return Err(Error::new("write in", anchor, what).for_the_user());
            }
            Err(cause) => return Err(failed(cause)),
        };
        let staging = Self { anchor: anchor_folder, own, _lock: lock };
        staging.sweep().map_err(failed)?;
        Ok(staging)
    }

    /// Opens the staging folder that another process has opened and holds.
    pub fn attach(anchor: &Path) -> Result<Self, Error> {
        let failed = |cause: std::io::Error| Error::new("write in", anchor, cause);
        let anchor_folder = Folder::open(anchor).map_err(failed)?;
        let lock = anchor_folder.handle().map_err(failed)?;
        let own = anchor_folder.child(OsStr::new(STAGING)).ok().filter(Folder::is_own);
        Ok(Self { anchor: anchor_folder, own, _lock: lock })
    }

    /// Where new files are created.
    pub fn folder(&self) -> &Folder {
        self.own.as_ref().unwrap_or(&self.anchor)
    }

    /// The folder beside.
    pub fn anchor(&self) -> &Folder {
        &self.anchor
    }

    /// A name that nobody can guess.
    pub fn fresh(what: &str) -> OsString {
        // Keyed by the system's random numbers, anew for each call.
        let number = RandomState::new().build_hasher().finish();
        let more = RandomState::new().build_hasher().finish();
        format!("{what}{number:016x}{more:016x}").into()
    }

    /// Removes what killed runs left, but for the parts of a set of changes that can still be finished.
    fn sweep(&self) -> std::io::Result<()> {
        let Some(own) = &self.own else { return Ok(()) };
        if own.entry(OsStr::new(IGNORE)).is_err() {
            own.create_whole(OsStr::new(IGNORE), b"*\n")?;
        }
        let kept = |name: &OsStr| {
            let name = name.to_string_lossy();
            name == IGNORE || name.starts_with(OF_SET) || name.starts_with(super::site::ASIDE)
        };
        own.names()?.iter().filter(|name| !kept(name)).try_for_each(|name| own.remove_all(name))
    }

    /// Removes all parts of sets.
    pub fn forget_sets(&self) -> std::io::Result<()> {
        let Some(own) = &self.own else { return Ok(()) };
        let of_set = |name: &&OsString| name.to_string_lossy().starts_with(OF_SET);
        own.names()?.iter().filter(of_set).try_for_each(|name| own.remove_all(name))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let Some(own) = &self.own else { return };
        let only = |names: Vec<OsString>| names.iter().all(|name| name == IGNORE);
        if own.names().is_ok_and(only) {
            // Whoever comes next makes it again; a folder that stays is empty and ignored.
            let _ = own.remove_file(OsStr::new(IGNORE));
            let _ = self.anchor.remove_folder(OsStr::new(STAGING));
        }
    }
}

fn is_in_the_way(anchor: &Folder) -> bool {
    anchor.entry(OsStr::new(STAGING)).is_ok_and(|entry| !entry.is_folder)
}

fn wait(lock: &File, anchor: &Path) -> Result<(), Error> {
    let begin = Instant::now();
    let mut told = false;
    loop {
        match lock.try_lock() {
            // On a file system without locks random names still keep two runs apart.
            Ok(()) | Err(TryLockError::Error(_)) => return Ok(()),
            Err(TryLockError::WouldBlock) if begin.elapsed() > PATIENCE => {
                let cause = format!("another run has been writing there for {} s", PATIENCE.as_secs());
                return Err(Error::new("write in", anchor, cause));
            }
            Err(TryLockError::WouldBlock) => {}
        }
        if !told && begin.elapsed() > Duration::from_secs(1) {
            told = true;
            // Nobody is left to tell if standard error is closed.
            let _ = writeln!(std::io::stderr(), "waiting: another run writes in {}", anchor.display());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
