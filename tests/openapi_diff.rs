//! Changes between API documents: a case for every rule, and how many of the field's rules there are.
//!
//! A schema's cases are pairs of schemas put in every spot where a schema can stand; the other cases are pairs of
//! documents. Each case says all that is to be found.

use oathbook::base::{Date, RelPath};
use oathbook::openapi::Document;
use oathbook::openapi::diff::{self, Change, Class, Options, RULES, Side, Spot};
use std::collections::BTreeSet;

fn options() -> Options {
    Options { today: Date::new(2026, 11, 23).unwrap(), grace_days: 0 }
}

fn compare_with(base: &str, head: &str, options: Options) -> Vec<Change> {
    let read = |name: &str, text: &str| {
        let document = Document::parse(&RelPath::parse(name).unwrap(), text);
        assert!(document.problems.is_empty(), "{:?}\n{text}", document.problems);
        document
    };
    let (base, head) = (read("base.yaml", base), read("head.yaml", head));
    diff::compare(&base.root, &head.root, options)
}

fn compare(base: &str, head: &str) -> Vec<Change> {
    compare_with(base, head, options())
}

fn ids(changes: &[Change]) -> BTreeSet<String> {
    changes.iter().map(|change| change.rule.id.clone()).collect()
}

/// A document in whose only operation a schema stands in a spot. Flow style, so that a case is one line.
fn document(spot: Spot, schema: &str) -> String {
    let object = |schema: &str| format!("{{type: object, properties: {{p: {schema}}}}}");
    let parameter = |place: &str, schema: &str| {
        format!(
            "{{parameters: [{{name: q, in: {place}, schema: {schema}}}], responses: {{'204': {{description: ''}}}}}}"
        )
    };
    let body = |schema: &str| {
        format!(
            "{{requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}, responses: {{'204': {{description: ''}}}}}}"
        )
    };
    let header = |schema: &str| {
        format!("{{responses: {{'200': {{description: '', headers: {{X-H: {{schema: {schema}}}}}}}}}}}")
    };
    let response = |schema: &str| {
        format!(
            "{{responses: {{'200': {{description: '', content: {{application/json: {{schema: {schema}}}}}}}}}}}"
        )
    };
    let operation = match spot {
        Spot::Parameter => parameter("query", schema),
        Spot::HeaderParameter => parameter("header", schema),
        Spot::ParameterProperty => parameter("query", &object(schema)),
        Spot::HeaderProperty => parameter("header", &object(schema)),
        Spot::RequestBody => body(schema),
        Spot::RequestProperty => body(&object(schema)),
        Spot::ResponseHeader => header(schema),
        Spot::ResponseHeaderProperty => header(&object(schema)),
        Spot::ResponseBody => response(schema),
        Spot::ResponseProperty => response(&object(schema)),
    };
    format!("openapi: 3.1.0\npaths: {{/a: {{post: {operation}}}}}\n")
}

