//! Applying the mends that are sure: `check --fix`.

use super::{Context, Exit};
use crate::base::RelPath;
use crate::diag::{Diagnostic, Edit};
use crate::shell::disk::DiskWorld;
use crate::shell::write::{self, Change};
use crate::world::World as _;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Applies all sure mends of findings, or none when a file cannot be written; how many findings were mended. A mend whose
/// edits overlap those of an earlier one waits for the next run, whole.
pub(super) fn apply(context: &Context, disk: &DiskWorld, diagnostics: &[Diagnostic]) -> Result<usize, Exit> {
    let mut chosen = Chosen::default();
    let mended = diagnostics.iter().filter_map(|found| found.fix.as_ref());
    let mended = mended.filter(|fix| chosen.take(disk, &fix.edits)).count();
    let changes: Vec<Change> = chosen.files.into_values().map(File::change).collect();
    if !changes.is_empty() {
        write::all(disk.root(), "check --fix", &changes).map_err(|error| context.refused(&error))?;
    }
    Ok(mended)
}

/// What was chosen so far.
#[derive(Default)]
struct Chosen {
    /// By where a file really lies: a page that is a link is mended in its target, once.
    files: BTreeMap<PathBuf, File>,
}

/// A file with the edits that it gets.
struct File {
    path: RelPath,
    bytes: Vec<u8>,
    /// Bytes before the text: a byte-order mark, which stays.
    mark: usize,
    edits: Vec<Edit>,
}

impl Chosen {
    /// Takes all edits of one mend, or none.
    fn take(&mut self, disk: &DiskWorld, edits: &[Edit]) -> bool {
        for edit in edits {
            let key = disk.real(&edit.place.file);
            if !self.files.contains_key(&key) {
                let Some(file) = File::read(disk, &edit.place.file) else { return false };
                self.files.insert(key.clone(), file);
            }
            let fits = self.files.get(&key).is_some_and(|file| file.fits(edit));
            if !fits {
                return false;
            }
        }
        for edit in edits {
            let file = self.files.get_mut(&disk.real(&edit.place.file));
            if let Some(file) = file.filter(|file| !file.edits.contains(edit)) {
                file.edits.push(edit.clone());
            }
        }
        true
    }
}

impl File {
    fn read(disk: &DiskWorld, path: &RelPath) -> Option<Self> {
        let (bytes, text) = (disk.read(path).ok()?, disk.text(path).ok()?);
        let mark = bytes.len().checked_sub(text.len())?;
        Some(Self { path: path.clone(), bytes, mark, edits: Vec::new() })
    }

    /// Whether an edit lies in the file and beside all that it gets already; the same edit again fits.
    fn fits(&self, edit: &Edit) -> bool {
        let range = edit.place.span.range();
        let text = self.bytes.get(self.mark..).and_then(|bytes| std::str::from_utf8(bytes).ok());
        if self.path != edit.place.file || text.is_none_or(|text| text.get(range.clone()).is_none()) {
            return false;
        }
        self.edits.iter().all(|other| {
            let taken = other.place.span.range();
            other == edit
                || range.end < taken.start
                || taken.end < range.start
                // Two edits may touch, but two insertions at one place have no order.
                || (range.start != taken.start && (range.end == taken.start || taken.end == range.start))
        })
    }

    /// The file with its edits, last first, so that offsets hold.
    fn change(mut self) -> Change {
        let mut after = self.bytes.clone();
        self.edits.sort_by_key(|edit| std::cmp::Reverse(edit.place.span));
        for edit in &self.edits {
            let range = edit.place.span.range();
            after.splice(range.start + self.mark..range.end + self.mark, edit.replacement.bytes());
        }
        Change::edit(self.path, self.bytes, after)
    }
}
