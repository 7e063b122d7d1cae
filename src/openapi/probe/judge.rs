//! An answer held against what the document says of it.

use super::limits::announced;
use super::plan::{Case, Purpose, is_binary, is_json};
use super::{Answer, Sending};
use crate::base::RelPath;
use crate::diag::{Place, Problem, code};
use crate::openapi::codes::codes;
use crate::openapi::node::{Node, Number, Value};
use crate::openapi::source::stated_limit;
use crate::openapi::view::{View, types};
use crate::openapi::{At, Document, Format, Operation, Outcome, Response, Side, Validator, media, read};
use std::collections::BTreeSet;

/// The check that reports what a probe finds.
const CODE: &str = code::API_CONTRACT;

/// How sure it is that callers are misled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The answer contradicts the document.
    Contradiction,
    /// The document allows it, and says something else to its readers.
    Doubt,
}

/// Something an answer says against the document.
#[derive(Clone, Debug)]
pub struct ProbeFinding {
    /// What, and the annotation's place.
    pub problem: Problem,
    /// How sure.
    pub weight: Weight,
}

/// What an answer says of the document.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// What is wrong.
    pub findings: Vec<ProbeFinding>,
    /// The documented response that it is, by its key: `200`, `4XX`, `default`.
    pub response: Option<String>,
    /// What could not be held against anything, and why.
    pub not_judged: Vec<String>,
    /// The error code that the answer holds.
    pub error_code: Option<String>,
}

/// Judges the answers of one service.
pub struct Judge<'d> {
    document: &'d Document,
    validator: Validator<'d>,
    codes: BTreeSet<String>,
}

impl<'d> Judge<'d> {
    /// For a document; `error_codes` names the schema whose values are the error codes.
    pub fn new(document: &'d Document, error_codes: Option<&str>) -> Self {
        let list = error_codes.map(|schema| codes(document, schema)).unwrap_or_default();
        let codes = list.into_iter().map(|code| code.name).collect();
        Self { document, validator: Validator::new(document), codes }
    }

    /// The error codes that the document lists.
    pub fn codes(&self) -> &BTreeSet<String> {
        &self.codes
    }

    /// Holds an answer against what the document says of the request.
    pub fn judge(&self, case: &Case<'d>, answer: &Answer) -> Judgement {
        let mut out = Judgement::default();
        let operation = &case.operation;
        let responses = operation.responses(self.document);
        let Some(response) = documented(&responses, answer.status) else {
            out.findings.push(undocumented(operation, &responses, case, answer));
            self.expect(case, answer, &mut out);
            return out;
        };
        out.response = Some(response.status.to_owned());
        let one = One { judge: self, case, answer, response };
        one.headers(&mut out);
        one.body(&mut out);
        self.expect(case, answer, &mut out);
        self.limits(operation, answer, &mut out);
        out
    }

    /// What a request of this purpose must be answered.
    fn expect(&self, case: &Case<'d>, answer: &Answer, out: &mut Judgement) {
        let (operation, status) = (&case.operation, answer.status);
        let sent = sent(&case.sending);
        let accepted = (200..300).contains(&status);
        let (place, subject, message) = match &case.purpose {
            _ if matches!(status, 500 | 505..=599) => {
                let place = operation.place.clone();
                (
                    place,
                    "fault".to_owned(),
                    format!("{sent} ({}) is answered {status}: the service failed", case.title),
                )
            }
            Purpose::Anonymous if accepted => {
                let all = self.document.top();
                let holder =
                    if operation.at.node.get("security").is_some() { operation.at.node } else { all.node };
                let message =
                    format!("{sent} is answered {status} without credentials, and `security` asks for some");
                (holder.place_of("security").clone(), "security".into(), message)
            }
            Purpose::Wrong { keyword, rule } if accepted => {
                let message =
                    format!("{sent} is answered {status} though {} and `{keyword}` forbids it", case.title);
                (rule.clone(), format!("{keyword} {}", case.title), message)
            }
            Purpose::Malformed | Purpose::MediaType if accepted => {
                let place = operation.at.node.place_of("requestBody").clone();
                (place, case.title.clone(), format!("{sent} with {} is answered {status}", case.title))
            }
            _ => return,
        };
        let subject = format!("{} {subject}", operation.name());
        let mut problem = Problem::new(CODE, &place, subject, message);
        if place != *operation.place {
            problem = problem.related(operation.place, "the operation");
        }
        out.findings.push(ProbeFinding { problem, weight: Weight::Contradiction });
    }

