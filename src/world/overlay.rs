//! A repository with some files replaced, added or taken away.

use super::{PathKind, ReadError, World};
use crate::base::{Date, RelPath};
use std::collections::BTreeMap;

/// Another world, changed in a few files.
pub struct Overlay<'w> {
    below: &'w dyn World,
    /// New contents; none for a file that is gone.
    files: BTreeMap<RelPath, Option<Vec<u8>>>,
}

impl<'w> Overlay<'w> {
    /// The world as it is.
    pub fn new(below: &'w dyn World) -> Self {
        Self { below, files: BTreeMap::new() }
    }

    /// Replaces or adds a file.
    pub fn set(&mut self, path: RelPath, content: impl Into<Vec<u8>>) {
        self.files.insert(path, Some(content.into()));
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: RelPath) {
        self.files.insert(path, None);
    }

    /// The files that differ, sorted.
    pub fn changed(&self) -> Vec<RelPath> {
        self.files.keys().cloned().collect()
    }

    fn merge(&self, mut list: Vec<RelPath>, folder: &RelPath) -> Vec<RelPath> {
        list.retain(|path| self.files.get(path).is_none_or(Option::is_some));
        let here = |path: &&RelPath| path.below(folder).is_some_and(|rest| !rest.is_root());
        let added = self.files.iter().filter(|(_, content)| content.is_some()).map(|(path, _)| path);
        list.extend(added.filter(here).cloned());
        list.sort_unstable();
        list.dedup();
        list
    }
}

impl World for Overlay<'_> {
    fn files(&self, folder: &RelPath) -> Vec<RelPath> {
        self.merge(self.below.files(folder), folder)
    }

    fn tracked(&self, folder: &RelPath) -> Vec<RelPath> {
        self.merge(self.below.tracked(folder), folder)
    }

    fn kind(&self, path: &RelPath) -> Option<PathKind> {
        match self.files.get(path) {
            Some(Some(_)) => Some(PathKind::File),
            Some(None) => None,
            None => match self.below.kind(path) {
                // A folder is there while it holds a file.
                Some(PathKind::Folder) if !self.files.is_empty() && !path.is_root() => {
                    (!self.tracked(path).is_empty()).then_some(PathKind::Folder)
                }
                other => other,
            },
        }
    }

    fn is_ignored(&self, path: &RelPath) -> bool {
        !self.files.contains_key(path) && self.below.is_ignored(path)
    }

    fn read(&self, path: &RelPath) -> Result<Vec<u8>, ReadError> {
        match self.files.get(path) {
            Some(Some(content)) => Ok(content.clone()),
            Some(None) => Err(ReadError::Missing),
            None => self.below.read(path),
        }
    }

    fn today(&self) -> Date {
        self.below.today()
    }
}
