//! The stand-in for a language model: it quotes the sentence that shares the most words with the question.

use super::{LanguageModel, ModelError, Prompt};
use crate::search::query;
use std::collections::BTreeSet;
use std::future::{Future, ready};
use std::pin::Pin;

/// Answers by quoting. The same question gets the same answer, everywhere and without a network.
#[derive(Debug, Default)]
pub struct Extract;

impl LanguageModel for Extract {
    fn name(&self) -> &str {
        "extract"
    }

    fn answer<'a>(
        &'a self,
        prompt: Prompt<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Option<String>, ModelError>> + Send + 'a>> {
        Box::pin(ready(Ok(best_sentence(&prompt))))
    }
}

/// Words of fewer letters say little: articles, prepositions, `is`, `why`.
const SHORT: usize = 4;

fn best_sentence(prompt: &Prompt<'_>) -> Option<String> {
    let wanted: BTreeSet<String> = significant(prompt.question).collect();
    let mut best: Option<(usize, &str)> = None;
    for sentence in prompt.sources.iter().flat_map(|source| source.body.split_inclusive(['.', '!', '?'])) {
        let shared = significant(sentence).collect::<BTreeSet<_>>().intersection(&wanted).count();
        // The first of equals: it comes from the better document.
        if shared > best.map_or(0, |(most, _)| most) {
            best = Some((shared, sentence.trim()));
        }
    }
    best.map(|(_, sentence)| sentence.to_owned())
}

pub(super) fn is_significant(word: &str) -> bool {
    word.chars().count() >= SHORT
}

fn significant(text: &str) -> impl Iterator<Item = String> {
    query::words(text).into_iter().filter(|word| is_significant(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::Document;
    use chrono::DateTime;

    #[test]
    fn the_sentence_with_the_most_words_of_the_question_is_quoted() {
        let source = Document {
            id: "a".into(),
            title: "A".into(),
            body: "Pools are open. A pool without limit grows without end! Nothing else.".into(),
            category: "x".into(),
            language: "en".into(),
            tags: vec![],
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        let ask = |question| best_sentence(&Prompt { question, sources: std::slice::from_ref(&source) });
        assert_eq!(ask("Which pool has no limit?").unwrap(), "A pool without limit grows without end!");
        assert_eq!(ask("Who is it?"), None);
    }
}
