//! Findings that are known: a book with a past can start clean and only get better.
//!
//! The file holds one line for each finding, sorted: fingerprint, code, file, subject. It can only shrink:
//! `oathbook baseline` on an existing file removes what is mended and adds nothing unless `--accept` says so.

use crate::base::Fingerprint;
use crate::diag::{Diagnostic, Severity};
use std::collections::BTreeMap;

/// A known finding, as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    /// See [`Diagnostic::fingerprint`].
    pub fingerprint: String,
    /// The rest of the line, for people.
    pub about: String,
}

/// A baseline file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<String, String>,
}

const HEAD: &str =
    "# Findings that oathbook does not report again. Written by `oathbook baseline`; it may only shrink.\n";

impl Baseline {
    /// Reads a file's text; lines that are none are reported by number.
    pub fn parse(text: &str) -> (Self, Vec<usize>) {
        let mut baseline = Self::default();
        let mut wrong = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (fingerprint, about) = line.split_once(' ').unwrap_or((line, ""));
            match Fingerprint::parse(fingerprint) {
                Some(_) => drop(baseline.known.insert(fingerprint.to_owned(), about.to_owned())),
                None => wrong.push(number),
            }
        }
        (baseline, wrong)
    }

    /// Of these findings; notes are not worth a line.
    pub fn of(diagnostics: &[Diagnostic]) -> Self {
        let line = |found: &Diagnostic| {
            let subject = found.subject.replace(['\n', '\r'], " ");
            (found.fingerprint().to_string(), format!("{} {} {subject}", found.code, found.primary.file))
        };
        Self {
            known: diagnostics.iter().filter(|found| found.severity != Severity::Note).map(line).collect(),
        }
    }

    /// What is in both.
    #[must_use]
    pub fn shrink_to(&self, now: &Self) -> Self {
        Self {
            known: self
                .known
                .iter()
                .filter(|(key, _)| now.known.contains_key(*key))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
        }
    }

    /// How many findings.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Takes known findings out; how many, and how many lines of the file match nothing any more.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) -> (usize, usize) {
        let before = diagnostics.len();
        let mut used = std::collections::BTreeSet::new();
        diagnostics.retain(|found| {
            let key = found.fingerprint().to_string();
            let known = self.known.contains_key(&key);
            if known {
                used.insert(key);
            }
            !known
        });
        (before - diagnostics.len(), self.known.len() - used.len())
    }

    /// The file's text.
    pub fn to_text(&self) -> String {
        let mut lines: Vec<String> =
            self.known.iter().map(|(fingerprint, about)| format!("{fingerprint} {about}\n")).collect();
        lines.sort_by(|a, b| a[33.min(a.len())..].cmp(&b[33.min(b.len())..]).then_with(|| a.cmp(b)));
        format!("{HEAD}{}", lines.concat())
    }
}
