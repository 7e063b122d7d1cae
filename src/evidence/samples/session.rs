//! Blocks of shell and HTTP: what is run or sent, and what is expected.

use super::Tested;
use crate::model::Page;
use crate::runs::expected;

/// A command of a block, and what it must print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The line on which it begins, from 0.
    pub line: usize,
    /// What the shell is given.
    pub command: String,
    /// What it must print, and the line on which that begins; none where the page does not say.
    pub expected: Option<(usize, String)>,
    /// The exit code it must end with.
    pub code: i32,
}

/// The commands of a block of shell. In a session (`console`) those are the lines behind `$ `, their continuations behind
/// `> `, and everything else is output; `? 2` as the last line of an output is the exit code. Another block is one script,
/// whose output the next block of the page shows, if that is marked with `output`.
pub fn steps(tested: &Tested<'_>, page: &Page) -> Vec<Step> {
    let sample = tested.sample;
    let wanted = sample.words.iter().find_map(|word| word.strip_prefix("exit=")?.parse().ok()).unwrap_or(0);
    if !sample.text.lines().any(|line| line.starts_with("$ ")) {
        let next = page.doc.facts.code.get(tested.number + 1).and_then(|code| code.sample.as_deref());
        let output = next.filter(|next| next.words.iter().any(|word| word == "output"));
        let expected = output.map(|output| (usize::MAX, output.text.clone()));
        return vec![Step { line: 0, command: sample.text.clone(), expected, code: wanted }];
    }
    let mut out: Vec<Step> = Vec::new();
    for (number, line) in sample.text.lines().enumerate() {
        if let Some(command) = line.strip_prefix("$ ") {
            out.push(Step { line: number, command: command.to_owned(), expected: None, code: wanted });
            continue;
        }
        let Some(step) = out.last_mut() else { continue };
        match (line.strip_prefix("> "), line.strip_prefix("? ").and_then(|code| code.trim().parse().ok())) {
            (Some(more), _) if step.expected.is_none() => {
                step.command.push('\n');
                step.command.push_str(more);
            }
            (_, Some(code)) => step.code = code,
            _ => {
                let (_, text) = step.expected.get_or_insert((number, String::new()));
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    for step in &mut out {
        // In a session nothing shown means nothing printed.
        step.expected.get_or_insert((step.line, String::new()));
    }
    out
}

/// A script that runs the steps one after another in one shell, and says at its end in which folder that is; `mark` cannot
/// occur in their output.
pub fn script(steps: &[Step], mark: &str) -> String {
    let one =
        |step: &Step| format!("{{\n{}\n}} 2>&1 </dev/null\nprintf '\\n{mark} %s\\n' \"$?\"\n", step.command);
    let all: String = steps.iter().map(one).collect();
    format!("{all}printf '%s' \"$PWD\"")
}

/// The folder in which a script ended: what it printed last.
pub fn folder<'p>(printed: &'p str, mark: &str) -> Option<&'p str> {
    let (_, last) = printed.rsplit_once(&format!("\n{mark} "))?;
    last.split_once('\n').map(|(_, folder)| folder).filter(|folder| !folder.is_empty())
}

/// What each step printed and its exit code, as far as the shell came; a step that ended the shell has the shell's.
pub fn outputs(printed: &str, mark: &str, ended: Option<i32>) -> Vec<(String, i32)> {
    let mut out = Vec::new();
    let mut rest = printed;
    let border = format!("\n{mark} ");
    while let Some(at) = rest.find(&border) {
        let after = &rest[at + border.len()..];
        let (code, next) = after.split_once('\n').unwrap_or((after, ""));
        out.push((rest[..at].to_owned(), code.trim().parse().unwrap_or(-1)));
        rest = next;
    }
    if let Some(code) = ended {
        out.push((rest.to_owned(), code));
    }
    out
}

/// A request as a page writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// `GET`.
    pub method: String,
    /// Path and query; a host that the page names is not asked.
    pub target: String,
    /// Its fields.
    pub fields: Vec<(String, String)>,
    /// Its body.
    pub body: String,
}

/// An answer as a page expects it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The status; none where only a body is shown.
    pub status: Option<u16>,
    /// Fields that must be there, with holes.
    pub fields: Vec<(String, String)>,
    /// The body, with holes; none where the page shows none.
    pub body: Option<String>,
}

