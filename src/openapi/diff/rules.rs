//! The rules: what a change between two API documents means for those who call the API.
//!
//! A rule is named after where it applies and what changed, `request-property-max-decreased`. Where a rule says what
//! one of oasdiff's says (Apache-2.0, the reference of the field), it has that rule's name, so that a team that changes
//! tools finds its rules again.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a change does to callers that were right before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// They go on working.
    Compatible,
    /// Some of them may stop working.
    Risky,
    /// Some of them stop working.
    Breaking,
}

impl Class {
    /// The lower-case name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Risky => "risky",
            Self::Breaking => "breaking",
        }
    }
}

/// Who writes what changed: the same change of a schema narrows what callers may send and what they must expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Callers write it.
    Request,
    /// Callers read it.
    Response,
    /// It concerns the operation.
    Neither,
}

impl Side {
    /// The lower-case name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Neither => "operation",
        }
    }
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable.
    pub id: String,
    /// What the change does to callers.
    pub class: Class,
    /// Who writes what changed.
    pub side: Side,
    /// What changed; `{}` is the thing, `{0}` and `{1}` are values.
    pub text: &'static str,
}

/// Where a schema stands, which names its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// A parameter's schema.
    Parameter,
    /// The schema of a header that callers send: what is inside has rules of its own.
    HeaderParameter,
    /// Within a parameter's schema.
    ParameterProperty,
    /// Within the schema of a header that callers send.
    HeaderProperty,
    /// A request body's schema.
    RequestBody,
    /// Within a request body.
    RequestProperty,
    /// The schema of a header that callers receive.
    ResponseHeader,
    /// Within the schema of such a header.
    ResponseHeaderProperty,
    /// A response body's schema.
    ResponseBody,
    /// Within a response body.
    ResponseProperty,
}

impl Spot {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Parameter,
        Self::HeaderParameter,
        Self::ParameterProperty,
        Self::HeaderProperty,
        Self::RequestBody,
        Self::RequestProperty,
        Self::ResponseHeader,
        Self::ResponseHeaderProperty,
        Self::ResponseBody,
        Self::ResponseProperty,
    ];

    /// What names of rules begin with.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parameter | Self::HeaderParameter => "request-parameter",
            Self::ParameterProperty => "request-parameter-property",
            Self::HeaderProperty => "request-header-property",
            Self::RequestBody => "request-body",
            Self::RequestProperty => "request-property",
            Self::ResponseHeader => "response-header",
            Self::ResponseHeaderProperty => "response-header-property",
            Self::ResponseBody => "response-body",
            Self::ResponseProperty => "response-property",
        }
    }

    /// Who writes it.
    pub fn side(self) -> Side {
        match self {
            Self::ResponseHeader
            | Self::ResponseHeaderProperty
            | Self::ResponseBody
            | Self::ResponseProperty => Side::Response,
            _ => Side::Request,
        }
    }

    /// The spot of what is inside.
    #[must_use]
    pub fn inner(self) -> Self {
        match self {
            Self::Parameter => Self::ParameterProperty,
            Self::HeaderParameter => Self::HeaderProperty,
            Self::RequestBody => Self::RequestProperty,
            Self::ResponseHeader => Self::ResponseHeaderProperty,
            Self::ResponseBody => Self::ResponseProperty,
            within => within,
        }
    }

    /// Whether it is the whole of what is sent: a parameter, a body, a header.
    pub fn is_whole(self) -> bool {
        self.inner() != self
    }
}

use Class::{Breaking as B, Compatible as C, Risky as R};