/// What is found when the first schema becomes the second, and when the second becomes the first.
const SCHEMAS: &[(&str, &str, &str, &str)] = &[
    ("type-changed", "type-changed", "{type: boolean}", "{type: array}"),
    ("type-generalized", "type-specialized", "{type: integer}", "{type: number}"),
    (
        "type-generalized",
        "type-specialized",
        "{type: integer, format: int32}",
        "{type: integer, format: int64}",
    ),
    ("type-specialized", "type-generalized", "{type: string}", "{type: string, format: uuid}"),
    ("type-changed", "type-changed", "{type: string, format: uuid}", "{type: string, format: date}"),
    ("type-specialized", "type-generalized", "{}", "{type: integer}"),
    (
        "list-of-types-widened",
        "list-of-types-narrowed",
        "{type: [integer, boolean]}",
        "{type: [integer, boolean, string]}",
    ),
    (
        "list-of-types-widened",
        "list-of-types-narrowed",
        "{type: boolean}",
        "{oneOf: [{type: boolean}, {type: string}]}",
    ),
    ("became-nullable", "became-not-nullable", "{type: string}", "{type: [string, 'null']}"),
    ("became-nullable", "became-not-nullable", "{type: string}", "{oneOf: [{type: 'null'}, {type: string}]}"),
    (
        "became-nullable",
        "became-not-nullable",
        "{type: string, enum: [a]}",
        "{type: string, nullable: true, enum: [a, null]}",
    ),
    ("became-enum", "became-not-enum", "{type: string}", "{type: string, enum: [a, b]}"),
    ("enum-value-added", "enum-value-removed", "{type: string, enum: [a]}", "{type: string, enum: [a, b]}"),
    (
        "x-extensible-enum-value-added",
        "x-extensible-enum-value-removed",
        "{type: string, x-extensible-enum: [a]}",
        "{type: string, x-extensible-enum: [a, b]}",
    ),
    ("const-added", "const-removed", "{type: string}", "{type: string, const: a}"),
    ("const-changed", "const-changed", "{type: string, const: b}", "{type: string, const: a}"),
    ("default-value-added", "default-value-removed", "{type: string}", "{type: string, default: a}"),
    (
        "default-value-changed",
        "default-value-changed",
        "{type: string, default: b}",
        "{type: string, default: a}",
    ),
    ("max-increased", "max-decreased", "{type: integer, maximum: 5}", "{type: integer, maximum: 10}"),
    ("max-set", "max-unset", "{type: integer}", "{type: integer, maximum: 10}"),
    (
        "exclusive-max-increased",
        "exclusive-max-decreased",
        "{type: integer, exclusiveMaximum: 5}",
        "{type: integer, exclusiveMaximum: 10}",
    ),
    (
        "exclusive-max-increased",
        "exclusive-max-decreased",
        "{type: integer, maximum: 5, exclusiveMaximum: true}",
        "{type: integer, maximum: 6, exclusiveMaximum: true}",
    ),
    ("exclusive-max-set", "exclusive-max-unset", "{type: integer}", "{type: integer, exclusiveMaximum: 10}"),
    ("min-increased", "min-decreased", "{type: number, minimum: 0.5}", "{type: number, minimum: 0.75}"),
    ("min-set", "min-unset", "{type: integer}", "{type: integer, minimum: 1}"),
    (
        "exclusive-min-increased",
        "exclusive-min-decreased",
        "{type: integer, exclusiveMinimum: 5}",
        "{type: integer, exclusiveMinimum: 10}",
    ),
    ("exclusive-min-set", "exclusive-min-unset", "{type: integer}", "{type: integer, exclusiveMinimum: 1}"),
    (
        "max-length-increased",
        "max-length-decreased",
        "{type: string, maxLength: 5}",
        "{type: string, maxLength: 10}",
    ),
    ("max-length-set", "max-length-unset", "{type: string}", "{type: string, maxLength: 10}"),
    ("min-length-increased", "min-length-decreased", "{type: string}", "{type: string, minLength: 1}"),
    (
        "max-items-increased",
        "max-items-decreased",
        "{type: array, maxItems: 5}",
        "{type: array, maxItems: 10}",
    ),
    ("max-items-set", "max-items-unset", "{type: array}", "{type: array, maxItems: 10}"),
    (
        "min-items-increased",
        "min-items-decreased",
        "{type: array, minItems: 5}",
        "{type: array, minItems: 10}",
    ),
    ("min-items-set", "min-items-unset", "{type: array}", "{type: array, minItems: 10}"),
    (
        "max-properties-increased",
        "max-properties-decreased",
        "{type: object, maxProperties: 5}",
        "{type: object, maxProperties: 10}",
    ),
    ("max-properties-set", "max-properties-unset", "{type: object}", "{type: object, maxProperties: 10}"),
    (
        "min-properties-increased",
        "min-properties-decreased",
        "{type: object}",
        "{type: object, minProperties: 10}",
    ),
    ("multiple-of-set", "multiple-of-unset", "{type: integer}", "{type: integer, multipleOf: 5}"),
    (
        "multiple-of-changed",
        "multiple-of-changed",
        "{type: integer, multipleOf: 3}",
        "{type: integer, multipleOf: 5}",
    ),
    ("unique-items-set", "unique-items-unset", "{type: array}", "{type: array, uniqueItems: true}"),
    ("pattern-added", "pattern-removed", "{type: string}", "{type: string, pattern: '^a'}"),
    ("pattern-changed", "pattern-changed", "{type: string, pattern: '^b'}", "{type: string, pattern: '^a'}"),
    (
        "pattern-generalized",
        "pattern-changed",
        "{type: string, pattern: '^b'}",
        "{type: string, pattern: '.*'}",
    ),
    (
        "all-of-added",
        "all-of-removed",
        "{allOf: [{type: string}, {minLength: 1}]}",
        "{allOf: [{type: string}, {minLength: 1}, {pattern: '^a', title: P}]}",
    ),
    (
        "all-of-added-annotation-only",
        "all-of-removed-annotation-only",
        "{allOf: [{type: string}, {minLength: 1}]}",
        "{allOf: [{type: string}, {minLength: 1}, {title: P}]}",
    ),
    (
        "one-of-added",
        "one-of-removed",
        "{oneOf: [{title: A, type: string}, {title: B, type: object}]}",
        "{oneOf: [{title: A, type: string}, {title: B, type: object}, {title: C, type: array}]}",
    ),
    (
        "one-of-added",
        "one-of-removed",
        "{type: object, properties: {a: {type: string}}}",
        "{oneOf: [{type: object, properties: {a: {type: string}}}, {title: C, type: object}]}",
    ),
    (
        "any-of-added",
        "any-of-removed",
        "{anyOf: [{title: A, type: string}, {title: B, type: object}]}",
        "{anyOf: [{title: A, type: string}, {title: B, type: object}, {title: C, type: array}]}",
    ),
    ("not-added", "not-removed", "{type: string}", "{type: string, not: {const: a}}"),
    (
        "discriminator-added",
        "discriminator-removed",
        "{oneOf: [{title: A}, {title: B}]}",
        "{oneOf: [{title: A}, {title: B}], discriminator: {propertyName: k}}",
    ),
    (
        "discriminator-property-name-changed",
        "discriminator-property-name-changed",
        "{oneOf: [{title: A}, {title: B}], discriminator: {propertyName: l}}",
        "{oneOf: [{title: A}, {title: B}], discriminator: {propertyName: k}}",
    ),
    (
        "discriminator-mapping-added",
        "discriminator-mapping-deleted",
        "{oneOf: [{title: A}, {title: B}], discriminator: {propertyName: k}}",
        "{oneOf: [{title: A}, {title: B}], discriminator: {propertyName: k, mapping: {a: A}}}",
    ),
    (
        "discriminator-mapping-changed",
        "discriminator-mapping-changed",
        "{oneOf: [{title: A}, {title: B}], discriminator: {propertyName: k, mapping: {a: B}}}",
        "{oneOf: [{title: A}, {title: B}], discriminator: {propertyName: k, mapping: {a: A}}}",
    ),
    (
        "prefix-items-added",
        "prefix-items-removed",
        "{type: array, prefixItems: [{type: string}]}",
        "{type: array, prefixItems: [{type: string}, {type: integer}]}",
    ),
    ("if-added", "if-removed", "{type: object}", "{type: object, if: {required: [a]}}"),
    (
        "then-added",
        "then-removed",
        "{type: object, if: {required: [a]}}",
        "{type: object, if: {required: [a]}, then: {required: [b]}}",
    ),
    (
        "else-added",
        "else-removed",
        "{type: object, if: {required: [a]}}",
        "{type: object, if: {required: [a]}, else: {required: [b]}}",
    ),
    ("contains-added", "contains-removed", "{type: array}", "{type: array, contains: {const: 1}}"),
    (
        "min-contains-increased",
        "min-contains-decreased",
        "{type: array, contains: {const: 1}}",
        "{type: array, contains: {const: 1}, minContains: 2}",
    ),
    (
        "max-contains-increased",
        "max-contains-decreased",
        "{type: array, contains: {const: 1}, maxContains: 2}",
        "{type: array, contains: {const: 1}}",
    ),
    (
        "dependent-required-added",
        "dependent-required-removed",
        "{type: object}",
        "{type: object, dependentRequired: {a: [b]}}",
    ),
    (
        "dependent-required-changed",
        "dependent-required-changed",
        "{type: object, dependentRequired: {a: [c]}}",
        "{type: object, dependentRequired: {a: [b]}}",
    ),
    (
        "dependent-schema-added",
        "dependent-schema-removed",
        "{type: object}",
        "{type: object, dependentSchemas: {a: {required: [b]}}}",
    ),
    (
        "pattern-property-added",
        "pattern-property-removed",
        "{type: object}",
        "{type: object, patternProperties: {'^x-': {type: string}}}",
    ),
    (
        "property-names-added",
        "property-names-removed",
        "{type: object}",
        "{type: object, propertyNames: {pattern: '^a'}}",
    ),
    (
        "additional-properties-closed",
        "additional-properties-opened",
        "{type: object}",
        "{type: object, additionalProperties: false}",
    ),
    (
        "unevaluated-items-added",
        "unevaluated-items-removed",
        "{type: array}",
        "{type: array, unevaluatedItems: false}",
    ),
    (
        "unevaluated-properties-added",
        "unevaluated-properties-removed",
        "{type: object}",
        "{type: object, unevaluatedProperties: false}",
    ),
    (
        "content-schema-added",
        "content-schema-removed",
        "{type: string}",
        "{type: string, contentSchema: {type: object}}",
    ),
    (
        "content-media-type-changed",
        "content-media-type-changed",
        "{type: string, contentMediaType: text/css}",
        "{type: string, contentMediaType: text/html}",
    ),
    (
        "content-encoding-changed",
        "content-encoding-changed",
        "{type: string, contentEncoding: base32}",
        "{type: string, contentEncoding: base64}",
    ),
    (
        "wrapped-in-one-of",
        "",
        "{type: object, properties: {a: {type: string}}}",
        "{oneOf: [{title: A, type: object, properties: {a: {type: integer}}}, {title: B, type: object}]}",
    ),
];

