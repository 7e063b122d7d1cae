//! Names made unique by counting.

use std::collections::{HashMap, HashSet};

/// Hands out each name once: `name`, then `name-1`, `name-2`, … A counter for each name keeps 100,000 equal ones
/// linear.
#[derive(Debug, Default)]
pub struct UniqueNames {
    taken: HashSet<String>,
    counters: HashMap<String, u32>,
}

impl UniqueNames {
    /// The name itself if it is free, else with the next free number.
    pub fn take(&mut self, name: &str) -> String {
        if self.taken.insert(name.to_owned()) {
            return name.to_owned();
        }
        let counter = self.counters.entry(name.to_owned()).or_insert(0);
        loop {
            *counter += 1;
            let candidate = format!("{name}-{counter}");
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
}
