//! Output held against an expectation. A line `...` stands for any lines; `[..]` for anything within a line, as in Cargo's
//! own tests and trycmd; typed [holes] for anything of their type. A hole with a name is captured, and must be the same
//! wherever it is named again.

use super::holes::{self, Part};
use crate::base::Steps;
use regex_lite::Regex;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What holes with a name took.
pub type Captures = BTreeMap<String, String>;

/// Ways of matching that are tried: a page of 600 lines against 300 lines of `...` takes 200,000.
const MOST_WAYS: u64 = 2_000_000;

/// Where output differs from what is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line of the expectation, from 0; one past the end where more came than expected.
    pub line: usize,
    /// What was expected there; none at the end.
    pub expected: Option<String>,
    /// What came; none at the end.
    pub got: Option<String>,
    /// A hole there that was captured before, and what it took then.
    pub bound: Option<(String, String)>,
}

impl Difference {
    /// One sentence.
    pub fn words(&self) -> String {
        let told = match (&self.expected, &self.got) {
            (Some(expected), Some(got)) => format!("expected `{expected}`, got `{got}`"),
            (Some(expected), None) => format!("expected `{expected}`, and nothing more came"),
            (None, Some(got)) => format!("`{got}` is more than expected"),
            (None, None) => "the output is another".into(),
        };
        match &self.bound {
            Some((name, value)) => format!("{told}; `{name}` was `{value}` before"),
            None => told,
        }
    }
}

/// Holds output against an expectation. Blanks at the ends of lines, and empty lines at the end, do not count.
pub fn compare(expected: &str, got: &str) -> Option<Difference> {
    matched(expected, got, &Captures::new()).err()
}

/// The same, where some holes are captured already; what is captured then.
///
/// # Errors
/// Where the output differs. An expectation of so many `...` and holes that two million ways do not decide differs, too.
pub fn matched(expected: &str, got: &str, known: &Captures) -> Result<Captures, Difference> {
    let expected: Vec<&str> = expected.trim_end().lines().map(str::trim_end).collect();
    let got: Vec<&str> = got.trim_end().lines().map(str::trim_end).collect();
    let steps = Steps::new(MOST_WAYS);
    // What was captured, in the order in which it was found; a state names one of these.
    let mut all = vec![known.clone()];
    // How many lines of the output the expectation so far can have taken, and what it captured on the way.
    let mut reach = BTreeSet::from([(0, 0)]);
    for (number, line) in expected.iter().enumerate() {
        let next = if line.trim() == "..." {
            skip(&reach, got.len(), &steps)
        } else {
            advance(line, &reach, &got, &mut all, &steps)
        };
        if next.is_empty() || steps.spent() {
            return Err(differs(number, line, &reach, &got, &all));
        }
        reach = next;
    }
    match reach.iter().find(|(at, _)| *at == got.len()) {
        Some((_, captured)) => Ok(all.swap_remove(*captured)),
        None => {
            let at = reach.last().map_or(0, |(at, _)| *at);
            let got = got.get(at).map(|line| (*line).to_owned());
            Err(Difference { line: expected.len(), expected: None, got, bound: None })
        }
    }
}

/// The states behind a line `...`.
fn skip(reach: &BTreeSet<(usize, usize)>, lines: usize, steps: &Steps) -> BTreeSet<(usize, usize)> {
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    for (at, captured) in reach {
        first.entry(*captured).or_insert(*at);
    }
    let states = first.into_iter().flat_map(|(captured, from)| (from..=lines).map(move |at| (at, captured)));
    states.filter(|_| steps.take(1)).take_while(|_| !steps.spent()).collect()
}

/// The states behind a line with text.
fn advance(
    line: &str,
    reach: &BTreeSet<(usize, usize)>,
    got: &[&str],
    all: &mut Vec<Captures>,
    steps: &Steps,
) -> BTreeSet<(usize, usize)> {
    let mut patterns: HashMap<usize, Pattern> = HashMap::new();
    let mut out = BTreeSet::new();
    for (at, captured) in reach {
        let Some(text) = got.get(*at) else { continue };
        steps.take(1);
        if steps.spent() {
            break;
        }
        let Some(known) = all.get(*captured) else { continue };
        let pattern = patterns.entry(*captured).or_insert_with(|| Pattern::new(line, known));
        let Some(taken) = pattern.matches(text) else { continue };
        let next = if taken.is_empty() {
            *captured
        } else {
            let mut with = known.clone();
            with.extend(taken);
            steps.take(all.len() as u64 / 8);
            all.iter().position(|old| *old == with).unwrap_or_else(|| {
                all.push(with);
                all.len() - 1
            })
        };
        out.insert((at + 1, next));
    }
    out
}

fn differs(
    number: usize,
    line: &str,
    reach: &BTreeSet<(usize, usize)>,
    got: &[&str],
    all: &[Captures],
) -> Difference {
    // What the longest way so far met there.
    let (at, captured) = reach.first().copied().unwrap_or_default();
    let got = got.get(at).map(|line| (*line).to_owned());
    let known = all.get(captured);
    let bound = holes::parts(line).into_iter().find_map(|part| match part {
        Part::Hole { name, .. } => known?.get(name).map(|value| (name.to_owned(), value.clone())),
        _ => None,
    });
    Difference { line: number, expected: Some(line.to_owned()), got, bound }
}

/// One line of an expectation.
enum Pattern {
    Plain(String),
    /// The names of its groups: a name that is there twice is taken twice.
    Holes(Regex, Vec<String>),
}