#[test]
fn every_rule_about_schemas_fires_in_every_spot_alone() {
    let mut fired = BTreeSet::new();
    for spot in Spot::ALL {
        for (there, back, base, head) in SCHEMAS {
            for (aspect, base, head) in [(there, base, head), (back, head, base)] {
                if aspect.is_empty() {
                    continue;
                }
                let changes = compare(&document(spot, base), &document(spot, head));
                let expected = BTreeSet::from([format!("{}-{aspect}", spot.name())]);
                assert_eq!(ids(&changes), expected, "{spot:?}: {base} to {head}");
                assert_eq!(*changes[0].operations, ["POST /a"], "{spot:?}: {base} to {head}");
                assert_eq!(changes[0].rule.side, spot.side());
                fired.extend(expected);
            }
        }
    }
    let about_schemas: BTreeSet<String> = Spot::ALL
        .iter()
        .filter(|spot| spot.is_whole())
        .map(|spot| spot.name())
        .flat_map(|spot| {
            SCHEMAS.iter().flat_map(move |(there, back, ..)| {
                [there, back]
                    .into_iter()
                    .filter(|aspect| !aspect.is_empty())
                    .map(move |aspect| format!("{spot}-{aspect}"))
            })
        })
        .collect();
    assert!(about_schemas.is_subset(&fired));
}

/// What is found in a property when it changes: of a body sent, of a body received.
const PROPERTIES: &[(&str, &str, &str)] = &[
    (
        "became-required became-optional",
        "{type: object, properties: {p: {type: string}}}",
        "{type: object, required: [p], properties: {p: {type: string}}}",
    ),
    (
        "deprecated reactivated",
        "{type: object, properties: {p: {type: string}}}",
        "{type: object, properties: {p: {type: string, deprecated: true}}}",
    ),
    (
        "deprecated-with-sunset -",
        "{type: object, properties: {p: {type: string}}}",
        "{type: object, properties: {p: {type: string, deprecated: true, x-sunset: '2027-05-01'}}}",
    ),
    (
        "deprecated-sunset-invalid -",
        "{type: object, properties: {p: {type: string}}}",
        "{type: object, properties: {p: {type: string, deprecated: true, x-sunset: soon}}}",
    ),
    (
        "stability-decreased stability-increased",
        "{type: object, properties: {p: {type: string}}}",
        "{type: object, properties: {p: {type: string, x-stability-level: beta}}}",
    ),
];

