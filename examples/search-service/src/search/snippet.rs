//! The part of a text around the first match.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most characters of a snippet's text.
const LENGTH: usize = 160;

/// A part of a document's body, as plain text.
#[derive(Serialize, Deserialize, ToSchema, Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// At most 160 characters of the body.
    #[schema(example = "Write-ahead logging keeps readers and writers apart.")]
    pub text: String,
    /// Where the words occur.
    pub marks: Vec<Mark>,
}

/// One word that was searched for, in a snippet's text.
#[derive(Serialize, Deserialize, ToSchema, Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The first character, counted in Unicode code points from 0.
    #[schema(example = 0)]
    pub start: usize,
    /// The character after the last one.
    #[schema(example = 5)]
    pub end: usize,
}

/// Cuts a snippet that begins shortly before the first of the words.
pub fn snippet<'a>(body: &str, words: impl Iterator<Item = &'a str>) -> Snippet {
    let wanted: Vec<&str> = words.collect();
    let text: Vec<char> = body.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
    let found = matches(&text, &wanted);
    let begin = found.first().map_or(0, |mark| mark.start.saturating_sub(LENGTH / 4));
    // A snippet begins with a whole word.
    let begin = if begin == 0 {
        0
    } else {
        text[..begin].iter().rposition(|character| *character == ' ').map_or(begin, |space| space + 1)
    };
    let end = text.len().min(begin + LENGTH);
    let marks = found
        .iter()
        .filter(|mark| mark.start >= begin && mark.end <= end)
        .map(|mark| Mark { start: mark.start - begin, end: mark.end - begin })
        .collect();
    Snippet { text: text[begin..end].iter().collect(), marks }
}

fn matches(text: &[char], wanted: &[&str]) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut start = 0;
    for word in text.split(|character| !character.is_alphanumeric()) {
        let lower: String = word.iter().flat_map(|character| character.to_lowercase()).collect();
        if !word.is_empty() && wanted.contains(&lower.as_str()) {
            marks.push(Mark { start, end: start + word.len() });
        }
        start += word.len() + 1;
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_where_the_words_are_also_after_letters_of_many_bytes() {
        let body = format!("{} Größe zählt: INDEX\n\nund Index.", "vor ".repeat(100));
        let snippet = snippet(&body, ["index", "größe"].into_iter());
        let text: Vec<char> = snippet.text.chars().collect();
        let marked: Vec<String> =
            snippet.marks.iter().map(|mark| text[mark.start..mark.end].iter().collect()).collect();
        assert_eq!(marked, ["Größe", "INDEX", "Index"]);
        assert!(text.len() <= LENGTH && snippet.text.starts_with("vor "));
    }

    #[test]
    fn without_a_match_the_beginning_is_shown() {
        assert_eq!(snippet("a b", std::iter::once("z")), Snippet { text: "a b".into(), marks: vec![] });
        assert_eq!(snippet("", std::iter::once("z")).text, "");
    }
}
