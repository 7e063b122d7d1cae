//! What all checks said together: diagnostics after configuration and suppression, claims by page.

use super::Context;
use super::allow;
use crate::config::{Checks, Level};
use crate::diag::{Claim, Diagnostic, Group, Qualifier, Severity, Tally, Verdict, settle};
use crate::model::{PageId, Site};
use std::collections::BTreeSet;

/// The outcome of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Settled: sorted, numbered, with their configured severities.
    pub diagnostics: Vec<Diagnostic>,
    /// Claims of each page, by the text's order.
    pub claims: Vec<Vec<Claim>>,
    /// Claims of files that are no pages: recorded documents.
    pub recorded: Vec<Claim>,
    /// What is right too seldom to be a finding; for the summary of a pull request.
    pub hints: Vec<Diagnostic>,
    /// Findings that an accepted exception or the baseline holds back.
    pub held_back: usize,
}

impl Report {
    /// Without a claim or a finding yet.
    pub fn new(site: &Site) -> Self {
        Self { claims: vec![Vec::new(); site.pages.len()], ..Self::default() }
    }

    pub(super) fn add(
        &mut self,
        diagnostics: Vec<Diagnostic>,
        claims: Vec<(PageId, Claim)>,
        recorded: Vec<Claim>,
    ) {
        self.diagnostics.extend(diagnostics);
        self.recorded.extend(recorded);
        for (page, claim) in claims {
            if let Some(list) = self.claims.get_mut(page) {
                list.push(claim);
            }
        }
    }

    pub(super) fn finish(mut self, cx: &Context<'_>) -> Self {
        let checks = &cx.config.checks;
        // Hints are accepted and turned off as findings are; a level makes findings of them.
        let key = |found: &Diagnostic| (found.code, found.primary.clone(), found.message.clone());
        let hints = std::mem::take(&mut self.hints);
        let quiet = hints.iter().filter(|hint| !checks.levels.contains_key(hint.code));
        let quiet: BTreeSet<_> = quiet.map(key).collect();
        self.diagnostics.extend(hints);
        let off = |diagnostic: &Diagnostic| level(checks, diagnostic.code, diagnostic.group).is_none();
        self.diagnostics.retain(|diagnostic| !off(diagnostic));
        self.held_back += allow::apply(cx, &mut self.diagnostics);
        self.diagnostics.retain(|diagnostic| !off(diagnostic));
        for diagnostic in &mut self.diagnostics {
            if let Some(severity) = level(checks, diagnostic.code, diagnostic.group).flatten() {
                diagnostic.severity = severity;
            }
        }
        settle(&mut self.diagnostics);
        (self.hints, self.diagnostics) =
            self.diagnostics.into_iter().partition(|found| quiet.contains(&key(found)));
        for claims in self.claims.iter_mut().chain([&mut self.recorded]) {
            claims.sort_by(|a, b| (&a.place, a.kind, &a.subject).cmp(&(&b.place, b.kind, &b.subject)));
        }
        self
    }

    /// Claims of a page, counted.
    pub fn tally(&self, page: PageId) -> Tally {
        let mut tally = Tally::default();
        self.claims.get(page).into_iter().flatten().for_each(|claim| tally.add(claim));
        tally
    }

    /// All claims, counted.
    pub fn total(&self) -> Tally {
        let mut tally = Tally::default();
        self.all().for_each(|claim| tally.add(claim));
        tally
    }

    /// All claims: those of pages, then those of recorded files.
    pub fn all(&self) -> impl Iterator<Item = &Claim> {
        self.claims.iter().flatten().chain(&self.recorded)
    }

    /// How many diagnostics have a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// The ledger: all claims by page, as JSON, a piece for each.
    pub fn ledger_json(&self) -> impl Iterator<Item = String> {
        let claims = self.all().enumerate().map(|(at, claim)| {
            let (by, code, reason) = match &claim.verdict {
                Verdict::Proven(by) => (Some(&**by), None, None),
                Verdict::Contradicted(code) => (None, Some(*code), None),
                Verdict::NotJudged(reason) => (None, None, Some(*reason)),
            };
            let mut entry = serde_json::json!({
                "page": claim.page.as_str(), "kind": claim.kind.name(), "subject": &*claim.subject, "verdict": claim.verdict.name(),
            });
            if let Some(object) = entry.as_object_mut() {
                for (key, value) in [("by", by), ("code", code), ("reason", reason)] {
                    value.map(|value| object.insert(key.into(), value.into()));
                }
                if reason.is_none() {
                    object.insert("strength".into(), claim.strength.name().into());
                }
                let qualifiers: Vec<&str> = claim.qualifiers.list().map(Qualifier::name).collect();
                if !qualifiers.is_empty() {
                    object.insert("qualifiers".into(), qualifiers.into());
                }
            }
            format!("{}{entry}", if at == 0 { "\n" } else { ",\n" })
        });
        std::iter::once("[".to_owned()).chain(claims).chain(["\n]\n".to_owned()])
    }
}

/// Off is none; on without a configured severity is `Some(None)`.
pub(super) fn level(checks: &Checks, code: &str, group: Group) -> Option<Option<Severity>> {
    // A configuration that cannot be read as meant is never less than an error.
    if code == crate::diag::code::CONFIGURATION {
        return Some(None);
    }
    let by_code = checks.levels.get(code);
    let by_group = checks.levels.get(group.name());
    match by_code.or(by_group) {
        Some(Level::Off) => None,
        Some(Level::On(severity)) => Some(Some(*severity)),
        None if group == Group::Pedantic => None,
        None => Some(None),
    }
}