/// What is found with a promise of 30 days.
const PROMISED: &[(&str, &str, &str)] = &[
    (
        "deprecated-sunset-missing",
        "{type: object, properties: {p: {type: string}}}",
        "{type: object, properties: {p: {type: string, deprecated: true}}}",
    ),
    (
        "sunset-date-too-small",
        "{type: object, properties: {p: {type: string}}}",
        "{type: object, properties: {p: {type: string, deprecated: true, x-sunset: '2026-12-01'}}}",
    ),
];

fn whole_spots() -> impl Iterator<Item = Spot> {
    Spot::ALL.into_iter().filter(|spot| spot.is_whole())
}

fn of_properties() -> BTreeSet<String> {
    let mut fired = BTreeSet::new();
    let mut expect = |spot: Spot, aspect: &str, base: &str, head: &str, days: i64| {
        let options = Options { grace_days: days, ..options() };
        let changes = compare_with(&document(spot, base), &document(spot, head), options);
        let expected = BTreeSet::from([format!("{}-{aspect}", spot.inner().name())]);
        assert_eq!(ids(&changes), expected, "{spot:?}: {base} to {head}");
        fired.extend(expected);
    };
    for spot in whole_spots() {
        for (aspects, base, head) in PROPERTIES {
            let (there, back) = aspects.split_once(' ').unwrap();
            expect(spot, there, base, head, 0);
            if back != "-" {
                expect(spot, back, head, base, 0);
            }
        }
        for (aspect, base, head) in PROMISED {
            expect(spot, aspect, base, head, 30);
        }
        if spot.side() == Side::Request {
            let with = |required: &str| {
                format!(
                    "{{type: object, required: [{required}], properties: {{p: {{type: string, default: a}}}}}}"
                )
            };
            expect(spot, "became-required-with-default", &with(""), &with("p"), 0);
        }
    }
    fired
}

#[test]
fn every_rule_about_properties_fires_where_a_property_can_be() {
    of_properties();
}

/// Properties that come, go, and are only sent or only received: rule, base, head, in a body sent or received.
const COMING: &[(&str, Spot, &str, &str)] = &[
    (
        "new-required-request-property",
        Spot::RequestBody,
        "{type: object}",
        "{type: object, required: [p], properties: {p: {type: string}}}",
    ),
    (
        "new-required-request-property-with-default",
        Spot::RequestBody,
        "{type: object}",
        "{type: object, required: [p], properties: {p: {type: string, default: a}}}",
    ),
    (
        "new-optional-request-property",
        Spot::RequestBody,
        "{type: object}",
        "{type: object, properties: {p: {type: string}}}",
    ),
    (
        "request-property-removed",
        Spot::RequestBody,
        "{type: object, properties: {p: {type: string}}}",
        "{type: object}",
    ),
    (
        "new-required-request-header-property",
        Spot::HeaderParameter,
        "{type: object}",
        "{type: object, required: [p], properties: {p: {type: string}}}",
    ),
    (
        "new-optional-request-header-property",
        Spot::HeaderParameter,
        "{type: object}",
        "{type: object, properties: {p: {type: string}}}",
    ),
    (
        "request-header-property-removed",
        Spot::HeaderParameter,
        "{type: object, properties: {p: {type: string}}}",
        "{type: object}",
    ),
    (
        "new-required-request-parameter-property",
        Spot::Parameter,
        "{type: object}",
        "{type: object, required: [p], properties: {p: {type: string}}}",
    ),
    (
        "new-optional-request-parameter-property",
        Spot::Parameter,
        "{type: object}",
        "{type: object, properties: {p: {type: string}}}",
    ),
    (
        "request-parameter-property-removed",
        Spot::Parameter,
        "{type: object, properties: {p: {type: string}}}",
        "{type: object}",
    ),
    (
        "response-required-property-removed",
        Spot::ResponseBody,
        "{type: object, required: [p], properties: {p: {type: string}}}",
        "{type: object, required: [p]}",
    ),
    (
        "response-optional-property-removed",
        Spot::ResponseBody,
        "{type: object, properties: {p: {type: string}}}",
        "{type: object}",
    ),
    (
        "response-required-property-added",
        Spot::ResponseBody,
        "{type: object}",
        "{type: object, required: [p], properties: {p: {type: string}}}",
    ),
    (
        "response-optional-property-added",
        Spot::ResponseBody,
        "{type: object}",
        "{type: object, properties: {p: {type: string}}}",
    ),
];

fn of_coming() -> BTreeSet<String> {
    let mut fired = BTreeSet::new();
    let mut expect = |rule: &str, spot: Spot, base: &str, head: &str| {
        let found = ids(&compare(&document(spot, base), &document(spot, head)));
        assert_eq!(found, BTreeSet::from([rule.to_owned()]), "{base} to {head}");
        fired.extend(found);
    };
    for (rule, spot, base, head) in COMING {
        expect(rule, *spot, base, head);
    }
    for (spot, side) in [(Spot::RequestBody, "request"), (Spot::ResponseBody, "response")] {
        for (required, word) in [("p", "required"), ("", "optional")] {
            let with = |flag: &str| {
                format!("{{type: object, required: [{required}], properties: {{p: {{type: string{flag}}}}}}}")
            };
            for (keyword, name) in [("readOnly", "read-only"), ("writeOnly", "write-only")] {
                let flagged = with(&format!(", {keyword}: true"));
                expect(&format!("{side}-{word}-property-became-{name}"), spot, &with(""), &flagged);
                expect(&format!("{side}-{word}-property-became-not-{name}"), spot, &flagged, &with(""));
            }
        }
    }
    fired
}