    /// The limit that the answer announces is the documented one.
    fn limits(&self, operation: &Operation<'d>, answer: &Answer, out: &mut Judgement) {
        let Some(stated) = stated_limit(operation.at.node) else { return };
        let announced = announced(answer);
        let place = operation.at.node.place_of("x-rate-limit");
        let subject = format!("{} rate limit", operation.name());
        let name = operation.name();
        let message = match (&stated, announced.first()) {
            (None, Some(limit)) => {
                format!("`{name}` is documented without a rate limit, and answers `{}`", limit.header)
            }
            (Some(stated), Some(limit)) if !announced.iter().any(|limit| limit.is(stated)) => format!(
                "`{name}` is documented with {} requests in {} seconds, and the service announces {} (`{}`)",
                stated.requests,
                stated.window,
                limit.describe(),
                limit.header
            ),
            _ => return,
        };
        let problem = Problem::new(CODE, place, subject, message).related(operation.place, "the operation");
        out.findings.push(ProbeFinding { problem, weight: Weight::Contradiction });
    }
}

/// The response that the document has for a status: its own, its range's, else the default.
fn documented<'r, 'd>(responses: &'r [Response<'d>], status: u16) -> Option<&'r Response<'d>> {
    let find = |wanted: &str| responses.iter().find(|response| response.status.eq_ignore_ascii_case(wanted));
    find(&status.to_string()).or_else(|| find(&format!("{}XX", status / 100))).or_else(|| find("default"))
}

