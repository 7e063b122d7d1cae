//! Examples and defaults, held against their schemas.

use super::{Role, Score, Survey};
use crate::diag::{Problem, code};
use crate::openapi::node::Node;
use crate::openapi::{At, Document, Side, Validator, Version};

const CODE: &str = code::OPENAPI_EXAMPLE;

/// Which side sends what stands at a pointer.
fn side(pointer: &str) -> Side {
    if pointer.contains("/requestBody/")
        || pointer.contains("/requestBodies/")
        || pointer.contains("/parameters/")
    {
        Side::Request
    } else if pointer.contains("/responses/") {
        Side::Response
    } else {
        Side::Either
    }
}

pub(super) fn examples(document: &Document, survey: &Survey<'_>) -> Score {
    let mut score = Score::new(CODE, "examples and defaults that fit their schemas");
    let validator = Validator::new(document);
    for at in survey.of(Role::Schema) {
        own(document, &validator, at, &mut score);
    }
    for role in [Role::MediaType, Role::Parameter, Role::Header] {
        for at in survey.of(role) {
            held(document, &validator, at, &mut score);
        }
    }
    if let Some(place) = validator.gave_up() {
        let message =
            "gave up here: the examples before this one took too much to be held against their schemas";
        score.count([Problem::new(CODE, &place, "gave up", message)
            .help("shorten examples, or give choices a discriminator, which says the one that is meant")]);
    }
    score
}

/// `example`, `examples` and `default` of a schema.
fn own<'d>(document: &'d Document, validator: &Validator<'d>, at: &At<'d>, score: &mut Score) {
    if let Some(value) = at.node.get("example") {
        judge(validator, "the example", at.node, value, &at.pointer, score);
    }
    // From 3.1 on it is a list of values; the word is also used for named examples by mistake.
    if document.version > Version::V3_0 {
        for value in at.node.get("examples").map(Node::list).unwrap_or_default() {
            judge(validator, "the example", at.node, value, &at.pointer, score);
        }
    }
    if let Some(value) = at.node.get("default") {
        judge(validator, "the default", at.node, value, &at.pointer, score);
    }
}

/// `example` and `examples` of what has a schema.
fn held<'d>(document: &'d Document, validator: &Validator<'d>, at: &At<'d>, score: &mut Score) {
    let Some(schema) = at.node.get("schema") else { return };
    // Of other media types the example is a text that is not JSON.
    let kind = at.pointer.rsplit('/').next().unwrap_or("").replace("~1", "/");
    let is_media = at.pointer.contains("/content/");
    if is_media && !kind.contains("json") && !kind.contains('*') {
        return;
    }
    if let Some(value) = at.node.get("example") {
        judge(validator, "the example", schema, value, &at.pointer, score);
    }
    for (entry, example) in at.get("examples").iter().flat_map(At::entries) {
        let example = document.resolve(example);
        if let Some(value) = example.node.get("value").or_else(|| example.node.get("dataValue")) {
            judge(validator, &format!("the example `{}`", entry.key), schema, value, &at.pointer, score);
        }
    }
}

fn judge<'d>(
    validator: &Validator<'d>,
    what: &str,
    schema: &'d Node,
    value: &Node,
    pointer: &str,
    score: &mut Score,
) {
    let outcome = validator.check(schema, value, side(pointer));
    let gap = outcome.violations.into_iter().next().map(|first| {
        let inside =
            if first.pointer.is_empty() { String::new() } else { format!(" at `{}`", first.pointer) };
        let message = format!("{what} does not fit its schema{inside}: {}", first.message);
        Problem::new(CODE, &first.place, format!("{pointer}{}", first.pointer), message)
            .related(&first.rule, format!("the schema says `{}` here", first.keyword))
            .help("correct the example, or the schema; callers copy both")
    });
    score.count(gap);
}
