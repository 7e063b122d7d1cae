//! The work tree on disk.

use super::Error;
use super::git::Tracked;
use crate::base::{Date, RelPath};
use crate::world::{Changes, LARGEST_TEXT, PathKind, Private, ReadError, World, decode};
use std::collections::HashMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use walkdir::WalkDir;

/// The file that marks a folder as written by oathbook.
pub const MARKER: &str = ".oathbook.json";

/// A folder on disk, up to the root of its repository. Nothing outside of it is read, through links neither.
pub struct DiskWorld {
    root: PathBuf,
    today: Date,
    /// Whether a folder lies inside the root, once its links are followed.
    inside: Mutex<HashMap<PathBuf, bool>>,
    tracked: Arc<OnceLock<Tracked>>,
    /// Asked only when a file is read that git does not list.
    ignored: OnceLock<Vec<RelPath>>,
}

impl DiskWorld {
    /// The repository that holds `folder` (where `.git` is), or `folder` itself, and `folder` as seen from there.
    /// `boundary` widens or narrows what may be read.
    ///
    /// # Errors
    /// When the folder does not exist, or lies outside of `boundary`.
    pub fn open(folder: &Path, boundary: Option<&Path>, today: Date) -> Result<(Self, RelPath), Error> {
        let canonical = |path: &Path| fs::canonicalize(path).map_err(|cause| Error::new("open", path, cause));
        let folder = canonical(folder)?;
        if !folder.is_dir() {
            return Err(Error::new("open", &folder, "not a folder"));
        }
        let root = match boundary {
            Some(boundary) => canonical(boundary)?,
            None => {
                folder.ancestors().find(|above| above.join(".git").exists()).unwrap_or(&folder).to_owned()
            }
        };
        let below = folder
            .strip_prefix(&root)
            .map_err(|_| Error::new("open", &folder, format!("it lies outside of {}", root.display())))?;
        let below = RelPath::parse(&below.to_string_lossy())
            .map_err(|leaves| Error::new("open", &folder, leaves.0))?;
        let world =
            Self { root, today, inside: Mutex::default(), tracked: Arc::default(), ignored: OnceLock::new() };
        Ok((world, below))
    }

    /// Where a path is on disk.
    pub fn on_disk(&self, path: &RelPath) -> PathBuf {
        let mut out = self.root.clone();
        out.extend(path.as_str().split('/').filter(|part| !part.is_empty()));
        out
    }

    /// The root on disk.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What git says of the files here; asked once.
    pub fn listed(&self) -> &Tracked {
        self.tracked.get_or_init(|| super::git::tracked(&self.root))
    }

    /// What git will have said of the files here, if it is asked.
    pub fn listing(&self) -> Arc<OnceLock<Tracked>> {
        Arc::clone(&self.tracked)
    }

    /// Where a file really lies, once links are followed.
    pub fn real(&self, path: &RelPath) -> PathBuf {
        let here = self.on_disk(path);
        fs::canonicalize(&here).unwrap_or(here)
    }

    /// Where a path leads that is itself a link.
    pub fn link(&self, path: &RelPath) -> Option<PathBuf> {
        fs::read_link(self.on_disk(path)).ok()
    }

    fn contains(&self, path: &Path) -> bool {
        let Some(folder) = path.parent() else { return false };
        if !folder.starts_with(&self.root) {
            return path == self.root;
        }
        {
            let known = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(inside) = known.get(folder) {
                return *inside;
            }
        }
        let inside = fs::canonicalize(folder)
            .is_ok_and(|real| real.strip_prefix(&self.root).is_ok_and(|below| !below.iter().any(is_git)));
        self.inside.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned(), inside);
        inside
    }

    /// Metadata of what a path leads to, if that is inside.
    fn metadata(&self, path: &Path) -> Result<fs::Metadata, ReadError> {
        let enters_git =
            |path: &Path| path.strip_prefix(&self.root).is_ok_and(|below| below.iter().any(is_git));
        if enters_git(path) {
            return Err(ReadError::Private(Private::Git));
        }
        let own = fs::symlink_metadata(path).map_err(|error| read_error(&error))?;
        if !self.contains(path) {
            return Err(ReadError::Outside);
        }
        if !own.is_symlink() {
            return Ok(own);
        }
        let real = fs::canonicalize(path).map_err(|error| read_error(&error))?;
        if !real.starts_with(&self.root) {
            return Err(ReadError::Outside);
        }
        if enters_git(&real) {
            return Err(ReadError::Private(Private::Git));
        }
        fs::metadata(&real).map_err(|error| read_error(&error))
    }

    /// Opens a file for reading by the piece.
    ///
    /// # Errors
    /// As [`World::read`].
    pub fn open_file(&self, path: &RelPath) -> Result<fs::File, ReadError> {
        let file = self.on_disk(path);
        if !self.metadata(&file)?.is_file() {
            return Err(ReadError::NotAFile);
        }
        if !self.spelled_right(path) {
            return Err(ReadError::Missing);
        }
        fs::File::open(&file).map_err(|error| read_error(&error))
    }

    /// Reads at most `most` bytes of a file that is no larger than `limit`.
    fn read_up_to(&self, path: &RelPath, limit: u64, most: usize) -> Result<Vec<u8>, ReadError> {
        let file = self.on_disk(path);
        let metadata = self.metadata(&file)?;
        if !metadata.is_file() {
            return Err(ReadError::NotAFile);
        }
        if metadata.len() > limit {
            return Err(ReadError::TooLarge(metadata.len()));
        }
        if !self.spelled_right(path) {
            return Err(ReadError::Missing);
        }
        // One byte more than the file has, so that its end is seen without another read.
        let room = usize::try_from(metadata.len()).unwrap_or(0).min(1 << 26).min(most);
        let mut out = Vec::with_capacity(room + 1);
        let open = fs::File::open(&file).map_err(|error| read_error(&error))?;
        open.take(u64::try_from(most).unwrap_or(u64::MAX))
            .read_to_end(&mut out)
            .map_err(|error| read_error(&error))?;
        Ok(out)
    }

    /// Whether the spelling is the one on disk; where case matters anyway, it is.
    fn spelled_right(&self, path: &RelPath) -> bool {
        if !cfg!(any(windows, target_os = "macos")) {
            return true;
        }
        let mut folder = self.root.clone();
        path.as_str().split('/').filter(|part| !part.is_empty()).all(|part| {
            let found = fs::read_dir(&folder).is_ok_and(|mut entries| {
                entries.any(|entry| entry.is_ok_and(|entry| entry.file_name() == *part))
            });
            folder.push(part);
            found
        })
    }
}

