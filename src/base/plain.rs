//! Names and texts of strangers, as they may be shown.
//!
//! A file name, a link's text, a heading, a key or a line of code can hold control characters (a terminal obeys them),
//! line breaks (whoever reads a log takes the rest for a line of ours), bidirectional overrides (what is read is not
//! what is there) and the commands of forges: GitHub and Azure Pipelines obey `::add-mask::…` at the beginning of a line
//! and `##[group]…` or `##vso[…]` anywhere in it. Every form of output shows such texts through one of the functions
//! here, which are one rule in three dressings:
//!
//! - [`plain`] for a piece of a line,
//! - [`plain_line`] for a whole line,
//! - [`plain_json`] for JSON, in which nothing is lost.

use std::borrow::Cow;

/// Shown for what has no picture of its own.
const NOT_SHOWN: char = '\u{fffd}';

/// A text as a piece of one line that does nothing to who shows it: control characters become their pictures (`␛`, `␊`;
/// Unicode's block "Control Pictures"), a tab a blank, and everything else that acts or cannot be seen becomes `�`. One
/// character for one, so that columns hold.
pub fn plain(text: &str) -> Cow<'_, str> {
    // Nearly all texts are what they look like.
    let suspect = |(at, c): (usize, char)| pictured(c).is_some() || is_command(text, at, c);
    if !text.char_indices().any(suspect) {
        return Cow::Borrowed(text);
    }
    let shown = |(at, c)| if is_command(text, at, c) { NOT_SHOWN } else { pictured(c).unwrap_or(c) };
    Cow::Owned(text.char_indices().map(shown).collect())
}

/// The same for a whole line, which forges obey if it begins with `::`, blanks before it or not.
pub fn plain_line(line: &str) -> Cow<'_, str> {
    let shown = plain(line);
    let blank = shown.len() - shown.trim_start().len();
    match shown.get(blank..) {
        Some(rest) if rest.starts_with("::") => {
            let (lead, rest) = shown.split_at(blank);
            Cow::Owned(format!("{lead}{NOT_SHOWN}{}", rest.get(1..).unwrap_or_default()))
        }
        _ => shown,
    }
}

/// JSON in which the same characters are escapes (`\u202e`): whoever parses it gets them as they are, whoever shows it
/// as text shows nothing of them. Outside of strings JSON has none of them but line breaks, which stay.
pub fn plain_json(json: &str) -> Cow<'_, str> {
    let suspect = |at: usize, c: char| c != '\n' && (pictured(c).is_some() || is_command(json, at, c));
    if !json.char_indices().any(|(at, c)| suspect(at, c)) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 32);
    for (at, c) in json.char_indices() {
        if suspect(at, c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// What is shown for a character that acts or cannot be seen; none for all others.
fn pictured(c: char) -> Option<char> {
    match c {
        '\t' => Some(' '),
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        c if c.is_control() || is_unseen(c) => Some(NOT_SHOWN),
        _ => None,
    }
}

/// Characters without a look of their own that change how others are read, or hide in names: marks and overrides of
/// direction (UAX 9), separators of lines and paragraphs, blanks without width, annotations, tags, and what is no
/// character. The joiners U+200C and U+200D stay: Persian and emoji are written with them.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{fffe}'
            | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Whether this is the second `#` of `##[` or `##word[`.
fn is_command(text: &str, at: usize, c: char) -> bool {
    c == '#'
        && text.get(..at).is_some_and(|before| before.ends_with('#'))
        && text
            .get(at + 1..)
            .is_some_and(|rest| rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('['))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_or_hides_is_shown_as_a_picture_and_all_else_stays() {
        assert_eq!(plain("a\n::add-mask::e.md"), "a␊::add-mask::e.md");
        assert_eq!(plain("c\x1b[31mRED\r\u{7f}\u{9b}2J\u{85}"), "c␛[31mRED␍␡�2J�");
        assert_eq!(plain("user\u{202e}gpj.exe\u{2066}\u{2069}\u{200f}\u{2028}"), "user�gpj.exe����");
        assert_eq!(plain("\tif\u{feff} x\u{200b}"), " if� x�");
        for text in
            ["a/b.md", "größe · ½ 日本", "שלום", "👩\u{200d}👧", "می\u{200c}خواهم", "C# and F##, #[cfg]"]
        {
            assert!(matches!(plain(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn columns_hold() {
        for text in ["a\tb\x1bc", "##[group]x", "x\u{202e}y\u{e0041}z"] {
            assert_eq!(plain(text).chars().count(), text.chars().count(), "{text}");
        }
    }

    #[test]
    fn no_forge_obeys_a_line() {
        assert_eq!(plain_line("::error::x"), "�:error::x");
        assert_eq!(plain_line(" \t::set-output name=a::b"), "  �:set-output name=a::b");
        assert_eq!(plain_line("std::fs::read"), "std::fs::read");
        assert_eq!(
            plain("x ##[add-mask]y ##vso[task.setvariable]z"),
            "x #�[add-mask]y #�vso[task.setvariable]z"
        );
        assert_eq!(plain("###teamcity["), "##�teamcity[");
        assert_eq!(plain("## [x] ##1["), "## [x] ##1[");
    }

    #[test]
    fn json_says_the_same_without_showing_it() {
        let text = "a\u{202e}b\u{9b}c\u{7f} ##[group] \u{e0041}\n\x1b";
        let written = serde_json::json!({ "name": text, text: 1 });
        let shown = format!("{written:#}");
        let shown = plain_json(&shown);
        assert!(shown.contains("\\u202e") && shown.contains("#\\u0023["), "{shown}");
        assert_eq!(plain(&shown.replace('\n', "")), shown.replace('\n', ""));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), written);
        assert!(matches!(plain_json("{\n  \"a\": \"ü#\"\n}"), Cow::Borrowed(_)));
    }
}