#[test]
fn properties_come_and_go_by_side() {
    of_coming();
}

/// Rule, base and head of the parts of `POST /a`, and the days that were promised.
const PARTS: &[(&str, &str, &str, i64)] = &[
    ("endpoint-deprecated", "{}", "{deprecated: true}", 0),
    ("endpoint-deprecated-with-sunset", "{}", "{deprecated: true, x-sunset: '2027-01-01'}", 0),
    ("endpoint-reactivated", "{deprecated: true}", "{}", 0),
    ("api-deprecated-sunset-parse", "{}", "{deprecated: true, x-sunset: soon}", 0),
    ("api-deprecated-sunset-missing", "{}", "{deprecated: true}", 30),
    ("api-sunset-date-too-small", "{}", "{deprecated: true, x-sunset: '2026-12-01'}", 30),
    ("sunset-deleted", "{deprecated: true, x-sunset: '2027-01-01'}", "{deprecated: true}", 0),
    (
        "api-path-sunset-parse",
        "{deprecated: true, x-sunset: '2027-01-01'}",
        "{deprecated: true, x-sunset: soon}",
        0,
    ),
    (
        "api-sunset-date-changed-too-small",
        "{deprecated: true, x-sunset: '2027-01-01'}",
        "{deprecated: true, x-sunset: '2026-12-01'}",
        30,
    ),
    ("api-invalid-stability-level", "{}", "{x-stability-level: solid}", 0),
    ("api-stability-decreased", "{}", "{x-stability-level: beta}", 0),
    ("api-stability-increased", "{x-stability-level: beta}", "{x-stability-level: stable}", 0),
    ("api-operation-id-removed", "{operationId: a}", "{}", 0),
    ("api-operation-id-added", "{}", "{operationId: a}", 0),
    ("api-operation-id-changed", "{operationId: b}", "{operationId: a}", 0),
    ("api-tag-removed", "{tags: [a, b]}", "{tags: [b]}", 0),
    ("api-tag-added", "{tags: [b]}", "{tags: [a, b]}", 0),
    ("api-security-tightened", "{}", "{security: [{key: []}]}", 0),
    ("api-security-tightened", "{security: [{oauth: [read]}]}", "{security: [{oauth: [read, write]}]}", 0),
    ("api-security-added", "{security: [{key: []}]}", "{security: [{key: []}, {oauth: [read]}]}", 0),
    ("api-security-removed", "{security: [{key: []}, {}]}", "{security: [{}]}", 0),
    ("new-required-request-parameter", "{}", "{parameters: [{name: q, in: query, required: true}]}", 0),
    ("new-optional-request-parameter", "{}", "{parameters: [{name: q, in: query}]}", 0),
    ("new-request-path-parameter", "{}", "{parameters: [{name: q, in: path, required: true}]}", 0),
    ("request-parameter-removed", "{parameters: [{name: q, in: query}]}", "{}", 0),
    (
        "request-parameter-removed-with-deprecation",
        "{parameters: [{name: q, in: query, deprecated: true}]}",
        "{}",
        0,
    ),
    (
        "request-parameter-removed-before-sunset",
        "{parameters: [{name: q, in: query, deprecated: true, x-sunset: '2027-01-01'}]}",
        "{}",
        0,
    ),
    (
        "request-parameter-sunset-parse",
        "{parameters: [{name: q, in: query, deprecated: true, x-sunset: soon}]}",
        "{}",
        0,
    ),
    (
        "request-parameter-became-required",
        "{parameters: [{name: q, in: query}]}",
        "{parameters: [{name: q, in: query, required: true}]}",
        0,
    ),
    (
        "request-parameter-became-optional",
        "{parameters: [{name: q, in: query, required: true}]}",
        "{parameters: [{name: q, in: query}]}",
        0,
    ),
    (
        "request-parameter-deprecated",
        "{parameters: [{name: q, in: query}]}",
        "{parameters: [{name: q, in: query, deprecated: true}]}",
        0,
    ),
    (
        "request-parameter-deprecated-with-sunset",
        "{parameters: [{name: q, in: query}]}",
        "{parameters: [{name: q, in: query, deprecated: true, x-sunset: '2027-01-01'}]}",
        0,
    ),
    (
        "request-parameter-reactivated",
        "{parameters: [{name: q, in: query, deprecated: true}]}",
        "{parameters: [{name: q, in: query}]}",
        0,
    ),
    (
        "request-parameter-deprecated-sunset-missing",
        "{parameters: [{name: q, in: query}]}",
        "{parameters: [{name: q, in: query, deprecated: true}]}",
        30,
    ),
    (
        "request-parameter-sunset-date-too-small",
        "{parameters: [{name: q, in: query}]}",
        "{parameters: [{name: q, in: query, deprecated: true, x-sunset: '2026-12-01'}]}",
        30,
    ),
    (
        "request-parameter-sunset-deleted",
        "{parameters: [{name: q, in: query, deprecated: true, x-sunset: '2027-01-01'}]}",
        "{parameters: [{name: q, in: query, deprecated: true}]}",
        0,
    ),
    (
        "request-parameter-sunset-date-changed-too-small",
        "{parameters: [{name: q, in: query, deprecated: true, x-sunset: '2027-01-01'}]}",
        "{parameters: [{name: q, in: query, deprecated: true, x-sunset: '2026-12-01'}]}",
        30,
    ),
    (
        "request-parameter-serialization-changed",
        "{parameters: [{name: q, in: query}]}",
        "{parameters: [{name: q, in: query, explode: false}]}",
        0,
    ),
    ("request-body-added-required", "{}", "{requestBody: {required: true, content: {}}}", 0),
    ("request-body-added-optional", "{}", "{requestBody: {content: {}}}", 0),
    ("request-body-removed", "{requestBody: {content: {}}}", "{}", 0),
    (
        "request-body-became-required",
        "{requestBody: {content: {}}}",
        "{requestBody: {required: true, content: {}}}",
        0,
    ),
    (
        "request-body-became-optional",
        "{requestBody: {required: true, content: {}}}",
        "{requestBody: {content: {}}}",
        0,
    ),
    (
        "request-body-media-type-added",
        "{requestBody: {content: {a/b: {}}}}",
        "{requestBody: {content: {a/b: {}, c/d: {}}}}",
        0,
    ),
    (
        "request-body-media-type-removed",
        "{requestBody: {content: {a/b: {}, c/d: {}}}}",
        "{requestBody: {content: {a/b: {}}}}",
        0,
    ),
    (
        "request-body-media-type-schema-added",
        "{requestBody: {content: {a/b: {}}}}",
        "{requestBody: {content: {a/b: {schema: {type: string}}}}}",
        0,
    ),
    (
        "request-body-media-type-schema-removed",
        "{requestBody: {content: {a/b: {schema: {type: string}}}}}",
        "{requestBody: {content: {a/b: {}}}}",
        0,
    ),
    ("response-success-status-removed", "{responses: {'200': {}, '201': {}}}", "{responses: {'200': {}}}", 0),
    ("response-success-status-added", "{responses: {'200': {}}}", "{responses: {'200': {}, '201': {}}}", 0),
    (
        "response-non-success-status-removed",
        "{responses: {'200': {}, '404': {}}}",
        "{responses: {'200': {}}}",
        0,
    ),
    (
        "response-non-success-status-added",
        "{responses: {'200': {}}}",
        "{responses: {'200': {}, '404': {}}}",
        0,
    ),
    (
        "response-media-type-added",
        "{responses: {'200': {content: {a/b: {}}}}}",
        "{responses: {'200': {content: {a/b: {}, c/d: {}}}}}",
        0,
    ),
    (
        "response-media-type-removed",
        "{responses: {'200': {content: {a/b: {}, c/d: {}}}}}",
        "{responses: {'200': {content: {a/b: {}}}}}",
        0,
    ),
    (
        "response-media-type-name-changed",
        "{responses: {'200': {content: {a/b: {}}}}}",
        "{responses: {'200': {content: {a/b;v=2: {}}}}}",
        0,
    ),
    (
        "response-media-type-name-generalized",
        "{responses: {'200': {content: {application/x+json: {}}}}}",
        "{responses: {'200': {content: {application/json: {}}}}}",
        0,
    ),
    (
        "response-media-type-name-specialized",
        "{responses: {'200': {content: {application/json: {}}}}}",
        "{responses: {'200': {content: {application/x+json: {}}}}}",
        0,
    ),
    (
        "response-body-media-type-schema-added",
        "{responses: {'200': {content: {a/b: {}}}}}",
        "{responses: {'200': {content: {a/b: {schema: {type: string}}}}}}",
        0,
    ),
    (
        "response-body-media-type-schema-removed",
        "{responses: {'200': {content: {a/b: {schema: {type: string}}}}}}",
        "{responses: {'200': {content: {a/b: {}}}}}",
        0,
    ),
    (
        "required-response-header-removed",
        "{responses: {'200': {headers: {X-A: {required: true}}}}}",
        "{responses: {'200': {}}}",
        0,
    ),
    (
        "optional-response-header-removed",
        "{responses: {'200': {headers: {X-A: {}}}}}",
        "{responses: {'200': {}}}",
        0,
    ),
    ("response-header-added", "{responses: {'200': {}}}", "{responses: {'200': {headers: {X-A: {}}}}}", 0),
    (
        "response-header-became-required",
        "{responses: {'200': {headers: {X-A: {}}}}}",
        "{responses: {'200': {headers: {x-a: {required: true}}}}}",
        0,
    ),
    (
        "response-header-became-optional",
        "{responses: {'200': {headers: {X-A: {required: true}}}}}",
        "{responses: {'200': {headers: {X-A: {}}}}}",
        0,
    ),
];