/// What can change about a schema, its class where callers write it and where they read it, and the text.
pub const ASPECTS: &[(&str, Class, Class, &str)] = &[
    ("type-changed", B, B, "the type of {} changed from {0} to {1}"),
    ("type-generalized", C, B, "the type of {} widened from {0} to {1}"),
    ("type-specialized", B, C, "the type of {} narrowed from {0} to {1}"),
    ("list-of-types-narrowed", B, C, "{} is no longer allowed to be {0}"),
    ("list-of-types-widened", C, B, "{} may now be {0}, too"),
    ("became-nullable", C, B, "{} may now be null"),
    ("became-not-nullable", B, C, "{} may no longer be null"),
    ("became-enum", B, C, "{} is now limited to a list of values"),
    ("became-not-enum", C, R, "{} is no longer limited to a list of values"),
    ("enum-value-removed", B, C, "{} lost the value {0}"),
    ("enum-value-added", C, R, "{} has the new value {0}"),
    ("x-extensible-enum-value-removed", B, C, "{} lost the value {0} of its extensible list"),
    ("x-extensible-enum-value-added", C, C, "{} has the new value {0} in its extensible list"),
    ("const-added", B, C, "{} must now be {0}"),
    ("const-changed", B, B, "the constant {} changed from {0} to {1}"),
    ("const-removed", C, B, "{} is no longer always {0}"),
    ("default-value-added", C, C, "{} has the new default {0}"),
    ("default-value-changed", C, C, "the default of {} changed from {0} to {1}"),
    ("default-value-removed", C, C, "{} lost its default {0}"),
    ("max-decreased", B, C, "the maximum of {} fell from {0} to {1}"),
    ("max-increased", C, B, "the maximum of {} rose from {0} to {1}"),
    ("max-set", R, C, "{} has the new maximum {0}"),
    ("max-unset", C, B, "{} lost its maximum {0}"),
    ("exclusive-max-decreased", B, C, "the bound that {} must stay below fell from {0} to {1}"),
    ("exclusive-max-increased", C, B, "the bound that {} must stay below rose from {0} to {1}"),
    ("exclusive-max-set", R, C, "{} must now stay below {0}"),
    ("exclusive-max-unset", C, B, "{} need no longer stay below {0}"),
    ("min-increased", B, C, "the minimum of {} rose from {0} to {1}"),
    ("min-decreased", C, B, "the minimum of {} fell from {0} to {1}"),
    ("min-set", R, C, "{} has the new minimum {0}"),
    ("min-unset", C, B, "{} lost its minimum {0}"),
    ("exclusive-min-increased", B, C, "the bound that {} must exceed rose from {0} to {1}"),
    ("exclusive-min-decreased", C, B, "the bound that {} must exceed fell from {0} to {1}"),
    ("exclusive-min-set", R, C, "{} must now exceed {0}"),
    ("exclusive-min-unset", C, B, "{} need no longer exceed {0}"),
    ("max-length-decreased", B, C, "the maximal length of {} fell from {0} to {1}"),
    ("max-length-increased", C, B, "the maximal length of {} rose from {0} to {1}"),
    ("max-length-set", R, C, "{} has the new maximal length {0}"),
    ("max-length-unset", C, B, "{} lost its maximal length {0}"),
    ("min-length-increased", B, C, "the minimal length of {} rose from {0} to {1}"),
    ("min-length-decreased", C, B, "the minimal length of {} fell from {0} to {1}"),
    ("max-items-decreased", B, C, "the largest number of items of {} fell from {0} to {1}"),
    ("max-items-increased", C, B, "the largest number of items of {} rose from {0} to {1}"),
    ("max-items-set", R, C, "{} may now have at most {0} items"),
    ("max-items-unset", C, B, "{} may now have more than {0} items"),
    ("min-items-increased", B, C, "the smallest number of items of {} rose from {0} to {1}"),
    ("min-items-decreased", C, B, "the smallest number of items of {} fell from {0} to {1}"),
    ("min-items-set", R, C, "{} must now have at least {0} items"),
    ("min-items-unset", C, B, "{} may now have fewer than {0} items"),
    ("max-properties-decreased", B, C, "the largest number of properties of {} fell from {0} to {1}"),
    ("max-properties-increased", C, B, "the largest number of properties of {} rose from {0} to {1}"),
    ("max-properties-set", R, C, "{} may now have at most {0} properties"),
    ("max-properties-unset", C, B, "{} may now have more than {0} properties"),
    ("min-properties-increased", B, C, "the smallest number of properties of {} rose from {0} to {1}"),
    ("min-properties-decreased", C, B, "the smallest number of properties of {} fell from {0} to {1}"),
    ("multiple-of-set", R, C, "{} must now be a multiple of {0}"),
    ("multiple-of-changed", B, B, "{} must be a multiple of {1} instead of {0}"),
    ("multiple-of-unset", C, B, "{} need no longer be a multiple of {0}"),
    ("unique-items-set", B, C, "the items of {} must now differ"),
    ("unique-items-unset", C, B, "the items of {} may now repeat"),
    ("pattern-added", B, C, "{} must now match the pattern {0}"),
    ("pattern-changed", R, C, "the pattern of {} changed from {0} to {1}"),
    ("pattern-generalized", C, C, "the pattern of {} widened from {0} to {1}"),
    ("pattern-removed", C, C, "{} need no longer match the pattern {0}"),
    ("all-of-added", B, C, "{} must now meet {0}, too (allOf)"),
    ("all-of-removed", R, C, "{} need no longer meet {0} (allOf)"),
    ("all-of-added-annotation-only", C, C, "{} has a new part {0} without constraints (allOf)"),
    ("all-of-removed-annotation-only", C, C, "{} lost the part {0} without constraints (allOf)"),
    ("any-of-added", C, R, "{} has the new variant {0} (anyOf)"),
    ("any-of-removed", B, C, "{} lost the variant {0} (anyOf)"),
    ("one-of-added", C, B, "{} has the new variant {0} (oneOf)"),
    ("one-of-removed", B, C, "{} lost the variant {0} (oneOf)"),
    ("wrapped-in-one-of", B, B, "{} became a choice of variants (oneOf)"),
    ("not-added", B, C, "{} must now not match a schema (not)"),
    ("not-removed", C, B, "{} may now match what it must not before (not)"),
    ("discriminator-added", C, C, "{} has the new discriminator {0}"),
    ("discriminator-removed", C, C, "{} lost its discriminator {0}"),
    ("discriminator-property-name-changed", R, R, "the discriminator of {} changed from {0} to {1}"),
    ("discriminator-mapping-added", C, C, "the discriminator of {} has the new value {0}"),
    ("discriminator-mapping-deleted", C, C, "the discriminator of {} lost the value {0}"),
    ("discriminator-mapping-changed", C, C, "the discriminator value {0} of {} leads to another schema"),
    ("prefix-items-removed", B, C, "the tuple {} lost its item {0}"),
    ("prefix-items-added", C, B, "the tuple {} has the new item {0}"),
    ("if-added", B, C, "{} has a new condition (if)"),
    ("if-removed", C, B, "{} lost its condition (if)"),
    ("then-added", B, C, "{} must meet more where its condition holds (then)"),
    ("then-removed", C, B, "{} need no longer meet more where its condition holds (then)"),
    ("else-added", B, C, "{} must meet more where its condition does not hold (else)"),
    ("else-removed", C, B, "{} need no longer meet more where its condition does not hold (else)"),
    ("contains-added", B, C, "an item of {} must now match a schema (contains)"),
    ("contains-removed", C, B, "no item of {} need match a schema any longer (contains)"),
    ("min-contains-increased", B, C, "the smallest number of matching items of {} rose from {0} to {1}"),
    ("min-contains-decreased", C, B, "the smallest number of matching items of {} fell from {0} to {1}"),
    ("max-contains-decreased", B, C, "the largest number of matching items of {} fell from {0} to {1}"),
    ("max-contains-increased", C, B, "the largest number of matching items of {} rose from {0} to {1}"),
    ("dependent-required-added", B, C, "where {} has {0}, it must now have {1}"),
    ("dependent-required-changed", B, B, "what {} must have beside {0} changed: {1}"),
    ("dependent-required-removed", C, B, "where {} has {0}, it need no longer have {1}"),
    ("dependent-schema-added", B, C, "where {} has {0}, it must now match a schema"),
    ("dependent-schema-removed", C, B, "where {} has {0}, it need no longer match a schema"),
    ("pattern-property-added", B, C, "properties of {} that match {0} must now match a schema"),
    ("pattern-property-removed", C, B, "properties of {} that match {0} need no longer match a schema"),
    ("property-names-added", B, C, "the names of properties of {} must now match a schema"),
    ("property-names-removed", C, B, "the names of properties of {} need no longer match a schema"),
    ("additional-properties-closed", B, C, "{} no longer takes properties beyond its own"),
    ("additional-properties-opened", C, C, "{} may now have properties beyond its own"),
    ("unevaluated-items-added", B, C, "{} no longer takes items beyond its own (unevaluatedItems)"),
    ("unevaluated-items-removed", C, B, "{} may now have items beyond its own (unevaluatedItems)"),
    ("unevaluated-properties-added", B, C, "{} no longer takes other properties (unevaluatedProperties)"),
    ("unevaluated-properties-removed", C, B, "{} may now have other properties (unevaluatedProperties)"),
    ("content-schema-added", B, C, "the content of {} must now match a schema"),
    ("content-schema-removed", C, B, "the content of {} need no longer match a schema"),
    ("content-media-type-changed", B, B, "the media type in {} changed from {0} to {1}"),
    ("content-encoding-changed", B, B, "the encoding of {} changed from {0} to {1}"),
];

