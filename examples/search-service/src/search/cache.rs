//! Search results of the last seconds, so that a page that many ask for costs one search.

use super::SearchResults;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long a result is given out. Other instances learn of a write within this time.
const LIFETIME: Duration = Duration::from_secs(30);

/// A bounded map from a search to its results.
#[derive(Debug)]
pub struct Cache {
    capacity: usize,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    results: HashMap<String, (Instant, Arc<SearchResults>)>,
    /// Counts writes: results that were computed before a write are not kept after it.
    writes: u64,
}

impl Cache {
    /// A cache of at most so many entries.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, entries: Mutex::default() }
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, Entries> {
        // A panic while the lock is held leaves a whole map behind.
        self.entries.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// A result, if it is fresh, or else the number of writes so far, for [`Cache::keep`].
    pub fn get(&self, key: &str, now: Instant) -> Result<Arc<SearchResults>, u64> {
        let entries = self.entries();
        match entries.results.get(key) {
            Some((kept, results)) if now.duration_since(*kept) < LIFETIME => Ok(results.clone()),
            _ => Err(entries.writes),
        }
    }

    /// Keeps a result, unless something was written since it was looked for.
    pub fn keep(&self, key: String, results: Arc<SearchResults>, writes: u64, now: Instant) {
        let mut entries = self.entries();
        if self.capacity == 0 || entries.writes != writes {
            return;
        }
        if entries.results.len() >= self.capacity {
            entries.results.retain(|_, (kept, _)| now.duration_since(*kept) < LIFETIME);
        }
        if entries.results.len() >= self.capacity {
            // All are fresh: a burst of searches. Starting again costs one search each.
            entries.results.clear();
        }
        entries.results.insert(key, (now, results));
    }

    /// Forgets everything, because a document was written.
    pub fn clear(&self) {
        let mut entries = self.entries();
        entries.results.clear();
        entries.writes += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_age_and_a_write_forgets_them() {
        let (cache, now) = (Cache::new(2), Instant::now());
        let results = Arc::new(SearchResults::default());
        assert_eq!(cache.get("a", now).unwrap_err(), 0);
        cache.keep("a".into(), results.clone(), 0, now);
        assert!(cache.get("a", now + LIFETIME / 2).is_ok());
        assert!(cache.get("a", now + LIFETIME).is_err());
        cache.clear();
        assert_eq!(cache.get("a", now).unwrap_err(), 1);
        cache.keep("a".into(), results, 0, now);
        assert!(cache.get("a", now).is_err(), "it was computed before the write");
    }

    #[test]
    fn it_never_holds_more_than_its_capacity() {
        let (cache, now) = (Cache::new(2), Instant::now());
        for key in ["a", "b", "c"] {
            cache.keep(key.into(), Arc::default(), 0, now);
        }
        assert!(cache.get("c", now).is_ok() && cache.get("a", now).is_err());
    }
}