/// Rule, and the two documents after their version.
const DOCUMENTS: &[(&str, &str, &str)] = &[
    ("endpoint-added", "paths: {/a: {get: {}}}", "paths: {/a: {get: {}, post: {}}}"),
    (
        "api-path-removed-without-deprecation",
        "paths: {/a: {get: {}}, /b: {get: {}}}",
        "paths: {/a: {get: {}}}",
    ),
    (
        "api-path-removed-with-deprecation",
        "paths: {/a: {get: {}}, /b: {get: {deprecated: true}}}",
        "paths: {/a: {get: {}}}",
    ),
    (
        "api-path-removed-before-sunset",
        "paths: {/a: {get: {}}, /b: {get: {deprecated: true, x-sunset: '2027-01-01'}}}",
        "paths: {/a: {get: {}}}",
    ),
    (
        "api-path-sunset-parse",
        "paths: {/a: {get: {}}, /b: {get: {deprecated: true, x-sunset: soon}}}",
        "paths: {/a: {get: {}}}",
    ),
    ("api-removed-without-deprecation", "paths: {/a: {get: {}, put: {}}}", "paths: {/a: {get: {}}}"),
    (
        "api-removed-with-deprecation",
        "paths: {/a: {get: {}, put: {deprecated: true}}}",
        "paths: {/a: {get: {}}}",
    ),
    (
        "api-removed-with-deprecation",
        "paths: {/a: {get: {}, put: {deprecated: true, x-sunset: '2026-01-01'}}}",
        "paths: {/a: {get: {}}}",
    ),
    (
        "api-removed-before-sunset",
        "paths: {/a: {get: {}, put: {deprecated: true, x-sunset: '2027-01-01'}}}",
        "paths: {/a: {get: {}}}",
    ),
    ("webhook-removed", "webhooks: {a: {post: {}}}", "webhooks: {}"),
    ("webhook-added", "webhooks: {}", "webhooks: {a: {post: {}}}"),
    ("api-schema-removed", "components: {schemas: {A: {}}}", "components: {schemas: {}}"),
    (
        "new-required-request-default-parameter-to-existing-path",
        "paths: {/a: {get: {}, put: {}}}",
        "paths: {/a: {parameters: [{name: q, in: query, required: true}], get: {}, put: {}}}",
    ),
    (
        "new-optional-request-default-parameter-to-existing-path",
        "paths: {/a: {get: {}}}",
        "paths: {/a: {parameters: [{name: q, in: query}], get: {}}}",
    ),
];

