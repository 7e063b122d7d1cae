//! Progress on long work: one line on a terminal, rewritten in place, gone at the end.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// Work shorter than this is not worth a line.
const PATIENCE_MS: u64 = 400;
/// How often the line is rewritten.
const INTERVAL_MS: u64 = 100;

/// A line that counts.
pub struct Progress {
    shown: bool,
    begin: Instant,
    last: AtomicU64,
    done: AtomicUsize,
}

impl Progress {
    /// Shows itself only on a terminal, and only if `wanted`.
    pub fn new(wanted: bool) -> Self {
        let shown = wanted && std::io::stderr().is_terminal();
        Self { shown, begin: Instant::now(), last: AtomicU64::new(0), done: AtomicUsize::new(0) }
    }

    /// One more of `total` is done.
    pub fn step(&self, what: &str, total: usize) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.shown {
            return;
        }
        let now = u64::try_from(self.begin.elapsed().as_millis()).unwrap_or(u64::MAX);
        let last = self.last.load(Ordering::Relaxed);
        let due = now > PATIENCE_MS && now - last > INTERVAL_MS;
        // Of several threads that find the line due, one writes it.
        if due && self.last.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            let _ = write!(std::io::stderr(), "\r\x1b[2K{what}: {done} of {total}");
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.shown && self.last.load(Ordering::Relaxed) > 0 {
            let _ = write!(std::io::stderr(), "\r\x1b[2K");
        }
    }
}