/// Reads a request.
///
/// # Errors
/// What is wrong with it.
pub fn request(text: &str) -> Result<Request, String> {
    let (head, fields, body) = message(text);
    let mut words = head.split_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err("a request begins with a method and a path".into());
    };
    if !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(format!("`{method}` is no method"));
    }
    let path =
        target.split_once("://").map_or(target, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    let target = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    Ok(Request { method: method.to_owned(), target, fields, body: body.unwrap_or_default() })
}

/// The answer that the next block of a page shows: HTTP that begins with a status, or any block marked with `output`.
pub fn answer(tested: &Tested<'_>, page: &Page) -> Option<Expected> {
    let next = page.doc.facts.code.get(tested.number + 1)?;
    let sample = next.sample.as_deref()?;
    if sample.text.trim_start().starts_with("HTTP/") {
        let (head, fields, body) = message(sample.text.trim_start());
        let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok());
        return Some(Expected { status, fields, body });
    }
    let marked = sample.words.iter().any(|word| word == "output");
    marked.then(|| Expected { status: None, fields: Vec::new(), body: Some(sample.text.clone()) })
}

/// First line, fields, body.
fn message(text: &str) -> (String, Vec<(String, String)>, Option<String>) {
    let (head, body) = match text.split_once("\n\n") {
        Some((head, body)) if !body.trim().is_empty() => (head, Some(body.to_owned())),
        Some((head, _)) => (head, None),
        None => (text, None),
    };
    let mut lines = head.lines();
    let first = lines.next().unwrap_or("").to_owned();
    let field = |line: &str| {
        line.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
    };
    (first, lines.filter_map(field).collect(), body)
}

/// Why an answer is not the expected one.
pub fn differs(expected: &Expected, status: u16, fields: &[(String, String)], body: &str) -> Option<String> {
    if let Some(wanted) = expected.status.filter(|wanted| *wanted != status) {
        let first: String = body.chars().take(300).collect();
        return Some(format!("the answer is {status}, not {wanted}\n{first}"));
    }
    for (name, wanted) in &expected.fields {
        let got = fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
        let Some((_, got)) = got else { return Some(format!("the answer has no field `{name}`")) };
        if expected::compare(wanted, got).is_some() {
            return Some(format!("the field `{name}` is `{got}`, not `{wanted}`"));
        }
    }
    let wanted = expected.body.as_ref()?;
    expected::compare(&laid_out(wanted), &laid_out(body)).map(|found| found.words())
}

/// JSON one value a line, so that its layout does not count; indentation never does.
fn laid_out(text: &str) -> String {
    let pretty = serde_json::from_str::<serde_json::Value>(text)
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_else(|_| text.to_owned());
    pretty.lines().map(|line| format!("{}\n", line.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_tells_the_output_of_each_step() {
        let step = |command: &str| Step { line: 0, command: command.into(), expected: None, code: 0 };
        assert!(script(&[step("a"), step("b\nc")], "M").matches("printf").count() == 3);
        let printed = "one\n\nM 0\n\nM 3\nthree";
        let steps = [("one\n".to_owned(), 0), (String::new(), 3)];
        assert_eq!(outputs(printed, "M", None), steps);
        assert_eq!(outputs(printed, "M", Some(7))[2], ("three".to_owned(), 7));
    }

    #[test]
    fn requests_and_answers_are_read_as_pages_write_them() {
        let read =
            request("POST https://api.dev/v1/x?y=1 HTTP/1.1\nContent-Type: application/json\n\n{\"a\": 1}\n")
                .unwrap();
        assert_eq!((read.method.as_str(), read.target.as_str(), read.fields.len()), ("POST", "/v1/x?y=1", 1));
        assert!(request("hello").is_err() && request("get /x").is_err());
        let body = None;
        let expected = Expected { status: Some(201), fields: vec![("ETag".into(), "[..]".into())], body };
        let fields = [("etag".to_owned(), "\"1\"".to_owned())];
        let answer = "{\"id\":\"01234567-89ab-cdef-0123-456789abcdef\",\"n\":1}";
        assert_eq!(differs(&expected, 404, &fields, "gone"), Some("the answer is 404, not 201\ngone".into()));
        assert_eq!(differs(&expected, 201, &[], answer), Some("the answer has no field `ETag`".into()));
        let expected = Expected { body: Some("{\n\"id\": \"[UUID]\",\n...\n}".into()), ..expected };
        assert_eq!(differs(&expected, 201, &fields, answer), None);
    }
}
