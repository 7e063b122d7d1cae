//! Expected output with holes. A line `...` stands for any lines; `[..]` for anything within a line, as in Cargo's own
//! tests and trycmd; `[NUMBER]`, `[DATE]` and others for anything of their type.

use regex_lite::Regex;

/// Holes with a type, and what they take.
pub const TYPED: &[(&str, &str, &str)] = &[
    ("[NUMBER]", r"-?[0-9][0-9_,]*(?:\.[0-9]+)?", "a number: `12`, `1,024`, `0.5`"),
    ("[DATE]", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date: `2026-11-23`"),
    (
        "[TIME]",
        r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[T ])?[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?",
        "a time, with or without its date: `10:20:30Z`",
    ),
    ("[DURATION]", r"[0-9]+(?:\.[0-9]+)? ?(?:ns|µs|us|ms|s|m|min|h)", "a duration: `1.2 s`, `30ms`"),
    ("[UUID]", r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", "a UUID"),
    ("[HEX]", r"[0-9a-fA-F]{4,}", "four or more hexadecimal digits: a hash"),
    ("[VERSION]", r"[0-9]+\.[0-9]+(?:\.[0-9]+)?(?:[-+][0-9A-Za-z.-]+)?", "a version: `1.2.3`"),
    ("[PATH]", r"(?:[A-Za-z]:)?[^\s:]*[/\\][^\s:]*", "a path with a slash"),
];

/// Where output differs from what is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The line of the expectation, from 0; one past the end where more came than expected.
    pub line: usize,
    /// What was expected there; none at the end.
    pub expected: Option<String>,
    /// What came; none at the end.
    pub got: Option<String>,
}

impl Difference {
    /// One sentence.
    pub fn words(&self) -> String {
        match (&self.expected, &self.got) {
            (Some(expected), Some(got)) => format!("expected `{expected}`, got `{got}`"),
            (Some(expected), None) => format!("expected `{expected}`, and nothing more came"),
            (None, Some(got)) => format!("`{got}` is more than expected"),
            (None, None) => "the output is another".into(),
        }
    }
}

/// Holds output against an expectation. Blanks at the ends of lines, and empty lines at the end, do not count.
pub fn compare(expected: &str, got: &str) -> Option<Difference> {
    let expected: Vec<&str> = expected.trim_end().lines().map(str::trim_end).collect();
    let got: Vec<&str> = got.trim_end().lines().map(str::trim_end).collect();
    // `reach` holds how many lines of the output the expectation so far can have taken.
    let mut reach = vec![false; got.len() + 1];
    reach[0] = true;
    for (number, line) in expected.iter().enumerate() {
        let mut next = vec![false; got.len() + 1];
        if line.trim() == "..." {
            let first = reach.iter().position(|can| *can).unwrap_or(got.len());
            next[first..].fill(true);
        } else {
            let pattern = Pattern::new(line);
            for at in (0..got.len()).filter(|at| reach[*at]) {
                next[at + 1] |= pattern.matches(got[at]);
            }
        }
        if !next.contains(&true) {
            // What the longest way so far met there.
            let at = reach.iter().position(|can| *can).unwrap_or(0);
            let got = got.get(at).map(|line| (*line).to_owned());
            return Some(Difference { line: number, expected: Some((*line).to_owned()), got });
        }
        reach = next;
    }
    if reach[got.len()] {
        return None;
    }
    let at = reach.iter().rposition(|can| *can).unwrap_or(0);
    let got = got.get(at).map(|line| (*line).to_owned());
    Some(Difference { line: expected.len(), expected: None, got })
}

/// One line of an expectation.
enum Pattern<'e> {
    Plain(&'e str),
    Holes(Regex),
}

impl<'e> Pattern<'e> {
    fn new(line: &'e str) -> Self {
        let mut pattern = String::from("^");
        let mut rest = line;
        let mut holes = false;
        'line: while !rest.is_empty() {
            for (hole, takes) in std::iter::once(("[..]", ".*")).chain(TYPED.iter().map(|(h, t, _)| (*h, *t)))
            {
                if let Some(after) = rest.strip_prefix(hole) {
                    pattern.push_str("(?:");
                    pattern.push_str(takes);
                    pattern.push(')');
                    rest = after;
                    holes = true;
                    continue 'line;
                }
            }
            let next = rest.chars().next().map_or(1, char::len_utf8);
            pattern.push_str(&regex_lite::escape(&rest[..next]));
            rest = &rest[next..];
        }
        pattern.push('$');
        match Regex::new(&pattern) {
            Ok(regex) if holes => Self::Holes(regex),
            _ => Self::Plain(line),
        }
    }

    fn matches(&self, line: &str) -> bool {
        match self {
            Self::Plain(plain) => *plain == line,
            Self::Holes(regex) => regex.is_match(line),
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
}
