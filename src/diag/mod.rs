//! Problems and claims as values. Whoever finds one returns it; `report/` prints it.

mod claim;
pub mod code;
mod ledger;
mod problem;
mod strength;

pub use claim::{Claim, ClaimKind, Tally, Verdict};
pub use ledger::{ClaimKey, LedgerDifference};
pub use problem::Problem;
pub use strength::{Qualifier, Qualifiers, Strength};

use crate::base::{Fingerprint, RelPath, Span, Steps};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

/// How much a reader is harmed, which decides the default severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// A reader or caller is misled: an error by default.
    Broken,
    /// Likely wrong: a warning by default.
    Suspect,
    /// Style and structure: off until asked for.
    Pedantic,
}

impl Group {
    /// The lower-case name used in configuration and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Suspect => "suspect",
            Self::Pedantic => "pedantic",
        }
    }
}

/// What a diagnostic does to the exit code: errors fail, the others do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Fails the run.
    Error,
    /// Shown, does not fail.
    Warning,
    /// Shown last.
    Note,
}

impl Severity {
    /// The lower-case name used in configuration and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Whether the change under review caused a diagnostic or it was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// Not in the base revision (or there is none to compare with).
    Change,
    /// In the base revision, too.
    Existing,
}

impl Origin {
    /// The lower-case name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Existing => "existing",
        }
    }
}

/// A range in a file as its author wrote it (never in expanded or generated text).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, relative to the repository's root.
    pub file: RelPath,
    /// The bytes.
    pub span: Span,
}

impl Place {
    /// The beginning of a file, for what concerns all of it.
    pub fn whole(file: RelPath) -> Self {
        Self { file, span: Span::default() }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}..{}", self.file, self.span.start, self.span.end)
    }
}

/// Another place that belongs to a diagnostic, with what it has to do with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// Why it is shown.
    pub message: String,
}

/// One replacement of bytes in a source file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced.
    pub place: Place,
    /// By what.
    pub replacement: String,
}

/// The one sure mend of a diagnostic, which `check --fix` applies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    /// What it does, as an imperative.
    pub title: String,
    /// The replacements, all or none.
    pub edits: Vec<Edit>,
}

/// A problem in the user's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The check's stable code, for example `page-link`.
    pub code: &'static str,
    /// The check's group.
    pub group: Group,
    /// As configured.
    pub severity: Severity,
    /// Caused by the change under review, or not.
    pub origin: Origin,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where, as the author wrote it.
    pub primary: Place,
    /// What else to look at.
    pub related: Vec<Related>,
    /// Why it matters and what to do now.
    pub help: Option<String>,
    /// The sure mend, where there is one.
    pub fix: Option<Fix>,
    /// What the finding is about (a link's target, a key): part of the fingerprint, so it holds no line numbers.
    pub subject: String,
    /// Which of several equal findings in one file this is, from 0, in the order of the text.
    pub ordinal: u32,
    /// Of a change: what it does to those who relied on what was before.
    pub class: Option<&'static str>,
    /// Of what time makes due: who has to see to it.
    pub owner: Option<Box<str>>,
}

impl Diagnostic {
    /// Identifies the finding across edits elsewhere in the file: code, file, subject and ordinal; no line numbers.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of_parts([
            self.code.as_bytes(),
            self.primary.file.as_str().as_bytes(),
            self.subject.as_bytes(),
            &self.ordinal.to_le_bytes()[..],
        ])
    }

    /// Adds help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(Related { place, message: message.into() });
        self
    }

    /// Adds the sure mend: one replacement.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, place: Place, replacement: impl Into<String>) -> Self {
        let edit = Edit { place, replacement: replacement.into() };
        self.fix = Some(Fix { title: title.into(), edits: vec![edit] });
        self
    }
}

/// Sorts by place, then code, drops exact repeats, and numbers equal findings of one file.
pub fn settle(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        (&a.primary, a.code, &a.subject, &a.message).cmp(&(&b.primary, b.code, &b.subject, &b.message))
    });
    diagnostics.dedup_by(|a, b| a.primary == b.primary && a.code == b.code && a.message == b.message);
    let mut seen = std::collections::HashMap::new();
    for diagnostic in diagnostics.iter_mut() {
        let key = (diagnostic.code, diagnostic.primary.file.clone(), diagnostic.subject.clone());
        let count = seen.entry(key).or_insert(0);
        diagnostic.ordinal = *count;
        *count += 1;
    }
}

