//! Checks: each judges claims of its kind and returns diagnostics. A check stands in the
//! folder of its sort: `NAME.rs` is the check, `NAME.md` its page of the reference, whose fenced files and expected
//! diagnostics are its test.

use super::report::Report;
use super::{Context, Evidence, SORTS};
use crate::diag::{
    Claim, ClaimKind, Diagnostic, Group, Nearest, Origin, Place, Problem, Qualifiers, Severity, Strength,
    Verdict, code,
};
use crate::model::PageId;
use std::sync::LazyLock;

/// All checks, in the order of the reference: broken, suspect, pedantic; in each group by sort of evidence.
pub static ALL: LazyLock<Vec<&'static Check>> = LazyLock::new(|| {
    let mut all: Vec<&Check> = SORTS.iter().flat_map(|sort| sort.checks).copied().collect();
    all.sort_by_key(|check| check.group);
    all
});

/// One check.
#[derive(Debug)]
pub struct Check {
    /// Stable; used in configuration and suppressions.
    pub code: &'static str,
    /// Decides the default severity.
    pub group: Group,
    /// A default severity other than the group's.
    pub severity: Option<Severity>,
    /// What it reports, a few words.
    pub title: &'static str,
    /// Its page.
    pub doc: &'static str,
    /// Whether `check --fix` takes it away: always, or only where it is sure what is meant.
    pub fix: Option<&'static str>,
    /// The folder or file that sees what it reports, where the check itself only hands it on.
    pub seen_in: Option<&'static str>,
    /// Judges a site.
    pub run: fn(&Context<'_>, &mut Findings),
}

/// What one check found.
pub struct Findings {
    pub(super) check: &'static Check,
    diagnostics: Vec<Diagnostic>,
    claims: Vec<(PageId, Claim)>,
    /// Claims of files that are no pages.
    pub(super) recorded: Vec<Claim>,
    pub(super) near: Nearest,
    /// What is right too seldom to be a finding.
    hints: Vec<Diagnostic>,
}

impl Findings {
    pub(super) fn new(check: &'static Check) -> Self {
        Self {
            check,
            diagnostics: Vec::new(),
            claims: Vec::new(),
            recorded: Vec::new(),
            near: Nearest::default(),
            hints: Vec::new(),
        }
    }

    /// Takes those of some problems that name this check.
    pub(super) fn hand_on<'p>(&mut self, problems: impl IntoIterator<Item = &'p Problem>) {
        for problem in problems {
            if problem.code == self.check.code {
                self.push(self.of_problem(problem));
            }
        }
    }

    pub(super) fn of_problem(&self, problem: &Problem) -> Diagnostic {
        let Problem { code: _, message, place, related, help, subject } = problem;
        let found = self.found(place, subject.clone(), message.clone());
        Diagnostic { help: help.clone(), related: related.clone(), ..found }
    }

    /// A diagnostic of this check, not yet added.
    pub(super) fn found(
        &self,
        place: &Place,
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            code: self.check.code,
            group: self.check.group,
            severity: self.check.default_severity(),
            origin: Origin::Change,
            message: message.into(),
            primary: place.clone(),
            related: Vec::new(),
            help: None,
            fix: None,
            subject: subject.into(),
            ordinal: 0,
            class: None,
            owner: None,
        }
    }

    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Something that is right too seldom for a finding: it stands in the summary of a pull request alone, unless book.toml
    /// gives the check a level. A hint is no claim.
    pub(super) fn hint(&mut self, diagnostic: Diagnostic) {
        self.hints.push(diagnostic);
    }

    pub(super) fn claim(
        &mut self,
        page: (PageId, &crate::model::Page),
        kind: ClaimKind,
        place: &Place,
        subject: &str,
        verdict: Verdict,
    ) {
        self.claim_by(page, kind, place, subject, (verdict, kind.strength(), Qualifiers::default()));
    }

    /// As [`claim`](Self::claim), judged by other means than claims of its sort are, or with qualifiers.
    pub(super) fn claim_by(
        &mut self,
        page: (PageId, &crate::model::Page),
        kind: ClaimKind,
        place: &Place,
        subject: &str,
        (verdict, strength, qualifiers): (Verdict, Strength, Qualifiers),
    ) {
        let claim = Claim {
            page: page.1.source.clone(),
            place: place.clone(),
            kind,
            subject: subject.into(),
            verdict,
            strength,
            qualifiers,
        };
        self.claims.push((page.0, claim));
    }
}

impl Check {
    /// A check whose problems are made where they are seen, in the folder or file `seen_in`, while evidence of a sort is read.
    pub(super) const fn seen<E: Evidence>(
        code: &'static str,
        group: Group,
        title: &'static str,
        doc: &'static str,
        seen_in: &'static str,
    ) -> Self {
        let run: fn(&Context<'_>, &mut Findings) = |cx, findings| findings.hand_on(E::problems(cx));
        Self { code, group, severity: None, title, doc, fix: None, seen_in: Some(seen_in), run }
    }

    /// With another default severity than the group's.
    pub(super) const fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Without configuration.
    pub fn default_severity(&self) -> Severity {
        self.severity.unwrap_or(match self.group {
            Group::Broken => Severity::Error,
            Group::Suspect | Group::Pedantic => Severity::Warning,
        })
    }
}

/// Checks whose findings `oathbook update` mends: they end a run with the exit code 3, not 1.
pub const MENDED_BY_UPDATE: &[&str] =
    &[code::DIAGRAM_LAYOUT, code::OPENAPI_STALE, code::FACT, code::CAPTURED_OUTPUT, code::BINDING_RECORD];

/// The check of that code.
pub fn find(code: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.code == code)
}

/// What a problem is as a finding of the check that it names, unless no check has that code.
pub fn finding(problem: &Problem) -> Option<Diagnostic> {
    find(problem.code).map(|check| Findings::new(check).of_problem(problem))
}

/// What one check says by itself, before configuration and accepted exceptions: findings, and claims of pages and records.
pub(super) fn alone(cx: &Context<'_>, check: &'static Check) -> (Vec<Diagnostic>, Vec<Claim>) {
    let mut findings = Findings::new(check);
    (check.run)(cx, &mut findings);
    let Findings { diagnostics, claims, recorded, .. } = findings;
    (diagnostics, claims.into_iter().map(|(_, claim)| claim).chain(recorded).collect())
}

/// Runs all checks that are on; with `only`, those of these codes alone.
pub fn run(cx: &Context<'_>, only: &[String]) -> Report {
    // Without its configuration a book is not judged as its author meant, whatever was asked for.
    let is_asked =
        |code: &str| only.is_empty() || code == code::CONFIGURATION || only.iter().any(|asked| asked == code);
    let wanted = |check: &&&Check| is_asked(check.code);
    // Whether an accepted exception is used is known when all checks have run.
    let all = only.iter().any(|code| code == code::SUPPRESSION);
    let checks: Vec<&Check> = ALL.iter().filter(|check| all || wanted(check)).copied().collect();
    let outcome = crate::base::parallel_map(&checks, |check| {
        let mut findings = Findings::new(check);
        (check.run)(cx, &mut findings);
        findings
    });
    let mut report = Report::new(cx.site());
    for findings in outcome {
        report.add(findings.diagnostics, findings.claims, findings.recorded);
        report.hints.extend(findings.hints);
    }
    let mut report = report.finish(cx);
    let is_wanted = |found: &Diagnostic| is_asked(found.code);
    report.diagnostics.retain(is_wanted);
    report.hints.retain(is_wanted);
    report
}