fn undocumented(
    operation: &Operation<'_>,
    responses: &[Response<'_>],
    case: &Case<'_>,
    answer: &Answer,
) -> ProbeFinding {
    let listed: Vec<&str> = responses.iter().map(|response| response.status).collect();
    let listed = if listed.is_empty() { "none".to_owned() } else { listed.join(", ") };
    let message = format!(
        "{} ({}) is answered {}, which is not documented; documented are {listed}",
        sent(&case.sending),
        case.title,
        answer.status
    );
    let place = operation.at.node.place_of("responses");
    let subject = format!("{} {}", operation.name(), answer.status);
    let mut problem = Problem::new(CODE, place, subject, message);
    if place != operation.place {
        problem = problem.related(operation.place, "the operation");
    }
    ProbeFinding { problem, weight: Weight::Contradiction }
}

/// `GET /v1/search?q=a`, cut short.
fn sent(sending: &Sending) -> String {
    let mut target: String = sending.target.chars().take(80).collect();
    if target.len() < sending.target.len() {
        target.push('…');
    }
    format!("`{} {target}`", sending.method)
}

/// One answer and the response that it should be.
struct One<'j, 'd> {
    judge: &'j Judge<'d>,
    case: &'j Case<'d>,
    answer: &'j Answer,
    response: &'j Response<'d>,
}

impl<'d> One<'_, 'd> {
    fn add(&self, out: &mut Judgement, weight: Weight, place: &Place, subject: &str, message: String) {
        let operation = &self.case.operation;
        let status = self.answer.status;
        let subject = format!("{} {status} {subject}", operation.name());
        let message = format!("{} is answered {status} {message}", sent(&self.case.sending));
        let mut problem = Problem::new(CODE, place, subject, message);
        if place != self.response.place {
            problem = problem.related(self.response.place, "the response");
        }
        out.findings.push(ProbeFinding { problem, weight });
    }

    fn headers(&self, out: &mut Judgement) {
        let headers = self.response.at.get("headers");
        for (entry, header) in headers.iter().flat_map(At::entries) {
            let name = &*entry.key;
            if name.eq_ignore_ascii_case("content-type") {
                continue;
            }
            let header = self.judge.document.resolve(header);
            let required = header.node.get("required").and_then(Node::bool) == Some(true);
            let subject = format!("header {name}");
            let Some(value) = self.answer.header(name) else {
                let (weight, more) = if required {
                    (Weight::Contradiction, "which is required")
                } else {
                    (Weight::Doubt, "which is documented")
                };
                let message = format!("without the header `{name}`, {more}");
                self.add(out, weight, &entry.place, &subject, message);
                continue;
            };
            let Some(schema) = header.node.get("schema") else { continue };
            let value = coerced(&self.judge.document.root, schema, value);
            let judged = self.judge.validator.check(schema, &value, Side::Response);
            self.violations(out, &judged, &format!("with a header `{name}` that does not fit"), &subject);
        }
    }

    fn violations(&self, out: &mut Judgement, judged: &Outcome, what: &str, subject: &str) {
        if let Some(why) = &judged.not_judged {
            out.not_judged.push(format!("{}: {why}", sent(&self.case.sending)));
        }
        for violation in judged.violations.iter().take(5) {
            let at = if violation.pointer.is_empty() {
                String::new()
            } else {
                format!("`{}`: ", violation.pointer)
            };
            let message = format!("{what}: {at}{}", violation.message);
            // Items of lists are one field of the document.
            let path: String =
                violation.pointer.split('/').filter(|part| part.parse::<u32>().is_err()).collect();
            let subject = format!("{subject} {path} {}", violation.keyword);
            self.add(out, Weight::Contradiction, &violation.rule, &subject, message);
        }
    }

    fn body(&self, out: &mut Judgement) {
        let (document, answer) = (self.judge.document, self.answer);
        let content = media(document, &self.response.at);
        let place = self.response.place;
        if self.case.operation.method == "head" || answer.status == 304 {
            return;
        }
        if content.is_empty() {
            if !answer.body.is_empty() {
                let message = format!("with a body of {} bytes, and none is documented", answer.body.len());
                self.add(out, Weight::Doubt, place, "body", message);
            }
            return;
        }
        if answer.body.is_empty() {
            let message = format!("without a body; documented is {}", content[0].0.key);
            return self.add(out, Weight::Contradiction, place, "body", message);
        }
        let Some(kind) = answer.header("content-type") else {
            return self.add(
                out,
                Weight::Contradiction,
                place,
                "media type",
                "without a `Content-Type`".into(),
            );
        };
        let best = content
            .iter()
            .filter_map(|(entry, at)| Some((fits(&entry.key, kind)?, at)))
            .max_by_key(|(n, _)| *n);
        let Some((_, at)) = best else {
            let listed: Vec<&str> = content.iter().map(|(entry, _)| &*entry.key).collect();
            let message = format!("with `Content-Type: {kind}`; documented is `{}`", listed.join("`, `"));
            return self.add(out, Weight::Contradiction, &content[0].0.place, "media type", message);
        };
        if !answer.whole {
            out.not_judged.push(format!("{}: the body did not end", sent(&self.case.sending)));
            return;
        }
        self.content(out, at, kind);
    }

    fn content(&self, out: &mut Judgement, at: &At<'d>, kind: &str) {
        let place = self.response.place;
        let Ok(text) = std::str::from_utf8(&self.answer.body) else {
            if is_json(kind) {
                self.add(out, Weight::Contradiction, place, "body", "with a body that is not UTF-8".into());
            }
            return;
        };
        let lines = ["jsonl", "ndjson", "json-seq"]
            .iter()
            .any(|word| kind.split(';').next().is_some_and(|kind| kind.ends_with(word)));
        let (schema, parts): (_, Vec<&str>) = if lines {
            let parts = text.split(['\n', '\u{1e}']).map(str::trim).filter(|line| !line.is_empty());
            (at.node.get("itemSchema"), parts.collect())
        } else {
            (at.node.get("schema"), vec![text])
        };
        let name = schema.and_then(|schema| View::of(&self.judge.document.root, schema).component);
        let what = name.map_or_else(
            || "with a body that does not fit".to_owned(),
            |name| format!("with a body that is no `{name}`"),
        );
        for part in parts {
            let value = if is_json(kind) || lines {
                match json(part) {
                    Ok(value) => value,
                    Err(why) => {
                        let message = format!("with a body that is no JSON: {why}");
                        return self.add(out, Weight::Contradiction, place, "body", message);
                    }
                }
            } else {
                Node::of_text(part, Place::whole(RelPath::root()))
            };
            if let Some(schema) = schema.filter(|schema| !is_binary(&self.judge.document.root, schema)) {
                let judged = self.judge.validator.check(schema, &value, Side::Response);
                self.violations(out, &judged, &what, "body");
            }
            if is_json(kind) {
                self.problem(out, at, &value, kind);
            }
        }
    }

    /// The parts of an error that other parts of the answer must agree with.
    fn problem(&self, out: &mut Judgement, at: &At<'d>, value: &Node, kind: &str) {
        let status = self.answer.status;
        if kind.starts_with("application/problem+json")
            && let Some(said) = value.get("status").and_then(Node::number).and_then(Number::as_i128)
            && said != i128::from(status)
        {
            let message = format!("with problem details of status {said} (RFC 9457, section 3.1.2)");
            self.add(out, Weight::Contradiction, self.response.place, "status", message);
        }
        let found = value.entries().find_map(|entry| {
            let code = entry.node.text().filter(|code| self.judge.codes.contains(*code))?;
            Some((&*entry.key, code))
        });
        let Some((key, code)) = found else { return };
        out.error_code = Some(code.to_owned());
        let mut shown: Vec<(&str, &Place)> = Vec::new();
        let examples = at.node.get("examples").map(Node::entries).into_iter().flatten();
        let examples = examples.filter_map(|entry| entry.node.get("value"));
        for example in at.node.get("example").into_iter().chain(examples) {
            let code = example
                .get(key)
                .filter(|code| code.text().is_some_and(|code| self.judge.codes.contains(code)));
            shown.extend(code.and_then(|code| Some((code.text()?, &code.place))));
        }
        if let Some((_, place)) = shown.first()
            && !shown.iter().any(|(shown, _)| *shown == code)
        {
            let listed: Vec<&str> = shown.iter().map(|(code, _)| *code).collect();
            let message = format!(
                "with the error code `{code}`; the documented examples have `{}`",
                listed.join("`, `")
            );
            self.add(out, Weight::Doubt, place, "error code", message);
        }
    }
}