fn of_operations() -> BTreeSet<String> {
    let mut fired = BTreeSet::new();
    let mut expect = |rule: &str, base: &str, head: &str, days: i64| {
        let whole = |text: &str| format!("openapi: 3.1.0\n{text}\n");
        let options = Options { grace_days: days, ..options() };
        let changes = compare_with(&whole(base), &whole(head), options);
        assert_eq!(ids(&changes), BTreeSet::from([rule.to_owned()]), "{base} to {head}");
        assert_eq!(changes.len(), 1, "{base} to {head}: {changes:?}");
        fired.insert(rule.to_owned());
    };
    for (rule, base, head, days) in PARTS {
        let with = |text: &str| format!("paths: {{/a: {{post: {text}}}}}");
        expect(rule, &with(base), &with(head), *days);
    }
    for (rule, base, head) in DOCUMENTS {
        expect(rule, base, head, 0);
    }
    fired
}

#[test]
fn what_was_wrong_before_is_no_change() {
    for operation in [
        "{deprecated: true, x-sunset: soon}",
        "{deprecated: true, x-sunset: 20}",
        "{x-stability-level: solid}",
        "{parameters: [{name: q, in: query, deprecated: true, x-sunset: [soon]}]}",
    ] {
        let document = format!("openapi: 3.1.0\npaths: {{/a: {{get: {operation}}}}}\n");
        assert_eq!(ids(&compare(&document, &document)), BTreeSet::new(), "{operation}");
    }
    let with = |said: &str| format!("paths: {{/a: {{get: {{deprecated: true, x-sunset: {said}}}}}}}\n");
    assert_eq!(
        ids(&compare(&with("soon"), &with("later"))),
        BTreeSet::from(["api-path-sunset-parse".into()])
    );
}

#[test]
fn every_rule_about_operations_fires_alone() {
    of_operations();
}

/// All rules that the cases above make fire.
fn fired() -> BTreeSet<String> {
    let mut fired: BTreeSet<String> = of_properties();
    fired.extend(of_coming());
    fired.extend(of_operations());
    for spot in Spot::ALL {
        for (there, back, ..) in SCHEMAS {
            fired.extend([there, back].map(|aspect| format!("{}-{aspect}", spot.name())));
        }
    }
    fired
}

#[test]
fn every_rule_has_a_case() {
    let fired = fired();
    let without: Vec<&String> = RULES.keys().filter(|id| !fired.contains(*id)).collect();
    // Where callers only read, a default says nothing about what must be there.
    let expected: Vec<String> = [Spot::ResponseHeaderProperty, Spot::ResponseProperty]
        .map(|spot| format!("{}-became-required-with-default", spot.name()))
        .to_vec();
    assert_eq!(without, expected.iter().collect::<Vec<_>>());
}

/// Rules of oasdiff that oathbook does not have, and why.
const NOT_COVERED: &[(&str, &str)] = &[];

#[test]
fn the_rules_of_the_field_are_covered() {
    let listed = include_str!("data/openapi-diff/oasdiff-rules.txt");
    let fired = fired();
    let (mut covered, mut of) = ([0, 0], [0, 0]);
    for line in listed.lines().filter(|line| !line.starts_with('#')) {
        let (level, id) = line.split_once(' ').unwrap();
        let (at, class) = if level == "ERR" { (0, Class::Breaking) } else { (1, Class::Risky) };
        of[at] += 1;
        match diff::rule(id) {
            Some(rule) if fired.contains(id) => {
                assert!(rule.class >= class, "{id} is {} here and {level} there", rule.class.name());
                covered[at] += 1;
            }
            _ => {
                let why = NOT_COVERED.iter().find(|(known, _)| *known == id);
                let (_, why) = why.unwrap_or_else(|| panic!("{id} is neither covered nor explained"));
                println!("not covered: {id}: {why}");
            }
        }
    }
    println!("rules covered: {} of {} + {} of {}", covered[0], of[0], covered[1], of[1]);
}

