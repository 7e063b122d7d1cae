//! Checks: each judges claims of its kind and returns diagnostics. One folder a check: `mod.rs` is the check,
//! `doc.md` its page of the reference, whose fenced files and expected diagnostics are its test.

mod allow;
mod anchor;
mod api_change;
mod api_contract;
mod api_link;
mod api_operation;
mod bare_url;
mod baseline;
mod binding_body;
mod binding_record;
mod binding_signature;
mod binding_source;
mod captured_output;
mod code_language;
mod code_link;
mod collision;
mod configuration;
mod configuration_key;
mod dead_name;
mod declared_list;
mod diagram_binding;
mod diagram_description;
mod diagram_element;
mod diagram_inventory;
mod diagram_layout;
mod diagram_not_drawn;
mod diagram_refused;
mod diagram_relation;
mod diagram_syntax;
mod diagram_view;
mod duplicate_id;
mod empty_page;
mod external_link;
mod fact;
mod fact_source;
mod file_link;
mod footnote;
mod foreign_command;
mod front_matter;
mod heading_level;
mod image;
mod image_alt;
mod include_anchor;
mod include_target;
mod incomplete_list;
mod internal_page;
mod link_extension;
mod link_text;
mod missing_chapter;
mod moved_page;
mod openapi_body_schema;
mod openapi_code;
mod openapi_conflict;
mod openapi_coverage;
mod openapi_description;
mod openapi_error_code;
mod openapi_error_response;
mod openapi_example;
mod openapi_extractor;
mod openapi_field_description;
mod openapi_hole;
mod openapi_metadata;
mod openapi_nullable;
mod openapi_operation_id;
mod openapi_overlay;
mod openapi_path;
mod openapi_rate_limit;
mod openapi_reference;
mod openapi_route;
mod openapi_schema;
mod openapi_schema_name;
mod openapi_security;
mod openapi_security_scheme;
mod openapi_source;
mod openapi_stale;
mod openapi_status;
mod openapi_structure;
mod openapi_syntax;
mod openapi_tag;
mod openapi_unannotated;
mod openapi_unregistered;
mod openapi_unrouted;
mod openapi_unused_component;
mod page_link;
mod placeholder;
mod raw_html;
mod redirect;
mod removed_name;
mod report;
mod required_field;
mod required_heading;
mod reserved_name;
mod review_due;
mod run_convention;
mod run_evidence;
mod sample;
mod sample_schema;
mod sample_syntax;
mod summary;
mod suppression;
mod undefined_reference;
mod unlisted_page;
mod unreachable_page;
mod unreadable_page;
mod unsafe_address;

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

/// All checks, in the order of the reference: broken, suspect, pedantic.
pub static ALL: &[&Check] = &[
    &page_link::CHECK,
    &anchor::CHECK,
    &image::CHECK,
    &file_link::CHECK,
    &link_extension::CHECK,
    &undefined_reference::CHECK,
    &include_target::CHECK,
    &include_anchor::CHECK,
    &duplicate_id::CHECK,
    &missing_chapter::CHECK,
    &summary::CHECK,
    &removed_name::CHECK,
    &incomplete_list::CHECK,
    &declared_list::CHECK,
    &dead_name::CHECK,
    &moved_page::CHECK,
    &code_link::CHECK,
    &fact::CHECK,
    &fact_source::CHECK,
    &captured_output::CHECK,
    &binding_signature::CHECK,
    &binding_source::CHECK,
    &binding_record::CHECK,
    &sample::CHECK,
    &run_convention::CHECK,
    &run_evidence::CHECK,
    &sample_schema::CHECK,
    &redirect::CHECK,
    &unsafe_address::CHECK,
    &front_matter::CHECK,
    &required_field::CHECK,
    &required_heading::CHECK,
    &unreadable_page::CHECK,
    &collision::CHECK,
    &configuration::CHECK,
    &internal_page::CHECK,
    &diagram_syntax::CHECK,
    &diagram_binding::CHECK,
    &diagram_layout::CHECK,
    &api_link::CHECK,
    &api_change::CHECK,
    &openapi_syntax::CHECK,
    &openapi_source::CHECK,
    &openapi_conflict::CHECK,
    &openapi_stale::CHECK,
    &openapi_structure::CHECK,
    &openapi_reference::CHECK,
    &openapi_path::CHECK,
    &openapi_security_scheme::CHECK,
    &openapi_example::CHECK,
    &openapi_coverage::CHECK,
    &api_contract::CHECK,
    &openapi_route::CHECK,
    &openapi_schema_name::CHECK,
    &openapi_nullable::CHECK,
    &openapi_unregistered::CHECK,
    &openapi_unrouted::CHECK,
    &openapi_status::CHECK,
    &openapi_extractor::CHECK,
    &openapi_code::CHECK,
    &openapi_overlay::CHECK,
    &openapi_hole::CHECK,
    &openapi_operation_id::CHECK,
    &openapi_schema::CHECK,
    &openapi_unused_component::CHECK,
    &binding_body::CHECK,
    &review_due::CHECK,
    &api_operation::CHECK,
    &unlisted_page::CHECK,
    &unreachable_page::CHECK,
    &empty_page::CHECK,
    &raw_html::CHECK,
    &code_language::CHECK,
    &footnote::CHECK,
    &configuration_key::CHECK,
    &reserved_name::CHECK,
    &foreign_command::CHECK,
    &suppression::CHECK,
    &diagram_refused::CHECK,
    &diagram_inventory::CHECK,
    &diagram_element::CHECK,
    &diagram_view::CHECK,
    &diagram_not_drawn::CHECK,
    &diagram_relation::CHECK,
    &external_link::CHECK,
    &sample_syntax::CHECK,
    &heading_level::CHECK,
    &image_alt::CHECK,
    &placeholder::CHECK,
    &bare_url::CHECK,
    &link_text::CHECK,
    &diagram_description::CHECK,
    &openapi_description::CHECK,
    &openapi_body_schema::CHECK,
    &openapi_field_description::CHECK,
    &openapi_security::CHECK,
    &openapi_rate_limit::CHECK,
    &openapi_error_response::CHECK,
    &openapi_error_code::CHECK,
    &openapi_metadata::CHECK,
    &openapi_tag::CHECK,
    &openapi_unannotated::CHECK,
];

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
    /// Runbooks that run, and their evidence.
    pub runs: &'s [crate::runs::Known],
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