/// The known name nearest to `wanted`: at most a third of its letters may differ (Levenshtein distance, with
/// swaps of neighbours as one step). What was written is no suggestion.
pub fn nearest<'n>(wanted: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let limit = limit_of(wanted);
    names
        .into_iter()
        .filter(|name| *name != wanted && is_near_in_length(wanted, name, limit))
        .map(|name| (distance(wanted, name, limit), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

fn limit_of(wanted: &str) -> usize {
    (wanted.chars().count() / 3).max(1)
}

/// Whether so few letters may differ, by the lengths in bytes alone; of a text of thousands of letters nobody means
/// another.
fn is_near_in_length(wanted: &str, name: &str, limit: usize) -> bool {
    name.len().abs_diff(wanted.len()) <= limit * 4 && wanted.len().max(name.len()) <= LONGEST_NAME * 4
}

/// Characters of the longest names that are compared.
const LONGEST_NAME: usize = 200;

/// [`nearest`] for whoever asks often: remembers what it was asked, and stops helping when it has compared enough, so that
/// a book of 10,000 pages with as many broken links does not take minutes. A suggestion that is left out says nothing.
#[derive(Debug)]
pub struct Nearest {
    /// By list and name.
    known: RefCell<HashMap<String, HashMap<String, Option<String>>>>,
    steps: Steps,
}

/// Steps that one [`Nearest`] takes: a name costs one, and one for each [`CELLS`] pairs of letters that are compared. Names
/// of 16 letters are compared 100,000 times, which takes 0.1 s.
const MOST_COMPARED: u64 = 1_000_000;

/// Pairs of letters that are compared in a step.
const CELLS: usize = 32;

impl Default for Nearest {
    fn default() -> Self {
        Self { known: RefCell::default(), steps: Steps::new(MOST_COMPARED) }
    }
}

impl Nearest {
    /// The name nearest to `wanted` of a list of names, which must be the same each time.
    pub fn find<'n>(
        &self,
        list: &str,
        wanted: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Option<String> {
        if let Some(known) = self.known.borrow().get(list).and_then(|list| list.get(wanted)) {
            return known.clone();
        }
        if self.steps.spent() {
            return None;
        }
        let limit = limit_of(wanted);
        let costs = |name: &&str| {
            let compared = is_near_in_length(wanted, name, limit);
            let cells = if compared { wanted.len().saturating_mul(name.len()) / CELLS } else { 0 };
            self.steps.take(1 + cells as u64);
        };
        let found = nearest(wanted, names.into_iter().inspect(costs)).map(str::to_owned);
        let mut known = self.known.borrow_mut();
        known.entry(list.to_owned()).or_default().insert(wanted.to_owned(), found.clone());
        found
    }

    /// Steps that were taken.
    pub fn steps(&self) -> u64 {
        self.steps.taken()
    }
}

/// Optimal string alignment distance, cut off above `limit` (Damerau 1964, restricted form).
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    if a.len().abs_diff(b.len()) > limit || a.len().max(b.len()) > LONGEST_NAME {
        return limit + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_stop_when_enough_was_compared_and_are_remembered_until_then() {
        let names: Vec<String> = (0..2_000).map(|n| format!("heading-number-{n}")).collect();
        let names = || names.iter().map(String::as_str);
        let near = Nearest::default();
        assert_eq!(near.find("a", "heading-numbr-7", names()).as_deref(), Some("heading-number-7"));
        let steps = near.steps();
        assert_eq!(near.find("a", "heading-numbr-7", names()).as_deref(), Some("heading-number-7"));
        assert_eq!(near.steps(), steps, "asked before");
        assert_eq!(near.find("b", "heading-numbr-7", ["links"].into_iter()), None, "another list");
        for n in 0..2_000 {
            near.find("a", &format!("heading-x-{n}"), names());
        }
        // Without an end this would be some 30 million.
        assert!(near.steps() < 2 * MOST_COMPARED, "{}", near.steps());
        assert_eq!(near.find("a", "heading-numbr-8", names()), None);
    }

    #[test]
    fn the_nearest_name_is_near() {
        assert_eq!(nearest("anchros", ["anchors", "links"]), Some("anchors"));
        assert_eq!(nearest("zebra", ["anchors", "links"]), None);
        assert_eq!(nearest("links", ["links", "link"]), Some("link"));
        assert_eq!(nearest("links", ["links"]), None);
        assert_eq!(nearest("Links", ["links"]), Some("links"));
        assert_eq!(distance("ab", "ba", 2), 1);
    }
}