impl Pattern {
    fn new(line: &str, known: &Captures) -> Self {
        let parts = holes::parts(line);
        if parts.iter().all(|part| matches!(part, Part::Text(_) | Part::NoHole { .. })) {
            return Self::Plain(line.to_owned());
        }
        let mut pattern = String::from("^");
        let mut names = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) | Part::NoHole { text, .. } => pattern.push_str(&regex_lite::escape(text)),
                Part::Anything => pattern.push_str("(?:.*)"),
                Part::Hole { name, .. } if known.contains_key(name) => {
                    let value = known.get(name).map_or("", String::as_str);
                    pattern.push_str(&regex_lite::escape(value));
                }
                Part::Hole { name, of } => {
                    let takes = holes::find(of).map_or("", |of| of.takes);
                    let open = if name.is_empty() { "(?:" } else { "(" };
                    pattern.push_str(&format!("{open}{takes})"));
                    names.extend((!name.is_empty()).then(|| name.to_owned()));
                }
            }
        }
        pattern.push('$');
        match Regex::new(&pattern) {
            Ok(regex) => Self::Holes(regex, names),
            // Longer than the engine takes: nothing but the text itself is like it.
            Err(_) => Self::Plain(line.to_owned()),
        }
    }

    /// What its holes with names take of a line; none where that is another line.
    fn matches(&self, line: &str) -> Option<Captures> {
        match self {
            Self::Plain(plain) => (plain == line).then(Captures::new),
            Self::Holes(regex, names) => {
                let found = regex.captures(line)?;
                let mut out = Captures::new();
                for (number, name) in names.iter().enumerate() {
                    let value = found.get(number + 1)?.as_str();
                    let before = out.insert(name.clone(), value.to_owned());
                    if before.is_some_and(|before| before != value) {
                        return None;
                    }
                }
                Some(out)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_take_what_they_say() {
        let same = [
            ("a\nb", "a\nb\n\n"),
            ("a\n...\nd", "a\nb\nc\nd"),
            ("...", ""),
            ("a\n...", "a"),
            ("...\nb\n...\nb", "b\nx\nb\nb"),
            ("took [DURATION], [NUMBER] files", "took 1.25 s, 1,204 files"),
            ("at [TIME] by [UUID]", "at 2026-11-23T10:20:30.5Z by 01234567-89ab-cdef-0123-456789abcdef"),
            ("v[VERSION] ([HEX] [DATE])", "v1.2.3-rc.1 (f19cc72 2026-11-23)"),
            ("(a+b)*[..]", "(a+b)*c"),
        ];
        for (expected, got) in same {
            assert_eq!(compare(expected, got), None, "{expected}");
        }
        assert_eq!(compare("in [PATH]: [..]!", "in /tmp/x-y/z: no!"), None);
    }

    #[test]
    fn the_first_line_that_differs_is_told() {
        let told = |expected, got| compare(expected, got).map(|found| (found.line, found.words()));
        assert_eq!(told("a\nb", "a\nc"), Some((1, "expected `b`, got `c`".into())));
        assert_eq!(told("a\nb", "a"), Some((1, "expected `b`, and nothing more came".into())));
        assert_eq!(told("a", "a\nb"), Some((1, "`b` is more than expected".into())));
        assert_eq!(told("[NUMBER]", "x"), Some((0, "expected `[NUMBER]`, got `x`".into())));
        assert!(told("...\nend", "a\nb").is_some());
        // Many holes and long lines stay quick.
        let (expected, got) = ("...\na\n".repeat(300), "a\n".repeat(600));
        assert_eq!(compare(&expected, &got), None);
    }

    #[test]
    fn holes_with_names_are_captured_and_must_be_the_same_again() {
        let captured = |expected: &str, got: &str| {
            matched(expected, got, &Captures::new())
                .map(|found| {
                    found.into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>()
                })
                .map_err(|found| found.words())
        };
        assert_eq!(captured("n {{n:int}}\n...\nm {{m:word}}", "n 5\nx\nm a-b").unwrap(), ["m=a-b", "n=5"]);
        assert_eq!(captured("{{n:int}} {{n:int}}", "5 5").unwrap(), ["n=5"]);
        assert!(captured("{{n:int}} {{n:int}}", "5 6").is_err());
        assert_eq!(
            captured("{{n:int}}\nagain {{n:int}}", "5\nagain 6").unwrap_err(),
            "expected `again {{n:int}}`, got `again 6`; `n` was `5` before"
        );
        // The first line that fits is not always the right one.
        assert_eq!(captured("...\na {{n:int}}\n...\nb {{n:int}}", "a 1\na 2\nb 2").unwrap(), ["n=2"]);
        let known = Captures::from([("n".to_owned(), "5".to_owned())]);
        assert!(matched("{{n:int}}", "5", &known).is_ok() && matched("{{n:int}}", "6", &known).is_err());
        // What is not a hole stands for itself.
        assert_eq!(
            captured("{{ .x }} {{LD_PRELOAD:word}}", "{{ .x }} {{LD_PRELOAD:word}}").unwrap(),
            [""; 0]
        );
        // A hole that is full of what another expression would mean.
        assert!(matched("{{n:int}}", "a.c", &Captures::from([("n".into(), "a.c".into())])).is_ok());
        assert!(matched("{{n:int}}", "abc", &Captures::from([("n".into(), "a.c".into())])).is_err());
    }

    #[test]
    fn an_expectation_that_could_be_met_in_too_many_ways_ends() {
        let expected = "...\n{{a:word}}\n...\n{{b:word}}\n...\n{{c:word}}\nend";
        let got = (0..400).map(|n| format!("w{n}\n")).collect::<String>();
        assert!(compare(expected, &got).is_some());
    }
}
