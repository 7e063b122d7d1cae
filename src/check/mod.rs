//! Checks: each judges claims of its kind and returns diagnostics. One folder a check: `mod.rs` is the check,
//! `doc.md` its page of the reference, whose fenced files and expected diagnostics are its test.

mod allow;
mod baseline;
mod report;

pub use baseline::{Baseline, Known};
pub use report::Report;

use crate::base::Date;
use crate::change::{Change, DeclaredList};
use crate::config::{Config, Mistake};
use crate::diag::{Claim, ClaimKind, Diagnostic, Group, Nearest, Origin, Place, Severity, Verdict};
use crate::model::{PageId, Site};
use crate::openapi::Trouble;
use crate::record::Held;
use crate::record::changes::ApiChange;
use crate::record::diagrams::Diagrams;
use crate::record::external::Links;
use crate::record::openapi::Api;
use crate::record::samples;

macro_rules! checks {
    ($($module:ident),* $(,)?) => {
        $(mod $module;)*
        /// All checks, in the order of the reference: broken, suspect, pedantic.
        pub static ALL: &[&Check] = &[$(&$module::CHECK),*];
    };
}

checks! {
    page_link, anchor, image, file_link, link_extension, undefined_reference, include_target, include_anchor, duplicate_id, missing_chapter, summary,
    removed_name, incomplete_list, declared_list, dead_name, moved_page,
    code_link, fact, fact_source, captured_output, binding_signature, binding_source, binding_record,
    sample, sample_schema,
    redirect, unsafe_address, front_matter, required_field, required_heading, unreadable_page, collision, configuration, internal_page,
    diagram_syntax, diagram_binding, diagram_layout,
    api_link, api_change, openapi_syntax, openapi_source, openapi_conflict, openapi_stale, openapi_structure, openapi_reference, openapi_path,
    openapi_security_scheme, openapi_example, openapi_coverage, api_contract,
    openapi_route, openapi_schema_name, openapi_nullable,
    openapi_unregistered, openapi_unrouted, openapi_status, openapi_extractor, openapi_code,
    openapi_overlay, openapi_hole, openapi_operation_id, openapi_schema, openapi_unused_component,
    binding_body, review_due, api_operation,
    unlisted_page, unreachable_page, empty_page, raw_html, code_language, footnote, configuration_key, reserved_name, foreign_command, suppression,
    diagram_refused, diagram_inventory, diagram_element, diagram_view, diagram_not_drawn, diagram_relation, external_link, sample_syntax,
    heading_level, image_alt, placeholder, bare_url, link_text,
    diagram_description,
    openapi_description, openapi_body_schema, openapi_field_description, openapi_security, openapi_rate_limit,
    openapi_error_response, openapi_error_code, openapi_metadata, openapi_tag, openapi_unannotated,
}

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
    /// Judges a site.
    pub run: fn(&Subject<'_>, &mut Findings),
}

/// What checks look at.
#[derive(Clone, Copy)]
pub struct Subject<'s> {
    /// The site.
    pub site: &'s Site,
    /// Its configuration.
    pub config: &'s Config,
    /// What reading the configuration said.
    pub mistakes: &'s [Mistake],
    /// Its API documents.
    pub apis: &'s [Api],
    /// What the change under review does to their callers.
    pub api_changes: &'s [ApiChange],
    /// The date of the run.
    pub today: Date,
    /// Lists that say what they list.
    pub lists: &'s [DeclaredList],
    /// What became of tested samples.
    pub samples: &'s samples::Known<'s>,
    /// What the hosts of links that leave the site said.
    pub links: &'s Links,
    /// What the change under review does, where there is one.
    pub change: Option<&'s Change>,
    /// The diagrams, and what the repository holds that they can show.
    pub diagrams: &'s Diagrams,
    /// What pages say of the code, held against it.
    pub held: &'s Held,
    /// Whether review dates count in this run.
    pub due: bool,
}

impl Subject<'_> {
    /// Pages with their ids.
    fn pages(&self) -> impl Iterator<Item = (PageId, &crate::model::Page)> {
        self.site.pages.iter().enumerate()
    }
}

/// What one check found.
pub struct Findings {
    check: &'static Check,
    diagnostics: Vec<Diagnostic>,
    claims: Vec<(PageId, Claim)>,
    /// Claims of files that are no pages.
    recorded: Vec<Claim>,
    near: Nearest,
    /// What is right too seldom to be a finding.
    hints: Vec<Diagnostic>,
}

impl Findings {
    fn new(check: &'static Check) -> Self {
        Self {
            check,
            diagnostics: Vec::new(),
            claims: Vec::new(),
            recorded: Vec::new(),
            near: Nearest::default(),
            hints: Vec::new(),
        }
    }

    /// What reading API documents found of this check.
    fn of_apis(&mut self, subject: &Subject<'_>) {
        for trouble in subject.apis.iter().flat_map(|api| &api.troubles) {
            if trouble.code == self.check.code {
                self.push(self.of_trouble(trouble));
            }
        }
    }

    fn of_trouble(&self, trouble: &Trouble) -> Diagnostic {
        let mut found = self.found(&trouble.place, trouble.subject.clone(), trouble.message.clone());
        found.help.clone_from(&trouble.help);
        for (place, why) in &trouble.related {
            found = found.related(place.clone(), why.clone());
        }
        found
    }

    /// A diagnostic of this check, not yet added.
    fn found(&self, place: &Place, subject: impl Into<String>, message: impl Into<String>) -> Diagnostic {
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
        }
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Something that is right too seldom for a finding: it stands in the summary of a pull request alone, unless book.toml
    /// gives the check a level. A hint is no claim.
    fn hint(&mut self, diagnostic: Diagnostic) {
        self.hints.push(diagnostic);
    }

    fn claim(
        &mut self,
        page: (PageId, &crate::model::Page),
        kind: ClaimKind,
        place: &Place,
        subject: &str,
        verdict: Verdict,
    ) {
        let claim = Claim {
            page: page.1.source.clone(),
            place: place.clone(),
            kind,
            subject: subject.into(),
            verdict,
        };
        self.claims.push((page.0, claim));
    }
}

impl Check {
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
    &["diagram-layout", "openapi-stale", "fact", "captured-output", "binding-record"];

/// The check of that code.
pub fn find(code: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.code == code)
}

/// What a trouble is as a finding of the check that it names, unless no check has that code.
pub fn finding(trouble: &Trouble) -> Option<Diagnostic> {
    find(trouble.code).map(|check| Findings::new(check).of_trouble(trouble))
}

/// Runs all checks that are on.
pub fn run(subject: &Subject<'_>) -> Report {
    let outcome = crate::base::parallel_map(ALL, |check| {
        let mut findings = Findings::new(check);
        (check.run)(subject, &mut findings);
        findings
    });
    let mut report = Report::new(subject.site);
    for findings in outcome {
        report.add(findings.diagnostics, findings.claims, findings.recorded);
        report.hints.extend(findings.hints);
    }
    report.finish(subject)
}