/// How well a documented media type or range fits a `Content-Type`; none if it does not.
fn fits(documented: &str, kind: &str) -> Option<usize> {
    let parse = |text: &str| -> (String, Vec<String>) {
        let lower = text.to_ascii_lowercase();
        let mut parts = lower.split(';').map(|part| part.trim().replace('"', ""));
        (parts.next().unwrap_or_default(), parts.collect())
    };
    let ((wanted, parameters), (sent, has)) = (parse(documented), parse(kind));
    if !parameters.iter().all(|parameter| parameter.starts_with("charset=") || has.contains(parameter)) {
        return None;
    }
    if wanted == sent {
        return Some(2 + parameters.len());
    }
    let range = wanted.strip_suffix('*').filter(|range| range.ends_with('/'))?;
    (range == "*/" || sent.starts_with(range)).then_some(usize::from(range != "*/"))
}

/// JSON text as a value.
fn json(text: &str) -> Result<Node, String> {
    let tree = read(&RelPath::root(), text, 0, Format::Json);
    match tree.problems.into_iter().next() {
        Some(problem) => Err(problem.message),
        None => Ok(tree.root),
    }
}

/// A header's text as the type that its schema names.
fn coerced(root: &Node, schema: &Node, text: &str) -> Node {
    let view = View::of(root, schema);
    let place = Place::whole(RelPath::root());
    let of = |value| Node { value, place: place.clone() };
    let kinds = types(view.node);
    if kinds.contains(&"array") {
        let items = text.split(',').map(str::trim);
        let item = |item: &str| match view.node.get("items") {
            Some(schema) => coerced(root, schema, item),
            None => Node::of_text(item, place.clone()),
        };
        return of(Value::List(items.map(item).collect()));
    }
    if kinds.iter().any(|kind| matches!(*kind, "integer" | "number" | "boolean"))
        && let Ok(value) = json(text)
        && matches!(value.value, Value::Number(_) | Value::Bool(_))
    {
        return of(value.value);
    }
    Node::of_text(text, place.clone())
}

#[cfg(test)]
mod tests {
    use super::super::{Given, plan};
    use super::*;

