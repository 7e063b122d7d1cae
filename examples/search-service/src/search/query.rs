//! The words that somebody searches for.

/// Whether all words must occur, or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// All.
    All,
    /// Any.
    Any,
}

/// Words and phrases, in lower case, letters and digits only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Each a word, or the words of a phrase.
    pub wanted: Vec<Vec<String>>,
    /// What must not occur.
    pub unwanted: Vec<Vec<String>>,
}

/// More words than these are left out: a database takes long over them, and nobody types them.
const MOST_TERMS: usize = 32;

impl Terms {
    /// Reads `word`, `"a phrase"`, `-word` and `-"a phrase"`. A word with signs in it (`utf-8`) is a phrase.
    pub fn parse(text: &str) -> Self {
        let mut terms = Self::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() && terms.wanted.len() + terms.unwanted.len() < MOST_TERMS {
            let unwanted = rest.strip_prefix('-');
            let begin = unwanted.unwrap_or(rest);
            let (raw, after) = match begin.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => begin.split_once(char::is_whitespace).unwrap_or((begin, "")),
            };
            let words = words(raw);
            if !words.is_empty() {
                if unwanted.is_some() { &mut terms.unwanted } else { &mut terms.wanted }.push(words);
            }
            rest = after.trim_start();
        }
        terms
    }

    /// The wanted words, one by one.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.wanted.iter().flatten().map(String::as_str)
    }
}

/// The words of a text, in lower case.
pub fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_phrases_and_what_must_not_occur_are_told_apart() {
        let terms = Terms::parse("  Index -slow \"full text\" utf-8 -\"by hand\" \" \" - \"open end");
        assert_eq!(
            terms.wanted,
            [vec!["index"], vec!["full", "text"], vec!["utf", "8"], vec!["open", "end"]]
        );
        assert_eq!(terms.unwanted, [vec!["slow"], vec!["by", "hand"]]);
    }

    #[test]
    fn nothing_but_signs_is_no_term() {
        assert_eq!(
            Terms::parse("\"*\" ' OR ^ ("),
            Terms { wanted: vec![vec!["or".into()]], unwanted: vec![] }
        );
        assert_eq!(Terms::parse("x ".repeat(100).as_str()).wanted.len(), 32);
    }
}
