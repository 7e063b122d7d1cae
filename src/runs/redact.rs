//! Secrets in what a step wrote: found in plain, in base64, hexadecimal, URL-encoded and JSON form, and with blanks or line
//! ends in between, and replaced by their names.
//!
//! A step that encrypts, compresses or turns around a secret is not seen through; nothing could.

use aho_corasick::AhoCorasick;
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER};

/// The shortest secret, in bytes: a shorter one would be found in what is none.
pub const SHORTEST: usize = 8;

/// Secrets of a run, and how they are found.
pub struct Secrets {
    names: Vec<String>,
    /// One for each [`View`].
    needles: Vec<Option<Needles>>,
}

struct Needles {
    automaton: AhoCorasick,
    /// The secret of each pattern.
    of: Vec<usize>,
}

/// How a text is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    /// As it is.
    Plain,
    /// Without blanks and line ends.
    Joined,
    /// Without what separates hexadecimal digits, in small letters.
    Digits,
    /// With `%41` read as `A`.
    Decoded,
}

const VIEWS: [View; 4] = [View::Plain, View::Joined, View::Digits, View::Decoded];

impl Secrets {
    /// Of names and values.
    ///
    /// # Errors
    /// The name of a secret that is too short.
    pub fn new(all: &[(String, String)]) -> Result<Self, String> {
        if let Some((name, _)) = all.iter().find(|(_, value)| value.trim().len() < SHORTEST) {
            return Err(name.clone());
        }
        let mut patterns: Vec<(View, Vec<u8>, usize)> = Vec::new();
        for (number, (_, value)) in all.iter().enumerate() {
            for (view, needle) in needles(value) {
                patterns.push((view, needle, number));
            }
        }
        let of_view = |view: View| {
            let these: Vec<_> = patterns.iter().filter(|(of, ..)| *of == view).collect();
            let automaton = AhoCorasick::new(these.iter().map(|(_, needle, _)| needle)).ok()?;
            Some(Needles { automaton, of: these.iter().map(|(.., of)| *of).collect() })
        };
        let needles = VIEWS.into_iter().map(of_view).collect();
        Ok(Self { names: all.iter().map(|(name, _)| name.clone()).collect(), needles })
    }

    /// The first secret that a text holds.
    pub fn find(&self, text: &str) -> Option<&str> {
        self.ranges(text).first().and_then(|(_, _, secret)| self.names.get(*secret)).map(String::as_str)
    }

    /// A text with each secret replaced by `[redacted NAME]`.
    pub fn redact(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (start, end, secret) in self.ranges(text) {
            out.push_str(text.get(done..start).unwrap_or(""));
            out.push_str("[redacted ");
            out.push_str(self.names.get(secret).map_or("", String::as_str));
            out.push(']');
            done = end;
        }
        out.push_str(text.get(done..).unwrap_or(""));
        out
    }

    /// Where secrets stand: sorted, without overlaps, at borders of characters.
    fn ranges(&self, text: &str) -> Vec<(usize, usize, usize)> {
        let mut found = Vec::new();
        for (view, needles) in VIEWS.into_iter().zip(&self.needles) {
            let Some(needles) = needles.as_ref().filter(|needles| !needles.of.is_empty()) else { continue };
            let (bytes, places) = seen(text, view);
            for hit in needles.automaton.find_overlapping_iter(&bytes) {
                let start = places.get(hit.start()).map_or(0, |(start, _)| *start);
                let end = places.get(hit.end().saturating_sub(1)).map_or(text.len(), |(_, end)| *end);
                let secret = needles.of.get(hit.pattern().as_usize()).copied().unwrap_or(0);
                found.push((text.floor_char_boundary_at(start), text.ceil_char_boundary_at(end), secret));
            }
        }
        found.sort_unstable();
        let mut out: Vec<(usize, usize, usize)> = Vec::new();
        for (start, end, secret) in found {
            match out.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => out.push((start, end, secret)),
            }
        }
        out
    }
}

/// Borders of characters around a byte; the standard library's are not stable in the oldest compiler that is supported.
trait Borders {
    fn floor_char_boundary_at(&self, at: usize) -> usize;
    fn ceil_char_boundary_at(&self, at: usize) -> usize;
}

impl Borders for str {
    fn floor_char_boundary_at(&self, at: usize) -> usize {
        (0..=at.min(self.len())).rev().find(|at| self.is_char_boundary(*at)).unwrap_or(0)
    }

    fn ceil_char_boundary_at(&self, at: usize) -> usize {
        (at..self.len()).find(|at| self.is_char_boundary(*at)).unwrap_or(self.len())
    }
}

/// What is looked for, and in which view.
fn needles(value: &str) -> Vec<(View, Vec<u8>)> {
    let value = value.trim_end_matches(['\n', '\r']);
    let mut out = vec![(View::Plain, value.as_bytes().to_vec()), (View::Decoded, value.as_bytes().to_vec())];
    out.push((View::Decoded, value.replace(' ', "+").into_bytes()));
    if let Ok(quoted) = serde_json::to_string(value) {
        out.push((View::Plain, quoted.trim_matches('"').as_bytes().to_vec()));
    }
    // A key of several lines is shown a line at a time, too.
    out.extend(value.lines().map(|line| (View::Plain, line.trim().as_bytes().to_vec())));
    let joined: String = value.split_ascii_whitespace().collect();
    out.push((View::Joined, joined.into_bytes()));
    out.push((View::Digits, HEXLOWER.encode(value.as_bytes()).into_bytes()));
    for before in 0..3 {
        for encoding in [BASE64_NOPAD, BASE64URL_NOPAD] {
            let mut bytes = vec![0; before];
            bytes.extend(value.bytes());
            // Only the digits that the secret alone decides.
            let encoded = encoding.encode(&bytes).into_bytes();
            let (first, last) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
            out.push((View::Joined, encoded.get(first..last).unwrap_or_default().to_vec()));
        }
    }
    out.retain(|(_, needle)| needle.len() >= SHORTEST);
    out
}