    const DOCUMENT: &str = "openapi: 3.1.0
paths:
  /pets:
    get:
      x-rate-limit: {requests: 10, window: 60}
      security: [{key: []}]
      parameters: [{name: limit, in: query, schema: {type: integer, maximum: 50}, example: 5}]
      responses:
        200:
          description: Pets
          headers: {X-Total: {schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
        4XX:
          description: Wrong
          content: {application/problem+json: {schema: {type: object, required: [code]}, example: {code: no_key}}}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Pet: {type: object, required: [id], properties: {id: {type: integer}}}
    Code: {type: string, enum: [no_key, too_many]}
";

    fn found(purpose: &str, status: u16, headers: &[(&str, &str)], body: &str) -> Vec<String> {
        let document = Document::parse(&RelPath::parse("a.yaml").unwrap(), DOCUMENT);
        let given = Given { secrets: [("key".to_owned(), "secret".to_owned())].into(), ..Given::default() };
        let plan = plan(&document, &given);
        let is = |case: &&Case<'_>| format!("{:?}", case.purpose).starts_with(purpose);
        let case = plan.cases.iter().find(is).unwrap();
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let answer = Answer { status, headers, body: body.as_bytes().to_vec(), whole: true };
        let judgement = Judge::new(&document, Some("Code")).judge(case, &answer);
        let line = |place: &Place| 1 + DOCUMENT[..place.span.range().start].matches('\n').count();
        let tell = |found: ProbeFinding| {
            format!("{:?} {} {}", found.weight, line(&found.problem.place), found.problem.message)
        };
        judgement.findings.into_iter().map(tell).collect()
    }

    #[test]
    fn an_answer_as_documented_is_no_finding() {
        let headers = [
            ("Content-Type", "application/json; charset=utf-8"),
            ("x-total", "1"),
            ("RateLimit-Policy", "\"a\";q=10;w=60"),
        ];
        assert_eq!(found("Example", 200, &headers, "[{\"id\": 1}]"), [""; 0]);
    }

    #[test]
    fn each_part_of_an_answer_is_held_against_its_line() {
        let json = ("content-type", "application/json");
        let cases = [
            (
                200,
                vec![json, ("x-total", "1")],
                "[{\"id\": \"1\"}]",
                "Contradiction 19 `GET /pets?limit=5` is answered 200 with a body that does not fit: `/0/id`: expected integer, found `\"1\"`",
            ),
            (
                200,
                vec![json, ("x-total", "many")],
                "[]",
                "Contradiction 11 `GET /pets?limit=5` is answered 200 with a header `X-Total` that does not fit: expected integer, found `\"many\"`",
            ),
            (
                200,
                vec![json],
                "[]",
                "Doubt 11 `GET /pets?limit=5` is answered 200 without the header `X-Total`, which is documented",
            ),
            (
                200,
                vec![("content-type", "text/html"), ("x-total", "1")],
                "<p>",
                "Contradiction 12 `GET /pets?limit=5` is answered 200 with `Content-Type: text/html`; documented is `application/json`",
            ),
            (
                200,
                vec![json, ("x-total", "1")],
                "",
                "Contradiction 9 `GET /pets?limit=5` is answered 200 without a body; documented is application/json",
            ),
            (
                200,
                vec![json, ("x-total", "1"), ("X-RateLimit-Limit", "20")],
                "[]",
                "Contradiction 5 `GET /pets` is documented with 10 requests in 60 seconds, and the service announces 20 requests (`X-RateLimit-Limit: 20`)",
            ),
            (
                302,
                vec![],
                "",
                "Contradiction 8 `GET /pets?limit=5` (the documented example) is answered 302, which is not documented; documented are 200, 4XX",
            ),
            (
                404,
                vec![("content-type", "application/problem+json")],
                "{\"code\": \"no_key\", \"status\": 400}",
                "Contradiction 13 `GET /pets?limit=5` is answered 404 with problem details of status 400 (RFC 9457, section 3.1.2)",
            ),
            (
                404,
                vec![("content-type", "application/problem+json")],
                "{\"code\": \"too_many\"}",
                "Doubt 15 `GET /pets?limit=5` is answered 404 with the error code `too_many`; the documented examples have `no_key`",
            ),
        ];
        for (status, headers, body, wanted) in cases {
            assert_eq!(found("Example", status, &headers, body), [wanted]);
        }
    }

    #[test]
    fn what_must_be_refused_and_is_not_is_found_at_its_rule() {
        let headers = [("content-type", "application/json"), ("x-total", "0")];
        assert_eq!(
            found("Anonymous", 200, &headers, "[]"),
            [
                "Contradiction 6 `GET /pets?limit=5` is answered 200 without credentials, and `security` asks for some"
            ]
        );
        assert_eq!(
            found("Wrong { keyword: \"maximum\"", 200, &headers, "[]"),
            [
                "Contradiction 7 `GET /pets?limit=51` is answered 200 though `limit` is 51 and `maximum` forbids it"
            ]
        );
    }
}
