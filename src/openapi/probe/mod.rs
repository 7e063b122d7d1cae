//! The contract probe: the requests that a document's own examples and limits make, and what an answer says against
//! the document. Nothing is sent here.

mod judge;
mod limits;
mod plan;
mod wrong;

pub use judge::{Judge, Judgement, ProbeFinding, Weight};
pub use limits::{Announced, announced, remaining};
pub use plan::{Case, Given, Plan, Purpose, Skipped, plan};

/// A request, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// Upper case.
    pub method: String,
    /// The path and query, encoded.
    pub target: String,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Option<Vec<u8>>,
}

/// What came back.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body, or its beginning.
    pub body: Vec<u8>,
    /// Whether the body was read to its end.
    pub whole: bool,
}

impl Answer {
    /// The first header of a name, whatever its case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

impl Sending {
    /// The request as a command line of curl, with what is secret left out.
    pub fn curl(&self, base: &str, secrets: &[String]) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let mut out = String::from("curl");
        if !matches!((self.method.as_str(), &self.body), ("GET", None) | ("POST", Some(_))) {
            out.push_str(&format!(" -X {}", self.method));
        }
        for (name, value) in &self.headers {
            out.push_str(&format!(" -H {}", quoted(&format!("{name}: {value}"))));
        }
        if let Some(body) = &self.body {
            let text = String::from_utf8_lossy(body);
            let mut shown: String = text.chars().take(MOST_SHOWN).collect();
            if shown.len() < text.len() {
                shown.push('…');
            }
            out.push_str(&format!(" -d {}", quoted(&shown)));
        }
        out.push_str(&format!(" {}", quoted(&format!("{base}{}", self.target))));
        // The longest first: one secret may hold another.
        let mut secrets: Vec<&String> = secrets.iter().filter(|secret| secret.len() > 3).collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.iter().fold(out, |out, secret| out.replace(secret.as_str(), "(secret)"))
    }
}

/// Letters of a body that a message shows.
const MOST_SHOWN: usize = 400;
