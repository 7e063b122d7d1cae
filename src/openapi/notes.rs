//! What files of records in YAML have in common: problems with places, known keys, texts that are not empty.

use super::node::{Node, Number};
use crate::diag::{Place, Problem, nearest};
use std::ops::RangeInclusive;

/// Problems of one check, as they are found.
#[derive(Debug)]
pub struct Notes {
    /// The check.
    pub code: &'static str,
    /// What was found.
    pub problems: Vec<Problem>,
}

impl Notes {
    /// Notes of a check, without one yet.
    pub fn of(code: &'static str) -> Self {
        Self { code, problems: Vec::new() }
    }

    /// Adds a problem.
    pub fn say(&mut self, place: &Place, subject: &str, message: String, help: &str) {
        self.problems.push(Problem::new(self.code, place, subject, message).help(help));
    }

    /// Says which keys of a mapping nobody knows.
    pub fn keys(&mut self, node: &Node, what: &str, known: &[&str]) {
        for entry in node.entries().filter(|entry| !known.contains(&&*entry.key)) {
            let near = nearest(&entry.key, known.iter().copied());
            let help = near.map_or_else(
                || format!("keys are {}", known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            self.say(&entry.place, &entry.key, format!("{what} has no key `{}`", entry.key), &help);
        }
    }

    /// A text that is not empty.
    pub fn text(&mut self, node: &Node, key: &str) -> Option<String> {
        let value = node.get(key)?;
        match value.text().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => Some(text.to_owned()),
            None => {
                let message = format!("`{key}` is {}, and not a text with words", value.type_name());
                self.say(&value.place, key, message, "");
                None
            }
        }
    }

    /// A text that must be there.
    pub fn needed(&mut self, node: &Node, what: &str, key: &str, help: &str) -> Option<String> {
        if node.get(key).is_none() {
            self.say(&node.place, key, format!("{what} has no `{key}`"), help);
        }
        self.text(node, key)
    }

    /// A number within bounds.
    pub fn number(&mut self, node: &Node, key: &str, range: RangeInclusive<f64>) -> Option<f64> {
        let value = node.get(key)?;
        let read = value.number().map(Number::as_f64).filter(|number| range.contains(number));
        if read.is_none() {
            let message = format!("`{key}` is no number from {} to {}", range.start(), range.end());
            self.say(&value.place, key, message, "");
        }
        read
    }
}
