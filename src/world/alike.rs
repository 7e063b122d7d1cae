//! A revision whose unchanged files are read where that is cheap.

use super::{Changes, PathKind, ReadError, World};
use crate::base::{Date, RelPath};

/// The base of a change: what the change left alone is read from the head, which is at hand, and only the rest from
/// where the base is kept.
pub struct Alike<'w> {
    /// The base.
    pub base: &'w dyn World,
    /// The head.
    pub head: &'w dyn World,
    /// The files that differ, sorted.
    pub changed: &'w [RelPath],
}

impl Alike<'_> {
    fn of(&self, path: &RelPath) -> &dyn World {
        let same = self.changed.binary_search(path).is_err() && self.base.kind(path) == Some(PathKind::File);
        if same { self.head } else { self.base }
    }
}

impl World for Alike<'_> {
    fn files(&self, folder: &RelPath) -> Vec<RelPath> {
        self.base.files(folder)
    }

    fn tracked(&self, folder: &RelPath) -> Vec<RelPath> {
        self.base.tracked(folder)
    }

    fn kind(&self, path: &RelPath) -> Option<PathKind> {
        self.base.kind(path)
    }

    fn is_ignored(&self, path: &RelPath) -> bool {
        self.of(path).is_ignored(path)
    }

    fn read(&self, path: &RelPath) -> Result<Vec<u8>, ReadError> {
        self.of(path).read(path)
    }

    fn head(&self, path: &RelPath, most: usize) -> Result<Vec<u8>, ReadError> {
        self.of(path).head(path, most)
    }

    fn text(&self, path: &RelPath) -> Result<String, ReadError> {
        self.of(path).text(path)
    }

    fn changes(&self, folder: &RelPath, wanted: &[RelPath]) -> Changes {
        self.base.changes(folder, wanted)
    }

    fn today(&self) -> Date {
        self.base.today()
    }
}