fn is_git(part: &std::ffi::OsStr) -> bool {
    part.eq_ignore_ascii_case(".git")
}

fn read_error(error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing,
        _ => ReadError::System(error.to_string()),
    }
}

fn is_left_out(entry: &walkdir::DirEntry) -> bool {
    if entry.depth() == 0 {
        return false;
    }
    let name = entry.file_name().to_string_lossy();
    let hidden = name.starts_with('.') && name != ".well-known" && name != ".nojekyll";
    hidden || (entry.file_type().is_dir() && (name == "node_modules" || entry.path().join(MARKER).exists()))
}

impl World for DiskWorld {
    fn files(&self, folder: &RelPath) -> Vec<RelPath> {
        let start = self.on_disk(folder);
        let walk = WalkDir::new(&start).follow_links(true).into_iter();
        let mut out = Vec::new();
        // A loop of links, or a folder that may not be read, is an error of one entry; the rest is listed.
        for entry in walk
            .filter_entry(|entry| {
                !is_left_out(entry) && (!entry.path_is_symlink() || self.metadata(entry.path()).is_ok())
            })
            .flatten()
        {
            if !entry.file_type().is_file() {
                continue;
            }
            let Ok(below) = entry.path().strip_prefix(&self.root) else { continue };
            if let Some(Ok(path)) = below.to_str().map(RelPath::parse) {
                out.push(path);
            }
        }
        out.sort_unstable();
        out
    }

    fn tracked(&self, folder: &RelPath) -> Vec<RelPath> {
        match self.listed() {
            Tracked::Files(all) => all
                .iter()
                .filter(|path| path.below(folder).is_some_and(|rest| !rest.is_root()))
                .cloned()
                .collect(),
            // Without git nothing is ignored; where it fails, `listed` says so.
            _ => self.files(folder),
        }
    }

    fn kind(&self, path: &RelPath) -> Option<PathKind> {
        let metadata = self.metadata(&self.on_disk(path)).ok().filter(|_| self.spelled_right(path))?;
        match () {
            () if metadata.is_file() => Some(PathKind::File),
            () if metadata.is_dir() => Some(PathKind::Folder),
            () => None,
        }
    }

    fn is_ignored(&self, path: &RelPath) -> bool {
        let Tracked::Files(listed) = self.listed() else { return false };
        // A second question to git is worth 5 ms: not for what is not there.
        if listed.binary_search(path).is_ok() || self.kind(path).is_none() {
            return false;
        }
        let ignored = self.ignored.get_or_init(|| super::git::ignored(&self.root).unwrap_or_default());
        ignored.iter().any(|ignored| path.below(ignored).is_some())
    }

    fn read(&self, path: &RelPath) -> Result<Vec<u8>, ReadError> {
        self.read_up_to(path, u64::MAX, usize::MAX)
    }

    fn head(&self, path: &RelPath, most: usize) -> Result<Vec<u8>, ReadError> {
        self.read_up_to(path, u64::MAX, most)
    }

    fn changes(&self, folder: &RelPath, wanted: &[RelPath]) -> Changes {
        super::git::last_changes(&self.root, folder, wanted)
    }

    fn text(&self, path: &RelPath) -> Result<String, ReadError> {
        decode(self.read_up_to(path, LARGEST_TEXT, usize::MAX)?)
    }

    fn today(&self) -> Date {
        self.today
    }
}
