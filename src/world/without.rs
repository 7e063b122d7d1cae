//! A world with some of its files hidden.

use super::{Changes, PathKind, ReadError, World};
use crate::base::{Date, RelPath};
use std::collections::BTreeSet;

/// Another world, as it would be if some files were not there.
pub struct Without<W> {
    /// What is there.
    pub world: W,
    /// What is not to be seen.
    pub hidden: BTreeSet<RelPath>,
}

impl<W: World> World for Without<W> {
    fn files(&self, folder: &RelPath) -> Vec<RelPath> {
        let mut files = self.world.files(folder);
        files.retain(|file| !self.hidden.contains(file));
        files
    }

    fn tracked(&self, folder: &RelPath) -> Vec<RelPath> {
        let mut files = self.world.tracked(folder);
        files.retain(|file| !self.hidden.contains(file));
        files
    }

    fn kind(&self, path: &RelPath) -> Option<PathKind> {
        self.world.kind(path).filter(|_| !self.hidden.contains(path))
    }

    fn is_ignored(&self, path: &RelPath) -> bool {
        self.world.is_ignored(path)
    }

    fn read(&self, path: &RelPath) -> Result<Vec<u8>, ReadError> {
        if self.hidden.contains(path) { Err(ReadError::Missing) } else { self.world.read(path) }
    }

    fn head(&self, path: &RelPath, most: usize) -> Result<Vec<u8>, ReadError> {
        if self.hidden.contains(path) { Err(ReadError::Missing) } else { self.world.head(path, most) }
    }

    fn text(&self, path: &RelPath) -> Result<String, ReadError> {
        if self.hidden.contains(path) { Err(ReadError::Missing) } else { self.world.text(path) }
    }

    fn changes(&self, folder: &RelPath, wanted: &[RelPath]) -> Changes {
        self.world.changes(folder, wanted)
    }

    fn today(&self) -> Date {
        self.world.today()
    }
}
