//! Changes on disk, in batches.
//!
//! Folders are watched, not files: editors save by renaming a new file into place, which ends a watch on the old one.

use super::Error;
use notify::{Config, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// A batch ends when nothing has happened for this long …
const QUIET: Duration = Duration::from_millis(8);
/// … or when this long has passed since its first event.
const LONGEST: Duration = Duration::from_millis(25);
/// How often a polling watcher looks.
const POLL: Duration = Duration::from_millis(150);

/// A running watch; it ends when it is dropped.
pub struct Watch {
    watcher: Box<dyn Watcher + Send>,
    events: Receiver<notify::Result<notify::Event>>,
    watched: BTreeSet<PathBuf>,
}

impl Watch {
    /// Prepares a watch; `poll` looks at files again and again, for containers whose kernel says nothing.
    ///
    /// # Errors
    /// When the system gives no watcher.
    pub fn new(poll: bool) -> Result<Self, Error> {
        let (sender, events) = channel();
        let failed = |cause: notify::Error| Error::new("watch", ".", cause);
        let watcher: Box<dyn Watcher + Send> = if poll {
            let config = Config::default().with_poll_interval(POLL).with_compare_contents(true);
            Box::new(PollWatcher::new(sender, config).map_err(failed)?)
        } else {
            Box::new(RecommendedWatcher::new(sender, Config::default()).map_err(failed)?)
        };
        Ok(Self { watcher, events, watched: BTreeSet::new() })
    }

    /// Adds a folder, with all below it or alone; a folder that is not there is left out.
    pub fn add(&mut self, folder: &Path, below: bool) {
        let mode = if below { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        if !self.watched.contains(folder) && self.watcher.watch(folder, mode).is_ok() {
            self.watched.insert(folder.to_owned());
        }
    }

    /// Waits for the next batch of changed paths; none when the watch has ended.
    pub fn next_batch(&mut self) -> Option<BTreeSet<PathBuf>> {
        let mut batch = BTreeSet::new();
        while batch.is_empty() {
            take(self.events.recv().ok()?, &mut batch);
        }
        let begin = Instant::now();
        while begin.elapsed() < LONGEST {
            match self.events.recv_timeout(QUIET) {
                Ok(event) => take(event, &mut batch),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        Some(batch)
    }
}

fn take(event: notify::Result<notify::Event>, batch: &mut BTreeSet<PathBuf>) {
    let Ok(event) = event else { return };
    if matches!(event.kind, EventKind::Access(_)) {
        return;
    }
    batch.extend(event.paths);
}