/// What can change about a property, beside its schema; as [`ASPECTS`].
pub const OF_PROPERTIES: &[(&str, Class, Class, &str)] = &[
    ("became-required", B, C, "{} became required"),
    ("became-required-with-default", B, C, "{} became required (it has a default)"),
    ("became-optional", C, B, "{} became optional"),
    ("deprecated", C, C, "{} became deprecated"),
    ("deprecated-with-sunset", C, C, "{} became deprecated and goes away on {0}"),
    ("reactivated", C, C, "{} is no longer deprecated"),
    ("deprecated-sunset-missing", B, B, "{} became deprecated without saying when it goes away (x-sunset)"),
    ("deprecated-sunset-invalid", B, B, "{} became deprecated with x-sunset {0}, which is no date"),
    ("sunset-date-too-small", B, B, "{} goes away on {0}, sooner than the {1} days that were promised"),
    ("stability-decreased", B, B, "the stability of {} fell from {0} to {1}"),
    ("stability-increased", C, C, "the stability of {} rose from {0} to {1}"),
];

/// Where a rule of one spot differs from the table.
const EXCEPTIONS: &[(&str, Class)] = &[
    // A parameter's default acts on callers that never heard of it; a body's is read by whoever wrote the body.
    ("request-parameter-default-value-added", B),
    ("request-parameter-default-value-changed", B),
    ("request-parameter-default-value-removed", B),
    ("request-parameter-property-type-changed", R),
];