/// A text in a view, with the range of the text that each byte stands for.
fn seen(text: &str, view: View) -> (Vec<u8>, Vec<(usize, usize)>) {
    let bytes = text.as_bytes();
    let (mut out, mut places) = (Vec::with_capacity(bytes.len()), Vec::with_capacity(bytes.len()));
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let (shown, length) = match view {
            View::Plain => (Some(byte), 1),
            View::Joined => (Some(byte).filter(|byte| !byte.is_ascii_whitespace()), 1),
            View::Digits => match bytes.get(at..at + 2) {
                Some(b"\\x" | b"0x") => (None, 2),
                _ => {
                    let between = byte.is_ascii_whitespace() || b":,-".contains(&byte);
                    ((!between).then(|| byte.to_ascii_lowercase()), 1)
                }
            },
            View::Decoded => match escaped(bytes, at) {
                Some(byte) => (Some(byte), 3),
                None => (Some(byte), 1),
            },
        };
        if let Some(shown) = shown {
            out.push(shown);
            places.push((at, at + length));
        }
        at += length;
    }
    (out, places)
}

fn escaped(bytes: &[u8], at: usize) -> Option<u8> {
    let digits = bytes.get(at..at + 3).filter(|three| three.starts_with(b"%"))?.get(1..)?;
    let digits =
        std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "hunter2/Grüße+42";

    fn secrets() -> Secrets {
        Secrets::new(&[("KEY".into(), SECRET.into()), ("OTHER".into(), "correct horse battery".into())])
            .unwrap()
    }

    #[test]
    fn a_secret_is_found_in_every_form_that_tools_print() {
        let forms = [
            "hunter2/Grüße+42",
            "hunter2/Gr\nüße+42",
            "h u n t e r 2 / G r ü ß e + 4 2",
            // printf %s "$KEY" | base64; with one and two bytes before it; and for URLs.
            "aHVudGVyMi9HcsO8w59lKzQy",
            "eGh1bnRlcjIvR3LDvMOfZSs0Mg==",
            "eHhodW50ZXIyL0dyw7zDn2UrNDI=",
            "aHVudGVyMi9Hc\nsO8w59lKzQy",
            // xxd -p; with capitals; in pairs; as escapes.
            "68756e746572322f4772c3bcc39f652b3432",
            "68756E746572322F4772C3BCC39F652B3432",
            "68:75:6e:74:65:72:32:2f:47:72:c3:bc:c3:9f:65:2b:34:32",
            "\\x68\\x75\\x6e\\x74\\x65\\x72\\x32\\x2f\\x47\\x72\\xc3\\xbc\\xc3\\x9f\\x65\\x2b\\x34\\x32",
            "hunter2%2FGr%C3%BC%C3%9Fe%2B42",
            "hunter2%2fGr%c3%bc%c3%9fe+42",
            "%68%75%6E%74%65%72%32%2F%47%72%C3%BC%C3%9F%65%2B%34%32",
        ];
        for form in forms {
            let text = format!("before {form} behind");
            assert_eq!(secrets().find(&text), Some("KEY"), "{form}");
            let redacted = secrets().redact(&text);
            assert!(redacted.contains("[redacted KEY]") && !redacted.contains(form), "{form}: {redacted}");
        }
        for form in ["correct+horse+battery", "correct%20horse%20battery", "correcthorsebattery"] {
            assert_eq!(secrets().find(form), Some("OTHER"), "{form}");
        }
        assert_eq!(secrets().redact("nothing: hunter2, Grüße"), "nothing: hunter2, Grüße");
    }

    #[test]
    fn what_stands_around_a_secret_is_kept() {
        let text = format!("a\n{SECRET} b {SECRET}\nü");
        assert_eq!(secrets().redact(&text), "a\n[redacted KEY] b [redacted KEY]\nü");
        assert!(Secrets::new(&[]).unwrap().find("x").is_none());
    }

    #[test]
    fn each_line_of_a_key_is_a_secret() {
        let key = "-----BEGIN KEY-----\nAAAAB3NzaC1yc2E\nQQEAvJ8\n-----END KEY-----\n";
        let secrets = Secrets::new(&[("PEM".into(), key.into())]).unwrap();
        assert_eq!(secrets.redact("x AAAAB3NzaC1yc2E y"), "x [redacted PEM] y");
    }

    #[test]
    fn a_short_secret_is_refused() {
        assert_eq!(Secrets::new(&[("PIN".into(), "1234567".into())]).err().as_deref(), Some("PIN"));
        assert_eq!(Secrets::new(&[("PIN".into(), "       1".into())]).err().as_deref(), Some("PIN"));
    }
}
