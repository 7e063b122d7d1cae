//! Rate limits written in `book.toml`, applied to a document as an overlay would be: an extension on the operation and
//! the answer 429 with the headers of RFC 9110 §10.2.3 and draft-ietf-httpapi-ratelimit-headers.

use crate::diag::{Nearest, Place, Problem, code};
use crate::openapi::Document;
use crate::openapi::node::{Map, Node, Number, Value};
use std::collections::{BTreeSet, HashMap};

/// A limit: so many requests in so many seconds, counted for each of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Requests.
    pub requests: u64,
    /// Seconds.
    pub window: u64,
    /// `key`, `address`, `user`: what is counted apart.
    pub per: Option<String>,
}

impl Limit {
    /// Reads `60 per minute`, `10 per second per key`, `1000/hour`; none for `none`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        if text.trim() == "none" {
            return Ok(None);
        }
        let spaced = text.replace('/', " per ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let wrong =
            || format!("`{text}` is no rate limit; write it as `60 per minute` or `10 per second per key`");
        let (requests, rest) = words.split_first().ok_or_else(wrong)?;
        let requests: u64 = requests.parse().map_err(|_| wrong())?;
        let rest = rest.strip_prefix(&["requests"]).unwrap_or(rest);
        let ["per", rest @ ..] = rest else { return Err(wrong()) };
        let (count, rest) = match rest {
            [count, rest @ ..] if count.parse::<u64>().is_ok() => (count.parse().unwrap_or(1), rest),
            _ => (1, rest),
        };
        let [unit, rest @ ..] = rest else { return Err(wrong()) };
        let seconds: u64 = match unit.trim_end_matches('s') {
            "second" | "sec" | "" => 1,
            "minute" | "min" => 60,
            "hour" => 3_600,
            "day" => 86_400,
            _ => return Err(wrong()),
        };
        let per = match rest {
            [] => None,
            ["per", who @ ..] if !who.is_empty() => Some(who.join(" ")),
            _ => return Err(wrong()),
        };
        let window = seconds.checked_mul(count).filter(|window| *window > 0).ok_or_else(wrong)?;
        if requests == 0 {
            return Err(wrong());
        }
        Ok(Some(Self { requests, window, per }))
    }

    /// Back to words.
    pub fn describe(&self) -> String {
        let unit = match self.window {
            1 => "second".to_owned(),
            60 => "minute".to_owned(),
            3_600 => "hour".to_owned(),
            86_400 => "day".to_owned(),
            seconds => format!("{seconds} seconds"),
        };
        let per = self.per.as_ref().map_or_else(String::new, |per| format!(" per {per}"));
        format!("{} requests per {unit}{per}", self.requests)
    }
}

/// A row: whom it limits, the limit, where.
type Row = (String, String, Place);

/// What holds of a table's rows for an operation: its id, then its tags, then `default`.
fn row<'r>(rows: &HashMap<&str, &'r Row>, id: Option<&str>, tags: &[&str]) -> Option<&'r Row> {
    let find = |wanted: &str| rows.get(wanted).copied();
    let by_id = id.and_then(find);
    by_id.or_else(|| tags.iter().find_map(|tag| find(&format!("tag:{tag}")))).or_else(|| find("default"))
}

