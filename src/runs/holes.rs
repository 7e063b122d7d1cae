//! Holes in an expected output: the one table of their types, for `oathbook test` and `oathbook run`.
//!
//! A hole is written `{{name:type}}`, or `[TYPE]` where it needs no name: `{{:number}}` and `[NUMBER]` are the same.

/// A type of hole.
#[derive(Debug)]
pub struct HoleType {
    /// As in `{{name:int}}`; in capitals in brackets: `[INT]`.
    pub name: &'static str,
    /// What it takes, a regular expression without groups that capture.
    pub takes: &'static str,
    /// For the reference.
    pub about: &'static str,
}

const fn hole(name: &'static str, takes: &'static str, about: &'static str) -> HoleType {
    HoleType { name, takes, about }
}

/// All types of holes.
pub static TYPES: &[HoleType] = &[
    hole("int", r"-?[0-9]+", "a whole number: `12`, `-3`"),
    hole("number", r"-?[0-9][0-9_,]*(?:\.[0-9]+)?", "a number: `12`, `1,024`, `0.5`"),
    hole("word", r"\S+", "anything without a blank"),
    hole("hash", r"[0-9a-fA-F]{4,}", "four or more hexadecimal digits"),
    hole("hex", r"[0-9a-fA-F]{4,}", "the same as `hash`"),
    hole(
        "time",
        r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[T ])?[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?",
        "a time, with or without its date: `10:20:30Z`",
    ),
    hole("date", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date: `2026-11-23`"),
    hole("duration", r"[0-9]+(?:\.[0-9]+)? ?(?:ns|µs|us|ms|s|m|min|h)", "a duration: `1.2 s`, `30ms`"),
    hole("uuid", r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", "a UUID"),
    hole("version", r"[0-9]+\.[0-9]+(?:\.[0-9]+)?(?:[-+][0-9A-Za-z.-]+)?", "a version: `1.2.3`"),
    hole("path", r"(?:[A-Za-z]:)?[^\s:]*[/\\][^\s:]*", "a path with a slash"),
];

/// The type of that name.
pub fn find(name: &str) -> Option<&'static HoleType> {
    TYPES.iter().find(|one| one.name == name)
}

/// A part of a line of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'l> {
    /// As it stands.
    Text(&'l str),
    /// `[..]`: anything.
    Anything,
    /// A hole of a known type; its name is empty where it has none.
    Hole {
        /// What it is called.
        name: &'l str,
        /// The name of its type.
        of: &'static str,
    },
    /// Written like a hole, with a type or a name that there is not; stands for itself.
    NoHole {
        /// All of it.
        text: &'l str,
        /// The name.
        name: &'l str,
        /// The type.
        of: &'l str,
    },
}

/// Takes a line of an expectation apart.
pub fn parts(line: &str) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    let (mut rest, mut plain) = (line, 0);
    // `rest` ends where `line` ends, and `plain` of its bytes are text that was not yet told.
    while let Some(at) = rest.get(plain..).and_then(|ahead| ahead.find(['[', '{'])) {
        let at = plain + at;
        let (before, ahead) = rest.split_at(at);
        let Some((part, length)) = special(ahead) else {
            plain = at + 1;
            continue;
        };
        if !before.is_empty() {
            out.push(Part::Text(before));
        }
        out.push(part);
        (rest, plain) = (ahead.get(length..).unwrap_or(""), 0);
    }
    if !rest.is_empty() {
        out.push(Part::Text(rest));
    }
    out
}

/// What begins here and is no text, and its length.
fn special(text: &str) -> Option<(Part<'_>, usize)> {
    if text.starts_with("[..]") {
        return Some((Part::Anything, 4));
    }
    if let Some(inside) = text.strip_prefix('[') {
        let end = inside.find(']')?;
        let name = inside.get(..end).filter(|name| name.bytes().all(|byte| byte.is_ascii_uppercase()))?;
        let of = TYPES.iter().find(|one| one.name.eq_ignore_ascii_case(name))?;
        return Some((Part::Hole { name: "", of: of.name }, end + 2));
    }
    let inside = text.strip_prefix("{{")?;
    let end = inside.find("}}")?;
    let length = end + 4;
    let (name, of) = inside.get(..end)?.split_once(':')?;
    let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_word(name) || of.is_empty() || !is_word(of) {
        // `{{ .Values.a }}`, `{{a: b}}`: somebody else's.
        return None;
    }
    Some(match find(of) {
        Some(found) if name.is_empty() || is_capture(name) => (Part::Hole { name, of: found.name }, length),
        _ => (Part::NoHole { text: text.get(..length)?, name, of }, length),
    })
}

/// Whether a hole may have this name: `[a-z][a-z0-9_]*`, 64 characters at most.
pub fn is_capture(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a variable of this name would steer a shell or what it starts, although no capital is in it.
pub fn steers(name: &str) -> bool {
    // The lower-case variables of bash's manual, and the proxies that curl and others obey.
    matches!(name, "auto_resume" | "histchars") || name.ends_with("_proxy")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_told_from_what_only_looks_like_them() {
        let hole = |name, of| Part::Hole { name, of };
        assert_eq!(
            parts("a {{n:int}} b [NUMBER]{{:hash}}[..]"),
            [
                Part::Text("a "),
                hole("n", "int"),
                Part::Text(" b "),
                hole("", "number"),
                hole("", "hash"),
                Part::Anything
            ]
        );
        for text in
            ["{{ .Values.x }}", "{{a: int}}", "{{", "{{x", "[int]", "[FOO]", "[", "{{a}}", "{{:}}", "é{"]
        {
            assert_eq!(parts(text), [Part::Text(text)], "{text}");
        }
        for (name, of) in [("LD_PRELOAD", "word"), ("n", "integer"), ("9a", "int")] {
            let text = format!("{{{{{name}:{of}}}}}");
            assert_eq!(parts(&text), [Part::NoHole { text: &text, name, of }]);
        }
        assert!(parts("").is_empty());
    }

    #[test]
    fn a_name_that_steers_a_shell_is_known() {
        assert!(steers("http_proxy") && steers("histchars") && !steers("bytes"));
        assert!(is_capture("a_1") && !is_capture("A") && !is_capture("") && !is_capture("a-b"));
    }
}
