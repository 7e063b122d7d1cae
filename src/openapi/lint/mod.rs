//! What a document should say and does not, and what it says that cannot be so. Each rule counts what it looked at and
//! names each gap, so that the same rules give findings and percentages.

mod complete;
mod names;
mod schemas;
mod security;
mod survey;
mod values;

pub use survey::{Role, Survey, survey};

use super::Document;
use crate::diag::{Problem, code};

/// What one rule found.
#[derive(Clone, Debug)]
pub struct Score {
    /// The check's code.
    pub code: &'static str,
    /// What is counted, for the table.
    pub title: &'static str,
    /// How many things the rule looked at.
    pub total: usize,
    /// How many of them have a gap.
    pub missing: usize,
    /// What is wrong, one for each gap.
    pub gaps: Vec<Problem>,
}

impl Score {
    fn new(code: &'static str, title: &'static str) -> Self {
        Self { code, title, total: 0, missing: 0, gaps: Vec::new() }
    }

    /// Counts one thing; what is wrong with it are its gaps.
    fn count(&mut self, gaps: impl IntoIterator<Item = Problem>) {
        let before = self.gaps.len();
        self.gaps.extend(gaps);
        self.total += 1;
        self.missing += usize::from(self.gaps.len() > before);
    }

    /// In tenths of a percent, rounded down, so that only all is 1000.
    pub fn tenths(&self) -> usize {
        ((self.total - self.missing) * 1_000).checked_div(self.total).unwrap_or(1_000)
    }
}

/// Findings of one rule of one document that are told; the percentage says how many there are.
const MOST_TOLD: usize = 500;

/// Applies all rules to a document. `catalogue` says of an error code whether it is explained.
pub fn lint(document: &Document, codes: Option<&Codes<'_>>) -> Vec<Score> {
    if document.root.map().is_none() {
        return Vec::new();
    }
    let survey = survey(document);
    let mut structure = Score::new(code::OPENAPI_STRUCTURE, "objects as the specification wants them");
    structure.total = survey.items.len();
    structure.missing = (survey.problems.len() + survey.more).min(structure.total);
    structure.gaps.clone_from(&survey.problems);
    let mut out = vec![
        structure,
        names::references(document, &survey),
        names::unused(document, &survey),
        names::paths(document),
        names::operation_ids(document),
        names::tags(document),
        complete::descriptions(document),
        complete::bodies(document),
        complete::fields(document, &survey),
        security::schemes(document),
        security::security(document),
        complete::rate_limits(document),
        complete::errors(document),
        schemas::schemas(document, &survey),
        values::examples(document, &survey),
        complete::metadata(document),
    ];
    if let Some(codes) = codes {
        out.push(complete::error_codes(document, codes));
    }
    for score in &mut out {
        let mut more = score.gaps.len().saturating_sub(MOST_TOLD);
        score.gaps.truncate(MOST_TOLD);
        if score.code == code::OPENAPI_STRUCTURE {
            more += survey.more;
        }
        if let Some(last) = score.gaps.last().filter(|_| more > 0) {
            let message = format!("{more} more of this sort are in the document");
            let rest = Problem::new(score.code, &last.place, "more", message);
            score.gaps.push(rest);
        }
    }
    out
}

/// The error codes of an API, and what explains them.
pub struct Codes<'c> {
    /// The schema whose enum holds them.
    pub schema: &'c str,
    /// The page that explains them, and its text.
    pub catalogue: Option<(String, &'c str)>,
}
