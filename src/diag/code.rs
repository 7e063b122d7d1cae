//! The codes of all checks, in one table. Whoever sees a problem names its check by one of these; the check itself (its
//! group, its title, its page) stands with its sort of evidence, and a test holds the two lists against each other.

/// Declares the constants, and the list of them.
macro_rules! codes {
    ($($name:ident = $code:literal;)*) => {
        $(
            #[doc = concat!("`", $code, "`: `oathbook explain ", $code, "` prints its page.")]
            pub const $name: &str = $code;
        )*

        /// All codes.
        pub static ALL: &[&str] = &[$($code,)*];
    };
}

codes! {
    ALERT_CHANGE = "alert-change";
    ALERT_METRIC = "alert-metric";
    ALERT_OBJECTIVE = "alert-objective";
    ALERT_RULE = "alert-rule";
    ALERT_RUNBOOK = "alert-runbook";
    ALERT_SEVERITY = "alert-severity";
    ALERT_TEMPLATE = "alert-template";
    ALERT_TEST = "alert-test";
    ANCHOR = "anchor";
    API_CHANGE = "api-change";
    API_CONTRACT = "api-contract";
    API_LINK = "api-link";
    API_OPERATION = "api-operation";
    BARE_URL = "bare-url";
    BINDING_BODY = "binding-body";
    BINDING_RECORD = "binding-record";
    BINDING_SIGNATURE = "binding-signature";
    BINDING_SOURCE = "binding-source";
    CAPACITY_FORECAST = "capacity-forecast";
    CAPACITY_PLAN = "capacity-plan";
    CAPACITY_PRICE = "capacity-price";
    CAPACITY_SERIES = "capacity-series";
    CAPTURED_OUTPUT = "captured-output";
    CODE_LANGUAGE = "code-language";
    CODE_LINK = "code-link";
    COLLISION = "collision";
    CONFIGURATION = "configuration";
    CONFIGURATION_KEY = "configuration-key";
    DEAD_NAME = "dead-name";
    DECLARED_LIST = "declared-list";
    DIAGRAM_BINDING = "diagram-binding";
    DIAGRAM_DESCRIPTION = "diagram-description";
    DIAGRAM_ELEMENT = "diagram-element";
    DIAGRAM_INVENTORY = "diagram-inventory";
    DIAGRAM_LAYOUT = "diagram-layout";
    DIAGRAM_NOT_DRAWN = "diagram-not-drawn";
    DIAGRAM_REFUSED = "diagram-refused";
    DIAGRAM_RELATION = "diagram-relation";
    DIAGRAM_SYNTAX = "diagram-syntax";
    DIAGRAM_VIEW = "diagram-view";
    DUPLICATE_ID = "duplicate-id";
    EMPTY_PAGE = "empty-page";
    EXTERNAL_LINK = "external-link";
    FACT = "fact";
    FACT_SOURCE = "fact-source";
    FILE_LINK = "file-link";
    FOOTNOTE = "footnote";
    FOREIGN_COMMAND = "foreign-command";
    FRONT_MATTER = "front-matter";
    HEADING_LEVEL = "heading-level";
    IMAGE = "image";
    IMAGE_ALT = "image-alt";
    INCIDENT_ACTION = "incident-action";
    INCIDENT_LOAD = "incident-load";
    INCIDENT_PLAN = "incident-plan";
    INCIDENT_RECORD = "incident-record";
    INCIDENT_REPEAT = "incident-repeat";
    INCIDENT_REVIEW = "incident-review";
    INCIDENT_RUNBOOK = "incident-runbook";
    INCLUDE_ANCHOR = "include-anchor";
    INCLUDE_TARGET = "include-target";
    INCOMPLETE_LIST = "incomplete-list";
    INTERNAL_PAGE = "internal-page";
    LINK_EXTENSION = "link-extension";
    LINK_TEXT = "link-text";
    MISSING_CHAPTER = "missing-chapter";
    MOVED_PAGE = "moved-page";
    NEXT_PAGE = "next-page";
    ONCALL_CHANGE = "oncall-change";
    ONCALL_CONTACT = "oncall-contact";
    ONCALL_ESCALATION = "oncall-escalation";
    ONCALL_GAP = "oncall-gap";
    ONCALL_ROSTER = "oncall-roster";
    ONCALL_TEST = "oncall-test";
    ONCALL_TWICE = "oncall-twice";
    OPENAPI_BODY_SCHEMA = "openapi-body-schema";
    OPENAPI_CODE = "openapi-code";
    OPENAPI_CONFLICT = "openapi-conflict";
    OPENAPI_COVERAGE = "openapi-coverage";
    OPENAPI_DESCRIPTION = "openapi-description";
    OPENAPI_ERROR_CODE = "openapi-error-code";
    OPENAPI_ERROR_RESPONSE = "openapi-error-response";
    OPENAPI_EXAMPLE = "openapi-example";
    OPENAPI_EXTRACTOR = "openapi-extractor";
    OPENAPI_FIELD_DESCRIPTION = "openapi-field-description";
    OPENAPI_HOLE = "openapi-hole";
    OPENAPI_METADATA = "openapi-metadata";
    OPENAPI_NULLABLE = "openapi-nullable";
    OPENAPI_OPERATION_ID = "openapi-operation-id";
    OPENAPI_OVERLAY = "openapi-overlay";
    OPENAPI_PATH = "openapi-path";
    OPENAPI_RATE_LIMIT = "openapi-rate-limit";
    OPENAPI_REFERENCE = "openapi-reference";
    OPENAPI_ROUTE = "openapi-route";
    OPENAPI_SCHEMA = "openapi-schema";
    OPENAPI_SCHEMA_NAME = "openapi-schema-name";
    OPENAPI_SECURITY = "openapi-security";
    OPENAPI_SECURITY_SCHEME = "openapi-security-scheme";
    OPENAPI_SOURCE = "openapi-source";
    OPENAPI_STALE = "openapi-stale";
    OPENAPI_STATUS = "openapi-status";
    OPENAPI_STRUCTURE = "openapi-structure";
    OPENAPI_SYNTAX = "openapi-syntax";
    OPENAPI_TAG = "openapi-tag";
    OPENAPI_UNANNOTATED = "openapi-unannotated";
    OPENAPI_UNREGISTERED = "openapi-unregistered";
    OPENAPI_UNROUTED = "openapi-unrouted";
    OPENAPI_UNUSED_COMPONENT = "openapi-unused-component";
    PAGE_LINK = "page-link";
    PLACEHOLDER = "placeholder";
    PROOF = "proof";
    PROOF_DUE = "proof-due";
    RAW_HTML = "raw-html";
    RECOVERY_DRIFT = "recovery-drift";
    RECOVERY_DUE = "recovery-due";
    RECOVERY_LESSON = "recovery-lesson";
    RECOVERY_OBJECTIVE = "recovery-objective";
    RECOVERY_OPERATOR = "recovery-operator";
    RECOVERY_PLAN = "recovery-plan";
    REDIRECT = "redirect";
    REMOVED_NAME = "removed-name";
    REQUIRED_FIELD = "required-field";
    REQUIRED_HEADING = "required-heading";
    RESERVED_NAME = "reserved-name";
    REVIEW_DUE = "review-due";
    RUNBOOK_ALERT = "runbook-alert";
    RUN_CONVENTION = "run-convention";
    RUN_EVIDENCE = "run-evidence";
    SAMPLE = "sample";
    SAMPLE_SCHEMA = "sample-schema";
    SAMPLE_SYNTAX = "sample-syntax";
    SUMMARY = "summary";
    SLO_SPEC = "slo-spec";
    SUPPRESSION = "suppression";
    TICKED_BOX = "ticked-box";
    UNDEFINED_REFERENCE = "undefined-reference";
    UNLISTED_PAGE = "unlisted-page";
    UNREACHABLE_PAGE = "unreachable-page";
    UNREADABLE_PAGE = "unreadable-page";
    UNSAFE_ADDRESS = "unsafe-address";
}