/// Applies a table of limits to all operations of a document.
pub fn apply(document: &mut Document, rows: &[Row], problems: &mut Vec<Problem>) {
    let mut known = BTreeSet::from(["default".to_owned()]);
    let near = Nearest::default();
    let mut by_key: HashMap<&str, &Row> = HashMap::new();
    for one in rows {
        by_key.entry(&one.0).or_insert(one);
    }
    let mut edits = Vec::new();
    for operation in document.operations() {
        let tags: Vec<&str> = operation.tags().collect();
        known.extend(operation.id().map(str::to_owned));
        known.extend(tags.iter().map(|tag| format!("tag:{tag}")));
        if let Some((_, text, place)) = row(&by_key, operation.id(), &tags)
            && let Ok(limit) = Limit::parse(text)
        {
            edits.push((operation.at.pointer.clone(), limit, place.clone()));
        }
    }
    for (key, text, place) in rows {
        if let Err(message) = Limit::parse(text) {
            problems.push(Problem::new(code::OPENAPI_OVERLAY, place, &**key, message));
        } else if !known.contains(key) {
            let near = near.find("", key, known.iter().map(String::as_str));
            let help = near.map_or_else(
                || "name an operation's id, `tag:NAME` or `default`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            let message = format!("no operation and no tag is named `{key}`");
            problems.push(Problem::new(code::OPENAPI_OVERLAY, place, &**key, message).help(help));
        }
    }
    for (pointer, limit, place) in edits {
        if let Some(operation) = document.root.at_mut(&pointer).and_then(Node::map_mut) {
            limit_operation(operation, limit.as_ref(), &place);
        }
    }
}

fn object(place: &Place, entries: Vec<(&str, Node)>) -> Node {
    let mut map = Map::default();
    for (key, node) in entries {
        map.insert(key, place.clone(), node);
    }
    Node { value: Value::Map(map), place: place.clone() }
}

fn limit_operation(operation: &mut Map, limit: Option<&Limit>, place: &Place) {
    let number = |n: u64| Node { value: Value::Number(Number::new(n.to_string())), place: place.clone() };
    let text = |text: &str| Node::of_text(text, place.clone());
    let Some(limit) = limit else {
        operation.insert(
            "x-rate-limit",
            place.clone(),
            Node { value: Value::Bool(false), place: place.clone() },
        );
        return;
    };
    let mut entries = vec![("requests", number(limit.requests)), ("window", number(limit.window))];
    if let Some(per) = &limit.per {
        entries.push(("per", text(per)));
    }
    operation.insert("x-rate-limit", place.clone(), object(place, entries));
    if operation.get("responses").is_none() {
        operation.insert("responses", place.clone(), object(place, Vec::new()));
    }
    let Some(responses) = operation.get_mut("responses").and_then(Node::map_mut) else { return };
    if responses.get("429").is_none() {
        let description = format!("Too many requests: {} are allowed", limit.describe());
        responses.insert("429", place.clone(), object(place, vec![("description", text(&description))]));
    }
    let Some(response) = responses.get_mut("429").filter(|response| response.get("$ref").is_none()) else {
        return;
    };
    let Some(response) = response.map_mut() else { return };
    if response.get("headers").is_none() {
        response.insert("headers", place.clone(), object(place, Vec::new()));
    }
    let Some(headers) = response.get_mut("headers").and_then(Node::map_mut) else { return };
    for (name, kind, about) in HEADERS {
        if headers.iter().any(|entry| entry.key.eq_ignore_ascii_case(name)) {
            continue;
        }
        let schema = object(place, vec![("type", text(kind))]);
        let header = object(place, vec![("description", text(about)), ("schema", schema)]);
        headers.insert(name, place.clone(), header);
    }
}

/// Name, type, and what it says.
const HEADERS: &[(&str, &str, &str)] = &[
    ("Retry-After", "integer", "Seconds to wait before the next request."),
    ("RateLimit-Policy", "string", "The limit and its window in seconds, as `\"default\";q=60;w=60`."),
    (
        "RateLimit",
        "string",
        "What is left of the limit and the seconds until it is full again, as `\"default\";r=0;t=30`.",
    ),
];

/// The limit that an operation's extension states: none where it has none, `Some(None)` where it says there is none.
pub fn stated(operation: &Node) -> Option<Option<Limit>> {
    let node = operation.get("x-rate-limit")?;
    if node.bool() == Some(false) { Some(None) } else { read(node).map(Some) }
}

/// The limit that an extension's value states.
pub fn read(node: &Node) -> Option<Limit> {
    let whole =
        |key: &str| node.get(key).and_then(Node::number).and_then(|n| u64::try_from(n.as_i128()?).ok());
    let per = node.get_text("per").map(str::to_owned);
    Some(Limit { requests: whole("requests")?, window: whole("window")?, per })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_from_words() {
        let read = |text: &str| Limit::parse(text).map(|limit| limit.map(|limit| limit.describe()));
        assert_eq!(read("60 per minute"), Ok(Some("60 requests per minute".into())));
        assert_eq!(read("10/second per API key"), Ok(Some("10 requests per second per API key".into())));
        assert_eq!(read("600 requests per 10 minutes"), Ok(Some("600 requests per 600 seconds".into())));
        assert_eq!(read("none"), Ok(None));
        for wrong in ["", "many", "0 per minute", "5", "5 per fortnight", "5 per minute per"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