/// Rules about properties that come and go.
const PROPERTIES: &[(&str, Class, Side, &str)] = &[
    ("new-required-request-property", B, Side::Request, "{} is new and required"),
    (
        "new-required-request-property-with-default",
        B,
        Side::Request,
        "{} is new and required (it has a default)",
    ),
    ("new-optional-request-property", C, Side::Request, "{} is new"),
    ("request-property-removed", R, Side::Request, "{} is gone"),
    ("new-required-request-header-property", B, Side::Request, "{} is new and required"),
    ("new-optional-request-header-property", C, Side::Request, "{} is new"),
    ("request-header-property-removed", R, Side::Request, "{} is gone"),
    ("new-required-request-parameter-property", B, Side::Request, "{} is new and required"),
    ("new-optional-request-parameter-property", C, Side::Request, "{} is new"),
    ("request-parameter-property-removed", R, Side::Request, "{} is gone"),
    ("response-required-property-removed", B, Side::Response, "{} is gone; it was always there"),
    ("response-optional-property-removed", R, Side::Response, "{} is gone"),
    ("response-required-property-added", C, Side::Response, "{} is new and always there"),
    ("response-optional-property-added", C, Side::Response, "{} is new"),
];

/// Rules about operations and what they consist of.
const OPERATIONS: &[(&str, Class, Side, &str)] = &[
    ("endpoint-added", C, Side::Neither, "{} is new"),
    (
        "api-path-removed-without-deprecation",
        B,
        Side::Neither,
        "{} is gone with its path, and was not deprecated",
    ),
    (
        "api-path-removed-before-sunset",
        B,
        Side::Neither,
        "{} is gone with its path before {0}, the day it was promised until",
    ),
    (
        "api-path-removed-with-deprecation",
        C,
        Side::Neither,
        "{} is gone with its path, after it was deprecated",
    ),
    ("api-path-sunset-parse", B, Side::Neither, "{} has x-sunset {0}, which is no date"),
    ("api-removed-without-deprecation", B, Side::Neither, "{} is gone and was not deprecated"),
    ("api-removed-before-sunset", B, Side::Neither, "{} is gone before {0}, the day it was promised until"),
    ("api-removed-with-deprecation", C, Side::Neither, "{} is gone, after it was deprecated"),
    ("endpoint-deprecated", C, Side::Neither, "{} became deprecated"),
    ("endpoint-deprecated-with-sunset", C, Side::Neither, "{} became deprecated and goes away on {0}"),
    ("endpoint-reactivated", C, Side::Neither, "{} is no longer deprecated"),
    (
        "api-deprecated-sunset-parse",
        B,
        Side::Neither,
        "{} became deprecated with x-sunset {0}, which is no date",
    ),
    (
        "api-deprecated-sunset-missing",
        B,
        Side::Neither,
        "{} became deprecated without saying when it goes away (x-sunset)",
    ),
    (
        "api-sunset-date-too-small",
        B,
        Side::Neither,
        "{} goes away on {0}, sooner than the {1} days that were promised",
    ),
    (
        "sunset-deleted",
        B,
        Side::Neither,
        "{} is still deprecated but no longer says when it goes away (x-sunset)",
    ),
    (
        "api-sunset-date-changed-too-small",
        B,
        Side::Neither,
        "the day {} goes away moved forward from {0} to {1}",
    ),
    ("api-invalid-stability-level", B, Side::Neither, "{} has x-stability-level {0}, which is no level"),
    ("api-stability-decreased", B, Side::Neither, "the stability of {} fell from {0} to {1}"),
    ("api-stability-increased", C, Side::Neither, "the stability of {} rose from {0} to {1}"),
    ("api-operation-id-removed", C, Side::Neither, "{} lost its operation id {0}"),
    ("api-operation-id-added", C, Side::Neither, "{} has the new operation id {0}"),
    (
        "api-operation-id-changed",
        R,
        Side::Neither,
        "the operation id of {} changed from {0} to {1}, which renames generated functions",
    ),
    ("api-tag-removed", C, Side::Neither, "{} lost the tag {0}"),
    ("api-tag-added", C, Side::Neither, "{} has the new tag {0}"),
    (
        "api-security-tightened",
        B,
        Side::Neither,
        "{} now asks for {1}; callers that came with {0} are refused",
    ),
    ("api-security-added", C, Side::Neither, "{} now takes {0}, too"),
    ("api-security-removed", C, Side::Neither, "{} no longer asks for {0}"),
    ("webhook-removed", B, Side::Neither, "{} is gone"),
    ("webhook-added", C, Side::Neither, "{} is new"),
    ("api-schema-removed", C, Side::Neither, "the schema {} is gone"),
    ("new-required-request-parameter", B, Side::Request, "{} is new and required"),
    (
        "new-required-request-default-parameter-to-existing-path",
        B,
        Side::Request,
        "{} is new and required by all operations of the path",
    ),
    (
        "new-optional-request-default-parameter-to-existing-path",
        C,
        Side::Request,
        "{} is new for all operations of the path",
    ),
    ("new-request-path-parameter", B, Side::Request, "{} is new"),
    ("new-optional-request-parameter", C, Side::Request, "{} is new"),
    ("request-parameter-removed", R, Side::Request, "{} is gone"),
    ("request-parameter-removed-with-deprecation", C, Side::Request, "{} is gone, after it was deprecated"),
    (
        "request-parameter-removed-before-sunset",
        B,
        Side::Request,
        "{} is gone before {0}, the day it was promised until",
    ),
    ("request-parameter-became-required", B, Side::Request, "{} became required"),
    ("request-parameter-became-optional", C, Side::Request, "{} became optional"),
    ("request-parameter-deprecated", C, Side::Request, "{} became deprecated"),
    (
        "request-parameter-deprecated-with-sunset",
        C,
        Side::Request,
        "{} became deprecated and goes away on {0}",
    ),
    ("request-parameter-reactivated", C, Side::Request, "{} is no longer deprecated"),
    (
        "request-parameter-deprecated-sunset-missing",
        B,
        Side::Request,
        "{} became deprecated without saying when it goes away (x-sunset)",
    ),
    ("request-parameter-sunset-parse", B, Side::Request, "{} has x-sunset {0}, which is no date"),
    (
        "request-parameter-sunset-date-too-small",
        B,
        Side::Request,
        "{} goes away on {0}, sooner than the {1} days that were promised",
    ),
    (
        "request-parameter-sunset-deleted",
        B,
        Side::Request,
        "{} is still deprecated but no longer says when it goes away (x-sunset)",
    ),
    (
        "request-parameter-sunset-date-changed-too-small",
        B,
        Side::Request,
        "the day {} goes away moved forward from {0} to {1}",
    ),
    (
        "request-parameter-serialization-changed",
        B,
        Side::Request,
        "{} is written in another way: {0} before, {1} now",
    ),
    ("request-body-added-required", B, Side::Request, "{} is new and required"),
    ("request-body-added-optional", C, Side::Request, "{} is new"),
    ("request-body-removed", B, Side::Request, "{} is gone"),
    ("request-body-became-required", B, Side::Request, "{} became required"),
    ("request-body-became-optional", C, Side::Request, "{} became optional"),
    ("request-body-media-type-added", C, Side::Request, "{} may now be {0}, too"),
    ("request-body-media-type-removed", B, Side::Request, "{} may no longer be {0}"),
    ("request-body-media-type-schema-added", B, Side::Request, "{} as {0} has a schema where it had none"),
    ("request-body-media-type-schema-removed", C, Side::Request, "{} as {0} lost its schema"),
    ("response-success-status-removed", B, Side::Response, "{} is gone"),
    ("response-success-status-added", C, Side::Response, "{} is new"),
    ("response-non-success-status-removed", C, Side::Response, "{} is gone"),
    ("response-non-success-status-added", C, Side::Response, "{} is new"),
    ("response-media-type-added", C, Side::Response, "{} may now be {0}, too"),
    ("response-media-type-removed", B, Side::Response, "{} is no longer sent as {0}"),
    ("response-media-type-name-changed", C, Side::Response, "the media type of {} changed from {0} to {1}"),
    (
        "response-media-type-name-generalized",
        B,
        Side::Response,
        "the media type of {} widened from {0} to {1}",
    ),
    (
        "response-media-type-name-specialized",
        C,
        Side::Response,
        "the media type of {} narrowed from {0} to {1}",
    ),
    ("response-body-media-type-schema-added", C, Side::Response, "{} as {0} has a schema where it had none"),
    ("response-body-media-type-schema-removed", R, Side::Response, "{} as {0} lost its schema"),
    ("required-response-header-removed", B, Side::Response, "{} is gone; it was always there"),
    ("optional-response-header-removed", R, Side::Response, "{} is gone"),
    ("response-header-added", C, Side::Response, "{} is new"),
    ("response-header-became-required", C, Side::Response, "{} is now always there"),
    ("response-header-became-optional", B, Side::Response, "{} became optional"),
];