/// A change as one line: rule, subject, operations.
fn lines(changes: &[Change]) -> Vec<String> {
    changes
        .iter()
        .map(|change| format!("{} {} {}", change.rule.id, change.subject, change.operations.join(" ")))
        .collect()
}

const SHARED: &str = "openapi: 3.1.0
paths:
  /a:
    post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
    get: {responses: {'200': {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/A'}}}}}}}
  /b:
    put: {requestBody: {content: {application/json: {schema: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}}}}}
  /c:
    get: {responses: {'204': {}}}
components:
  schemas:
    A: {type: object, properties: {n: {type: integer, maximum: 10}, next: {$ref: '#/components/schemas/A'}}}
";

#[test]
fn a_change_behind_references_is_reported_once_for_each_side_with_all_operations() {
    let changes = compare(SHARED, &SHARED.replace("maximum: 10", "maximum: 20"));
    assert_eq!(
        lines(&changes),
        [
            "response-property-max-increased `A.n` GET /a",
            "request-property-max-increased `A.n` POST /a PUT /b"
        ]
    );
    let at = |place: &oathbook::diag::Place, text: &str| {
        let before = &text[..place.span.start as usize];
        (before.lines().count(), place.file.as_str().to_owned())
    };
    assert_eq!(at(&changes[0].base, SHARED), (12, "base.yaml".to_owned()));
    assert_eq!(at(&changes[0].head, SHARED), (12, "head.yaml".to_owned()));
}

#[test]
fn a_document_moved_from_3_0_to_3_1_without_other_changes_has_none() {
    let old = "openapi: 3.0.3
paths: {'/a/{id}': {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}
components: {schemas: {
  A: {type: object, properties: {s: {type: string, nullable: true}, n: {type: integer, minimum: 0, exclusiveMinimum: true}, b: {nullable: true, allOf: [{$ref: '#/components/schemas/B'}]}}},
  B: {type: object}}}
";
    let new = "openapi: 3.1.0
paths: {'/a/{key}': {get: {parameters: [{name: key, in: path, required: true, schema: {type: string}}], responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}
components: {schemas: {
  A: {type: object, properties: {s: {type: [string, 'null']}, n: {type: integer, exclusiveMinimum: 0}, b: {oneOf: [{type: 'null'}, {$ref: '#/components/schemas/B'}]}}},
  B: {type: object}}}
";
    assert_eq!(lines(&compare(old, new)), [""; 0]);
    assert_eq!(lines(&compare(new, old)), [""; 0]);
}

#[test]
fn a_schema_that_moves_or_is_split_into_parts_has_not_changed() {
    let response = |schema: &str, components: &str| {
        format!(
            "openapi: 3.1.0\npaths: {{/a: {{get: {{responses: {{'200': {{content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}\ncomponents: {{schemas: {{{components}}}}}\n"
        )
    };
    let whole =
        response("{type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}", "");
    let moved = response(
        "{$ref: '#/components/schemas/A'}",
        "A: {type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}",
    );
    let parts = response(
        "{allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {b: {type: integer}}}]}",
        "A: {type: object, required: [a], properties: {a: {type: string}}}",
    );
    assert_eq!(lines(&compare(&whole, &moved)), [""; 0]);
    assert_eq!(lines(&compare(&whole, &parts)), [""; 0]);
    assert_eq!(lines(&compare(&moved, &whole)), ["api-schema-removed `A` "]);
    let changed = parts.replace("a: {type: string}", "a: {type: string}, c: {type: string}");
    assert_eq!(lines(&compare(&parts, &changed)), ["response-optional-property-added `A.c` GET /a"]);
}

#[test]
fn variants_are_found_again_by_what_tells_them_apart() {
    let body = |schema: &str| document(Spot::ResponseBody, schema);
    let old = "{oneOf: [{type: object, properties: {kind: {const: cat}, lives: {type: integer}}}, {type: object, properties: {kind: {const: dog}, barks: {type: boolean}}}]}";
    let swapped = "{oneOf: [{type: object, properties: {kind: {const: dog}, barks: {type: boolean}}}, {type: object, properties: {kind: {const: cat}, lives: {type: integer, maximum: 9}}}]}";
    assert_eq!(
        lines(&compare(&body(old), &body(swapped))),
        ["response-property-max-set `<kind: cat>.lives` in the response 200 POST /a"]
    );
}

#[test]
fn cycles_of_every_sort_end() {
    for schemas in [
        "A: {$ref: '#/components/schemas/A'}",
        "A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}",
        "A: {allOf: [{$ref: '#/components/schemas/A'}, {minLength: 1}]}",
        "A: {oneOf: [{$ref: '#/components/schemas/A'}, {type: string}]}",
        "A: {anyOf: [{$ref: '#/components/schemas/B'}], minLength: 1}, B: {allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
        "A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}, additionalProperties: {$ref: '#/components/schemas/A'}}",
        "A: {not: {$ref: '#/components/schemas/A'}, then: {$ref: '#/components/schemas/A'}, if: {$ref: '#/components/schemas/A'}}",
    ] {
        let text = |schemas: &str| {
            format!(
                "openapi: 3.1.0\npaths: {{/a: {{post: {{requestBody: {{content: {{a/b: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}}\ncomponents: {{schemas: {{{schemas}}}}}\n"
            )
        };
        compare(&text(schemas), &text(&schemas.replace("minLength: 1", "minLength: 2")));
        compare(&text(schemas), &text("A: {type: string}"));
    }
}
