//! A repository that is a map, for tests and for the examples of the rule pages.

use super::{PathKind, ReadError, World};
use crate::base::{Date, RelPath};
use std::collections::BTreeMap;

/// Files in memory.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    files: BTreeMap<RelPath, Vec<u8>>,
    today: Option<Date>,
}

impl MemoryWorld {
    /// An empty repository.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file; a path that leaves the root is ignored.
    #[must_use]
    pub fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.set(path, content);
        self
    }

    /// Adds or replaces a file; a path that leaves the root is ignored.
    pub fn set(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        if let Ok(path) = RelPath::parse(path) {
            self.files.insert(path, content.into());
        }
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// Sets the date of the run; without it the world's date is 2026-01-01.
    #[must_use]
    pub fn at(mut self, date: Date) -> Self {
        self.today = Some(date);
        self
    }
}

impl World for MemoryWorld {
    fn files(&self, folder: &RelPath) -> Vec<RelPath> {
        let hidden =
            |path: &RelPath| path.as_str().split('/').any(|part| part.starts_with('.') && part.len() > 1);
        let below =
            |path: &&RelPath| path.below(folder).is_some_and(|rest| !rest.is_root() && !hidden(&rest));
        self.files.keys().filter(below).cloned().collect()
    }

    fn kind(&self, path: &RelPath) -> Option<PathKind> {
        if self.files.contains_key(path) {
            return Some(PathKind::File);
        }
        let inside = self.files.keys().any(|file| file.below(path).is_some());
        inside.then_some(PathKind::Folder)
    }

    fn read(&self, path: &RelPath) -> Result<Vec<u8>, ReadError> {
        match self.kind(path) {
            Some(PathKind::File) => Ok(self.files.get(path).cloned().unwrap_or_default()),
            Some(PathKind::Folder) => Err(ReadError::NotAFile),
            None => Err(ReadError::Missing),
        }
    }

    fn today(&self) -> Date {
        self.today.or_else(|| Date::new(2026, 1, 1)).unwrap_or(Date::from_days(0))
    }
}