/// Every rule, by id.
pub static RULES: LazyLock<BTreeMap<String, Rule>> = LazyLock::new(|| {
    let mut rules = BTreeMap::new();
    let mut add = |id: String, class: Class, side: Side, text: &'static str| {
        let class = EXCEPTIONS.iter().find(|(known, _)| *known == id).map_or(class, |(_, class)| *class);
        rules.insert(id.clone(), Rule { id, class, side, text });
    };
    for spot in Spot::ALL {
        let of_properties = if spot.is_whole() { &[] } else { OF_PROPERTIES };
        for (aspect, request, response, text) in ASPECTS.iter().chain(of_properties) {
            let class = if spot.side() == Side::Request { *request } else { *response };
            add(format!("{}-{aspect}", spot.name()), class, spot.side(), text);
        }
    }
    for (id, class, side, text) in PROPERTIES.iter().chain(OPERATIONS) {
        add((*id).to_owned(), *class, *side, text);
    }
    for side in [Side::Request, Side::Response] {
        for (required, change, text) in ACCESS {
            let id = format!("{}-{required}-property-{change}", side.name());
            let alone = id == "response-required-property-became-not-write-only";
            add(id, if alone { R } else { C }, side, text);
        }
    }
    rules
});

/// Changes of `readOnly` and `writeOnly`.
const ACCESS: &[(&str, &str, &str)] = &[
    ("required", "became-read-only", "{} is now only received"),
    ("required", "became-not-read-only", "{} may now be sent, too"),
    ("required", "became-write-only", "{} is now only sent"),
    ("required", "became-not-write-only", "{} is now received, too"),
    ("optional", "became-read-only", "{} is now only received"),
    ("optional", "became-not-read-only", "{} may now be sent, too"),
    ("optional", "became-write-only", "{} is now only sent"),
    ("optional", "became-not-write-only", "{} is now received, too"),
];

/// The rule of that name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.get(id)
}
