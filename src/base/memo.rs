//! Remembers costly results by the fingerprint of all their inputs.
//!
//! Only leaves are remembered (the parse of a file, the highlighting of a block); everything above is computed
//! anew, so there is no table of what invalidates what.

use super::Fingerprint;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A map from inputs' fingerprints to results, shared between threads.
pub struct Memo<V> {
    entries: Mutex<Entries<V>>,
}

struct Entries<V> {
    now: u64,
    map: HashMap<Fingerprint, (u64, Arc<V>)>,
}

impl<V> Default for Memo<V> {
    fn default() -> Self {
        Self { entries: Mutex::new(Entries { now: 0, map: HashMap::new() }) }
    }
}

impl<V> Memo<V> {
    /// The remembered value for `key`, or what `make` makes, remembered from now on.
    /// Two threads that ask at once may both make it; the results are equal by construction.
    pub fn get_or_make(&self, key: Fingerprint, make: impl FnOnce() -> V) -> Arc<V> {
        {
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            let now = entries.now;
            if let Some((used, value)) = entries.map.get_mut(&key) {
                *used = now;
                return Arc::clone(value);
            }
        }
        let value = Arc::new(make());
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let now = entries.now;
        entries.map.insert(key, (now, Arc::clone(&value)));
        value
    }

    /// Ends a round: what was not asked for in the last `rounds` rounds is forgotten.
    pub fn end_round(&self, rounds: u64) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let now = entries.now;
        entries.map.retain(|_, (used, _)| *used + rounds > now);
        entries.now = now + 1;
    }
}
